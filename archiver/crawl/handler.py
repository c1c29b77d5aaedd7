"""The wire handler: Scrapy's HTTP/1.1 download handler with every exchange kept byte by byte.

The crawler carries two attributes for it, set before the first download:

- `crawler.archive`, a `Sink`, gets an `Exchange` for every request that went over a wire:
  redirects, robots.txt, retries and broken answers included.
- `crawler.addresses`, an `AddressPolicy`, says which addresses may be connected to; without it
  only public ones are. It holds on every hop; an operator's proxy is exempt, but what a proxy is
  asked for is judged as far as it can be without DNS.

`request.meta["capture_id"]` names the exchange of the answer, or of the last failed attempt; it
is absent when nothing was sent. `meta["via"]` and `meta["hops"]` go into the archive; where
Scrapy followed a redirect, via is the page that redirected and hops gain an "R".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol, cast
from urllib.parse import urldefrag, urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    StopDownload,
)
from scrapy.http import Headers, Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.web.client import Agent

from archiver.crawl.addresses import AddressPolicy, AddressRefused
from archiver.crawl.wire import Attempts, Context
from archiver.crawl.wire_guard import Guard, GuardedReactor
from archiver.crawl.wire_protocol import PoolForOneRequest, TappedPool
from archiver.model import Exchange, Truncated, Url
from pipelines.warc.records import record_ids

__all__ = ["AddressRefused", "Sink", "WireHandler"]


class Sink(Protocol):
    """Where exchanges go; called in the reactor's thread, must not wait for a disk."""

    def record(self, exchange: Exchange) -> object:
        """Take an exchange over."""


def _now() -> datetime:
    # WARC-Date and the tables keep milliseconds; one value everywhere.
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class WireHandler(HTTP11DownloadHandler):
    """Downloads as Scrapy does and hands every exchange to `crawler.archive`."""

    def __init__(
        self,
        crawler: Crawler,
        *,
        clock: Callable[[], datetime] = _now,
        new_id: Callable[[], str] | None = None,
    ) -> None:
        super().__init__(crawler)
        from twisted.internet import reactor

        self._clock, self._new_id = clock, new_id or record_ids()
        pool = TappedPool(reactor, persistent=True)  # type: ignore[no-untyped-call]
        pool.maxPersistentPerHost = self._pool.maxPersistentPerHost
        self._pool = self._tapped_pool = pool

    async def download_request(self, request: Request) -> Response:
        """The answer, as Scrapy knows it, once its exchange is in the archive's hands.

        Raises:
            AddressRefused: the host has no address that is allowed.
        """
        request.meta.pop("capture_id", None)  # a copy of an earlier request may carry one
        attempts = Attempts(self._clock, self._new_id)
        guard = Guard(self._policy)
        failure: BaseException | None = None
        response: Response | None = None
        try:
            response = await self._download(request, attempts, guard)
            return response
        except BaseException as error:
            failure = error
            raise
        finally:
            self._hand_over(request, attempts, response, failure)

    @property
    def _policy(self) -> AddressPolicy:
        return getattr(self._crawler, "addresses", None) or AddressPolicy(())

    async def _download(self, request: Request, attempts: Attempts, guard: Guard) -> Response:
        if request.meta.get("proxy") and self._policy.forbids_url(request.url):
            host = urlsplit(request.url).hostname or ""
            raise AddressRefused(host, host)
        agent = _TappedAgent(
            attempts,
            guard,
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._tapped_pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        try:
            with wrap_twisted_exceptions():
                return await maybe_deferred_to_future(agent.download_request(request))
        except CannotResolveHostError as error:
            if guard.refused is not None:
                raise guard.refused from error
            raise

    def _hand_over(
        self,
        request: Request,
        attempts: Attempts,
        response: Response | None,
        failure: BaseException | None,
    ) -> None:
        context = _context(request)
        reason = _reason(response, failure)
        error = f"{type(failure).__name__}: {failure}" if failure is not None else None
        sink: Sink = self._crawler.archive  # type: ignore[attr-defined]
        for tap in attempts.taps:
            is_last = tap is attempts.taps[-1]
            tap.cut(reason if is_last else Truncated.DISCONNECT)
            if not tap.was_sent and not tap.received:
                continue  # TLS failed: not a byte of HTTP crossed the wire
            stale = None if is_last else "the kept connection was closed; sent again"
            sink.record(tap.exchange(context, error if is_last else stale))
            request.meta["capture_id"] = tap.capture_id


class _TappedAgent(_ScrapyAgent):
    """Scrapy's agent of one request, over tapped connections to allowed addresses."""

    def __init__(self, attempts: Attempts, guard: Guard, **options: Any) -> None:
        super().__init__(**options)
        self._attempts, self._guard = attempts, guard

    @staticmethod
    def _headers_from_twisted_response(response: Any) -> Headers:
        # Scrapy asks twice, for a signal and for the response.
        if not hasattr(response, "scrapy_headers"):
            response.scrapy_headers = _ScrapyAgent._headers_from_twisted_response(response)
        headers: Headers = response.scrapy_headers
        return headers

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        agent: Any = super()._get_agent(request, timeout)
        agent._pool = PoolForOneRequest(agent._pool, self._attempts)
        if not request.meta.get("proxy"):
            # The proxy's own address is the operator's choice.
            factory = agent._endpointFactory
            factory._reactor = GuardedReactor(factory._reactor, self._guard)
        return cast("Agent", agent)


def _context(request: Request) -> Context:
    meta = request.meta
    redirected = meta.get("redirect_urls") or ()
    via = redirected[-1] if redirected else meta.get("via")
    return Context(
        url=Url(urldefrag(request.url)[0]),
        method=request.method,
        via=str(via) if via else None,
        hops_from_seed=str(meta.get("hops") or "") + "R" * len(redirected),
        is_proxied=bool(meta.get("proxy")),
    )


def _reason(response: Response | None, failure: BaseException | None) -> Truncated:
    """Why an answer that is not whole ends where it does, unless the peer left."""
    if isinstance(failure, DownloadTimeoutError):
        return Truncated.TIME
    was_stopped = response is not None and "download_stopped" in response.flags
    if was_stopped or isinstance(failure, DownloadCancelledError | StopDownload):
        return Truncated.LENGTH
    return Truncated.UNSPECIFIED
