"""`archiver history`: every version of a post or comment, when it was seen, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from pathlib import Path

import pyarrow as pa

from archiver.jobs.lookup import find, printable
from pipelines.layout import Layout
from pipelines.tables import absence, latest, recovery
from pipelines.tables.absence import NOWHERE, Times
from pipelines.tables.columnar import Row
from pipelines.tables.columns import INSTANT, TEXT, Table
from pipelines.tables.merge import Observation
from pipelines.tables.schemas import COMMENTS, POSTS
from pipelines.tables.versions import Version, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A crawl that looked where the row should be and did not find it."""

    crawl_id: str
    at: datetime
    state: str


def run(output: Path, row_id: str) -> int:
    """Print the history of a row; returns 0.

    Raises:
        ConfigError: there is no such row.
    """
    layout = Layout(output)
    for note in recovery.recover(layout):
        print(note)
    for line in told(layout, row_id):
        print(printable(line))
    return 0


def told(layout: Layout, row_id: str) -> Iterator[str]:
    """The lines of a history: sightings and misses by time, each text against the one before.

    Raises:
        ConfigError: there is no such row.
    """
    blog_id, table, row = find(layout, row_id)
    seen = versions(layout, blog_id, row_id)
    gone = f" since {_moment(row['gone_detected_at'])}" if row["gone_detected_at"] else ""
    yield f"{table.name} {row_id}: {row['state']}{gone}, revision {row['revision']}"
    text: str | None = None
    for event in _events(seen, missed(layout, blog_id, table, row, seen)):
        if isinstance(event, Missed):
            yield f"\n{_moment(event.at)}  {event.state}  {event.crawl_id}"
            continue
        yield _headline(event)
        body = event.row.get("body_text")
        if isinstance(body, str):
            yield from _difference(text, body)
            text = body


def missed(
    layout: Layout, blog_id: str, table: Table, row: Row, seen: list[Version]
) -> list[Missed]:
    """The crawls that prove, or make likely, that a post or comment was not there then."""
    if table not in (POSTS, COMMENTS):
        return []
    sighted = {version.crawl_id for version in seen}
    shown = _crawls_of(layout, blog_id, table, row, seen)
    crawls = [c for c in latest.published(layout, blog_id) if c.crawl_id not in sighted]
    found = (_miss(crawl, table, row, in_post=crawl.crawl_id in shown) for crawl in crawls)
    first = min(_captured(version) for version in seen)
    return [miss for miss in found if miss is not None and miss.at > first]


def _crawls_of(
    layout: Layout, blog_id: str, table: Table, row: Row, seen: list[Version]
) -> set[str]:
    """Crawls that show the post that the row is, or stands on."""
    if table is POSTS:
        return {version.crawl_id for version in seen}
    return {version.crawl_id for version in versions(layout, blog_id, str(row["post_id"]))}


def _miss(crawl: Observation, table: Table, row: Row, *, in_post: bool) -> Missed | None:
    post = pa.table(
        {
            "key": pa.array([row["post_id"]], TEXT),
            "post_id": pa.array([row["post_id"]], TEXT),
            "month": pa.array([None], TEXT),
        }
    )
    lost, doubtful = absence.missing_posts(post, crawl.looked)
    if table is COMMENTS:
        gone_post = NOWHERE if in_post else Times(pa.array([row["post_id"]], TEXT), _whole(lost))
        lost = absence.missing_comments(post, crawl.looked, gone_post)
    for state, times in (("gone", lost), ("unknown", doubtful)):
        if (at := _whole(times)[0].as_py()) is not None:
            return Missed(crawl_id=crawl.crawl_id, at=at, state=state)
    return None


def _whole(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return whole.cast(INSTANT)


def _events(seen: list[Version], misses: list[Missed]) -> list[Version | Missed]:
    events: list[tuple[datetime, int, Version | Missed]] = [
        (_captured(version), at, version) for at, version in enumerate(seen)
    ]
    events += [(miss.at, len(seen) + at, miss) for at, miss in enumerate(misses)]
    return [event for _, _, event in sorted(events, key=lambda item: item[:2])]


def _headline(version: Version) -> str:
    row: Mapping[str, object] = version.row
    excerpt = "" if version.is_full else "  (without its text)"
    changed = f"  changed: {', '.join(version.changed)}" if version.changed else ""
    return (
        f"\n{_moment(row['captured_at'])}  present  {version.crawl_id}"
        f"  revision {version.revision}{excerpt}{changed}"
    )


def _difference(before: str | None, after: str) -> Iterator[str]:
    if before is None:
        yield from (f"  {line}" for line in after.splitlines())
        return
    lines = unified_diff(before.splitlines(), after.splitlines(), "before", "after", lineterm="")
    yield from (f"  {line}" for line in lines)


def _captured(version: Version) -> datetime:
    at = version.row["captured_at"]
    assert isinstance(at, datetime)  # noqa: S101 - every row of content has its capture
    return at


def _moment(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M:%SZ}" if isinstance(value, datetime) else "-"
