"""A strict verifier of archive files: everything that other tools let pass is named here.

Unlike `warcio check`, `fastwarc check` and warcat it knows both conventions for the payload
digest of chunked responses and says which one a file follows, instead of failing one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from archiver.model import Issue, Severity, Stage
from pipelines.warc import declared, http, payloads
from pipelines.warc.archives import READ_ERRORS, Archive, find
from pipelines.warc.rules import Fault, faults
from pipelines.warc.scanning import Flaw, StoredRecord, scan

Located = tuple[Fault, int | None]
"""A fault and the offset of its record; None for what concerns the whole file."""


@dataclass(slots=True)
class _Seen:
    """What must hold between records: hashes of ids, and revisits whose original is not met."""

    ids: set[int] = field(default_factory=set)
    references: dict[int, tuple[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Tally:
    """What is said once for a file."""

    records: int = 0
    shared: int = 0
    undigested: int = 0
    conventions: Counter[payloads.Convention] = field(default_factory=Counter)


def check(source: Path | str | Iterable[Path | str]) -> Iterator[Issue]:
    """Every fault of these files as an issue that names file and offset.

    Errors break the standard or lose bytes, warnings break its advice, infos only describe; a
    good file yields no error and no warning. Originals of revisits are looked for in all files
    given together.

    Raises:
        ArchiveDamaged: a path does not exist.
    """
    paths = [source] if isinstance(source, Path | str) else list(source)
    seen = _Seen()
    for archive in find(Path(each) for each in paths):
        for fault, offset in _of_archive(archive, seen):
            yield _issue(fault, archive.name, offset)
    for reference, (name, offset) in seen.references.items():
        if reference not in seen.ids:
            message = "WARC-Refers-To names a record that is in none of these files"
            fault = Fault(code="warc.revisit_dangling", message=message, severity=Severity.WARNING)
            yield _issue(fault, name, offset)


def _of_archive(archive: Archive, seen: _Seen) -> Iterator[Located]:
    tally = _Tally()
    with ExitStack() as stack:
        try:
            file = stack.enter_context(archive.open())
            for item in scan(file):
                if isinstance(item, Flaw):
                    yield Fault(code=item.code, message=item.problem), item.offset
                else:
                    yield from _of_record(item, archive.name, seen, tally)
        except READ_ERRORS as error:
            yield Fault(code="warc.unreadable", message=str(error)), None
    yield from _of_file(tally)


def _of_record(record: StoredRecord, name: str, seen: _Seen, tally: _Tally) -> Iterator[Located]:
    tally.records += 1
    tally.shared += record.is_shared
    for fault in (*faults(record), *_identity(record, name, seen), *_digests(record, tally)):
        yield fault, record.offset


def _identity(record: StoredRecord, name: str, seen: _Seen) -> Iterator[Fault]:
    own = declared.bare_id(record.fields.get("warc-record-id"))
    if own is not None:
        if hash(own) in seen.ids:
            yield Fault(code="warc.id_repeated", message=f"another record has the id {own}")
        seen.ids.add(hash(own))
    refers_to = declared.bare_id(record.fields.get("warc-refers-to"))
    if refers_to is not None and record.kind == "revisit":
        seen.references.setdefault(hash(refers_to), (name, record.offset))


def _digests(record: StoredRecord, tally: _Tally) -> Iterator[Fault]:
    of_block = declared.digest(record.fields.get("warc-block-digest"))
    of_payload = declared.digest(record.fields.get("warc-payload-digest"))
    if of_block is None and of_payload is None and record.kind in ("response", "resource"):
        address = declared.uri(record.fields.get("warc-target-uri")) or ""
        # Heritrix writes none for DNS answers.
        tally.undigested += not record.is_arc and address.startswith("http")
    if record.is_cut:
        return
    if of_block and declared.digest_of(of_block[0], (record.block,)) != of_block:
        message = "WARC-Block-Digest is not the digest of the block"
        yield Fault(code="warc.block_digest_mismatch", message=message)
    is_whole = record.fields.get("warc-segment-number") is None
    if of_payload and is_whole and record.kind in ("response", "resource"):
        yield from _payload(record, of_payload, tally)


def _payload(record: StoredRecord, stated: declared.Digest, tally: _Tally) -> Iterator[Fault]:
    is_http = "application/http" in (record.fields.get("content-type") or "").lower()
    if record.kind == "resource" or not is_http:
        body = record.block[: http.BODY_LIMIT]
        answer = http.Answer(status=None, headers=(), body_at=0, body=body)
    else:
        answer = http.read(record.block)
    found = payloads.convention(record.block, answer, stated)
    if found is None:
        of_block = declared.digest_of(stated[0], (record.block,)) == stated
        what = "but of the whole block" if of_block else "nor of its chunked or decoded form"
        message = f"WARC-Payload-Digest is not the digest of the payload, {what}"
        yield Fault(code="warc.payload_digest_mismatch", message=message)
    elif answer.is_chunked or found is not payloads.Convention.ENTITY:
        tally.conventions[found] += 1


def _of_file(tally: _Tally) -> Iterator[Located]:
    if not tally.records:
        yield Fault(code="warc.not_an_archive", message="no WARC or ARC record in it"), None
    if tally.shared:
        message = f"{tally.shared} records share a compressed member: none can be read by itself"
        yield Fault(code="warc.shared_member", message=message), None
    if tally.undigested:
        message = f"{tally.undigested} captures have neither block nor payload digest"
        fault = Fault(code="warc.digest_missing", message=message, severity=Severity.WARNING)
        yield fault, None
    for convention, count in sorted(tally.conventions.items()):
        message = f"payload digests of {count} coded or chunked responses cover {convention}"
        fault = Fault(
            code="warc.payload_digest_convention", message=message, severity=Severity.INFO
        )
        yield fault, None


def _issue(fault: Fault, name: str, offset: int | None) -> Issue:
    where = name if offset is None else f"{name}, byte {offset}"
    return Issue(
        code=fault.code,
        message=f"{where}: {fault.message}",
        severity=fault.severity,
        stage=Stage.VERIFY,
    )
