"""The files of a release: one table after the other, a few megabytes of rows in memory."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.columns import Column, Table
from pipelines.tables.footer import Stamp, cast_up, open_parquet
from pipelines.tables.gather import ParquetSource, gather
from pipelines.tables.parts import PartFile

_SQLITE_TYPES: Mapping[str, str] = {"int": "INTEGER", "bool": "INTEGER", "float": "REAL"}


class Format(StrEnum):
    """How the tables of a release are written."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    SQLITE = "sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A table on its way into a release: its columns, its files, contexts whose rows stay out."""

    table: Table
    sources: tuple[Path, ...]
    without: tuple[str, ...] = ()


def write(folder: Path, form: Format, parts: Iterable[Part]) -> Iterator[tuple[str, int]]:
    """Write every table into a folder; yields (table, rows) as each is done."""
    for part in parts:
        yield part.table.name, _WRITERS[form](folder, part)


def _batches(part: Part) -> Iterator[pa.Table]:
    """The rows in the table's order, whatever file they are in."""
    for batch in _sorted(part):
        if part.without:
            is_out = pc.is_in(batch["context"], value_set=pa.array(part.without))
            batch = batch.filter(pc.invert(is_out))
        yield batch


def _sorted(part: Part) -> Iterator[pa.Table]:
    order, schema = part.table.order, part.table.schema
    keys = []
    for origin, path in enumerate(part.sources):
        held = open_parquet(path)
        wanted = pa.schema([schema.field(name) for name in order])
        known = [name for name in order if name in held.schema_arrow.names]
        key = cast_up(held.read(known), wanted)
        key = key.append_column("origin", pa.repeat(pa.scalar(origin, pa.int32()), len(key)))
        keys.append(key.append_column("row", pa.array(range(len(key)), pa.int64())))
    if not keys:
        return
    joined = pa.concat_tables(keys)
    ranks = [(name, "ascending") for name in (*order, "origin", "row")]
    joined = joined.take(pc.sort_indices(joined, sort_keys=ranks)).select(["origin", "row"])
    sources = [ParquetSource(path, schema) for path in part.sources]
    origin, row = (joined[name].combine_chunks() for name in ("origin", "row"))
    yield from gather(sources, origin, row)


def _parquet(folder: Path, part: Part) -> int:
    rows = sum(open_parquet(path).metadata.num_rows for path in part.sources)
    path = folder / f"{part.table.name}.parquet"
    file = PartFile(path, part.table, Stamp(blog_id="*"), rows)
    for batch in _batches(part):
        file.write(batch)
    file.close()
    return file.rows


def _csv(folder: Path, part: Part) -> int:
    with (folder / f"{part.table.name}.csv").open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream, lineterminator="\n")
        lines.writerow(part.table.names)
        rows = 0
        for row in _plain(part):
            lines.writerow(row)
            rows += 1
    return rows


def _jsonl(folder: Path, part: Part) -> int:
    rows = 0
    with (folder / f"{part.table.name}.jsonl").open("wb") as stream:
        for batch in _batches(part):
            rows += len(batch)
            for row in batch.to_pylist():
                stream.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    return rows


def _sqlite(folder: Path, part: Part) -> int:
    columns = ", ".join(f'"{c.name}" {_sqlite_type(c)}' for c in part.table.columns)
    places = ", ".join("?" * len(part.table.columns))
    name = part.table.name
    with closing(sqlite3.connect(folder / "blogs.sqlite")) as database, database:
        database.execute(f'CREATE TABLE "{name}" ({columns})')
        insert = f'INSERT INTO "{name}" VALUES ({places})'  # noqa: S608 - our own names
        rows = database.executemany(insert, _plain(part)).rowcount
        key = part.table.key[-1]
        database.execute(f'CREATE INDEX "{name}_{key}" ON "{name}" ("{key}")')
    return max(0, rows)


def _sqlite_type(column: Column) -> str:
    kind = str(column.type)
    return next((sql for word, sql in _SQLITE_TYPES.items() if kind.startswith(word)), "TEXT")


def _plain(part: Part) -> Iterator[Sequence[object]]:
    """Rows as numbers and texts: times in ISO 8601, lists as JSON."""
    for batch in _batches(part):
        for row in batch.to_pylist():
            yield [_cell(value) for value in row.values()]


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return orjson.dumps(value).decode() if isinstance(value, list) else value


_WRITERS: Mapping[Format, Callable[[Path, Part], int]] = {
    Format.PARQUET: _parquet,
    Format.CSV: _csv,
    Format.JSONL: _jsonl,
    Format.SQLITE: _sqlite,
}
