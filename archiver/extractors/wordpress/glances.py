"""One walk through the box of a comment: who may be its author, what its date, where its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache

from lxml.etree import _Element as Node

from archiver.extractors.wordpress.boxes import Box
from archiver.extractors.wordpress.dates import has_date, has_day
from archiver.extractors.wordpress.prose import descend, machine_date, runs, speaks, spine, words
from archiver.extractors.wordpress.roles import Role, roles

FRAGMENT = re.compile(r"#(?:li-|div-)?comment[-_]?(\d+)$", re.IGNORECASE)
_WAITING = re.compile(r"comment is awaiting (?:moderation|approval)", re.IGNORECASE)
_HEADER = 160  # characters that a line of author and date may have
_LINE = 70  # characters of a line with a date and little else
_LABEL = 24  # characters of "Pingback:" and its like

# Ranks: the lower the surer.  Up to _LINKED: core's own output or exact class names.
_EXACT, _NAMED, _LINKED, _LABELLED, _TAGGED, _HEADED = range(6)


@dataclass(slots=True)
class Glance:
    """What a box holds; nodes in page order.  `bold` are names only if nothing else is."""

    authors: list[tuple[int, Node]] = field(default_factory=list)
    dates: list[tuple[int, Node]] = field(default_factory=list)
    bodies: list[Node] = field(default_factory=list)
    asides: list[Node] = field(default_factory=list)
    bold: list[Node] = field(default_factory=list)
    permalink: Node | None = None
    loose_date: str | None = None  # a line that states a day and has no element of its own
    is_answerable: bool = False
    is_waiting: bool = False

    @property
    def number(self) -> str | None:
        """The comment's number in its permalink."""
        if self.permalink is None:
            return None
        found = FRAGMENT.search(self.permalink.get("href", ""))
        return found[1] if found else None

    def settle(self, top: Node) -> None:
        """Keep as bodies those that hold no header, and as header what no body holds."""
        sure = _LINKED if any(rank <= _LINKED for rank, _ in self.dates) else _TAGGED
        firm = spine(
            [node for rank, node in self.dates if rank <= sure]
            + [node for rank, node in self.authors if rank <= _NAMED]
            + [node for rank, node in self.authors[:1] if rank == _LINKED and _leads(node)],
            top,
        )
        self.bodies = [node for node in self.bodies if node not in firm and speaks(node)]
        if self.bodies:
            held = set(self.bodies)
            self.authors = [e for e in self.authors if e[1] in firm or not _within(e[1], held, top)]
            self.dates = [e for e in self.dates if e[1] in firm or not _within(e[1], held, top)]
            self.bold = [node for node in self.bold if not _within(node, held, top)]

    @property
    def author(self) -> Node | None:
        """The surest author; the first of equals."""
        for rank, node in sorted(self.authors, key=lambda entry: entry[0]):
            if words(node):
                if rank != _LABELLED:
                    return node
                tagged = [n for r, n in self.authors if r >= _TAGGED] + self.bold
                return next((n for n in tagged if node in n.iterancestors()), node)
        return None

    @property
    def date(self) -> Node | None:
        """The surest date; words that hold a whole date go before a bare clock."""
        clock = None
        for rank, node in sorted(self.dates, key=lambda entry: entry[0]):
            text = "" if rank == _EXACT else shown_date(node)
            if rank == _EXACT or has_date(text):
                return node
            if clock is None and any(letter.isdigit() for letter in text):
                clock = node
        return clock


def shown_date(node: Node) -> str:
    """The words of a date; its title where the words are only "3 years ago"."""
    text, title = words(node), node.get("title", "")
    return title if has_date(title) and not has_date(text) else text


def glance(box: Box, tops: Set[Node], *, answered: bool) -> Glance:
    """What stands in a box, replies left out.

    `tops` are the elements of all boxes, `answered` says that some of them stand in this one.
    """
    seen = Glance()
    for part in box.parts:
        whole = not answered and next(part.iter("form"), None) is None
        nodes: Iterable[Node] = part.iter() if whole else descend(part, tops)
        for node in nodes:
            note = _NOTES.get(node.tag)
            if note is not None:
                note(node, seen)
            names = node.get("class") or node.get("id")
            place = _place(names) if names else None
            if place is not None and node not in box.marks and node is not part:
                _note_named(node, place, seen)
    if not any(rank == _EXACT or shown_date(node) for rank, node in seen.dates):
        _note_unlabelled_dates(box, tops, seen)
    seen.settle(box.parts[0])
    return seen


