"""Nodes as posts: title, submitted line or RDFa, body without the links that Drupal adds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.elements import Elements, elements
from archiver.extractors.drupal.facts import Facts
from archiver.extractors.drupal.people import named_in, people, stated_when, worded_when
from archiver.nodes import attribute, classes, has_class, text
from archiver.page import Page

_BOX_TAGS = frozenset({"div", "article", "li", "section"})
_TITLE = ("h1", "h2", "h3", ".node-title", ".node__title")
_PAGE_TITLE = ("#page-title", ".page-title", ".page__title")
_SUBMITTED = (
    ".submitted",
    ".node__submitted",
    ".node__meta",
    ".node-submitted",
    ".meta",
    ".byline",
    ".node__author",
    ".author__submitted",
    ".author",
)
_FIELD_BODY = (".field-name-body", ".field--name-body", ".field-type-text-with-summary")
_CONTENT = (".node__content", ".node-content", ".content")
_COMMENTS = ("#comments", ".comment-wrapper", ".comments", ".comment", ".js-comment")
_JUNK = (
    *_COMMENTS,
    ".links",
    ".link-wrapper",
    ".submitted",
    ".node__meta",
    ".terms",
    ".taxonomy",
    ".picture",
    ".user-picture",
    ".field-type-taxonomy-term-reference",
    ".field--name-field-tags",
    ".node-links",
    ".node__links",
    ".service-links",
    ".fivestar-static-form-item",
    ".rate-widget",
    ".book-navigation",
    ".addtoany_list",
    ".field-label",
    ".field__label",
    "form",
    ".comment-count",
    ".node-readmore",
    ".more-link",
)
_TAG_BOXES = (
    ".terms",
    ".taxonomy",
    ".field-type-taxonomy-term-reference",
    ".field--name-field-tags",
    ".node__tags",
)
_STATED_COUNTS = ("property=sioc:num_replies", "property=schema:interactionCount")
_COUNTS = (".comment_comments", ".comment-comments", ".comment-count")
_MORE = (".node_read_more", ".node-readmore", ".read-more", ".more-link")
_CLOSED = re.compile(
    r"comments? (?:are|is|have been) (?:now )?closed|commenting (?:is|has been) closed"
    r"|kommentar\w* (?:sind |ist |wurden? )?(?:geschlossen|deaktiviert)"
    r"|commentaires (?:sont )?fermés|comentarios (?:est[aá]n )?cerrados",
    re.IGNORECASE,
)
_ID = re.compile(r"^node-(\d+)$")
_ABOUT = re.compile(r"/node/(\d+)$")
_SITE_BOXES = frozenset({"header", "branding", "masthead", "name-and-slogan"})
_SIDE = re.compile(r"^(?:l-|layout-|region-)*(?:sidebar|footer|aside)(?:[-_]\w+)*$")
_MAIN_BLOCK = re.compile(r"system-main|main-?page|-content$")


class Entry:
    """One node of a page."""

    def __init__(self, page: Page, box: Node) -> None:
        self.page, self.box = page, box
        self.every: Elements = elements(page)
        inner = self.every.find(".node", *_COMMENTS, inside=box)
        self.foreign = tuple(self.every.outermost(inner))

    def draft(self, facts: Facts) -> PostDraft:
        """The node as found."""
        single = facts.is_single
        title = self._title(single=single)
        more = self._link(*_MORE)
        body = self._body()
        return PostDraft(
            native_id=self._native() or (facts.number if single else None),
            url=None if single else self._address(title, more),
            title=title,
            authors=self._authors(),
            published=self._published(),
            body=body or None,
            exclude=(*self._find(*_JUNK), *self.foreign, *((title,) if title is not None else ())),
            tags=self._tags(),
            comment_count=self._count(single=single),
            count_includes_pings=False,
            comments_closed=_closed(self.every) if single else None,
            kind="page" if has_class(self.box, "node-page", "node--type-page") else "entry",
            is_truncated=True if more is not None and not single else None,
        )

    def _find(self, *names: str) -> list[Node]:
        """Elements of the node, without those of nodes and comments inside it."""
        return self.every.find(*names, inside=self.box, outside=self.foreign)

    def _link(self, *names: str) -> Node | None:
        """The first link in, or at, an element of the node."""
        for node in self._find(*names):
            if node.tag == "a":
                return node
            link = self.every.first("a", inside=node)
            if link is not None:
                return link
        return None

    def _title(self, *, single: bool) -> Node | None:
        own = next((node for node in self._find(*_TITLE) if text(node)), None)
        if not single or (own is not None and _is_title(own)):
            return own
        above = self._page_title()
        return above if above is not None else own

    def _page_title(self) -> Node | None:
        """The title above the node; Garland gives it neither a class nor an <h1>."""
        heads = (*self.every.find(*_PAGE_TITLE), *self.every.find("h1", "h2"))
        shown = [n for n in heads if text(n) and not _is_site(n) and not self._holds(n)]
        marked = next((node for node in shown if _is_title(node)), None)
        if marked is not None:
            return marked
        document = text(self.every.first("title"))
        named = next((node for node in shown if document.startswith(text(node))), None)
        return named if named is not None else next((n for n in shown if n.tag == "h1"), None)

    def _holds(self, node: Node) -> bool:
        return self.every.holds(self.box, node)

    def _address(self, title: Node | None, more: Node | None) -> str | None:
        linked = self.every.first("a", inside=title) if title is not None else None
        above = title.getparent() if title is not None else None
        around = above if above is not None and above.tag == "a" else None
        marked = self._link("rel=bookmark")
        links = (attribute(node, "href") for node in (linked, around, marked, more))
        return next((href for href in links if href), None) or self.box.get("about")

    def _native(self) -> str | None:
        own = _ID.match(attribute(self.box, "id"))
        stated = own or _ABOUT.search(attribute(self.box, "about"))
        return stated.group(1) if stated else self.box.get("data-history-node-id")

    @cached_property
    def _lines(self) -> list[Node]:
        return self._find(*_SUBMITTED)

    def _authors(self) -> tuple[AuthorDraft, ...]:
        for line in self._lines:
            found = people(self.every, line, self.foreign)
            if found:
                return found
        stated = next((author for line in self._lines if (author := named_in(line))), None)
        if stated is not None:
            return (stated,)
        bodies = tuple(self._body())
        return people(self.every, self.box, (*self.foreign, *bodies))[:1]

    def _published(self) -> DateDraft | None:
        for line in (*self._lines, self.box):
            date = stated_when(self.every, line, self.foreign)
            if date is not None:
                return date
        return next((date for line in self._lines if (date := worded_when(line))), None)

    def _body(self) -> tuple[Node, ...]:
        """The content box, pictures and all; the body field where blocks lay the node out."""
        content = next(iter(self._find(*_CONTENT)), None)
        fields = [node for node in self._find(*_FIELD_BODY) if not self._is_foreign(node)]
        if fields and (content is None or next(self._blocks(fields[0]), None) is not None):
            return tuple(fields)
        return (content,) if content is not None else ()

    def _blocks(self, field: Node) -> Iterator[Node]:
        """The layout blocks between a field and its node, innermost first."""
        for above in field.iterancestors():
            if above is self.box:
                return
            if has_class(above, "block", "layout"):
                yield above

    def _is_foreign(self, field: Node) -> bool:
        """A body field of something else that the layout shows beside the node."""
        block = next((node for node in self._blocks(field) if has_class(node, "block")), None)
        return block is not None and not any("field-block" in name for name in classes(block))

    def _tags(self) -> tuple[str, ...]:
        boxed = [a for box in self._find(*_TAG_BOXES) for a in self.every.find("a", inside=box)]
        marked = self._find("rel=tag", "property=dc:subject")
        return tuple(dict.fromkeys(text(node) for node in (*boxed, *marked) if text(node)))

    def _count(self, *, single: bool) -> str | None:
        for said in (attribute(node, "content") for node in self._find(*_STATED_COUNTS)):
            return said.removeprefix("UserComments:")
        heads: list[Node] = []
        for comments in self.every.find("#comments", ".comments__count") if single else ():
            heads += self.every.find("h2", inside=comments)[:1]
        words = (text(node) for node in (*heads, *self._find(*_COUNTS)))
        return next((said for said in words if any(c.isdigit() for c in said)), None)


def entries(page: Page) -> list[Entry]:
    """The nodes of the main region, outermost ones."""
    every = elements(page)
    nodes = (box for box in every.find(".node") if box.tag in _BOX_TAGS and not _is_aside(box))
    return [Entry(page, box) for box in every.outermost(nodes)]


def _is_aside(box: Node) -> bool:
    """Whether a node is shown in a sidebar, a footer or a block of its own."""
    for above in box.iterancestors():
        if above.tag in ("body", "html"):
            return False
        names = [*classes(above), above.get("id") or ""]
        if above.tag == "aside" or any(_SIDE.match(name) for name in names):
            return True
        if "block" in names and not any(_MAIN_BLOCK.search(name) for name in names):
            return True
    return False


def _is_title(node: Node) -> bool:
    parent = node.getparent()
    return any(
        "title" in name for part in (node, parent) if part is not None for name in classes(part)
    )


def _is_site(node: Node) -> bool:
    """Whether a heading is the site's name, or stands with it."""
    parts = (node, *node.iterancestors())
    names = [name for part in parts for name in (part.get("id") or "", *classes(part))]
    return any(name in _SITE_BOXES or name.startswith(("site-", "logo")) for name in names)


def _closed(every: Elements) -> bool | None:
    """Whether the page says so; without the form readers may only have to log in."""
    if every.find("#comment-form", ".comment-form"):
        return False
    area = every.first("#comments", ".comment-wrapper")
    notes = every.find("p", "div", "span", "em", inside=area) if area is not None else []
    short = (text(node) for node in notes if not len(node))
    return True if any(len(said) < 80 and _CLOSED.search(said) for said in short) else None
