"""Entries of Movable Type's own templates: 2.x by `.blogbody`, 3.x `.entry`, 4+ `.asset`."""

from __future__ import annotations

import re

from lxml.etree import _Element as Node

from archiver.bylines import Byline, inside
from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.model import Source
from archiver.nodes import Select, attribute, css, first, text, xpath
from archiver.page import Page

# MT 4+: .asset; 3.2: .entry; 2.x: .blogbody. The outermost counts.
_ENTRIES = css(
    "div.asset, div.entry-asset, div.entry[id^=entry-], div.blogbody, article.entry-asset"
)
_TITLE = css(
    ".asset-name, .entry-title, h2#archive-title, h3.entry-header, h1#page-title, h3.title"
)
_PAGE_TITLE = css("h1#page-title, h2#archive-title")
_HEADINGS = xpath(".//h1 | .//h2 | .//h3")
_BODY = css(".asset-body, .asset-more, .entry-body, .entry-more")
_CONTENT = css(".asset-content, .entry-content")
_META = css(
    ".asset-meta .byline, .entry-footer .post-footers, .post-footers, .posted, p.entry-footer"
)
_ABBR = css("abbr.published, time.published, time[datetime]")
_VCARD = css(".vcard.author, .author .fn")
_DAYS = xpath(
    "//*[contains(concat(' ',@class,' '),' date-header ')]"
    " | //h2[contains(concat(' ',@class,' '),' date ')]"
)
_CATEGORIES = css(".entry-categories a, li.entry-category a, a[rel~=category]")
_TAGS = css(".entry-tags a[rel~=tag], li.entry-tag a")
_SHARED = css(".asset-footer, .entry-footer, .posted, .entry-tags, .entry-categories, .asset-meta")
_COUNT = css(
    "h2.comments-header, h3.comments-header, .comments-header h2, h2#comments, .comments-header"
)
_COUNT_LINK = xpath(".//a[contains(@href,'#comments') or contains(@href,'entry_id=')]")
_PREV = css("link[rel=prev], link[rel=previous]")
_NEXT = css("link[rel=next]")
_NAV = css(".content-nav a, #menu a")
_FORM = css("form[name=comments_form], #comments-form, #comments-open, #comment-form")
_PERMALINK = css("a.permalink, a[rel~=bookmark]")
_LINKS = xpath("self::a[@href] | .//a[@href]")
_ENTRY_ID = re.compile(r"^(?:entry|asset)-(\d+)$")
_NUMBERED = re.compile(r"/0*(\d{1,6})\.(?:html?|php|shtml)$")
_ANCHOR = re.compile(r"^(?:a|p)?0*(\d+)$")


def entries(page: Page) -> list[Node]:
    """Outermost entry boxes of the page."""
    found = _ENTRIES(page.tree)
    held = set(found)
    return [node for node in found if not held.intersection(node.iterancestors())]


def number_in(url: str) -> str | None:
    """The entry's number in an address such as "/archives/000123.html"."""
    match = _NUMBERED.search(url)
    return match.group(1) if match else None


def draft(page: Page, entry: Node, *, alone: bool) -> PostDraft:
    """One entry as found; `alone` on its own page."""
    title = _title(page, entry, alone=alone)
    body = tuple(_BODY(entry)) or tuple(_CONTENT(entry)) or (entry,)
    card, stamp = first(_VCARD(entry)), first(_ABBR(entry))
    byline = _meta(page, entry) if card is None or stamp is None else None
    count = _COUNT(page.tree) if alone else _COUNT_LINK(entry)
    return PostDraft(
        native_id=_native(page, entry, alone=alone),
        url=None if alone else _permalink(entry, title),
        title=title,
        authors=_authors(card, byline),
        published=_published(page, entry, stamp, byline),
        body=body,
        exclude=(*_SHARED(entry), *((title,) if title is not None else ())),
        categories=tuple(text(n) for n in _CATEGORIES(entry)),
        tags=tuple(text(n) for n in _TAGS(entry)),
        comment_count=_count_words(count),
        count_includes_pings=False,
        prev_url=_neighbour(page, _PREV, "«") if alone else None,
        next_url=_neighbour(page, _NEXT, "»") if alone else None,
        comments_closed=True if alone and _COUNT(page.tree) and not _FORM(page.tree) else None,
        is_truncated=None if alone else _is_cut(entry),
    )


