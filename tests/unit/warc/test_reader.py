"""The reader gives every capture of an archive, however the archive was written or damaged."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import zipfile
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from backports import zstd

from archiver.errors import ArchiveDamaged
from archiver.model import (
    CaptureId,
    Document,
    Exchange,
    Issue,
    RecordType,
    Truncated,
    Url,
)
from pipelines.warc.exchanges import bundle
from pipelines.warc.reader import documents, read_at, with_body_of
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


def _read(path: Path | list[Path]) -> tuple[list[Document], list[Issue]]:
    issues: list[Issue] = []
    return list(documents(path, on_issue=issues.append)), issues


def _written(folder: Path, data: bytes, name: str = "a.warc.gz") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _noise(size: int, seed: int = 7) -> bytes:
    """Bytes that gzip cannot shrink, so that damage hits what it is aimed at."""
    return random.Random(seed).randbytes(size)


# What a capture says


def test_a_response_becomes_a_document_with_everything_its_record_says(tmp_path: Path) -> None:
    data = packed(
        record("warcinfo", 1, b"software: test\r\n", WARC_Filename="a.warc.gz"),
        response(2, WARC_IP_Address="192.0.2.7"),
    )
    [document], issues = _read(_written(tmp_path, data))
    capture = document.capture
    assert document.body == PAGE
    assert capture.capture_id == uuid(2)
    assert capture.url == "http://tidelines.example/2"
    assert capture.captured_at == datetime(2009, 4, 5, 6, 7, 8, tzinfo=UTC)
    assert capture.record_type is RecordType.RESPONSE
    assert capture.status == 200
    assert capture.headers == (("Content-Type", "text/html; charset=utf-8"),)
    assert capture.payload_digest == sha1(PAGE)
    assert capture.payload_length == len(PAGE)
    assert capture.ip_address == "192.0.2.7"
    assert capture.warc_filename == "a.warc.gz"
    assert issues == []


def test_header_bytes_beyond_ascii_are_read_as_latin_1(tmp_path: Path) -> None:
    head = HEAD + b"X-Town: Bogot\xe1\r\nX-TOWN:  Lima \r\n"
    [document], _ = _read(_written(tmp_path, packed(response(1, head=head))))
    assert document.capture.headers[1:] == (("X-Town", "Bogotá"), ("X-TOWN", "Lima"))


def test_metadata_of_a_capture_is_joined_to_it_before_or_behind(tmp_path: Path) -> None:
    told = b"via: http://tidelines.example/\r\nhopsFromSeed: LE\r\nfetchTimeMs: 321\r\n"
    about = {"Content_Type": "application/warc-fields"}
    behind = record("metadata", 3, told, WARC_Concurrent_To=f"<urn:uuid:{uuid(2)}>", **about)
    before = record("metadata", 4, told, WARC_Refers_To=f"<urn:uuid:{uuid(5)}>", **about)
    data = packed(response(2), record("request", 9, b"GET"), behind, before, response(5))
    found, issues = _read(_written(tmp_path, data))
    assert [
        (each.capture.via, each.capture.hops_from_seed, each.capture.duration_ms) for each in found
    ] == [("http://tidelines.example/", "LE", 321)] * 2
    assert issues == []


def test_records_that_are_no_web_capture_are_passed_over_silently(tmp_path: Path) -> None:
    data = packed(
        record("response", 1, b"20090405 192.0.2.1", url="dns:tidelines.example"),
        record("resource", 2, b"log", url="urn:archiver:log", Content_Type="text/plain"),
        record("conversion", 3, b"x", url="http://tidelines.example/"),
        response(4),
    )
    found, issues = _read(_written(tmp_path, data))
    assert [each.capture.capture_id for each in found] == [uuid(4)]
    assert issues == []


def test_a_resource_record_has_the_media_type_of_its_record(tmp_path: Path) -> None:
    data = record("resource", 1, PAGE, url="http://tidelines.example/r", Content_Type="text/html")
    [document], issues = _read(_written(tmp_path, packed(data)))
    assert document.body == PAGE
    assert document.capture.status is None
    assert document.capture.header("content-type") == "text/html"
    assert document.capture.payload_digest == sha1(PAGE)
    assert issues == []


def test_brackets_around_an_address_are_not_part_of_it(tmp_path: Path) -> None:
    data = response(1, url="<http://tidelines.example/a>", version="WARC/1.0")
    [document], _ = _read(_written(tmp_path, packed(data)))
    assert document.capture.url == "http://tidelines.example/a"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2009-04-05T06:07:08.123456789Z", datetime(2009, 4, 5, 6, 7, 8, 123456, tzinfo=UTC)),
        ("2009-04-05T06:07", datetime(2009, 4, 5, 6, 7, tzinfo=UTC)),
        ("2009-04-05", datetime(2009, 4, 5, tzinfo=UTC)),
        ("2009", datetime(2009, 1, 1, tzinfo=UTC)),
        ("2009-04-05T06:07:08+02:00", datetime(2009, 4, 5, 4, 7, 8, tzinfo=UTC)),
        ("20090405060708", datetime(2009, 4, 5, 6, 7, 8, tzinfo=UTC)),
    ],
)
def test_record_dates_of_every_precision_are_read(
    tmp_path: Path, text: str, expected: datetime
) -> None:
    [document], issues = _read(_written(tmp_path, packed(response(1, WARC_Date=text))))
    assert document.capture.captured_at == expected
    assert issues == []


def test_an_unusable_record_date_gives_way_to_the_servers_and_is_told(tmp_path: Path) -> None:
    head = HEAD + b"Date: Sun, 05 Apr 2009 06:07:09 GMT\r\n"
    [document], [issue] = _read(
        _written(tmp_path, packed(response(1, head=head, WARC_Date="blue monday")))
    )
    assert document.capture.captured_at == datetime(2009, 4, 5, 6, 7, 9, tzinfo=UTC)
    assert issue.code == "warc.date_unusable"
    assert "blue monday" in issue.message


def test_a_record_without_id_gets_the_same_one_at_every_reading(tmp_path: Path) -> None:
    path = _written(tmp_path, packed(response(1, WARC_Record_ID=None)))
    (first,), (issue,) = _read(path)
    (second,), _ = _read(path)
    assert first.capture.capture_id == second.capture.capture_id
    assert issue.code == "warc.field_missing"


def test_a_capture_without_an_address_is_an_issue(tmp_path: Path) -> None:
    data = packed(response(1, WARC_Target_URI=None), response(2))
    found, [issue] = _read(_written(tmp_path, data))
    assert [each.capture.capture_id for each in found] == [uuid(2)]
    assert issue.code == "warc.field_missing"
    assert "a.warc.gz, byte 0" in issue.message


def test_a_declared_truncation_is_kept_and_its_short_body_is_no_surprise(tmp_path: Path) -> None:
    head = HEAD + b"Content-Length: 5000\r\n"
    data = packed(response(1, head=head, WARC_Truncated="disconnect"), response(2, head=head))
    (declared, silent), [issue] = _read(_written(tmp_path, data))
    assert declared.capture.truncated is Truncated.DISCONNECT
    assert silent.capture.truncated is None
    assert issue.code == "http.body_cut"
    assert issue.capture_id == uuid(2)


def test_what_our_writer_writes_reads_back_as_the_captures_of_the_crawl(tmp_path: Path) -> None:
    page, coded = PAGE * 20, gzip.compress(PAGE * 20, mtime=0)
    answers = [
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(page),
        HEAD + b"Content-Encoding: gzip\r\n\r\n" + coded,
        HEAD + b"Transfer-Encoding: chunked\r\nAge: 1\r\n\r\n" + chunked(page),
        b"HTTP/1.1 304 Not Modified\r\nContent-Type: text/html\r\n\r\n",
    ]
    numbers, known, live, records = count(100), {}, [], []
    for number, answer in enumerate(answers):
        exchange = Exchange(
            capture_id=CaptureId(uuid(number)),
            url=Url(f"http://tidelines.example/{number % 2}"),
            method="GET",
            started_at=datetime(2009, 4, 5, 6, 7, number, 250_000, tzinfo=UTC),
            duration_ms=12,
            request=b"GET / HTTP/1.1\r\n\r\n",
            response=answer,
            ip_address="192.0.2.7",
            via="http://tidelines.example/",
            hops_from_seed="L",
        )
        written = bundle(
            exchange,
            warcinfo_id=uuid(99),
            new_id=lambda: uuid(next(numbers)),
            dedup=lambda capture: known.get(capture.url),
        )
        known.setdefault(exchange.url, written.capture)
        live.append(written.capture)
        records += [b"".join(part[:] for part in each.parts()) for each in written.records]
    found, issues = _read(_written(tmp_path, packed(*records)))
    unplaced = [
        replace(
            each.capture,
            warc_filename=None,
            warc_offset=None,
            warc_length=None,
            payload_length=None,
        )
        for each in found
    ]
    assert unplaced == [replace(each, payload_length=None) for each in live]
    assert [each.body for each in found] == [page] * 4
    assert issues == []


# Codings and digests


def test_chunks_and_codings_are_removed_from_the_body(tmp_path: Path) -> None:
    coded = gzip.compress(PAGE, mtime=0)
    head = HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
    data = packed(response(1, chunked(coded), head=head, payload=coded))
    [document], issues = _read(_written(tmp_path, data))
    assert document.body == PAGE
    assert document.capture.payload_digest == sha1(coded)
    assert issues == []


@pytest.mark.parametrize("digested", ["entity", "chunks", "decoded"])
def test_every_convention_for_the_payload_digest_is_taken(tmp_path: Path, digested: str) -> None:
    coded = gzip.compress(PAGE, mtime=0)
    over = {"entity": coded, "chunks": chunked(coded), "decoded": PAGE}[digested]
    head = HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
    data = packed(response(1, chunked(coded), head=head, payload=over))
    [document], issues = _read(_written(tmp_path, data))
    assert document.capture.payload_digest == sha1(over)
    assert issues == []


def test_a_payload_digest_that_is_wrong_stays_and_is_told(tmp_path: Path) -> None:
    [document], [issue] = _read(_written(tmp_path, packed(response(1, payload=b"other"))))
    assert document.capture.payload_digest == sha1(b"other")
    assert issue.code == "warc.payload_digest_mismatch"


def test_a_digest_in_hex_is_kept_in_base32_and_a_missing_one_computed(tmp_path: Path) -> None:
    spelled = "SHA1:" + hashlib.sha1(PAGE, usedforsecurity=False).hexdigest().upper()
    data = packed(response(1, WARC_Payload_Digest=spelled), response(2, WARC_Payload_Digest=None))
    found, issues = _read(_written(tmp_path, data))
    assert [each.capture.payload_digest for each in found] == [sha1(PAGE)] * 2
    assert issues == []


def test_a_body_stored_without_the_chunks_its_head_announces_is_whole(tmp_path: Path) -> None:
    head = HEAD + b"Transfer-Encoding: chunked\r\nContent-Encoding: br\r\n"
    [document], issues = _read(_written(tmp_path, packed(response(1, head=head))))
    assert document.body == PAGE
    assert issues == []


# Containers


def test_offsets_and_lengths_cut_each_record_out_of_the_file(tmp_path: Path) -> None:
    records = [response(number, _noise(300 * number)) for number in (1, 2, 3)]
    for name, data in (("a.warc.gz", packed(*records)), ("b.warc", b"".join(records))):
        path = _written(tmp_path, data, name)
        found, _ = _read(path)
        cut = [
            data[each.capture.warc_offset or 0 :][: each.capture.warc_length or 0] for each in found
        ]
        plain = [gzip.decompress(each) for each in cut] if name.endswith("gz") else cut
        assert plain == records


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc", "whole.warc.gz", "a.warc.zst", "b.gz"])
def test_any_record_is_read_again_by_its_place(tmp_path: Path, name: str) -> None:
    records = [response(number, _noise(3000, number)) for number in range(1, 6)]
    data = {
        "a.warc.gz": packed(*records),
        "a.warc": b"".join(records),
        "whole.warc.gz": gzip.compress(b"".join(records)),
        "a.warc.zst": b"".join(zstd.compress(each) for each in records),
        "b.gz": packed(b"".join(records[:2]), b"".join(records[2:])),
    }[name]
    path = _written(tmp_path, data, name)
    found, issues = _read(path)
    assert [each.body for each in found] == [_noise(3000, number) for number in range(1, 6)]
    assert issues == []
    for each in found:
        assert read_at(path, each.capture.warc_offset or 0) == each


def test_a_place_where_no_capture_begins_is_refused(tmp_path: Path) -> None:
    path = _written(tmp_path, packed(response(1)))
    with pytest.raises(ArchiveDamaged, match="no capture begins here"):
        read_at(path, 17)


def test_a_record_read_by_its_place_tells_its_own_faults_and_no_others(tmp_path: Path) -> None:
    records = [packed(response(1, payload=b"x")), packed(response(2)), b"junk"]
    path = _written(tmp_path, b"".join(records))
    heard: list[Issue] = []
    read_at(path, 0, on_issue=heard.append)
    assert [issue.code for issue in heard] == ["warc.payload_digest_mismatch"]
    heard.clear()
    read_at(path, len(records[0]), on_issue=heard.append)
    assert heard == []


def test_a_revisit_read_by_its_place_is_joined_to_its_original(tmp_path: Path) -> None:
    again = revisit(2, HEAD, WARC_Payload_Digest=sha1(PAGE), WARC_Date="2010-01-01T00:00:00Z")
    path = _written(tmp_path, packed(response(1), again))
    original, resolved = _read(path)[0]
    alone = read_at(path, resolved.capture.warc_offset or 0)
    assert alone.body == b""
    assert with_body_of(alone.capture, original) == resolved


def test_zstd_files_with_a_dictionary_are_read(tmp_path: Path) -> None:
    records = [response(number, PAGE + _noise(50, number)) for number in range(1, 40)]
    dictionary = zstd.train_dict(records * 5, 1024)
    raw = dictionary.dict_content
    frame = b"\x5d\x2a\x4d\x18" + len(raw).to_bytes(4, "little") + raw
    frames = [zstd.compress(each, zstd_dict=dictionary) for each in records]
    path = _written(tmp_path, frame + b"".join(frames), "a.warc.zst")
    found, issues = _read(path)
    assert len(found) == 39
    assert issues == []
    assert read_at(path, found[20].capture.warc_offset or 0) == found[20]


def test_a_record_cut_into_several_gzip_members_is_one_record(tmp_path: Path) -> None:
    plain = response(1, _noise(9000)) + response(2)
    pieces = [plain[at : at + 1000] for at in range(0, len(plain), 1000)]
    found, issues = _read(_written(tmp_path, packed(*pieces)))
    assert [each.body for each in found] == [_noise(9000), PAGE]
    assert issues == []


def test_arc_files_of_both_versions_are_read(tmp_path: Path) -> None:
    block = HEAD + b"\r\n" + PAGE
    first = (
        b"filedesc://a.arc 0.0.0.0 20090405060708 text/plain 76\n1 0 Test\n"
        b"URL IP-address Archive-date Content-type Archive-length\n\n"
    )
    first = first.replace(b"76", str(len(first.partition(b"\n")[2]) - 1).encode())
    old = b"http://tidelines.example/1 192.0.2.7 20090405060708 text/html %d\n" % len(block)
    new = (
        b"http://tidelines.example/2 192.0.2.7 20090405060708 text/html 200 - - 0 a.arc %d\n"
        % len(block)
    )
    data = first + old + block + b"\n" + new + block + b"\n"
    found, issues = _read(_written(tmp_path, data, "a.arc"))
    assert [each.capture.url for each in found] == [
        "http://tidelines.example/1",
        "http://tidelines.example/2",
    ]
    assert {each.capture.captured_at for each in found} == {
        datetime(2009, 4, 5, 6, 7, 8, tzinfo=UTC)
    }
    assert [each.body for each in found] == [PAGE, PAGE]
    assert issues == []


def _wacz(**members: tuple[bytes, int]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, (data, method) in members.items():
            package.writestr(f"archive/{name}.warc.gz", data, method)
        package.writestr("datapackage.json", "{}", zipfile.ZIP_DEFLATED)
    return out.getvalue()


def test_the_members_of_a_wacz_are_read_and_sought(tmp_path: Path) -> None:
    inner = _wacz(c=(packed(response(4)), zipfile.ZIP_STORED))
    data = _wacz(
        a=(packed(response(1), response(2)), zipfile.ZIP_STORED),
        b=(packed(response(3)), zipfile.ZIP_DEFLATED),
    )
    path = _written(tmp_path, data, "a.wacz")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("inner.wacz", inner, zipfile.ZIP_STORED)
    found, issues = _read(path)
    assert [(each.capture.capture_id, each.capture.warc_filename) for each in found] == [
        (uuid(1), "archive/a.warc.gz"),
        (uuid(2), "archive/a.warc.gz"),
        (uuid(3), "archive/b.warc.gz"),
        (uuid(4), "inner.wacz/archive/c.warc.gz"),
    ]
    assert issues == []
    for each in found:
        place = each.capture.warc_offset or 0
        assert read_at(path, place, member=each.capture.warc_filename) == each


def test_a_wacz_that_lost_its_directory_still_gives_its_records(tmp_path: Path) -> None:
    records = [response(number, _noise(2000, number)) for number in range(1, 5)]
    whole = _wacz(a=(packed(*records), zipfile.ZIP_STORED))
    found, issues = _read(_written(tmp_path, whole[:7000], "a.wacz"))
    assert [each.capture.capture_id for each in found] == [uuid(1), uuid(2), uuid(3)]
    assert {issue.code for issue in issues} == {"warc.garbage", "warc.cut_short", "warc.record_cut"}


def test_a_folder_is_searched_in_depth_and_several_paths_are_one_input(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    _written(tmp_path / "in", packed(response(1)), "b.warc.gz")
    _written(tmp_path / "in" / "deep", response(2), "a.warc.open")
    _written(tmp_path / "in", b"no archive", "notes.txt")
    other = _written(tmp_path, packed(response(3)), "c.warc.gz")
    found, issues = _read([tmp_path / "in", other])
    assert [each.capture.capture_id for each in found] == [uuid(1), uuid(2), uuid(3)]
    assert issues == []


# Damage


def test_a_flipped_bit_costs_one_record_and_is_told_with_its_place(tmp_path: Path) -> None:
    members = [packed(response(number, _noise(4000, number))) for number in (1, 2, 3)]
    broken = bytearray(members[1])
    broken[len(broken) // 2] ^= 0x10
    data = members[0] + bytes(broken) + members[2]
    found, issues = _read(_written(tmp_path, data))
    assert [each.capture.capture_id for each in found] == [uuid(1), uuid(2), uuid(3)]
    assert found[2].body == _noise(4000, 3)
    damage = next(issue for issue in issues if issue.code == "warc.member_damaged")
    assert f"a.warc.gz, byte {len(members[0])}:" in damage.message
    assert {issue.code for issue in issues} <= {
        "warc.member_damaged",
        "warc.payload_digest_mismatch",
        "warc.record_cut",
    }


def test_a_gzip_body_inside_a_damaged_record_is_not_taken_for_a_record(tmp_path: Path) -> None:
    coded = gzip.compress(_noise(5000))
    head = HEAD + b"Content-Encoding: gzip\r\n"
    members = [packed(response(1, coded, head=head)), packed(response(2))]
    broken = bytearray(members[0])
    broken[60] ^= 0xFF
    found, issues = _read(_written(tmp_path, bytes(broken) + members[1]))
    assert found[-1].capture.capture_id == uuid(2)
    assert found[-1].body == PAGE
    assert "warc.member_damaged" in {issue.code for issue in issues}


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_junk_between_records_is_told_and_passed_over(tmp_path: Path, name: str) -> None:
    records = [response(1), response(2), response(3)]
    parts = [packed(each) for each in records] if name.endswith("gz") else records
    data = b"junk" * 30 + parts[0] + b"\0" * 5000 + parts[1] + parts[2] + b"\0" * 9
    found, issues = _read(_written(tmp_path, data, name))
    assert [each.capture.capture_id for each in found] == [uuid(1), uuid(2), uuid(3)]
    assert [issue.code for issue in issues] == ["warc.garbage"] * 3
    assert f"{name}, byte 0:" in issues[0].message
    assert f"{name}, byte {120 + len(parts[0])}:" in issues[1].message


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_a_file_cut_anywhere_gives_what_is_left(tmp_path: Path, name: str) -> None:
    records = [response(1), response(2, _noise(1500))]
    parts = [packed(each) for each in records] if name.endswith("gz") else records
    data = b"".join(parts)
    for size in range(len(parts[0]) + 1, len(data) - 4, 97):
        found, issues = _read(_written(tmp_path, data[:size], name))
        assert found[0].body == PAGE
        assert issues, size
        if len(found) > 1:
            assert _noise(1500).startswith(found[1].body)
            assert found[1].capture.truncated is Truncated.UNSPECIFIED


@pytest.mark.parametrize("length", ["999999", "20", "", "-1", "many"])
@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc", "whole.warc.gz"])
def test_a_wrong_content_length_costs_no_other_record(
    tmp_path: Path, name: str, length: str
) -> None:
    records = [response(1), response(2, Content_Length=length), response(3), response(4)]
    data = {
        "a.warc.gz": packed(*records),
        "a.warc": b"".join(records),
        "whole.warc.gz": gzip.compress(b"".join(records)),
    }[name]
    found, issues = _read(_written(tmp_path, data, name))
    assert [each.capture.capture_id for each in found] == [uuid(1), uuid(2), uuid(3), uuid(4)]
    assert [each.body for each in found[2:]] == [PAGE, PAGE]
    assert issues


def test_an_archive_kept_as_a_payload_is_not_taken_apart(tmp_path: Path) -> None:
    inner = response(8) + response(9)
    data = response(1, inner) + response(2)
    found, issues = _read(_written(tmp_path, data, "a.warc"))
    assert [each.body for each in found] == [inner, PAGE]
    assert issues == []


def test_a_header_without_an_end_is_told_and_the_next_record_found(tmp_path: Path) -> None:
    data = b"WARC/1.1\r\nWARC-Type: response\r\n" + b"x" * 20 + b"\r\n"
    found, issues = _read(_written(tmp_path, response(1) + data, "a.warc"))
    assert [each.capture.capture_id for each in found] == [uuid(1)]
    assert [issue.code for issue in issues] == ["warc.header_cut"]


def test_old_versions_bare_line_feeds_and_folded_fields_are_read(tmp_path: Path) -> None:
    block = HEAD + b"\r\n" + PAGE
    data = (
        b"WARC/0.18\nwarc-type: response\nWARC-Target-URI:\n\thttp://tidelines.example/old\n"
        b"WARC-Date: 2009-04-05T06:07:08Z\nWARC-Record-ID: <urn:uuid:1>\n"
        b"Content-Length: %d\n\n%s\n\n" % (len(block), block)
    )
    [document], issues = _read(_written(tmp_path, data, "a.warc"))
    assert document.capture.url == "http://tidelines.example/old"
    assert document.body == PAGE
    assert issues == []


@pytest.mark.parametrize(
    "data", [b"", b"nothing of the kind", gzip.compress(PAGE), b"\x1f\x8b\x08"]
)
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ArchiveDamaged, match="no WARC or ARC record"):
        _read(_written(tmp_path, data))


def test_a_missing_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveDamaged, match="No such file"):
        _read(tmp_path / "gone.warc.gz")
    with pytest.raises(ArchiveDamaged, match="no WARC, ARC or WACZ file"):
        _read(tmp_path)


def test_one_file_among_several_that_is_no_archive_is_an_issue(tmp_path: Path) -> None:
    good = _written(tmp_path, packed(response(1)))
    found, issues = _read([_written(tmp_path, b"hello", "b.warc"), good])
    assert len(found) == 1
    assert [issue.code for issue in issues] == ["warc.garbage", "warc.not_an_archive"]


# Revisits

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def test_a_revisit_gets_its_originals_body_wherever_that_is(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nX-Second: yes\r\n"
    again = revisit(1, head, WARC_Payload_Digest=sha1(PAGE), WARC_Date="2010-01-01T00:00:00Z")
    first = _written(tmp_path, packed(again, response(3, b"other")), "a.warc.gz")
    second = _written(tmp_path, gzip.compress(response(4, b"x") + response(2)), "b.warc.gz")
    found, issues = _read([first, second])
    document = found[-1]
    assert document.body == PAGE
    assert document.capture.record_type is RecordType.REVISIT
    assert document.capture.revisit_of == uuid(2)
    assert document.capture.payload_length == len(PAGE)
    assert document.capture.headers == (
        ("X-Second", "yes"),
        ("Content-Type", "text/html; charset=utf-8"),
    )
    assert issues == []


def test_of_two_originals_the_one_that_is_referred_to_counts(tmp_path: Path) -> None:
    page = "http://tidelines.example/same"
    data = packed(
        response(1, b"old", url=page, WARC_Date="2009-01-01T00:00:00Z"),
        response(2, b"new", url=page, WARC_Date="2009-02-01T00:00:00.500Z"),
        revisit(
            3,
            url=page,
            WARC_Profile=NOT_MODIFIED,
            WARC_Refers_To_Target_URI=page,
            WARC_Refers_To_Date="2009-02-01T00:00:00Z",
            WARC_Date="2010-01-01T00:00:00Z",
        ),
        revisit(4, url=page, WARC_Profile=NOT_MODIFIED, WARC_Date="2009-01-15T00:00:00Z"),
    )
    found, issues = _read(_written(tmp_path, data))
    bodies = {each.capture.capture_id: each.body for each in found}
    assert bodies[uuid(3)] == b"new"  # type: ignore[index]
    assert bodies[uuid(4)] == b"old"  # type: ignore[index]
    assert {each.capture.status for each in found[2:]} == {304}
    assert issues == []


def test_the_hidden_304_message_of_our_own_archives_is_told(tmp_path: Path) -> None:
    hidden = b64encode(b'HTTP/1.1 304 Not Modified\r\nETag: "q"\r\n\r\n')
    told = b"not-modified-response-base64: " + hidden + b"\r\n"
    data = packed(
        response(1),
        revisit(2, WARC_Profile=NOT_MODIFIED, WARC_Refers_To=f"<urn:uuid:{uuid(1)}>"),
        record(
            "metadata",
            3,
            told,
            WARC_Concurrent_To=f"<urn:uuid:{uuid(2)}>",
            Content_Type="application/warc-fields",
        ),
    )
    found, issues = _read(_written(tmp_path, data))
    capture = found[-1].capture
    assert capture.status == 304
    assert capture.headers == (("ETag", '"q"'), ("Content-Type", "text/html; charset=utf-8"))
    assert found[-1].body == PAGE
    assert issues == []


def test_a_revisit_of_a_revisit_is_followed_to_the_original(tmp_path: Path) -> None:
    chain = [
        revisit(
            number,
            WARC_Profile=NOT_MODIFIED,
            WARC_Refers_To=f"<urn:uuid:{uuid(number - 1)}>",
            WARC_Date=f"20{number:02d}-01-01T00:00:00Z",
        )
        for number in range(10, 16)
    ]
    data = packed(*reversed(chain), response(9, WARC_Date="2009-01-01T00:00:00Z"))
    found, issues = _read(_written(tmp_path, data))
    assert [each.body for each in found] == [PAGE] * 7
    assert {each.capture.revisit_of for each in found[1:]} == {uuid(9)}
    assert issues == []


def test_revisits_that_refer_to_each_other_end_unresolved(tmp_path: Path) -> None:
    data = packed(
        *(
            revisit(one, WARC_Profile=NOT_MODIFIED, WARC_Refers_To=f"<urn:uuid:{uuid(other)}>")
            for one, other in ((1, 2), (2, 1))
        )
    )
    found, issues = _read(_written(tmp_path, data))
    assert [each.body for each in found] == [b"", b""]
    assert [issue.code for issue in issues] == ["warc.revisit_unresolved"] * 2


def test_an_original_with_another_payload_is_not_taken(tmp_path: Path) -> None:
    page = "http://tidelines.example/same"
    data = packed(
        response(1, b"other", url=page),
        revisit(
            2,
            url=page,
            WARC_Payload_Digest=sha1(PAGE),
            WARC_Refers_To_Target_URI=page,
            WARC_Refers_To_Date=DATE,
        ),
    )
    found, [issue] = _read(_written(tmp_path, data))
    assert found[-1].body == b""
    assert issue.code == "warc.revisit_unresolved"
    assert issue.capture_id == uuid(2)
    assert f"byte {found[-1].capture.warc_offset}" in issue.message


def test_a_revisit_of_nothing_needs_no_original(tmp_path: Path) -> None:
    data = packed(response(1), revisit(2, WARC_Payload_Digest=sha1(b"")))
    found, issues = _read(_written(tmp_path, data))
    assert found[-1].body == b""
    assert issues == []


def test_a_block_too_large_for_memory_is_read_and_checked(tmp_path: Path) -> None:
    body = _noise(1 << 20) * 17
    path = _written(tmp_path, response(1, body) + response(2), "a.warc")
    found, issues = _read(path)
    assert [len(each.body) for each in found] == [len(body), len(PAGE)]
    assert issues == []
    assert replace(found[0], body=b"") == replace(read_at(path, 0), body=b"")
