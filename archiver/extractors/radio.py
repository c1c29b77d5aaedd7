"""Radio UserLand: day pages, each item named by an anchor; comments were kept by a lost server.

From a description and links to such pages only, so the claim is a modest one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.drafts import BlogDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind
from archiver.nodes import attribute, css
from archiver.page import Page
from archiver.urls import host

_ANCHORS = css("a[name^=a]")
_LINKS = css("a[href]")
_TITLES = css(".weblogItemTitle, .itemTitle")
_NAME = re.compile(r"^a\d+$")
_LOOK_AHEAD = 60  # characters behind a permalink in which its time stands
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?", re.IGNORECASE)
_DAY_URL = re.compile(r"/(\d{4})/(\d{2})/(\d{2})\.html")


class Radio(Extractor):
    """Items from anchor to permalink, dated by the page's or the link's address."""

    name: ClassVar[str] = "radio"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if page.generator.startswith("Radio UserLand"):
            return Claim(score=0.9, because="generator")
        if page.generator or not page.is_html:
            return NO_CLAIM
        if host(page.url) == "radio.weblogs.com" or b"radiocomments" in page.body:
            return Claim(score=0.5, because="host or comment server of Radio")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        return PageKind.ARCHIVE if next(_items(page), None) else None

    def posts(self, page: Page) -> Iterator[PostDraft]:
        for item in _items(page):
            yield _draft(page, item)

    def blog(self, page: Page) -> BlogDraft | None:
        if b"radiocomments" not in page.body:
            return None
        return BlogDraft(external_comments=("radiocomments",))


@dataclass(frozen=True, slots=True)
class _Item:
    """An item's name, and the characters of the page where it begins and its permalink stands."""

    name: str
    link: Node
    start: int
    end: int


def _items(page: Page) -> Iterator[_Item]:
    """Anchors with a permalink behind them."""
    outline = page.outline
    links = [link for link in _LINKS(page.tree) if link in outline.start]
    for anchor in _ANCHORS(page.tree):
        name = attribute(anchor, "name")
        start = outline.start.get(anchor)
        if not _NAME.match(name) or start is None:
            continue
        own = (n for n in links if attribute(n, "href").endswith(f"#{name}"))
        link = next((n for n in own if outline.start[n] >= start), None)
        if link is not None:
            yield _Item(name, link, start, outline.start[link])


def _draft(page: Page, item: _Item) -> PostDraft:
    outline = page.outline
    held = (n for n in _TITLES(page.tree) if item.start <= outline.start.get(n, -1) < item.end)
    title = next(held, None)
    low = outline.end[title] if title is not None else item.start
    url = attribute(item.link, "href")
    clock = _CLOCK.search(outline.text[item.end : item.end + _LOOK_AHEAD])
    return PostDraft(
        native_id=item.name,
        url=url,
        title=title,
        published=_published(page, url, clock.group(0) if clock else None),
        body=outline.html(low, item.end),
    )


def _published(page: Page, url: str, clock: str | None) -> DateDraft | None:
    """The time beside the permalink, on the day that the permalink states."""
    day = _DAY_URL.search(url) or _DAY_URL.search(page.url)
    if day is None:
        return DateDraft(text=clock) if clock else None
    return DateDraft(text=clock, day_text="-".join(day.groups()))
