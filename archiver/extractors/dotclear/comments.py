"""Comments and trackbacks in the three forms that the templates gave them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft
from archiver.elements import Elements
from archiver.model import CommentKind, Source
from archiver.nodes import (
    attribute,
    first,
    following_siblings_until,
    has_class,
    text,
    text_before,
    xpath,
)

_NUMBERS = (".comment-number", ".ping-number")
_FIRST_WORDS = xpath("(.//p)[1]")
_HEADLINE = xpath(".//a[@href] | ./strong")
_ID = re.compile(r"^c(\d+)$")
_CLOCK = re.compile(r"\d{1,2}\s*[:hH.]\s*\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?(?!\d)")


def have_marks(every: Elements) -> bool:
    """Whether comments stand here in a form that only DotClear gave them."""
    return any(node.tag in ("dt", "p") for node in _found(every))


def drafts(every: Elements) -> Iterator[CommentDraft]:
    """Comments and trackbacks as the page orders them."""
    read = {"dt": _Line.term, "li": _Line.item, "p": _Line.note}
    for node in _found(every):
        yield read[node.tag](_Line(every, node))


def _found(every: Elements) -> list[Node]:
    """dt, li or p with an id such as c12, where they are what they seem."""
    return [
        node
        for node in every.starting("#c")
        if _ID.match(attribute(node, "id"))
        and (node.tag == "dt" or (node.tag in ("li", "p") and _info(every, node) is not None))
    ]


def _info(every: Elements, node: Node) -> Node | None:
    return next(iter(every.among((node,), ".comment-info")), None)


class _Line:
    """The line above a comment, in one of its three forms."""

    def __init__(self, every: Elements, node: Node) -> None:
        self.every, self.node = every, node
        info = _info(every, node)
        self.info = node if info is None else info

    def term(self) -> CommentDraft:
        """`dt`: "1. On DATE, TIME by NAME", `dd`: the words."""
        body = following_siblings_until(self.node, lambda node: node.tag == "dt")
        words = self._unnumbered()
        link = self._person_link()
        clock = _CLOCK.search(words)
        name = text(link) if link is not None else ""
        if not name and clock:
            name = _after_first_word(words[clock.end() :].strip(" ,"))
        date = words[: clock.end()] if clock else words
        author = AuthorDraft(text=name or None, href=attribute(link, "href") or None)
        return self._draft(body, author, DateDraft(text=date) if date else None)

    def item(self) -> CommentDraft:
        """`li`: "1 From NAME - 12/03/2012, 14:05" above the words."""
        link = self._person_link()
        named, _, date = self._unnumbered().rpartition(" - ")
        name = text(link) if link is not None else _after_first_word(named)
        author = AuthorDraft(text=name or None, href=attribute(link, "href") or None)
        stamp = self.every.first("time", inside=self.info)
        machine = attribute(stamp, "datetime")
        moment = DateDraft(text=date)
        if machine:
            moment = DateDraft(text=text(stamp), machine=machine, source=Source.MACHINE)
        body = tuple(self.every.find(".comment-content", inside=self.node))
        return self._draft(body, author, moment)

    def note(self) -> CommentDraft:
        """`p`: "Le DATE à TIME, par NAME :: site :: #" above a quote."""
        body = following_siblings_until(
            self.node, lambda node: node.tag in ("h3", "form") or has_class(node, "comment-info")
        )
        if body and body[0].tag in ("blockquote", "div"):
            body = body[:1]  # below the last trackback stands how to send one
        strong = self.every.first("strong", inside=self.node)
        links = (attribute(node, "href") for node in self.every.find("a", inside=self.node))
        site = next((href for href in links if not href.startswith(("#", "mailto:"))), None)
        date = text_before(self.node, strong)
        clock = _CLOCK.search(date)
        words = date[: clock.end()] if clock else date
        author = AuthorDraft(text=text(strong) or None, href=site)
        return self._draft(body, author, DateDraft(text=words) if words else None)

    def _unnumbered(self) -> str:
        number = text(self.every.first(*_NUMBERS, inside=self.info))
        return text(self.info).removeprefix(number).strip()

    def _person_link(self) -> Node | None:
        numbers = self.every.find(*_NUMBERS, inside=self.info)
        links = self.every.find("a", inside=self.info, outside=numbers)
        return next((node for node in links if not attribute(node, "href").startswith("#")), None)

    def _draft(
        self, body: tuple[Node, ...], author: AuthorDraft, date: DateDraft | None
    ) -> CommentDraft:
        node, own = self.node, attribute(self.node, "id")
        boxes = self.every.find("#pings", "#trackbacks")
        is_ping = has_class(node, "ping") or any(self.every.holds(box, node) for box in boxes)
        title = _headline(body) if is_ping else None
        href = author.href or attribute(title, "href") or None
        return CommentDraft(
            native_id=own.removeprefix("c"),
            permalink=f"#{own}",
            kind=CommentKind.TRACKBACK if is_ping else CommentKind.COMMENT,
            author=AuthorDraft(text=author.text, href=href),
            is_post_author=True if has_class(node, "me") else None,
            published=date,
            subject=text(title) or None,
            body=body or None,
            exclude=(title,) if title is not None else (),
            node=node,
        )


def _after_first_word(words: str) -> str:
    """Drops what the blog's language has for "by" or "from"."""
    return words.partition(" ")[2]


def _headline(body: tuple[Node, ...]) -> Node | None:
    """The title of the page that pings: a first paragraph that is one link, or bold."""
    words = first(_FIRST_WORDS(body[0])) if body else None
    title = first(_HEADLINE(words)) if words is not None else None
    return title if title is not None and text(title) == text(words) else None
