"""Who and when in a "submitted" line: RDFa and markup first, the words of the line after.

Drupal 7 and early 8 state in RDFa what the line cuts short: names over 20 characters and offsets.
"""

from __future__ import annotations

import re

from lxml.etree import _Element as Node

from archiver.bylines import read
from archiver.drafts import AuthorDraft, DateDraft
from archiver.elements import Elements
from archiver.model import Source
from archiver.nodes import attribute, has_class, text

_NAMES = (".username", "property=foaf:name", "property=schema:name")
_BOXES = (
    ".commenter-name",
    "cite",
    ".author",
    "rel=schema:author",
    ".comment__author",
    ".comment-author",
)
_STAMPS = ("property=dc:created", "property=dc:date", "property=schema:dateCreated", "time")
_DATES = (
    ".comment-time",
    ".comment__time",
    ".comment-date",
    ".date",
    ".datetime",
    ".submitted-date",
    ".timestamp",
    ".author__meta-date",
    ".field--name-created",
)
_PROFILE = re.compile(r"^(?:https?://[^/]+)?(?:/[^/]+)?/(?:user/(?!log|reg|pass)|users/)[^/?]+$")
_STATE = re.compile(r"^\s*\([^)]{3,40}\)")
_TOOLS = frozenset({"form", "ul", "script", "style", "button"})


def people(every: Elements, line: Node, outside: tuple[Node, ...] = ()) -> tuple[AuthorDraft, ...]:
    """Everybody that a line marks up, each name once."""
    found: dict[str, AuthorDraft] = {}
    for named in every.find(*_NAMES, inside=line, outside=outside):
        link = named if named.tag == "a" else every.first("a", inside=named)
        if _is_person(named):
            _note(found, named, link, text(named))
    for box in every.find(*_BOXES, inside=line, outside=outside) if not found else ():
        link = box if box.tag == "a" else every.first("a", inside=box)
        is_line = len(box) > 0 and has_class(box, "author", "comment-author", "comment__author")
        _note(found, box, link, text(link) if is_line else text(box))
    if not found:
        for link in every.find("a", inside=line, outside=outside):
            if _PROFILE.match(attribute(link, "href")) or "profile" in attribute(link, "title"):
                _note(found, link, link, text(link))
    return tuple(found.values())


def _is_person(named: Node) -> bool:
    """Nodes and comments have names, too, in the vocabulary of Drupal 8."""
    return named.get("property") != "schema:name" or "Person" in attribute(named, "typeof")


def _note(found: dict[str, AuthorDraft], named: Node, link: Node | None, shown: str) -> None:
    words = named.get("content") or shown
    if words:
        state = _STATE.match(named.tail or "")
        said = f"{words} {state.group(0).strip()}" if state else words
        found.setdefault(words, AuthorDraft(text=said, href=attribute(link, "href") or None))


def named_in(line: Node) -> AuthorDraft | None:
    """The name in the words of a line, with the state that Drupal 6 writes after it."""
    words = line_text(line)
    byline = read(words)
    if byline is None or not byline.name:
        return None
    state = _STATE.match(words.partition(byline.name)[2])
    said = f"{byline.name} {state.group(0).strip()}" if state else byline.name
    link = next((node for node in line.iter("a") if text(node) == byline.name), None)
    return AuthorDraft(text=said, href=attribute(link, "href") or None)


def stated_when(every: Elements, line: Node, outside: tuple[Node, ...] = ()) -> DateDraft | None:
    """The date that a line marks up: RDFa, <time>, or an element for it."""
    for stamp in every.find(*_STAMPS, inside=line, outside=outside):
        machine = stamp.get("content") or stamp.get("datetime")
        if machine:
            return DateDraft(text=text(stamp) or None, machine=machine, source=Source.MACHINE)
    for dated in every.find(*_DATES, inside=line, outside=outside):
        words = line_text(dated)
        if any(c.isdigit() for c in words):
            return DateDraft(text=words)
    return None


def worded_when(line: Node) -> DateDraft | None:
    """The date in the words of a line."""
    words = line_text(line)
    byline = read(words)
    if byline is not None and byline.date:
        at = words.find(byline.date)
        return DateDraft(text=words[at:] if at >= 0 else byline.date)
    words = words.strip(" .|,–—-")
    return DateDraft(text=words) if len(words) < 60 and any(c.isdigit() for c in words) else None


def line_text(line: Node) -> str:
    """The words of a line without the votes and links that modules put into it."""
    parts: list[str] = []
    _collect(line, parts)
    return " ".join("".join(parts).split())


def _collect(node: Node, parts: list[str]) -> None:
    parts.append(node.text or "")
    for child in node:
        if isinstance(child.tag, str) and child.tag not in _TOOLS:
            _collect(child, parts)
        parts.append(child.tail or "")
