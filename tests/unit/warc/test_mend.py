"""A file whose writer died, cut at every byte of its last two records."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.errors import ArchiveDamaged
from archiver.model import CaptureId, Exchange, Url
from pipelines.warc.files import OPEN_SUFFIX
from pipelines.warc.mend import mend, unfinished
from pipelines.warc.reader import documents
from pipelines.warc.scanning import StoredRecord, scan
from pipelines.warc.writer import Naming, WarcWriter


def _exchange(number: int) -> Exchange:
    body = f"<p>Ferry timetable number {number}</p>".encode()
    return Exchange(
        capture_id=CaptureId(f"00000000-0000-4000-8000-00000000000{number}"),
        url=Url(f"http://ferry.example/{number}"),
        method="GET",
        started_at=datetime(2026, 1, 2, 3, 4, number, tzinfo=UTC),
        duration_ms=7,
        request=b"GET /%d HTTP/1.1\r\nHost: ferry.example\r\n\r\n" % number,
        response=b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body),
    )


@pytest.fixture
def archive(tmp_path: Path) -> bytes:
    """A gzipped WARC file with three exchanges."""
    writer = WarcWriter(tmp_path / "whole", Naming(prefix="ferry", facts={}))
    for number in (1, 2, 3):
        writer.record(_exchange(number))
    (path,) = writer.close()
    return path.read_bytes()


def _ends(data: bytes, folder: Path) -> list[int]:
    path = folder / "all.warc"
    path.write_bytes(data)
    with path.open("rb") as file:
        found = [each for each in scan(file) if isinstance(each, StoredRecord)]
    path.unlink()
    return [record.offset + record.length for record in found]


@pytest.mark.parametrize("is_plain", [False, True], ids=["gzip", "plain"])
def test_no_whole_record_is_lost_wherever_the_file_was_cut(
    archive: bytes, tmp_path: Path, is_plain: bool
) -> None:
    data = gzip.decompress(archive) if is_plain else archive
    ends = _ends(data, tmp_path)
    for cut in range(ends[-3], len(data) + 1):
        path = tmp_path / f"cut.warc{OPEN_SUFFIX}"
        path.write_bytes(data[:cut])
        report = mend(path)
        assert report.path is not None
        assert report.path.stat().st_size == max(end for end in ends if end <= cut), cut
        assert report.records == sum(end <= cut for end in ends)
        report.path.unlink()


def test_a_mended_file_is_read_without_complaint(archive: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"cut.warc.gz{OPEN_SUFFIX}"
    path.write_bytes(archive[:-9])
    assert unfinished(tmp_path) == [path]
    report = mend(path)
    assert report.path is not None
    assert unfinished(tmp_path) == []
    complaints: list[object] = []
    urls = [d.capture.url for d in documents(report.path, on_issue=complaints.append)]
    assert (urls, complaints) == ([f"http://ferry.example/{n}" for n in (1, 2, 3)], [])


def test_a_file_without_a_whole_record_is_removed(archive: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"cut.warc.gz{OPEN_SUFFIX}"
    path.write_bytes(archive[:40])
    assert mend(path).path is None
    assert list(tmp_path.glob("cut*")) == []


def test_damage_before_whole_records_is_told_and_nothing_is_cut(
    archive: bytes, tmp_path: Path
) -> None:
    path = tmp_path / f"bad.warc.gz{OPEN_SUFFIX}"
    damaged = bytearray(archive)
    damaged[len(archive) // 3] ^= 0xFF
    path.write_bytes(damaged)
    with pytest.raises(ArchiveDamaged, match="whole records behind it"):
        mend(path)
    assert path.read_bytes() == damaged
