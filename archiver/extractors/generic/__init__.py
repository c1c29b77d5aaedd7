"""Posts and comments of pages without a known platform, and what a known one's rules missed.

A page is a post only where something says so besides its text: a date or a name at it, comments,
or a permalink with a date.  About pages, listings, errors and albums yield nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import ClassVar
from urllib.parse import urlsplit

from lxml.etree import _Element as Node

from archiver.bylines import Byline, beside_date
from archiver.drafts import AuthorDraft, CommentDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.extractors.generic import headline, listing, passage, signs
from archiver.extractors.generic.passage import Passage
from archiver.extractors.generic.regions import Regions
from archiver.model import PageKind, Source
from archiver.nodes import attribute
from archiver.outline import Line
from archiver.page import Page
from archiver.remarks import Discussion, discussion, says_closed
from archiver.stamps import stamped

_HINTS = (
    b"application/rss+xml",
    b"application/atom+xml",
    b"edituri",
    b"trackback",
    b"blogposting",
    b"article:published_time",
    b"/blog",
    b"comments",
)
_DAY = re.compile(r"\d[/.-]\d|\d{4}|[年월月]|\bago\b", re.IGNORECASE)
_DATED_URL = re.compile(
    r"/((?:19|20)\d\d)[/_-](0?[1-9]|1[0-2])(?:[/_-](0?[1-9]|[12]\d|3[01]))?(?:[/_-]|$)"
)


class Generic(Extractor):
    """One post with its comments, or the entries of a listing, by how they look."""

    name: ClassVar[str] = "generic"
    version: ClassVar[int] = 1
    is_filler: ClassVar[bool] = True

    def claim(self, page: Page) -> Claim:
        if not page.is_html or (page.status or 200) >= 400:
            return NO_CLAIM
        lowered = page.lowered
        hints = sum(hint in lowered for hint in _HINTS)
        if hints > 1:
            return Claim(score=0.25, because=f"{hints} signs of a blog")
        return Claim(score=0.1, because="a web page")

    def kind(self, page: Page) -> PageKind | None:
        reading = page.once(_Reading)
        if reading.post is not None:
            return PageKind.POST
        return PageKind.ARCHIVE if reading.entries or reading.is_index else PageKind.OTHER

    def posts(self, page: Page) -> Iterator[PostDraft]:
        reading = page.once(_Reading)
        if reading.post is not None:
            yield reading.post
        else:
            yield from reading.entries

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        reading = page.once(_Reading)
        if reading.post is None:
            return
        for remark in reading.talk.remarks:
            yield CommentDraft(
                native_id=remark.native_id,
                author=_author(remark.byline),
                published=_dated(page, remark.byline),
                body=remark.html,
                node=remark.node,
            )


@dataclass(frozen=True)
class _Reading:
    """What one page looks like; each part is found when asked for."""

    page: Page

    @cached_property
    def talk(self) -> Discussion:
        return discussion(self.page.outline, self.page.bylines)

    @cached_property
    def regions(self) -> Regions:
        return Regions(self.page.outline)

    @cached_property
    def passage(self) -> Passage | None:
        return passage.find(self.page.outline, self.regions, self.page.bylines, self.talk.start)

    @cached_property
    def is_index(self) -> bool:
        found = self.passage
        return found is not None and signs.is_index(self.page, found, self.talk.start)

    @cached_property
    def entries(self) -> list[PostDraft]:
        return listing.entries(self.page, self.regions)

    @cached_property
    def post(self) -> PostDraft | None:
        found = self.passage
        if found is None or signs.is_no_post(self.page) or self.is_index:
            return None
        if not self.talk.remarks and len(self.entries) > 1:
            return None
        title = headline.find(self.page, found, self.regions, self.page.bylines)
        heading = title if isinstance(title, Line) else None
        near = signs.credits(self.page, found, self.regions, heading, self.talk.start)
        named = next((b for b in near if signs.is_person(b)), None)
        dated = next((b for b in near if b.date), None)
        stamp = signs.stamp(self.page, found, self.regions)
        address = _DATED_URL.search(urlsplit(self.page.url).path)
        proof = named or dated or stamp or self.talk.remarks or address
        is_marked = signs.is_marked(self.page)
        if not proof and not is_marked:
            return None
        if title is None and not is_marked and not (named and dated and named.is_explicit):
            return None  # posts without a title were signed and dated
        person = _author(named) if named else signs.author(self.page, found, self.regions)
        return PostDraft(
            title=_title(title),
            authors=(person,) if person else (),
            published=stamp or _dated_near(self.page, dated, near) or _from_address(address),
            body=found.node if found.node is not None else found.html(self.page.outline),
            comment_count=self.talk.heading,
            comments_closed=True if says_closed(self.page.outline) else None,
        )


def _title(found: Line | str | None) -> Node | str | None:
    """The heading element; of a line that holds a date, too, only the words beside it."""
    if not isinstance(found, Line):
        return escape(found, quote=False) if found else None
    beside = beside_date(found.words)
    if beside and len(beside) < len(found.words):
        return escape(beside, quote=False)
    return found.heading if found.heading is not None else found.box


def _author(byline: Byline) -> AuthorDraft | None:
    if not byline.name:
        return None
    return AuthorDraft(
        text=byline.name,
        href=attribute(byline.link, "href") or None,
        title=attribute(byline.link, "title") or None,
    )


def _dated(page: Page, byline: Byline) -> DateDraft | None:
    if not byline.date:
        return None
    machine = signs.machine_value(page, byline)
    if machine:
        return stamped(page, machine, words=byline.date, is_markup=True)
    return DateDraft(text=byline.date)


def _dated_near(page: Page, byline: Byline | None, near: list[Byline]) -> DateDraft | None:
    """A byline's date; a time alone takes its day from another date at the text."""
    draft = _dated(page, byline) if byline else None
    if draft is None or draft.machine or _DAY.search(draft.text or ""):
        return draft
    day = next((b.date for b in near if _DAY.search(b.date)), None)
    return replace(draft, day_text=day)


def _from_address(match: re.Match[str] | None) -> DateDraft | None:
    """The day that a permalink states; a month alone says too little of a post."""
    if match is None or match.group(3) is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    return DateDraft(machine=f"{year:04d}-{month:02d}-{day:02d}", source=Source.ID)
