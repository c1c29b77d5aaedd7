"""Scrapy's scheduler on the gate: a request exists only from its lease to its answer."""

from __future__ import annotations

from typing import Any, Protocol

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import CallLaterResult, call_later, create_looping_call

from archiver.crawl.gate import Gate
from archiver.crawl.ledger import Lease
from archiver.errors import StorageFailed
from archiver.model import Follow, Role, Url

_COMMIT_EVERY_S = 0.25


class GatedSpider(Protocol):
    """What the scheduler needs of a spider: its gate, and where answers and failures go.

    `request.meta["lease"]` tells both what they answer.
    """

    gate: Gate

    def parse(self, response: Any) -> Any:
        """Take a response."""

    def failed(self, failure: Any) -> Any:
        """Take a failed download."""

    def stop(self, failure: StorageFailed) -> None:
        """End the crawl, because nothing can be kept any more."""


class LedgerScheduler(BaseScheduler):
    """Hands the engine what the gate lends, and wakes it when a wait is over."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._spider: Any = None
        self._timer: CallLaterResult | None = None
        self._timer_at = 0.0
        self._commits: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LedgerScheduler:
        """The scheduler of one crawl."""
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        """Take the spider's gate; from now on its changes wake the engine and are committed."""
        self._spider = spider
        self._gate.on_change = self._arm
        self._commits = create_looping_call(self._commit)
        self._commits.start(_COMMIT_EVERY_S, now=False)

    def close(self, reason: str) -> None:
        """Stop the timers and commit; what still waits stays in the ledger for a later run."""
        self._disarm()
        if self._commits is not None and self._commits.running:
            self._commits.stop()
        try:
            self._gate.state.commit()
        except StorageFailed as failure:
            self._spider.stop(failure)

    def _commit(self) -> None:
        try:
            self._gate.state.commit_if_due()
        except StorageFailed as failure:
            self._spider.stop(failure)

    @property
    def _gate(self) -> Gate:
        gate: Gate = self._spider.gate
        return gate

    def has_pending_requests(self) -> bool:
        """Whether URLs wait, due or not: the engine stays alive for them."""
        return self._gate.has_work

    def enqueue_request(self, request: Request) -> bool:
        """Put a request's URL into the ledger; False when it was there or is refused.

        Only its URL counts, with `meta["role"]` if given: the spider names links to the gate and
        yields no requests.
        """
        role = Role(request.meta.get("role", Role.OTHER))
        lease = request.meta.get("lease")
        return self._gate.discover([Follow(url=Url(request.url), role=role)], lease) > 0

    def next_request(self) -> Request | None:
        """A request for the next lease; None, with a timer set, when nothing may be asked now."""
        try:
            lease = self._gate.lease()
        except StorageFailed as failure:
            self._spider.stop(failure)
            return None
        if lease is None:
            self._arm()
            return None
        return self._request(lease)

    def _request(self, lease: Lease) -> Request:
        headers = {"Referer": lease.via} if _may_tell(lease) else None
        return Request(
            lease.url,
            callback=self._spider.parse,
            errback=self._spider.failed,
            headers=headers,
            dont_filter=True,
            meta={
                "lease": lease,
                "url_key": lease.url,
                "role": lease.role.value,
                "via": lease.via,
                "hops": lease.hops,
                "depth": lease.depth,
                # Every answer is archived and judged by the gate, redirects and errors included.
                "handle_httpstatus_all": True,
                "dont_redirect": True,
                "dont_retry": True,
                "dont_obey_robotstxt": True,
            },
        )

    def _arm(self) -> None:
        """See to it that the engine asks again when the next URL may be lent out."""
        at = self._gate.wake_at() if self._gate.has_work else None
        if at is None or (self._timer is not None and self._timer_at <= at):
            return
        self._disarm()
        self._timer_at = at
        self._timer = call_later(max(0.0, at - self._gate.now()), self._wake)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wake(self) -> None:
        self._timer = None
        # Scrapy has no public way to say "ask the scheduler again"; its own heartbeat of five
        # seconds would stretch every wait.
        slot = self._crawler.engine._slot if self._crawler.engine is not None else None
        if slot is not None:
            slot.nextcall.schedule()


def _may_tell(lease: Lease) -> bool:
    """Whether the page a URL stood on is named to its server, as a browser would.

    Source: Referrer Policy, strict-origin-when-cross-origin: never from https down to http.
    """
    if lease.via is None or lease.is_robots:
        return False
    return lease.via.startswith("http://") or lease.url.startswith("https://")
