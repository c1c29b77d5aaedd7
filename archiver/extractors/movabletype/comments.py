"""Comments and TrackBacks of Movable Type's own templates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element as Node

from archiver.bylines import Byline, inside
from archiver.drafts import AuthorDraft, CommentDraft, DateDraft
from archiver.extractors.movabletype.posts import author
from archiver.model import CommentKind, ParentGround, Source
from archiver.nodes import attribute, css, first, text, xpath
from archiver.page import Page

_COMMENTS = xpath("//*[starts-with(@id,'comment-')][contains(@class,'comment')]")
_BODY = css(".comment-content")
_FOOTER = css("p.comment-footer, .comment-footer")
_HEADER = css(".comment-header")
_ABBR = css("abbr.published, time.published, time[datetime]")
_VCARD = css(".vcard.author, .author .fn")
_OLD = xpath("//*[contains(concat(' ',@class,' '),' comments-body ')]")
_OLD_BYLINE = css(".comments-post")
_PINGS = xpath("//*[starts-with(@id,'ping-') and translate(substring(@id,6),'0123456789','')='']")
_PING_BODY = css(".trackback-content")
_LINKS = xpath("self::a[@href] | .//a[@href]")
_ID = re.compile(r"^comment-(\d+)$")
_ANCHOR = re.compile(r"c0*(\d+)$")
_PARENT = re.compile(r"#comment-(\d+)$")
_POSTED = re.compile(r"^\W*(?:posted\s+)?by:?\s*", re.IGNORECASE)
_TRACKED = re.compile(r"Tracked (?:on:?|by)\s*(.+)$|\bon\s+(\w+ +\d.+)$")


def has_marked(page: Page) -> bool:
    """Whether the page has comments in any of the known markups."""
    return bool(page.once(_modern) or page.once(_classic))


def marked(page: Page) -> Iterator[CommentDraft]:
    """Comments whose markup is known: 3.2 and later by ids, 2.x by classes."""
    modern = page.once(_modern)
    yield from (_comment(page, node) for node in modern)
    if not modern:
        yield from (_old_comment(page, node) for node in page.once(_classic))


def pings(page: Page) -> Iterator[CommentDraft]:
    """TrackBacks; their ids share no numbers with comments."""
    for node in _PINGS(page.tree):
        yield _ping(page, node)


def _modern(page: Page) -> list[Node]:
    """Comment boxes; "comment-author" and the like are fields of the form."""
    return [n for n in _COMMENTS(page.tree) if _ID.match(attribute(n, "id")) and _BODY(n)]


def _classic(page: Page) -> list[Node]:
    """Boxes with a byline: the form of 2.x stands in a box of the same class."""
    return [node for node in _OLD(page.tree) if _OLD_BYLINE(node)]


def _comment(page: Page, node: Node) -> CommentDraft:
    native = _ID.match(attribute(node, "id"))
    parent = _parent(node)
    return CommentDraft(
        native_id=native.group(1) if native else None,
        permalink=f"#{attribute(node, 'id')}",
        author=_commenter(page, node),
        published=_date(page, node),
        body=first(_BODY(node)),
        parent=parent,
        parent_ground=ParentGround.EXPLICIT if parent else ParentGround.NONE,
        node=node,
    )


def _byline(page: Page, node: Node) -> Byline | None:
    found = inside(page.bylines, page.outline, node)
    body = first(_BODY(node))
    held = inside(page.bylines, page.outline, body) if body is not None else []
    return next((b for b in found if b not in held and b.name), None)


def _commenter(page: Page, node: Node) -> AuthorDraft:
    card = first(_VCARD(node))
    byline = _byline(page, node)
    if card is not None:
        words, place = text(card), card
    elif byline is not None:
        words, place = byline.name, byline.last.box
    else:
        header = first(_HEADER(node))
        words, place = text(header).rstrip(":"), header if header is not None else node
    link = next((a for a in _LINKS(place) if _names_person(a)), None)
    if link is None and byline is not None:
        link = byline.link
    return AuthorDraft(
        text=_POSTED.sub("", words) or None,
        href=attribute(link, "href") or None,
        title=attribute(link, "title") or None,
    )


def _names_person(link: Node) -> bool:
    href = attribute(link, "href")
    return not href.startswith("#") and "#c" not in href


def _date(page: Page, node: Node) -> DateDraft | None:
    stamp = first(_ABBR(node))
    if stamp is not None:
        machine = attribute(stamp, "title") or attribute(stamp, "datetime")
        return DateDraft(text=text(stamp), machine=machine or None, source=Source.MACHINE)
    byline = _byline(page, node)
    words = (byline.date if byline else "") or text(first(_FOOTER(node)))
    return DateDraft(text=words) if words else None


def _parent(node: Node) -> str | None:
    """MT 4.1+: "X replied to <a href="#comment-P">comment from Y</a>"."""
    header = first(_HEADER(node))
    own = _ID.match(attribute(node, "id"))
    for link in _LINKS(header) if header is not None else ():
        target = _PARENT.search(attribute(link, "href"))
        if target and (own is None or target.group(1) != own.group(1)):
            return target.group(1)
    return None


