"""Comments by their anchors: `id="c000091"` on the permalink, on the list item or beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft
from archiver.elements import Elements
from archiver.model import Source
from archiver.nodes import attribute, has_class, text, text_before

_ID = re.compile(r"^c(\d{6,})$")
_BODY = (
    "itemprop=text",
    "itemprop=commentText",
    ".comment-body",
    ".comment-content",
    ".comment_message",
    ".commenttext",
    ".comment-text",
    ".message",
)
_AUTHORS = ("itemprop=author", "itemprop=creator", "cite", ".comment-author", ".commenter")
_BLOCKS = ("p", "div", "small", "h3", "h4", "h5", "footer", "header", "dt", "address")
_ITEMS = frozenset({"li", "article", "dd"})
_ENDS = frozenset({"body", "ol", "ul", "section"})
_SEPARATOR = re.compile(r"\s*(?:·|\||—|–|::|,|\bon\b|\bat\b|\bsays?\b|\bsaid\b|\bwrote\b|@|#)\s*")


def anchors(every: Elements) -> list[Node]:
    """One anchor a comment. Lists of recent comments link to such ids but do not carry them."""
    found: dict[str, Node] = {}
    named = (node for node in every.find("a") if (node.get("name") or "").startswith("c0"))
    for node in (*every.starting("#c0"), *named):
        match = _ID.match(node.get("id") or node.get("name") or "")
        if match:
            found.setdefault(match.group(1), node)
    return list(found.values())


def drafts(every: Elements, article: str | None) -> Iterator[CommentDraft]:
    """Comments in page order; `article` is the article's number in a popup."""
    found = anchors(every)
    for at, anchor in enumerate(found):
        # What holds another comment holds a neighbour.
        others = (*found[max(at - 1, 0) : at], *found[at + 1 : at + 2])
        yield _Reading(every, anchor, _box(every, anchor, others)).draft(article)


def _box(every: Elements, anchor: Node, others: tuple[Node, ...]) -> Node:
    """The largest element around an anchor that holds no other comment."""
    box = anchor
    for above in (anchor, *anchor.iterancestors()):
        if above.tag in _ENDS or any(every.holds(above, other) for other in others):
            break
        box = above
        if above.tag in _ITEMS or has_class(above, "comment", "comments"):
            break
    return box


class _Reading:
    """One comment under the eye."""

    def __init__(self, every: Elements, anchor: Node, box: Node) -> None:
        self.every, self.anchor, self.box = every, anchor, box
        self.line = self._line()
        self.body = every.first(*_BODY, inside=box)
        self.person = next((n for n in every.find(*_AUTHORS, inside=box) if text(n)), None)

    def draft(self, article: str | None) -> CommentDraft:
        """The comment as found."""
        match = _ID.match(self.anchor.get("id") or self.anchor.get("name") or "")
        number = match.group(1) if match else None
        name, link = self._name()
        is_own = has_class(self.box, "comments-author") or bool(
            self.every.find(".is-author", inside=self.box)
        )
        return CommentDraft(
            native_id=number,
            post_native_id=article,
            permalink=attribute(self.anchor, "href") or f"#c{number}",
            author=AuthorDraft(
                text=name or None,
                href=attribute(link, "href") or None,
                title=attribute(link, "title") or None,
            ),
            is_post_author=is_own or None,
            published=self._date(name),
            body=self.body if self.body is not None else self.box,
            exclude=() if self.body is not None else self._outside_body(),
            node=self.box,
        )

    def _line(self) -> Node | None:
        """The paragraph with name, date and permalink."""
        if self.anchor is self.box:
            blocks = self.every.find(*_BLOCKS, inside=self.box)
            return next((node for node in blocks if self._has_permalink(node)), None)
        found = None
        for above in (self.anchor, *self.anchor.iterancestors()):
            if above is self.box or above.tag == "body":
                break
            if above.tag in _BLOCKS:
                found = above
                if text(above) != text(self.anchor):  # it holds the name, too
                    break
        return found

    def _has_permalink(self, node: Node) -> bool:
        links = self.every.find("a", inside=node)
        return any("#c0" in attribute(link, "href") for link in links)

    def _name(self) -> tuple[str, Node | None]:
        if self.person is not None:
            named = self.every.first("itemprop=name", inside=self.person)
            shown = named if named is not None else self.person
            return text(shown), self.every.first("a", inside=self.person)
        if self.line is None:
            return "", None
        links = self.every.find("a", inside=self.line)
        own = (n for n in links if n is not self.anchor and "#c0" not in attribute(n, "href"))
        link = next((node for node in own if text(node)), None)
        if link is not None:
            return text(link), link
        words = text_before(self.line, self._permalink()).lstrip(" —–-·|")
        return _SEPARATOR.split(words)[0], None

    def _permalink(self) -> Node | None:
        if self.line is None or self.anchor is not self.box:
            return self.anchor
        links = self.every.find("a", inside=self.line)
        return next((n for n in links if "#c0" in attribute(n, "href")), None)

    def _date(self, name: str) -> DateDraft | None:
        for stamp in self.every.find("time", inside=self.box):
            machine = attribute(stamp, "datetime")
            if machine:
                return DateDraft(text=text(stamp), machine=machine, source=Source.MACHINE)
        shown = text(self._permalink())
        if any(c.isdigit() for c in shown) and len(shown) < 60:
            return DateDraft(text=shown)
        words = text(self.line).partition(name)[2] if name else text(self.line)
        words = words.strip(" ·—–|#-,")
        return DateDraft(text=words) if any(c.isdigit() for c in words) else None

    def _outside_body(self) -> tuple[Node, ...]:
        stamps = self.every.find("time", inside=self.box)
        around = (self.line, self.person, *stamps)
        return tuple(node for node in around if node is not None)
