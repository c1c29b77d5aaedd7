"""A stored record as a document: the capture it tells of, and its body without any coding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from archiver.model import (
    Capture,
    CaptureId,
    Document,
    Issue,
    RecordType,
    Severity,
    Stage,
    Truncated,
    Url,
)
from pipelines.warc import declared, http, payloads
from pipelines.warc.digests import sha1
from pipelines.warc.messages import entity
from pipelines.warc.scanning import Flaw, StoredRecord

Report = Callable[[Issue], None]

_KINDS = {"response": RecordType.RESPONSE, "revisit": RecordType.REVISIT}
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_TRUNCATIONS = {each.value: each for each in Truncated}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where issues are reported, and the archive and offset that they name."""

    filename: str
    report: Report = field(repr=False)

    def flaw(self, flaw: Flaw) -> None:
        """Report a fault of the file itself: bytes are lost or belong to nothing."""
        inside = " of its decompressed bytes" if flaw.is_inside else ""
        self._report(flaw.code, flaw.problem, f"{flaw.offset}{inside}", Severity.ERROR)

    def doubt(
        self,
        code: str,
        message: str,
        record: StoredRecord,
        url: str | None = None,
        capture_id: CaptureId | None = None,
    ) -> None:
        """Report a fault of one record."""
        inside = " of its decompressed bytes" if record.is_shared else ""
        self._report(code, message, f"{record.offset}{inside}", Severity.WARNING, url, capture_id)

    def _report(
        self,
        code: str,
        message: str,
        where: str,
        severity: Severity,
        url: str | None = None,
        capture_id: CaptureId | None = None,
    ) -> None:
        self.report(
            Issue(
                code=code,
                message=f"{self.filename}, byte {where}: {message}",
                severity=severity,
                stage=Stage.FETCH,
                url=url,
                capture_id=capture_id,
            )
        )


def document(record: StoredRecord, place: Place) -> Document | None:
    """The document of a response, revisit or resource record; None for what is no web page.

    A revisit has no body yet. What the record declares stays, and is checked: a payload digest
    that fits neither the payload nor its chunked form is an issue.
    """
    url = declared.uri(record.fields.get("warc-target-uri"))
    if url is None:
        place.doubt("warc.field_missing", f"{record.kind} record without an address", record)
        return None
    if _scheme(url) not in ("http", "https"):
        return None
    capture_id = _capture_id(record, place, url)

    def doubt(code: str, message: str) -> None:
        place.doubt(code, message, record, url, capture_id)

    answer = _answer(record)
    capture = Capture(
        capture_id=capture_id,
        url=Url(url),
        captured_at=_captured_at(record, answer, doubt),
        record_type=_KINDS.get(record.kind, RecordType.RESOURCE),
        status=answer.status,
        headers=answer.headers,
        truncated=_truncated(record, doubt),
        ip_address=record.fields.get("warc-ip-address"),
        warc_filename=place.filename,
        warc_offset=record.offset,
        warc_length=record.length,
    )
    digest = _payload_digest(record, answer, doubt)
    if capture.record_type is RecordType.REVISIT:
        return Document(capture=replace(capture, payload_digest=digest), body=b"")
    for problem in answer.problems:
        if problem.code != "http.body_cut" or capture.truncated is None:
            doubt(problem.code, problem.message)
    capture = replace(capture, payload_digest=digest, payload_length=len(answer.body))
    return Document(capture=capture, body=answer.body)


Doubt = Callable[[str, str], None]


def _scheme(url: str) -> str:
    """Scheme in lower case; "" where the URL cannot be split."""
    try:
        return urlsplit(url).scheme.lower()
    except ValueError:
        return ""


def _capture_id(record: StoredRecord, place: Place, url: str) -> CaptureId:
    """The record's id; one made from its place where it has none, as in ARC files."""
    found = declared.bare_id(record.fields.get("warc-record-id"))
    if found is None:
        if not record.is_arc:
            place.doubt("warc.field_missing", "record without WARC-Record-ID", record, url)
        found = str(uuid5(NAMESPACE_URL, f"{place.filename}#{record.offset}"))
    return CaptureId(found)


def _answer(record: StoredRecord) -> http.Answer:
    """The HTTP message of a record; a resource and a bare body have only their media type."""
    is_resource = record.kind == "resource"
    answer = None if is_resource else http.read(record.block)
    if answer is None or (not answer.headers and answer.status is None):
        body = record.block[: http.BODY_LIMIT]
        mime = record.fields.get("content-type")
        is_http = (mime or "").lower().startswith("application/http")
        is_typed = mime and not is_http and record.kind != "revisit"
        headers = (("Content-Type", mime),) if mime and is_typed else ()
        answer = http.Answer(status=None, headers=headers, body_at=0, body=body)
    return answer


def _captured_at(record: StoredRecord, answer: http.Answer, doubt: Doubt) -> datetime:
    """The record's date; without a usable one the server's, which is said in an issue."""
    text = record.fields.get("warc-date")
    if (found := declared.moment(text)) is not None:
        return found
    stated = next((value for name, value in answer.headers if name.lower() == "date"), None)
    instead = declared.moment(stated) or _NEVER
    doubt("warc.date_unusable", f"WARC-Date {text!r}; taken as {instead.isoformat()}")
    return instead


def _truncated(record: StoredRecord, doubt: Doubt) -> Truncated | None:
    stated = record.fields.get("warc-truncated")
    if record.is_cut:
        doubt("warc.record_cut", f"{record.size} bytes declared, {len(record.block)} are there")
    elif record.size is None and not record.is_arc:
        doubt("warc.length_unusable", f"Content-Length {record.fields.get('content-length')!r}")
    elif record.fields.get("warc-segment-number"):
        doubt("warc.segmented", "only the first segment of a segmented record is read")
    elif stated is None or record.kind == "revisit":
        # On a revisit it says that the payload is elsewhere.
        return None
    return _TRUNCATIONS.get((stated or "").lower(), Truncated.UNSPECIFIED)


def _payload_digest(record: StoredRecord, answer: http.Answer, doubt: Doubt) -> str | None:
    """The digest that the record declares, else that of its payload."""
    stated = record.fields.get("warc-payload-digest")
    known = declared.digest(stated)
    if known is not None:
        if record.kind != "revisit" and not _is_partial(record):
            block = record.block
            if payloads.convention(block, answer, known) is None:
                message = f"{stated} is not the digest of the payload"
                doubt("warc.payload_digest_mismatch", message)
        return declared.spelled(known)
    if stated is not None or record.kind == "revisit":
        return stated
    return sha1(entity(record.block, answer.body_at, answer.is_chunked))


def _is_partial(record: StoredRecord) -> bool:
    return record.is_cut or record.fields.get("warc-segment-number") is not None
