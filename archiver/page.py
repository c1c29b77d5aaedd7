"""A capture decoded and parsed: the one thing that extractors read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TypeVar, cast

from lxml.etree import _Element as Node

from archiver.bylines import Byline, bylines
from archiver.model import Document, Url
from archiver.nodes import strings
from archiver.normalisers.encodings import Decoded, decode
from archiver.normalisers.markup import Markup, parse
from archiver.outline import Outline
from archiver.urls import resolve

T = TypeVar("T")

_HTML_ROOT = re.compile(rb"<!doctype\s+html|<html|<head\b|<body\b")
_FEED_ROOT = re.compile(rb"<(?:rss|feed|rdf:rdf|urlset|sitemapindex|opml)\b")

_BASE = strings("//base/@href")
_GENERATOR = strings("//meta[translate(@name,'GENRATO','genrato')='generator']/@content")


class Page:
    """A document with its text and its tree, each made once and only when asked for.

    `tree` is always an element (an empty <html> for a document without markup). Extractors
    share it and must not change it.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.capture = document.capture
        self.url: Url = document.capture.url
        self.status = document.capture.status
        self.body = document.body
        self._made: dict[Callable[[Page], object], object] = {}

    def once(self, make: Callable[[Page], T]) -> T:
        """What `make` works out of this page; worked out at the first call only."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast(T, self._made[make])

    @property
    def captured_at(self) -> datetime:
        """When the capture began (UTC)."""
        return self.capture.captured_at

    @cached_property
    def mime(self) -> str:
        """Media type of the HTTP header, lower-case, without parameters; "" when absent."""
        return (self.capture.header("content-type") or "").partition(";")[0].strip().lower()

    @cached_property
    def lowered(self) -> bytes:
        """The bytes with ASCII capitals lowered, to look for names in."""
        return self.body.lower()

    @cached_property
    def decoded(self) -> Decoded:
        """The text and how its encoding was found."""
        return decode(self.body, self.capture.header("content-type"))

    @property
    def text(self) -> str:
        """The document as characters."""
        return self.decoded.text

    @cached_property
    def markup(self) -> Markup:
        """The parsed tree and which parser made it."""
        return parse(self.text)

    @property
    def tree(self) -> Node:
        """Root element of the HTML."""
        return self.markup.root

    @cached_property
    def is_html(self) -> bool:
        """Whether the document is a web page; feeds are often served as text/html."""
        head = self.body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if _FEED_ROOT.search(head) and b"<html" not in head:
            return False
        return "html" in self.mime or _HTML_ROOT.search(head) is not None

    @cached_property
    def outline(self) -> Outline:
        """The page as lines of words."""
        return Outline(self.tree)

    @cached_property
    def bylines(self) -> list[Byline]:
        """All lines that name somebody or a date."""
        return bylines(self.outline)

    @cached_property
    def base_url(self) -> Url:
        """What relative addresses start from: <base href> or the page's own URL."""
        return resolve(self.url, next(iter(_BASE(self.tree)), None)) or self.url

    @cached_property
    def generator(self) -> str:
        """Content of <meta name=generator>, any case; "" when absent."""
        return next(iter(_GENERATOR(self.tree)), "").strip()
