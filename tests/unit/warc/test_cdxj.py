"""The index of a crawl."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.model import Capture, CaptureId, RecordType, Url
from pipelines.warc import cdxj


def capture(url: str, **changes: object) -> Capture:
    plain = Capture(
        capture_id=CaptureId("11111111-1111-4111-8111-111111111111"),
        url=Url(url),
        captured_at=datetime(2004, 5, 6, 7, 8, 9, 999_000, tzinfo=UTC),
        status=200,
        headers=(("content-TYPE", "Text/HTML; charset=latin1"),),
        payload_digest="sha1:AAAA",
        warc_filename="tides.warc.gz",
        warc_offset=331,
        warc_length=1207,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_line_names_key_time_and_place() -> None:
    line = cdxj.line(capture("http://www.Tidelines.example/a?b=2&a=1"))
    assert line is not None
    key, stamp, facts = line.decode().split(" ", 2)
    assert (key, stamp) == ("example,tidelines)/a?a=1&b=2", "20040506070809")
    assert json.loads(facts) == {
        "url": "http://www.Tidelines.example/a?b=2&a=1",
        "mime": "text/html",
        "status": "200",
        "digest": "sha1:AAAA",
        "length": "1207",
        "offset": "331",
        "filename": "tides.warc.gz",
    }
    assert line.endswith(b"}\n")


def test_a_revisit_is_told_by_its_mime_type() -> None:
    line = cdxj.line(capture("http://tidelines.example/", record_type=RecordType.REVISIT))
    assert json.loads((line or b"").split(b" ", 2)[2])["mime"] == "warc/revisit"


@pytest.mark.parametrize(
    "changes", [{"record_type": RecordType.REQUEST}, {"warc_filename": None}], ids=str
)
def test_what_cannot_be_replayed_has_no_line(changes: dict[str, object]) -> None:
    assert cdxj.line(capture("http://tidelines.example/", **changes)) is None


def test_an_answer_without_status_or_type_has_dashes() -> None:
    line = cdxj.line(capture("http://tidelines.example/", status=None, headers=()))
    facts = json.loads((line or b"").split(b" ", 2)[2])
    assert (facts["status"], facts["mime"]) == ("-", "-")


def test_the_index_is_sorted_by_bytes_without_doubles(tmp_path: Path) -> None:
    names = [f"http://{host}.example/{n}" for host in ("b", "a-b", "a", "A") for n in range(300)]
    captures = [capture(name) for name in reversed(names)]
    path = tmp_path / "index.cdxj"
    count = cdxj.write([*captures, *captures, capture("http://x.example/é~%7E")], path)
    lines = path.read_bytes().splitlines()
    assert len(lines) == count == 1201
    assert lines == sorted(set(lines))
    check = subprocess.run(["sort", "-c", path], env={"LC_ALL": "C"}, check=False)
    assert check.returncode == 0
    assert [each.name for each in tmp_path.iterdir()] == ["index.cdxj"]
