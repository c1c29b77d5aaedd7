"""The bytes of an archive file as events: decompressed pieces, member boundaries, damage.

Plain, gzip and zstd files look alike to the reader. A damaged gzip member gives what can be
inflated of it, then reading goes on at the next member that holds a record.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from pipelines.warc.codings import DECODE_ERRORS, Decoder, gzip_decoder

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

READ_SIZE = 131_072
_SNIFFED = 65_536
PIECE_SIZE = 1_048_576  # bound of one decompressed piece: a bomb is read piece by piece

GZIP_MAGIC = b"\x1f\x8b\x08"
_ZIP_MAGIC = b"PK\x03\x04"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"  # Source: iipc/warc-specifications, warc-zstd, 4

# Address, IP, date, type (and four fields more in version 2), length.  Source: ARC file format
ARC_LINE = (
    rb"[A-Za-z][A-Za-z0-9+.\-]{1,20}:\S{0,8000} \S{1,45} \d{8,18}"
    rb"(?: \S{1,300}){1,7}? -?\d{1,12}\r?\n"
)
RECORD_START = re.compile(rb"WARC/\d|" + ARC_LINE)


class Bytes(Protocol):
    """What is read of a file: part of `typing.BinaryIO`, so that a window of a zip fits too."""

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def tell(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Boundary:
    """A member begins (or the last one ended) at this offset of the file."""

    offset: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes are lost at this offset of the file; what follows does not join what came before."""

    offset: int
    code: str
    problem: str


Event = bytes | Boundary | Damage


class Packing(Enum):
    """How a file is compressed."""

    PLAIN = "plain"
    GZIP = "gzip"
    ZSTD = "zstd"


def packing(file: Bytes) -> Packing:
    """What stands at the file's current position, which stays; junk may come first."""
    start = file.tell()
    head = file.read(_SNIFFED)
    file.seek(start)
    if head.startswith(ZSTD_MAGIC) or _ZSTD_SKIPPABLE.match(head):
        return Packing.ZSTD
    # Of a WACZ that lost its directory the gzip members can still be found.
    if head.startswith((GZIP_MAGIC, _ZIP_MAGIC)):
        return Packing.GZIP
    if RECORD_START.match(head):
        return Packing.PLAIN
    member, record = head.find(GZIP_MAGIC), head.find(b"WARC/")
    return Packing.GZIP if member >= 0 and not 0 <= record < member else Packing.PLAIN


def events(file: Bytes) -> Iterator[Event]:
    """Events from the file's current position to its end, by what stands there."""
    found = packing(file)
    if found is Packing.PLAIN:
        return _plain(file)
    if found is Packing.GZIP:
        return _Members(file, GZIP_MAGIC, gzip_decoder).events()
    dictionary = _zstd_dictionary(file)
    return _Members(file, ZSTD_MAGIC, lambda: zstd.ZstdDecompressor(zstd_dict=dictionary)).events()


def _plain(file: Bytes) -> Iterator[Event]:
    yield Boundary(file.tell())
    while data := file.read(READ_SIZE):
        yield data


def _zstd_dictionary(file: Bytes) -> zstd.ZstdDict | None:
    """The dictionary in the file's first frame, if there is one; the position moves back."""
    start = file.tell()
    file.seek(0)
    head = file.read(8)
    dictionary = None
    if head[:4] == _ZSTD_DICTIONARY:
        raw = file.read(int.from_bytes(head[4:8], "little"))
        try:
            raw = zstd.decompress(raw) if raw.startswith(ZSTD_MAGIC) else raw
            dictionary = zstd.ZstdDict(raw)
        except (zstd.ZstdError, ValueError):
            dictionary = None
    file.seek(start)
    return dictionary


