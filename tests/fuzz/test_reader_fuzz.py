"""Archives damaged at random never raise, and never lose a record in silence."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.errors import ArchiveDamaged
from archiver.model import Issue
from pipelines.warc import http
from pipelines.warc.check import check
from pipelines.warc.reader import documents
from tests.unit.warc.building import (
    DATE,
    HEAD,
    PAGE,
    chunked,
    packed,
    record,
    response,
    revisit,
    sha1,
    uuid,
)

CODED = HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
RECORDS = [
    record("warcinfo", 1, b"software: test\r\n"),
    response(2),
    record("metadata", 3, b"via: x\r\n", WARC_Concurrent_To=f"<urn:uuid:{uuid(2)}>"),
    response(4, chunked(gzip.compress(PAGE, mtime=0)), head=CODED),
    revisit(5, HEAD, WARC_Payload_Digest=sha1(PAGE), WARC_Refers_To_Date=DATE),
    response(6, b"last"),
]
ARC = (
    b"filedesc://a.arc 0.0.0.0 20090405060708 text/plain 14\n1 0 Test\nURL\n\n"
    b"http://tidelines.example/1 192.0.2.7 20090405060708 text/html 40\n" + HEAD[:40] + b"\n"
)
FILES = {
    "packed.warc.gz": packed(*RECORDS),
    "plain.warc": b"".join(RECORDS),
    "whole.warc.gz": gzip.compress(b"".join(RECORDS), mtime=0),
    "plain.arc": ARC,
}

Edit = tuple[str, int, bytes]
edits = st.lists(
    st.tuples(
        st.sampled_from(["flip", "insert", "delete", "cut", "repeat"]),
        st.integers(0, 10_000),
        st.binary(min_size=1, max_size=12)
        | st.sampled_from(
            [b"WARC/1.1\r\n", b"\r\n\r\n", b"\x1f\x8b\x08", b"Content-Length: 9\r\n"]
        ),
    ),
    min_size=1,
    max_size=4,
)
calm = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _edited(data: bytes, changes: list[Edit]) -> bytes:
    for kind, position, piece in changes:
        at = position % (len(data) + 1)
        if kind == "flip":
            data = data[:at] + bytes(byte ^ 0x55 for byte in data[at : at + 1]) + data[at + 1 :]
        elif kind == "insert":
            data = data[:at] + piece + data[at:]
        elif kind == "delete":
            data = data[:at] + data[at + len(piece) :]
        elif kind == "cut":
            data = data[:at]
        else:
            data = data[:at] + data[at // 2 :]
    return data


def _bodies(path: Path) -> tuple[dict[str, bytes], list[Issue]]:
    issues: list[Issue] = []
    try:
        found = list(documents(path, on_issue=issues.append))
    except ArchiveDamaged:
        return {}, issues
    return {each.capture.capture_id: each.body for each in found}, issues


@calm
@given(name=st.sampled_from(sorted(FILES)), changes=edits)
def test_a_file_damaged_anywhere_is_read_to_its_end(
    tmp_path: Path, name: str, changes: list[Any]
) -> None:
    path = tmp_path / name
    path.write_bytes(_edited(FILES[name], changes))
    found, issues = _bodies(path)
    assert all(isinstance(body, bytes) for body in found.values())
    assert all(issue.message.startswith((name, str(path))) for issue in issues)
    assert all(issue.message for issue in check(path))


@calm
@given(at=st.integers(0, 10_000), piece=st.binary(min_size=1, max_size=40))
def test_bytes_overwritten_in_one_packed_record_leave_the_others_whole(
    tmp_path: Path, at: int, piece: bytes
) -> None:
    members = [packed(each) for each in RECORDS]
    start = at % (len(members[3]) - 1)
    broken = members[3][:start] + piece + members[3][start + len(piece) :]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join([*members[:3], broken, *members[4:]]))
    found, issues = _bodies(path)
    assert found[uuid(2)] == PAGE
    assert found[uuid(6)] == b"last"
    is_changed = broken != members[3]
    is_noticed = bool(issues) or any(True for _ in check(path))
    assert not is_changed or is_noticed or found[uuid(4)] == PAGE


@calm
@given(block=st.binary(max_size=300), head=st.sampled_from([b"", HEAD + b"\r\n", CODED + b"\r\n"]))
def test_no_block_is_too_strange_for_http(block: bytes, head: bytes) -> None:
    answer = http.read(head + block, limit=1000)
    assert len(answer.body) <= 1000
    assert 0 <= answer.body_at <= len(head + block)
