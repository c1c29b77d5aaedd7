"""Rows of several sorted sources in one wanted order, with memory bounded by a few batches."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from pipelines.tables.footer import cast_up, open_parquet

_CACHE_BYTES = 96 * 1024 * 1024
_CHUNK_BYTES = 4 * 1024 * 1024
_CHUNK_ROWS = 4_096
_RUN_ROWS = 16


class Source(Protocol):
    """Rows in groups that can be read one at a time."""

    sizes: Sequence[int]  # rows per group
    row_bytes: int  # mean width of a row in memory

    def read(self, group: int) -> pa.Table:
        """The rows of a group, in the schema that all sources share."""
        ...


class ParquetSource:
    """The row groups of a Parquet file, cast up to a schema."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = open_parquet(path)
        self._schema = schema
        held = set(self._file.schema_arrow.names)
        self._columns = [name for name in schema.names if name in held]
        meta = self._file.metadata
        groups = [meta.row_group(at) for at in range(meta.num_row_groups)]
        self.sizes: Sequence[int] = [group.num_rows for group in groups]
        self.row_bytes = sum(g.total_byte_size for g in groups) // max(1, meta.num_rows)

    def read(self, group: int) -> pa.Table:
        """The row group in the wanted schema."""
        return cast_up(self._file.read_row_group(group, columns=self._columns), self._schema)


class SpillSource:
    """The batches of an Arrow IPC file that this process wrote, all but the last of one size."""

    def __init__(self, path: Path, rows: int, batch_rows: int, row_bytes: int) -> None:
        self._reader = pa.ipc.open_file(pa.OSFile(str(path)))
        full, rest = divmod(rows, batch_rows)
        self.sizes: Sequence[int] = [batch_rows] * full + ([rest] if rest else [])
        self.row_bytes = row_bytes

    def read(self, group: int) -> pa.Table:
        """One batch."""
        return pa.Table.from_batches([self._reader.get_batch(group)])


class MemorySource:
    """A table that is in memory anyway."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self.sizes: Sequence[int] = [table.num_rows]
        self.row_bytes = table.nbytes // max(1, table.num_rows)

    def read(self, group: int) -> pa.Table:
        """All of it."""
        return self._table


class _Cache:
    """The groups read last, up to a number of bytes."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._held: OrderedDict[tuple[int, int], pa.Table] = OrderedDict()
        self._bytes = 0

    def group(self, source: int, group: int) -> pa.Table:
        key = (source, group)
        if key in self._held:
            self._held.move_to_end(key)
            return self._held[key]
        table = self._sources[source].read(group)
        self._held[key] = table
        self._bytes += table.nbytes
        while self._bytes > _CACHE_BYTES and len(self._held) > 1:
            _, dropped = self._held.popitem(last=False)
            self._bytes -= dropped.nbytes
        return table


def gather(sources: Sequence[Source], origin: pa.Array, row: pa.Array) -> Iterator[pa.Table]:
    """The rows `row[i]` of source `origin[i]`, in that order, in tables of about 4 MB.

    Fast where the rows of each source are wanted roughly in the order in which they lie.
    """
    cache = _Cache(sources)
    starts = [[0, *accumulate(source.sizes)] for source in sources]
    widest = max((source.row_bytes for source in sources), default=0)
    step = min(_CHUNK_ROWS, max(16, _CHUNK_BYTES // max(1, widest)))
    for at in range(0, len(row), step):
        origins = origin.slice(at, step).to_pylist()
        rows = row.slice(at, step).to_pylist()
        yield _chunk(cache, starts, origins, rows)


def _chunk(cache: _Cache, starts: list[list[int]], origins: list[int], rows: list[int]) -> pa.Table:
    runs = _runs(starts, origins, rows)
    if len(runs) * _RUN_ROWS <= len(rows):
        return pa.concat_tables(
            [cache.group(run.source, run.group).slice(run.first, run.rows) for run in runs]
        )
    return _scattered(cache, runs)


@dataclass(slots=True)
class _Run:
    """Rows that lie one after the other in one group, and are wanted so."""

    source: int
    group: int
    first: int
    rows: int = 1


def _runs(starts: list[list[int]], origins: list[int], rows: list[int]) -> list[_Run]:
    found: list[_Run] = []
    expected = (-1, -1)  # source and row that would lengthen the last run
    last = -1  # where its group ends
    for source, row in zip(origins, rows, strict=True):
        if (source, row) == expected and row < last:
            found[-1].rows += 1
        else:
            first = starts[source]
            group = bisect_right(first, row) - 1
            found.append(_Run(source, group, row - first[group]))
            last = first[group + 1]
        expected = (source, row + 1)
    return found


def _scattered(cache: _Cache, runs: list[_Run]) -> pa.Table:
    """Rows picked group by group, then put in order: slices of single rows would cost more."""
    wanted: dict[tuple[int, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    place = 0
    for run in runs:
        inside, places = wanted[run.source, run.group]
        inside.extend(range(run.first, run.first + run.rows))
        places.extend(range(place, place + run.rows))
        place += run.rows
    pieces = [
        cache.group(source, group).take(pa.array(inside, pa.int64()))
        for (source, group), (inside, _) in wanted.items()
    ]
    order = [at for _, places in wanted.values() for at in places]
    back = [0] * len(order)
    for found, at in enumerate(order):
        back[at] = found
    return pa.concat_tables(pieces).combine_chunks().take(pa.array(back, pa.int64()))
