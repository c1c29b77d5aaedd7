"""Derived files follow the crawls: after copies, crashes and changes of schema."""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from archiver.errors import ArchiveDamaged, BlogBusy
from pipelines.layout import Layout
from pipelines.tables import dictionary, recovery
from pipelines.tables.footer import version_of
from pipelines.tables.schemas import SCHEMA_VERSION, TABLES
from tests.unit.tables.crashing import AFTER, BEFORE
from tests.unit.tables.crawling import Desk, everywhere

OLDER = "0.9"


def grown_old(layout: Layout) -> None:
    """Turn everything written so far into what an earlier schema would have left.

    It had no `locator` and no `revised_at`, counted words in 16 bits, and names its own version.
    """
    note = orjson.dumps({"version": OLDER})
    for path in sorted([*layout.crawls.rglob("*.parquet"), *layout.tables.rglob("*.parquet")]):
        found = pq.read_table(path)
        kept = [name for name in found.column_names if name not in ("locator", "revised_at")]
        found = found.select(kept)
        if "word_count" in kept:
            at = kept.index("word_count")
            found = found.set_column(at, "word_count", found["word_count"].cast(pa.int16()))
        notes = {**found.schema.metadata, b"archiver.schema": note}
        path.unlink()
        pq.write_table(found.replace_schema_metadata(notes), path)
    (layout.tables / "schema.json").write_bytes(note)


def _two_crawls(root: Path, blog_id: str = "hedgerow-example-net") -> Desk:
    desk = Desk(root, blog_id)
    desk.crawl(10, BEFORE, everywhere("oak", "elm"))
    desk.crawl(20, AFTER, everywhere("oak", "fir"))
    return desk


def test_nothing_is_to_be_recovered_in_a_sound_or_empty_folder(tmp_path: Path) -> None:
    assert recovery.recover(Layout(tmp_path / "none")) == []
    desk = _two_crawls(tmp_path / "some")
    assert recovery.recover(desk.layout) == []


def test_a_crawl_copied_into_the_folder_joins_the_latest_state(tmp_path: Path) -> None:
    there = _two_crawls(tmp_path / "there")
    here = Desk(tmp_path / "here")
    here.crawl(10, BEFORE, everywhere("oak", "elm"))
    last = there.layout.crawl_ids()[-1]
    shutil.copytree(there.layout.crawl(last).path, here.layout.crawl(last).path)
    assert recovery.unapplied(here.layout) == [here.blog_id]
    assert recovery.recover(here.layout) == [
        f"{here.blog_id}: latest state made anew from its crawls"
    ]
    for table in ("posts", "comments", "links"):
        assert here.latest(table) == there.latest(table)
    assert recovery.recover(here.layout) == []


def test_lost_tables_are_made_anew_from_the_crawls(tmp_path: Path) -> None:
    desk = _two_crawls(tmp_path)
    before = {table: desk.latest(table) for table in ("posts", "comments", "links", "blogs")}
    shutil.rmtree(desk.layout.tables)
    recovery.recover(desk.layout)
    assert {table: desk.latest(table) for table in before} == before


def test_the_files_of_a_blog_that_is_being_worked_on_are_left_alone(tmp_path: Path) -> None:
    desk = _two_crawls(tmp_path)
    staged = desk.layout.staged(desk.blog_id) / "posts.parquet"
    staged.parent.mkdir()
    staged.write_bytes(b"half")
    with desk.layout.lock(desk.blog_id):
        assert recovery.recover(desk.layout) == []
        assert staged.exists()
    assert recovery.recover(desk.layout) == [f"{desk.blog_id}: unfinished files removed"]
    assert not staged.exists()


def test_a_journal_that_cannot_be_read_is_a_named_error(tmp_path: Path) -> None:
    desk = _two_crawls(tmp_path)
    desk.layout.journal(desk.blog_id).write_bytes(b"{")
    with pytest.raises(ArchiveDamaged, match="no readable journal"):
        recovery.recover(desk.layout)


def test_tables_of_an_older_schema_are_rewritten_and_the_crawls_left(tmp_path: Path) -> None:
    desk = _two_crawls(tmp_path)
    other = _two_crawls(tmp_path, "blog-2004")
    before = {d: (d.history("posts"), d.history("comments")) for d in (desk, other)}
    grown_old(desk.layout)
    crawls = {p: p.read_bytes() for p in desk.layout.crawls.rglob("*.parquet")}

    assert dictionary.is_outdated(desk.layout)
    assert len(recovery.recover(desk.layout)) == 2

    assert not dictionary.is_outdated(desk.layout)
    for table in TABLES.values():
        for path in (desk.layout.tables / table.name).iterdir():
            assert version_of(path) == SCHEMA_VERSION
            assert pq.read_schema(path).equals(table.schema)
    for each, (posts, comments) in before.items():
        assert (each.history("posts"), each.history("comments")) == (posts, comments)
    assert {p: p.read_bytes() for p in crawls} == crawls
    assert not desk.layout.migration.exists()
    assert recovery.recover(desk.layout) == []


def test_a_later_crawl_on_old_crawls_gives_the_same_history(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "old")
    desk.crawl(10, BEFORE, everywhere("oak", "elm"))
    grown_old(desk.layout)
    recovery.recover(desk.layout)
    desk.crawl(20, AFTER, everywhere("oak", "fir"))
    fresh = _two_crawls(tmp_path / "new")
    assert desk.history("posts") == fresh.history("posts")
    assert desk.history("comments") == fresh.history("comments")


def test_a_migration_that_was_cut_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    desk, other = _two_crawls(tmp_path), _two_crawls(tmp_path, "walnut-example-org")
    grown_old(desk.layout)
    damaged = other.layout.crawl(other.layout.crawl_ids(other.blog_id)[0]).table("posts")
    content = damaged.read_bytes()
    damaged.write_bytes(b"")
    with pytest.raises(ArchiveDamaged):
        recovery.recover(desk.layout)
    assert version_of(desk.layout.latest("posts", desk.blog_id)) == OLDER
    prepared = desk.layout.migration / SCHEMA_VERSION / desk.blog_id / "posts.parquet"
    done_at = prepared.stat().st_mtime_ns

    damaged.write_bytes(content)
    recovery.recover(desk.layout)
    assert desk.layout.latest("posts", desk.blog_id).stat().st_mtime_ns == done_at
    assert version_of(desk.layout.latest("posts", other.blog_id)) == SCHEMA_VERSION


def test_a_migration_waits_for_a_blog_that_is_being_worked_on(tmp_path: Path) -> None:
    desk = _two_crawls(tmp_path)
    grown_old(desk.layout)
    with desk.layout.lock(desk.blog_id):
        assert recovery.recover(desk.layout) == []
        with pytest.raises(BlogBusy):
            recovery.migrate(desk.layout)
    assert dictionary.is_outdated(desk.layout)
    assert len(recovery.recover(desk.layout)) == 1
