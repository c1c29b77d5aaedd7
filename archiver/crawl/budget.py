"""What a crawl may spend, and what it has spent."""

from __future__ import annotations

from archiver.config import Budget


class Spending:
    """Pages, bytes and time against their bounds.

    Pages and bytes count over all runs of a crawl, time over this run alone.
    """

    def __init__(self, budget: Budget, *, pages: int, size_bytes: int, started_at: float) -> None:
        self._budget = budget
        self.pages = pages
        self.size_bytes = size_bytes
        self._started_at = started_at

    def spent_rule(self, now: float) -> str | None:
        """The budget that ends the crawl, "budget.bytes" or "budget.time"; None while none does."""
        size, time_s = self._budget.max_bytes, self._budget.max_time_s
        if size is not None and self.size_bytes >= size:
            return "budget.bytes"
        if time_s is not None and now - self._started_at >= time_s:
            return "budget.time"
        return None

    def page_rule(self) -> str | None:
        """ "budget.pages" when no further page may be asked for.

        The requisites of the pages that were asked for still are: a page without its pictures is
        no capture of it.
        """
        pages = self._budget.max_pages
        return "budget.pages" if pages is not None and self.pages >= pages else None
