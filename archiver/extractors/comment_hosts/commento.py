"""Commento: cards rendered into a saved page, and the answer of /api/comment/list.

Source: adtac/commento frontend/js/commento.js, api/comment_list.go
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft
from archiver.extractors.comment_hosts.answers import Fields, inner, listed, loaded, words
from archiver.model import ParentGround, Source, Visibility
from archiver.nodes import attribute, first, text, xpath
from archiver.page import Page

SERVICE = "commento"

_CARDS = xpath("//*[starts-with(@id,'commento-comment-card-')]")
_PREFIX = "commento-comment-card-"
_CHILDREN = "commento-comment-children-"


def is_own(page: Page) -> bool:
    """Whether the document is an answer of Commento's API."""
    return b'"commentHex"' in page.body and bool(listed(loaded(page), "comments"))


def comments(page: Page) -> Iterator[CommentDraft]:
    """Comments of an answer, or those that a saved page holds."""
    if is_own(page):
        answer = loaded(page)
        people = inner(answer, "commenters")
        for comment in listed(answer, "comments"):
            if comment.get("state", "approved") == "approved":
                yield _draft(comment, people)
    elif b"commento-comment-card-" in page.body:
        yield from (_rendered(card) for card in _CARDS(page.tree))


def _draft(comment: Fields, people: Fields) -> CommentDraft:
    native, parent = words(comment.get("commentHex")), words(comment.get("parentHex"))
    person = inner(people, str(comment.get("commenterHex")))
    is_reply = parent not in (None, "root")
    created = words(comment.get("creationDate"))
    is_deleted = comment.get("deleted") is True
    return CommentDraft(
        native_id=native,
        post_url=words(comment.get("path")) or words(comment.get("url")),
        parent=parent if is_reply else None,
        parent_ground=ParentGround.EXPLICIT if is_reply else ParentGround.NONE,
        author=AuthorDraft(text=words(person.get("name")), href=_link(person)),
        published=DateDraft(machine=created, source=Source.API) if created else None,
        body=words(comment.get("html")) or words(comment.get("markdown")),
        visibility=Visibility.DELETED if is_deleted else Visibility.VISIBLE,
        source=Source.API,
    )


def _link(person: Fields) -> str | None:
    """A commenter's address; "undefined" is what Commento stores for none."""
    link = words(person.get("link"))
    return None if link == "undefined" else link


def _rendered(card: Node) -> CommentDraft:
    key = attribute(card, "id").removeprefix(_PREFIX)
    above = next(
        (n for n in card.iterancestors() if attribute(n, "id").startswith(_CHILDREN)), None
    )
    parent = attribute(above, "id").removeprefix(_CHILDREN) or None
    name, ago = _part(card, "name", key), _part(card, "timeago", key)
    stamp = attribute(ago, "title")
    return CommentDraft(
        native_id=key,
        permalink=f"#commento-{key}",
        parent=parent,
        parent_ground=ParentGround.NESTING if parent else ParentGround.NONE,
        author=AuthorDraft(text=text(name) or None, href=attribute(name, "href") or None),
        published=DateDraft(text=stamp) if stamp else None,
        body=_part(card, "text", key),
        node=card,
    )


def _part(card: Node, name: str, key: str) -> Node | None:
    wanted = f"commento-comment-{name}-{key}"
    return first([node for node in card.iter() if node.get("id") == wanted])
