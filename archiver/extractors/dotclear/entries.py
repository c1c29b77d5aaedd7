"""Entries: a title, a line "By NAME on DATE - CATEGORY", an excerpt and the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml.etree import _Element as Node

from archiver.bylines import read
from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.elements import Elements, elements
from archiver.model import Source, Url
from archiver.nodes import (
    attribute,
    first,
    following_siblings_until,
    has_class,
    strings,
    text,
    text_before,
    xpath,
)
from archiver.page import Page
from archiver.urls import resolve

_AREAS = ("#comments", "#pings", "#trackbacks", ".post-feedback")
_TEXT = (".post-excerpt", ".post-chapo", ".post-content")
_META_DATE = strings("//head/meta[@name='date' or @name='dc.date']/@content")
_LAST_LINK = xpath("(./p[position()=last()] | .)/a[position()=last()][@href]")
_NAVIGATION = ("#navlinks", ".navlinks")
_FIELDS = ("c_content", "c_nom")
_POST_ID = re.compile(r"^p(\d+)$")
_SHOWN_ID = re.compile(r"^#(\d+)$")
_FEED_ID = re.compile(r"/comments/(\d+)|[?&]post=(\d+)")
_NO_CATEGORY = re.compile(r"^(?:#\d+|rss|atom)$|\d{1,2}:\d{2}|.{80}", re.IGNORECASE)


def titles(every: Elements) -> list[Node]:
    """The titles of a page's entries; pings carry the same class in some themes."""
    return every.find(".post-title", outside=every.find("#comments", "#pings"))


def have_feedback(every: Elements) -> bool:
    """Whether the page has comments, trackbacks or the form for them."""
    return bool(every.find(*_AREAS)) or _has_form(every)


def _has_form(every: Elements) -> bool:
    fields = every.find("textarea", "input")
    return bool(every.find("#comment-form")) or any(n.get("name") in _FIELDS for n in fields)


def comment_feeds(every: Elements) -> Iterator[tuple[str, str | None]]:
    """Addresses of feeds of one entry's comments, with the entry's number."""
    boxed = every.among(every.find("#comments-feed"), "a")
    for link in (*boxed, *every.find("a")):
        href = attribute(link, "href")
        stated = _FEED_ID.search(href)
        if link in boxed or (stated and "type=co" in href):
            yield href, (stated.group(1) or stated.group(2)) if stated else None


