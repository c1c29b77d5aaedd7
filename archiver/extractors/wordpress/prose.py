"""Looking at lxml nodes: their words, their classes, and what of a box is prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Set
from html import escape
from typing import cast

from lxml.etree import XPath, tostring
from lxml.etree import _Element as Node

from archiver.drafts import Content

_STRING = cast("Callable[[Node], str]", XPath("string()", smart_strings=False))
_SHOWS = cast(
    "Callable[[Node], bool]",
    XPath("boolean(.//img | .//iframe | .//embed | .//object | .//video | .//audio)"),
)
_ISO = re.compile(r"\d{4}-?\d\d-?\d\d(?:[T ]|$)")
_WORD = re.compile(r"\w")
# Elements that hold words of their own, as opposed to those that stand inside a line.
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _HEADINGS | frozenset(
    ("p", "div", "blockquote", "ul", "ol", "dl", "pre", "table", "section", "figure", "center")
)
_BLOCKS |= frozenset(("article", "main", "address", "iframe", "object", "embed", "video", "audio"))
SILENT = frozenset(("script", "style", "form", "input", "button", "select", "textarea", "nav"))


def words(node: Node) -> str:
    """The words of a node, white space collapsed."""
    return " ".join(_STRING(node).split())


def letters(text: str) -> str:
    """Letters and figures of a text in lower case: what is left when templates differ."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def runs(node: Node) -> Iterator[str]:
    """The runs of words that are a node's own, not its children's."""
    for run in (node.text, *(child.tail for child in node)):
        if run and (text := " ".join(run.split())):
            yield text


def is_element(node: Node) -> bool:
    """False for HTML comments and processing instructions."""
    return isinstance(node.tag, str)


def names(node: Node) -> str:
    """Class and id of a node in one lower-case string that starts and ends with a blank."""
    return f" {node.get('class', '')} {node.get('id', '')} ".lower()


def descend(top: Node, stops: Collection[Node]) -> Iterator[Node]:
    """The elements under `top` in page order, without those in `stops` and what they hold."""
    pending = [top]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(
            child
            for child in reversed(node)
            if isinstance(child.tag, str) and child not in stops and child.tag not in SILENT
        )


def spine(heads: Iterable[Node], top: Node | None = None) -> set[Node]:
    """`heads` with their ancestors, up to and including `top` (None: all)."""
    found: set[Node] = set()
    for head in heads:
        node: Node | None = head
        while node is not None and node not in found:
            found.add(node)
            node = None if node is top else node.getparent()
    return found


def machine_date(node: Node) -> str | None:
    """A date for machines: datetime= of <time>, an ISO title= or content=."""
    stated = node.get("datetime")
    if stated:
        return stated
    for name in ("title", "content"):
        value = node.get(name)
        if value and _ISO.match(value):
            return value
    return None


def speaks(node: Node) -> bool:
    """Whether a node says or shows anything."""
    return bool(_STRING(node).strip()) or _SHOWS(node) or node.tag in ("img", "iframe")


def prose(box: Node, heads: Set[Node], above: Set[Node], stops: Set[Node]) -> Content | None:
    """What is left of a box without its `heads` (names, dates, links) and `stops`.

    First the blocks beside the heads; else the prose of the inner box that holds heads; else the
    loose words after the last head, as a string of HTML.  `above` is the `spine` of the heads.
    A list of `stops` (replies) is none of it either.
    """
    blocks = _blocks(box, above, stops)
    if blocks:
        return blocks[0] if len(blocks) == 1 else tuple(blocks)
    for child in box:
        if child in above and child not in heads:
            found = prose(child, heads, above, stops)
            if found is not None:
                return found
    return _loose(box, above, stops)


def _blocks(box: Node, above: Set[Node], stops: Set[Node]) -> list[Node]:
    """Children from the first block that says something to the last, up to the first stop."""
    found: list[Node] = []
    for child in box:
        if not isinstance(child.tag, str) or child in above or child.tag in SILENT:
            continue
        if child in stops or not stops.isdisjoint(child):
            if found:
                break
        elif found or (child.tag in _BLOCKS and speaks(child)):
            found.append(child)
    while found and (found[-1].tag in _HEADINGS or found[-1].tag not in _BLOCKS):
        found.pop()
    return found


def _loose(box: Node, above: Set[Node], stops: Set[Node]) -> str | None:
    """Words that stand in a box without a block of their own, after its last head."""
    parts: list[str] = [escape(box.text or "")]
    for child in box:
        if child in above:
            parts.clear()
        elif isinstance(child.tag, str) and child not in stops and child.tag not in SILENT:
            parts.append(tostring(child, encoding="unicode", with_tail=False))
        parts.append(escape(child.tail or ""))
    text = "".join(parts).strip()
    return text if _WORD.search(re.sub(r"<[^>]*>", "", text)) else None
