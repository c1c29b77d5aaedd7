"""HTTP answers out of records are read as browsers read them, and what is wrong is named."""

from __future__ import annotations

import gzip
import random
import zlib

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd

from pipelines.warc.http import read
from tests.unit.warc.building import PAGE, chunked

NOISE = random.Random(5).randbytes(20_000)


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate (raw)": _raw_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def _answer(head: str, body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + head.encode("latin-1") + b"\r\n" + body


# Heads


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n", 200),
        (b"HTTP/1.0 404\r\nA: b\r\n\r\n", 404),
        (b"HTTP/1.1 302 \r\nA: b\r\n\r\n", 302),
        (b"ICY 200 OK\r\nA: b\r\n\r\n", 200),
        (b"\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n", 200),
        (b"HTTP/1.1 200 OK\nA: b\n\n", 200),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nL: x\r\n\r\n"
         b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n", 200),
    ],
)  # fmt: skip
def test_every_kind_of_head_is_read(head: bytes, status: int) -> None:
    answer = read(head + PAGE)
    assert answer.status == status
    assert answer.headers == (("A", "b"),)
    assert answer.body == PAGE
    assert answer.body_at == len(head)


def test_a_block_without_a_head_is_a_body() -> None:
    answer = read(b"<html>\n\n<p>Tide: high</p>")
    assert (answer.status, answer.headers) == (None, ())
    assert answer.body == b"<html>\n\n<p>Tide: high</p>"


def test_fields_without_a_status_line_are_a_head() -> None:
    answer = read(b"Content-type: text/html\nServer: old\n\n" + PAGE)
    assert answer.status is None
    assert answer.headers == (("Content-type", "text/html"), ("Server", "old"))
    assert answer.body == PAGE


def test_an_interim_answer_alone_is_kept() -> None:
    assert read(b"HTTP/1.1 100 Continue\r\n\r\n").status == 100


# Chunks


def test_extensions_padding_and_trailers_are_no_part_of_the_body() -> None:
    framed = b"4 ;name=value\r\nebb \r\n0005\r\nflood\r\n0\r\nX-Trailer: 1\r\n\r\nsurplus"
    answer = read(_answer("Transfer-Encoding: chunked\r\n", framed))
    assert answer.body == b"ebb flood"
    assert answer.is_chunked
    assert answer.problems == ()


def test_chunks_cut_short_keep_what_there_is() -> None:
    framed = chunked(PAGE)[:-30]
    answer = read(_answer("Transfer-Encoding: chunked\r\n", framed))
    assert PAGE.startswith(answer.body)
    assert len(answer.body) > 40
    assert [problem.code for problem in answer.problems] == ["http.body_cut"]


def test_chunks_that_go_wrong_keep_what_came_before() -> None:
    answer = read(_answer("Transfer-Encoding: chunked\r\n", b"3\r\nebb\r\nzz\r\nflood\r\n"))
    assert answer.body == b"ebb"
    assert [problem.code for problem in answer.problems] == ["http.chunks_broken"]


@pytest.mark.parametrize("body", [PAGE, PAGE.replace(b">", b">\n"), b"", b"{}"])
def test_a_body_stored_without_its_chunks_is_taken_as_it_is(body: bytes) -> None:
    answer = read(_answer("Transfer-Encoding: chunked\r\n", body))
    assert answer.body == body
    assert answer.is_unframed is bool(body)
    assert answer.problems == ()


# Codings


@pytest.mark.parametrize("name", PACKERS)
def test_every_coding_is_undone(name: str) -> None:
    coding = name.partition(" ")[0]
    answer = read(_answer(f"Content-Encoding: {coding}\r\n", PACKERS[name](PAGE * 3000)))
    assert answer.body == PAGE * 3000
    assert answer.problems == ()


def test_codings_are_undone_from_the_last_to_the_first() -> None:
    coded = gzip.compress(zlib.compress(PAGE))
    answer = read(_answer("Content-Encoding: deflate\r\nContent-Encoding: GZIP\r\n", coded))
    assert answer.body == PAGE


def test_gzip_as_transfer_coding_is_undone_too() -> None:
    answer = read(_answer("Transfer-Encoding: gzip, chunked\r\n", chunked(gzip.compress(PAGE))))
    assert answer.body == PAGE


def test_gzip_of_several_members_and_trailing_junk_is_read() -> None:
    coded = gzip.compress(PAGE) + gzip.compress(PAGE) + b"\0\0junk"
    assert read(_answer("Content-Encoding: gzip\r\n", coded)).body == PAGE + PAGE


@pytest.mark.parametrize("name", PACKERS)
def test_a_coded_body_cut_short_gives_its_beginning(name: str) -> None:
    coding = name.partition(" ")[0]
    text = PAGE * 50 + NOISE
    answer = read(_answer(f"Content-Encoding: {coding}\r\n", PACKERS[name](text)[:-2000]))
    assert text.startswith(answer.body)
    assert len(answer.body) > len(PAGE) * 50 or name in ("br", "zstd")  # they work in large blocks
    assert [problem.code for problem in answer.problems] == ["http.body_cut"]


@pytest.mark.parametrize("name", ["gzip", "deflate"])  # raw deflate has no checksum
def test_a_coded_body_gone_wrong_gives_what_comes_before(name: str) -> None:
    coding = name.partition(" ")[0]
    coded = bytearray(PACKERS[name](PAGE * 50 + b"".join(b"%d," % n for n in range(9000))))
    coded[-900:-880] = b"\xff" * 20
    answer = read(_answer(f"Content-Encoding: {coding}\r\n", bytes(coded)))
    assert answer.body.startswith(PAGE * 50)
    assert [problem.code for problem in answer.problems] == ["http.body_cut"]


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity", "none", "UTF-8"])
def test_a_body_that_is_not_coded_as_its_head_says_is_taken_as_it_is(coding: str) -> None:
    answer = read(_answer(f"Content-Encoding: {coding}\r\nContent-Length: 9999\r\n", PAGE))
    assert answer.body == PAGE
    assert answer.problems == ()


def test_an_unknown_coding_is_named_and_its_body_kept() -> None:
    answer = read(_answer("Content-Encoding: sdch\r\n", PAGE))
    assert answer.body == PAGE
    assert [problem.code for problem in answer.problems] == ["http.coding_unknown"]


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_is_cut_at_the_limit(name: str) -> None:
    coding = name.partition(" ")[0]
    coded = PACKERS[name](b"\0" * 30_000_000)
    answer = read(_answer(f"Content-Encoding: {coding}\r\n", coded), limit=100_000)
    assert len(answer.body) == 100_000
    assert [problem.code for problem in answer.problems] == ["http.body_too_large"]


# Lengths


def test_a_body_shorter_than_its_length_is_told() -> None:
    answer = read(_answer("Content-Length: 100000\r\n", PAGE))
    assert answer.body == PAGE
    assert [problem.code for problem in answer.problems] == ["http.body_cut"]


@pytest.mark.parametrize("length", ["5", "1e9", "", "-1", "9" * 50])
def test_a_length_that_is_too_small_or_no_number_cuts_nothing(length: str) -> None:
    answer = read(_answer(f"Content-Length: {length}\r\n", PAGE))
    assert answer.body == PAGE


def test_no_body_at_all_answers_a_head_request() -> None:
    assert read(_answer("Content-Length: 400\r\n", b"")).problems == ()
