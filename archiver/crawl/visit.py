"""One answered lease on its way to disk: what the spider hands to the pipelines."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass

from archiver.crawl.ledger import Lease, Outcome
from archiver.model import Capture, Follow
from archiver.reading import Reading


@dataclass(slots=True, kw_only=True, repr=False)
class Visit:
    """A try of one URL: its outcome, what was read, and its capture once that is durable.

    `durable` is None when nothing crossed the wire. `capture` is set by the WARC pipeline.
    """

    lease: Lease
    outcome: Outcome
    durable: Awaitable[Capture] | None = None
    reading: Reading | None = None
    requisites: tuple[Follow, ...] = ()
    capture: Capture | None = None

    def __repr__(self) -> str:
        # Scrapy logs items; a page is too much for a log line.
        return f"<Visit {self.outcome.state} {self.lease.url}>"
