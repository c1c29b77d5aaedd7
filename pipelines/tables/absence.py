"""What a crawl did not find although it looked everywhere: the ground for "gone".

An item is missing only where every page that should show it was captured completely:
a post where its own page, or the whole list it belongs to, was; a comment where all comment pages
of its post were; a link or file where the text around it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.columns import INSTANT, TEXT
from pipelines.tables.footer import open_parquet
from pipelines.tables.history import earlier


@dataclass(frozen=True, slots=True)
class Times:
    """A capture time for each of some keys."""

    keys: pa.Array
    at: pa.Array

    def of(self, values: pa.ChunkedArray) -> pa.Array:
        """The time of each value; null where it is not among the keys."""
        place = pc.index_in(_whole(values), value_set=self.keys)
        return self.at.take(place)

    def joined(self, other: Times) -> Times:
        """Both sets of keys; the first time counts for a key that is in both."""
        return Times(
            pa.concat_arrays([self.keys, other.keys]), pa.concat_arrays([self.at, other.at])
        )


NOWHERE = Times(pa.array([], TEXT), pa.array([], INSTANT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Where a crawl looked completely, by unit; `blog_at` is None unless it saw all posts."""

    blog_at: datetime | None = None
    months: Times = NOWHERE
    posts: Times = NOWHERE
    unreachable: Times = NOWHERE  # posts whose own page could not be captured
    comments: Times = NOWHERE  # posts whose comment pages were all captured
    pages: Times = NOWHERE  # URLs of pages captured whole


def looked(tables: Path, *, state: str, since: datetime) -> Looked:
    """Where a crawl looked, by its files; nowhere unless its state is "complete".

    `since` is the time of a unit that states none: the crawl's first capture, so that what was
    seen later elsewhere is never called gone.
    """
    if state != "complete":
        return Looked()
    columns = ["unit", "unit_key", "complete", "captured_at"]
    held = open_parquet(tables / "coverage.parquet")
    units = held.read([name for name in columns if name in held.schema_arrow.names])
    if "captured_at" not in units.column_names:
        units = units.append_column("captured_at", pa.nulls(len(units), INSTANT))
    units = units.set_column(
        units.column_names.index("captured_at"),
        "captured_at",
        pc.fill_null(units["captured_at"], pa.scalar(since, INSTANT)),
    )
    whole = units.filter(units["complete"])
    cut = units.filter(pc.invert(units["complete"]))
    blog = _times(whole, "blog").at
    return Looked(
        blog_at=pc.min(blog).as_py(),
        months=_times(whole, "month"),
        posts=_times(whole, "post"),
        unreachable=_times(cut, "post"),
        comments=_times(whole, "post_comments"),
        pages=_pages(tables / "captures.parquet"),
    )


def missing_posts(items: pa.Table, where: Looked) -> tuple[pa.Array, pa.Array]:
    """(missing since, doubtful since) for posts with `key` and `month`."""
    listed = where.months.of(items["month"])
    if where.blog_at is not None:
        everywhere = pa.repeat(pa.scalar(where.blog_at, INSTANT), len(items))
        listed = earlier(listed, everywhere)
    is_unreachable = where.unreachable.of(items["key"]).is_valid()
    never = pa.scalar(None, INSTANT)
    sure = pc.if_else(is_unreachable, never, listed)
    own = where.posts.of(items["key"])
    return earlier(sure, own), pc.if_else(is_unreachable, listed, never)


def missing_comments(items: pa.Table, where: Looked, lost_posts: Times) -> pa.Array:
    """Missing since, for comments with `post_id`; they go with their post."""
    return earlier(where.comments.of(items["post_id"]), lost_posts.of(items["post_id"]))


def missing_parts(items: pa.Table, shown: Times, lost: Times) -> pa.Array:
    """Missing since, for links and media with `owner`: the text is there without them, or gone."""
    return earlier(shown.of(items["owner"]), lost.of(items["owner"]))


def _times(units: pa.Table, unit: str) -> Times:
    of_unit = units.filter(pc.equal(units["unit"], unit))
    return Times(_whole(of_unit["unit_key"]), _whole(of_unit["captured_at"]))


def _pages(path: Path) -> Times:
    columns = ["url", "fetch_time", "fetch_status", "content_truncated", "extracted"]
    found = open_parquet(path).read(columns)
    whole = pc.and_(pc.equal(found["fetch_status"], 200), pc.is_null(found["content_truncated"]))
    found = found.filter(pc.fill_null(pc.and_(whole, found["extracted"]), False))
    return Times(_whole(found["url"]), _whole(found["fetch_time"]))


def _whole(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
