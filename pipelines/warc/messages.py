"""The anatomy of an HTTP/1 message kept as bytes: head, fields, and the body without framing.

Lenient like a browser, because the archive keeps what servers sent, not what they should have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from mmap import mmap

Message = bytes | mmap

# Where the wire handler stops waiting for the end of a head, as Chrome does.
HEAD_LIMIT = 256 * 1024

_LINE_LIMIT = 64 * 1024
_PIECE = 1024 * 1024
_BLANK_LINE = re.compile(rb"\n\r?\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,15})[ \t]*(?:;.*)?", re.DOTALL)
# "ICY 200 OK" was SHOUTcast's; "HTTP 200 OK" and a missing reason are seen on hand-made servers.
_STATUS_LINE = re.compile(rb"\s*(?:HTTP|ICY)/?(\d{0,3})\.?(\d{0,3})[ \t]+(\d{3})(?!\d)[ \t]*(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLine:
    """First line of a response: version as (1, 0), status code, reason phrase."""

    version: tuple[int, int]
    status: int
    reason: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the head of a response says; `status` is None where the first line is not HTTP.

    `fields` are in the order sent, folded lines joined by one space, decoded as Latin-1.
    """

    status: int | None
    fields: tuple[tuple[str, str], ...]

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of a field, in order; `name` in lower case."""
        return tuple(value for key, value in self.fields if key.lower() == name)

    @property
    def is_chunked(self) -> bool:
        """Whether chunked is the outermost transfer coding."""
        codings = ",".join(self.values("transfer-encoding")).lower().split(",")
        return codings[-1].strip() == "chunked"


class ChunkingError(ValueError):
    """The chunked framing cannot be followed any further."""


class _Reading(Enum):
    SIZE = "size"
    DATA = "data"
    DATA_END = "data end"
    TRAILERS = "trailers"
    DONE = "done"


class Dechunker:
    """Removes the chunked transfer coding from bytes as they arrive.

    Takes what browsers take: spaces around the size (Apache 1.3 padded it), extensions of any
    bytes, bare line feeds. After the last chunk `is_done` is true and `rest` holds the bytes
    that follow the message.  Source: RFC 9112, 7.1
    """

    def __init__(self) -> None:
        self._reading = _Reading.SIZE
        self._line = bytearray()
        self._left = 0
        self._trailer_bytes = 0
        self.rest = b""

    @property
    def is_done(self) -> bool:
        """Whether the last chunk and its trailers have been read."""
        return self._reading is _Reading.DONE

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The pieces of the body in `data`; to be read to the end.

        Raises:
            ChunkingError: a chunk has no readable size or does not end where it should.
        """
        at = 0
        while at < len(data) and not self.is_done:
            if self._reading is _Reading.DATA:
                piece = data[at : at + self._left]
                at += len(piece)
                self._left -= len(piece)
                if not self._left:
                    self._reading = _Reading.DATA_END
                yield piece
                continue
            newline = data.find(b"\n", at)
            end = len(data) if newline < 0 else newline + 1
            self._line += data[at:end]
            at = end
            if len(self._line) > _LINE_LIMIT:
                raise ChunkingError("a line of the chunked framing is too long")
            if newline >= 0:
                line = bytes(self._line[:-1]).removesuffix(b"\r")
                self._line.clear()
                self._take(line)
        if self.is_done:
            self.rest = data[at:]

    def _take(self, line: bytes) -> None:
        """Move on by one line of framing."""
        if self._reading is _Reading.SIZE:
            size = _CHUNK_SIZE.fullmatch(line)
            if size is None:
                raise ChunkingError(f"no chunk size in {line[:40]!r}")
            self._left = int(size[1], 16)
            self._reading = _Reading.DATA if self._left else _Reading.TRAILERS
        elif self._reading is _Reading.DATA_END:
            if line:
                raise ChunkingError(f"a chunk goes on after its size: {line[:40]!r}")
            self._reading = _Reading.SIZE
        elif line:
            self._trailer_bytes += len(line)
            if self._trailer_bytes > _LINE_LIMIT:
                raise ChunkingError("the trailers are too long")
        else:
            self._reading = _Reading.DONE


def status_line(line: bytes) -> StatusLine | None:
    """The first line of a response, read leniently; None when it is not HTTP at all."""
    match = _STATUS_LINE.match(line)
    if match is None:
        return None
    version = (int(match[1] or 1), int(match[2] or 0))
    return StatusLine(version=version, status=int(match[3]), reason=match[4].strip())


def head_end(message: Message) -> int:
    """Offset of the body; the whole length when the head has no end."""
    start = 0
    # Blank lines before the status line are read over (RFC 9112, 2.2), here as on the wire.
    while message[start : start + 1] in (b"\r", b"\n"):
        start += 1
    found = _BLANK_LINE.search(message, start, start + 4 * HEAD_LIMIT)
    return found.end() if found else len(message)


def head(block: bytes) -> Head:
    """Status and fields of a response head; lines without a colon are passed over."""
    lines = block.lstrip(b"\r\n").split(b"\n")
    first = status_line(lines[0])
    return Head(status=first.status if first else None, fields=tuple(_fields(lines[1:])))


def _fields(lines: list[bytes]) -> Iterator[tuple[str, str]]:
    pending = b""
    for line in [*(line.removesuffix(b"\r") for line in lines), b""]:
        if line[:1] in (b" ", b"\t") and pending:
            pending += b" " + line.strip()
            continue
        name, colon, value = pending.partition(b":")
        if colon and name.strip():
            yield name.strip().decode("latin-1"), value.strip().decode("latin-1")
        pending = line.strip()


def entity(message: Message, body_at: int, is_chunked: bool) -> Iterator[bytes | memoryview]:
    """The payload of a message in pieces: transfer coding removed, content coding kept.

    A body that says it is chunked but does not begin with a chunk is taken as it is: some
    writers of WARC files remove the framing and leave the field. Framing that breaks later
    ends the payload there.  Source: WARC 1.1, 6.3.2; iipc/warc-specifications issue 22
    """
    if not is_chunked or not _begins_with_chunk(message, body_at):
        yield memoryview(message)[body_at:]
        return
    dechunker = Dechunker()
    for at in range(body_at, len(message), _PIECE):
        try:
            yield from dechunker.feed(message[at : at + _PIECE])
        except ChunkingError:
            return
        if dechunker.is_done:
            return


def _begins_with_chunk(message: Message, body_at: int) -> bool:
    line = message[body_at : body_at + _LINE_LIMIT].partition(b"\n")[0]
    return _CHUNK_SIZE.fullmatch(line.removesuffix(b"\r")) is not None
