"""What an exchange becomes in the archive: response or revisit, request, metadata. Pure."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from archiver.model import Capture, Exchange, Follow, RecordType, Role, Truncated
from pipelines.warc.digests import sha1
from pipelines.warc.messages import Message, entity, head, head_end
from pipelines.warc.records import (
    Fields,
    Record,
    instant,
    metadata,
    record,
    urn,
    whole_milliseconds,
)
from pipelines.warc.redaction import redact, redact_heads

IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
# A reference costs about as much as a payload of this size; empty payloads have one digest for
# all pages of the web and must never be referred to.
SMALLEST_REVISIT_BYTES = 1024

_REQUEST_TYPE = "application/http;msgtype=request"
_RESPONSE_TYPE = "application/http;msgtype=response"

Dedup = Callable[[Capture], Capture | None]
NewId = Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The records of one exchange, the one that names it first; `capture` has no place yet."""

    capture: Capture
    records: tuple[Record, ...]


def bundle(
    exchange: Exchange,
    *,
    warcinfo_id: str,
    new_id: NewId,
    dedup: Dedup | None = None,
    redact: bool = False,
) -> Bundle:
    """The linked records of one exchange.

    Where nothing came back, the request alone carries the exchange's id. `dedup` is asked for
    an original only where a reference can be replayed; `redact` blanks credentials.
    """
    exchange, redacted = _redacted(exchange) if redact else (exchange, frozenset())
    notes = list(_notes(exchange, redacted))
    answer = exchange.response
    common: Fields = [("WARC-Target-URI", exchange.url)]
    if exchange.ip_address:
        common.append(("WARC-IP-Address", exchange.ip_address))
    common.append(("WARC-Warcinfo-ID", urn(warcinfo_id)))
    if not answer:
        capture = _asked(exchange)
        records = [_request(exchange, exchange.capture_id, common)]
    else:
        capture, original = _answered(exchange, dedup)
        if original is None:
            main = _response(capture, answer, [*common])
        else:
            main = _revisit(capture, original, answer, [*common])
            if capture.status == 304:
                notes.append(("not-modified-response-base64", _base64(answer)))
        # Links point back only: they are read both ways, and warcat objects to forward ones.
        common.append(("WARC-Concurrent-To", urn(exchange.capture_id)))
        records = [main, _request(exchange, new_id(), common)]
    records.append(_metadata(capture, notes, new_id(), warcinfo_id))
    return Bundle(capture=capture, records=tuple(records))


def outlinks(
    capture: Capture, follow: Iterable[Follow], *, warcinfo_id: str, new_id: NewId
) -> Record:
    """A later metadata record of a capture with what it links to, as Heritrix writes it.

    One line per link: "outlink: URL hop context", hop E for requisites and L for the rest.
    """
    lines = (
        ("outlink", f"{link.url} {'E' if link.role is Role.REQUISITE else 'L'} {link.role}")
        for link in follow
    )
    return _metadata(capture, lines, new_id(), warcinfo_id)


def _capture(exchange: Exchange, answer: dict[str, Any]) -> Capture:
    return Capture(
        capture_id=exchange.capture_id,
        url=exchange.url,
        captured_at=whole_milliseconds(exchange.started_at),
        truncated=exchange.truncated,
        ip_address=exchange.ip_address,
        duration_ms=exchange.duration_ms,
        via=exchange.via,
        hops_from_seed=exchange.hops_from_seed,
        **answer,
    )


def _asked(exchange: Exchange) -> Capture:
    return _capture(exchange, {"record_type": RecordType.REQUEST})


