"""Blosxom and PyBlosxom: stories between their anchor and a line "posted at … | path: …".

Source: pyblosxom/pyblosxom Pyblosxom/renderers/blosxom.py, docs/_static/plugins/comments
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.bylines import read
from archiver.drafts import AuthorDraft, CommentDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind, Source
from archiver.nodes import attribute, css, first, text, xpath
from archiver.outline import Line
from archiver.page import Page
from archiver.urls import permalink_identity, resolve

_POWERED = css("a[href*='pyblosxom'], a[href*='blosxom.com'], img[src*='blosxom']")
_COMMENTS = css(".blosxomComment")
_COMMENT_AREA = css(".blosxomComments")
_ANCHOR = xpath("(.//a[@name] | preceding-sibling::*[1][self::a[@name]])[1]")
_EPOCH = re.compile(r"^(\d{9,10})(?:\.(\d+))?$")
_FOOT = re.compile(r"^posted at:\s*(?P<time>[^|]*)\|", re.IGNORECASE)
_POSTED_BY = re.compile(r"^posted by\b", re.IGNORECASE)
_PERMALINK = re.compile(r"^(?:permanent link|permalink|#)", re.IGNORECASE)
_DAY_PAGE = re.compile(r"/\d{4}/\w{2,3}/\d{1,2}/?$")
_COUNTED = re.compile(r"\b(?:comments?|writebacks?)\b", re.IGNORECASE)


class Blosxom(Extractor):
    """Stories of the default flavours; comments of PyBlosxom's plugin with their exact time."""

    name: ClassVar[str] = "blosxom"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if "blosxom" in page.generator.lower():
            return Claim(score=0.95, because="generator")
        if page.generator or b"osxom" not in page.body:
            return NO_CLAIM
        if b"blosxomStory" in page.body or b"blosxomComment" in page.body:
            return Claim(score=0.85, because="boxes of PyBlosxom")
        if b"posted at:" in page.body and _POWERED(page.tree):
            return Claim(score=0.7, because="footers of Blosxom and a link to it")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        found = page.once(_stories)
        if not found:
            return None
        alone = len(found) == 1 and (
            _COMMENT_AREA(page.tree) or _COMMENTS(page.tree) or _is_shown(page, found[0])
        )
        return PageKind.POST if alone else PageKind.ARCHIVE

    def posts(self, page: Page) -> Iterator[PostDraft]:
        for story in page.once(_stories):
            yield _draft(page, story)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        for node in _COMMENTS(page.tree):
            yield _comment(page, node)


@dataclass(frozen=True, slots=True)
class _Story:
    """Lines of one story: title, footer, and the day above it."""

    title: Line
    foot: Line
    day: str | None


def _stories(page: Page) -> list[_Story]:
    found: list[_Story] = []
    title: Line | None = None
    day: str | None = None
    for line in page.outline.lines:
        if _FOOT.match(line.words):
            if title is not None:
                found.append(_Story(title, line, day))
            title = None
        elif title is None and _is_title(page, line):
            title = line
        elif title is None and line.heading is not None and _is_day(line.words):
            day = line.words
    return found


def _is_title(page: Page, line: Line) -> bool:
    """Whether a line is, or follows, the anchor that names its story's file."""
    boxes = (line.box, *line.box.iterancestors("a", "h1", "h2", "h3", "h4", "span"))
    return any(
        node.tag == "a" and node.get("name")
        for box in boxes
        for node in (box, *box.iterchildren("a"), *box.itersiblings("a", preceding=True))
    )


def _is_day(words: str) -> bool:
    reading = read(words)
    return reading is not None and bool(reading.date) and not reading.name


def _draft(page: Page, story: _Story) -> PostDraft:
    foot = _FOOT.match(story.foot.words)
    time = foot["time"].strip() if foot else ""
    links = story.foot.anchors
    folder = next((n for n in links if text(n).startswith("/")), None)
    path = text(folder)
    outline = page.outline
    return PostDraft(
        url=_address(story.foot, folder),
        title=story.title.heading if story.title.heading is not None else story.title.box,
        published=DateDraft(text=time or None, day_text=story.day) if time or story.day else None,
        body=outline.html(story.title.end, story.foot.start),
        categories=(path,) if path.strip("/") else (),
        comment_count=next((text(n) for n in links if _COUNTED.search(text(n))), None),
    )


def _is_shown(page: Page, story: _Story) -> bool:
    """Whether this page is a story's own."""
    folder = next((n for n in story.foot.anchors if text(n).startswith("/")), None)
    url = resolve(page.base_url, _address(story.foot, folder))
    return url is not None and permalink_identity(url) == permalink_identity(page.url)


def _address(foot: Line, folder: Node | None) -> str | None:
    """Its own page: Blosxom's default permalink is an anchor on the day's page.

    Every story stands at its folder's address and its name, too.  Source: Blosxom 2.0 manual
    """
    links = (attribute(n, "href") for n in foot.anchors if _PERMALINK.match(text(n)))
    url = next(links, None)
    day, _, name = (url or "").partition("#")
    if name and _DAY_PAGE.search(day) and folder is not None:
        return f"{attribute(folder, 'href').rstrip('/')}/{name}.html"
    return url


def _comment(page: Page, node: Node) -> CommentDraft:
    """Words between the anchor and the line "Posted by NAME at TIME".

    The anchor is the comment's time as Python prints it, so exact UTC.
    """
    outline = page.outline
    low, high = outline.start[node], outline.end[node]
    lines = [line for line in outline.lines if low <= line.start and line.end <= high]
    by = next((line for line in lines if _POSTED_BY.match(line.words)), None)
    rest = [line for line in lines if line is not by]
    byline = read(by.words) if by is not None else None
    link = by.anchors[0] if by is not None and by.anchors else None
    stamp = attribute(first(_ANCHOR(node)), "name")
    epoch = _EPOCH.match(stamp)
    body = outline.html(rest[0].start, rest[-1].end) if rest else None
    date = byline.date if byline else None
    return CommentDraft(
        native_id=stamp or None,
        permalink=f"#{stamp}" if stamp else None,
        author=AuthorDraft(
            text=byline.name if byline else None, href=attribute(link, "href") or None
        ),
        published=DateDraft(text=date, epoch_ms=_milliseconds(epoch), source=Source.ID)
        if epoch
        else (DateDraft(text=date) if date else None),
        body=body,
        node=node,
    )


def _milliseconds(epoch: re.Match[str]) -> int:
    fraction = (epoch.group(2) or "0")[:3].ljust(3, "0")
    return int(epoch.group(1)) * 1000 + int(fraction)
