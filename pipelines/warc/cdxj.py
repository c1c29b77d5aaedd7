"""The index of a crawl: one sorted CDXJ line for each capture that can be replayed.

Source: specs.webrecorder.net/cdxj/0.1.0
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from heapq import merge
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import orjson

from archiver.model import Capture, RecordType
from archiver.urls import surt_key
from pipelines.warc.files import sync_folder

_RUN = 50_000


def line(capture: Capture) -> bytes | None:
    """The line of one capture with its line end; None when it has no place or no answer."""
    if capture.warc_filename is None or capture.record_type is RecordType.REQUEST:
        return None
    is_revisit = capture.record_type is RecordType.REVISIT
    facts = {
        "url": capture.url,
        "mime": "warc/revisit" if is_revisit else _mime(capture),
        "status": "-" if capture.status is None else str(capture.status),
        "digest": capture.payload_digest or "-",
        "length": str(capture.warc_length),
        "offset": str(capture.warc_offset),
        "filename": capture.warc_filename,
    }
    surt = surt_key(capture.url).replace(" ", "%20")
    key = f"{surt} {capture.captured_at:%Y%m%d%H%M%S} "
    return key.encode() + orjson.dumps(facts, option=orjson.OPT_APPEND_NEWLINE)


def write(captures: Iterable[Capture], path: Path) -> int:
    """Write the index of all captures, sorted by bytes, each line once; returns the line count.

    Sorts in runs on disk, so memory does not grow with the crawl; appears by rename.
    """
    lines = (found for capture in captures if (found := line(capture)) is not None)
    growing = path.with_name(path.name + ".open")
    count = 0
    with ExitStack() as stack, growing.open("wb") as index:
        runs = [stack.enter_context(run) for run in _runs(lines)]
        for unique, _ in groupby(merge(*runs)):
            index.write(unique)
            count += 1
        index.flush()
        os.fsync(index.fileno())
    growing.rename(path)
    sync_folder(path.parent)
    return count


def _runs(lines: Iterator[bytes]) -> Iterator[IO[bytes]]:
    while batch := sorted(islice(lines, _RUN)):
        run = TemporaryFile()  # noqa: SIM115 - the caller's exit stack closes it
        run.writelines(batch)
        run.seek(0)
        yield run


def _mime(capture: Capture) -> str:
    return (capture.header("content-type") or "").partition(";")[0].strip().lower() or "-"
