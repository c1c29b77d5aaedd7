"""What says that a page is a post, or that it is none."""

from __future__ import annotations

import re
from bisect import bisect_left

from lxml.etree import _Element as Node

from archiver.bylines import Byline, read
from archiver.drafts import AuthorDraft, DateDraft
from archiver.extractors.generic.passage import Passage
from archiver.extractors.generic.regions import Regions, hint
from archiver.nodes import attribute, css, first, text
from archiver.outline import Line
from archiver.page import Page
from archiver.stamps import stamped

_TITLE = css("title")
_STAMPS = css(
    "time[datetime], abbr.published[title], abbr.updated[title], [itemprop=datePublished]"
)
_AUTHOR_NAMES = frozenset(
    {"author", "fn", "post-author", "entry-author", "author-name", "article-author", "p-author"}
)
_LONGEST_NAME = 80  # characters, whitespace included
_HEAD = 200  # characters at the beginning of a text that may still hold its date
_CLOSE = 1500  # characters between a text and what is said of it
_TIMES = css("time[datetime], abbr[title]")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MARKS = (
    b"trackback:ping=",
    b"BlogPosting",
    b"NewsArticle",
    b"article:published_time",
    b'itemprop="datePublished"',
    b'name="sailthru.date"',
    b'name="parsely-pub-date"',
    b'name="DC.date',
)
_NO_POST = re.compile(
    r"^\s*(?:index of /|directory listing|4\d\d\b|5\d\d\b|error\b|page not found|not found"
    r"|access denied|forbidden|sign in|log ?in\b|search results|seite nicht gefunden"
    r"|page introuvable|página no encontrada)"
    r"|\b404\b.{0,20}(?:not found|error)|not found\s*$",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"/(?:author|profile|user|member|people|blogger)s?/|[?&](?:author|user|uid|memberid)=",
    re.IGNORECASE,
)
_PERSON = re.compile(r"author|byline|by-line|vcard|writer|contributor", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")
_MANY, _MANY_SHARE = 3, 0.4  # dated lines that make a list
_ABOVE, _BELOW = 12, 8  # lines around a text in which its byline may stand


def is_no_post(page: Page) -> bool:
    """Whether a page says itself that it is an error, a directory or a form."""
    return _NO_POST.search(text(first(_TITLE(page.tree)))) is not None


def is_marked(page: Page) -> bool:
    """Whether structured data or TrackBack RDF says that the page is a post."""
    return any(mark in page.body for mark in _MARKS)


def credits(
    page: Page, passage: Passage, regions: Regions, title: Line | None, stop: int | None
) -> list[Byline]:
    """Bylines that stand at the text, likeliest first: from the headline down, then below.

    Explicit ones ("by NAME") come before bare ones; what comes after character `stop` is the
    comments'.
    """
    above = min(passage.first.index, title.index) if title is not None else passage.first.index
    near: list[tuple[bool, int, Byline]] = []
    for byline in page.bylines:
        if (stop is not None and byline.start >= stop) or regions.in_talk(byline.first.box):
            continue
        if not byline.name and not is_day(byline):
            continue
        before, after = byline.first.index, byline.last.index
        if above - _ABOVE <= before < passage.first.index:
            distance = abs(passage.first.index - before)
        elif passage.last.index < before <= passage.last.index + _BELOW:
            distance = before - passage.last.index
        elif passage.first.index <= before and after <= passage.first.index + 1:
            distance = 1
        else:
            continue
        if regions.is_outside(byline.first.box) and not _is_meta(byline.first.box, passage.box):
            distance += 6
        near.append((not byline.is_explicit, distance, byline))
    near.sort(key=lambda entry: entry[:2])
    return [byline for *_, byline in near]


def is_day(byline: Byline) -> bool:
    """Whether a date is more than a month, which archive lists are made of."""
    return len(_NUMBERS.findall(byline.date)) > 1 or "ago" in byline.date


def is_index(page: Page, passage: Passage, stop: int | None) -> bool:
    """Whether a passage is a list of dated things: of entries, files or visitors."""
    end = page.outline.end[passage.box] if stop is None else stop
    lines = page.outline.within(page.outline.start[passage.box], end)
    dated = {b.first.index for b in page.bylines if is_day(b)}
    held = sum(line.index in dated for line in lines)
    return held >= _MANY and held >= _MANY_SHARE * len(lines)


def is_person(byline: Byline) -> bool:
    """Whether the name of a byline is a person's: words or markup say so."""
    if not byline.name:
        return False
    if byline.is_explicit:
        return True
    rel, href = attribute(byline.link, "rel"), attribute(byline.link, "href")
    if "author" in rel or _PROFILE.search(href):
        return True
    boxes = (byline.first.box, byline.last.box, byline.first.box.getparent())
    return any(_PERSON.search(hint(box)) for box in boxes if box is not None)


def _is_meta(box: Node, around: Node) -> bool:
    """Whether a line stands in the box of the text or right around it."""
    parent = around.getparent()
    return any(node is around or node is parent for node in box.iterancestors())


def author(page: Page, passage: Passage, regions: Regions) -> AuthorDraft | None:
    """The person whom markup names at the text, where no byline does."""
    best: tuple[int, Node] | None = None
    for node, place in page.outline.start.items():
        distance = _distance(passage, place)
        if distance > _CLOSE or (best is not None and distance >= best[0]):
            continue
        if (
            _names_author(node)
            and 1 < page.outline.size(node) <= _LONGEST_NAME
            and not regions.in_talk(node)
        ):
            best = (distance, node)
    if best is None:
        return None
    reading = read(text(best[1]))
    name = reading.name if reading and reading.name else text(best[1])
    link = first([n for n in (best[1], *best[1].iter("a")) if n.get("href")])
    return AuthorDraft(text=name, href=attribute(link, "href") or None)


def _names_author(node: Node) -> bool:
    """Whether markup says that an element is an author: by rel, itemprop, class or address."""
    if "author" in attribute(node, "rel").split() or "/author/" in attribute(node, "href"):
        return True
    names = {*attribute(node, "class").split(), attribute(node, "itemprop")}
    return not _AUTHOR_NAMES.isdisjoint(names)


def _distance(passage: Passage, place: int) -> int:
    """Characters between a place and the text; 0 for one inside."""
    return max(passage.start - place, place - passage.end, 0)


def stamp(page: Page, passage: Passage, regions: Regions) -> DateDraft | None:
    """The machine date nearest the text: one above it before those below."""
    best: tuple[tuple[bool, int], Node] | None = None
    for node in _STAMPS(page.tree):
        place = page.outline.start.get(node)
        if place is None or regions.in_talk(node):
            continue
        rank = (place > passage.start + _HEAD, _distance(passage, place))
        if rank[1] <= _CLOSE and (best is None or rank < best[0]):
            best = (rank, node)
    if best is None:
        return None
    node = best[1]
    value = attribute(node, "datetime") or attribute(node, "content") or attribute(node, "title")
    return stamped(page, value, words=text(node), is_markup=True)


def machine_value(page: Page, byline: Byline) -> str | None:
    """The machine date among a byline's words; None where it has none."""
    places = page.once(_machine_dates)
    at = bisect_left(places, (byline.start, ""))
    return places[at][1] if at < len(places) and places[at][0] < byline.end else None


def _machine_dates(page: Page) -> list[tuple[int, str]]:
    """Values of time[datetime] and abbr[title], with the character where each stands."""
    found = []
    for node in _TIMES(page.tree):
        value = attribute(node, "datetime") or attribute(node, "title")
        place = page.outline.start.get(node)
        if place is not None and (node.tag == "time" or _ISO_DAY.match(value)):
            found.append((place, value))
    return sorted(found)
