"""`archiver show`: a row, the record that it came from, and the markup that it was read in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from lxml import etree

from archiver.errors import ArchiveDamaged
from archiver.jobs.lookup import find, printable
from archiver.jobs.verify import archive_file, with_body
from archiver.model import Document
from archiver.nodes import xpath
from archiver.page import Page
from pipelines.layout import CrawlFolder, Layout
from pipelines.tables import recovery
from pipelines.tables.columnar import Row
from pipelines.warc import reader


def run(output: Path, row_id: str) -> int:
    """Print a row and its proof; returns 0.

    Raises:
        ConfigError: there is no such row. ArchiveDamaged: its record cannot be read.
    """
    layout = Layout(output)
    for note in recovery.recover(layout):
        print(note)
    _, table, row = find(layout, row_id)
    print(f"{table.name} {row_id}")
    for name, value in row.items():
        if value not in (None, []):
            print(f"  {name}: {printable(str(value))}")
    document = record_of(layout, row)
    for line in (*_heads(row, document), "", *markup(row, document)):
        print(printable(line))
    return 0


def record_of(layout: Layout, row: Row) -> Document:
    """The document behind a row, with its body; a revisit has that of its original.

    Raises:
        ArchiveDamaged: the file is not there, or the record is not at its place.
    """
    folder = layout.crawl(str(row["crawl_id"]))
    name, offset = str(row["warc_filename"]), int(str(row["warc_record_offset"]))
    path = archive_file(folder, name)
    if path is None:
        raise ArchiveDamaged(name, offset, "the file is not there")
    document = reader.read_at(path, offset)
    capture = _capture(folder, str(row["capture_id"]))
    return document if capture is None else with_body(folder, capture, document)


def markup(row: Row, document: Document) -> Iterator[str]:
    """The element that the row's locator names, or the whole text where it names none."""
    page = Page(document)
    locator = row.get("locator")
    elements = xpath(str(locator))(page.tree) if locator else []
    if elements:
        yield f"{locator} of {row['source_url']}:"
        yield from (etree.tostring(node, encoding="unicode", with_tail=False) for node in elements)
        return
    missing = f"nothing stands at {locator}" if locator else "the row has no place of its own"
    yield f"{missing}; the whole document {row['source_url']}:"
    yield page.text


def _heads(row: Row, document: Document) -> Iterator[str]:
    capture = document.capture
    yield ""
    yield f"record {capture.capture_id} ({capture.record_type})"
    place = f"{row['warc_filename']} at {row['warc_record_offset']}"
    yield f"  {place}, {row['warc_record_length']} bytes"
    yield f"  captured: {capture.captured_at.isoformat()}"
    yield f"  payload digest: {capture.payload_digest}"
    if capture.revisit_of:
        yield f"  payload held by: {capture.revisit_of}"
    yield f"  HTTP {capture.status} {capture.url}"
    yield from (f"  {name}: {value}" for name, value in capture.headers)


def _capture(folder: CrawlFolder, capture_id: str) -> Row | None:
    wanted = pc.equal(pc.field("capture_id"), pa.scalar(capture_id))
    found = pq.read_table(folder.table("captures"), filters=wanted).to_pylist()
    return found[0] if found else None
