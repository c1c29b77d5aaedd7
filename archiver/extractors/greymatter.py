"""Greymatter: numbered archive files; entries and comments signed "Posted by NAME @ DATE".

From a description only, so the claim is a modest one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from archiver.bylines import Byline
from archiver.drafts import AuthorDraft, CommentDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind
from archiver.nodes import attribute
from archiver.outline import Line
from archiver.page import Page
from archiver.remarks import remarks

_FILE = re.compile(r"/(\d{8})\.\w{3,5}$")
_HEADING = re.compile(r"^(?:replies|comments)\b|^\d+\s+(?:replies|comments)\b", re.IGNORECASE)
_LINKED = 0.5  # share of a line in links, from which on it is navigation
_BOLD = frozenset({"b", "strong", "h1", "h2", "h3", "h4"})


class Greymatter(Extractor):
    """One entry with the comments below it, all between their signatures."""

    name: ClassVar[str] = "greymatter"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if page.generator.lower().startswith("greymatter"):
            return Claim(score=0.9, because="generator")
        if page.generator or not page.is_html:
            return NO_CLAIM
        if b"gm-comments.cgi" in page.body or b"gm-karma.cgi" in page.body:
            return Claim(score=0.6, because="scripts of Greymatter")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        return PageKind.POST if _FILE.search(page.url) and _signatures(page) else None

    def posts(self, page: Page) -> Iterator[PostDraft]:
        signed = _signatures(page)
        number = _FILE.search(page.url)
        if not signed or number is None:
            return
        by = signed[0]
        title = _title(page, by)
        outline = page.outline
        heading = _heading(page)
        yield PostDraft(
            native_id=number.group(1).lstrip("0"),
            title=title.box if title is not None else None,
            authors=(AuthorDraft(text=by.name, href=attribute(by.link, "href") or None),),
            published=DateDraft(text=by.date),
            body=outline.html(title.end if title is not None else 0, by.start),
            comment_count=heading.words if heading is not None else None,
        )

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        heading = _heading(page)
        if heading is None or self.kind(page) is None:
            return
        signed = [by for by in _signatures(page)[1:] if by.start >= heading.end]
        for remark in remarks(page.outline, signed, heading.end):
            by = remark.byline
            yield CommentDraft(
                native_id=remark.native_id,
                author=AuthorDraft(text=by.name, href=attribute(by.link, "href") or None),
                published=DateDraft(text=by.date),
                body=remark.html,
                node=remark.node,
            )


def _signatures(page: Page) -> list[Byline]:
    return [by for by in page.bylines if by.is_explicit and by.name and by.date]


def _title(page: Page, by: Byline) -> Line | None:
    """The first bold line or heading before the entry's signature that is no navigation."""
    lines = (line for line in page.outline.lines if line.end <= by.start)
    return next((n for n in lines if n.box.tag in _BOLD and n.link_share < _LINKED), None)


def _heading(page: Page) -> Line | None:
    first = _signatures(page)[:1]
    return next(
        (
            n
            for by in first
            for n in page.outline.lines
            if n.start >= by.end and _HEADING.match(n.words)
        ),
        None,
    )
