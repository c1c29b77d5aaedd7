"""Releases of an invented blog in every form."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from archiver.errors import ConfigError
from archiver.jobs.export import Format, run
from pipelines.tables.schemas import TABLES
from tests.unit.tables.crawling import BLOG, Desk, Shown

POSTS = [f"{BLOG}:oak", f"{BLOG}:willow"]  # by time


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An output folder with two blogs, the one that sorts first written last."""
    desk = Desk(tmp_path / "output")
    desk.crawl(1, {"willow": Shown("Willows."), "oak": Shown('Oaks, "old".', {"1": "Yes."})})
    Desk(tmp_path / "output", "aspen-example-net").crawl(2, {"aspen": Shown("Aspens.")})
    return desk


def _release(desk: Desk, form: Format, *, redact_authors: bool = False) -> Path:
    before = {*desk.layout.root.glob("exports/*")}
    assert run(desk.layout.root, None, form, redact_authors=redact_authors) == 0
    (release,) = {*desk.layout.root.glob("exports/*")} - before
    return release


def test_a_parquet_release_has_one_sorted_file_per_table(desk: Desk) -> None:
    release = _release(desk, Format.PARQUET)
    for name, table in TABLES.items():
        found = pq.read_table(release / f"{name}.parquet")
        assert found.schema.equals(table.schema)
        parts = sorted((desk.layout.tables / name).glob("*.parquet"))
        assert found.num_rows == sum(pq.read_metadata(part).num_rows for part in parts)
    posts = pq.read_table(release / "posts.parquet")
    assert sorted(posts["post_id"].to_pylist()) == sorted(["aspen-example-net:aspen", *POSTS])
    comments = pq.read_table(release / "comments.parquet")["post_id"].to_pylist()
    assert comments == sorted(comments)


def test_every_form_has_the_same_rows(desk: Desk) -> None:
    wanted = {
        row["post_id"]: row["body_text"]
        for row in pq.read_table(_release(desk, Format.PARQUET) / "posts.parquet").to_pylist()
    }
    with (_release(desk, Format.CSV) / "posts.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["post_id"]: row["body_text"] for row in csv.DictReader(stream)} == wanted
    lines = (_release(desk, Format.JSONL) / "posts.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    assert {row["post_id"]: row["body_text"] for row in found} == wanted
    with closing(sqlite3.connect(_release(desk, Format.SQLITE) / "blogs.sqlite")) as database:
        assert dict(database.execute("SELECT post_id, body_text FROM posts")) == wanted


def test_the_checksums_are_those_of_the_files(desk: Desk) -> None:
    release = _release(desk, Format.PARQUET)
    sums = dict(
        line.split("  ")[::-1] for line in (release / "SHA256SUMS").read_text().splitlines()
    )
    files = {path.name: path.read_bytes() for path in release.iterdir()}
    del files["SHA256SUMS"]
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert json.loads(files["snapshot.json"])["snapshot"] == release.name


def test_the_same_data_have_the_same_snapshot_id_and_new_data_another(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    release = _release(desk, Format.JSONL)
    assert run(desk.layout.root, None, Format.JSONL, redact_authors=False) == 0
    assert f"{release}: already there" in capsys.readouterr().out
    desk.crawl(3, {"oak": Shown("Oaks, felled.")})
    assert _release(desk, Format.JSONL).name != release.name


def test_a_redacted_release_names_no_author(desk: Desk) -> None:
    assert "Odile Varga" in _written(_release(desk, Format.JSONL))
    redacted = _release(desk, Format.JSONL, redact_authors=True)
    assert "Odile Varga" not in _written(redacted)
    assert "Oaks, " in _written(redacted)


def _written(release: Path) -> str:
    return "".join(path.read_text("utf-8") for path in release.iterdir())


def test_a_folder_without_crawls_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no crawl"):
        run(tmp_path, None, Format.CSV, redact_authors=False)
