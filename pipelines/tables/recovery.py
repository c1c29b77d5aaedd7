"""After a crash, a copied crawl or a new schema: derived files brought in line with the crawls."""

from __future__ import annotations

import logging
import shutil
from contextlib import ExitStack
from pathlib import Path

from archiver.errors import ArchiveDamaged, BlogBusy
from pipelines.layout import BlogLock, Layout, storing, sync_tree
from pipelines.tables import dictionary, journal, latest, manifest
from pipelines.tables.journal import Journal
from pipelines.tables.schemas import SCHEMA_VERSION

log = logging.getLogger(__name__)


def recover(layout: Layout) -> list[str]:
    """Finish or roll back what a crash left; returns what was done, in words.

    Every command calls this first. Blogs that a living process works on are left to it. Crawls
    that were copied into crawls/ are taken into the latest state, and tables of an older schema
    are migrated.
    """
    done = [note for path in layout.journaled() for note in _finish(layout, path)]
    for staged in sorted(layout.staging.iterdir()) if layout.staging.is_dir() else ():
        if staged != layout.migration:
            done += _drop(layout, staged)
    if dictionary.is_outdated(layout):
        done += _migrated_if_free(layout)
    for blog_id in unapplied(layout):
        try:
            with layout.lock(blog_id) as lock:
                rebuild(layout, lock)
            done.append(f"{blog_id}: latest state made anew from its crawls")
        except BlogBusy:
            log.info("recover.skipped blog=%s", blog_id)
    return done


def rebuild(layout: Layout, lock: BlogLock) -> None:
    """Make the latest state of a blog anew from all of its crawls."""
    plan = _rebuilt(layout, lock.blog_id, latest.fresh(layout.staged(lock.blog_id)))
    path = layout.journal(lock.blog_id)
    journal.begin(path, plan)
    journal.carry_out(layout, path)


def unapplied(layout: Layout) -> list[str]:
    """Blogs with published crawls that the latest state does not know."""
    missing = set()
    for crawl_id in layout.crawl_ids():
        folder = layout.crawl(crawl_id)
        if folder.manifest.is_file() and not layout.fact("crawls", crawl_id).exists():
            missing.add(manifest.read(folder).blog_id)
    return sorted(missing)


def migrate(layout: Layout) -> list[str]:
    """Rewrite all derived tables from the crawls in today's schema; crawls stay as they are.

    Blogs are prepared one by one (a run that was cut off goes on where it stopped), then all are
    replaced together, so that readers see two schemas side by side only for an instant.

    Raises:
        BlogBusy: another process is working on a blog.
    """
    blog_ids = _blogs(layout)
    with ExitStack() as locks:
        for blog_id in blog_ids:
            locks.enter_context(layout.lock(blog_id))
        plans = [_prepared(layout, blog_id) for blog_id in blog_ids]
        whole = Journal(
            blogs=tuple(blog_ids),
            links=tuple(move for plan in plans for move in plan.links),
            replaces=tuple(move for plan in plans for move in plan.replaces),
            removes=(layout.migration.relative_to(layout.root).as_posix(),),
        )
        journal.begin(layout.migration_journal, whole)
        journal.carry_out(layout, layout.migration_journal)
    dictionary.write(layout)
    return [f"{blog_id}: tables rewritten in schema {SCHEMA_VERSION}" for blog_id in blog_ids]


def _prepared(layout: Layout, blog_id: str) -> Journal:
    """The plan of one blog; an earlier run's, if it got that far with the same crawls."""
    folder = layout.migration / SCHEMA_VERSION / layout.staged(blog_id).name
    kept = folder.with_name(f"{folder.name}.json")
    if kept.is_file():
        plan = journal.read(kept)
        if plan.crawls == tuple(layout.crawl_ids(blog_id)):
            return plan
    plan = _rebuilt(layout, blog_id, latest.fresh(folder))
    journal.begin(kept, plan)
    return plan


def _migrated_if_free(layout: Layout) -> list[str]:
    try:
        return migrate(layout)
    except BlogBusy as busy:
        log.warning("migration.postponed blog=%s process=%s", busy.blog_id, busy.holder)
        return []


def _rebuilt(layout: Layout, blog_id: str, staged: Path) -> Journal:
    crawls = latest.published(layout, blog_id)
    latest.write_latest(layout, blog_id, crawls, None, staged)
    plan = latest.replacing(layout, blog_id, staged)
    sync_tree(staged)
    return plan


def _blogs(layout: Layout) -> list[str]:
    """Blogs with published crawls."""
    folders = [layout.crawl(crawl_id) for crawl_id in layout.crawl_ids()]
    return sorted({manifest.read(f).blog_id for f in folders if f.manifest.is_file()})


def _finish(layout: Layout, path: Path) -> list[str]:
    try:
        blogs = journal.read(path).blogs
        with ExitStack() as locks:
            for blog_id in blogs:
                locks.enter_context(layout.lock(blog_id))
            journal.carry_out(layout, path)
    except BlogBusy:
        return []
    except ArchiveDamaged:
        if path.exists():
            raise
        return []  # another process finished it meanwhile
    return [f"{blog_id}: publication finished" for blog_id in blogs]


def _drop(layout: Layout, staged: Path) -> list[str]:
    try:
        with layout.lock_of(staged), storing(staged):
            if staged.is_dir():
                shutil.rmtree(staged)
            else:
                staged.unlink(missing_ok=True)
    except BlogBusy:
        return []
    return [f"{staged.name}: unfinished files removed"]
