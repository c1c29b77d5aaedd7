"""Reads from the tables what a merge compares: narrow columns, one span of posts at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.tables.columns import INT32, INT64, Table
from pipelines.tables.footer import cast_up, open_parquet
from pipelines.tables.history import RECORD
from pipelines.tables.schemas import LINKS, MEDIA, POSTS

SPAN_ROWS = 150_000

_COMPARED = [name for name in RECORD.names if name in POSTS.names]
_GROUNDS = {
    "posts": ("is_truncated", "is_protected", "word_count", "published_local"),
    "comments": ("visibility", "word_count"),
    "links": ("source_url",),
    "media": ("source_url",),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """Least and greatest post_id of a row group; None where the file does not say."""

    least: str | None = None
    most: str | None = None
    has_null: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """Posts from `low` up to, not including, `high`, by id; None is open.

    What belongs to no post (sidebar links) is in the span that is open above: it is sorted last.
    """

    low: str | None = None
    high: str | None = None

    def within(self, post_id: pa.ChunkedArray) -> pa.ChunkedArray:
        """Which rows are in the span."""
        flags = pc.is_valid(post_id)
        if self.low is not None:
            flags = pc.and_(flags, pc.greater_equal(post_id, self.low))
        if self.high is not None:
            flags = pc.and_(flags, pc.less(post_id, self.high))
        flags = pc.fill_null(flags, False)
        return pc.or_(flags, pc.is_null(post_id)) if self.high is None else flags

    def may_hold(self, bounds: Bounds) -> bool:
        """Whether a row group with these bounds can have rows in the span."""
        if bounds.most is None or bounds.least is None or (bounds.has_null and self.high is None):
            return True
        too_high = self.high is not None and bounds.least >= self.high
        too_low = self.low is not None and bounds.most < self.low
        return not (too_high or too_low)


def records(path: Path, table: Table, span: Span, *, origin: int, rank: int) -> pa.Table:
    """The rows of a file in a span as `RECORD`, plus what absence and order need.

    Further columns: `post_id`, `owner` (what shows the item), `month` (posts), and the columns of
    the table's order.
    """
    wanted = list(dict.fromkeys((*_COMPARED, *table.key, "post_id", *table.order,
                                 *(("comment_id",) if table in (LINKS, MEDIA) else ()),
                                 *_GROUNDS[table.name])))  # fmt: skip
    schema = pa.schema([table.schema.field(name).with_metadata(None) for name in wanted])
    pieces = [piece.filter(span.within(piece["post_id"])) for piece in _groups(path, schema, span)]
    found = pa.concat_tables(pieces) if pieces else _empty(schema)
    return _as_records(found, table, origin, rank)


def spans(paths: Sequence[Path], rows_each: int) -> list[Span]:
    """Spans that cut the rows of all these files, sorted by post, into portions of about a size."""
    ends = sorted(end for path in paths for end in _ends(path))
    marks: list[str] = []
    held = 0
    for post_id, rows in ends:
        held += rows
        if held >= rows_each and (not marks or post_id > marks[-1]):
            marks.append(post_id)
            held = 0
    return [Span(low, high) for low, high in zip([None, *marks], [*marks, None], strict=True)]


def is_full(found: pa.Table, table: Table) -> pa.ChunkedArray:
    """Which rows carry their content: not an excerpt, a password form or a collapsed comment."""
    if table.name == "posts":
        hidden = pc.or_(_sure(found["is_truncated"]), _sure(found["is_protected"]))
        return pc.and_(pc.is_valid(found["word_count"]), pc.invert(hidden))
    if table.name == "comments":
        shown = pc.fill_null(pc.equal(found["visibility"], "visible"), True)
        cut = _sure(pc.equal(found["visibility"], "truncated"))
        empty = pc.and_(shown, pc.is_null(found["word_count"]))
        return pc.invert(pc.or_(cut, empty))
    return pa.chunked_array([pa.repeat(True, len(found))])


def _as_records(found: pa.Table, table: Table, origin: int, rank: int) -> pa.Table:
    columns = {name: found[name] for name in found.column_names}
    columns["key"] = found[table.key[0]]
    columns["is_full"] = is_full(found, table)
    columns["rank"] = _constant(rank, len(found))
    columns["origin"] = _constant(origin, len(found))
    seen = pc.coalesce(found["first_seen_at"], found["captured_at"])
    columns["first_seen_at"] = seen
    columns["last_seen_at"] = pc.coalesce(found["last_seen_at"], found["captured_at"])
    columns["revised_at"] = pc.coalesce(found["revised_at"], seen)
    columns["revision"] = pc.fill_null(found["revision"], 1)
    columns["state"] = pc.fill_null(found["state"], "present")
    if table in (LINKS, MEDIA):
        columns["owner"] = pc.coalesce(found["comment_id"], found["post_id"], found["source_url"])
    elif table is POSTS:
        columns["month"] = pc.strftime(
            pc.coalesce(found["published_local"], found["published_at"].cast(pa.timestamp("us"))),
            "%Y-%m",
        )
    kept = (*RECORD.names, "origin", "row", "post_id", *table.order, "owner", "month")
    return pa.table({name: columns[name] for name in dict.fromkeys(kept) if name in columns})


def _groups(path: Path, schema: pa.Schema, span: Span) -> Iterator[pa.Table]:
    file = open_parquet(path)
    known = set(file.schema_arrow.names)
    held = [name for name in schema.names if name in known]
    start = 0
    for at in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(at).num_rows
        if span.may_hold(_bounds(file.metadata, at)):
            group = cast_up(file.read_row_group(at, columns=held), schema)
            numbers = pa.array(range(start, start + rows), INT64)
            yield group.append_column("row", numbers)
        start += rows


def _bounds(meta: pq.FileMetaData, group: int) -> Bounds:
    chunks = meta.row_group(group)
    for at in range(chunks.num_columns):
        chunk = chunks.column(at)
        known = chunk.statistics if chunk.path_in_schema == "post_id" else None
        if known and known.has_min_max:
            return Bounds(known.min, known.max, known.null_count != 0)
    return Bounds()


def _ends(path: Path) -> Iterator[tuple[str, int]]:
    meta = open_parquet(path).metadata
    for at in range(meta.num_row_groups):
        last = _bounds(meta, at).most
        if last is not None:
            yield last, meta.row_group(at).num_rows


def _empty(schema: pa.Schema) -> pa.Table:
    return schema.append(pa.field("row", INT64)).empty_table()


def _constant(value: int, times: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, INT32), times)


def _sure(flags: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(flags, False)
