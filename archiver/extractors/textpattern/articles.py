"""Articles: in a box of their own, or loose between one title and the next."""

from __future__ import annotations

import re

from lxml.etree import _Element as Node

from archiver.bylines import read
from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.elements import Elements, elements
from archiver.model import Source
from archiver.nodes import attribute, following_siblings_until, has_class, text, text_before
from archiver.page import Page

_BOXES = ("article", ".hentry", ".post", ".article", ".entry")
_COMMENTS = (".comments", ".comments-list", ".commentlist")
_LOOSE_TITLES = (".entry-title", "itemprop=headline")
_HEADINGS = ("h1", "h2", "h3")
_TITLES = (*_LOOSE_TITLES, ".post-title", ".article-title", *_HEADINGS)
_BODY = (
    "itemprop=articleBody",
    ".entry-content",
    ".entry-body",
    ".article-body",
    ".post-content",
    ".post-body",
    ".entrytext",
    ".body",
    ".content",
)
_SUMMARY = (".entry-summary", "itemprop=description", ".excerpt")
_DATES = (".published", ".posted", ".date", ".postdate", ".post-date", ".entry-date")
_BYLINES = (".meta", ".byline", ".info", ".postmetadata", ".entry-meta", "small")
_AUTHORS = ("itemprop=author", "address", ".author", "rel=author")
_KEYWORDS = (".tags", "itemprop=keywords", ".category", ".categories", "rel=tag")
_COUNTS = (".comments_invite", "itemprop=interactionCount", "itemprop=discussionUrl")
_AREAS = (
    "#comments",
    "#comment",
    "#Comment",
    "#comments-head",
    "#comments-form",
    "form",
    *_COMMENTS,
)
_CLOSED = re.compile(
    r"commenting is (?:now )?closed"
    r"|comment(?:s|ing) (?:have|has|are) (?:now )?(?:expired|closed|turned off)"
    r"|commentaires (?:sont )?(?:fermés|clos)"
    r"|kommentar\w* (?:sind |ist )?(?:geschlossen|abgeschaltet)"
    r"|reacties zijn gesloten|comentarios (?:están )?cerrados",
    re.IGNORECASE,
)
_URL_ID = re.compile(r"[?&]id=(\d+)|/(\d+)/[^/]+/?$")


