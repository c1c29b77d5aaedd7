"""The hostile answers: what is sent, in which pieces, how it ends, and what must become of it."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import brotli  # type: ignore[import-untyped]
from backports import zstd

from archiver.model import Truncated

TEXT = (
    b"<!DOCTYPE html><title>Larkspur</title><p>Mildred Quill wrote this about larkspur.</p>\n" * 9
)
MAX_BYTES = 6_000_000  # the size limit that the crawl is given
TIMEOUT_S = 3.0
CRLF = b"\r\n"


# What wget 1.21 itself keeps otherwise (folds joined, trailers dropped) or not at all.
WGET_DIFFERS = frozenset(
    [
        "bad-names",
        "chunk-trailers",
        "chunked-and-length",
        "closes-silently",
        "contradicting-lengths",
        "folded",
        "fold-first",
        "http-0.9",
        "leading-blank-lines",
        "long-line",
        "no-content",
        "not-modified",
        "nul-in-value",
        "two-transfer-codings",
        "unreadable-length",
    ]
)


class Ending(StrEnum):
    """What the server does after its last byte."""

    KEEP = "keep"  # waits for the next request
    CLOSE = "close"
    RESET = "reset"
    HANG = "hang"  # says nothing more until the client leaves


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One answer.

    `pieces` are sent one TCP segment each. Of them `interim` bytes at the start and `surplus`
    bytes at the end do not belong to the final message. `delivered` is the body that the spider
    must get; None where no response can be made of the answer. `is_prefix` marks answers that the
    client stops reading or a reset destroys: the record then holds their beginning.
    """

    name: str
    pieces: tuple[bytes, ...]
    ending: Ending = Ending.KEEP
    method: str = "GET"
    body: bytes = b""
    interim: int = 0
    surplus: int = 0
    truncated: Truncated | None = None
    is_prefix: bool = False
    delivered: bytes | None = TEXT


def head(*lines: bytes, status: bytes = b"HTTP/1.1 200 OK", end: bytes = CRLF) -> bytes:
    """A head of the given lines, with its blank line."""
    return b"".join(line + end for line in (status, *lines)) + end


