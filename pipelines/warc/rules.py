"""What the WARC standard asks of one record, as rules that each name their fault. Pure.

Source: WARC 1.0 and 1.1, sections 4 to 6 (iipc/warc-specifications)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from archiver.model import Severity
from pipelines.warc import declared, http
from pipelines.warc.scanning import StoredRecord

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_ALWAYS = ("WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length")
_OF_ADDRESSES = ("response", "resource", "request", "revisit", "conversion", "continuation")
_MANDATORY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_OF_ADDRESSES, ("WARC-Target-URI",)),
    "revisit": ("WARC-Target-URI", "WARC-Profile"),
    "continuation": ("WARC-Target-URI", "WARC-Segment-Origin-ID", "WARC-Segment-Number"),
}
_TYPES = frozenset({*_OF_ADDRESSES, "warcinfo", "metadata"})
_FORBIDDEN = {
    "WARC-Concurrent-To": {"warcinfo", "conversion", "continuation"},
    "WARC-Filename": _TYPES - {"warcinfo"},
    "WARC-IP-Address": {"warcinfo", "conversion", "continuation"},
    "WARC-Refers-To": _TYPES - {"revisit", "metadata", "conversion"},
    "WARC-Segment-Origin-ID": _TYPES - {"continuation"},
    "WARC-Target-URI": {"warcinfo"},
    "WARC-Warcinfo-ID": {"warcinfo"},
}
_ONCE = frozenset(
    {"warc-type", "warc-record-id", "warc-date", "content-length", "content-type"}
    | {"warc-refers-to", "warc-block-digest", "warc-payload-digest", "warc-ip-address"}
    | {"warc-target-uri", "warc-truncated", "warc-warcinfo-id", "warc-filename", "warc-profile"}
    | {"warc-identified-payload-type", "warc-segment-number", "warc-segment-origin-id"}
    | {"warc-segment-total-length", "warc-refers-to-target-uri", "warc-refers-to-date"}
)
_IDS = ("warc-record-id", "warc-warcinfo-id", "warc-refers-to", "warc-segment-origin-id")
_VERSIONS = ("WARC/1.0", "WARC/1.1")
_TRUNCATIONS = ("length", "time", "disconnect", "unspecified")
_PROFILES = ("identical-payload-digest", "server-not-modified")

_LINE = re.compile(rb"[!#-'*+\-.0-9A-Z^-z|~]+:[^\x00-\x08\x0a-\x1f\x7f]*")
_ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>]+>")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>]*")
_SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_W3C = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z)?)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One breach of the standard: stable code, words, and how much it matters."""

    code: str
    message: str
    severity: Severity = Severity.ERROR


Rule = Callable[[StoredRecord], Iterator[Fault]]


def faults(record: StoredRecord) -> Iterator[Fault]:
    """Every fault of a record that shows without looking at other records or digests."""
    if not record.is_arc:
        for rule in _RULES:
            yield from rule(record)
    if record.is_cut:
        message = f"Content-Length says {record.size} bytes, {len(record.block)} are there"
        yield Fault(code="warc.record_cut", message=message)


def _header_form(record: StoredRecord) -> Iterator[Fault]:
    if record.version not in _VERSIONS:
        yield Fault(code="warc.version", message=f"version {record.version!r}", severity=_WARNING)
    lines = record.head.split(b"\n")
    if any(not line.endswith(b"\r") for line in lines[:-1]):
        yield Fault(code="warc.header_line", message="a header line does not end in CR LF")
    for line in lines[1:-2]:
        if line[:1] in (b" ", b"\t"):
            yield Fault(
                code="warc.header_line", message=f"folded line {line[:40]!r}", severity=_WARNING
            )
        elif not _LINE.fullmatch(line.removesuffix(b"\r")):
            yield Fault(code="warc.header_line", message=f"illegal line {line[:60]!r}")
    try:
        record.head.decode("utf-8")
    except UnicodeDecodeError:
        yield Fault(code="warc.header_line", message="the header is not UTF-8")


