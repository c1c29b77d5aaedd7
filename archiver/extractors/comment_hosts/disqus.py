"""Disqus: the fallback list of its WordPress plugin, its embed page and its API answers.

Source: disqus/disqus-wordpress-plugin 2.x comments.php; saved embed pages of 2013
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft
from archiver.extractors.comment_hosts.answers import (
    Fields,
    decoded,
    inner,
    listed,
    loaded,
    parameter,
    words,
)
from archiver.model import ParentGround, Source, Visibility
from archiver.nodes import attribute, classes, css, first, strings, text, xpath
from archiver.page import Page

SERVICE = "disqus"

_FALLBACK = xpath("//*[@id='dsq-comments']//li[starts-with(@id,'dsq-comment-')]")
_FALLBACK_NAME = xpath(".//*[starts-with(@id,'dsq-author-user-')]")
_FALLBACK_BODY = css(".dsq-comment-message")
_THREAD_DATA = strings("//script[@id='disqus-threadData']/text()")
_RENDERED = xpath("//*[@id='post-list']//li[starts-with(@id,'post-')]")
_RENDERED_NAME = css(".author")
_RENDERED_BODY = css("[data-role=message], .post-message")
_ID = re.compile(r"-(\d+)$")
_DEPTH = re.compile(r"depth-(\d+)$")


def is_own(page: Page) -> bool:
    """Whether the document is Disqus's own: an embed page or an answer of listPosts."""
    if b"disqus-threadData" in page.body:
        return True
    return b'"raw_message"' in page.body and bool(listed(loaded(page), "response"))


def comments(page: Page) -> Iterator[CommentDraft]:
    """Comments in the order of the document."""
    if b"dsq-comments" in page.body:
        yield from _fallback(page)
        return
    if not is_own(page):
        return
    data = _data(page)
    posts = listed(data, "response", "posts") or listed(data, "response")
    link = words(inner(inner(data, "response"), "thread").get("link")) or parameter(page, "t_u")
    if posts:
        yield from (_draft(post, link) for post in posts if _is_shown(post))
    else:
        yield from (_rendered(node, link) for node in _RENDERED(page.tree))


def _data(page: Page) -> object:
    if b"disqus-threadData" not in page.body:
        return loaded(page)
    script = first(_THREAD_DATA(page.tree))  # type: ignore[arg-type]
    return decoded(str(script)) if script is not None else None


def _is_shown(post: Fields) -> bool:
    return post.get("isApproved", True) is not False and post.get("isSpam") is not True


def _draft(post: Fields, link: str | None) -> CommentDraft:
    native, parent = words(post.get("id")), words(post.get("parent"))
    author, created = inner(post, "author"), words(post.get("createdAt"))
    return CommentDraft(
        native_id=native,
        post_url=link,
        parent=parent,
        parent_ground=ParentGround.EXPLICIT if parent else ParentGround.NONE,
        permalink=f"{link}#comment-{native}" if link and native else None,
        author=AuthorDraft(
            text=words(author.get("name")),
            href=words(author.get("url")) or words(author.get("profileUrl")),
            profile_id=words(author.get("username")),
        ),
        # Without a zone, but UTC.  Source: a page saved at +01:00 shows 12:13 for 11:13:05
        published=DateDraft(machine=_utc(created), source=Source.API) if created else None,
        body=words(post.get("message")),
        visibility=Visibility.DELETED if post.get("isDeleted") is True else Visibility.VISIBLE,
        source=Source.API,
    )


def _utc(stamp: str) -> str:
    return stamp if stamp.endswith("Z") or "+" in stamp else f"{stamp}Z"


def _fallback(page: Page) -> Iterator[CommentDraft]:
    """The list that the plugin prints for readers without scripts: no dates, own numbers.

    The plugin's `cite` may hold the address as text before the name, so the name's id decides.
    """
    for node in _FALLBACK(page.tree):
        name = first(_FALLBACK_NAME(node))
        parent = _above(node, "dsq-comment-")
        depth = next((m.group(1) for c in classes(node) if (m := _DEPTH.match(c))), None)
        yield CommentDraft(
            native_id=_number(node),
            parent=parent,
            parent_ground=ParentGround.NESTING if parent else ParentGround.NONE,
            depth=int(depth) - 1 if depth else None,
            permalink=f"#{attribute(node, 'id')}",
            author=AuthorDraft(text=text(name) or None, href=attribute(name, "href") or None),
            body=first(_FALLBACK_BODY(node)),
            node=node,
        )


def _number(node: Node) -> str | None:
    match = _ID.search(attribute(node, "id"))
    return match.group(1) if match else None


def _above(node: Node, prefix: str) -> str | None:
    boxes = (box for box in node.iterancestors("li") if attribute(box, "id").startswith(prefix))
    return next((_number(box) for box in boxes), None)


def _rendered(node: Node, link: str | None) -> CommentDraft:
    """A saved DOM; its visible times are those of whoever saved it, so they are left out."""
    native = _number(node)
    above = next(
        (n for n in node.iterancestors("li") if attribute(n, "id").startswith("post-")), None
    )
    parent = _number(above) if above is not None else None
    name = text(first(_RENDERED_NAME(node)))
    return CommentDraft(
        native_id=native,
        post_url=link,
        parent=parent,
        parent_ground=ParentGround.NESTING if parent else ParentGround.NONE,
        author=AuthorDraft(text=escape(name, quote=False) or None),
        body=first(_RENDERED_BODY(node)),
        node=node,
    )
