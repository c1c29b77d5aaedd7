"""Revisits and their originals, which may come later or in another file of the same input."""

from __future__ import annotations

import pickle  # only for a temporary file of our own
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import TracebackType
from typing import NamedTuple, Self

from archiver.model import Capture, CaptureId, Document, Issue, Severity, Stage
from pipelines.warc import captures, declared, http
from pipelines.warc.archives import Archive
from pipelines.warc.inflating import Bytes
from pipelines.warc.messages import entity
from pipelines.warc.scanning import StoredRecord, scan

_IN_MEMORY = 8 * 1024 * 1024
_LONGEST_CHAIN = 20
_EMPTY = declared.digest_of("sha1", ())

Key = int
"""Hash of something that a record can be looked up by: small, and good enough for a lookup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Revisit:
    capture: Capture
    keys: tuple[Key, ...]  # what its original can be found by, the surest first
    digest: declared.Digest | None


class _Place(NamedTuple):
    archive: int
    offset: int
    is_shared: bool
    taken: float
    digest: declared.Digest | None


class Revisits:
    """Sets revisits aside until every file was read, then gives them their originals' bodies.

    Memory holds a few hashes for each revisit and nothing for other records.
    """

    def __init__(self) -> None:
        self._shelf = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - __exit__
        self._count = 0
        self._wanted: set[Key] = set()
        self._aliases: dict[Key, tuple[Key, ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._shelf.close()

    def add(self, record: StoredRecord, capture: Capture) -> None:
        """Set a revisit aside."""
        revisit = _revisit(record, capture)
        pickle.dump(revisit, self._shelf)
        self._count += 1
        self._wanted.update(revisit.keys)
        for key in _own_keys(record, capture.url):
            self._aliases[key] = revisit.keys

    def documents(self, archives: Sequence[Archive], report: captures.Report) -> Iterator[Document]:
        """The revisits with the bodies of their originals, ordered by where those are.

        One without its original has an empty body and an issue.
        """
        if not self._count:
            return
        places = self._places(archives)
        found: list[tuple[_Place, int]] = []
        for at, revisit in self._shelved():
            place = self._place_of(revisit, places)
            if place is not None:
                found.append((place, at))
                continue
            if revisit.digest != _EMPTY:
                report(_unresolved(revisit.capture))
            yield Document(capture=revisit.capture, body=b"")
        found.sort(key=lambda each: each[0][:2])
        for index, group in groupby(found, key=lambda each: each[0].archive):
            yield from self._with_bodies(archives[index], list(group))

    def _shelved(self) -> Iterator[tuple[int, _Revisit]]:
        at = 0
        for _ in range(self._count):
            revisit, after = self._take(at)
            yield at, revisit
            at = after

    def _take(self, at: int) -> tuple[_Revisit, int]:
        self._shelf.seek(at)
        revisit: _Revisit = pickle.load(self._shelf)  # noqa: S301 - written by `add`
        return revisit, self._shelf.tell()

    def _places(self, archives: Iterable[Archive]) -> dict[Key, list[_Place]]:
        """Where the records are that revisits ask for: a second pass over the files."""
        places: dict[Key, list[_Place]] = {}
        for index, archive in enumerate(archives):
            with archive.open() as file:
                for record in scan(file):
                    if isinstance(record, StoredRecord) and record.kind in ("response", "resource"):
                        self._note(record, index, places)
        return places

    def _note(self, record: StoredRecord, index: int, places: dict[Key, list[_Place]]) -> None:
        url = declared.uri(record.fields.get("warc-target-uri")) or ""
        digest = _payload_digest(record)
        taken = declared.moment(record.fields.get("warc-date"))
        place = _Place(
            archive=index,
            offset=record.offset,
            is_shared=record.is_shared,
            taken=taken.timestamp() if taken else 0.0,
            digest=digest,
        )
        for key in (*_own_keys(record, url), hash(("url", url)), hash(("digest", digest))):
            if key in self._wanted:
                places.setdefault(key, []).append(place)

    def _place_of(self, revisit: _Revisit, places: dict[Key, list[_Place]]) -> _Place | None:
        """Where the original is; a revisit of a revisit is followed."""
        keys, seen = revisit.keys, set(revisit.keys)
        for _ in range(_LONGEST_CHAIN):
            for key in keys:
                if place := _best(places.get(key, ()), revisit):
                    return place
            further = (key for known in keys for key in self._aliases.get(known, ()))
            keys = tuple(key for key in dict.fromkeys(further) if key not in seen)
            seen.update(keys)
        return None

    def _with_bodies(self, archive: Archive, found: list[tuple[_Place, int]]) -> Iterator[Document]:
        # What is wrong with an original was reported when it was read itself.
        quiet = captures.Place(filename=archive.name, report=lambda issue: None)
        wanted: dict[tuple[int, bool], list[int]] = {}
        for place, at in found:
            wanted.setdefault((place.offset, place.is_shared), []).append(at)
        with archive.open() as file:
            for record in _records(file, list(wanted)):
                if original := captures.document(record, quiet):
                    for at in wanted[record.offset, record.is_shared]:
                        yield with_body_of(self._take(at)[0].capture, original)


def _records(file: Bytes, places: list[tuple[int, bool]]) -> Iterator[StoredRecord]:
    """Records at places in ascending order; of shared members in one pass from the start."""
    for offset, is_shared in places:
        if not is_shared:
            file.seek(offset)
            record = next(scan(file), None)
            if isinstance(record, StoredRecord):
                yield replace(record, offset=offset)
    shared = {offset for offset, is_shared in places if is_shared}
    if shared:
        file.seek(0)
        for each in scan(file):
            if isinstance(each, StoredRecord) and each.is_shared and each.offset in shared:
                yield each


def _revisit(record: StoredRecord, capture: Capture) -> _Revisit:
    fields = record.fields
    digest = declared.digest(fields.get("warc-payload-digest"))
    keys: list[Key] = []
    if refers_to := declared.bare_id(fields.get("warc-refers-to")):
        keys.append(hash(("id", refers_to)))
    url = declared.uri(fields.get("warc-refers-to-target-uri")) or capture.url
    if date := declared.moment(fields.get("warc-refers-to-date")):
        keys.append(hash(("at", url, int(date.timestamp()))))
    if digest:
        keys.append(hash(("digest", digest)))
    if "server-not-modified" in (fields.get("warc-profile") or ""):
        # Old Heritrix names no original: it is the capture of this address before this one.
        keys.append(hash(("url", url)))
        capture = replace(capture, status=capture.status or 304)
    capture = replace(capture, revisit_of=CaptureId(refers_to) if refers_to else None)
    return _Revisit(capture=capture, keys=tuple(keys), digest=digest)


def _own_keys(record: StoredRecord, url: str) -> Iterator[Key]:
    if own := declared.bare_id(record.fields.get("warc-record-id")):
        yield hash(("id", own))
    if date := declared.moment(record.fields.get("warc-date")):
        yield hash(("at", url, int(date.timestamp())))


def _payload_digest(record: StoredRecord) -> declared.Digest:
    known = declared.digest(record.fields.get("warc-payload-digest"))
    if known is not None:
        return known
    if record.kind == "resource":
        return declared.digest_of("sha1", (record.block,))
    answer = http.read(record.block, limit=0)
    return declared.digest_of("sha1", entity(record.block, answer.body_at, answer.is_chunked))


def _best(candidates: Iterable[_Place], revisit: _Revisit) -> _Place | None:
    """Of the records found by one key the last one before the revisit, its payload the same."""
    fitting = [each for each in candidates if _may_be(each.digest, revisit.digest)]
    taken = revisit.capture.captured_at.timestamp()
    before = [each for each in fitting if each.taken <= taken]
    if before:
        return max(before, key=lambda each: each.taken)
    return min(fitting, key=lambda each: each.taken, default=None)


def _may_be(found: declared.Digest | None, stated: declared.Digest | None) -> bool:
    return found is None or stated is None or found == stated or found[0] != stated[0]


def with_body_of(capture: Capture, original: Document) -> Document:
    """A revisit with its original's body, and what its own head leaves unsaid of that."""
    source = original.capture
    headers = capture.headers or source.headers
    if capture.header("content-type") is None and capture.headers:
        # A 304 seldom repeats the type, without which the body cannot be decoded.
        headers += tuple(each for each in source.headers if each[0].lower() == "content-type")
    return Document(
        capture=replace(
            capture,
            status=source.status if capture.status is None else capture.status,
            headers=headers,
            payload_digest=capture.payload_digest or source.payload_digest,
            payload_length=len(original.body),
            revisit_of=source.capture_id,
        ),
        body=original.body,
    )


def _unresolved(capture: Capture) -> Issue:
    return Issue(
        code="warc.revisit_unresolved",
        message=f"{capture.warc_filename}, byte {capture.warc_offset}: the original of this"
        " revisit is not in the files read",
        severity=Severity.WARNING,
        stage=Stage.FETCH,
        url=capture.url,
        capture_id=capture.capture_id,
    )
