"""The derived files of a blog: merged latest state, facts of its crawls, how to replace them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.layout import CrawlFolder, Layout, storing
from pipelines.tables import blogs, manifest
from pipelines.tables.columns import Table
from pipelines.tables.footer import Stamp, open_parquet, version_of
from pipelines.tables.gather import ParquetSource
from pipelines.tables.journal import Journal, Move
from pipelines.tables.merge import Counts, Merge, Observation
from pipelines.tables.parts import PartFile
from pipelines.tables.schemas import MERGED, SCHEMA_VERSION, TABLES

FACTS = tuple(table for table in TABLES.values() if table.is_fact)
LATEST = (*(table.name for table in MERGED), "blogs")


def published(layout: Layout, blog_id: str) -> list[Observation]:
    """The published crawls of a blog, by id; folders without a manifest are no crawls."""
    return [
        _observation(folder)
        for crawl_id in layout.crawl_ids(blog_id)
        if (folder := layout.crawl(crawl_id)).manifest.is_file()
    ]


def write_latest(
    layout: Layout,
    blog_id: str,
    crawls: Sequence[Observation],
    new: Observation | None,
    staged: Path,
) -> dict[str, Counts]:
    """Write the latest state into `staged` and return what the crawl `new` brought.

    `crawls` are all crawls of the blog, `new` included. Where `new` is later than all others it
    is laid on the latest state; else everything is made anew, each sighting at its place in time.
    """
    base = {name: layout.latest(name, blog_id) for name in LATEST}
    may_stand = new is not None and _may_stand(layout, base, crawls, new)
    used = [new] if may_stand and new is not None else list(crawls)
    newest = new.crawl_id if new is not None else ""
    counts = Merge(blog_id, used, base if may_stand else None, newest).write(staged)
    blogs.write(staged, blog_id, used, base["blogs"] if may_stand else None)
    return counts


def replacing(
    layout: Layout, blog_id: str, staged: Path, *, work: CrawlFolder | None = None
) -> Journal:
    """The journal that puts `staged` (and a crawl under way) in place.

    Facts of crawls in an older schema are cast up into `staged` first.
    """
    links, replaces = [], []
    for folder in _folders(layout, blog_id, work):
        for table in FACTS:
            target = layout.fact(table.name, folder.crawl_id)
            if target.exists() and (work or version_of(target) == SCHEMA_VERSION):
                continue
            source = folder.table(table.name)
            if version_of(source) == SCHEMA_VERSION and not target.exists():
                home = layout.crawl(folder.crawl_id).table(table.name)
                links.append(_move(layout, home, target))
            else:
                cast = _cast(table, source, staged, folder.crawl_id, blog_id)
                replaces.append(_move(layout, cast, target))
    replaces += [
        _move(layout, staged / f"{name}.parquet", layout.latest(name, blog_id)) for name in LATEST
    ]
    renames = [_move(layout, work.path, layout.crawl(work.crawl_id).path)] if work else []
    spent = _ledger_files(layout, work.crawl_id) if work else []
    return Journal(
        blogs=(blog_id,),
        crawls=tuple(layout.crawl_ids(blog_id)),
        renames=tuple(renames),
        links=tuple(links),
        replaces=tuple(replaces),
        removes=tuple(_within(layout, path) for path in (*spent, staged)),
    )


def fresh(folder: Path) -> Path:
    """The folder, empty."""
    with storing(folder):
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    return folder


def _may_stand(
    layout: Layout, base: dict[str, Path], crawls: Sequence[Observation], new: Observation
) -> bool:
    """Whether the latest files hold all earlier crawls, and none of them reaches past the new."""
    earlier = [crawl for crawl in crawls if crawl is not new]
    return (
        all(layout.fact("crawls", crawl.crawl_id).exists() for crawl in earlier)
        and all(crawl.until < new.since for crawl in earlier)
        and all(path.is_file() and version_of(path) == SCHEMA_VERSION for path in base.values())
    )


def _observation(folder: CrawlFolder) -> Observation:
    known = manifest.read(folder)
    return Observation(
        crawl_id=known.crawl_id,
        tables=folder.tables,
        state=known.state,
        started_at=known.started_at,
        captured_from=known.captured_from,
        captured_to=known.captured_to,
    )


def _folders(layout: Layout, blog_id: str, work: CrawlFolder | None) -> Iterator[CrawlFolder]:
    for crawl_id in layout.crawl_ids(blog_id):
        if (folder := layout.crawl(crawl_id)).manifest.is_file():
            yield folder
    if work is not None:
        yield work


def _cast(table: Table, source: Path, staged: Path, crawl_id: str, blog_id: str) -> Path:
    """A copy of a fact file in today's schema."""
    target = staged / "facts" / table.name / f"{crawl_id}.parquet"
    stamp = Stamp(blog_id=blog_id, crawl_id=crawl_id)
    part = PartFile(target, table, stamp, open_parquet(source).metadata.num_rows)
    groups = ParquetSource(source, table.schema)
    for at in range(len(groups.sizes)):
        part.write(groups.read(at))
    part.close()
    return target


def _ledger_files(layout: Layout, crawl_id: str) -> list[Path]:
    ledger = layout.ledger(crawl_id)
    return [ledger.with_name(ledger.name + end) for end in ("", "-wal", "-shm")]


def _move(layout: Layout, source: Path, target: Path) -> Move:
    return Move(source=_within(layout, source), target=_within(layout, target))


def _within(layout: Layout, path: Path) -> str:
    return path.relative_to(layout.root).as_posix()