def _fields(record: StoredRecord) -> Iterator[Fault]:
    kind, fields = record.kind, record.fields
    for name in (*_ALWAYS, *_MANDATORY.get(kind, ())):
        if fields.get(name.lower()) is None:
            yield Fault(code="warc.field_missing", message=f"no {name} in a {kind} record")
    for name, kinds in _FORBIDDEN.items():
        if kind in kinds and fields.get(name.lower()) is not None:
            yield Fault(code="warc.field_misplaced", message=f"{name} in a {kind} record")
    names = [name.lower() for name, _ in fields.pairs]
    for name in _ONCE.intersection(names):
        if names.count(name) > 1:
            yield Fault(code="warc.field_repeated", message=f"{name} stands more than once")
    if kind and kind not in _TYPES:
        yield Fault(code="warc.type_unknown", message=f"record type {kind!r}", severity=_INFO)
    is_typed = fields.get("content-type") is not None or kind == "continuation"
    if record.block[:1] and not is_typed:
        yield Fault(
            code="warc.field_missing", message="no Content-Type for the block", severity=_WARNING
        )


def _values(record: StoredRecord) -> Iterator[Fault]:
    fields = record.fields
    length = fields.get("content-length")
    if length is not None and record.size is None:
        yield Fault(code="warc.value_malformed", message=f"Content-Length {length!r}")
    for name in _IDS:
        value = fields.get(name)
        if value is not None and not _ID.fullmatch(value):
            yield Fault(code="warc.value_malformed", message=f"{name} {value!r}")
    address = fields.get("warc-ip-address")
    if address is not None and not _is_address(address):
        yield Fault(code="warc.value_malformed", message=f"WARC-IP-Address {address!r}")
    reason = fields.get("warc-truncated")
    if reason is not None and reason not in _TRUNCATIONS:
        message = f"WARC-Truncated {reason!r}"
        yield Fault(code="warc.value_malformed", message=message, severity=_WARNING)
    for name in ("warc-block-digest", "warc-payload-digest"):
        value = fields.get(name)
        if value is not None and declared.digest(value) is None:
            message = f"{name} {value!r} cannot be checked"
            yield Fault(code="warc.digest_unknown", message=message, severity=_WARNING)


def _dates(record: StoredRecord) -> Iterator[Fault]:
    for name in ("warc-date", "warc-refers-to-date"):
        value = record.fields.get(name)
        if value is None:
            continue
        # Fractions and reduced precision came with 1.1.
        pattern = _SECONDS if record.version == "WARC/1.0" else _W3C
        if not pattern.fullmatch(value) or declared.moment(value) is None:
            message = f"{name} {value!r} in {record.version}"
            yield Fault(code="warc.date_malformed", message=message)


def _addresses(record: StoredRecord) -> Iterator[Fault]:
    for name in ("warc-target-uri", "warc-refers-to-target-uri"):
        value = record.fields.get(name)
        if value is None:
            continue
        bare = declared.uri(value) or ""
        if bare != value and record.version == "WARC/1.1":
            yield Fault(code="warc.uri_brackets", message=f"{name} in brackets", severity=_WARNING)
        if not _URI.fullmatch(bare):
            message = f"{name} {value!r} is no URI"
            yield Fault(code="warc.value_malformed", message=message, severity=_WARNING)


def _end(record: StoredRecord) -> Iterator[Fault]:
    if record.end != b"\r\n\r\n" and not record.is_cut:
        message = f"the record ends in {record.end[:16]!r} instead of two CR LF"
        yield Fault(code="warc.record_end", message=message)


def _revisits(record: StoredRecord) -> Iterator[Fault]:
    if record.kind != "revisit":
        return
    fields = record.fields
    profile = fields.get("warc-profile") or ""
    if profile and not profile.endswith(_PROFILES):
        yield Fault(code="warc.revisit_profile", message=f"profile {profile!r}", severity=_WARNING)
    if profile.endswith(_PROFILES[0]) and fields.get("warc-payload-digest") is None:
        yield Fault(code="warc.field_missing", message="no WARC-Payload-Digest in a revisit record")
    if fields.get("warc-refers-to-target-uri") is None or fields.get("warc-refers-to-date") is None:
        message = "no WARC-Refers-To-Target-URI and -Date: replay has only the digest to go by"
        yield Fault(code="warc.revisit_reference", message=message, severity=_INFO)


def _http(record: StoredRecord) -> Iterator[Fault]:
    mime = (record.fields.get("content-type") or "").replace(" ", "").lower()
    if record.kind != "response" or not mime.startswith("application/http") or record.is_cut:
        return
    answer = http.read(record.block, limit=0)
    if answer.status is None:
        yield Fault(code="http.status_line", message="no HTTP status line", severity=_WARNING)
    if answer.is_unframed:
        message = "the head says chunked, the stored body is not"
        yield Fault(code="http.chunks_missing", message=message, severity=_WARNING)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


_RULES: tuple[Rule, ...] = (
    _header_form, _fields, _values, _dates, _addresses, _end, _revisits, _http
)  # fmt: skip
