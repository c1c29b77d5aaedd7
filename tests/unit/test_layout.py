"""Names, durable writes and locks."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import BlogBusy, StorageFailed
from pipelines.layout import (
    CrawlFolder,
    Layout,
    file_name,
    new_crawl_id,
    storing,
    sync_tree,
    write_file,
)

BLOG = "anna-example-com"
AT = datetime(2024, 6, 1, 12, 30, tzinfo=timezone(timedelta(hours=2)))


def test_a_crawl_id_names_blog_utc_start_and_token() -> None:
    assert new_crawl_id(BLOG, AT, "3f2a") == "anna-example-com--20240601T103000Z-3f2a"


def test_a_crawl_id_needs_a_time_with_an_offset() -> None:
    with pytest.raises(ValueError, match="offset"):
        new_crawl_id(BLOG, AT.replace(tzinfo=None), "3f2a")


@given(st.text())
def test_any_text_becomes_a_name_that_stays_in_its_folder(text: str) -> None:
    name = file_name(text)
    assert len(name.encode()) <= 150
    assert name not in ("", ".", "..")
    assert not name.startswith(".")
    assert "/" not in name
    assert "\x00" not in name
    assert "*" not in name


@given(st.text(max_size=200), st.text(max_size=200))
def test_different_texts_have_different_names(one: str, other: str) -> None:
    assert (file_name(one) == file_name(other)) == (one == other)


def test_a_slug_is_its_own_name() -> None:
    assert file_name(BLOG) == BLOG


def test_a_path_in_a_blog_id_does_not_leave_the_output_folder(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    blog = "../../etc/passwd"
    names = (
        layout.latest("posts", blog),
        layout.journal(blog),
        layout.staged(blog),
        layout.crawl("../x").path,
        layout.working("/abs").path,
        layout.ledger("../../y"),
        layout.fact("crawls", "a/b"),
    )
    for path in names:
        assert path.resolve().is_relative_to(tmp_path.resolve())
        assert "/" not in path.name


def test_the_folder_of_a_crawl_is_found_again_by_its_id(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    for blog in (BLOG, "müller/weblog"):
        crawl_id = new_crawl_id(blog, AT, "00aa")
        assert layout.crawl(crawl_id).crawl_id == crawl_id
        layout.crawl(crawl_id).path.mkdir(parents=True)
        assert layout.crawl_ids(blog) == [crawl_id]
    assert len(layout.crawl_ids()) == 2
    assert layout.working_ids() == []


def test_a_blog_whose_name_begins_like_another_has_crawls_of_its_own(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    for blog in ("anna", "anna--b", "anna-2"):
        layout.crawl(new_crawl_id(blog, AT, "00aa")).path.mkdir(parents=True)
    (layout.crawls / "notes").mkdir()
    assert [len(layout.crawl_ids(blog)) for blog in ("anna", "anna--b", "anna-2")] == [1, 1, 1]
    assert len(layout.crawl_ids()) == 3


def test_warc_files_are_numbered_inside_their_crawl(tmp_path: Path) -> None:
    folder = CrawlFolder(tmp_path / "c")
    assert folder.warc_file(7) == tmp_path / "c" / "warc" / "c-00007.warc.gz"


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.json"
    write_file(path, b"one")
    write_file(path, b"two")
    sync_tree(tmp_path / "a")
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["b.json"]


def test_a_refusal_of_the_disk_names_the_path_and_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="free some space") as refused, storing(tmp_path):
        raise OSError(28, os.strerror(28))
    assert refused.value.path == str(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed):
        write_file(tmp_path / "file" / "below", b"")


def test_a_blog_is_locked_for_one_process_and_names_it(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    with layout.lock(BLOG) as lock:
        assert lock.is_held
        with pytest.raises(BlogBusy, match=str(os.getpid())), layout.lock(BLOG):
            pass
        with layout.lock("another"):
            pass
    with layout.lock(BLOG) as again:
        assert again.is_held


def test_the_lock_of_a_dead_process_is_free(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, signal\n"
        "from pipelines.layout import Layout\n"
        f"lock = Layout(pathlib.Path({str(tmp_path)!r})).lock({BLOG!r})\n"
        "lock.__enter__()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    died = subprocess.run([sys.executable, "-c", script], check=False)
    assert died.returncode == -9
    with Layout(tmp_path).lock(BLOG) as lock:
        assert lock.is_held


def test_nothing_is_listed_in_an_output_folder_that_is_not_there(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "none")
    assert (layout.crawl_ids(), layout.working_ids(), layout.journaled()) == ([], [], [])
