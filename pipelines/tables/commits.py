"""Publication of a crawl: all of it or nothing, whatever dies when.

Files are written and synced under work/ and staging/, then a journal is written: that is the
commit. The rest is renames, which `recovery.recover` finishes after a crash. A crash before the
journal leaves the crawl under work/, ready to be published again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow.compute as pc

from archiver.errors import CommitConflict, RowInvalid
from pipelines.layout import BlogLock, CrawlFolder, Layout, remove_drafts, sync_tree, write_file
from pipelines.tables import dictionary, journal, latest, manifest
from pipelines.tables.columnar import Row
from pipelines.tables.facts import CRAWLS
from pipelines.tables.footer import Stamp, open_parquet
from pipelines.tables.manifest import Manifest
from pipelines.tables.merge import Counts, Observation
from pipelines.tables.schemas import SCHEMA_VERSION
from pipelines.tables.writer import CrawlTables, Part, PartWriter

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A crawl published: where, what its tables hold, and what it brought to the latest state."""

    crawl_id: str
    path: Path
    parts: Mapping[str, Part]
    counts: Mapping[str, Counts]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the manifest says besides its files: tools, and what was learned for the next crawl."""

    tools: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, object] = field(default_factory=dict)


def publish(
    layout: Layout, lock: BlogLock, tables: CrawlTables, crawl: Row, about: About
) -> Commit:
    """Publish a crawl under way and bring the latest state of its blog up to date.

    `crawl` is its row of `crawls`; what follows from the tables (capture times, counts of
    captures, issues, new and gone posts) is filled in where it is not stated. The SQLite ledger
    of the crawl is removed: close it before.

    Raises:
        CommitConflict: the lock is not this blog's, or the crawl is published already.
        RowInvalid: a row does not fit its table. StorageFailed: the disk refuses.
    """
    work, blog_id = tables.folder, tables.blog_id
    target = layout.crawl(work.crawl_id)
    _allowed(lock, blog_id, target)
    parts = tables.close()
    stated = {name: value for name, value in crawl.items() if value is not None}
    row = {**_derived(work), **stated, "crawl_id": work.crawl_id, "blog_id": blog_id}
    new = _observation(row, work.tables)
    staged = latest.fresh(layout.staged(blog_id))
    crawls = [*latest.published(layout, blog_id), new]
    counts = latest.write_latest(layout, blog_id, crawls, new, staged)
    _seal(work, {**_brought(counts), **row}, counts, about)
    dictionary.refresh(layout)
    sync_tree(work.path)
    plan = latest.replacing(layout, blog_id, staged, work=work)
    sync_tree(staged)
    path = layout.journal(blog_id)
    journal.begin(path, plan)
    journal.carry_out(layout, path)
    log.info("crawl.published crawl=%s posts=%d", work.crawl_id, parts["posts"].rows)
    return Commit(crawl_id=work.crawl_id, path=target.path, parts=parts, counts=counts)


def _allowed(lock: BlogLock, blog_id: str, target: CrawlFolder) -> None:
    if not lock.is_held or lock.blog_id != blog_id:
        raise CommitConflict(blog_id, "the blog's lock to be held", f"the lock of {lock.blog_id}")
    if target.path.exists():
        raise CommitConflict(target.crawl_id, "a crawl not yet published", str(target.path))


def _seal(work: CrawlFolder, row: Row, counts: Mapping[str, Counts], about: About) -> None:
    """Write the row of the crawl, which names the manifest's hash, and the manifest, last."""
    remove_drafts(work.path)
    known = Manifest(
        crawl_id=work.crawl_id,
        blog_id=str(row["blog_id"]),
        state=str(row["state"]),
        started_at=_started_at(row),
        schema_version=SCHEMA_VERSION,
        mode=_text(row.get("mode")),
        finished_at=_time(row.get("finished_at")),
        captured_from=_time(row.get("captured_from")),
        captured_to=_time(row.get("captured_to")),
        config_sha256=_text(row.get("config_sha256")),
        tools=about.tools,
        counts={name: asdict(count) for name, count in counts.items()},
        hints=about.hints,
        files=tuple(manifest.file_facts(work)),
    )
    content = known.written()
    stamp = Stamp(blog_id=known.blog_id, crawl_id=work.crawl_id)
    crawls = PartWriter(work.table("crawls"), CRAWLS, stamp)
    crawls.append({**row, "manifest_sha256": manifest.sha256_of_bytes(content)})
    crawls.close()
    write_file(work.manifest, content)


def _derived(work: CrawlFolder) -> dict[str, object]:
    """What the tables of a crawl say about it."""
    captures = open_parquet(work.table("captures")).read(["fetch_time", "record_type"])
    span = pc.min_max(captures["fetch_time"]).as_py()
    severities = open_parquet(work.table("issues")).read(["severity"])["severity"]
    found: dict[str, object] = {
        f"issues_{name}": pc.sum(pc.equal(severities, name)).as_py() or 0
        for name in ("error", "warning", "info")
    }
    return {
        **found,
        "captured_from": span["min"],
        "captured_to": span["max"],
        "captures": len(captures),
        "revisits": pc.sum(pc.equal(captures["record_type"], "revisit")).as_py() or 0,
    }


def _brought(counts: Mapping[str, Counts]) -> dict[str, object]:
    return {
        f"{name}_{kind}": number
        for name in ("posts", "comments")
        for kind, number in asdict(counts[name]).items()
    }


def _observation(row: Row, tables: Path) -> Observation:
    return Observation(
        crawl_id=str(row["crawl_id"]),
        tables=tables,
        state=str(row["state"]),
        started_at=_started_at(row),
        captured_from=_time(row.get("captured_from")),
        captured_to=_time(row.get("captured_to")),
    )


def _started_at(row: Row) -> datetime:
    value = row.get("started_at")
    if not isinstance(value, datetime):
        raise RowInvalid("crawls", "started_at", str(row["crawl_id"]), "a value is required")
    return value


def _time(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
