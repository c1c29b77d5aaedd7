"""Scrapy's item pipeline that stages rows and acknowledges URLs, in one transaction."""

from __future__ import annotations

from typing import Any

from scrapy.exceptions import DropItem

from archiver.errors import StorageFailed


class TablePipeline:
    """Hands each captured item to the crawl's session."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> TablePipeline:
        """The pipeline of one crawl; `crawler.archive` is its open session."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """The item, staged.

        Raises:
            DropItem: the crawl's state cannot be written; the crawl is stopped.
        """
        session = self._crawler.archive
        try:
            session.keep(item)
        except StorageFailed as failure:
            session.stop(failure)
            raise DropItem(str(failure)) from failure
        return item
