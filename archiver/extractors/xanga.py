"""Xanga until 2013: entries under a day header, signed "Posted DATE TIME - N Comments".

From a description only, so the claim rests on the host and is a modest one. eProps are points
that readers gave, not comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.bylines import Byline
from archiver.drafts import AuthorDraft, CommentDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind
from archiver.nodes import attribute, css, first, text, xpath
from archiver.outline import Line
from archiver.page import Page
from archiver.remarks import remarks
from archiver.urls import host

_ENTRIES = css(".blogbody")
_DAY = xpath("preceding-sibling::*[contains(@class,'blogheader')][1]")
_TITLE = css(".blogtitle, .itemTitle, h2, h3")
_ITEM = re.compile(r"/(\d+)/(?:item\.html|[^/]+/?$)")
_SIGNED = re.compile(
    r"^\W*Posted\s+(?P<date>\d+/\d+/\d+(?:\s+at)?\s+\d+:\d+\s*[AP]M)", re.IGNORECASE
)
_COUNT = re.compile(r"\d+\s+comments?\b", re.IGNORECASE)


class Xanga(Extractor):
    """Entries of weblog and item pages; on an item's page the comments below it."""

    name: ClassVar[str] = "xanga"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if page.generator or not page.is_html or b"blogbody" not in page.body:
            return NO_CLAIM
        if host(page.url).endswith("xanga.com"):
            return Claim(score=0.6, because="host and entry boxes")
        if b"eprops" in page.body.lower():
            return Claim(score=0.5, because="entry boxes and eProps")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        if not _ENTRIES(page.tree):
            return None
        return PageKind.POST if _ITEM.search(page.url) else PageKind.ARCHIVE

    def posts(self, page: Page) -> Iterator[PostDraft]:
        alone = self.kind(page) is PageKind.POST
        boxes = _ENTRIES(page.tree)
        for box in boxes[:1] if alone else boxes:
            foot = _foot(page, box)
            if foot is not None:
                yield _draft(page, box, foot, is_alone=alone)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        boxes = _ENTRIES(page.tree)
        if self.kind(page) is not PageKind.POST or not boxes:
            return
        start = page.outline.end[boxes[0]]
        signed = [by for by in page.bylines if by.start >= start and _is_signed(by)]
        for remark in remarks(page.outline, signed, start):
            by = remark.byline
            yield CommentDraft(
                native_id=remark.native_id,
                author=AuthorDraft(text=by.name, href=attribute(by.link, "href") or None),
                published=DateDraft(text=by.date),
                body=remark.html,
                node=remark.node,
            )


def _is_signed(by: Byline) -> bool:
    return bool(by.name and by.date) and _SIGNED.match(by.first.words) is not None


def _foot(page: Page, box: Node) -> Line | None:
    """The line that ends an entry: inside its box or right after it."""
    outline = page.outline
    low = outline.start[box]
    lines = (line for line in outline.lines if line.start >= low)
    return next((line for line in lines if _SIGNED.match(line.words)), None)


def _owner(page: Page) -> tuple[AuthorDraft, ...]:
    """A journal has one writer, whose name is the host's."""
    name, _, rest = host(page.url).partition(".")
    return (AuthorDraft(text=name),) if rest == "xanga.com" and name != "www" else ()


def _draft(page: Page, box: Node, foot: Line, *, is_alone: bool) -> PostDraft:
    outline = page.outline
    title = first(_TITLE(box))
    low = outline.end[title] if title is not None else outline.start[box]
    links = [attribute(link, "href") for link in foot.anchors]
    own = next((href for href in links if _ITEM.search(href)), None)
    url = page.url if is_alone else own
    number = _ITEM.search(url or "")
    signed = _SIGNED.match(foot.words)
    count = _COUNT.search(foot.words)
    header = first(_DAY(box))
    date = signed["date"] if signed else text(header)
    return PostDraft(
        native_id=number.group(1) if number else None,
        url=own.partition("#")[0] if own else None,
        title=title,
        authors=_owner(page),
        published=DateDraft(text=date) if date else None,
        body=outline.html(low, min(outline.end[box], foot.start)),
        comment_count=count.group(0) if count else None,
    )
