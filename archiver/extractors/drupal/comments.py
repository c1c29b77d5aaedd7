"""Comments by their anchors, threaded by RDFa, "In reply to" links and indented siblings.

`div.indented` wraps the replies *after* the comment they answer, not inside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft
from archiver.elements import Elements
from archiver.extractors.drupal.people import named_in, people, stated_when, worded_when
from archiver.model import ParentGround, Visibility
from archiver.nodes import attribute, has_class, text

_BODY = (
    ".field-name-comment-body",
    ".field--name-comment-body",
    ".comment-body",
    ".comment__text-content",
    ".comment-content",
    ".comment__content",
    ".content",
)
_TITLE = (".comment__title", ".comment-title", "h3", "h4", ".subject", "property=dc:title")
_SUBMITTED = (
    ".submitted",
    ".comment__submitted",
    ".comment-submitted",
    ".comment__meta",
    ".comment-meta",
    ".attribution",
    ".comment-header",
    ".credit",
    "footer",
    "header",
)
_JUNK = (
    ".links",
    ".comment__links",
    ".indented",
    ".user-signature",
    ".signature",
    "form",
    ".rate-widget",
    ".field-label",
    ".field__label",
    "mark",
    ".visually-hidden",
    ".element-invisible",
)
_HIDDEN = (
    ".parent",
    ".comment__parent",
    ".visually-hidden",
    ".visuallyhidden",
    ".element-invisible",
)
_REPLY_OF = ("rel=sioc:reply_of", "rel=schema:parentItem")
_ID = re.compile(r"^comment-(\d+)$")
_TARGET = re.compile(r"#comment-(\d+)$")
_OWNERS = ("comment-by-node-author", "by-node-author", "comment--by-node-author")


@dataclass(frozen=True, slots=True)
class Item:
    """One comment: its number, its box and how many `div.indented` are around it."""

    number: str
    box: Node
    level: int


def items(every: Elements) -> list[Item]:
    """Comments in page order, each once."""
    found: dict[str, Item] = {}
    for mark in every.starting("#comment-"):
        match = _ID.match(attribute(mark, "id"))
        box = _box(mark) if match else None
        if match and box is not None and not has_class(box, "comment-preview", "preview"):
            level = sum(has_class(above, "indented") for above in box.iterancestors())
            found.setdefault(match.group(1), Item(match.group(1), box, level))
    return list(found.values())


def _box(mark: Node) -> Node | None:
    """An anchor stands before its comment, in some themes inside it."""
    if mark.tag != "a" or text(mark):
        return mark
    above = mark.getparent()
    if above is not None and has_class(above, "comment") and not (above.text or "").strip():
        return above
    after = next(mark.itersiblings("*"), None)
    return after if after is not None and after.tag not in ("a", "br", "form") else None


def drafts(every: Elements, page_number: int | None) -> Iterator[CommentDraft]:
    """Comments in page order; the last comment one level up is the parent of an indented one."""
    latest: dict[int, str] = {}
    found = items(every)
    boxes = {item.box: item.number for item in found}
    for item in found:
        stated = _stated_parent(every, item)
        holder = next((boxes[above] for above in item.box.iterancestors() if above in boxes), None)
        nested = holder or latest.get(item.level - 1)
        latest = {level: number for level, number in latest.items() if level < item.level}
        latest[item.level] = item.number
        parent = stated or nested
        ground = ParentGround.EXPLICIT if stated else ParentGround.NESTING
        yield _Reading(every, item).draft(
            parent, ground if parent else ParentGround.NONE, page_number
        )


def _stated_parent(every: Elements, item: Item) -> str | None:
    """RDFa of Drupal 7 and the hidden "In reply to" of 8; both also name the node itself."""
    hidden = every.find(*_HIDDEN, inside=item.box)
    links = [link for node in hidden for link in every.find("a", inside=node)]
    for node in (*every.find(*_REPLY_OF, inside=item.box), *links):
        target = _TARGET.search(attribute(node, "resource") or attribute(node, "href"))
        if target and target.group(1) != item.number:
            return target.group(1)
    return None


class _Reading:
    """One comment under the eye; answers that stand inside its box are not its own."""

    def __init__(self, every: Elements, item: Item) -> None:
        self.every, self.item, self.box = every, item, item.box
        answers = tuple(every.find(".indented", inside=item.box))
        self.body = every.first(*_BODY, inside=item.box, outside=answers)
        self.not_head = (*answers, *((self.body,) if self.body is not None else ()))
        self.lines = self._lines()

    def draft(
        self, parent: str | None, ground: ParentGround, page_number: int | None
    ) -> CommentDraft:
        """The comment as found."""
        title = self._title()
        is_folded = has_class(self.box, "comment-folded")
        return CommentDraft(
            native_id=self.item.number,
            parent=parent,
            parent_ground=ground,
            depth=self.item.level,
            permalink=self._permalink(),
            author=self._author(),
            is_post_author=True if has_class(self.box, *_OWNERS) else None,
            published=self._published(),
            subject=text(title) or None,
            body=None if is_folded else self.body,
            exclude=(*self.every.find(*_JUNK, inside=self.box), *_present(title)),
            visibility=Visibility.TRUNCATED if is_folded else Visibility.VISIBLE,
            page_number=page_number,
            node=self.box,
        )

    def _title(self) -> Node | None:
        """The subject; Drupal 8 prints it in the box of the words, with the permalink on it."""
        title = self.every.first(*_TITLE, inside=self.box, outside=self.not_head)
        if title is not None or self.body is None:
            return title
        for head in self.every.find("h3", "h4", inside=self.body):
            link = self.every.first("a", inside=head)
            if attribute(link, "href").endswith(f"#comment-{self.item.number}"):
                return head
        return None

    def _lines(self) -> list[Node]:
        """The lines that may name author and date; boxes around the comment's words are none."""
        found = self.every.find(*_SUBMITTED, inside=self.box, outside=self.not_head)
        if self.body is None:
            return found
        return [line for line in found if not self.every.holds(line, self.body)]

    def _permalink(self) -> str:
        own = f"#comment-{self.item.number}"
        links = self.every.find("a", inside=self.box, outside=self.not_head)
        return next((h for n in links if (h := attribute(n, "href")).endswith(own)), own)

    def _author(self) -> AuthorDraft | None:
        for line in (*self.lines, self.box):
            found = people(self.every, line, self.not_head)
            if found:
                return found[0]
        return next((author for line in self.lines if (author := named_in(line))), None)

    def _published(self) -> DateDraft | None:
        for line in (*self.lines, self.box):
            date = stated_when(self.every, line, self.not_head)
            if date is not None:
                return date
        return next((date for line in self.lines if (date := worded_when(line))), None)


def _present(node: Node | None) -> tuple[Node, ...]:
    return (node,) if node is not None else ()