class Article:
    """One article of a page: its top nodes and its title."""

    def __init__(self, page: Page, parts: tuple[Node, ...], heading: Node) -> None:
        self.page, self.parts, self.heading = page, parts, heading
        self.box: Node | None = None  # the text alone, where the heading stands above it
        self.every: Elements = elements(page)
        self.linked = self.every.first("a", inside=heading)
        self.areas = tuple(self.every.among(parts, *_AREAS))

    def find(self, *names: str) -> list[Node]:
        """Elements in its parts, the parts themselves included; comments are no part of it."""
        found = self.every.among(self.parts, *names)
        return [n for n in found if not any(self.every.holds(area, n) for area in self.areas)]

    def _links(self, *names: str) -> list[Node]:
        boxes = self.find(*names)
        return [n for n in self.every.among(boxes, "a")]

    def draft(self, *, alone: bool) -> PostDraft:
        """The article as found."""
        bodies = tuple(self.every.outermost(self.find(*_BODY)))
        summary = next(iter(self.find(*_SUMMARY)), None) if not bodies else None
        marked = bodies or ((summary,) if summary is not None else ())
        whole = self.parts if self.box is None else (self.box,)
        return PostDraft(
            native_id=self._native(attribute(self.linked, "href"), alone=alone),
            url=attribute(self.linked, "href") or None,
            title=self._title(),
            authors=self._authors(),
            published=self._published(),
            body=marked or whole,
            exclude=tuple(self.find(".postmetadata")) if marked else self._surroundings(),
            categories=tuple(dict.fromkeys(text(link) for link in self._links(*_KEYWORDS))),
            comment_count=self._count(),
            count_includes_pings=False,
            comments_closed=self._closed() if alone else None,
            prev_url=self._neighbour("prev") if alone else None,
            next_url=self._neighbour("next") if alone else None,
            is_truncated=None if alone else summary is not None,
        )

    def _title(self) -> Node | str:
        """The heading, without the date that 4.0 printed in it."""
        marked = self.every.first(".permlink", inside=self.heading)
        if marked is not None:
            return text_before(self.heading, marked)
        return self.linked if self.linked is not None and _dated(self.heading) else self.heading

    def _surroundings(self) -> tuple[Node, ...]:
        """What stands in the box of an article without a body of its own."""
        around = self.find(*_DATES, *_BYLINES, *_COUNTS, *_AUTHORS, ".tags", ".divider")
        lines = (node.getparent() for node in self.find(*_COUNTS))  # "<p>Comment [3]</p>"
        short = (node for node in lines if node is not None and node.tag == "p")
        return (self.heading, *self.areas, *around, *short)

    def _native(self, href: str, *, alone: bool) -> str | None:
        for field in self.every.find("input") if alone else ():
            if field.get("name") == "parentid" and attribute(field, "value").isdigit():
                return attribute(field, "value")
        match = _URL_ID.search(self.page.url if alone else href)
        return (match.group(1) or match.group(2)) if match else None

    def _authors(self) -> tuple[AuthorDraft, ...]:
        for box in self.find(*_AUTHORS):
            named = self.every.first(".fn", "itemprop=name", inside=box)
            shown = named if named is not None else box
            link = box if box.tag == "a" else self.every.first("a", inside=box)
            if text(shown):
                return (AuthorDraft(text=text(shown), href=attribute(link, "href") or None),)
        for line in (*self.find(*_DATES, *_BYLINES), *self._lines_below()):
            byline = read(text(line))
            if byline is not None and byline.name and byline.is_explicit:
                link = next((n for n in line.iter("a") if text(n) == byline.name), None)
                return (AuthorDraft(text=byline.name, href=attribute(link, "href") or None),)
        byline = read(self._behind_title())
        return (AuthorDraft(text=byline.name),) if byline is not None and byline.name else ()

    def _lines_below(self) -> list[Node]:
        """Short lines behind a text that stands alone ("by NAME")."""
        if self.box is None:
            return []
        return [node for node in self.parts if node is not self.box and len(text(node)) < 80]

    def _behind_title(self) -> str:
        """What 4.0 printed behind the title in the same heading: "DATE by NAME"."""
        return _dated(self.heading).lstrip("· ")

    def _published(self) -> DateDraft | None:
        for stamp in self.find("time", ".published"):
            machine = attribute(stamp, "datetime") or attribute(stamp, "title")
            if machine:
                return DateDraft(text=text(stamp), machine=machine, source=Source.MACHINE)
        for words in (*map(text, self.find(*_DATES, *_BYLINES)), self._behind_title()):
            if any(c.isdigit() for c in words):
                byline = read(words)
                return DateDraft(text=(byline.date if byline is not None else None) or words)
        return None

    def _count(self) -> str | None:
        """Words such as "Comment [12]": the number stands inside the link or behind it."""
        for node in self.find(*_COUNTS):
            words = f"{text(node)} {(node.tail or '')[:12]}".strip()
            if any(c.isdigit() for c in words):
                return words
        return None

    def _neighbour(self, way: str) -> str | None:
        links = (attribute(node, "href") for node in self.every.find(f"rel={way}"))
        return next((href for href in links if href), None)

    def _closed(self) -> bool | None:
        """Comments without a form cannot be added to; popups keep the form elsewhere."""
        if has_form(self.every):
            return False
        return True if _says_closed(self.every) or self._has_section() else None

    def _has_section(self) -> bool:
        return bool(self.every.find("#comments-head", ".comments", ".comments-list"))


