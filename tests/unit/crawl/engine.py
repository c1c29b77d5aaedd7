"""Scrapy's own engine over a web without sockets: a scenario in, what was asked as JSON out.

Run as a program, since a reactor cannot be started twice: `python -m … SCENARIO FOLDER`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from scrapy import Request, Spider
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import DownloadConnectionRefusedError
from scrapy.http import Response

from archiver.config import Budget, CrawlPlan, Politeness
from archiver.crawl.answers import answer_of, answer_of_failure
from archiver.crawl.gate import Gate, Rules, steady_clock
from archiver.crawl.ledger import UrlState
from archiver.crawl.retry import Fault, RetryPolicy
from archiver.model import CaptureId, Extraction, Follow, PageKind, Role, Url
from pipelines.state import CrawlState
from tests.unit.crawl.world import Reply, blank, plan_for

HOME = "http://anna.example/"
OFTEN = Rules(retries=RetryPolicy(first_wait_s=0.05), random=Random(1))


class Served:
    """The pages of a scenario and the log of what was asked."""

    def __init__(self, pages: dict[str, list[Reply]]) -> None:
        self.pages = pages
        self.asked: list[tuple[float, str, str | None]] = []

    def reply(self, url: str, referer: str | None) -> Reply:
        """The next reply for a URL; the last one is repeated."""
        self.asked.append((time.monotonic(), url, referer))
        replies = self.pages.get(url)
        if not replies:
            return blank(url, 0.0)
        return replies.pop(0) if len(replies) > 1 else replies[0]


class ServedHandler(BaseDownloadHandler):
    """Downloads from the scenario."""

    async def download_request(self, request: Request) -> Response:
        served: Served = self.crawler.spider.served  # type: ignore[union-attr]
        request.meta["sent_at"] = self.crawler.spider.gate.now()  # type: ignore[union-attr]
        referer = request.headers.get("Referer")
        reply = served.reply(request.url, referer.decode() if referer else None)
        await asyncio.sleep(0.01)
        if reply.fault is not None:
            raise DownloadConnectionRefusedError("nobody listens")
        headers = {
            name: value
            for name, value in (("Location", reply.location), ("Retry-After", reply.retry_after))
            if value is not None
        }
        request.meta["links"] = reply.links
        return Response(request.url, status=reply.status, headers=headers, body=reply.body)


class ServedSpider(Spider):
    """Does with the gate what the archiver's spider does."""

    name = "served"

    def __init__(self, gate: Gate, served: Served) -> None:
        super().__init__()
        self.gate, self.served = gate, served
        self._ids = count(1)

    async def start(self) -> AsyncIterator[Any]:
        self.gate.seed(self.gate.plan.seeds)
        requests: tuple[Request, ...] = ()  # the scheduler makes them
        for request in requests:
            yield request

    def parse(self, response: Response) -> None:
        request = response.request
        assert request is not None
        lease = request.meta["lease"]
        outcome = self.gate.answer(lease, answer_of(response, request, now=self.gate.now()))
        if outcome.state is UrlState.CAPTURED and not lease.is_robots:
            follow = tuple(Follow(url=Url(u), role=role) for u, role in request.meta["links"])
            page = Extraction(
                page_kind=PageKind.OTHER, extractor="served", confidence=1.0, follow=follow
            )
            self.gate.learn(lease, page)
        self.gate.settle(lease, outcome, CaptureId(f"capture-{next(self._ids)}"))

    def failed(self, failure: Any) -> None:
        request = failure.request
        lease = request.meta["lease"]
        answer = answer_of_failure(failure.value, request, now=self.gate.now())
        self.gate.settle(lease, self.gate.answer(lease, answer))


def pages(n: int) -> dict[str, list[Reply]]:
    """A front page with n posts."""
    posts = [f"{HOME}{i}.html" for i in range(n)]
    front = Reply(links=tuple((url, Role.POST) for url in posts))
    return {HOME: [front]} | {url: [Reply()] for url in posts}


def scenario(name: str, folder: Path) -> tuple[dict[str, list[Reply]], CrawlPlan, Rules]:
    """Pages, plan and rules of a named scenario."""
    web, rules = pages(6), OFTEN
    plan = plan_for(HOME, output=folder, politeness=Politeness(delay_s=0.1))
    match name:
        case "retry-after":
            web[f"{HOME}0.html"].insert(0, Reply(status=429, retry_after="1"))
        case "redirect":
            web[HOME] = [Reply(status=301, location="/blog/")]
            web[f"{HOME}blog/"] = [Reply(links=((f"{HOME}blog/1.html", Role.POST),))]
            web[f"{HOME}blog/1.html"] = [Reply()]
        case "refused-connections":
            web = {f"{HOME}robots.txt": [Reply(status=404)]}
            web |= {HOME: [Reply(fault=Fault.CONNECT)]}
            rules = Rules(retries=RetryPolicy(max_tries=3, first_wait_s=0.05), random=Random(1))
        case "page-budget":
            plan = replace(plan, budget=Budget(max_pages=3))
        case "time-budget":
            plan = replace(plan, budget=Budget(max_time_s=0.35))
        case "fast":
            web, rules = pages(300), Rules(random=Random(1))
            plan = replace(plan, politeness=Politeness(delay_s=0.0, obey_robots=False))
    return web, plan, rules


def main(name: str, folder: Path) -> None:
    """Crawl a scenario and print what was asked, the ledger and its balance."""
    web, plan, rules = scenario(name, folder)
    state = CrawlState.open(folder / "state.sqlite")
    gate = Gate(plan, state, clock=steady_clock(), rules=rules)
    served = Served(web)
    process = AsyncCrawlerProcess(
        {
            "SCHEDULER": "archiver.crawl.scheduler.LedgerScheduler",
            "DOWNLOAD_HANDLERS": {"http": f"{ServedHandler.__module__}.ServedHandler"},
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "REDIRECT_ENABLED": False,
            "RETRY_ENABLED": False,
            "ROBOTSTXT_OBEY": False,
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(ServedSpider, gate=gate, served=served)
    started = time.monotonic()
    process.start()
    balance = gate.close()
    rows = state.connection.execute("SELECT url, state FROM urls").fetchall()
    print(
        json.dumps(
            {
                "asked": served.asked,
                "states": dict(rows),
                "difference": balance.difference,
                "seconds": time.monotonic() - started,
            }
        )
    )
    state.close()


if __name__ == "__main__":
    sys.modules["tests.unit.crawl.engine"] = sys.modules["__main__"]
    main(sys.argv[1], Path(sys.argv[2]))
