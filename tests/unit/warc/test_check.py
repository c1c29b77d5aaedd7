"""The verifier names every fault of an archive, and none in a good one."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.errors import ArchiveDamaged
from archiver.model import Issue, Severity
from pipelines.warc.check import check
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

CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n"
INFO = record("warcinfo", 1, b"software: test\r\n", Content_Type="application/warc-fields")


def _good() -> list[bytes]:
    """One record of every type, as the standard wants them."""
    about = {"WARC_Concurrent_To": f"<urn:uuid:{uuid(2)}>", "Content_Type": "text/plain"}
    page = "http://tidelines.example/2"
    return [
        INFO,
        response(2, WARC_IP_Address="192.0.2.7"),
        record("request", 3, b"GET / HTTP/1.1\r\n\r\n", url=page, **about),
        record("metadata", 4, b"via: x\r\n", url=page, **about),
        record("resource", 5, PAGE, url="urn:test:log", Content_Type="text/html"),
        record("conversion", 6, b"text", url=page, Content_Type="text/plain"),
        response(7, chunked(PAGE), head=CHUNKED, payload=PAGE),
        revisit(
            8,
            HEAD,
            WARC_Payload_Digest=sha1(PAGE),
            WARC_Refers_To=f"<urn:uuid:{uuid(2)}>",
            WARC_Refers_To_Target_URI=page,
            WARC_Refers_To_Date=DATE,
        ),
    ]


def _codes(path: Path, *severities: Severity) -> set[str]:
    wanted = severities or (Severity.ERROR, Severity.WARNING)
    return {issue.code for issue in check(path) if issue.severity in wanted}


def _written(folder: Path, data: bytes, name: str = "a.warc.gz") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _alarms(path: Path) -> list[Issue]:
    return [issue for issue in check(path) if issue.severity is not Severity.INFO]


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_a_good_file_raises_no_alarm(tmp_path: Path, name: str) -> None:
    data = packed(*_good()) if name.endswith("gz") else b"".join(_good())
    assert _alarms(_written(tmp_path, data, name)) == []


@pytest.mark.parametrize(
    ("payload", "words"), [(PAGE, "the entity body"), (chunked(PAGE), "the chunked bytes")]
)
def test_both_conventions_for_chunked_payloads_pass_and_are_named(
    tmp_path: Path, payload: bytes, words: str
) -> None:
    path = _written(
        tmp_path, packed(INFO, response(2, chunked(PAGE), head=CHUNKED, payload=payload))
    )
    assert _alarms(path) == []
    [said] = check(path)
    assert said.code == "warc.payload_digest_convention"
    assert words in said.message


def test_wget_spells_addresses_in_brackets_and_that_is_legal_in_1_0(tmp_path: Path) -> None:
    old = response(2, url="<http://tidelines.example/>", version="WARC/1.0")
    assert _alarms(_written(tmp_path, packed(old))) == []


def test_what_warcio_writes_raises_no_alarm(tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    writer.write_record(writer.create_warcinfo_record("a.warc.gz", {"software": "test"}))
    fields = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    first = writer.create_warc_record(
        "http://tidelines.example/", "response", payload=io.BytesIO(PAGE), http_headers=fields
    )
    writer.write_record(first)
    again = writer.create_revisit_record(
        "http://tidelines.example/again",
        digest=sha1(PAGE),
        refers_to_uri="http://tidelines.example/",
        refers_to_date=first.rec_headers.get_header("WARC-Date"),
        http_headers=fields,
    )
    writer.write_record(again)
    for each in (first, again):
        each.raw_stream.close()
    assert _alarms(_written(tmp_path, out.getvalue())) == []


# The mutation table: what other validators let pass

Mutation = Callable[[list[bytes]], bytes]


def _replaced(old: bytes, new: bytes, number: int = 1) -> Mutation:
    def mutate(records: list[bytes]) -> bytes:
        assert old in records[number]
        records[number] = records[number].replace(old, new, 1)
        return packed(*records)

    return mutate


def _instead(other: bytes) -> Mutation:
    return lambda records: packed(*records[:1], other, *records[2:])


def _flipped(records: list[bytes]) -> bytes:
    at = records[1].index(b"Low water")
    records[1] = records[1][:at] + b"Lox" + records[1][at + 3 :]
    return packed(*records)


MUTATIONS: dict[str, tuple[Mutation, str]] = {
    "last bytes cut off": (lambda r: packed(*r)[:-10], "warc.cut_short"),
    "only the gzip trailer cut off": (lambda r: packed(*r)[:-1], "warc.cut_short"),
    "cut in the middle of a record": (lambda r: r[0] + r[1][:-40], "warc.record_cut"),
    "cut in the middle of a header": (lambda r: r[0] + r[1][:40], "warc.header_cut"),
    "cut in the middle of a packed record": (
        lambda r: packed(*r[:1]) + packed(r[1])[:-60],
        "warc.cut_short",
    ),
    "trailing NUL bytes": (lambda r: packed(*r) + b"\0" * 64, "warc.garbage"),
    "junk between records": (
        lambda r: packed(*r[:2]) + b"junk" + packed(*r[2:]),
        "warc.garbage",
    ),
    "junk inside a member": (lambda r: packed(r[0] + b"junk", *r[1:]), "warc.garbage"),
    "whole file in one member": (lambda r: gzip.compress(b"".join(r)), "warc.shared_member"),
    "two records in a member": (lambda r: packed(r[0] + r[1], *r[2:]), "warc.shared_member"),
    "flipped byte in a payload": (_flipped, "warc.block_digest_mismatch"),
    "wrong payload digest": (_instead(response(2, payload=b"x")), "warc.payload_digest_mismatch"),
    "digest of the block as the payload's": (
        _instead(response(2, payload=HEAD + b"\r\n" + PAGE)),
        "warc.payload_digest_mismatch",
    ),
    "no digests at all": (
        _instead(response(2, WARC_Payload_Digest=None, WARC_Block_Digest=None)),
        "warc.digest_missing",
    ),
    "digest of an unknown kind": (
        _instead(response(2, WARC_Payload_Digest="crc32:00")),
        "warc.digest_unknown",
    ),
    "missing record id": (_instead(response(2, WARC_Record_ID=None)), "warc.field_missing"),
    "repeated record id": (lambda r: packed(*r, r[4]), "warc.id_repeated"),
    "record id without brackets": (
        _instead(response(2, WARC_Record_ID=f"urn:uuid:{uuid(2)}")),
        "warc.value_malformed",
    ),
    "missing address": (_instead(response(2, WARC_Target_URI=None)), "warc.field_missing"),
    "address of warcinfo": (
        _replaced(b"WARC-Type", b"WARC-Target-URI: http://a.example/\r\nWARC-Type", 0),
        "warc.field_misplaced",
    ),
    "address in brackets in 1.1": (
        _instead(response(2, url="<http://tidelines.example/>")),
        "warc.uri_brackets",
    ),
    "relative address": (_instead(response(2, url="/about")), "warc.value_malformed"),
    "missing date": (_instead(response(2, WARC_Date=None)), "warc.field_missing"),
    "date without zone": (
        _instead(response(2, WARC_Date="2009-04-05T06:07:08")),
        "warc.date_malformed",
    ),
    "day that does not exist": (
        _instead(response(2, WARC_Date="2009-02-30T06:07:08Z")),
        "warc.date_malformed",
    ),
    "fraction of a second in 1.0": (
        _instead(response(2, WARC_Date="2009-04-05T06:07:08.123456Z", version="WARC/1.0")),
        "warc.date_malformed",
    ),
    "no content type": (_instead(response(2, Content_Type=None)), "warc.field_missing"),
    "content length too small": (
        _replaced(b"Content-Length: 1", b"Content-Length: "),
        "warc.garbage",
    ),
    "content length too large": (
        _replaced(b"Content-Length: ", b"Content-Length: 1"),
        "warc.record_cut",
    ),
    "content length no number": (
        _instead(response(2, Content_Length="some")),
        "warc.value_malformed",
    ),
    "content length too large in a plain file": (
        lambda r: b"".join([*r[:1], response(2, Content_Length="9999"), *r[2:]]),
        "warc.record_cut",
    ),
    "one line end too few": (
        _instead(record("response", 2, PAGE, url="http://a.example/", end=b"\r\n")),
        "warc.record_end",
    ),
    "one line end too many": (
        _instead(record("response", 2, PAGE, url="http://a.example/", end=b"\r\n\r\n\r\n")),
        "warc.record_end",
    ),
    "chunks announced but not stored": (
        _instead(response(2, head=CHUNKED)),
        "http.chunks_missing",
    ),
    "no status line": (_instead(response(2, head=b"Oops\r\n")), "http.status_line"),
    "revisit without profile": (_instead(revisit(2, WARC_Profile=None)), "warc.field_missing"),
    "revisit of an unknown profile": (
        _instead(revisit(2, WARC_Profile="http://a.example/other")),
        "warc.revisit_profile",
    ),
    "revisit without payload digest": (_instead(revisit(2)), "warc.field_missing"),
    "revisit of a record that is not there": (
        _instead(
            revisit(2, WARC_Refers_To=f"<urn:uuid:{uuid(99)}>", WARC_Payload_Digest=sha1(PAGE))
        ),
        "warc.revisit_dangling",
    ),
    "reference on a response": (
        _instead(response(2, WARC_Refers_To=f"<urn:uuid:{uuid(4)}>")),
        "warc.field_misplaced",
    ),
    "file name outside warcinfo": (
        _instead(response(2, WARC_Filename="a.warc")),
        "warc.field_misplaced",
    ),
    "address of a machine that is none": (
        _instead(response(2, WARC_IP_Address="localhost")),
        "warc.value_malformed",
    ),
    "unknown reason of truncation": (
        _instead(response(2, WARC_Truncated="tired")),
        "warc.value_malformed",
    ),
    "repeated field": (
        _replaced(b"WARC-Date", b"WARC-Date: 2001-01-01T00:00:00Z\r\nWARC-Date"),
        "warc.field_repeated",
    ),
    "bare line feed in the header": (
        _replaced(b"\r\nWARC-Date", b"\nWARC-Date"),
        "warc.header_line",
    ),
    "folded header line": (
        _replaced(b"\r\nWARC-Date", b"\r\n folded\r\nWARC-Date"),
        "warc.header_line",
    ),
    "space before a colon": (_replaced(b"WARC-Date:", b"WARC-Date :"), "warc.header_line"),
    "header line without a colon": (
        _replaced(b"WARC-Date", b"nonsense\r\nWARC-Date"),
        "warc.header_line",
    ),
    "header that is not UTF-8": (
        _replaced(b"WARC-Date", b"X-Name: Bogot\xe1\r\nWARC-Date"),
        "warc.header_line",
    ),
    "version of the future": (_replaced(b"WARC/1.1", b"WARC/2.0"), "warc.version"),
    "continuation without its origin": (
        _instead(record("continuation", 2, b"x", url="http://a.example/")),
        "warc.field_missing",
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_mutation_of_a_good_file_is_named(tmp_path: Path, name: str) -> None:
    mutate, code = MUTATIONS[name]
    path = _written(tmp_path, mutate(_good()), "a.warc" if "plain file" in name else "a.warc.gz")
    assert code in _codes(path)


def test_a_damage_is_told_with_file_and_offset(tmp_path: Path) -> None:
    first = packed(INFO)
    data = first + packed(response(2, payload=b"x"))
    [issue] = _alarms(_written(tmp_path, data, "b.warc.gz"))
    assert issue.message.startswith(f"b.warc.gz, byte {len(first)}: ")


def test_a_digest_in_hex_of_another_algorithm_is_checked(tmp_path: Path) -> None:
    right = "sha256:" + hashlib.sha256(PAGE).hexdigest()
    good = _written(tmp_path, packed(INFO, response(2, WARC_Payload_Digest=right)), "good.warc.gz")
    wrong = "sha256:" + hashlib.sha256(b"x").hexdigest()
    bad = _written(tmp_path, packed(INFO, response(2, WARC_Payload_Digest=wrong)), "bad.warc.gz")
    assert _codes(good) == set()
    assert _codes(bad) == {"warc.payload_digest_mismatch"}


def test_an_original_in_another_of_the_files_is_found(tmp_path: Path) -> None:
    later = revisit(9, WARC_Refers_To=f"<urn:uuid:{uuid(2)}>", WARC_Payload_Digest=sha1(PAGE))
    paths = [
        _written(tmp_path, packed(later), "a.warc.gz"),
        _written(tmp_path, packed(INFO, response(2)), "b.warc.gz"),
    ]
    assert [issue.code for issue in check(paths) if issue.severity is not Severity.INFO] == []
    assert "warc.revisit_dangling" in _codes(paths[0])


def test_a_file_that_is_no_archive_is_an_issue_and_a_missing_one_an_error(tmp_path: Path) -> None:
    assert "warc.not_an_archive" in _codes(_written(tmp_path, b"hello"))
    with pytest.raises(ArchiveDamaged):
        list(check(tmp_path / "gone.warc"))
