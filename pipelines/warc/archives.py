"""The archive files that a path means: one file, a folder of them, the members of a WACZ."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from archiver.errors import ArchiveDamaged

_FILES = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz")
_PACKAGE = ".wacz"
_UNFINISHED = ".open"  # what a crawl that was killed left behind
_LOCAL_HEADER = struct.Struct("<26xHH")
# What reading a damaged, encrypted or unusual file can raise, a zip file included.
READ_ERRORS = (
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)

Opened = AbstractContextManager[BinaryIO]


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """One WARC or ARC file. `name` is its file name, or its path inside the WACZ at `path`."""

    path: Path
    name: str
    open: Callable[[], Opened]


def find(paths: Iterable[Path]) -> tuple[Archive, ...]:
    """Every archive under these paths; folders are searched in depth, by name.

    Raises:
        ArchiveDamaged: a path does not exist, cannot be read, or a folder holds no archive.
    """
    return tuple(archive for path in paths for archive in _under(path))


def _under(path: Path) -> Iterator[Archive]:
    if path.is_dir():
        files = sorted(each for each in path.rglob("*") if each.is_file() and _is_archive(each))
        if not files:
            raise ArchiveDamaged(path, None, "no WARC, ARC or WACZ file in this folder")
        for each in files:
            yield from _of_file(each)
        return
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise ArchiveDamaged(path, None, error.strerror or str(error)) from error
    yield from _of_file(path)


def _is_archive(path: Path) -> bool:
    return path.name.lower().removesuffix(_UNFINISHED).endswith((*_FILES, _PACKAGE))


def _of_file(path: Path) -> Iterator[Archive]:
    def whole() -> Opened:
        return path.open("rb")

    found = list(_members(path, whole)) if path.suffix.lower() == _PACKAGE else []
    # A WACZ whose directory is gone is read as one file: its records can still be found.
    yield from found or [Archive(path=path, name=path.name, open=whole)]


def _members(path: Path, container: Callable[[], Opened], prefix: str = "") -> Iterator[Archive]:
    """Archives inside a zip file, those of packages inside the package included."""
    try:
        with container() as file, zipfile.ZipFile(file) as package:
            entries = package.infolist()
    except (*READ_ERRORS, ValueError):
        return
    for entry in entries:
        name = entry.filename.lower()
        opened = partial(_open_member, container, entry)
        if name.endswith(_FILES):
            yield Archive(path=path, name=f"{prefix}{entry.filename}", open=opened)
        elif name.endswith(_PACKAGE) and prefix.count("/") < 3:
            yield from _members(path, opened, prefix=f"{prefix}{entry.filename}/")


@contextmanager
def _open_member(container: Callable[[], Opened], entry: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    """A member as a file: a stored one as a window, in which seeking costs nothing."""
    with container() as file:
        if entry.compress_type == zipfile.ZIP_STORED:
            file.seek(entry.header_offset)
            name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
            start = entry.header_offset + _LOCAL_HEADER.size + name + extra
            window = _Window(file, start, entry.file_size)
            yield cast(BinaryIO, io.BufferedReader(window))
        else:
            with zipfile.ZipFile(file) as package, package.open(entry) as member:
                yield cast(BinaryIO, member)


class _Window(io.RawIOBase):
    """Part of a file as a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._start + self._at)
        data = self._file.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