def _answered(exchange: Exchange, dedup: Dedup | None) -> tuple[Capture, Capture | None]:
    """The capture of an answer, and the original it can refer to instead of its payload."""
    body_at = head_end(exchange.response)
    said = head(exchange.response[:body_at])
    size = 0

    def counted() -> Iterator[bytes | memoryview]:
        nonlocal size
        for piece in entity(exchange.response, body_at, said.is_chunked):
            size += len(piece)
            yield piece

    digest = sha1(counted())
    is_coded = any(said.values("content-encoding"))
    answer = {
        "status": said.status,
        "headers": said.fields,
        "payload_digest": digest,
        "payload_length": None if is_coded else size,
    }
    capture = _capture(exchange, answer)
    is_eligible = size >= SMALLEST_REVISIT_BYTES or said.status == 304
    if dedup is None or capture.truncated or not is_eligible:
        return capture, None
    original = dedup(capture)
    if original is None or not _can_refer(capture, original):
        return capture, None
    return replace(
        capture,
        record_type=RecordType.REVISIT,
        revisit_of=original.capture_id,
        payload_digest=original.payload_digest,
    ), original


def _can_refer(capture: Capture, original: Capture) -> bool:
    if original.record_type is not RecordType.RESPONSE:
        # A reference to a revisit makes chains, which replay tools do not follow for long.
        return False
    if capture.status == 304:
        return True
    # Replay puts this head before the original's body, so both must be framed alike.
    return capture.payload_digest == original.payload_digest and all(
        capture.header(name) == original.header(name)
        for name in ("transfer-encoding", "content-encoding")
    )


def _request(exchange: Exchange, record_id: str, fields: Fields) -> Record:
    return record(
        "request",
        record_id,
        exchange.started_at,
        fields,
        content_type=_REQUEST_TYPE,
        block=exchange.request,
    )


def _response(capture: Capture, answer: Message, fields: Fields) -> Record:
    fields.append(("WARC-Payload-Digest", capture.payload_digest or ""))
    if capture.truncated:
        fields.append(("WARC-Truncated", capture.truncated))
    return record(
        "response",
        capture.capture_id,
        capture.captured_at,
        fields,
        content_type=_RESPONSE_TYPE,
        block=answer,
    )


def _revisit(capture: Capture, original: Capture, answer: Message, fields: Fields) -> Record:
    """A reference with all four fields, since replay finds the original by URI and date alone.

    Source: WARC 1.1, 6.7; a 304 block would be replayed as an empty 304 by pywb (measured), so
    its revisit has none and the message is kept in the metadata record.
    """
    is_unmodified = capture.status == 304
    fields += [
        ("WARC-Profile", NOT_MODIFIED if is_unmodified else IDENTICAL_PAYLOAD),
        ("WARC-Refers-To", urn(original.capture_id)),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", instant(original.captured_at)),
        ("WARC-Payload-Digest", original.payload_digest or ""),
    ]
    if not is_unmodified:
        fields.append(("WARC-Truncated", Truncated.LENGTH))
    return record(
        "revisit",
        capture.capture_id,
        capture.captured_at,
        fields,
        content_type=None if is_unmodified else _RESPONSE_TYPE,
        block=b"" if is_unmodified else answer[: head_end(answer)],
    )


def _metadata(
    capture: Capture, lines: Iterable[tuple[str, str]], record_id: str, warcinfo_id: str
) -> Record:
    return metadata(
        capture.capture_id,
        capture.url,
        capture.captured_at,
        lines,
        record_id=record_id,
        warcinfo_id=warcinfo_id,
    )


def _redacted(exchange: Exchange) -> tuple[Exchange, frozenset[str]]:
    request, in_request = redact(exchange.request)
    response, in_response = redact(exchange.response)
    interim, in_interim = redact_heads(exchange.interim)
    blanked = replace(exchange, request=request[:], response=response, interim=interim)
    return blanked, in_request | in_response | in_interim


def _notes(exchange: Exchange, redacted: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What is known of an exchange that no field of the other records has a place for."""
    if exchange.via:
        yield "via", exchange.via
    yield "hopsFromSeed", exchange.hops_from_seed
    yield "fetchTimeMs", str(exchange.duration_ms)
    if exchange.error:
        yield "error", exchange.error
    if exchange.interim:
        yield "interim-responses-base64", _base64(exchange.interim)
    if exchange.surplus_bytes:
        yield "surplus-bytes-after-message", str(exchange.surplus_bytes)
    if redacted:
        yield "redacted", f"values of {', '.join(sorted(redacted))} were replaced by the archiver"


def _base64(message: Message) -> str:
    return b64encode(message[:]).decode("ascii")
