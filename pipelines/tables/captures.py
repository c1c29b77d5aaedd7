"""The row of a capture: an exchange kept, and what reading it came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from archiver.model import Capture, PageKind
from archiver.urls import host, registered_domain, surt_key
from pipelines.tables.columnar import Row

_INT16, _INT32 = 2**15, 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a document was decoded, parsed and claimed."""

    page_kind: PageKind | None = None
    extractor: str | None = None
    encoding: str | None = None
    encoding_source: str | None = None
    parser: str | None = None
    language: str | None = None
    mime_detected: str | None = None


UNREAD = Reading()


def capture_row(
    capture: Capture,
    *,
    blog_id: str,
    crawl_id: str,
    reading: Reading = UNREAD,
    via_rule: str | None = None,
    robots_allowed: bool | None = None,
) -> Row:
    """The row of a capture that is on disk; `reading` is what was made of its document."""
    return {
        "capture_id": capture.capture_id,
        "crawl_id": crawl_id,
        "blog_id": blog_id,
        "url": capture.url,
        "url_surtkey": surt_key(capture.url),
        "url_host_name": host(capture.url) or None,
        "url_host_registered_domain": registered_domain(capture.url) or None,
        "fetch_time": capture.captured_at.astimezone(UTC),
        "fetch_status": _below(capture.status, _INT16),
        "fetch_duration_ms": _below(capture.duration_ms, _INT32),
        "content_digest": capture.payload_digest,
        "content_truncated": capture.truncated,
        "content_length": capture.payload_length,
        "warc_filename": capture.warc_filename,
        "warc_record_offset": capture.warc_offset,
        "warc_record_length": capture.warc_length,
        "record_type": capture.record_type,
        "revisit_of": capture.revisit_of,
        "referrer": capture.via,
        "depth": _below(len(capture.hops_from_seed), _INT16),
        "via_rule": via_rule,
        "ip_address": capture.ip_address,
        "robots_allowed": robots_allowed,
        **_stated(capture),
        **_read(reading),
    }


def _stated(capture: Capture) -> Row:
    """What the server said of the document."""
    mime = (capture.header("content-type") or "").partition(";")[0].strip().lower()
    return {
        "content_mime_type": mime or None,
        "fetch_redirect": capture.header("location"),
        "etag": capture.header("etag"),
        "last_modified": capture.header("last-modified"),
    }


def _read(reading: Reading) -> Row:
    """What reading the document came to."""
    return {
        "content_mime_detected": reading.mime_detected,
        "content_charset": reading.encoding,
        "content_languages": reading.language,
        "page_kind": reading.page_kind,
        "extracted": reading.extractor is not None,
        "extractor": reading.extractor,
        "encoding_source": reading.encoding_source,
        "parser": reading.parser,
    }


def _below(number: int | None, limit: int) -> int | None:
    return number if number is not None and number < limit else None