@dataclass(frozen=True)
class Entry:
    """One entry of a page, found by its title."""

    page: Page
    title: Node
    is_alone: bool

    @cached_property
    def parts(self) -> tuple[Node, ...]:
        """What belongs to it: its box, or the siblings from its title to the next one."""
        for box in self.title.iterancestors():
            if has_class(box, "post"):
                return (box,)
        rest = following_siblings_until(self.title, lambda node: has_class(node, "post-title"))
        return (self.title, *rest)

    @cached_property
    def every(self) -> Elements:
        """The page's elements."""
        return elements(self.page)

    def find(self, *names: str) -> list[Node]:
        """Elements in its parts, the parts themselves included."""
        return self.every.among(self.parts, *names)

    def links(self, inside: Node | None) -> list[Node]:
        """Links below an element."""
        return self.every.find("a", inside=inside) if inside is not None else []

    @cached_property
    def info(self) -> Node | None:
        """The line that names author, date and category."""
        return first(self.find(".post-info"))

    @cached_property
    def bodies(self) -> tuple[Node, ...]:
        """Excerpt and text."""
        return tuple(self.find(*_TEXT))

    @cached_property
    def url(self) -> Url | None:
        """Its own address, as far as the page says it."""
        linked = first(self.links(self.title))
        stated = resolve(self.page.base_url, attribute(linked, "href") or None)
        return stated or (self.page.url if self.is_alone else None)

    def draft(self, kind: str) -> PostDraft:
        """The entry as found."""
        alone = self.is_alone
        read_on = None if alone else self._read_on()
        reactions = self._reactions() if alone else ""
        counts_all = any(c.isdigit() for c in reactions)
        return PostDraft(
            native_id=self._native(),
            url=attribute(first(self.links(self.title)), "href") or None,
            title=self.title,
            authors=(self._author,) if self._author else (),
            published=self._published(),
            body=self.bodies or None,
            exclude=(read_on,) if read_on is not None else (),
            categories=self._categories(),
            tags=self._texts(".post-tags", ".post-tags-list"),
            comment_count=reactions
            if counts_all
            else self._counted("comment_count", "#co", "#comments"),
            count_includes_pings=counts_all,
            trackback_count=self._counted("ping_count", "#pings", "#tb"),
            comments_closed=_closed(self.every) if alone else None,
            prev_url=self._neighbour("prev") if alone else None,
            next_url=self._neighbour("next") if alone else None,
            kind=kind,
            is_truncated=None if alone else read_on is not None or bool(self.find(".read-it")),
            language=attribute(self.parts[0], "lang") or None,
        )

    def _reactions(self) -> str:
        """The heading that counts comments and pings together ("3 reactions")."""
        area = self.every.first("#comments")
        return text(self.every.first("h3", inside=area)) if area is not None else ""

    def _texts(self, *boxes: str) -> tuple[str, ...]:
        links = (link for box in self.find(*boxes) for link in self.links(box))
        return tuple(text(link) for link in links)

    def _counted(self, marked: str, *targets: str) -> str | None:
        links = (n for n in self.find("a") if attribute(n, "href").endswith(targets))
        found = (text(node) for node in (*self.find(f".{marked}"), *links))
        return next((words for words in found if words), None)

    def _neighbour(self, way: str) -> str | None:
        for box in self.every.find(*_NAVIGATION):
            for link in self.every.find(f".{way}", inside=box):
                return attribute(link, "href") or None
        return None

    def _native(self) -> str | None:
        for node in (self.parts[0], self.title):
            match = _POST_ID.match(attribute(node, "id"))
            if match:
                return match.group(1)
        for link in self.links(self.info):
            shown = _SHOWN_ID.match(text(link))
            if shown:
                return shown.group(1)
        if not self.is_alone:
            return None
        return next((number for _, number in comment_feeds(self.every) if number), None)

    @cached_property
    def _author(self) -> AuthorDraft | None:
        place = first(self.find(".post-author"))
        if place is not None:
            link = first(self.links(place))
            words = text(link) if link is not None else text(place).rstrip(" ,.")
            return AuthorDraft(text=words or None, href=attribute(link, "href") or None)
        byline = read(text(self.info))
        if byline is None or not byline.name or self.info is None:
            return None
        link = next((n for n in self.links(self.info) if text(n) == byline.name), None)
        return AuthorDraft(text=byline.name, href=attribute(link, "href") or None)

    def _published(self) -> DateDraft | None:
        stamps = (
            n for date in self.find(".post-date") for n in self.every.find("time", inside=date)
        )
        stamp = next(stamps, None)
        if stamp is not None:
            machine = attribute(stamp, "datetime")
            return DateDraft(text=text(stamp), machine=machine, source=Source.MACHINE)
        words = text(first(self.find(".post-date"))) or self._date_words()
        machine = next(iter(_META_DATE(self.page.tree)), "") if self.is_alone else ""
        if machine:
            return DateDraft(text=words, machine=machine, source=Source.MACHINE)
        return DateDraft(text=words) if words else None

    def _date_words(self) -> str | None:
        """The words of the line between the name and the category that follows it."""
        if self.info is None:
            return None
        name = (self._author.text if self._author is not None else None) or ""
        after = next((n for n in self.links(self.info) if text(n) != name), None)
        words = text_before(self.info, after)
        if not any(c.isdigit() for c in words):  # the category stands first
            words = text(self.info)
        return (words.partition(name)[2] if name else words).strip(" ,-:>") or words or None

    def _categories(self) -> tuple[str, ...]:
        stated = self._texts(".post-cat")
        if stated or self.info is None:
            return stated
        name = self._author.text if self._author is not None else None
        return tuple(
            text(link)
            for link in self.links(self.info)
            if text(link) != name
            and not _NO_CATEGORY.search(text(link))
            and resolve(self.page.base_url, attribute(link, "href")) != self.url
        )

    def _read_on(self) -> Node | None:
        """DotClear 1 ends an excerpt with a link to its own entry, inside the text."""
        for body in self.bodies:
            for link in _LAST_LINK(body):
                if resolve(self.page.base_url, attribute(link, "href")) == self.url:
                    return link
        return None


def _closed(every: Elements) -> bool | None:
    return not _has_form(every) if every.find(*_AREAS) else None
