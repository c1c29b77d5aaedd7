"""`scrapy crawl blog -a url=…`: the end of a crawl that no job of ours has started."""

from __future__ import annotations

from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archiver.crawl.readback import read_back
from archiver.errors import ArchiverError
from archiver.jobs import finish
from archiver.jobs.voice import Voice


class Standalone:
    """Scrapy's extension that takes up and publishes the session that a spider opened itself."""

    def __init__(self, crawler: Crawler) -> None:
        crawler.signals.connect(self.opened, signal=signals.spider_opened)
        crawler.signals.connect(self.closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Standalone:
        """The extension of one crawl.

        Raises:
            NotConfigured: a job of ours runs the crawl and will publish it.
        """
        if not crawler.archive.is_own:  # type: ignore[attr-defined]
            raise NotConfigured
        return cls(crawler)

    def opened(self, spider: Any) -> None:
        """Read back what an earlier run left."""
        if spider.session.is_resumed:
            read_back(spider.session)

    def closed(self, spider: Spider, reason: str) -> None:
        """Publish a finished crawl; an interrupted one is left to be resumed."""
        session, voice = spider.session, Voice()  # type: ignore[attr-defined]
        if reason != "finished":
            session.abandon()
            voice.warn(f"stopped ({reason}); the same command goes on with {session.crawl_id}")
            return
        try:
            voice.say(finish.told(finish.publish(session)))
        except ArchiverError as failure:
            session.abandon()
            voice.warn(f"archiver: {failure}")
