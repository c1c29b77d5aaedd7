"""The decompressed bytes of an archive, in stretches that damage or a new record's member bound."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.warc.inflating import RECORD_START, Boundary, Damage, Event

_WINDOW = 1_048_576


class Stream:
    """Reads one archive file from front to back.

    A read never crosses the end of a stretch: where bytes are lost, and where a gzip member
    begins with a record, so that a wrong length cannot swallow the next record. `position`
    counts decompressed bytes from where reading began.
    """

    def __init__(self, events: Iterator[Event], *, is_plain: bool, start: int = 0) -> None:
        self.position = 0
        self._events = events
        self._is_plain = is_plain
        self._start = start
        self._buffer = b""
        self._at = 0
        self._pulled = 0  # decompressed bytes seen so far, the buffer included
        self._next: bytes | None = b""  # first piece of the next stretch; None at the very end
        self._is_fresh = False  # a member has just begun
        self._bounds: dict[int, int] = {}
        self._damage: list[Damage] = []

    def next_stretch(self) -> bool:
        """Drop what is left of the stretch and go to the next one; False at the end."""
        while self._pull() is not None:
            pass
        if self._next is None:
            return False
        self._buffer, self._at, self._next = self._next, 0, None
        self.position = self._pulled
        self._pulled += len(self._buffer)
        return True

    def peek(self, size: int) -> bytes:
        """Up to `size` bytes ahead, fewer only at the end of the stretch."""
        while len(self._buffer) - self._at < size and (piece := self._pull()) is not None:
            self._buffer = self._buffer[self._at :] + piece
            self._at = 0
        return self._buffer[self._at : self._at + size]

    def read(self, size: int) -> bytes:
        """`size` bytes, fewer only at the end of the stretch."""
        pieces = [self._buffer[self._at : self._at + size]]
        self._at += len(pieces[0])
        missing = size - len(pieces[0])
        while missing > 0 and (piece := self._pull()) is not None:
            self._buffer, self._at = piece, min(missing, len(piece))
            pieces.append(piece[: self._at])
            missing -= self._at
        self.position += size - missing
        return b"".join(pieces)

    def skip(self, size: int) -> int:
        """Pass over `size` bytes without keeping them; returns how many there were."""
        left = size
        while left > 0 and (piece := self.read(min(left, _WINDOW))):
            left -= len(piece)
        return size - left

    def unread(self, data: bytes) -> None:
        """Put back bytes that were read last."""
        self._buffer = data + self._buffer[self._at :]
        self._at = 0
        self.position -= len(data)

    def skip_to(self, pattern: re.Pattern[bytes]) -> int:
        """Go to the next match in the stretch, or to its end; returns the bytes passed over.

        A match may be as long as 4 KiB.
        """
        passed = 0
        while window := self.peek(_WINDOW):
            found = pattern.search(window)
            if found is not None:
                return passed + self.skip(found.start())
            is_last = len(window) < _WINDOW
            passed += self.skip(len(window) if is_last else len(window) - 4096)
        return passed

    def file_offset(self, position: int) -> int | None:
        """Where in the file a position can be sought; None inside a compressed member."""
        return self._start + position if self._is_plain else self._bounds.get(position)

    def forget(self, position: int) -> None:
        """Drop the boundaries before a position, so that memory stays flat."""
        if len(self._bounds) > 64:
            self._bounds = {at: to for at, to in self._bounds.items() if at >= position}

    def take_damage(self) -> list[Damage]:
        """Damage met since the last call."""
        damage, self._damage = self._damage, []
        return damage

    def _pull(self) -> bytes | None:
        """The next piece of this stretch; None at its end."""
        while self._next is None:
            event = next(self._events, None)
            if event is None:
                return None
            if isinstance(event, Boundary):
                self._bounds[self._pulled] = event.offset
                self._is_fresh = True
            elif isinstance(event, Damage):
                self._damage.append(event)
                self._next = b""
            elif self._is_fresh and self._pulled and RECORD_START.match(event):
                self._is_fresh = False
                self._next = event
            else:
                self._is_fresh = False
                self._pulled += len(event)
                return event
        return None
