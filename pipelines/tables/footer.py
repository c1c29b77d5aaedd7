"""What a Parquet file says of itself: table, schema version, crawl, tool."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from archiver import __version__
from archiver.errors import ArchiveDamaged
from pipelines.tables.columns import Table
from pipelines.tables.schemas import SCHEMA_VERSION

_KEY = b"archiver.schema"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a file rests on; `crawl_id` is None for the latest state, which rests on several."""

    blog_id: str
    crawl_id: str | None = None
    tool: str = f"archiver {__version__}"


def stamped(table: Table, stamp: Stamp) -> pa.Schema:
    """The table's schema with its footer metadata."""
    notes = {
        _KEY: orjson.dumps({"table": table.name, "version": SCHEMA_VERSION}),
        b"title": table.description.encode(),
        b"row": table.row.encode(),
        b"tool": stamp.tool.encode(),
        b"blog_id": stamp.blog_id.encode(),
    }
    if stamp.crawl_id:
        notes[b"crawl_id"] = stamp.crawl_id.encode()
    return table.schema.with_metadata(notes)


def version_of(path: Path) -> str:
    """Schema version of a file; "" where it states none.

    Raises:
        ArchiveDamaged: the file is no Parquet file.
    """
    notes = open_parquet(path).schema_arrow.metadata or {}
    return str(orjson.loads(notes[_KEY])["version"]) if _KEY in notes else ""


def open_parquet(path: Path) -> pq.ParquetFile:
    """The opened file.

    Raises:
        ArchiveDamaged: it is missing, torn, or no Parquet file.
    """
    try:
        return pq.ParquetFile(path, memory_map=False)
    except (OSError, pa.ArrowInvalid) as fault:
        raise ArchiveDamaged(path, None, f"not a readable Parquet file ({fault})") from fault


def cast_up(found: pa.Table, wanted: pa.Schema) -> pa.Table:
    """The table in today's schema: columns it lacks are null, narrower types widen."""
    if found.schema.equals(wanted):
        return found
    arrays = [
        found[field.name].cast(field.type)
        if field.name in found.column_names
        else pa.nulls(found.num_rows, field.type)
        for field in wanted
    ]
    return pa.Table.from_arrays(arrays, schema=wanted)
