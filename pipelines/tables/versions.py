"""Every version of one row that the crawls saw: what `archiver history` shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.layout import Layout
from pipelines.tables import latest, observed
from pipelines.tables.columnar import Row
from pipelines.tables.columns import HISTORY, PROVENANCE, READING, Table
from pipelines.tables.footer import cast_up, open_parquet
from pipelines.tables.merge import Observation
from pipelines.tables.schemas import MERGED

_BOOKKEEPING = frozenset(column.name for column in (*HISTORY, *PROVENANCE, *READING))


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One crawl's sighting of a row.

    `revision` counts the versions of the content up to here; `changed` names the columns of
    content that differ from the sighting before. `is_full` is False for an excerpt, which never
    counts as a version.
    """

    crawl_id: str
    row: Row
    revision: int
    is_full: bool
    changed: tuple[str, ...]


def versions(layout: Layout, blog_id: str, row_id: str) -> list[Version]:
    """All sightings of a post, comment, link or medium, by time of capture; [] if there is none."""
    crawls = sorted(
        latest.published(layout, blog_id), key=lambda crawl: (crawl.started_at, crawl.crawl_id)
    )
    for table in MERGED:
        if sightings := [found for crawl in crawls for found in _sightings(crawl, table, row_id)]:
            return _numbered(sightings, table)
    return []


def current(layout: Layout, blog_id: str, row_id: str) -> tuple[Table, Row] | None:
    """The row in the latest state and its table; None if there is none."""
    for table in MERGED:
        path = layout.latest(table.name, blog_id)
        for row, _ in _rows(path, table, row_id) if path.is_file() else ():
            return table, row
    return None


def _sightings(crawl: Observation, table: Table, row_id: str) -> Iterator[tuple[str, Row, bool]]:
    for row, is_full in _rows(crawl.tables / f"{table.name}.parquet", table, row_id):
        yield crawl.crawl_id, row, is_full


def _rows(path: Path, table: Table, row_id: str) -> Iterator[tuple[Row, bool]]:
    """The rows of a key, with whether they carry their content."""
    file = open_parquet(path)
    for group in range(file.metadata.num_row_groups):
        keys = file.read_row_group(group, columns=[table.key[0]])[table.key[0]]
        place = pc.index(keys, pa.scalar(row_id)).as_py()
        if place >= 0:
            found = cast_up(file.read_row_group(group).slice(place, 1), table.schema)
            yield found.to_pylist()[0], observed.is_full(found, table)[0].as_py()


def _numbered(sightings: Sequence[tuple[str, Row, bool]], table: Table) -> list[Version]:
    found: list[Version] = []
    revision, before, compared = 0, None, None
    # The sort is stable: crawls at the same time keep their order.
    for crawl_id, row, is_full in sorted(sightings, key=lambda item: str(item[1]["captured_at"])):
        if is_full and (compared is None or is_new_version(compared, row)):
            revision += 1
        if is_full:
            compared = row
        changed = () if before is None else _changed(before, row, table)
        before = row
        found.append(
            Version(
                crawl_id=crawl_id,
                row=row,
                revision=max(1, revision),
                is_full=is_full,
                changed=changed,
            )
        )
    return found


def is_new_version(before: Row, after: Row) -> bool:
    """Whether the content changed between two full sightings.

    Equal bytes, or the same capture read again, are no change whatever was read from them.
    """
    same = ("content_hash", "payload_digest", "capture_id")
    return not any(before[name] is not None and before[name] == after[name] for name in same)


def _changed(before: Row, after: Row, table: Table) -> tuple[str, ...]:
    return tuple(
        name for name in table.names if name not in _BOOKKEEPING and before[name] != after[name]
    )