def author(byline: Byline) -> AuthorDraft:
    """The person whom a byline names; MT's redirectors keep the address in the link's title."""
    return AuthorDraft(
        text=byline.name or None,
        href=attribute(byline.link, "href") or None,
        title=attribute(byline.link, "title") or None,
    )


def _title(page: Page, entry: Node, *, alone: bool) -> Node | None:
    named = _TITLE(entry) or (_PAGE_TITLE(page.tree) if alone else [])
    if named:
        return named[0]
    body = {node for part in (*_BODY(entry), *_CONTENT(entry)) for node in part.iter()}
    return first([n for n in _HEADINGS(entry) if n not in body and text(n)])


def _permalink(entry: Node, title: Node | None) -> str | None:
    linked = first(_LINKS(title)) if title is not None else None
    named = first(_PERMALINK(entry))
    address = attribute(named, "href") or attribute(linked, "href")
    if address:
        return address
    # Other templates link the time, or "Comments (3)", to the entry's page.
    others = [n for line in _META(entry) for n in _LINKS(line)] + _COUNT_LINK(entry)
    hrefs = (attribute(node, "href") for node in others)
    return next((h.removesuffix("#comments") for h in hrefs if ".cgi" not in h), None)


def _neighbour(page: Page, select: Select, mark: str) -> str | None:
    """The address of the entry before or after, from the head or the navigation line."""
    stated = first(select(page.tree))
    if stated is None:
        stated = next((n for n in _NAV(page.tree) if mark in text(n)), None)
    return attribute(stated, "href") or None


def _native(page: Page, entry: Node, *, alone: bool) -> str | None:
    match = _ENTRY_ID.match(attribute(entry, "id"))
    if match:
        return match.group(1)
    if alone:
        return number_in(page.url)
    for anchor in entry.iter("a"):
        match = _ANCHOR.match(attribute(anchor, "name"))
        if match:
            return match.group(1)
    return None


def _meta(page: Page, entry: Node) -> Byline | None:
    for node in (*_META(entry), entry):
        found = [b for b in inside(page.bylines, page.outline, node) if b.is_explicit or b.date]
        if found:
            return found[-1] if node is entry else found[0]
    return None


def _authors(card: Node | None, byline: Byline | None) -> tuple[AuthorDraft, ...]:
    if card is not None:
        link = first(_LINKS(card))
        return (AuthorDraft(text=text(card), href=attribute(link, "href") or None),)
    return (author(byline),) if byline is not None and byline.name and byline.is_explicit else ()


def _days(page: Page) -> dict[Node, Node]:
    """The date header before each entry; the axis `preceding` would walk the page for every one."""
    boxes = set(page.once(entries))
    around = {node for box in boxes for node in box.iterancestors()}
    headers = set(_DAYS(page.tree)) - around
    found: dict[Node, Node] = {}
    day: Node | None = None
    for node in page.tree.iter() if headers else ():
        if node in headers:
            day = node
        elif day is not None and node in boxes:
            found[node] = day
    return found


def _published(
    page: Page, entry: Node, stamp: Node | None, byline: Byline | None
) -> DateDraft | None:
    day = text(page.once(_days).get(entry)) or None
    if stamp is not None:
        machine = attribute(stamp, "title") or attribute(stamp, "datetime")
        return DateDraft(text=text(stamp), machine=machine or None, source=Source.MACHINE)
    words = byline.date if byline is not None and byline.date else text(first(_META(entry)))
    if not words and day is None:
        return None
    return DateDraft(text=words or None, day_text=day)


def _count_words(found: list[Node]) -> str | None:
    counted = (text(node) for node in found)
    return next((words for words in counted if any(c.isdigit() for c in words)), None)


def _is_cut(entry: Node) -> bool:
    """Whether a listing shows only the beginning; MT links the rest to #more."""
    return any("#more" in attribute(node, "href") for node in _LINKS(entry))