class _Members:
    """Reads member after member; `aligned` while every member has begun with a record."""

    def __init__(self, file: Bytes, magic: bytes, new_decoder: Callable[[], Decoder]) -> None:
        self._file = file
        self._magic = magic
        self._new_decoder = new_decoder
        self._name = "gzip" if magic == GZIP_MAGIC else "zstd"
        self._buffer = b""
        self._end = file.tell()  # file offset just behind the buffer
        self._aligned = True

    def events(self) -> Iterator[Event]:
        while self._fill(18):
            offset = self._offset
            yield Boundary(offset)
            if self._buffer.startswith(self._magic):
                damage = yield from self._member(offset)
            elif self._magic == ZSTD_MAGIC and _ZSTD_SKIPPABLE.match(self._buffer):
                self._move_to(offset + 8 + int.from_bytes(self._buffer[4:8], "little"))
                continue
            else:
                damage = Damage(offset, "warc.garbage", f"bytes that are not {self._name}")
            if damage is None:
                continue
            is_over = not self._resync(offset + 1)
            if damage.code != "warc.garbage":
                # The damaged record reaches to wherever reading can go on.
                yield Boundary(self._offset)
            yield damage
            if is_over:
                return
        yield Boundary(self._offset)

    @property
    def _offset(self) -> int:
        return self._end - len(self._buffer)

    def _fill(self, wanted: int) -> bool:
        while len(self._buffer) < wanted and (data := self._file.read(READ_SIZE)):
            self._buffer += data
            self._end += len(data)
        return bool(self._buffer)

    def _move_to(self, offset: int) -> None:
        self._file.seek(offset)
        self._buffer, self._end = b"", offset

    def _member(self, offset: int) -> Generator[Event, None, Damage | None]:
        """Pieces of one member; returns the damage that ended it early."""
        decoder, given = self._new_decoder(), 0
        while not decoder.eof:
            data = b""
            if decoder.needs_input:
                self._fill(1)
                data, self._buffer = self._buffer, b""
                if not data:
                    return Damage(offset, "warc.cut_short", f"a {self._name} member has no end")
            try:
                piece = decoder.decompress(data, PIECE_SIZE)
            except DECODE_ERRORS as error:
                yield from self._salvage(offset, given)
                return Damage(offset, "warc.member_damaged", f"{self._name} member: {error}")
            if piece:
                if not given and not RECORD_START.match(piece):
                    self._aligned = False
                given += len(piece)
                yield piece
        self._buffer = decoder.unused_data
        return None

    def _salvage(self, offset: int, given: int) -> Iterator[bytes]:
        """What else a damaged member yields when it is fed in small steps, beyond `given`."""
        self._file.seek(offset)
        decoder = zlib.decompressobj(31) if self._name == "gzip" else None
        skip = given
        while decoder and (step := self._file.read(64)):
            try:
                piece = decoder.decompress(step)
            except zlib.error:
                return
            if piece[skip:]:
                yield piece[skip:]
            skip = max(0, skip - len(piece))

    def _resync(self, start: int) -> bool:
        """Move to the next member that begins a record; False when the file has none."""
        self._move_to(start)
        while self._fill(READ_SIZE) and len(self._buffer) >= len(self._magic):
            at = self._buffer.find(self._magic)
            while at >= 0:
                if self._opens_record(self._offset + at):
                    self._move_to(self._offset + at)
                    return True
                at = self._buffer.find(self._magic, at + 1)
            self._buffer = self._buffer[1 - len(self._magic) :]
        self._buffer = b""
        return False

    def _opens_record(self, offset: int) -> bool:
        """Whether a member here begins a record.

        A gzip body stored without compression inside a damaged member looks like a member too,
        hence the look inside. Files cut into blocks regardless of records cannot be asked that.
        """
        place = self._file.tell()
        self._file.seek(offset)
        try:
            piece = self._new_decoder().decompress(self._file.read(4096), 256)
        except DECODE_ERRORS:
            return False
        finally:
            self._file.seek(place)
        return bool(RECORD_START.match(piece)) if self._aligned else bool(piece)
