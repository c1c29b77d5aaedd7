"""Records of WARC and ARC files, framed leniently, and the flaws between them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap

from pipelines.warc.inflating import ARC_LINE, RECORD_START, Bytes, Damage, Packing, events, packing
from pipelines.warc.messages import Message
from pipelines.warc.stream import Stream

# Blocks up to this size are held in memory; larger ones are mapped from a temporary file.
IN_MEMORY = 16 * 1024 * 1024

_HEAD_SIZES = (8_192, 1_048_576)
_LONGEST_LINE = 16_384
_PIECE = 1_048_576
_BLANK_LINE = re.compile(rb"\n\r*\n")
_NEWLINES = re.compile(rb"[\r\n]*")
_WARC_START = rb"WARC/\d\.\d+[ \t]*\r*\n(?=[A-Za-z\-]+[ \t]*:)"
_NEXT_WARC = re.compile(_WARC_START)
_NEXT_ARC = re.compile(rb"(?:(?<=\n)|\A)" + ARC_LINE)
_NEXT_OF_EITHER = re.compile(_WARC_START + rb"|(?:(?<=\n)|\A)" + ARC_LINE)
_SWALLOWED_WARC = re.compile(rb"\r?\n\r?\n(?=" + _WARC_START + rb")")
_SWALLOWED_ARC = re.compile(rb"\r?\n(?=" + ARC_LINE + rb")")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """A fault of the file itself. `offset` is a place in the file, or in what it decompresses to
    where `is_inside` (no place in the file begins there).
    """

    code: str
    problem: str
    offset: int
    is_inside: bool = False


class Fields:
    """The named fields of a record header: in order, repeated ones kept, names in any case."""

    __slots__ = ("_first", "pairs")

    def __init__(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self.pairs = pairs
        self._first: dict[str, str] = {}
        for name, value in pairs:
            self._first.setdefault(name.lower(), value)

    def get(self, name: str) -> str | None:
        """First value of a field, None when absent or empty; `name` in lower case."""
        return self._first.get(name) or None

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field; `name` in lower case."""
        return tuple(value for key, value in self.pairs if key.lower() == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """One record as it lies in a file.

    `offset` and `length` are places of the file where the record has its own bytes there;
    `is_shared` records lie inside a compressed member with others, and both count decompressed
    bytes instead. `size` is what Content-Length says (None if nothing usable), `end` the line
    ends behind the block. ARC headers are told in WARC field names.
    """

    version: str  # "WARC/1.1", "ARC/1"
    head: bytes
    fields: Fields
    block: Message
    size: int | None
    end: bytes
    offset: int
    length: int
    is_shared: bool

    @property
    def kind(self) -> str:
        """WARC-Type in lower case, "" when absent."""
        return (self.fields.get("warc-type") or "").lower()

    @property
    def is_cut(self) -> bool:
        """Whether the block is shorter than Content-Length says."""
        return self.size is not None and len(self.block) < self.size

    @property
    def is_arc(self) -> bool:
        """Whether the record comes from an ARC file."""
        return self.version.startswith("ARC")


def scan(file: Bytes, *, inside: int = 0) -> Iterator[StoredRecord | Flaw]:
    """Records and flaws from the file's current position on, in file order.

    `inside` decompressed bytes are passed over first: that is how a record that shares its
    member is reached.
    """
    stream = Stream(events(file), is_plain=packing(file) is Packing.PLAIN, start=file.tell())
    return _Scanner(stream, inside).scan()


class _Scanner:
    def __init__(self, stream: Stream, inside: int) -> None:
        self._stream = stream
        self._inside = inside
        self._is_arc: bool | None = None  # not known before the first record

    def scan(self) -> Iterator[StoredRecord | Flaw]:
        while self._stream.next_stretch():
            if self._inside > self._stream.position:
                self._stream.skip(self._inside - self._stream.position)
            while self._is_at_something():
                yield self._record() if self._is_at_record() else self._garbage()
                yield from self._damage()
            yield from self._damage()

    def _is_at_something(self) -> bool:
        self._newlines()
        return bool(self._stream.peek(1))

    def _is_at_record(self) -> bool:
        return RECORD_START.match(self._stream.peek(_LONGEST_LINE)) is not None

    def _damage(self) -> Iterator[Flaw]:
        self._stream.peek(1)
        for each in self._stream.take_damage():
            yield _flaw_of(each)

    def _garbage(self) -> Flaw:
        start = self._stream.position
        passed = self._stream.skip_to(self._next())
        return self._flaw("warc.garbage", f"{passed} bytes that belong to no record", start)

    def _next(self) -> re.Pattern[bytes]:
        if self._is_arc is None:
            return _NEXT_OF_EITHER
        return _NEXT_ARC if self._is_arc else _NEXT_WARC

    def _flaw(self, code: str, problem: str, position: int) -> Flaw:
        offset = self._stream.file_offset(position)
        return Flaw(
            code=code,
            problem=problem,
            offset=position if offset is None else offset,
            is_inside=offset is None,
        )

    def _newlines(self) -> bytes:
        """Read over line ends; returns the first of them."""
        first = b""
        while count := len(_NEWLINES.match(self._stream.peek(512))[0]):  # type: ignore[index]
            newlines = self._stream.read(count)
            first = first or newlines
        return first

    def _record(self) -> StoredRecord | Flaw:
        stream, start = self._stream, self._stream.position
        stream.forget(start)
        head = self._head()
        if head is None:
            return self._flaw("warc.header_cut", "a record header without an end", start)
        version, fields = _arc_header(head) if self._is_arc else _warc_header(head)
        size = _size(fields.get("content-length"))
        block = self._block(size)
        end = self._newlines()
        block, end = self._without_swallowed(block, end, size)
        return self._stored(start, head, version, fields, block, size, end)

    def _stored(
        self,
        start: int,
        head: bytes,
        version: str,
        fields: Fields,
        block: Message,
        size: int | None,
        end: bytes,
    ) -> StoredRecord:
        self._stream.peek(1)  # so that the boundary behind the record is known
        stop = self._stream.position
        offset, after = self._stream.file_offset(start), self._stream.file_offset(stop)
        is_shared = offset is None or after is None
        return StoredRecord(
            version=version,
            head=head,
            fields=fields,
            block=block,
            size=size,
            end=end,
            offset=start if offset is None or after is None else offset,
            length=stop - start if offset is None or after is None else after - offset,
            is_shared=is_shared,
        )

    def _head(self) -> bytes | None:
        """The record's header with its blank line; None when it has no end, and is read over."""
        stream = self._stream
        self._is_arc = not stream.peek(5).startswith(b"WARC/")
        if self._is_arc:
            return stream.read(stream.peek(_LONGEST_LINE).index(b"\n") + 1)
        window = b""
        for size in _HEAD_SIZES:
            window = stream.peek(size)
            if found := _BLANK_LINE.search(window):
                others = list(_NEXT_WARC.finditer(window, 5, found.end()))
                if not others:
                    return stream.read(found.end())
                stream.skip(others[-1].start())
                return None
        is_last = len(window) < _HEAD_SIZES[-1]
        stream.skip(len(window) if is_last else len(window) - _LONGEST_LINE)
        return None

    def _block(self, size: int | None) -> Message:
        if size is None:
            return self._block_of_unknown_size()
        if size <= IN_MEMORY:
            return self._stream.read(size)
        with tempfile.TemporaryFile() as spill:
            left = size
            while left and (piece := self._stream.read(min(left, _PIECE))):
                spill.write(piece)
                left -= len(piece)
            spill.flush()
            return mmap(spill.fileno(), 0, access=ACCESS_READ) if left < size else b""

    def _block_of_unknown_size(self) -> bytes:
        """All up to the next record, at most `IN_MEMORY`."""
        swallowed = _SWALLOWED_ARC if self._is_arc else _SWALLOWED_WARC
        size = 65_536
        while True:
            window = self._stream.peek(size)
            if found := swallowed.search(window):
                return self._stream.read(found.start())
            if len(window) < size or size >= IN_MEMORY:
                return self._stream.read(len(window)).rstrip(b"\r\n")
            size *= 2

    def _without_swallowed(
        self, block: Message, end: bytes, size: int | None
    ) -> tuple[Message, bytes]:
        """The block without the records that a Content-Length too large took in.

        Only looked for where the block is not followed by a record: a WARC file kept as the
        payload of a record holds records, too.
        """
        if size is None or (len(block) == size and self._is_followed_well()):
            return block, end
        swallowed = _SWALLOWED_ARC if self._is_arc else _SWALLOWED_WARC
        found = swallowed.search(block, 0, IN_MEMORY)
        if found is None:
            return block, end
        self._stream.unread(block[found.start() :] + end)
        return block[: found.start()], self._newlines()

    def _is_followed_well(self) -> bool:
        return not self._stream.peek(1) or self._is_at_record()


def _flaw_of(damage: Damage) -> Flaw:
    return Flaw(code=damage.code, problem=damage.problem, offset=damage.offset)


def _size(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def _warc_header(head: bytes) -> tuple[str, Fields]:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    version, *lines = text.split("\n")
    pairs: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in (" ", "\t") and pairs and line.strip():
            name, value = pairs[-1]
            pairs[-1] = (name, f"{value} {line.strip()}".lstrip())
            continue
        name, colon, value = line.partition(":")
        if colon:
            pairs.append((name.strip(), value.strip()))
    return version.strip(), Fields(tuple(pairs))


def _arc_header(head: bytes) -> tuple[str, Fields]:
    """An ARC line as WARC fields.  Source: ARC file format, versions 1 and 2"""
    parts = head.decode("latin-1").split()
    is_second = len(parts) == 10
    kind = "warcinfo" if parts[0].startswith("filedesc:") else "response"
    fields = (
        ("WARC-Type", kind),
        ("WARC-Target-URI", parts[0]),
        ("WARC-IP-Address", parts[1]),
        ("WARC-Date", parts[2]),
        ("Content-Type", parts[3] if is_second else " ".join(parts[3:-1])),
        ("Content-Length", parts[-1]),
    )
    return "ARC/2" if is_second else "ARC/1", Fields(fields)
