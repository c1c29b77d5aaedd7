"""Existing archives as documents: WARC, ARC and WACZ files, whoever wrote them and however well.

Bytes are framed here and not by FastWARC or warcio: both end at the first damage, FastWARC takes
a cut record for a whole one, and neither tells where a compressed record ends.
Source: measured with FastWARC 2.0.1 and warcio 1.8.1
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from archiver.errors import ArchiveDamaged
from archiver.model import Capture, CaptureId, Document, Issue, RecordType, Severity, Stage
from pipelines.warc import captures, facts
from pipelines.warc.archives import READ_ERRORS, Archive, find
from pipelines.warc.captures import Place, Report
from pipelines.warc.inflating import Bytes, Packing, packing
from pipelines.warc.revisits import Revisits, with_body_of
from pipelines.warc.scanning import Flaw, StoredRecord, scan

__all__ = ["documents", "read_at", "with_body_of"]

_CAPTURES = ("response", "revisit", "resource")
_EARLY = 64

SetAside = Callable[[StoredRecord, Capture], None]


def documents(source: Path | str | Iterable[Path | str], *, on_issue: Report) -> Iterator[Document]:
    """Every web capture in a file, a folder, a WACZ or several of these, with its decoded body.

    In file order, revisits behind all others because an original can be anywhere. Records of
    other kinds and schemes are passed over. Bad content never raises: what is lost or doubtful
    is reported with file and offset. Records stream; memory does not grow with the input.

    Raises:
        ArchiveDamaged: a path does not exist, or nothing in any of the files is a record.
    """
    paths = [source] if isinstance(source, Path | str) else list(source)
    archives = find(Path(each) for each in paths)
    empty: list[Archive] = []
    with Revisits() as revisits:
        for archive in archives:
            records = yield from _of_archive(archive, on_issue, revisits.add)
            if not records:
                empty.append(archive)
        if len(empty) == len(archives):
            raise ArchiveDamaged(paths[0] if paths else "", None, "no WARC or ARC record in it")
        for archive in empty:
            on_issue(_not_an_archive(archive))
        yield from revisits.documents(archives, on_issue)


def _unheard(issue: Issue) -> None:
    """Stands for a listener where there is none."""


def read_at(
    path: Path | str,
    offset: int,
    *,
    member: str | None = None,
    on_issue: Report = _unheard,
) -> Document:
    """One capture by the place that `documents` gave it; `member` names the file in a WACZ.

    A revisit comes without its body: `revisit_of` names the capture that has it, and
    `with_body_of` joins the two.

    Raises:
        ArchiveDamaged: the file or member does not exist, or no capture begins there.
    """
    archive = _archive(Path(path), member)
    place = Place(filename=archive.name, report=on_issue)
    with archive.open() as file:
        for position, inside in _starts(file, offset):
            file.seek(position)
            items = _scanned(file, inside)
            first = next(items, None)
            if isinstance(first, StoredRecord) and first.offset == offset:
                for document in _joined(_one_event(first, items), place):
                    return document
    raise ArchiveDamaged(path, offset, "no capture begins here")


def _one_event(
    first: StoredRecord, items: Iterator[StoredRecord | Flaw]
) -> Iterator[StoredRecord | Flaw]:
    """A record and what belongs to it; damage behind it is no matter of this capture."""
    yield first
    for item in items:
        if isinstance(item, Flaw):
            if first.is_cut:
                yield item
            return
        if item.kind in _CAPTURES:
            return
        yield item


def _archive(path: Path, member: str | None) -> Archive:
    archives = find([path])
    for archive in archives:
        if member in (None, archive.name):
            return archive
    raise ArchiveDamaged(path, None, f"no file {member} in it")


def _starts(file: Bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Where to begin, and how much to pass over, so that a record at `offset` comes first."""
    file.seek(0)
    is_packed = packing(file) is not Packing.PLAIN
    file.seek(offset)
    if not is_packed or packing(file) is not Packing.PLAIN:
        yield offset, 0
    if is_packed and offset:
        yield 0, offset


def _of_archive(
    archive: Archive, on_issue: Report, set_aside: SetAside
) -> Generator[Document, None, int]:
    """The documents of one file but for revisits; returns how many records it has."""
    place = Place(filename=archive.name, report=on_issue)
    with ExitStack() as stack:
        try:
            file = stack.enter_context(archive.open())
        except READ_ERRORS as error:
            place.flaw(Flaw(code="warc.unreadable", problem=str(error), offset=0))
            return 0
        return (yield from _joined(_scanned(file), place, set_aside))


def _scanned(file: Bytes, inside: int = 0) -> Iterator[StoredRecord | Flaw]:
    try:
        yield from scan(file, inside=inside)
    except READ_ERRORS as error:
        yield Flaw(code="warc.unreadable", problem=str(error), offset=file.tell())


def _joined(
    items: Iterable[StoredRecord | Flaw], place: Place, set_aside: SetAside | None = None
) -> Generator[Document, None, int]:
    """Documents with what their metadata records add; returns the number of records.

    A document waits until the next one, because writers put the metadata behind it.
    """
    held: tuple[StoredRecord, Document] | None = None
    early: dict[CaptureId, facts.Facts] = {}
    records = 0
    for item in items:
        if isinstance(item, Flaw):
            place.flaw(item)
            continue
        records += 1
        if item.kind in _CAPTURES:
            yield from _released(held, set_aside)
            held = None
            if document := captures.document(item, place):
                told = early.pop(document.capture.capture_id, None)
                held = item, _told(document, told)
        elif item.kind == "metadata" and (told := facts.read(item)):
            if held and held[1].capture.capture_id in told.about:
                held = held[0], _told(held[1], told)
            else:
                early.update(dict.fromkeys(told.about, told))
                while len(early) > _EARLY:
                    early.pop(next(iter(early)))
    yield from _released(held, set_aside)
    return records


def _told(document: Document, told: facts.Facts | None) -> Document:
    if told is None:
        return document
    return replace(document, capture=facts.joined(document.capture, told))


def _released(
    held: tuple[StoredRecord, Document] | None, set_aside: SetAside | None
) -> Iterator[Document]:
    if held is None:
        return
    record, document = held
    if set_aside and document.capture.record_type is RecordType.REVISIT:
        set_aside(record, document.capture)
    else:
        yield document


def _not_an_archive(archive: Archive) -> Issue:
    return Issue(
        code="warc.not_an_archive",
        message=f"{archive.name}: no WARC or ARC record in it",
        severity=Severity.ERROR,
        stage=Stage.FETCH,
    )
