"""A WARC file whose writer died: cut back to its last whole record and given its final name."""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archiver.errors import ArchiveDamaged, StorageFailed
from pipelines.warc.files import OPEN_SUFFIX, seal, sync_folder
from pipelines.warc.scanning import Flaw, StoredRecord, scan

_GZIP = b"\x1f\x8b"
_RECORD_END = b"\r\n\r\n"
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class MendReport:
    """What became of a file: its final path (None when nothing whole was in it), its records,
    and how many bytes of a record that was never finished were cut off."""

    path: Path | None
    records: int
    cut_bytes: int


def unfinished(folder: Path) -> list[Path]:
    """The files of a folder that a writer left open, in order."""
    return sorted(folder.glob(f"*{OPEN_SUFFIX}"))


def mend(path: Path) -> MendReport:
    """Cut an open file behind its last whole record and seal it.

    Whole means: the block is as long as its header says and its gzip member or line ends are
    complete. What is cut was never acknowledged, because acknowledgements follow the fsync.

    Raises:
        ArchiveDamaged: whole records follow the damage, so it is no torn end; nothing is cut.
        StorageFailed: the disk refuses.
    """
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            end, records, behind = _last_whole_end(file)
        if behind:
            problem = (
                f"damaged, with {behind} whole records behind it; nothing was cut."
                " Keep a copy, then crawl with --fresh"
            )
            raise ArchiveDamaged(path, end, problem)
        if not records:
            path.unlink()
            sync_folder(path.parent)
            return MendReport(path=None, records=0, cut_bytes=size)
        with path.open("r+b") as file:
            file.truncate(end)
            os.fsync(file.fileno())
        return MendReport(path=seal(path), records=records, cut_bytes=size - end)
    except OSError as error:
        remedy = "Check the disk, then start the same command again: it resumes"
        raise StorageFailed(path, error.strerror or str(error), remedy) from error


def _last_whole_end(file: BinaryIO) -> tuple[int, int, int]:
    """Where the last whole record ends, how many there are up to it, and how many behind a gap."""
    end = records = behind = 0
    for record in scan(file):
        # A flaw may be told before the whole record in front of it; a gap betrays it anyway.
        if isinstance(record, Flaw):
            continue
        after = _end_of(file, record)
        if after is not None and record.offset == end:
            end, records = after, records + 1
        elif after is not None and _is_member(file, record):
            # Uncompressed, it may as well be text inside the torn block.
            behind += 1
    return end, records, behind


def _is_member(file: BinaryIO, record: StoredRecord) -> bool:
    position = file.tell()
    file.seek(record.offset)
    magic = file.read(2)
    file.seek(position)
    return magic == _GZIP


def _end_of(file: BinaryIO, record: StoredRecord) -> int | None:
    """Where a record ends; None when it is not whole. Its length may count a torn tail in."""
    position = file.tell()
    try:
        if _is_member(file, record):
            file.seek(record.offset)
            return _end_of_member(file, record)
        torn = len(record.end) - len(_RECORD_END)
        if record.is_cut or not record.end.startswith(_RECORD_END):
            return None
        return record.offset + record.length - torn
    finally:
        file.seek(position)


def _end_of_member(file: BinaryIO, record: StoredRecord) -> int | None:
    inflater = zlib.decompressobj(31)
    left = record.length
    try:
        while left > 0 and not inflater.eof and (piece := file.read(min(left, _PIECE))):
            left -= len(piece)
            inflater.decompress(piece)
    except zlib.error:
        return None
    if not inflater.eof:
        return None
    return record.offset + record.length - left - len(inflater.unused_data)
