"""WARC/1.1 records as bytes: pure, with every id and instant given from outside.

Written here and not by warcio because its writer changes what it is given: a 0xE9 byte in a
header becomes "%C3%A9" and header whitespace is trimmed (warcio issues 128 and 129).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from random import Random
from uuid import UUID

from pipelines.warc.digests import sha1
from pipelines.warc.messages import Message

VERSION = "WARC/1.1"
CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
FIELDS_TYPE = "application/warc-fields"

_END = b"\r\n\r\n"

Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One WARC record: its header as bytes and its block; large blocks stay on disk."""

    record_id: str
    header: bytes
    block: Message

    def parts(self) -> tuple[bytes, Message, bytes]:
        """The whole record in order: header, block, and the two line ends that close it."""
        return self.header, self.block, _END


def record_ids() -> Callable[[], str]:
    """A source of random record ids (UUID version 4).

    Seeded once by the system: asking it for each id costs as much as a digest of the page.
    """
    chance = Random()  # noqa: S311 - ids must be unique, not secret
    return lambda: str(UUID(int=chance.getrandbits(128), version=4))


@lru_cache(maxsize=256)
def instant(moment: datetime) -> str:
    """A WARC-Date in UTC with milliseconds.  Source: WARC 1.1, 5.4"""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def whole_milliseconds(moment: datetime) -> datetime:
    """The instant as a WARC-Date can tell it, so that rows and records agree."""
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)


def urn(record_id: str) -> str:
    """A record id as header fields spell it."""
    return f"<urn:uuid:{record_id}>"


def record(
    kind: str,
    record_id: str,
    date: datetime,
    fields: Iterable[tuple[str, str]],
    *,
    content_type: str | None,
    block: Message,
) -> Record:
    """A record of any type with its block digest; `content_type` is None for an empty block."""
    lines = [
        VERSION,
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: {urn(record_id)}",
        f"WARC-Date: {instant(date)}",
        *(f"{name}: {_one_line(value)}" for name, value in fields),
        f"WARC-Block-Digest: {sha1([block])}",
    ]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    lines.append(f"Content-Length: {len(block)}")
    header = "\r\n".join(lines).encode("utf-8", "backslashreplace") + b"\r\n\r\n"
    return Record(record_id=record_id, header=header, block=block)


def warcinfo(
    filename: str, facts: Mapping[str, str], *, record_id: str, written_at: datetime
) -> Record:
    """The record that opens a file and says who made it; every other record points at it."""
    facts = {"format": "WARC File Format 1.1", "conformsTo": CONFORMS_TO, **facts}
    return record(
        "warcinfo",
        record_id,
        written_at,
        [("WARC-Filename", filename)],
        content_type=FIELDS_TYPE,
        block=warc_fields(facts.items()),
    )


def metadata(
    about: str,
    url: str,
    date: datetime,
    lines: Iterable[tuple[str, str]],
    *,
    record_id: str,
    warcinfo_id: str,
) -> Record:
    """A metadata record of the capture `about`, which shares its address and date."""
    fields = [
        ("WARC-Target-URI", url),
        ("WARC-Warcinfo-ID", urn(warcinfo_id)),
        ("WARC-Concurrent-To", urn(about)),
    ]
    block = warc_fields(lines)
    return record("metadata", record_id, date, fields, content_type=FIELDS_TYPE, block=block)


def manifest(
    warcinfo_ids: Iterable[str], *, record_id: str, warcinfo_id: str, written_at: datetime
) -> Record:
    """The metadata record that the artefacts of a crawl belong to: it lists the crawl's files.

    Source: iipc/warc-specifications, WARC Implementation Guidelines, recommendation 8
    """
    return record(
        "metadata",
        record_id,
        written_at,
        [("WARC-Warcinfo-ID", urn(warcinfo_id))],
        content_type=FIELDS_TYPE,
        block=warc_fields(("warcinfo", urn(each)) for each in warcinfo_ids),
    )


def resource(
    uri: str,
    content_type: str,
    content: bytes,
    *,
    record_id: str,
    warcinfo_id: str,
    concurrent_to: str,
    written_at: datetime,
) -> Record:
    """A thing of ours (config, log, report) under a made-up URI ("urn:…"), tied to a manifest."""
    fields = [
        ("WARC-Target-URI", uri),
        ("WARC-Warcinfo-ID", urn(warcinfo_id)),
        ("WARC-Concurrent-To", urn(concurrent_to)),
        ("WARC-Payload-Digest", sha1([content])),
    ]
    return record(
        "resource", record_id, written_at, fields, content_type=content_type, block=content
    )


def warc_fields(lines: Iterable[tuple[str, str]]) -> bytes:
    """A block of "name: value" lines.  Source: WARC 1.1, 10 (application/warc-fields)"""
    text = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in lines)
    return text.encode("utf-8", "backslashreplace")


def _one_line(value: str) -> str:
    # A line break in an error text or an address must not become a field of its own.
    return value if value.isprintable() else " ".join(value.splitlines())