def sized(body: bytes, *lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    """A whole answer with a right Content-Length."""
    return head(*lines, b"Content-Length: %d" % len(body), status=status) + body


def chunked(body: bytes, size: int = 200, extension: bytes = b"", end: bytes = CRLF) -> bytes:
    """A body in chunks, up to and with the last one; trailers and the blank line are missing."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%X%b%b%b%b" % (len(p), extension, end, p, end) for p in pieces) + b"0" + end


def _fields() -> Iterator[Case]:
    yield Case(name="plain", pieces=(sized(TEXT, b"Content-Type: text/html"),))
    yield Case(
        name="case-and-order",
        pieces=(
            sized(
                TEXT, b"x-ZEBRA: 1", b"Set-Cookie: a=1", b"content-TYPE: text/html",
                b"Set-Cookie: b=2; path=/", b"X-Apple: 2", b"x-zebra: 3",
            ),
        ),
    )  # fmt: skip
    yield Case(
        name="whitespace",
        pieces=(sized(TEXT, b"X-A:   two   spaces  ", b"X-T:\ttab\t", b"X-N:none"),),
    )
    yield Case(
        name="high-bytes",
        pieces=(sized(TEXT, b"X-Name: caf\xe9 " + bytes(range(0x80, 0x100)), b"X-U: \xc3\xa9"),),
    )
    yield Case(name="empty-value", pieces=(sized(TEXT, b"X-Empty:", b"X-Blank:   "),))
    yield Case(name="space-before-colon", pieces=(sized(TEXT, b"X-Spaced : v"),))
    yield Case(name="no-colon", pieces=(sized(TEXT, b"this line is no header", b": no name"),))
    yield Case(name="bad-names", pieces=(sized(TEXT, b"X(y): 1", b"\xe9t\xe9: 2", b"X\x00Y: 3"),))
    yield Case(
        name="folded", pieces=(sized(TEXT, b"X-Long: one", b"  two", b"\tthree", b"X-After: 4"),)
    )
    yield Case(name="fold-first", pieces=(sized(TEXT, b" X-Folded-Onto-Nothing: 1", b"   "),))
    yield Case(
        name="line-feeds-only",
        pieces=(head(b"Content-Length: %d" % len(TEXT), b"X-Unix: 1", end=b"\n") + TEXT,),
    )
    yield Case(
        name="mixed-line-ends",
        pieces=(b"HTTP/1.1 200 OK\r\nX-A: 1\nContent-Length: %d\r\n\n" % len(TEXT) + TEXT,),
    )
    yield Case(name="nul-in-value", pieces=(sized(TEXT, b"X-Nul: a\x00b"),))
    yield Case(name="long-line", pieces=(sized(TEXT, b"X-Long: " + b"l" * 65_536),))
    yield Case(
        name="many-fields", pieces=(sized(TEXT, *(b"X-%d: %d" % (n, n) for n in range(1500))),)
    )
    yield Case(
        name="endless-head",
        pieces=(b"HTTP/1.1 200 OK\r\n", *(b"X-%d: " % n + b"e" * 900 + CRLF for n in range(2000))),
        truncated=Truncated.LENGTH,
        is_prefix=True,
        delivered=None,
    )
    yield Case(
        name="one-byte-segments",
        pieces=tuple(bytes([byte]) for byte in sized(b"<p>drip</p>", b"X-Drip: 1")),
        delivered=b"<p>drip</p>",
    )


def _status_lines() -> Iterator[Case]:
    for name, status in {
        "odd-reason": b"HTTP/1.1 200 F\xefne & dandy: (really)",
        "empty-reason": b"HTTP/1.1 200 ",
        "no-reason": b"HTTP/1.1 200",
        "wide-status": b"HTTP/1.1  200   OK",
        "version-2": b"HTTP/2 200",
        "no-version": b"HTTP 200 OK",
        "glued-reason": b"HTTP/1.1 200OK",
    }.items():
        yield Case(name=name, pieces=(sized(TEXT, status=status),))
    yield Case(name="leading-blank-lines", pieces=(CRLF * 2 + sized(TEXT),))
    for code, words in ((404, b"Not Found"), (500, b"Oops"), (999, b"Go Away"), (410, b"Gone")):
        yield Case(
            name=f"status-{code}",
            pieces=(sized(TEXT, b"X-Page: error", status=b"HTTP/1.1 %d %b" % (code, words)),),
        )
    yield Case(
        name="http-0.9",
        pieces=(b"<html>no head at all</html>\n",),
        ending=Ending.CLOSE,
        truncated=Truncated.UNSPECIFIED,
        is_prefix=True,
        delivered=None,
    )


def _bodies() -> Iterator[Case]:
    yield Case(name="until-close", pieces=(head(b"X-Until: close") + TEXT,), ending=Ending.CLOSE)
    yield Case(
        name="http-1.0",
        pieces=(head(b"Server: Larkspur/0.1", status=b"HTTP/1.0 200 OK") + TEXT,),
        ending=Ending.CLOSE,
    )
    yield Case(
        name="http-1.0-bare",
        pieces=(b"HTTP/1.0 200 OK\n\n" + TEXT,),
        ending=Ending.CLOSE,
    )
    yield Case(
        name="http-1.0-sized",
        pieces=(sized(TEXT, status=b"HTTP/1.0 200 OK"),),
        ending=Ending.CLOSE,
    )
    yield Case(name="closes-silently", pieces=(sized(TEXT),), ending=Ending.CLOSE)
    yield Case(name="empty", pieces=(sized(b""),), delivered=b"")
    yield Case(name="no-content", pieces=(head(status=b"HTTP/1.1 204 No Content"),), delivered=b"")
    yield Case(
        name="not-modified",
        pieces=(head(b'ETag: "x"', status=b"HTTP/1.1 304 Not Modified"),),
        delivered=b"",
    )
    yield Case(
        name="head-request",
        pieces=(head(b"Content-Length: 4711"),),
        method="HEAD",
        delivered=b"",
    )
    yield Case(name="post", pieces=(sized(TEXT),), method="POST", body=b"a=1&b=%C3%A9")
    every_byte = bytes(range(256)) * 20
    yield Case(
        name="binary",
        pieces=(sized(every_byte, b"Content-Type: image/gif"),),
        delivered=every_byte,
    )
    large = random.Random(2004).randbytes(5_000_000)
    yield Case(
        name="five-megabytes",
        pieces=(sized(large, b"Content-Type: audio/mpeg"),),
        delivered=large,
    )
    yield Case(name="duplicate-length", pieces=(sized(TEXT, b"Content-Length: %d" % len(TEXT)),))
    yield Case(
        name="contradicting-lengths",
        pieces=(sized(TEXT, b"Content-Length: 7"),),
        ending=Ending.CLOSE,
    )
    yield Case(
        name="unreadable-length",
        pieces=(head(b"Content-Length: lots") + TEXT,),
        ending=Ending.CLOSE,
    )
    yield Case(
        name="length-too-small",
        pieces=(head(b"Content-Length: 100") + TEXT,),
        ending=Ending.CLOSE,
        surplus=len(TEXT) - 100,
        delivered=TEXT[:100],
    )


def _chunks() -> Iterator[Case]:
    te = b"Transfer-Encoding: chunked"
    yield Case(name="chunked", pieces=(head(te) + chunked(TEXT) + CRLF,))
    yield Case(
        name="chunk-extensions",
        pieces=(head(te) + chunked(TEXT, extension=b';sig="\xe9";x=1 \x01') + CRLF,),
    )
    yield Case(
        name="chunk-trailers",
        pieces=(head(te, b"Trailer: X-Sum") + chunked(TEXT) + b"X-Sum: 12\r\nX-End: 1\r\n\r\n",),
    )
    yield Case(
        name="chunk-padding",
        pieces=(head(te) + b"00%x   \r\n" % len(TEXT) + TEXT + b"\r\n0  \r\n\r\n",),
    )
    yield Case(
        name="chunk-line-feeds",
        pieces=(head(te, end=b"\n") + chunked(TEXT, end=b"\n") + b"\n",),
    )
    yield Case(
        name="chunks-in-pieces",
        pieces=(head(te), *(bytes([b]) for b in chunked(b"<p>drip</p>", 3)), CRLF),
        delivered=b"<p>drip</p>",
    )
    yield Case(name="coding-in-capitals", pieces=(head(te.upper()) + chunked(TEXT) + CRLF,))
    yield Case(
        name="chunked-and-length",
        pieces=(head(b"Content-Length: 12", te) + chunked(TEXT) + CRLF,),
    )
    yield Case(
        name="identity-coding",
        pieces=(sized(TEXT, b"Transfer-Encoding: identity"),),
    )
    yield Case(
        name="two-transfer-codings",
        pieces=(head(b"Transfer-Encoding: gzip, chunked") + chunked(TEXT) + CRLF,),
    )
    yield Case(
        name="bad-chunk-size",
        pieces=(head(te) + chunked(TEXT)[:-3] + b"zz\r\nmore",),
        truncated=Truncated.UNSPECIFIED,
        is_prefix=True,
        delivered=None,
    )


def _codings() -> Iterator[Case]:
    codings = {
        "gzip": gzip.compress(TEXT, mtime=0),
        "x-gzip": gzip.compress(TEXT, mtime=0),
        "deflate": zlib.compress(TEXT),
        "br": brotli.compress(TEXT),
        "zstd": zstd.compress(TEXT),
    }
    for coding, body in codings.items():
        line = b"Content-Encoding: " + coding.encode()
        yield Case(name=f"coded-{coding}", pieces=(sized(body, line),))
        yield Case(
            name=f"coded-{coding}-chunked",
            pieces=(head(line, b"Transfer-Encoding: chunked") + chunked(body, 50) + CRLF,),
        )
    raw = zlib.compressobj(wbits=-15)
    yield Case(
        name="raw-deflate",
        pieces=(sized(raw.compress(TEXT) + raw.flush(), b"Content-Encoding: deflate"),),
    )
    yield Case(name="mislabelled-gzip", pieces=(sized(TEXT, b"Content-Encoding: gzip"),))
    bomb = gzip.compress(gzip.compress(bytes(64_000_000), 9, mtime=0), 9, mtime=0)
    yield Case(
        name="bomb",
        pieces=(sized(bomb, b"Content-Encoding: gzip, gzip"),),
        delivered=None,
    )


def _interim() -> Iterator[Case]:
    going_on = b"HTTP/1.1 100 Continue\r\n\r\n"
    yield Case(name="continue", pieces=(going_on + sized(TEXT),), interim=len(going_on))
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" * 2
    yield Case(name="early-hints", pieces=(hints, sized(TEXT)), interim=len(hints))
    yield Case(
        name="interim-only",
        pieces=(going_on,),
        ending=Ending.CLOSE,
        interim=len(going_on),
        delivered=None,
    )


def _broken() -> Iterator[Case]:
    whole = sized(TEXT, b"X-Broken: soon")
    coded = head(b"Transfer-Encoding: chunked") + chunked(TEXT)
    for name, part in {
        "in-status-line": b"HTTP/1.",
        "in-head": whole[:40],
        "after-head": whole[: -len(TEXT)],
        "in-body": whole[:-100],
        "in-chunk": coded[:-100],
        "before-last-chunk": coded[:-3],
        "before-end-of-trailers": coded,
    }.items():
        yield Case(
            name=f"closed-{name}",
            pieces=(part,),
            ending=Ending.CLOSE,
            truncated=Truncated.DISCONNECT,
            delivered=None,
        )
    yield Case(name="closed-at-once", pieces=(), ending=Ending.CLOSE, delivered=None)
    yield Case(name="reset-at-once", pieces=(), ending=Ending.RESET, delivered=None)
    for name, part in {"in-body": whole[:-100], "until-close": head() + TEXT}.items():
        yield Case(
            name=f"reset-{name}",
            pieces=(part,),
            ending=Ending.RESET,
            truncated=Truncated.DISCONNECT,
            is_prefix=True,
            delivered=None if name == "in-body" else TEXT,
        )
    for name, pieces in {
        "before-answer": (),
        "in-head": (whole[:40],),
        "in-body": (whole[:-100],),
        "until-close": (head() + TEXT,),
    }.items():
        yield Case(
            name=f"hangs-{name}",
            pieces=pieces,
            ending=Ending.HANG,
            truncated=Truncated.TIME if pieces else None,
            delivered=None,
        )
    too_much = bytes(64_000)
    for name, first in {
        "declared": head(b"Content-Length: %d" % (MAX_BYTES * 2)),
        "undeclared": head(),
    }.items():
        yield Case(
            name=f"too-large-{name}",
            pieces=(first, *[too_much] * (MAX_BYTES * 2 // len(too_much))),
            ending=Ending.CLOSE,
            truncated=Truncated.LENGTH,
            is_prefix=True,
            delivered=None,
        )


def _redirects() -> Iterator[Case]:
    chain = ("redirect-301", "redirect-302", "redirect-303", "redirect-307", "redirect-308")
    for name, target in zip(chain, (*chain[1:], "plain"), strict=True):
        line = b"Location: /" + target.encode()
        status = b"HTTP/1.1 %b Look There" % name[-3:].encode()
        yield Case(name=name, pieces=(sized(b"moved", line, status=status),), delivered=b"moved")
    yield Case(
        name="redirect-inside",
        pieces=(
            sized(
                b"moved",
                b"Location: http://127.0.0.1:9/latest/meta-data/",
                status=b"HTTP/1.1 302 Look Inside",
            ),
        ),
        delivered=b"moved",
    )
    yield Case(
        name="redirect-loop",
        pieces=(sized(b"", b"Location: /redirect-loop", status=b"HTTP/1.1 302 Again"),),
        delivered=b"",
    )


def cases() -> dict[str, Case]:
    """Every case by its name, which is also its path."""
    kinds = (
        _fields, _status_lines, _bodies, _chunks, _codings, _interim, _broken, _redirects
    )  # fmt: skip
    return {case.name: case for kind in kinds for case in kind()}