def articles(page: Page) -> list[Article]:
    """Articles in page order."""
    every = elements(page)
    comments = every.find(*_COMMENTS)
    boxes = every.find(*_BOXES, outside=comments)
    found = []
    for box in every.outermost(boxes):
        inner = next((n for n in _titles(every, box) if text(n)), None)
        above = _heading_above(box)
        is_first = inner is not None and inner is next(iter(box), None)
        if above is not None and not is_first and (inner is None or _is_linked(every, above)):
            found.append(_below(page, box, above))
        elif inner is not None:
            found.append(Article(page, (box,), inner))
    return found or [_loose(page, heading) for heading in _loose_headings(every)]


def _heading_above(box: Node) -> Node | None:
    above = next(box.itersiblings("*", preceding=True), None)
    return above if above is not None and above.tag in _HEADINGS and text(above) else None


def _is_linked(every: Elements, heading: Node) -> bool:
    return every.first("a", inside=heading) is not None


def _below(page: Page, box: Node, heading: Node) -> Article:
    """An article whose heading, and date above it, stand before its box."""
    every = elements(page)
    date = next(heading.itersiblings("*", preceding=True), None)
    is_date = date is not None and bool(every.among((date,), *_DATES))
    rest = following_siblings_until(heading, lambda node: _ends_article(every, node))
    parts = (heading, *rest) if date is None or not is_date else (date, heading, *rest)
    article = Article(page, parts, heading)
    article.box = box
    return article


def _loose_headings(every: Elements) -> list[Node]:
    """Headings of the default forms of 4.0, which put no box around an article."""
    headings = every.find(*_HEADINGS)
    return every.find(*_LOOSE_TITLES) or [node for node in headings if _is_old(every, node)]


def _is_old(every: Elements, heading: Node) -> bool:
    return every.first(".permlink", inside=heading) is not None or bool(_dated(heading))


def _dated(heading: Node) -> str:
    """The words behind the link of "<h3><a>TITLE</a> · DATE by NAME</h3>"; "" in other headings."""
    link = next(iter(heading), None)
    behind = ((link.tail if link is not None and link.tag == "a" else None) or "").strip()
    return behind if behind.startswith("·") else ""


def _titles(every: Elements, box: Node) -> list[Node]:
    marked = every.find(*_LOOSE_TITLES, inside=box)
    return [*marked, *every.find(*_TITLES, inside=box)]


def _loose(page: Page, heading: Node) -> Article:
    """An article without a box ends where the next title begins."""
    if heading.tag == "span":  # a list of titles, one a line
        line = heading.getparent()
        return Article(page, (line if line is not None else heading,), heading)
    every = elements(page)
    rest = following_siblings_until(heading, lambda node: _ends_article(every, node))
    return Article(page, (heading, *rest), heading)


def _ends_article(every: Elements, node: Node) -> bool:
    return (
        has_class(node, "entry-title", "divider", "comments", "commentlist", "comments-list")
        or attribute(node, "id").lower() in ("comment", "comments", "comments-head", "cpreview")
        or node.tag == "form"
        or (node.tag in _HEADINGS and _is_old(every, node))
    )


def has_form(every: Elements) -> bool:
    """Whether readers can comment here."""
    return bool(every.find("#txpCommentInputForm", ".txpCommentInputForm"))


def is_single(every: Elements, found: list[Article]) -> bool:
    """Whether the one article is the subject of the page: its title is the first heading."""
    if len(found) != 1:
        return False
    heading = found[0].heading
    is_plain = found[0].linked is None
    is_main = heading.tag == "h1" and (is_plain or has_class(heading, "entry-title"))
    return is_main or _says_closed(every)


def _says_closed(every: Elements) -> bool:
    notes = (text(node) for node in every.find("p") if len(node) < 3)
    return any(len(note) < 120 and _CLOSED.search(note) for note in notes)
