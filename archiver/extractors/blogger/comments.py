"""Comments of Blogger pages: threaded lists, `dl` blocks and the classic `dl`.

The element that carries `c<ID>` moved over the years, so it is the id that is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft
from archiver.model import ParentGround, Source, Visibility
from archiver.nodes import attribute, css, first, has_class, text, xpath
from archiver.page import Page

_BLOCK = css("dl#comments-block, #comment-holder, #comments .comment-thread")
_FIRST_DL = css("dl#comments-block")
_THREADED = xpath(
    "//*[starts-with(@id,'c') and translate(substring(@id,2),'0123456789','')=''"
    " and string-length(@id)>5][.//*[contains(concat(' ',@class,' '),' comment-content ')]]"
)
_NAME = css("cite.user, .comment-author, .user")
_DATE = css(".datetime a, .comment-timestamp a")
_DATE_WORDS = css(".datetime, .comment-timestamp")
_CONTENT = css(".comment-content")
_REMOVED = css(".deleted-comment")
_OWNER = css(".blog-author")
_LINKS = xpath(".//a[@href]")
_ID = re.compile(r"^(?:comment-|c)(\d+)$")
_EPOCH = re.compile(r"showComment=(\d{13})")
_PARENTS = re.compile(r"'id':\s*'(\d+)'(?:(?!'id':).)*?'parentId':\s*'(\d+)'", re.S)
_SAID = re.compile(
    r"\s*(?:said|dijo|hat gesagt|a dit|ha detto|disse|zei|sagt|schreef|skrev|mówi)?"
    r"\s*(?:\.\.\.|…|:)\s*$",
    re.IGNORECASE,
)
_BLOGGER_PROFILE = re.compile(r"/profile/(\d+)")


def has_block(tree: Node) -> bool:
    """Whether the page has a comment block as only Blogger writes it."""
    return bool(_BLOCK(tree))


def drafts(page: Page, page_number: int | None) -> Iterator[CommentDraft]:
    """Comments in page order, replies included."""
    threaded = [n for n in _THREADED(page.tree) if not _is_inside_id(n)]
    if threaded:
        stated = dict(_PARENTS.findall(page.text)) if "'parentId'" in page.text else {}
        for node in threaded:
            yield _threaded(node, stated, page_number)
        return
    block = first(_FIRST_DL(page.tree))
    if block is not None:
        yield from _listed(block, page_number)


def _is_inside_id(node: Node) -> bool:
    """2012-2014 pages carry the id on li and on an inner block: the outer one counts."""
    own = node.get("id")
    return any(above.get("id") == own for above in node.iterancestors())


def _threaded(node: Node, stated: dict[str, str], page_number: int | None) -> CommentDraft:
    native = str(node.get("id"))[1:]
    name, content = first(_NAME(node)), first(_CONTENT(node))
    link = first(_DATE(node) or _DATE_WORDS(node))
    parent = stated.get(native) or _above(node)
    ground = ParentGround.EXPLICIT if native in stated else ParentGround.NESTING
    return CommentDraft(
        native_id=native,
        permalink=attribute(link, "href") or f"#c{native}",
        author=_author(name),
        is_post_author=True if _is_owner(node) else None,
        published=_date(link),
        body=content,
        parent=parent,
        parent_ground=ground if parent else ParentGround.NONE,
        visibility=_visibility(node if content is None else content),
        page_number=page_number,
        node=node,
    )


def _above(node: Node) -> str | None:
    """Replies stand inside the list item of the comment they answer."""
    for above in node.iterancestors():
        if not has_class(above, "comment-replies"):
            continue
        for box in above.iterancestors():
            match = _ID.match(box.get("id") or "")
            if match:
                return match.group(1)
            inner = [n for n in box if _ID.match(n.get("id") or "")]
            if inner:
                return str(inner[0].get("id"))[1:]
            if box.tag == "li":
                break
    return None


def _is_owner(node: Node) -> bool:
    """Replies of others stand inside the same element, so only the first name counts."""
    cite = first(_NAME(node))
    return cite is not None and (has_class(cite, "blog-author") or bool(_OWNER(cite)))


def _listed(block: Node, page_number: int | None) -> Iterator[CommentDraft]:
    """dt (name), dd (body), dd (footer), in turns; owners' comments may use another class."""
    for term in block.iter("dt"):
        if not text(term) and not term.get("id"):
            continue  # the classic template closes with an empty dt
        bodies, footer = [], None
        for node in term.itersiblings():
            if node.tag == "dt":
                break
            if node.tag == "dd" and has_class(node, "comment-footer", "comment-timestamp"):
                footer = node
            elif node.tag == "dd" and not has_class(node, "collapseable"):
                bodies.append(node)
        if footer is not None or bodies:
            yield _pair(term, bodies, footer, page_number)


def _pair(
    term: Node, bodies: list[Node], footer: Node | None, page_number: int | None
) -> CommentDraft:
    match = _ID.match(term.get("id") or "")
    anchor = next((a.get("name") for a in term.iter("a") if a.get("name")), None)
    native = match.group(1) if match else (anchor or "").lstrip("c").removeprefix("omment-") or None
    links = _LINKS(footer) if footer is not None else []
    link = first([n for n in links if "delete-comment" not in attribute(n, "href")])
    return CommentDraft(
        native_id=native,
        permalink=link.get("href") if link is not None else None,
        author=_author(term),
        is_post_author=True if has_class(term, "blog-author") else None,
        published=_date(link if link is not None else footer, native),
        body=tuple(bodies) or None,
        visibility=_visibility(bodies[0]) if bodies else Visibility.VISIBLE,
        page_number=page_number,
        node=term,
    )


def _author(node: Node | None) -> AuthorDraft | None:
    if node is None:
        return None
    links = [n for n in _LINKS(node) if text(n)]
    link = first(links) if node.tag != "a" else node
    words = text(link) if link is not None else _SAID.sub("", text(node))
    href = link.get("href") if link is not None else None
    profile = _BLOGGER_PROFILE.search(href or "")
    # Names come escaped twice in the HTML of threaded comments.
    return AuthorDraft(
        text=unescape(words) or None,
        href=href,
        profile_id=profile.group(1) if profile else None,
    )


def _date(node: Node | None, native: str | None = None) -> DateDraft | None:
    if node is None:
        return None
    epoch = _EPOCH.search(node.get("href") or "")
    if epoch:
        return DateDraft(text=text(node), epoch_ms=int(epoch.group(1)), source=Source.ID)
    if native and re.match(r"^1[01]\d{15,16}$", native):
        return DateDraft(text=text(node), epoch_ms=int(native[:10]) * 1000, source=Source.ID)
    return DateDraft(text=text(node)) if text(node) else None


def _visibility(node: Node) -> Visibility:
    return Visibility.DELETED if _REMOVED(node) else Visibility.VISIBLE
