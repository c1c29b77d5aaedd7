"""Content codings undone: gzip, deflate (both kinds), br and zstd, bounded, partial data kept."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, cast

import brotli  # type: ignore[import-untyped]
from isal import igzip_lib

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_STEP = 65_536
_CAREFUL_STEP = 64
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
# What servers put into Content-Encoding that is no coding at all.
_NO_CODING = re.compile(r"identity|none|binary|[78]bit|utf-?8|iso-8859-\d+|text/.*|windows-\d+|")
DECODE_ERRORS: tuple[type[Exception], ...] = (
    cast(type[Exception], igzip_lib.IsalError),  # isal's stub calls it an instance
    zlib.error,
    zstd.ZstdError,
    brotli.error,
    EOFError,
    ValueError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A body without its content codings; `problem` is None when it is whole."""

    body: bytes
    problem: str | None = None
    code: str = ""


class Decoder(Protocol):
    """The standard library's interface of decompressors."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def needs_input(self) -> bool: ...


class _Brotli:
    """brotli's decompressor with the standard library's names."""

    unused_data = b""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return bytes(self._decoder.process(data, output_buffer_limit=max_length))

    @property
    def eof(self) -> bool:
        return bool(self._decoder.is_finished())

    @property
    def needs_input(self) -> bool:
        return bool(self._decoder.can_accept_more_data())


class _Zlib:
    """zlib's decompressor, which gives what it has before an error when fed in small steps."""

    def __init__(self, wbits: int) -> None:
        self._decoder = zlib.decompressobj(wbits)

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, max(0, max_length))

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._decoder.unconsumed_tail


def gzip_decoder() -> Decoder:
    """A decoder of one gzip member, checksum included."""
    return igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)


def _zlib_decoder() -> Decoder:
    return igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_ZLIB)


def _raw_decoder() -> Decoder:
    return igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_DEFLATE)


@dataclass(frozen=True, slots=True)
class _Coding:
    fast: Callable[[], Decoder]
    careful: Callable[[], Decoder]
    magic: bytes = b""


_GZIP_CODING = _Coding(gzip_decoder, lambda: _Zlib(31), _GZIP)
_ZLIB_CODING = _Coding(_zlib_decoder, lambda: _Zlib(15))
_RAW_CODING = _Coding(_raw_decoder, lambda: _Zlib(-15))
_BROTLI_CODING = _Coding(_Brotli, _Brotli)
_ZSTD_CODING = _Coding(zstd.ZstdDecompressor, zstd.ZstdDecompressor, _ZSTD)


def unpack(payload: bytes, codings: Sequence[str], limit: int) -> Unpacked:
    """The payload with its codings undone, the last one first, at most `limit` bytes.

    A payload that is not coded as its header says comes back as it is: writers of WARC files
    decode bodies and leave the header.
    """
    body, problem, code = payload, None, ""
    for name in reversed([each.strip().lower() for each in codings]):
        if _NO_CODING.fullmatch(name) or not body:
            continue
        coding = _coding(name, body)
        if coding is None:
            return Unpacked(body=body, problem=f"content coding {name!r}", code=_UNKNOWN)
        if not body.startswith(coding.magic):
            continue
        decoded, complaint = _decode(body, coding, limit)
        if not decoded and complaint and not coding.magic:
            continue
        body = decoded
        if complaint:
            problem, code = f"{name}: {complaint}", _BROKEN
    if len(body) > limit:
        return Unpacked(body=body[:limit], problem=f"more than {limit} bytes", code=_TOO_LARGE)
    return Unpacked(body=body, problem=problem, code=code)


_UNKNOWN = "http.coding_unknown"
_BROKEN = "http.body_cut"
_TOO_LARGE = "http.body_too_large"


def _coding(name: str, body: bytes) -> _Coding | None:
    if name in ("gzip", "x-gzip"):
        return _GZIP_CODING
    if name in ("deflate", "x-deflate"):
        # RFC 9110 means zlib; many servers send it raw, some send gzip under this name.
        if body.startswith(_GZIP):
            return _GZIP_CODING
        is_zlib = body[0] & 15 == 8 and len(body) > 1 and (body[0] << 8 | body[1]) % 31 == 0
        return _ZLIB_CODING if is_zlib else _RAW_CODING
    return {"br": _BROTLI_CODING, "zstd": _ZSTD_CODING}.get(name)


def _decode(body: bytes, coding: _Coding, limit: int) -> tuple[bytes, str | None]:
    try:
        decoded, is_whole = _run(body, coding.fast, coding.magic, limit, _STEP)
    except DECODE_ERRORS as error:
        pieces: list[bytes] = []
        with suppress(*DECODE_ERRORS):
            _run(body, coding.careful, coding.magic, limit, _CAREFUL_STEP, pieces)
        return b"".join(pieces), str(error) or type(error).__name__
    return decoded, None if is_whole else "the data ends early"


def _run(
    body: bytes,
    new_decoder: Callable[[], Decoder],
    magic: bytes,
    limit: int,
    step: int,
    pieces: list[bytes] | None = None,
) -> tuple[bytes, bool]:
    """Decoded bytes (one more than `limit` where there are more), and whether the end was seen."""
    pieces = [] if pieces is None else pieces
    decoder, size, at = new_decoder(), 0, 0
    while size <= limit:
        if decoder.eof:
            rest = decoder.unused_data + body[at:]
            if not magic or not rest.startswith(magic):
                break
            body, at, decoder = rest, 0, new_decoder()
        data = b""
        if decoder.needs_input:
            data = body[at : at + step]
            at += len(data)
            if not data:
                break
        piece = decoder.decompress(data, limit + 1 - size)
        size += len(piece)
        pieces.append(piece)
    return b"".join(pieces), decoder.eof or size > limit
