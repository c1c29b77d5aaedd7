"""One crawl through the wire handler into WARC files, in a process of its own: a reactor starts
only once.

Reads its orders as JSON from standard input: `urls` (method, URL and perhaps a body), `folder`,
`settings`, `meta`, `headers`, `redact`, `allow_private`, `seeds`. Writes `outcomes.json` into the
folder: what the spider got for each URL.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from archiver.crawl.addresses import AddressPolicy
from pipelines.warc.writer import Naming, WarcWriter

SETTINGS: dict[str, Any] = {
    "DOWNLOAD_HANDLERS": {
        "http": "archiver.crawl.handler.WireHandler",
        "https": "archiver.crawl.handler.WireHandler",
    },
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
        "archiver.crawl.compression.BoundedCompression": 590,
    },
    "TELNETCONSOLE_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "RETRY_ENABLED": False,
    "COOKIES_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_FAIL_ON_DATALOSS": True,
    "REDIRECT_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    "USER_AGENT": "hostile-test (+https://example.org/)",
    "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingHostnameResolver",
}


class HostileSpider(Spider):
    """Fetches a list and notes what came of each."""

    name = "hostile"

    def __init__(self, orders: dict[str, Any], outcomes: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._orders, self._outcomes = orders, outcomes

    async def start(self) -> AsyncIterator[Any]:
        for method, url, *body in self._orders["urls"]:
            yield Request(
                url,
                method=method,
                body=body[0] if body else "",
                dont_filter=True,
                meta={"handle_httpstatus_all": True, **self._orders.get("meta", {})},
                headers=self._orders.get("headers"),
                callback=self.parse,
                errback=self.failed,
                cb_kwargs={"asked": url},
            )

    def parse(self, response: Response, asked: str = "") -> None:
        self._outcomes[asked] = {
            "status": response.status,
            "url": response.url,
            "flags": response.flags,
            "sha256": hashlib.sha256(response.body).hexdigest(),
            "capture_id": response.meta.get("capture_id"),
        }

    def failed(self, failure: Failure) -> None:
        request = failure.request  # type: ignore[attr-defined]
        self._outcomes[request.cb_kwargs["asked"]] = {
            "error": type(failure.value).__name__,
            "message": str(failure.value),
            "capture_id": request.meta.get("capture_id"),
        }


def main(orders: dict[str, Any]) -> None:
    """Crawl, then say what came of it."""
    folder = Path(orders["folder"])
    writer = WarcWriter(
        folder / "warc",
        Naming(prefix="hostile", facts={"software": "test", "robots": "ignore"}),
        redact=orders.get("redact", False),
    )
    outcomes: dict[str, Any] = {}
    process = CrawlerProcess({**SETTINGS, **orders.get("settings", {})})
    crawler = process.create_crawler(HostileSpider)
    crawler.archive = writer  # type: ignore[attr-defined]
    if orders.get("allow_private", True):
        crawler.addresses = AddressPolicy((), allow_private=True)  # type: ignore[attr-defined]
    elif "seeds" in orders:
        crawler.addresses = AddressPolicy(orders["seeds"])  # type: ignore[attr-defined]
    errors: list[str] = []
    crawler.signals.connect(
        lambda failure: errors.append(failure.getTraceback()),
        signal=signals.spider_error,
        weak=False,
    )
    process.crawl(crawler, orders=orders, outcomes=outcomes)
    process.start()
    writer.close()
    text = json.dumps({"outcomes": outcomes, "spider_errors": errors})
    (folder / "outcomes.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(json.load(sys.stdin))
