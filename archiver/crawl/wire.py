"""What one wire attempt recorded: the bytes of both directions and how the answer ended."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from mmap import ACCESS_READ, mmap
from tempfile import TemporaryFile
from time import monotonic
from typing import IO

from archiver.model import CaptureId, Exchange, Truncated, Url

# Larger answers wait for the archive in a temporary file instead of in memory.
SPILL_BYTES = 2 * 1024 * 1024


class Recording:
    """Bytes in the order they came; beyond `SPILL_BYTES` in a temporary file."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._file: IO[bytes] | None = None
        self.size = 0

    def add(self, data: bytes) -> None:
        """Keep some more bytes."""
        self.size += len(data)
        if self._file is not None:
            self._file.write(data)
            return
        self._pieces.append(data)
        if self.size > SPILL_BYTES:
            self._file = TemporaryFile()  # noqa: SIM115 - closed when the bytes are taken
            self._file.writelines(self._pieces)
            self._pieces.clear()

    def split_off(self, size: int) -> bytes:
        """Take the first bytes out; only before the spill, where interim heads are."""
        whole = b"".join(self._pieces)
        self._pieces = [whole[size:]]
        self.size -= size
        return whole[:size]

    def take(self, size: int) -> bytes | mmap:
        """The first `size` bytes; whatever follows is dropped."""
        if self._file is None:
            whole = b"".join(self._pieces)
            return whole if size == len(whole) else whole[:size]
        with self._file as file:
            file.flush()
            os.truncate(file.fileno(), size)
            return mmap(file.fileno(), 0, access=ACCESS_READ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the crawl knows of a request: who asked for it, and how it was reached."""

    url: Url
    method: str
    via: str | None
    hops_from_seed: str
    is_proxied: bool


class Tap:
    """Listens to one attempt: one request written to one connection, and what came back.

    It ends once: with the whole message, with the peer leaving, or with us letting go.
    """

    def __init__(self, capture_id: CaptureId, started_at: datetime, ip_address: str) -> None:
        self.capture_id = capture_id
        self.was_sent = True  # False while a TLS handshake still holds the request back
        self._started_at, self._started = started_at, monotonic()
        self._ended: float | None = None
        self._ip_address = ip_address
        self._request: list[bytes] = []
        self._response = Recording()
        self._interim = b""
        self._surplus = 0
        self._truncated: Truncated | None = None

    @property
    def received(self) -> int:
        """Bytes that have come back so far, interim answers included."""
        return len(self._interim) + self._response.size

    def sent(self, data: bytes) -> None:
        """Bytes of the request went out."""
        self._request.append(data)

    def came(self, data: bytes) -> None:
        """Bytes of the answer arrived."""
        if self._ended is None:
            self._response.add(data)

    def interim_ended(self, unread: int) -> None:
        """An interim (1xx) head ended `unread` bytes before the end of what has come."""
        self._interim += self._response.split_off(self._response.size - unread)

    def message_ended(self, surplus: int = 0) -> None:
        """The answer is whole; the last `surplus` bytes do not belong to it."""
        self._surplus = surplus
        self._end(None)

    def cut(self, reason: Truncated) -> None:
        """The answer ends here, unfinished."""
        self._end(reason)

    def _end(self, truncated: Truncated | None) -> None:
        if self._ended is None:
            self._ended, self._truncated = monotonic(), truncated

    def exchange(self, context: Context, error: str | None) -> Exchange:
        """Everything that was recorded, as the archive takes it; the tap has ended."""
        response = self._response.take(self._response.size - self._surplus)
        return Exchange(
            capture_id=self.capture_id,
            url=context.url,
            method=context.method,
            started_at=self._started_at,
            duration_ms=round(((self._ended or monotonic()) - self._started) * 1000),
            request=b"".join(self._request),
            response=response,
            interim=self._interim,
            surplus_bytes=self._surplus,
            # The address of a proxy is not the server's.
            ip_address=None if context.is_proxied else self._ip_address,
            truncated=self._truncated if response else None,
            error=error,
            via=context.via,
            hops_from_seed=context.hops_from_seed,
        )


class Attempts:
    """The taps of one request: Twisted silently repeats it when a kept connection was stale."""

    def __init__(self, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._clock, self._new_id = clock, new_id
        self.taps: list[Tap] = []

    def begin(self, ip_address: str) -> Tap:
        """A tap for the next attempt."""
        tap = Tap(CaptureId(self._new_id()), self._clock(), ip_address)
        self.taps.append(tap)
        return tap
