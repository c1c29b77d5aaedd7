"""Which documents are read for posts, and the one way to read them, live or from a WARC file."""

from __future__ import annotations

from dataclasses import dataclass

from archiver.config import Blog
from archiver.extraction import extract
from archiver.model import Capture, Document, Extraction, Issue, Severity
from archiver.page import Page

_MARKUP = ("html", "xml", "json", "rss", "atom", "rdf")
_GZIPPED = ("application/gzip", "application/x-gzip")
_BINARY = ("image/", "audio/", "video/", "font/", "text/css", "application/pdf", "application/zip")
_SCRIPTS = ("text/javascript", "application/javascript", "application/x-javascript")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page and what it shows."""

    page: Page
    extraction: Extraction


def read(document: Document, blog: Blog) -> Reading | None:
    """What a document shows; None where it is an error, a redirect, or nothing to read."""
    if not is_readable(document):
        return None
    page = Page(document)
    return Reading(page=page, extraction=extract(page, blog))


def unread(capture: Capture, fault: Exception) -> Issue:
    """What is told of a page that could not be read because of a fault of ours."""
    return Issue(
        code="extract.crashed",
        message=f"the page could not be read: {type(fault).__name__}: {fault}",
        severity=Severity.ERROR,
        url=capture.url,
        capture_id=capture.capture_id,
    )


def is_readable(document: Document) -> bool:
    """Whether a document can hold posts, comments or links to them.

    Servers mislabel, so text/plain and unlabelled bodies count when they begin like markup.
    """
    status = document.capture.status
    if (status is not None and not 200 <= status < 300) or not document.body.strip():
        return False
    mime = (document.capture.header("content-type") or "").partition(";")[0].strip().lower()
    if mime.startswith(_BINARY) or mime in _SCRIPTS:
        return False
    if any(word in mime for word in _MARKUP) or mime in _GZIPPED:
        return True
    if document.capture.url.endswith("/robots.txt"):
        return True
    return document.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{", b"["))
