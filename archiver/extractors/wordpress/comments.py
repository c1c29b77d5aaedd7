"""The comments and pings of a WordPress page, in every theme.

Core writes the author's link, the permalink and the paragraphs; themes write the boxes and class
names around them.  Core's own output is recognised first, class names second; what is then left
of the box is the body.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence, Set
from functools import cached_property

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, Content, DateDraft
from archiver.extractors.wordpress import threads
from archiver.extractors.wordpress.boxes import Box
from archiver.extractors.wordpress.dates import before_date, dated, has_clock, has_date
from archiver.extractors.wordpress.glances import FRAGMENT, Glance, glance, shown_date
from archiver.extractors.wordpress.prose import (
    descend,
    machine_date,
    names,
    prose,
    runs,
    spine,
    words,
)
from archiver.model import CommentKind

_PAGED = re.compile(r"(?:/comment-page-|[?&]cpage=)(\d+)")
_PING_LIST = re.compile(r"[\s_-](?:pings?|trackbacks?|pingbacks?|pinglist)[\s_-]")
_PING_LABEL = re.compile(
    r"^\W*(pingback|trackback)\b|\b(pingback|trackback)s? (?:by|from|on)\b", re.IGNORECASE
)
_LABEL = 40  # characters at the start of a box that may say "Trackback from"
_HEADER = 160  # characters that a line of author and date may have
_ASIDE_REST = 25  # a paragraph with more letters than this around an aside is prose
# What stands between a name and a date.
_CONNECTOR = re.compile(
    r"[\W_]+(?:on|at|am|um|le|à|el|il|op|om|den|em|às|kl)?[\W_]*$", re.IGNORECASE
)
_CONNECTED = re.compile(r"\W+(?:on|at|am|um|le|op|om|den|em)\W*$")  # lower case: "Kim Il" is one
_LETTERS = re.compile(r"[^\W\d_]{2}|[^\W\d_]\b")
_EDGES = " \t\n\r\xa0|/–—-·•:,@»«#()"


def comments(boxes: Sequence[Box], *, trusted: bool) -> Iterator[CommentDraft]:
    """Drafts of the comments and pings in the boxes of a page.

    `trusted` says that the offsets of this WordPress version are true.  Comments that wait for
    moderation are left out: only their own author saw them.
    """
    tops = {part for box in boxes for part in box.parts}
    above = threads.parents(boxes)
    answered = set(above)
    seen = [glance(box, tops, answered=at in answered) for at, box in enumerate(boxes)]
    numbers = [box.native_id or look.number for box, look in zip(boxes, seen, strict=True)]
    places = threads.places(boxes, above, numbers, [look.is_answerable for look in seen])
    for box, look, number, place in zip(boxes, seen, numbers, places, strict=True):
        if look.is_waiting:
            continue
        draft = _Reading(box, look, tops, trusted)
        yield draft.comment(number, place)


class _Reading:
    """One box being read: header nodes, the text, and what the lines around them say."""

    def __init__(self, box: Box, look: Glance, tops: Set[Node], trusted: bool) -> None:
        self.box, self.look, self.tops, self.trusted = box, look, tops, trusted
        self.date = look.date
        self.author = look.author
        self.body = self._find_body()
        if self.author is None:
            self.author = next((n for n in look.bold if n not in self.inside and words(n)), None)

    @cached_property
    def marked(self) -> str:
        """Classes of the elements that bear the comment's number."""
        return "".join(f" {mark.get('class', '')} " for mark in self.box.marks)

    @property
    def prose(self) -> str:
        """The body where it is a string of loose words."""
        return self.body if isinstance(self.body, str) else ""

    @cached_property
    def inside(self) -> set[Node]:
        """All nodes of the body; none where it is a string."""
        if self.body is None or isinstance(self.body, str):
            return set()
        nodes = self.body if isinstance(self.body, tuple) else (self.body,)
        return {inner for node in nodes for inner in node.iter()}

    def comment(self, number: str | None, place: threads.Place) -> CommentDraft:
        """The draft of this comment."""
        return CommentDraft(
            native_id=number,
            parent=place.parent,
            parent_ground=place.ground,
            depth=place.depth,
            page_number=self._page_number(),
            permalink=self._permalink(),
            kind=self._kind(),
            author=self._author(),
            is_post_author=self._is_post_author(),
            published=self._published(),
            body=self.body,
            exclude=tuple(self.look.asides),
            node=self.box.parts[0],
        )

    def _find_body(self) -> Content | None:
        if len(self.look.bodies) == 1:
            return self.look.bodies[0]
        if self.look.bodies:
            return max(self.look.bodies, key=lambda node: len(words(node)))
        heads = {n for n in (self.author, self.date, self.look.permalink) if n is not None}
        heads.update(node for node in self.look.asides if _fills_its_line(node))
        above = spine(heads, self.box.parts[0])
        for part in self.box.parts:
            if part not in heads:
                found = prose(part, heads, above, self.tops)
                if found is not None:
                    return found
        return None

    def _author(self) -> AuthorDraft | None:
        if self.author is None:
            text = self._first_words()
            return AuthorDraft(text=text) if text else None
        link = _person_link(self.author)
        text = words(self.author)
        if link is None:
            return AuthorDraft(text=_name_in(text))
        return AuthorDraft(text=text, href=link.get("href"), title=link.get("title"))

    def _first_words(self) -> str | None:
        """The name where nothing labels it: the first words of the box outside its text."""
        silent = {*self.look.asides, *self.inside}
        for part in self.box.parts:
            for node in descend(part, silent | self.tops):
                for run in runs(node) if node is part or node not in silent else ():
                    name = _name_in(run)
                    if _LETTERS.search(name) and run not in self.prose:
                        return name
        return None

    def _line(self) -> str | None:
        """The short line that holds the date, without the text of the comment."""
        node = self.date
        best = None
        while node is not None and node not in self.box.parts:
            node = node.getparent()
            if node is None or node in self.inside or not self.inside.isdisjoint(node):
                break
            text = words(node)
            if len(text) > _HEADER:
                break
            best = text
        return best

    def _published(self) -> DateDraft | None:
        if self.date is None:
            loose = self.look.loose_date
            return DateDraft(text=loose) if loose and loose not in self.prose else None
        text, machine = shown_date(self.date), machine_date(self.date)
        whole = has_clock(machine or text) and (machine or has_date(text))
        line = None if whole else self._line()
        if line is not None:
            rest = line
            if self.author is not None and self.author not in self.date.iterancestors():
                rest = line.replace(words(self.author), "", 1)
            if (has_date(rest), has_clock(rest)) > (has_date(text), has_clock(text)):
                text = rest.strip(_EDGES)
        return dated(text, machine, self.trusted)

    def _permalink(self) -> str | None:
        if self.look.permalink is not None:
            return self.look.permalink.get("href")
        mark = self.box.marks[0].get("id") or self.box.marks[0].get("name")
        return f"#{mark}" if mark and self.box.native_id else None

    def _page_number(self) -> int | None:
        href = self.look.permalink.get("href", "") if self.look.permalink is not None else ""
        paged = _PAGED.search(href)
        return int(paged[1]) if paged else None

    def _kind(self) -> CommentKind:
        for kind in (CommentKind.PINGBACK, CommentKind.TRACKBACK):
            if f" {kind} " in self.marked:
                return kind
        if " comment " in self.marked and "-comment" not in self.marked:
            return CommentKind.COMMENT
        header = words(self.author) if self.author is not None else ""
        label = _PING_LABEL.search(f"{header} {self._line() or ''}")
        label = label or _PING_LABEL.match(words(self.box.parts[0])[:_LABEL])
        if label:
            return CommentKind((label[1] or label[2]).lower())
        around = itertools.islice(self.box.parts[0].iterancestors("ol", "ul", "div"), 3)
        listed = any(_PING_LIST.search(names(node)) for node in around)
        return CommentKind.PINGBACK if listed else CommentKind.COMMENT

    def _is_post_author(self) -> bool | None:
        if " bypostauthor " in self.marked:
            return True
        return False if " depth-" in self.marked or " thread-" in self.marked else None


def _fills_its_line(aside: Node) -> bool:
    """Whether little else is said beside an aside: then its line is no prose."""
    around = aside.getparent()
    if around is None:
        return True
    beside = len((around.text or "").strip())
    return beside + sum(len((child.tail or "").strip()) for child in around) < _ASIDE_REST


def _name_in(line: str) -> str:
    """A line up to its date, without what joins name and date; all of it where no name is left."""
    before = before_date(line)
    name = _CONNECTOR.sub("", before).strip(_EDGES) if before != line else line
    return _CONNECTED.sub("", name) or line


def _person_link(node: Node) -> Node | None:
    """The link on or around a name, or the first in it; links into the page are not persons."""
    near = [node, *node.iter("a")]
    parent = node.getparent()
    if parent is not None and parent.tag == "a":
        near.append(parent)
    for link in near:
        href = link.get("href", "")
        if link.tag == "a" and href and not href.startswith("#") and not FRAGMENT.search(href):
            return link
    return None
