"""What metadata records tell of a capture: how it was found, how long it took, the 304 it hides."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as EncodingError
from dataclasses import dataclass, replace

from archiver.model import Capture, CaptureId
from pipelines.warc import declared
from pipelines.warc.messages import Head, head
from pipelines.warc.scanning import StoredRecord

_LONGEST = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Fields of a metadata record as Heritrix and this project write them."""

    about: tuple[CaptureId, ...]
    via: str | None = None
    hops_from_seed: str | None = None
    duration_ms: int | None = None
    not_modified: Head | None = (
        None  # the 304 message that a server-not-modified revisit leaves out
    )


def read(record: StoredRecord) -> Facts | None:
    """The facts of a metadata record; None when it tells nothing that a capture has a place for."""
    mime = (record.fields.get("content-type") or "").lower()
    if not mime.startswith("application/warc-fields") or len(record.block) > _LONGEST:
        return None
    names = ("warc-concurrent-to", "warc-refers-to")
    ids = (declared.bare_id(each) for name in names for each in record.fields.all(name))
    said = _lines(record.block[:])
    duration = said.get("fetchtimems", "")
    facts = Facts(
        about=tuple(CaptureId(each) for each in ids if each),
        via=said.get("via") or None,
        hops_from_seed=said.get("hopsfromseed"),
        duration_ms=int(duration) if duration.isascii() and duration.isdigit() else None,
        not_modified=_head(said.get("not-modified-response-base64")),
    )
    return facts if facts.about and facts != Facts(about=facts.about) else None


def joined(capture: Capture, facts: Facts) -> Capture:
    """The capture with what the metadata record adds."""
    hidden = facts.not_modified
    return replace(
        capture,
        via=facts.via or capture.via,
        hops_from_seed=facts.hops_from_seed or capture.hops_from_seed,
        duration_ms=facts.duration_ms if facts.duration_ms is not None else capture.duration_ms,
        status=hidden.status if hidden and capture.status is None else capture.status,
        headers=hidden.fields if hidden and not capture.headers else capture.headers,
    )


def _lines(block: bytes) -> dict[str, str]:
    said: dict[str, str] = {}
    for line in block.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            said.setdefault(name.strip().lower(), value.strip())
    return said


def _head(text: str | None) -> Head | None:
    try:
        return head(b64decode(text, validate=True)) if text else None
    except (EncodingError, ValueError):
        return None
