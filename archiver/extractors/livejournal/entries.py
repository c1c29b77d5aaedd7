"""Entries: where each family of styles puts subject, date, poster, text and tags.

The styles were written by many hands, but most descend from a dozen layouts with class names of
their own.  A style that none of these families fits is left to the generic reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.elements import Elements, elements
from archiver.extractors.livejournal.addresses import Address
from archiver.extractors.livejournal.people import person
from archiver.model import Source
from archiver.nodes import attribute, has_class, text
from archiver.page import Page
from archiver.urls import resolve


@dataclass(frozen=True, slots=True)
class Family:
    """Names of the parts of an entry in one family of styles."""

    box: tuple[str, ...]
    title: tuple[str, ...]
    body: tuple[str, ...]
    date: tuple[str, ...]
    poster: tuple[str, ...] = ()
    day: tuple[str, ...] = ()  # a date above several entries


# Order matters where names are shared: the more particular families come first.
_FAMILIES = (
    Family(  # LiveJournal 2017 and later
        box=(".aentry",),
        title=(".aentry-post__title-text", ".aentry-post__title"),
        body=(".aentry-post__text",),
        date=(".aentry-head__date",),
        poster=(".aentry-head", ".aentry-head__block"),
    ),
    Family(  # LiveJournal 2011 to 2016, and the site style since then
        box=(".b-singlepost", ".b-singlepost-wrapper"),
        title=(".b-singlepost-title",),
        body=(".b-singlepost-body",),
        date=(".b-singlepost-author-date", ".b-singlepost-date"),
        poster=(".b-singlepost-author", ".author"),
    ),
    Family(  # Dreamwidth's core2
        box=(".entry-wrapper",),
        title=(".entry-title",),
        body=(".entry-content",),
        date=(".datetime",),
        poster=(".entry-poster", ".poster"),
    ),
    Family(  # Minimalism, Chameleon, Air and other styles with microformats
        box=(".hentry",),
        title=(".entry-title", ".subj-link"),
        body=(".entry-content", ".entry-text", ".j-e-text"),
        date=(".updated", ".entry-date", ".j-e-date", ".published"),
        poster=(".vcard", ".entry-poster", ".entry-userpic"),
    ),
    Family(  # Bloggish
        box=(".entry",),
        title=(".entry-header",),
        body=(".entry-body",),
        date=(".entry-footer",),
        poster=(".entry-userpic",),
        day=(".date-header",),
    ),
    Family(  # Expressive, Mixit
        box=(".asset", ".post-asset"),
        title=(".asset-name", ".asset-header-content-inner", ".asset-header-content"),
        body=(".asset-body", ".asset-content"),
        date=(".datetime", ".asset-entry-date"),
        poster=(".user-icon", ".asset-meta"),
    ),
    Family(  # Flexible Squares
        box=(".subcontent",),
        title=(".subject",),
        body=(".entry_text",),
        date=(".date",),
        poster=(".userpicfriends", ".userpic"),
    ),
    Family(  # Smooth Sailing
        box=(".entryHolder",),
        title=(".entryHeaderSubject",),
        body=(".entryText",),
        date=(".entryHeaderDate",),
        poster=(".entryUserinfo-username",),
    ),
    Family(  # Generator
        box=("table.entrybox", "table.s2-entrytext"),
        title=(".caption",),
        body=(),
        date=(".index",),
    ),
    Family(  # Lickable, Clean and Simple, Dear Diary, Nebula
        box=(".entry",),
        title=(".entryheading", ".subject", "h3"),
        body=(".entrytext", ".entrycontent", ".entryText", ".text"),
        date=(".entrydate", ".date", ".time", ".subHeading"),
        poster=(".entryposter", ".poster"),
        day=(".dateheader", ".date-header"),
    ),
)
_TAG_BOXES = (
    ".ljtags",
    ".tag",
    ".asset-tags-list",
    ".b-singlepost-tags-items",
    ".aentry-tags",
    ".entryMetadata-content",
)
_JUNK = (
    ".ljtags",
    ".tag",
    ".metadata",
    ".currents",
    ".lj-like",
    ".lj-currents",
    ".b-singlepost-tags",
    ".aentry-tags",
    ".b-singlepost-prevnext",
    ".lj-recommended",
    ".entryMetadata",
    ".edittime",
    ".ljsale",
    ".cut-wrapper",
)
_SIDE_CELLS = (".meta", ".index")
NO_SUBJECT = re.compile(r"^\W*(?:no subject|без темы|kein betreff|pas de sujet)\W*$", re.IGNORECASE)
_CUT = re.compile(r"#cutid\d+$")


class Entry:
    """One entry of a page, read with the names of its family."""

    def __init__(self, page: Page, box: Node, family: Family, *, is_alone: bool) -> None:
        self.page, self.box, self.family, self.is_alone = page, box, family, is_alone
        self.every: Elements = elements(page)

    def _find(self, *names: str) -> list[Node]:
        return self.every.find(*names, inside=self.box)

    def _first(self, *names: str) -> Node | None:
        found = (node for name in names for node in self._find(name))
        return next((node for node in found if text(node)), None)

    @cached_property
    def title(self) -> Node | None:
        """The subject; entries need none, and lists then print "(no subject)"."""
        found = self._first(*self.family.title)
        return None if found is None or NO_SUBJECT.match(text(found)) else found

    @cached_property
    def body(self) -> Node | None:
        """The text."""
        if self.family.body:
            found = (node for name in self.family.body for node in self._find(name))
            return next(found, None)
        return self._cell()

    def _cell(self) -> Node | None:
        """In Generator the text fills the cell of the row below subject and date."""
        row = (
            next((n for n in self.title.iterancestors("tr")), None)
            if self.title is not None
            else None
        )
        below = next(row.itersiblings("tr"), None) if row is not None else None
        return self.every.first("td", inside=below) if below is not None else None

    def draft(self) -> PostDraft:
        """The entry as found."""
        number, href = self._address()
        cuts = self._cuts()
        return PostDraft(
            native_id=number,
            url=href,
            title=self.title,
            authors=self._authors(),
            published=self._published(),
            body=self.body,
            exclude=(
                *self._find(*_JUNK),
                *self._tables(),
                *cuts,
                *((self.title,) if self.title is not None else ()),
            ),
            tags=self._tags(),
            comment_count=self._count(),
            count_includes_pings=False,
            comments_closed=self._closed() if self.is_alone else None,
            is_truncated=None if self.is_alone else bool(cuts),
        )

    def _tables(self) -> list[Node]:
        """What Generator puts above the text: tags and mood in one table, the poster in another."""
        if self.family.body or self.body is None:
            return []
        tables = self.every.find("table", inside=self.body)
        marked = self.every.among(tables, *_SIDE_CELLS)
        return [table for table in tables if any(self.every.holds(table, n) for n in marked)]

    def _address(self) -> tuple[str | None, str | None]:
        """Number and address: of the page, or of the first link of a list to an entry."""
        if self.is_alone:
            address = Address(self.page.url)
            return address.entry, address.base
        inside = (self.body,) if self.body is not None else ()
        links = self.every.find("a", inside=self.box, outside=inside)
        linked = [n for n in links if self.title is not None and self.every.holds(self.title, n)]
        for link in (*linked, *links):
            url = resolve(self.page.base_url, attribute(link, "href"))
            if url and Address(url).is_entry and not Address(url).query.get("mode"):
                return Address(url).entry, Address(url).base
        return None, None

    def _authors(self) -> tuple[AuthorDraft, ...]:
        """The poster; a journal of one person does not print whose it is."""
        inside = (self.body,) if self.body is not None else ()
        for place in (*self._find(*self.family.poster), self.box):
            found = person(self.every, place, inside)
            if found is not None:
                return (found,)
        names = [n for t in self._tables() for n in self.every.find("a", inside=t)]
        named = next((n for n in names if has_class(n, "index") and text(n)), None)
        if named is not None:  # the poster to a community, in Generator
            return (AuthorDraft(text=text(named), href=attribute(named, "href")),)
        owner = Address(self.page.url).journal
        return (AuthorDraft(text=owner, profile_id=owner),) if owner else ()

    def _published(self) -> DateDraft | None:
        """Wall clock of the poster, whatever offset a style prints with it."""
        found = [node for name in self.family.date for node in self._find(name)]
        dated = next((node for node in found if any(c.isdigit() for c in text(node))), None)
        day = text(self.every.before(self.box, *self.family.day)) if self.family.day else ""
        if dated is None:
            return DateDraft(text=None, day_text=day) if day else None
        machine = attribute(dated, "title") or attribute(dated, "datetime")
        is_stated = machine[:2] in ("19", "20")
        return DateDraft(
            text=text(dated).strip("[] "),
            machine=machine if is_stated else None,
            day_text=day or None,
            trust_offset=False,
            source=Source.MACHINE if is_stated else Source.TEXT,
        )

    def _tags(self) -> tuple[str, ...]:
        boxes = self._find(*_TAG_BOXES)
        outside = self.every.find(*_TAG_BOXES) if self.is_alone and not boxes else boxes
        links = [link for box in outside for link in self.every.find("a", inside=box)]
        return tuple(dict.fromkeys(text(n) for n in (*links, *self._find("rel=tag")) if text(n)))

    def _cuts(self) -> tuple[Node, ...]:
        """Links to what a list leaves out ("( Read more... )"), with their brackets."""
        if self.is_alone or self.body is None:
            return ()
        links = self.every.find("a", inside=self.body)
        cuts = (link for link in links if _CUT.search(attribute(link, "href")))
        return tuple(_bracketed(link) for link in cuts)

    def _count(self) -> str | None:
        """Words such as "3 comments" on the link to the comments."""
        area = self.page.tree if self.is_alone else self.box
        for name in (".entry-readlink", ".comment-count", ".b-xylem-cell-amount"):
            words = text(self.every.first(name, inside=area))
            if any(c.isdigit() for c in words):
                return words
        for link in self._find("a"):
            href = attribute(link, "href")
            if href.endswith("#comments") and any(c.isdigit() for c in text(link)):
                return text(link)
        return None

    def _closed(self) -> bool | None:
        return True if self.every.find(".comments-message", ".b-xylem-nocomments") else None


def _bracketed(link: Node) -> Node:
    above = link.getparent()
    if above is None or above.tag not in ("b", "span", "strong"):
        return link
    return above if text(above).strip("( )\xa0") == text(link).strip() else link


def entries(page: Page) -> list[Entry]:
    """Entries in page order, read with the first family that fits."""
    every = elements(page)
    alone = Address(page.url).is_entry
    for family in _FAMILIES:
        found = [Entry(page, box, family, is_alone=alone) for box in _boxes(every, family)]
        found = [entry for entry in found if entry.body is not None]
        if found:
            return found
    return []


def _boxes(every: Elements, family: Family) -> Iterator[Node]:
    for name in family.box:
        tag, _, marked = name.partition(".")
        nodes = (n for n in every.find(f".{marked}") if not tag or n.tag == tag)
        boxes = every.outermost(n for n in nodes if not has_class(n, "comment", "comment-wrapper"))
        if boxes:
            yield from boxes
            return
