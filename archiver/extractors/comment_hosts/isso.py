"""Isso: comments rendered into a saved page, and the answer of its API.

Source: isso-comments/isso templates/comment.js, views/comments.py (fetch)
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft, FollowDraft
from archiver.extractors.comment_hosts.answers import Fields, listed, loaded, parameter, words
from archiver.model import ParentGround, Role, Source, Visibility
from archiver.nodes import attribute, css, first, has_class, strings, text, xpath
from archiver.page import Page

SERVICE = "isso"

_SERVER = strings("//script[@data-isso]/@data-isso")
_THREAD = css("#isso-thread")
_RENDERED = xpath(
    "//*[contains(concat(' ',@class,' '),' isso-comment ') and starts-with(@id,'isso-')]"
)
_NAME = css(".isso-author")
_TIME = css("time[datetime]")
_BODY = css(".isso-text")
_LINKS = xpath("self::a[@href] | .//a[@href]")
_DELETED = 4  # `mode`: 1 accepted, 2 pending, 4 deleted but answered
_PENDING = 2


def is_own(page: Page) -> bool:
    """Whether the document is an answer of Isso's API."""
    return b'"total_replies"' in page.body and bool(parameter(page, "uri"))


def follow(page: Page) -> Iterator[FollowDraft]:
    """The API's address for this page's thread."""
    server, thread = _SERVER(page.tree), first(_THREAD(page.tree))
    if not server or thread is None:
        return
    path = attribute(thread, "data-isso-id") or urlsplit(page.url).path
    address = f"{server[0].rstrip('/')}/?uri={quote(path, safe='')}"
    yield FollowDraft(href=address, role=Role.API)


def comments(page: Page) -> Iterator[CommentDraft]:
    """Comments of an answer, or those that a saved page holds."""
    if is_own(page):
        yield from _answered(listed(loaded(page), "replies"), _post_url(page), None)
    elif b"isso-comment" in page.body:
        yield from (_rendered(node) for node in _RENDERED(page.tree))


def _post_url(page: Page) -> str | None:
    """The thread's page: the one that led here, where its path is the thread's name.

    The API may live on another host than the blog, so the path alone does not tell the address.
    """
    uri = parameter(page, "uri") or ""
    via = page.capture.via
    if via and urlsplit(via).path == urlsplit(uri).path:
        return via
    return uri or None


def _answered(
    replies: list[Fields], post_url: str | None, above: str | None
) -> Iterator[CommentDraft]:
    is_known = post_url is not None and "://" in post_url
    for reply in replies:
        if reply.get("mode") == _PENDING:
            continue
        native = words(reply.get("id"))
        parent = words(reply.get("parent")) or above
        created = reply.get("created")
        seconds = created if isinstance(created, int | float) else None
        yield CommentDraft(
            native_id=native,
            post_url=post_url,
            parent=parent,
            parent_ground=ParentGround.EXPLICIT if parent else ParentGround.NONE,
            permalink=f"{post_url}#isso-{native}" if is_known and native else None,
            author=AuthorDraft(text=words(reply.get("author")), href=words(reply.get("website"))),
            published=DateDraft(epoch_ms=int(seconds * 1000), source=Source.API)
            if seconds
            else None,
            body=words(reply.get("text")),
            visibility=Visibility.DELETED if reply.get("mode") == _DELETED else Visibility.VISIBLE,
            source=Source.API,
        )
        yield from _answered(listed(reply, "replies"), post_url, native)


def _rendered(node: Node) -> CommentDraft:
    name, stamp = first(_NAME(node)), first(_TIME(node))
    link = first(_LINKS(name)) if name is not None else None
    parent = next(filter(None, map(_number, node.iterancestors())), None)
    return CommentDraft(
        native_id=_number(node),
        permalink=f"#{attribute(node, 'id')}",
        parent=parent,
        parent_ground=ParentGround.NESTING if parent else ParentGround.NONE,
        author=AuthorDraft(text=text(name) or None, href=attribute(link, "href") or None),
        published=DateDraft(
            text=text(stamp) or None, machine=attribute(stamp, "datetime"), source=Source.MACHINE
        )
        if stamp is not None
        else None,
        body=first(_BODY(node)),
        node=node,
    )


def _number(node: Node) -> str | None:
    number = attribute(node, "id").removeprefix("isso-")
    return number if number.isdigit() and has_class(node, "isso-comment") else None
