"""Rows in any order → one sorted Parquet file, each key once, memory flat.

An external merge sort: sorted runs are spilled beside the target, then read back in step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.layout import CrawlFolder, storing
from pipelines.tables.columnar import Row, columnar
from pipelines.tables.columns import Table
from pipelines.tables.footer import Stamp
from pipelines.tables.gather import MemorySource, Source, SpillSource, gather
from pipelines.tables.parts import PartFile
from pipelines.tables.schemas import TABLES

RUN_BYTES = 48 * 1024 * 1024
_PENDING_ROWS = 1_000
_PENDING_CHARS = 4 * 1024 * 1024
_SPILL_ROWS = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file written: `duplicates` rows shared a key with an earlier one and were left out."""

    path: Path
    table: str
    rows: int
    duplicates: int = 0


class PartWriter:
    """Takes the rows of one table and writes its file on `close`; nothing exists before."""

    def __init__(
        self, path: Path, table: Table, stamp: Stamp, *, run_bytes: int = RUN_BYTES
    ) -> None:
        self.path, self.table, self.stamp = path, table, stamp
        self._run_bytes = run_bytes
        self._pending: list[Row] = []
        self._pending_chars = 0
        self._batches: list[pa.RecordBatch] = []
        self._bytes = self._seen = 0
        self._spilled: list[tuple[Path, SpillSource]] = []
        self._keys: list[pa.Table] = []

    def append(self, row: Row) -> None:
        """Add a row.

        Raises:
            RowInvalid: this row, or one of the last thousand, does not fit the table.
        """
        self._pending.append(row)
        self._pending_chars += _chars(row, "body_html") + _chars(row, "body_text")
        if len(self._pending) >= _PENDING_ROWS or self._pending_chars >= _PENDING_CHARS:
            self._take_pending()

    def extend(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        for row in rows:
            self.append(row)

    def close(self) -> Part:
        """Sort, write the file, remove what was spilled.

        Raises:
            RowInvalid: a row does not fit. StorageFailed: the disk refuses.
        """
        self._take_pending()
        sources: list[Source] = [source for _, source in self._spilled]
        if self._batches or not sources:
            sources.append(MemorySource(self._sorted_run()))
        origin, row = self._order()
        part = PartFile(self.path, self.table, self.stamp, len(row))
        for rows in gather(sources, origin, row):
            part.write(rows)
        part.close()
        self._forget()
        duplicates = self._seen - part.rows
        return Part(path=self.path, table=self.table.name, rows=part.rows, duplicates=duplicates)

    def _take_pending(self) -> None:
        if not self._pending:
            return
        batch = columnar(self.table, self._pending)
        self._pending.clear()
        self._pending_chars = 0
        self._batches.append(batch)
        self._bytes += batch.nbytes
        self._seen += batch.num_rows
        if self._bytes >= self._run_bytes:
            self._spill()

    def _sorted_run(self) -> pa.Table:
        """The rows held, sorted; their keys are remembered for the final order."""
        schema = self.table.schema
        run = pa.Table.from_batches(self._batches, schema=schema).combine_chunks()
        run = run.take(_sorted_indices(run, self.table.order)).combine_chunks()
        place = len(self._keys)
        keys = run.select(sorted({*self.table.order, *self.table.key}))
        keys = keys.append_column("_origin", pa.repeat(pa.scalar(place, pa.int32()), len(run)))
        self._keys.append(keys.append_column("_row", pa.array(range(len(run)), pa.int64())))
        self._batches, self._bytes = [], 0
        return run

    def _spill(self) -> None:
        path = self.path.with_name(f"{self.path.name}.run{len(self._spilled)}")
        run = self._sorted_run()
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with storing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with (
                pa.OSFile(str(path), "wb") as stream,
                pa.ipc.new_file(stream, run.schema, options=options) as writer,
            ):
                writer.write_table(run, max_chunksize=_SPILL_ROWS)
        source = SpillSource(path, len(run), _SPILL_ROWS, run.nbytes // len(run))
        self._spilled.append((path, source))

    def _order(self) -> tuple[pa.Array, pa.Array]:
        """(source, row) of every row to write, in the table's order, each key once."""
        keys = pa.concat_tables(self._keys)
        keys = keys.take(_sorted_indices(keys, self.table.order))
        first = _first_of_each(keys, self.table.key)
        keys = keys.select(["_origin", "_row"])
        if first is not None:
            keys = keys.take(first)
        return keys["_origin"].combine_chunks(), keys["_row"].combine_chunks()

    def _forget(self) -> None:
        for path, _ in self._spilled:
            path.unlink(missing_ok=True)
        self._spilled.clear()
        self._keys.clear()


class CrawlTables:
    """The writers of all tables of one crawl, into the folder of the crawl under way."""

    def __init__(self, folder: CrawlFolder, blog_id: str) -> None:
        self.folder, self.blog_id = folder, blog_id
        stamp = Stamp(blog_id=blog_id, crawl_id=folder.crawl_id)
        self._writers = {
            name: PartWriter(folder.table(name), table, stamp)
            for name, table in TABLES.items()
            if name != "crawls"
        }
        for left in _left_over(folder.tables):
            left.unlink()

    def append(self, table: str, row: Row) -> None:
        """Add a row to a table; see `PartWriter.append`."""
        self._writers[table].append(row)

    def close(self) -> dict[str, Part]:
        """Write every file, empty ones included, so that readers always find every table."""
        return {name: writer.close() for name, writer in self._writers.items()}


def _left_over(folder: Path) -> Iterator[Path]:
    """Files of an earlier attempt that was cut off."""
    yield from folder.glob("*") if folder.is_dir() else ()


def _sorted_indices(table: pa.Table, order: tuple[str, ...]) -> pa.Array:
    return pc.sort_indices(table, sort_keys=[(name, "ascending") for name in order])


def _first_of_each(keys: pa.Table, key: tuple[str, ...]) -> pa.Array | None:
    """Places of the first row of every key, ascending; None when no key repeats."""
    numbered = keys.select(key).append_column("_at", pa.array(range(len(keys)), pa.int64()))
    first = numbered.group_by(list(key)).aggregate([("_at", "min")])["_at_min"]
    return None if len(first) == len(keys) else first.combine_chunks().sort()


def _chars(row: Row, column: str) -> int:
    value = row.get(column)
    return len(value) if isinstance(value, str) else 0
