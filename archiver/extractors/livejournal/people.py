"""People as journals print them: `span.ljuser`, with the account's name in an attribute."""

from __future__ import annotations

from collections.abc import Iterable

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft
from archiver.elements import Elements
from archiver.nodes import attribute, has_class, text


def person(every: Elements, inside: Node, outside: Iterable[Node] = ()) -> AuthorDraft | None:
    """The first account named in an element; None when only words are there."""
    for box in every.among((inside,), ".ljuser", ".i-ljuser"):
        if not any(every.holds(other, box) for other in outside):
            return account(every, box)
    return None


def account(every: Elements, box: Node) -> AuthorDraft:
    """The account of one `span.ljuser`; its first link often is the picture of a head."""
    user = attribute(box, "lj:user") or attribute(box, "data-ljuser") or None
    links = every.find("a", inside=box)
    named = [link for link in links if text(link)]
    journal = next((n for n in named if has_class(n, "i-ljuser-username")), None)
    link = journal if journal is not None else (named[-1] if named else None)
    shown = text(link) or text(box) or user
    return AuthorDraft(text=shown, href=attribute(link, "href") or None, profile_id=user)
