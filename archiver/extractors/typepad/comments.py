"""Comments and trackbacks of TypePad: the standard layout by its ids, loose ones by bylines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft
from archiver.model import CommentKind, ParentGround
from archiver.nodes import attribute, css, first, has_class, text, text_before, xpath
from archiver.page import Page
from archiver.remarks import Discussion, discussion

_COMMENTS = xpath("//*[starts-with(@id,'comment-')][contains(@class,'comment')]")
_BODY = css(".comment-content")
_FOOTER = css(".comment-footer")
_HEADER = css(".comment-header")
_AVATAR = css(".comment-avatar img")
_PINGS = xpath("//div[contains(concat(' ',@class,' '),' trackback ')]")
_PING_FOOTER = css(".trackback-footer")
_PING_BODY = css(".trackback-content")
_LINKS = xpath("self::a[@href] | .//a[@href]")
_ID = re.compile(r"^comment-(6a[0-9a-f]{20,40}|\d+)$")
_PING_ID = re.compile(r"(?:ping|trackback)-(\w+)$")
_DATE_LINK = re.compile(r"cid=|#comment-|#c\w+$")
_CID = re.compile(r"[?&]cid=(\w+)")
_FRAGMENT = re.compile(r"#comment-(\w+)")
_ANSWERED = re.compile(r"#(?:comment-|c)(6a\w+|\d+)$")
_OWN_PROFILE = re.compile(r"profile\.typepad\.com/([\w-]+)")
_POSTED = re.compile(r"^\s*Posted by:?\s*")


def has_any(page: Page) -> bool:
    """Whether the page has comments in the standard layout."""
    return bool(_standard(page))


def drafts(page: Page, page_number: int | None) -> Iterator[CommentDraft]:
    """Comments in page order."""
    found = page.once(_standard)
    yield from (_comment(node, page_number) for node in found)
    if not found:
        yield from _loose(page, page_number)


def pings(page: Page) -> Iterator[CommentDraft]:
    """Trackbacks."""
    yield from (_ping(node) for node in _PINGS(page.tree))


def _standard(page: Page) -> list[Node]:
    """Comment boxes; the text inside carries an id of the same form, but no footer."""
    found = [n for n in _COMMENTS(page.tree) if _ID.match(attribute(n, "id"))]
    held = set(found)
    return [n for n in found if held.isdisjoint(n.iterancestors()) and (_BODY(n) or _FOOTER(n))]


def _comment(node: Node, page_number: int | None) -> CommentDraft:
    footer = first(_FOOTER(node))
    date = _date_link(footer) if footer is not None else None
    match = _ID.match(attribute(node, "id"))
    native = match.group(1) if match else None
    href = attribute(date, "href") or f"#comment-{native}"
    # "?cid=11719023#comment-6a00…": the query may keep the number of before 2008.
    named = {m.group(1) for m in (_CID.search(href), _FRAGMENT.search(href)) if m}
    parent = _parent(node, footer, native)
    return CommentDraft(
        native_id=native,
        other_ids=tuple(sorted(named - {native or ""})),
        permalink=href,
        author=_commenter(node, footer, date),
        is_post_author=True if has_class(node, "comment-by-owner") else None,
        published=_date(footer, date),
        body=first(_BODY(node)),
        parent=parent,
        parent_ground=ParentGround.EXPLICIT if parent else ParentGround.NONE,
        page_number=page_number,
        node=node,
    )


def _date_link(footer: Node) -> Node | None:
    links = [n for n in _LINKS(footer) if _DATE_LINK.search(attribute(n, "href"))]
    return links[-1] if links else None


def _commenter(node: Node, footer: Node | None, date: Node | None) -> AuthorDraft:
    avatar = first(_AVATAR(node))
    alt = attribute(avatar, "alt") or None
    profile = attribute(avatar, "at:flyout-userxid") or attribute(avatar, "flyout-userxid")
    if footer is None:
        return AuthorDraft(text=alt, profile_id=profile or None)
    link = next((n for n in _LINKS(footer) if n is not date), None)
    words = _POSTED.sub("", text_before(footer, date)).strip(" |")
    if date is None:
        words = words.rpartition("|")[0].strip(" |") or words
    own = _OWN_PROFILE.search(attribute(link, "href"))
    return AuthorDraft(
        text=text(link) or words or alt,
        href=attribute(link, "href") or None,
        title=attribute(link, "title") or None,
        profile_id=profile or (own.group(1) if own else None),
    )


def _date(footer: Node | None, date: Node | None) -> DateDraft | None:
    words = text(date) if date is not None else text(footer).rpartition("|")[2].strip()
    return DateDraft(text=words) if words else None


def _parent(node: Node, footer: Node | None, native: str | None) -> str | None:
    """Some blogs of 2009 and later name the answered comment in a header."""
    for place in (*_HEADER(node), *((footer,) if footer is not None else ())):
        for link in _LINKS(place):
            target = _ANSWERED.match(attribute(link, "href"))
            if target and target.group(1) != native:
                return target.group(1)
    return None


def _talk(page: Page) -> Discussion:
    return discussion(page.outline, page.bylines)


def _loose(page: Page, page_number: int | None) -> Iterator[CommentDraft]:
    """Layout of 2003-2007: anchor, loose paragraphs, then `p.posted` with name and date."""
    for remark in page.once(_talk).remarks:
        link, native = remark.byline.link, remark.native_id
        yield CommentDraft(
            native_id=native,
            permalink=f"#c{native}" if native else None,
            author=AuthorDraft(
                text=remark.byline.name,
                href=attribute(link, "href") or None,
                title=attribute(link, "title") or None,
            ),
            published=DateDraft(text=remark.byline.date),
            body=remark.html,
            page_number=page_number,
            node=remark.node,
        )


def _ping(node: Node) -> CommentDraft:
    footer, link = first(_PING_FOOTER(node)), first(_LINKS(node))
    native = _PING_ID.match(attribute(node, "id"))
    return CommentDraft(
        native_id=f"ping-{native.group(1)}" if native else None,
        kind=CommentKind.TRACKBACK,
        author=AuthorDraft(text=text(link) or None, href=attribute(link, "href") or None),
        published=DateDraft(text=text(footer)) if footer is not None else None,
        body=first(_PING_BODY(node)),
        node=node,
    )
