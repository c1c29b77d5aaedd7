"""The vocabulary of the schemas: a column, a table, and the groups of columns that tables share.

Only types that every reader understands alike are used (strings, int16/32/64, float32/64, bool,
timestamps in microseconds, lists of strings).  Source: measured with DuckDB, Polars, pandas,
pyarrow, HF datasets and Spark; others changed type or failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from archiver.model import Precision, Source, ZoneSource

TEXT = pa.string()
TEXTS = pa.list_(pa.field("element", pa.string()))  # the name that Parquet gives
INT16, INT32, INT64 = pa.int16(), pa.int32(), pa.int64()
FLOAT32, FLOAT64 = pa.float32(), pa.float64()
BOOL = pa.bool_()
INSTANT = pa.timestamp("us", tz="UTC")
WALL_CLOCK = pa.timestamp("us")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `unit` where numbers have one, `values` where the set is closed."""

    name: str
    type: pa.DataType
    description: str
    unit: str | None = None
    values: tuple[str, ...] = ()
    is_required: bool = False

    @property
    def field(self) -> pa.Field:
        """The Arrow field; description, unit and values ride in its metadata."""
        notes = {"description": self.description}
        if self.unit:
            notes["unit"] = self.unit
        if self.values:
            notes["values"] = "|".join(self.values)
        return pa.field(self.name, self.type, nullable=not self.is_required, metadata=notes)


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its columns, its key, its order on disk, its row groups.

    `is_fact` tables hold one file per crawl and are never merged. `digests` are looked up by
    equality and get Bloom filters beside the key.
    """

    name: str
    row: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    order: tuple[str, ...]
    is_fact: bool = False
    group_rows: int = 65_536
    digests: tuple[str, ...] = ()

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema, without footer metadata."""
        return pa.schema([column.field for column in self.columns])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that are never null."""
        return tuple(column.name for column in self.columns if column.is_required)


def required(
    name: str,
    type_: pa.DataType,
    description: str,
    unit: str | None = None,
    values: tuple[str, ...] = (),
) -> Column:
    """A column that is never null."""
    return Column(name, type_, description, unit, values, is_required=True)


def dates(prefix: str, what: str) -> tuple[Column, ...]:
    """The columns of one moment: the instant, the wall clock, the words, and the grounds."""
    return (
        Column(f"{prefix}_at", INSTANT, f"When {what}; null unless its offset is known."),
        Column(f"{prefix}_local", WALL_CLOCK, f"When {what}, by the clock that the page shows."),
        Column(f"{prefix}_raw", TEXT, "The date as written."),
        Column(
            f"{prefix}_precision",
            TEXT,
            "How exactly the date was stated.",
            values=tuple(Precision),
        ),
        Column(f"{prefix}_tz", TEXT, "Time zone used: IANA name or ±hh:mm."),
        Column(f"{prefix}_tz_source", TEXT, "What the zone rests on.", values=tuple(ZoneSource)),
        Column(f"{prefix}_source", TEXT, "Where the date was read.", values=tuple(Source)),
        Column(f"{prefix}_ambiguous", BOOL, "Day and month could be swapped."),
        Column(f"{prefix}_year_inferred", BOOL, "The year was not written with the date."),
    )


BLOG_ID = required("blog_id", TEXT, "The blog; a slug with a letter.")

PROVENANCE = (
    required("crawl_id", TEXT, "Crawl whose capture this row was read from."),
    required("capture_id", TEXT, "WARC-Record-ID of that capture, bare uuid; joins captures."),
    Column("warc_filename", TEXT, "WARC file of the record, a name inside the crawl's warc/."),
    Column("warc_record_offset", INT64, "Where the record begins in that file.", "bytes"),
    Column("warc_record_length", INT64, "Length of the record, compressed.", "bytes"),
    Column("payload_digest", TEXT, "Digest of the record's payload, sha1:BASE32."),
    Column("captured_at", INSTANT, "When the capture began."),
    Column("source_url", TEXT, "URL of the document that was read."),
    Column("extractor", TEXT, "What read it: name/version."),
    Column("confidence", FLOAT32, "How sure the extractor is of the document.", "0-1"),
)
"""Ties a row to its record."""

READING = (
    Column("field_sources", TEXTS, "Which document was believed, per field: field=source@capture."),
    Column("evidence", TEXTS, "Capture ids of all documents the row rests on, strongest first."),
    Column("locator", TEXT, "Where in the document it stands: element id or path."),
    Column("encoding", TEXT, "Character encoding the document was decoded with."),
    Column(
        "encoding_source",
        TEXT,
        "What named the encoding.",
        values=("bom", "http", "meta", "utf-8", "sniffed", "mixed"),
    ),
    Column(
        "parser",
        TEXT,
        "Which parser made the tree.",
        values=("lxml", "lxml-mended", "html.parser", "empty"),
    ),
)
"""Says how a document became the row."""

STATES = ("present", "gone", "unknown")

HISTORY = (
    Column("first_crawl_id", TEXT, "Crawl with the earliest sighting."),
    Column("last_crawl_id", TEXT, "Crawl with the latest sighting."),
    Column("first_seen_at", INSTANT, "Capture time of the earliest sighting."),
    Column("last_seen_at", INSTANT, "Capture time of the latest sighting."),
    Column("revision", INT32, "Version of the content, from 1."),
    Column("revised_at", INSTANT, "Capture time of the first sighting of this version."),
    Column(
        "state",
        TEXT,
        "present: seen last time it could be; gone: every page that should show it was captured"
        " completely and does not; unknown: missing from a list, its own page unreachable.",
        values=STATES,
    ),
    Column("gone_detected_at", INSTANT, "Capture time at which it was first found gone."),
    Column("content_hash", TEXT, "sha256 of the normalised content, hex."),
)
"""What the crawls together know; in a crawl's own file it describes that crawl alone."""

HISTORY_NAMES = tuple(column.name for column in HISTORY if column.name != "content_hash")
