"""The one row of a blog out of what each crawl said of it and of what its tables now hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.columnar import Row, columnar
from pipelines.tables.footer import Stamp, open_parquet
from pipelines.tables.merge import Observation
from pipelines.tables.parts import PartFile
from pipelines.tables.rows import digest
from pipelines.tables.schemas import BLOGS, SCHEMA_VERSION

# What a new version of a blog's row is about.
_SAID = ("title", "tagline", "home_url", "platform", "template", "license_url")


def write(target: Path, blog_id: str, crawls: Sequence[Observation], base: Path | None) -> None:
    """Write `<target>/blogs.parquet`; `<target>` holds the merged posts and comments already."""
    said: list[dict[str, object]] = _rows(base) if base else []
    for crawl in sorted(crawls, key=lambda crawl: (crawl.until, crawl.started_at)):
        said += [{**row, **_seen(crawl)} for row in _rows(crawl.tables / "blogs.parquet")]
    merged = fold(said)
    if merged is not None:
        words = (str(merged.get(name, "")) for name in _SAID)
        merged = {**merged, **_held(target), "content_hash": digest(*words)}
    part = PartFile(target / "blogs.parquet", BLOGS, Stamp(blog_id=blog_id), 0)
    if merged is not None:
        part.write(pa.Table.from_batches([columnar(BLOGS, [merged])]))
    part.close()


def fold(rows: Sequence[Row]) -> dict[str, object] | None:
    """One row from several, earliest first: the latest word on each column; None for none.

    A column that the latest crawl says nothing of keeps what was known: a refresh reads feeds
    only, and feeds name no theme.
    """
    known: dict[str, object] = {}
    for row in rows:
        stated = {name: value for name, value in row.items() if value not in (None, [], ())}
        if not known:
            known = stated
            continue
        is_changed = any(name in stated and stated[name] != known.get(name) for name in _SAID)
        revision = _number(known.get("revision")) + is_changed
        revised = stated.get("first_seen_at") if is_changed else known.get("revised_at")
        first = {name: known.get(name) for name in ("first_crawl_id", "first_seen_at")}
        known |= stated | first
        known |= {"revision": revision, "revised_at": revised}
    return known or None


def _held(folder: Path) -> dict[str, object]:
    posts = open_parquet(folder / "posts.parquet").read(["published_at"])
    comments = open_parquet(folder / "comments.parquet").metadata.num_rows
    bounds = pc.min_max(posts["published_at"]).as_py()
    return {
        "post_count": len(posts),
        "comment_count": comments,
        "first_post_at": bounds["min"],
        "last_post_at": bounds["max"],
    }


def _rows(path: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = open_parquet(path).read().to_pylist()
    return [{name: row[name] for name in row.keys() & set(BLOGS.names)} for row in found]


def _seen(crawl: Observation) -> dict[str, object]:
    return {
        "first_crawl_id": crawl.crawl_id,
        "last_crawl_id": crawl.crawl_id,
        "first_seen_at": crawl.since,
        "last_seen_at": crawl.until,
        "revised_at": crawl.since,
        "revision": 1,
        "state": "present",
        "schema_version": SCHEMA_VERSION,
        "last_crawl_state": crawl.state,
    }


def _number(value: object) -> int:
    return value if isinstance(value, int) else 1
