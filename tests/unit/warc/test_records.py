"""Records of an exchange, compared as bytes."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b32encode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from mmap import ACCESS_READ, mmap
from pathlib import Path

import pytest

from archiver.model import (
    Capture,
    CaptureId,
    Exchange,
    Follow,
    RecordType,
    Role,
    Truncated,
    Url,
)
from pipelines.warc import exchanges, records
from pipelines.warc.messages import ChunkingError, Dechunker, entity, head, head_end, status_line
from pipelines.warc.packing import packed
from pipelines.warc.records import Record
from pipelines.warc.redaction import redact, redact_heads

BODY = b"<p>Low water at noon, said Ottilie Marsh.</p>" * 30
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + BODY
ASKED = b"GET /tides HTTP/1.1\r\nHost: tidelines.example\r\n\r\n"


def exchange(**changes: object) -> Exchange:
    plain = Exchange(
        capture_id=CaptureId("11111111-1111-4111-8111-111111111111"),
        url=Url("http://tidelines.example/tides"),
        method="GET",
        started_at=datetime(2004, 5, 6, 7, 8, 9, 123_456, tzinfo=UTC),
        duration_ms=42,
        request=ASKED,
        response=ANSWER,
        ip_address="192.0.2.7",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def numbered() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"id-{next(numbers)}"


def bundle(of: Exchange, **options: object) -> exchanges.Bundle:
    return exchanges.bundle(of, warcinfo_id="info", new_id=numbered(), **options)  # type: ignore[arg-type]


def sha1(data: bytes) -> str:
    return "sha1:" + b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def fields(record: Record) -> list[tuple[str, str]]:
    first, *lines = record.header.decode().removesuffix("\r\n\r\n").split("\r\n")
    assert first == "WARC/1.1"
    return [(name, value) for name, _, value in (line.partition(": ") for line in lines)]


def test_an_exchange_becomes_response_request_and_metadata_linked_to_each_other() -> None:
    made = bundle(exchange(via="http://tidelines.example/", hops_from_seed="L"))
    response, request, metadata = made.records
    assert response.header.decode().split("\r\n") == [
        "WARC/1.1",
        "WARC-Type: response",
        "WARC-Record-ID: <urn:uuid:11111111-1111-4111-8111-111111111111>",
        "WARC-Date: 2004-05-06T07:08:09.123Z",
        "WARC-Target-URI: http://tidelines.example/tides",
        "WARC-IP-Address: 192.0.2.7",
        "WARC-Warcinfo-ID: <urn:uuid:info>",
        f"WARC-Payload-Digest: {sha1(BODY)}",
        f"WARC-Block-Digest: {sha1(ANSWER)}",
        "Content-Type: application/http;msgtype=response",
        f"Content-Length: {len(ANSWER)}",
        "",
        "",
    ]
    assert response.block == ANSWER
    assert request.header.decode().split("\r\n") == [
        "WARC/1.1",
        "WARC-Type: request",
        "WARC-Record-ID: <urn:uuid:id-1>",
        "WARC-Date: 2004-05-06T07:08:09.123Z",
        "WARC-Target-URI: http://tidelines.example/tides",
        "WARC-IP-Address: 192.0.2.7",
        "WARC-Warcinfo-ID: <urn:uuid:info>",
        "WARC-Concurrent-To: <urn:uuid:11111111-1111-4111-8111-111111111111>",
        f"WARC-Block-Digest: {sha1(ASKED)}",
        "Content-Type: application/http;msgtype=request",
        f"Content-Length: {len(ASKED)}",
        "",
        "",
    ]
    assert request.block == ASKED
    lines = b"via: http://tidelines.example/\r\nhopsFromSeed: L\r\nfetchTimeMs: 42\r\n"
    assert metadata.block == lines
    assert ("Content-Type", "application/warc-fields") in fields(metadata)
    assert ("WARC-Date", "2004-05-06T07:08:09.123Z") in fields(metadata)


def test_the_capture_tells_what_the_records_tell() -> None:
    capture = bundle(exchange()).capture
    assert capture == Capture(
        capture_id=CaptureId("11111111-1111-4111-8111-111111111111"),
        url=Url("http://tidelines.example/tides"),
        captured_at=datetime(2004, 5, 6, 7, 8, 9, 123_000, tzinfo=UTC),
        status=200,
        headers=(("Content-Type", "text/html"),),
        payload_digest=sha1(BODY),
        payload_length=len(BODY),
        ip_address="192.0.2.7",
        duration_ms=42,
    )


def test_where_nothing_came_back_the_request_carries_the_capture_id() -> None:
    made = bundle(exchange(response=b"", error="ConnectionRefused: no\nluck"))
    request, metadata = made.records
    assert request.record_id == made.capture.capture_id
    assert made.capture.record_type is RecordType.REQUEST
    assert "WARC-Concurrent-To" not in dict(fields(request))
    assert b"error: ConnectionRefused: no luck\r\n" in metadata.block


def test_a_date_in_another_zone_is_written_in_utc() -> None:
    moment = datetime(2004, 5, 6, 1, 0, tzinfo=timezone(timedelta(hours=-7)))
    assert records.instant(moment) == "2004-05-06T08:00:00.000Z"


@pytest.mark.parametrize("reason", list(Truncated))
def test_a_cut_answer_says_why(reason: Truncated) -> None:
    made = bundle(exchange(truncated=reason))
    assert ("WARC-Truncated", reason.value) in fields(made.records[0])
    assert made.capture.truncated is reason


def test_interim_answers_and_surplus_are_told_beside_the_response() -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    made = bundle(exchange(interim=interim, surplus_bytes=17))
    lines = bytes(made.records[2].block).decode().split("\r\n")
    assert f"interim-responses-base64: {b64encode(interim).decode()}" in lines
    assert "surplus-bytes-after-message: 17" in lines
    assert made.records[0].block == ANSWER


def test_the_payload_digest_is_without_chunks_but_with_content_coding() -> None:
    coded = gzip.compress(BODY, mtime=0)
    chunks = b"%x;ext=1\r\n%b\r\n0\r\nX-Sum: 1\r\n\r\n" % (len(coded), coded)
    lines = b"Content-Encoding: gzip\r\nTransfer-Encoding: Chunked\r\n"
    answer = b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n" + chunks
    made = bundle(exchange(response=answer))
    assert made.capture.payload_digest == sha1(coded)
    assert made.capture.payload_length is None
    assert made.records[0].block == answer


def test_a_mapped_answer_gives_the_same_records_as_one_in_memory(tmp_path: Path) -> None:
    large = b"HTTP/1.1 200 OK\r\n\r\n" + bytes(range(256)) * 10_000
    (tmp_path / "large").write_bytes(large)
    with (tmp_path / "large").open("rb") as file:
        mapped = mmap(file.fileno(), 0, access=ACCESS_READ)
    left, right = bundle(exchange(response=large)), bundle(exchange(response=mapped))
    assert left.capture == right.capture
    for one, other in zip(left.records, right.records, strict=True):
        assert one.header == other.header
        unpacked = gzip.decompress(b"".join(packed(other.parts())))
        assert unpacked == one.header + one.block[:] + b"\r\n\r\n"


def original() -> Capture:
    return replace(
        bundle(exchange()).capture,
        capture_id=CaptureId("00000000-0000-4000-8000-000000000000"),
        captured_at=datetime(2003, 1, 2, 3, 4, 5, tzinfo=UTC),
    )


def test_an_identical_payload_becomes_a_revisit_with_all_fields_of_its_original() -> None:
    made = bundle(exchange(), dedup=lambda _: original())
    revisit = made.records[0]
    assert revisit.block == ANSWER[: -len(BODY)]
    told = dict(fields(revisit))
    assert told["WARC-Type"] == "revisit"
    assert told["WARC-Profile"].endswith("/revisit/identical-payload-digest")
    assert told["WARC-Refers-To"] == "<urn:uuid:00000000-0000-4000-8000-000000000000>"
    assert told["WARC-Refers-To-Target-URI"] == "http://tidelines.example/tides"
    assert told["WARC-Refers-To-Date"] == "2003-01-02T03:04:05.000Z"
    assert told["WARC-Payload-Digest"] == sha1(BODY)
    assert told["WARC-Truncated"] == "length"
    assert made.capture.record_type is RecordType.REVISIT
    assert made.capture.revisit_of == original().capture_id
    assert made.capture.truncated is None


def test_a_not_modified_answer_becomes_an_empty_revisit_and_is_kept_beside_it() -> None:
    answer = b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n'
    revisit, _, metadata = bundle(exchange(response=answer), dedup=lambda _: original()).records
    told = dict(fields(revisit))
    assert told["WARC-Profile"].endswith("/revisit/server-not-modified")
    assert told["Content-Length"] == "0"
    assert "Content-Type" not in told
    assert "WARC-Truncated" not in told
    line = f"not-modified-response-base64: {b64encode(answer).decode()}\r\n"
    assert bytes(metadata.block).decode().endswith(line)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"response": b"HTTP/1.1 200 OK\r\n\r\nshort"}, original()),
        ({"response": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          + b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)}, original()),
        ({"truncated": Truncated.LENGTH}, original()),
        ({}, replace(original(), record_type=RecordType.REVISIT)),
        ({}, replace(original(), payload_digest=sha1(b"other"))),
        ({}, None),
    ],
    ids=["tiny", "framed otherwise", "truncated", "a revisit itself", "other payload", "none"],
)  # fmt: skip
def test_what_cannot_be_replayed_by_reference_is_kept_in_full(
    changes: dict[str, object], found: Capture | None
) -> None:
    made = bundle(exchange(**changes), dedup=lambda _: found)
    assert made.capture.record_type is RecordType.RESPONSE
    assert made.records[0].block == exchange(**changes).response


def test_outlinks_are_told_as_heritrix_tells_them() -> None:
    links = (
        Follow(url=Url("http://tidelines.example/older"), role=Role.LISTING),
        Follow(url=Url("http://img.example/a.gif"), role=Role.REQUISITE),
    )
    record = exchanges.outlinks(original(), links, warcinfo_id="info", new_id=numbered())
    assert record.block == (
        b"outlink: http://tidelines.example/older L listing\r\n"
        b"outlink: http://img.example/a.gif E requisite\r\n"
    )
    urn = "<urn:uuid:00000000-0000-4000-8000-000000000000>"
    assert ("WARC-Concurrent-To", urn) in fields(record)
    assert ("WARC-Date", "2003-01-02T03:04:05.000Z") in fields(record)


def test_a_line_break_in_a_text_cannot_forge_a_field() -> None:
    made = bundle(exchange(via="http://x.example/\r\nWARC-Type: warcinfo", error="a\x85b\u2028c"))
    assert b"\r\nWARC-Type" not in made.records[2].block[:]
    assert b"error: a b c\r\n" in made.records[2].block


def test_redaction_blanks_credentials_and_their_folds_and_leaves_the_body() -> None:
    message = (
        b"HTTP/1.1 200 OK\nSET-cookie : a=secret;\n\tmore secret\nX-Kept: Cookie: no\n"
        b"Set-Cookie2: bare\rsecret\nauthorization: Basic secret\n\nCookie: in the body"
    )
    blanked, found = redact(message)
    assert blanked == (
        b"HTTP/1.1 200 OK\nSET-cookie : [redacted]\nX-Kept: Cookie: no\n"
        b"Set-Cookie2: [redacted]\nauthorization: [redacted]\n\nCookie: in the body"
    )
    assert found == {"set-cookie", "set-cookie2", "authorization"}
    assert redact(ANSWER) == (ANSWER, frozenset())
    assert redact_heads(b"HTTP/1.1 103 E\r\nSet-Cookie: s\r\n\r\nHTTP/1.1 100 C\r\n\r\n")[0] == (
        b"HTTP/1.1 103 E\r\nSet-Cookie: [redacted]\r\n\r\nHTTP/1.1 100 C\r\n\r\n"
    )


def test_a_redacted_exchange_says_so_and_its_digests_are_those_of_what_is_kept() -> None:
    asked = ASKED[:-2] + b"Cookie: s=hush\r\n\r\n"
    made = bundle(exchange(request=asked), redact=True)
    request, metadata = made.records[1:]
    assert b"hush" not in request.block[:]
    assert ("WARC-Block-Digest", sha1(bytes(request.block))) in fields(request)
    assert b"redacted: values of cookie were replaced by the archiver\r\n" in metadata.block


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_chunks_are_read_alike_however_they_arrive(step: int) -> None:
    framed = b"5 ;x=\xff\r\nhello\r\n0B\n, tidelines\n0\r\nTrailer: 1\r\n\r\nsurplus"
    dechunker, body, rest = Dechunker(), b"", b""
    for at in range(0, len(framed), step):
        piece = framed[at : at + step]
        if dechunker.is_done:
            rest += piece
            continue
        body += b"".join(dechunker.feed(piece))
        rest += dechunker.rest
    assert (body, rest) == (b"hello, tidelines", b"surplus")


@pytest.mark.parametrize("framed", [b"x\r\n", b"-5\r\n", b"5\r\nhello world\n", b"f" * 70_000])
def test_chunks_that_cannot_be_followed_are_an_error(framed: bytes) -> None:
    with pytest.raises(ChunkingError):
        list(Dechunker().feed(framed))


def test_a_body_that_only_claims_to_be_chunked_is_its_own_payload() -> None:
    assert b"".join(entity(ANSWER, head_end(ANSWER), True)) == BODY


def test_framing_that_breaks_ends_the_payload_at_the_break() -> None:
    assert b"".join(entity(b"5\r\nhello\r\nzz\r\nmore", 0, True)) == b"hello"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"HTTP/1.1 200 OK", (200, (1, 1), b"OK")),
        (b"HTTP/1.0  404   Not  Found ", (404, (1, 0), b"Not  Found")),
        (b"HTTP/1.1 200", (200, (1, 1), b"")),
        (b"HTTP 200 Fine", (200, (1, 0), b"Fine")),
        (b"ICY 200 OK", (200, (1, 0), b"OK")),
        (b"HTTP/1.1 200OK", (200, (1, 1), b"OK")),
        (b"HTTP/2 503", (503, (2, 0), b"")),
    ],
)
def test_status_lines_are_read_as_browsers_read_them(
    line: bytes, told: tuple[int, tuple[int, int], bytes]
) -> None:
    said = status_line(line)
    assert said is not None
    assert (said.status, said.version, said.reason) == told


@pytest.mark.parametrize("line", [b"<html>", b"HTTP/1.1 2000 x", b"", b"HTTP/1.1 OK"])
def test_what_is_no_status_line_is_none(line: bytes) -> None:
    assert status_line(line) is None


def test_a_head_keeps_repeated_and_folded_fields_in_order() -> None:
    block = b"\r\nHTTP/1.1 200 OK\r\nA : 1\r\nno colon\r\nB: x\r\n  y\r\nA: caf\xe9\n\r\nbody: no"
    end = head_end(block)
    assert block[end:] == b"body: no"
    assert head(block[:end]).fields == (("A", "1"), ("B", "x y"), ("A", "café"))
