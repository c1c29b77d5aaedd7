"""Sitemaps and robots.txt: no posts of their own, but the blog's own list of its pages.

Source: sitemaps.org protocol 0.9; RFC 9309 leaves the Sitemap line to the protocol.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from archiver.drafts import FollowDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind, Role
from archiver.normalisers.markup import parse_xml
from archiver.page import Page

_LIMIT = 50 * 1024 * 1024  # bytes of an uncompressed sitemap.  Source: sitemaps.org, "limits"
_ROOT = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex)[\s>]")
_ROBOTS_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Sitemaps(Extractor):
    """sitemap.xml, sitemap indexes, their .gz forms, and the Sitemap lines of robots.txt."""

    name, version = "sitemaps", 1

    def claim(self, page: Page) -> Claim:
        if _is_robots(page):
            return Claim(score=0.95, because="robots.txt")
        if "xml" not in page.mime and "sitemap" not in page.url and "gzip" not in page.mime:
            return NO_CLAIM
        if _ROOT.search(_head(page.body)):
            return Claim(score=0.95, because="sitemap root element")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind:
        return PageKind.OTHER

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        if _is_robots(page):
            for line in _ROBOTS_LINE.finditer(page.text):
                yield FollowDraft(href=line.group(1), role=Role.SITEMAP)
            return
        root = parse_xml(_plain(page.body))
        if root is None:
            return
        for loc in root.iter("{*}loc"):
            parent = loc.getparent()
            inner = parent is not None and str(parent.tag).endswith("}sitemap")
            if loc.text and not str(loc.tag).startswith("{http://www.google.com/"):
                yield FollowDraft(href=loc.text, role=Role.SITEMAP if inner else Role.OTHER)


def _is_robots(page: Page) -> bool:
    return urlsplit(page.url).path == "/robots.txt" and page.mime in ("text/plain", "")


def _head(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body[:2048]
    try:
        return zlib.decompressobj(31).decompress(body[:65_536], 2048)
    except zlib.error:
        return b""


def _plain(body: bytes) -> bytes:
    """The XML of a sitemap, unzipped up to the protocol's limit; a damaged rest is left out."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(31).decompress(body, _LIMIT)
    except zlib.error:
        return b""