def _old_comment(page: Page, node: Node) -> CommentDraft:
    line = _OLD_BYLINE(node)[-1]
    byline = next(iter(inside(page.bylines, page.outline, line)), None)
    return CommentDraft(
        author=author(byline) if byline else AuthorDraft(text=_POSTED.sub("", text(line)) or None),
        published=DateDraft(text=byline.date if byline and byline.date else text(line)),
        body=node,
        exclude=(line,),
        node=node,
        native_id=_near_anchor(node),
    )


def _near_anchor(node: Node) -> str | None:
    above = node.getprevious()
    for anchor in (*node.iter("a"), *((above,) if above is not None else ())):
        match = _ANCHOR.match(attribute(anchor, "name") or attribute(anchor, "id"))
        if match:
            return match.group(1)
    return None


def _ping(page: Page, node: Node) -> CommentDraft:
    """ "TITLE from BLOG on DATE", or "» TITLE from BLOG", the excerpt, and "Tracked on DATE"."""
    link, stamp = first(_LINKS(node)), first(_ABBR(node))
    tracked = _TRACKED.search(text(node))
    words = next((part for part in tracked.groups() if part), None) if tracked else None
    machine = attribute(stamp, "title") or None
    dated = words or text(stamp) or None
    return CommentDraft(
        native_id=attribute(node, "id"),
        kind=CommentKind.TRACKBACK,
        subject=text(link) or None,
        author=AuthorDraft(text=_pinging_blog(node, link), href=attribute(link, "href") or None),
        published=DateDraft(text=dated, machine=machine, source=Source.MACHINE)
        if dated or machine
        else None,
        body=_excerpt(page, node, link),
        node=node,
    )


def _pinging_blog(node: Node, link: Node | None) -> str | None:
    card = first(_VCARD(node))
    if card is not None:
        return text(card)
    tail = " ".join((link.tail or "").split()) if link is not None else ""
    return tail.partition(" ")[2] or text(link) or None  # "from BLOG", in any language


def _excerpt(page: Page, node: Node, link: Node | None) -> str | None:
    """The lines below the title's, without the link that repeats its address."""
    content = first(_PING_BODY(node))
    if content is None:
        return None
    outline = page.outline
    start, end = outline.start[content], outline.end[content]
    inside = [n for n in outline.lines if start <= n.start and n.end <= end]
    if inside and link is not None and link in inside[0].anchors and len(inside) > 1:
        start = inside[0].end
    again = [n for n in _LINKS(content) if link is None or n.get("href") == link.get("href")]
    if again and outline.start[again[-1]] > start:
        end = outline.start[again[-1]]
    return outline.html(start, end).rstrip(" [") or None
