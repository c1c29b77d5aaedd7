"""The latest state of a blog from its crawls: plan on narrow columns, then copy whole rows.

Memory is flat: both go span by span, and rows are copied a few megabytes at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables import absence, observed
from pipelines.tables.absence import Looked, Times
from pipelines.tables.columns import HISTORY_NAMES, Table
from pipelines.tables.copying import Copy
from pipelines.tables.footer import Stamp
from pipelines.tables.history import Absence, folded, judged
from pipelines.tables.schemas import COMMENTS, LINKS, MEDIA, MERGED, POSTS

_BASE_RANK = -1


@dataclass(frozen=True)
class Observation:
    """One crawl as the merge sees it: its files, how it ended, when it looked."""

    crawl_id: str
    tables: Path
    state: str
    started_at: datetime
    captured_from: datetime | None
    captured_to: datetime | None

    @property
    def since(self) -> datetime:
        """The earliest moment that it can speak of."""
        return self.captured_from or self.started_at

    @property
    def until(self) -> datetime:
        """The latest moment that it can speak of."""
        return self.captured_to or self.started_at

    @cached_property
    def looked(self) -> Looked:
        """Where it looked completely."""
        return absence.looked(self.tables, state=self.state, since=self.since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one crawl brought to one table."""

    found: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0

    def plus(self, other: Counts) -> Counts:
        """The sum of both."""
        return Counts(
            found=self.found + other.found,
            new=self.new + other.new,
            changed=self.changed + other.changed,
            gone=self.gone + other.gone,
        )


@dataclass(slots=True)
class _Trace:
    """What one crawl shows and lacks in the span at hand, for the tables that hang on it."""

    shown: Times
    lost_posts: Times = absence.NOWHERE
    lost: Times = absence.NOWHERE


class Merge:
    """One merge: `crawls` in any order, on top of `base` (the latest files, when they may stand).

    `newest` is the crawl whose contribution is counted.
    """

    def __init__(
        self,
        blog_id: str,
        crawls: Sequence[Observation],
        base: Mapping[str, Path] | None,
        newest: str,
        *,
        span_rows: int = observed.SPAN_ROWS,
    ) -> None:
        self.blog_id = blog_id
        self._span_rows = span_rows
        self.crawls = sorted(crawls, key=lambda crawl: (crawl.started_at, crawl.crawl_id))
        self.base = base
        ranks = {crawl.crawl_id: rank for rank, crawl in enumerate(self.crawls)}
        self.newest = ranks.get(newest, len(ranks))

    def write(self, target: Path) -> dict[str, Counts]:
        """Write `<target>/<table>.parquet` for every merged table."""
        copies = {
            table.name: Copy(
                table,
                [path for path, _ in self._paths(table)],
                target / f"{table.name}.parquet",
                Stamp(blog_id=self.blog_id),
            )
            for table in MERGED
        }
        counts = {table.name: Counts() for table in MERGED}
        files = [path for table in (COMMENTS, LINKS, MEDIA) for path, _ in self._paths(table)]
        for span in observed.spans(files, self._span_rows):
            traces = [_Trace(shown=crawl.looked.pages) for crawl in self.crawls]
            for table in MERGED:
                plan, brought = self._plan(table, span, traces)
                counts[table.name] = counts[table.name].plus(brought)
                copies[table.name].add(plan)
            # Otherwise the allocator keeps what the largest span needed.
            pa.default_memory_pool().release_unused()
        for copy in copies.values():
            copy.close()
        return counts

    def _paths(self, table: Table) -> list[tuple[Path, int]]:
        """(file, rank) of every source, in the order of their `origin`."""
        base = [(self.base[table.name], _BASE_RANK)] if self.base else []
        return base + [
            (crawl.tables / f"{table.name}.parquet", rank) for rank, crawl in enumerate(self.crawls)
        ]

    def _plan(
        self, table: Table, span: observed.Span, traces: list[_Trace]
    ) -> tuple[pa.Table, Counts]:
        """Which rows of which source make up a span of a table, and their history."""
        records = pa.concat_tables(
            observed.records(path, table, span, origin=origin, rank=rank)
            for origin, (path, rank) in enumerate(self._paths(table))
        )
        items = folded(records, self.newest)
        chosen = records.take(items["at"])
        known = chosen.drop_columns(["key"]).append_column("key", items["key"])
        absences = []
        for rank, trace in enumerate(traces):
            seen = records.filter(pc.equal(records["rank"], rank))
            missed = self._missed(table, known, rank, trace, seen["key"])
            absences.append(missed)
            _remember(table, trace, seen, items["key"], missed.at)
        items = judged(items, absences, self.newest)
        own = {name: items[name] for name in HISTORY_NAMES}
        order = {name: chosen[name] for name in (*table.order, "origin", "row")}
        found = _total(pc.equal(records["rank"], self.newest))
        return pa.table({**own, **order}), _counts(items, found)

    def _missed(
        self,
        table: Table,
        items: pa.Table,
        rank: int,
        trace: _Trace,
        seen: pa.ChunkedArray,
    ) -> Absence:
        where = self.crawls[rank].looked
        doubtful = pa.nulls(len(items), pa.timestamp("us", tz="UTC"))
        if table is POSTS:
            at, doubtful = absence.missing_posts(items, where)
        elif table is COMMENTS:
            at = absence.missing_comments(items, where, trace.lost_posts)
        else:
            at = absence.missing_parts(items, trace.shown, trace.lost)
        is_seen = pc.is_in(items["key"], value_set=seen)
        never = pa.scalar(None, at.type)
        return Absence(rank, pc.if_else(is_seen, never, at), pc.if_else(is_seen, never, doubtful))


def _remember(
    table: Table,
    trace: _Trace,
    seen: pa.Table,
    keys: pa.ChunkedArray,
    missed_at: pa.Array,
) -> None:
    """Note which texts a crawl showed in full and which it lacks: links hang on them."""
    if table not in (POSTS, COMMENTS):
        return
    full = seen.filter(seen["is_full"])
    shown = Times(full["key"].combine_chunks(), full["captured_at"].combine_chunks())
    trace.shown = shown.joined(trace.shown)
    is_lost = pc.is_valid(missed_at)
    lost = Times(_whole(keys.filter(is_lost)), _whole(missed_at.filter(is_lost)))
    if table is POSTS:
        trace.lost_posts = lost
    trace.lost = lost.joined(trace.lost)


def _counts(items: pa.Table, found: int) -> Counts:
    return Counts(
        found=found,
        new=_total(items["is_new"]),
        changed=_total(items["is_changed"]),
        gone=_total(items["is_lost"]),
    )


def _total(flags: pa.ChunkedArray) -> int:
    return pc.sum(flags).as_py() or 0


def _whole(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
