"""The one spider: asks for what the gate lends, reads what comes back, hands both on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archiver.config import Politeness, plan_for
from archiver.crawl.answers import answer_of, answer_of_failure
from archiver.crawl.gate import Gate
from archiver.crawl.ledger import Lease
from archiver.crawl.retry import Answer
from archiver.crawl.session import Session
from archiver.crawl.visit import Visit
from archiver.errors import StorageFailed


class BlogSpider(Spider):
    """Crawls one blog; full crawl and refresh differ only in seeds.

    `scrapy crawl blog -a url=https://… [-a output=DIR] [-a delay=S]` opens a session of its own,
    which `archiver.jobs.standalone` publishes; jobs pass theirs and publish themselves.
    """

    name = "blog"

    def __init__(self, session: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> BlogSpider:
        """The spider with its session, which the crawl's other parts find at the crawler.

        Raises:
            ConfigError: neither a session nor a usable `url` was given.
        """
        session = kwargs.pop("session", None)
        if session is None:
            plan = plan_for(
                kwargs.pop("url", ""),
                Path(kwargs.pop("output", "output")),
                politeness=Politeness(delay_s=float(kwargs.pop("delay", 1.0))),
            )
            session = Session.open(plan)
            session.is_own = True
        session.attach(crawler)
        return super().from_crawler(crawler, session, *args, **kwargs)

    @property
    def gate(self) -> Gate:
        """Where requests come from and answers go."""
        return self.session.gate

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: the scheduler takes its requests from the gate."""
        nothing: tuple[Any, ...] = ()
        for request in nothing:
            yield request

    # Lists, not generators: Scrapy looks at the source of a generator for each response.
    def parse(self, response: Response, **_: Any) -> list[Visit]:
        """What one answer shows."""
        request = response.request
        assert request is not None  # noqa: S101 - Scrapy sets it on every downloaded response
        return self._visits(request, answer_of(response, request, now=self.gate.now()))

    def failed(self, failure: Failure) -> list[Visit]:
        """What a download that failed comes to."""
        request: Request = failure.request  # type: ignore[attr-defined]
        fault = failure.value or RuntimeError("a failure without a reason")
        return self._visits(request, answer_of_failure(fault, request, now=self.gate.now()))

    def stop(self, failure: StorageFailed) -> None:
        """End the crawl, because nothing can be kept any more; it stays resumable."""
        self.session.stop(failure)

    def _visits(self, request: Request, answer: Answer) -> list[Visit]:
        """The visit; none when the disk refuses, which stops the crawl."""
        lease: Lease = request.meta["lease"]
        try:
            return [self.session.visit(lease, answer, request.meta.get("capture_id"))]
        except StorageFailed as failure:
            self.stop(failure)
            return []
