"""Scrapy's item pipeline that waits for bytes: no item passes before its capture is on disk."""

from __future__ import annotations

from typing import Any

from scrapy.exceptions import DropItem

from archiver.errors import StorageFailed


class WarcPipeline:
    """Puts the durable capture into each item and keeps the page's outlinks beside it."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> WarcPipeline:
        """The pipeline of one crawl; `crawler.archive` is its open session."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """The item, once its exchange is fsynced.

        Raises:
            DropItem: it never will be; the crawl is stopped, its URL stays open.
        """
        if item.durable is None:
            return item
        session = self._crawler.archive
        try:
            item.capture = await item.durable
        except StorageFailed as failure:
            session.stop(failure)
            raise DropItem(str(failure)) from failure
        if item.reading is not None:
            session.keep_outlinks(item.capture, item.reading.extraction.follow)
        return item
