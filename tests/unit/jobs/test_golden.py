"""A golden page is written from a saved page or a record of an archive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archiver.errors import ArchiveDamaged
from archiver.jobs.golden import run

PAGE = (
    "<html><head><title>The mule</title></head><body><h1>The mule</h1><p>Posted by Ezekiel on"
    " March 14, 2002</p>"
    "<p>It was not my mule, and I want that written down before anybody comes.</p></body></html>"
)
RECORD = "11111111-2222-4333-8444-555555555555"


def test_a_saved_page_becomes_a_golden_page_with_what_was_read(tmp_path: Path) -> None:
    saved = tmp_path / "mule.html"
    saved.write_text(PAGE)
    written = run(
        str(saved), "generic/mule", folder=tmp_path / "golden", url="http://b.example/mule"
    )
    assert written.claimed_by == "generic/1"
    assert written.page.read_text() == PAGE
    expected = json.loads(written.expectation.read_text())
    assert expected["url"] == "http://b.example/mule"
    assert expected["posts"][0]["author"] == "Ezekiel"
    assert "is_protected" not in expected["posts"][0]


def _warc(path: Path) -> None:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.encode()
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://b.example/warc\r\n"
        f"WARC-Date: 2012-05-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{RECORD}>\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    path.write_bytes(head.encode() + http + b"\r\n\r\n")


def test_a_record_of_an_archive_becomes_a_golden_page(tmp_path: Path) -> None:
    _warc(tmp_path / "a.warc")
    written = run(f"{tmp_path / 'a.warc'}#urn:uuid:{RECORD}", "generic/warc", folder=tmp_path)
    assert json.loads(written.expectation.read_text())["url"] == "http://b.example/warc"


@pytest.mark.parametrize("source", ["absent.html", "a.warc#00000000-0000-4000-8000-000000000000"])
def test_what_does_not_exist_is_an_error_that_names_the_file(source: str, tmp_path: Path) -> None:
    _warc(tmp_path / "a.warc")
    with pytest.raises(ArchiveDamaged, match=source.partition("#")[0]):
        run(str(tmp_path / source), "generic/none", folder=tmp_path)