def _note_unlabelled_dates(box: Box, tops: Set[Node], seen: Glance) -> None:
    """Short lines that state a day, in boxes where no name and no link says so."""
    for part in box.parts:
        for node in descend(part, tops):
            run = next((run for run in runs(node) if len(run) < _LINE and has_day(run)), None)
            if run is not None and node is not part and len(words(node)) < _HEADER:
                seen.dates.append((_TAGGED, node))
            elif run is not None and seen.loose_date is None:
                seen.loose_date = run


def _note_link(node: Node, seen: Glance) -> None:
    rel, classes, href = node.get("rel") or "", node.get("class") or "", node.get("href") or ""
    if "comment-reply" in classes or "replytocom=" in href:
        seen.is_answerable = True
        seen.asides.append(node)
    elif "#" in href and FRAGMENT.search(href):
        seen.dates.append((_LINKED, node))
        if seen.permalink is None:
            seen.permalink = node
    elif "comment-edit" in classes or "action=editcomment" in href:
        seen.asides.append(node)
    elif "external" in rel or "url" in classes.split():
        seen.authors.append((_LINKED, node))


def _note_time(node: Node, seen: Glance) -> None:
    seen.dates.append((_EXACT if machine_date(node) else _LINKED, node))


def _note_abbr(node: Node, seen: Glance) -> None:
    if machine_date(node):
        seen.dates.append((_EXACT, node))


def _note_cite(node: Node, seen: Glance) -> None:
    seen.authors.append((_TAGGED, node))


def _note_heading(node: Node, seen: Glance) -> None:
    seen.authors.append((_HEADED, node))


def _note_bold(node: Node, seen: Glance) -> None:
    seen.bold.append(node)
    _note_words(node, seen)


def _note_small(node: Node, seen: Glance) -> None:
    text = words(node)
    if len(text) < _HEADER and has_date(text):
        seen.dates.append((_TAGGED, node))


def _note_words(node: Node, seen: Glance) -> None:
    text = node.text
    if text and "await" in text and _WAITING.search(text[:120]):
        seen.is_waiting = True


_NOTES: Mapping[object, Callable[[Node, Glance], None]] = {
    "a": _note_link,
    "time": _note_time,
    "abbr": _note_abbr,
    "cite": _note_cite,
    "b": _note_bold,
    "strong": _note_bold,
    "small": _note_small,
    "em": _note_words,
    "p": _note_words,
    "span": _note_words,
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), _note_heading),
}


@lru_cache(maxsize=4096)  # the comments of a page share a few class attributes
def _place(names: str) -> tuple[Role, int] | None:
    """What the class or id of an element says it is, with its rank."""
    said = roles(names)
    for role, rank in (
        (Role.NAME, _EXACT if "fn" in names.split() else _NAMED),
        (Role.ASIDE, int("awaiting" in names)),
        (Role.AUTHOR, _LABELLED),
        (Role.DATE, _LINKED),
        (Role.META, _LABELLED),
        (Role.BODY, _LABELLED),
    ):
        if role in said:
            return role, rank
    return None


def _note_named(node: Node, place: tuple[Role, int], seen: Glance) -> None:
    role, rank = place
    if role is Role.BODY:
        seen.bodies.append(node)
    elif role is Role.NAME or role is Role.AUTHOR:
        seen.authors.append((rank, node))
    elif role is Role.ASIDE:
        seen.asides.append(node)
        seen.is_waiting |= bool(rank)
    else:
        seen.dates.append((rank, node))


def _within(node: Node, held: Set[Node], top: Node) -> bool:
    """Whether a node stands in one of the nodes held, up to the top of its box."""
    above: Node | None = node
    while above is not None and above is not top:
        if above in held:
            return True
        above = above.getparent()
    return False


def _leads(link: Node) -> bool:
    """Whether a link stands at the start of its line, as in "Pingback: X"."""
    around = link.getparent()
    before = (around.text or "") if around is not None else ""
    return link.getprevious() is None and len(before.strip()) < _LABEL
