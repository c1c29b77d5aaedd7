"""A crawl is published whole or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from archiver.errors import CommitConflict, RowInvalid
from pipelines.tables import manifest
from pipelines.tables.commits import About, publish
from pipelines.tables.schemas import SCHEMA_VERSION, TABLES
from tests.unit.tables.crashing import AFTER, BEFORE
from tests.unit.tables.crawling import START, Desk, Shown, everywhere

ROOT = Path(__file__).parents[3]


def test_a_published_crawl_is_one_folder_with_all_tables_and_a_manifest(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    tables, row = desk.prepared(1, {"oak": Shown("Oaks.", {"1": "Yes."})})
    ledger = desk.layout.ledger(tables.folder.crawl_id)
    for end in ("", "-wal", "-shm"):
        ledger.with_name(ledger.name + end).write_bytes(b"sqlite")
    with desk.layout.lock(desk.blog_id) as lock:
        commit = publish(desk.layout, lock, tables, row, About(hints={"pages": ["/p/2"]}))

    folder = desk.layout.crawl(commit.crawl_id)
    assert commit.path == folder.path
    assert sorted(p.stem for p in folder.tables.iterdir()) == sorted(TABLES)
    assert desk.layout.working_ids() == []
    assert list(desk.layout.work.iterdir()) == []
    assert list(desk.layout.staging.iterdir()) == []

    known = manifest.read(folder)
    assert (known.blog_id, known.state, known.started_at) == (
        desk.blog_id,
        "complete",
        START + timedelta(days=1),
    )
    assert known.hints == {"pages": ["/p/2"]}
    assert known.counts["posts"] == {"found": 1, "new": 1, "changed": 0, "gone": 0}
    assert known.schema_version == SCHEMA_VERSION
    facts = {fact.path: fact for fact in known.files}
    assert facts["tables/comments.parquet"].rows == 1
    assert facts[f"warc/{commit.crawl_id}-00001.warc.gz"].rows is None
    assert "tables/crawls.parquet" not in facts
    assert list(manifest.damaged(folder)) == []


def test_the_row_of_a_crawl_counts_what_it_brought_and_seals_its_manifest(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, BEFORE, everywhere("oak", "elm"))
    commit = desk.crawl(2, AFTER, everywhere("oak", "fir"))
    folder = desk.layout.crawl(commit.crawl_id)
    (row,) = pq.read_table(folder.table("crawls")).to_pylist()
    assert row["manifest_sha256"] == sha256(folder.manifest.read_bytes()).hexdigest()
    counted = {name: row[f"posts_{name}"] for name in ("found", "new", "changed", "gone")}
    assert counted == {"found": 2, "new": 1, "changed": 1, "gone": 1}
    assert (row["captures"], row["revisits"], row["issues_error"]) == (2, 0, 0)
    assert row["captured_to"] == START + timedelta(days=2)


def test_facts_are_the_files_of_the_crawl_itself(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    commit = desk.crawl(1, BEFORE)
    for name in ("crawls", "captures", "issues", "coverage"):
        fact = desk.layout.fact(name, commit.crawl_id)
        assert fact.samefile(desk.layout.crawl(commit.crawl_id).table(name))


def test_table_folders_hold_nothing_but_parquet(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, BEFORE)
    desk.crawl(2, AFTER)
    folders = {path for path in desk.layout.tables.iterdir() if path.is_dir()}
    assert {folder.name for folder in folders} == set(TABLES)
    assert {path.suffix for folder in folders for path in folder.iterdir()} == {".parquet"}


def test_a_file_that_was_changed_or_lost_is_named(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    folder = desk.layout.crawl(desk.crawl(1, BEFORE).crawl_id)
    warc = folder.warc_file(1)
    content = bytearray(warc.read_bytes())
    content[3] ^= 1
    warc.write_bytes(bytes(content))
    folder.table("links").unlink()
    with folder.table("posts").open("ab") as stream:
        stream.write(b"x")
    problems = dict(manifest.damaged(folder))
    assert set(problems) == {f"warc/{warc.name}", "tables/links.parquet", "tables/posts.parquet"}
    assert problems["tables/links.parquet"] == "missing"
    assert "sha256" in problems[f"warc/{warc.name}"]


def test_publishing_needs_the_lock_of_the_blog(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    tables, row = desk.prepared(1, BEFORE)
    with pytest.raises(CommitConflict, match="lock"):
        publish(desk.layout, desk.layout.lock(desk.blog_id), tables, row, About())
    with desk.layout.lock("another") as lock, pytest.raises(CommitConflict, match="another"):
        publish(desk.layout, lock, tables, row, About())


def test_a_crawl_is_published_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, BEFORE)
    with pytest.raises(CommitConflict, match="not yet published"):
        desk.crawl(1, AFTER)


def test_a_row_that_does_not_fit_leaves_nothing_published(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, BEFORE)
    before = desk.history("posts")
    tables, row = desk.prepared(2, AFTER)
    with desk.layout.lock(desk.blog_id) as lock, pytest.raises(RowInvalid, match="started_at"):
        publish(desk.layout, lock, tables, {**row, "started_at": None}, About())
    assert desk.history("posts") == before
    assert len(desk.layout.crawl_ids()) == 1


def test_two_blogs_share_one_output_folder(tmp_path: Path) -> None:
    one, other = Desk(tmp_path, "anna-example-com"), Desk(tmp_path, "blog-2004")
    one.crawl(1, BEFORE)
    other.crawl(1, AFTER)
    assert set(one.history("posts")) == {"oak", "elm"}
    assert set(other.history("posts")) == {"oak", "fir"}


def test_a_crawl_without_any_page_can_be_published_as_failed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, BEFORE, everywhere("oak", "elm"))
    desk.crawl(2, {}, everywhere("oak", "elm"), state="failed")
    assert set(desk.history("posts").values()) == {"present r1 d1-d1"}
    (blog,) = desk.latest("blogs").values()
    assert (blog["last_crawl_state"], blog["post_count"]) == ("failed", 2)


def _killed(kind: str, folder: Path, *more: str) -> list[Mapping[str, object]]:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.unit.tables.crashing", kind, str(folder), *more],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in ran.stdout.splitlines()]


_OLD = {"oak": "present r1 d10-d10", "elm": "present r1 d10-d10"}
_NEW = {"oak": "present r2 d10-d20", "elm": "gone since d20 r1 d10-d10",
        "fir": "present r1 d20-d20"}  # fmt: skip
_OLD_COMMENTS = dict.fromkeys(("oak:c-1", "oak:c-2", "elm:c-3"), "present r1 d10-d10")
_NEW_COMMENTS = {
    "oak:c-1": "present r1 d10-d20",
    "oak:c-2": "gone since d20 r1 d10-d10",
    "elm:c-3": "gone since d20 r1 d10-d10",
    "fir:c-4": "present r1 d20-d20",
}
_SOUND = {"left": [], "facts_agree": True, "damaged": []}
_BEFORE = {"crawls": 1, "posts": _OLD, "comments": _OLD_COMMENTS, **_SOUND}
_AFTER = {"crawls": 2, "posts": _NEW, "comments": _NEW_COMMENTS, **_SOUND}


@pytest.mark.slow
def test_whatever_step_a_publication_dies_before_nothing_or_all_of_it_is_seen(
    tmp_path: Path,
) -> None:
    reports = _killed("steps", tmp_path)
    assert len(reports) > 40
    for report in reports:
        assert report["found"] in (_BEFORE, _AFTER), report
        assert report["finally"] == _AFTER, report
    whole = [report["found"] == _AFTER for report in reports]
    assert whole == sorted(whole), "once committed, never undone"
    assert True in whole[:-1]
    assert False in whole


@pytest.mark.slow
def test_kill_9_at_any_instant_leaves_nothing_torn_half_or_mixed(tmp_path: Path) -> None:
    reports = _killed("times", tmp_path, "25")
    assert len(reports) == 25
    for report in reports:
        assert report["found"] in (_BEFORE, _AFTER), report
        assert report["finally"] == _AFTER, report


def test_times_in_a_manifest_are_utc(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    folder = desk.layout.crawl(desk.crawl(1, BEFORE).crawl_id)
    assert json.loads(folder.manifest.read_bytes())["started_at"] == "2024-01-02T00:00:00+00:00"
    assert manifest.read(folder).started_at == datetime(2024, 1, 2, tzinfo=UTC)
