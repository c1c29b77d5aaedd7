"""A page as its readers saw it: lines of words, each with its place in the tree.

Old templates leave names, dates and texts loose between <br>s, so what belongs together there is
a run of lines and not an element.  A run can be cut out as HTML whatever elements it crosses.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape

from lxml import etree
from lxml.etree import _Element as Node

_BREAKING = frozenset(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt"  # noqa: SIM905 - reads better
    " fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 header hgroup hr"
    " html iframe legend li main menu nav object ol option p pre section select summary table"
    " tbody td tfoot th thead tr ul".split()
)
_SILENT = frozenset(
    {"script", "style", "noscript", "template", "head", "title", "textarea", "button"}
)
# Of elements that a run cuts through, these keep their meaning on what is left of them.
_KEPT = frozenset({"p", "blockquote", "pre", "code", "em", "i", "b", "strong", "li", "ul", "ol"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """One visual line: its words and characters [start, end) of the outline's text.

    `box` is the smallest element that holds all its words, `anchors` are the links in it,
    `heading` the heading that it belongs to, `link_share` the share of its characters in links.
    """

    index: int
    words: str
    start: int
    end: int
    box: Node
    anchors: tuple[Node, ...]
    heading: Node | None
    link_share: float


class Outline:
    """Elements of a tree in page order with the range of characters that each one holds."""

    def __init__(self, tree: Node) -> None:
        self.tree = tree
        walk = _Walk(tree)
        self.start, self.end = walk.start, walk.end
        self.lines: list[Line] = walk.lines
        self.text = "".join(walk.pieces)
        self._owners, self._silent = walk.owners, walk.silent
        self._children: dict[Node, tuple[list[Node], list[int]]] = {}

    @cached_property
    def anchored(self) -> dict[Node, int]:
        """Elements with an id or name, in page order, and the character where each begins."""
        return {
            node: place
            for node, place in self.start.items()
            if node.get("id") is not None or node.get("name") is not None
        }

    def within(self, start: int, end: int) -> list[Line]:
        """Lines that lie wholly among the characters [start, end)."""
        found = []
        for line in self.lines[bisect_left(self.lines, start, key=_start) :]:
            if line.end > end:
                break
            found.append(line)
        return found

    def anchors_within(self, start: int, end: int) -> list[Node]:
        """Elements with an id or name that begin among the characters [start, end]."""
        low = bisect_left(self._places, start)
        return self._anchors[low : bisect_right(self._places, end)]

    @cached_property
    def _anchors(self) -> list[Node]:
        return list(self.anchored)

    @cached_property
    def _places(self) -> list[int]:
        return list(self.anchored.values())

    def words(self, node: Node) -> str:
        """Text of an element with whitespace made single; "" for one outside the outline."""
        if node not in self.start:
            return ""
        return " ".join(self.text[self.start[node] : self.end[node]].split())

    def size(self, node: Node) -> int:
        """Characters in an element, whitespace included."""
        return self.end.get(node, 0) - self.start.get(node, 0)

    def around(self, node: Node, start: int, end: int) -> Node:
        """The smallest element from `node` up that holds the characters [start, end)."""
        while node is not self.tree and (self.start[node] > start or self.end[node] < end):
            above = node.getparent()
            if above is None:
                break
            node = above
        return node

    def html(self, start: int, end: int) -> str:
        """The HTML of the characters [start, end): whole elements as they are, cut ones rebuilt.

        Elements without words (images) belong to the run when they stand inside or at its edges.
        """
        top = self.around(self._owner_at(start), start, end)
        # An image right before the first word stands beside the element that holds the words.
        while top is not self.tree and (self.start[top], self.end[top]) == (start, end):
            above = top.getparent()
            if above is None:
                break
            top = above
        return "".join(self._cut(top, start, end)).strip()

    def _owner_at(self, place: int) -> Node:
        at = bisect_right(self._owners, place, key=lambda entry: entry[0]) - 1
        return self._owners[at][1] if at >= 0 else self.tree

    def _cut(self, node: Node, start: int, end: int) -> Iterator[str]:
        place = self.start[node]
        yield self._clip(node.text, place, start, end)
        children, starts = self._inside(node)
        first = max(0, bisect_left(starts, start) - 1)
        # Children follow each other, so only the last one before the run can reach into it.
        for child, low in zip(children[first:], starts[first:], strict=True):
            high = self.end.get(child, low)
            if low > end:
                break
            if child in self._silent or (child.tag == "br" and low in (start, end)):
                pass  # breaks before the first line and behind the last one are not its own
            elif start <= low and high <= end:
                yield etree.tostring(child, encoding="unicode", method="html", with_tail=False)
            elif low < end and high > start:
                inner = "".join(self._cut(child, start, end))
                kept = child.tag in _KEPT and inner.strip()
                yield f"<{child.tag}>{inner}</{child.tag}>" if kept else inner
            yield self._clip(child.tail, high, start, end)

    def _inside(self, node: Node) -> tuple[list[Node], list[int]]:
        """The children of an element and where each begins; found once per element."""
        if node not in self._children:
            places = {child: self._silent.get(child, self.start.get(child, 0)) for child in node}
            self._children[node] = (list(places), list(places.values()))
        return self._children[node]

    @staticmethod
    def _clip(words: str | None, place: int, start: int, end: int) -> str:
        if not words:
            return ""
        return escape(words[max(0, start - place) : max(0, end - place)], quote=False)


def _start(line: Line) -> int:
    return line.start


class _Walk:
    """One walk over a tree in page order; fills what the outline keeps."""

    def __init__(self, tree: Node) -> None:
        self.start: dict[Node, int] = {}
        self.end: dict[Node, int] = {}
        self.silent: dict[Node, int] = {}  # scripts, comments and the like: where they stand
        self.pieces: list[str] = []
        self.owners: list[tuple[int, Node]] = []
        self.lines: list[Line] = []
        self._length = 0
        self._path: list[Node] = []
        self._link: Node | None = None
        self._heading: Node | None = None
        self._clear()
        self._run(tree)
        self._break()

    def _clear(self) -> None:
        """Begin a new line."""
        self._words: list[str] = []
        self._from = self._length
        self._anchors: list[Node] = []
        self._linked = 0
        self._depth = self._lowest = len(self._path)
        self._box: Node | None = None
        self._over: Node | None = None

    def _run(self, tree: Node) -> None:
        stack: list[tuple[Node, bool]] = [(tree, False)]
        while stack:
            node, is_done = stack.pop()
            tag = node.tag
            if is_done:
                self._leave(node, str(tag))
            elif isinstance(tag, str) and tag not in _SILENT:
                self._enter(node, tag)
                stack.append((node, True))
                stack.extend([(child, False) for child in reversed(node)])
                continue
            else:
                self.silent[node] = self._length
            if node is not tree and node.tail:
                self._say(node.tail)

    def _enter(self, node: Node, tag: str) -> None:
        if tag in _BREAKING:
            self._break()
        self.start[node] = self._length
        self._path.append(node)
        if tag == "a" and node.get("href"):
            self._link = node
        elif tag in _HEADINGS and self._heading is None:
            self._heading = node
        if node.text:
            self._say(node.text)

    def _leave(self, node: Node, tag: str) -> None:
        if tag in _BREAKING:
            self._break()
        self.end[node] = self._length
        self._path.pop()
        self._lowest = min(self._lowest, len(self._path))
        if node is self._link:
            self._link = None
        elif node is self._heading:
            self._heading = None

    def _say(self, words: str) -> None:
        self.pieces.append(words)
        self.owners.append((self._length, self._path[-1]))
        self._length += len(words)
        if not words.isspace():
            self._depth = len(self._path) if self._box is None else min(self._depth, self._lowest)
            self._box = self._path[self._depth - 1]
            self._lowest = len(self._path)
            self._over = self._over if self._over is not None else self._heading
            if self._link is not None:
                self._linked += len(words)
                if self._link not in self._anchors[-1:]:
                    self._anchors.append(self._link)
        self._words.append(words)

    def _break(self) -> None:
        """End the line; one without words is none."""
        if self._box is not None:
            words = " ".join("".join(self._words).split())
            share = min(1.0, self._linked / max(1, len(words)))
            place = (len(self.lines), words, self._from, self._length)
            self.lines.append(Line(*place, self._box, tuple(self._anchors), self._over, share))
        self._clear()
