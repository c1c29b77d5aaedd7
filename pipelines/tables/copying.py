"""A merged table being written: planned rows are copied whole, their history set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.columns import HISTORY_NAMES, Table
from pipelines.tables.footer import Stamp
from pipelines.tables.gather import ParquetSource, gather
from pipelines.tables.parts import PartFile


class Copy:
    """Copies rows from source files into one new file, in the table's order.

    A plan is a table with `origin` (index of the source), `row` in it, the columns of the table's
    order, and the history of each row.
    """

    def __init__(self, table: Table, sources: Sequence[Path], target: Path, stamp: Stamp) -> None:
        self._table = table
        self._sources = [ParquetSource(path, table.schema) for path in sources]
        most = sum(sum(source.sizes) for source in self._sources)
        self._part = PartFile(target, table, stamp, most)
        self._waiting: list[pa.Table] = []

    def add(self, plan: pa.Table) -> None:
        """Copy the rows of a span; spans come in the order of their posts.

        A table that is sorted by something else waits for `close`.
        """
        if self._table.order[0] == "post_id":
            self._copy(plan)
        else:
            self._waiting.append(plan)

    def close(self) -> None:
        """Copy what waited and finish the file."""
        if self._waiting:
            self._copy(pa.concat_tables(self._waiting))
        self._part.close()

    def _copy(self, plan: pa.Table) -> None:
        keys = [(name, "ascending") for name in self._table.order]
        plan = plan.take(pc.sort_indices(plan, sort_keys=keys))
        for rows in self._rows(plan):
            self._part.write(rows)

    def _rows(self, plan: pa.Table) -> Iterator[pa.Table]:
        origin, row = plan["origin"].combine_chunks(), plan["row"].combine_chunks()
        done = 0
        for rows in gather(self._sources, origin, row):
            for name in HISTORY_NAMES:
                at = rows.schema.get_field_index(name)
                known = plan[name].slice(done, len(rows))
                rows = rows.set_column(at, rows.schema.field(at), known)
            yield rows
            done += len(rows)
