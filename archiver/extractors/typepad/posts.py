"""Entries of TypePad's templates."""

from __future__ import annotations

import re

from lxml.etree import _Element as Node

from archiver.bylines import Byline, inside, read
from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.nodes import attribute, classes, css, first, has_class, text, xpath
from archiver.page import Page
from archiver.remarks import says_closed

_ENTRIES = xpath(
    "//*[self::div or self::article][contains(concat(' ',normalize-space(@class),' '),' entry ')]"
    "[starts-with(@id,'entry-') or .//*[contains(@class,'entry-header')]]"
)
_LOOSE_TITLE = xpath("//h3[contains(@class,'entry-header')]")
_TITLE = css("h1.entry-header, h2.entry-header, h3.entry-header, .entry-title, .entry-header")
_HEADINGS = xpath(".//h1 | .//h2 | .//h3")
_BODY = css(".entry-body, .entry-more")
_CONTENT = css(".entry-content")
_FOOTER = css(".post-footers, .entry-footer-info, .posted, p.entry-footer")
_DAY = xpath("preceding::*[contains(concat(' ',@class,' '),' date-header ')][1]")
_STAMP = css(".date_time, .entry-date, .entry-meta, .byline, .dateline")
_PERMALINK = css("a.permalink")
_REL_AUTHOR = css("a[rel~=author]")
_TAGS = css(".entry-tags a, a[rel~=tag]")
_COUNT = css("a.entry-comments, .comments-link")
_SHARED = css(".entry-footer, .entry-footer-share, .post-footers, .social, .entry-tags")
_CLOSED = css("p.comments-closed")
_NAV = css("p.content-nav a, .content-nav a")
_LINKS = xpath("self::a[@href] | .//a[@href]")
_ID = re.compile(r"^entry-(6a[0-9a-f]{20,40}|\d+)$")
_AUTHOR_CLASS = "entry-author-"
_NO_CATEGORY = re.compile(r"#|\.html$|profile\.typepad|/trackback")
_NO_CATEGORY_CLASSES = {"permalink", "entry-comments", "trackbacks", "entry-trackbacks"}


def entries(page: Page) -> list[Node]:
    """Entry containers; in custom templates the parents of the entry headers."""
    found = [node for node in _ENTRIES(page.tree) if not _is_inside_entry(node)]
    if found:
        return found
    parents = [node.getparent() for node in _LOOSE_TITLE(page.tree)]
    return [node for node in parents if node is not None and _CONTENT(node)]


def _is_inside_entry(node: Node) -> bool:
    return any(has_class(above, "entry") for above in node.iterancestors())


def draft(page: Page, entry: Node, *, alone: bool) -> PostDraft:
    """One entry as found; `alone` on its own page."""
    title = _title(entry)
    permalink = first(_PERMALINK(entry))
    linked = first(_LINKS(title)) if title is not None else None
    href = attribute(permalink, "href") or attribute(linked, "href")
    native = _ID.match(attribute(entry, "id"))
    return PostDraft(
        native_id=native.group(1) if native else None,
        url=(href or None) if not alone or permalink is not None else None,
        title=title,
        authors=_authors(page, entry),
        published=_published(page, entry),
        # The basic template has no box for the text: it stands between title and footer.
        body=tuple(_BODY(entry)) or tuple(_CONTENT(entry)) or (entry,),
        exclude=(*_SHARED(entry), *_FOOTER(entry), *((title,) if title is not None else ())),
        categories=_categories(entry),
        tags=tuple(text(node) for node in _TAGS(entry)),
        comment_count=text(first(_COUNT(entry))) or None,
        comments_closed=_closed(page) if alone else None,
        prev_url=_neighbour(page, "prev") if alone else None,
        next_url=_neighbour(page, "next") if alone else None,
        kind="page" if has_class(entry, "entry-type-page") else "entry",
        is_truncated=None if alone else _has_more(entry),
    )


def _title(entry: Node) -> Node | None:
    named = first(_TITLE(entry))
    if named is not None:
        return named
    content = set(_CONTENT(entry))
    outside = [n for n in _HEADINGS(entry) if not content.intersection(n.iterancestors())]
    return first(outside)


def _footer(entry: Node) -> Node | None:
    return first(_FOOTER(entry))


def _byline(page: Page, entry: Node) -> Byline | None:
    """The byline of the entry's footer or meta line, else of the entry outside its text."""
    for place in (*_FOOTER(entry), *_STAMP(entry)):
        found = inside(page.bylines, page.outline, place)
        if found:
            return found[0]
    body = [b for part in _CONTENT(entry) for b in inside(page.bylines, page.outline, part)]
    return next((b for b in inside(page.bylines, page.outline, entry) if b not in body), None)


def _authors(page: Page, entry: Node) -> tuple[AuthorDraft, ...]:
    stated = _REL_AUTHOR(entry)
    if stated:
        return tuple(AuthorDraft(text=text(n), href=attribute(n, "href")) for n in stated)
    byline = _byline(page, entry)
    if byline is not None and byline.name and byline.is_explicit:
        return (AuthorDraft(text=byline.name, href=attribute(byline.link, "href") or None),)
    lines = (read(text(node)) for node in entry.iter("span", "p") if len(text(node)) < 60)
    said = next((line.name for line in lines if line and line.is_explicit and line.name), None)
    if said:
        return (AuthorDraft(text=said),)
    slug = next((c for c in classes(entry) if c.startswith(_AUTHOR_CLASS)), None)
    return (AuthorDraft(text=slug.removeprefix(_AUTHOR_CLASS).replace("_", " ")),) if slug else ()


def _published(page: Page, entry: Node) -> DateDraft | None:
    day = text(first(_DAY(entry))) or None
    footer = _footer(entry)
    words = text(footer) if footer is not None else text(first(_STAMP(entry)))
    if not words and day is None:
        byline = _byline(page, entry)
        words = byline.date if byline is not None else ""
    return DateDraft(text=words or None, day_text=day) if words or day else None


def _categories(entry: Node) -> tuple[str, ...]:
    footer = _footer(entry)
    return tuple(
        text(node)
        for node in (_LINKS(footer) if footer is not None else ())
        if _NO_CATEGORY_CLASSES.isdisjoint(classes(node))
        and "author" not in attribute(node, "rel")
        and not _NO_CATEGORY.search(attribute(node, "href"))
    )


def _closed(page: Page) -> bool | None:
    return True if _CLOSED(page.tree) or says_closed(page.outline) else None


def _neighbour(page: Page, way: str) -> str | None:
    mark = {"prev": "«", "next": "»"}[way]
    for node in _NAV(page.tree):
        if f"content-nav-{way}" in classes(node) or mark in text(node):
            return attribute(node, "href")
    return None


def _has_more(entry: Node) -> bool:
    return any(
        has_class(node, "more", "entry-more-link", "extended") or text(node).startswith("Continue ")
        for node in entry.iter("p", "span", "a")
    )
