"""WARC files on disk: named, growing under `.open`, cut back after a failure, sealed by rename."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

OPEN_SUFFIX = ".open"

# Each write lets other threads run, and waiting for them to pause costs more than the write.
_WRITE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record stands: file name, offset and length in bytes as compressed."""

    filename: str
    offset: int
    length: int


class GrowingFile:
    """A new WARC file that is only appended to; nobody finds it by its final name before `seal`.

    Every method raises OSError as the system gives it; `size` is then what really was written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._open_path = open_path(path)
        self._file = self._open_path.open("xb", buffering=0)
        sync_folder(path.parent)
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self.size = 0
        self.durable = 0

    @property
    def end(self) -> int:
        """Where the next record will stand."""
        return self.size + self._pending_bytes

    def append(self, member: Iterable[bytes]) -> Place:
        """Add one packed record and say where; durable only after `sync`."""
        offset = self.end
        for piece in member:
            self._pending.append(piece)
            self._pending_bytes += len(piece)
            if self._pending_bytes >= _WRITE_BYTES:
                self._write()
        return Place(filename=self.path.name, offset=offset, length=self.end - offset)

    def _write(self) -> None:
        rest = memoryview(b"".join(self._pending))
        self._pending.clear()
        self._pending_bytes = 0
        while rest:
            written = self._file.write(rest)
            self.size += written
            rest = rest[written:]

    def sync(self) -> None:
        """Force what was added onto the disk."""
        self._write()
        os.fsync(self._file.fileno())
        self.durable = self.size

    def cut_back(self, end: int) -> None:
        """Drop everything behind `end`, which must be the end of a whole record."""
        self._pending.clear()
        self._pending_bytes = 0
        self._file.seek(end)
        self._file.truncate()
        self.size = end
        self.durable = min(self.durable, end)

    def seal(self) -> Path:
        """Close the file and give it its final name."""
        self.sync()
        self._file.close()
        return seal(self._open_path)

    def discard(self) -> None:
        """Close the file and remove it."""
        self._file.close()
        self._open_path.unlink()

    def close(self) -> None:
        """Let go of the file as it is."""
        self._file.close()


def open_path(path: Path) -> Path:
    """The name of a file while it grows."""
    return path.with_name(path.name + OPEN_SUFFIX)


def seal(grown: Path) -> Path:
    """Rename a file that has stopped growing to its final name and return that.

    Raises:
        FileExistsError: that name is taken; nothing is ever overwritten.
    """
    path = grown.with_name(grown.name.removesuffix(OPEN_SUFFIX))
    if path.exists():
        raise FileExistsError(f"{path} exists already")
    grown.rename(path)
    sync_folder(path.parent)
    return path


def new_path(folder: Path, prefix: str, now: datetime, serial: int, host: str) -> tuple[Path, int]:
    """A file name that is free in the folder, and the serial number that made it so.

    Source: WARC 1.1, annex C: Prefix-Timestamp-Serial-Crawlhost.warc.gz
    """
    stamp = f"{now.astimezone(UTC):%Y%m%d%H%M%S}"
    while True:
        name = f"{_name_part(prefix)}-{stamp}-{serial:05d}-{_name_part(host)}.warc.gz"
        path = folder / name
        if not path.exists() and not open_path(path).exists():
            return path, serial
        serial += 1


def sync_folder(folder: Path) -> None:
    """Force the names in a folder onto the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name_part(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-.") or "x"
