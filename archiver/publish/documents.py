"""A document that was captured and perhaps read → what is staged of it."""

from __future__ import annotations

from archiver.model import Capture
from archiver.reading import Reading
from pipelines.tables.captures import UNREAD, capture_row
from pipelines.tables.captures import Reading as ReadingFacts
from pipelines.tables.columnar import Row
from pipelines.tables.staging import Staging


def stage(
    staging: Staging,
    capture: Capture,
    reading: Reading | None,
    *,
    blog_id: str,
    crawl_id: str,
    via_rule: str | None = None,
) -> None:
    """Stage a capture that is on disk with what reading it showed; inside the caller's unit."""
    row: Row = capture_row(
        capture,
        blog_id=blog_id,
        crawl_id=crawl_id,
        reading=_facts(reading) if reading is not None else UNREAD,
        via_rule=via_rule,
    )
    staging.stage(row, reading.extraction if reading is not None else None)


def _facts(reading: Reading) -> ReadingFacts:
    page, extraction = reading.page, reading.extraction
    return ReadingFacts(
        page_kind=extraction.page_kind,
        extractor=extraction.extractor,
        encoding=page.decoded.encoding,
        encoding_source=page.decoded.source,
        parser=page.markup.parser,
        language=extraction.blog.language,
    )
