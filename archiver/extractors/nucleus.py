"""Nucleus CMS: items with the day before the title, comments without ids and years.

Source: NucleusCMS/NucleusCMS skins/default/skinbackup.xml
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind, Source
from archiver.nodes import attribute, css, first, has_class, text, text_before, xpath
from archiver.page import Page

_BODIES = css(".contentbody")
_COMMENTS = css(".itemcomment")
_COMMENT_ANCHOR = css("a[name=c]")
_HEADING = css("h1, h2, h3")
_LINK = css("a[href]")
_NAME = css("h3")
_COMMENT_BODY = css(".commentbody")
_COMMENT_INFO = css(".commentinfo")
_AUTHOR = css(".contentitempostedby a")
_CATEGORY = css(".contentitemcategory a")
_COUNT = css(".contentitemcomments a")
_NONE_YET = css(".content .comments")
_MORE = xpath("./p[last()][.//a[contains(@href,'#more')]]")
_ITEM_ID = re.compile(r"(?:[?&]itemid=|/item/)(\d+)")
_ARCHIVE = re.compile(r"(?:[?&]archive=|/archive/(?:\d+/)?)(\d{4})-(\d{1,2})")
_DAY_FIRST = re.compile(r"^(\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?)\s*:?\s+")


class Nucleus(Extractor):
    """Items of the default skin; comments show day, month and time only."""

    name: ClassVar[str] = "nucleus"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if page.generator.startswith("Nucleus CMS"):
            return Claim(score=0.95, because="generator")
        if page.generator or b"contentbody" not in page.body:
            return NO_CLAIM
        if b"contentitempostedby" in page.body or b"itemcomment" in page.body:
            return Claim(score=0.75, because="item boxes of Nucleus")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        found = _BODIES(page.tree)
        if not found:
            return None
        alone = len(found) == 1 and (_COMMENT_ANCHOR(page.tree) or _COMMENTS(page.tree))
        return PageKind.POST if alone else PageKind.ARCHIVE

    def posts(self, page: Page) -> Iterator[PostDraft]:
        alone = self.kind(page) is PageKind.POST
        for body in _BODIES(page.tree):
            yield _draft(page, body, is_alone=alone)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        for node in _COMMENTS(page.tree):
            person = next((n for h in _NAME(node) for n in (*_LINK(h), h)), None)
            info = text(first(_COMMENT_INFO(node)))
            # The name's title attribute tells the commenter's IP address: not taken.
            yield CommentDraft(
                author=AuthorDraft(
                    text=text(person) or None, href=attribute(person, "href") or None
                ),
                published=DateDraft(text=info) if info else None,
                body=first(_COMMENT_BODY(node)),
                node=node,
            )


def _draft(page: Page, body: Node, *, is_alone: bool) -> PostDraft:
    parts = _before(body)
    heading = next((node for part in parts for node in _HEADING(part)), None)
    link = first(_LINK(heading)) if heading is not None else None
    url = attribute(link, "href") or None
    number = _ITEM_ID.search(url or (page.url if is_alone else ""))
    day, title = _headline(heading, link)
    people = [node for part in parts for node in _AUTHOR(part)]
    more = () if is_alone else tuple(_MORE(body))
    return PostDraft(
        native_id=number.group(1) if number else None,
        url=url,
        title=title,
        authors=tuple(AuthorDraft(text=text(n), href=attribute(n, "href")) for n in people[:1]),
        published=_published(page, day),
        body=body,
        exclude=more,
        categories=tuple(text(node) for part in parts for node in _CATEGORY(part)),
        comment_count=_counted(page, parts, is_alone=is_alone),
        is_truncated=None if is_alone else bool(more),
    )


def _before(body: Node) -> list[Node]:
    """Title and item lines above a text, back to the text before it."""
    found: list[Node] = []
    for node in body.itersiblings(preceding=True):
        if has_class(node, "contentbody"):
            break
        found.append(node)
        if has_class(node, "contenttitle"):
            break
    return found


def _headline(heading: Node | None, link: Node | None) -> tuple[str, Node | str | None]:
    """The day and the title of "12/05: Title"; the title alone is linked on listings."""
    if heading is None:
        return "", None
    if link is not None:
        return text_before(heading, link).rstrip(": "), link
    words = text(heading)
    match = _DAY_FIRST.match(words)
    return (match.group(1), words[match.end() :]) if match else ("", heading)


def _published(page: Page, day: str) -> DateDraft | None:
    """The default skin prints day and month without the year; an archive's address tells it."""
    archive = _ARCHIVE.search(page.url)
    number, _, month = day.partition("/")
    if archive and month.isdecimal() and int(month) == int(archive.group(2)):
        stated = f"{archive.group(1)}-{int(month):02d}-{int(number):02d}"
        return DateDraft(text=day, machine=stated, source=Source.ID)
    return DateDraft(text=day) if day else None


def _counted(page: Page, parts: list[Node], *, is_alone: bool) -> str | None:
    if is_alone:
        return text(first(_NONE_YET(page.tree))) or None
    return next((text(node) for part in parts for node in _COUNT(part)), None)
