"""The elements of a page by what names them: one pass, then look-ups instead of searches.

A CSS selector walks the whole tree each time; an extractor asks dozens of such questions, and many
of them again for every comment.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import cast

from lxml.etree import _Element as Node

from archiver.page import Page

# Attributes whose words name an element, with the mark that their keys begin with.
_NAMING = (("class", "."), ("property", "property="), ("itemprop", "itemprop="), ("rel", "rel="))


class Elements:
    """All elements of a tree, by tag ("h2"), class (".title"), id ("#top") or RDFa words.

    Further keys are "property=dc:date", "itemprop=text" and "rel=tag". Read-only.
    """

    def __init__(self, root: Node) -> None:
        self._nodes: list[Node] = list(root.iter("*"))
        self._at: dict[Node, int] = {node: at for at, node in enumerate(self._nodes)}
        self._keys: dict[str, list[int]] = {}
        self._end = list(range(len(self._nodes)))
        self._read_names()
        for at in range(len(self._nodes) - 1, 0, -1):
            above = self._at[cast(Node, self._nodes[at].getparent())]
            if self._end[above] < self._end[at]:
                self._end[above] = self._end[at]

    def _read_names(self) -> None:
        lists = self._keys
        known: dict[str, list[list[int]]] = {}  # the lists of an attribute's words
        for at, node in enumerate(self._nodes):
            lists.setdefault(node.tag, []).append(at)
            named = node.get("id")
            if named:
                lists.setdefault(f"#{named}", []).append(at)
            for attribute, mark in _NAMING:
                value = node.get(attribute)
                if not value:
                    continue
                if (mark + value) not in known:
                    words = dict.fromkeys(value.split())
                    known[mark + value] = [lists.setdefault(mark + w, []) for w in words]
                for places in known[mark + value]:
                    places.append(at)

    def find(
        self, *names: str, inside: Node | None = None, outside: Iterable[Node] = ()
    ) -> list[Node]:
        """Elements that bear any of the names, in page order.

        Only those below `inside`, and none that is, or is in, an element of `outside`.
        """
        first, last = self._span(inside)
        found = {at for name in names for at in self._between(name, first, last)}
        holes = [(self._at[node], self._end[self._at[node]]) for node in outside]
        return [
            self._nodes[at]
            for at in sorted(found)
            if not any(start <= at <= end for start, end in holes)
        ]

    def first(
        self, *names: str, inside: Node | None = None, outside: Iterable[Node] = ()
    ) -> Node | None:
        """The first of what `find` finds."""
        return next(iter(self.find(*names, inside=inside, outside=outside)), None)

    def among(self, parts: Iterable[Node], *names: str) -> list[Node]:
        """Elements that bear any of the names and are, or stand in, one of the parts."""
        spans = [(at, self._end[at]) for at in map(self._at.__getitem__, parts)]
        found = {at for name in names for span in spans for at in self._between(name, *span)}
        return [self._nodes[at] for at in sorted(found)]

    def before(self, node: Node, *names: str) -> Node | None:
        """The last element before a node, in page order, that bears any of the names."""
        limit = self._at[node]
        found = [at for name in names for at in self._between(name, 0, limit - 1)[-1:]]
        return self._nodes[max(found)] if found else None

    def starting(self, *prefixes: str, inside: Node | None = None) -> Iterator[Node]:
        """Elements with an id or class that begins so ("#comment-", ".node--type-")."""
        first, last = self._span(inside)
        names = [name for name in self._keys if name.startswith(prefixes)]
        found = {at for name in names for at in self._between(name, first, last)}
        return (self._nodes[at] for at in sorted(found))

    def holds(self, outer: Node, inner: Node) -> bool:
        """Whether `inner` is `outer` or stands in it."""
        first = self._at[outer]
        return first <= self._at[inner] <= self._end[first]

    def outermost(self, nodes: Iterable[Node]) -> list[Node]:
        """Those of some nodes, in page order, that stand in no other of them."""
        found: list[Node] = []
        for node in nodes:
            if not found or not self.holds(found[-1], node):
                found.append(node)
        return found

    def _span(self, inside: Node | None) -> tuple[int, int]:
        if inside is None:
            return 0, len(self._nodes)
        at = self._at[inside]
        return at + 1, self._end[at]

    def _between(self, name: str, first: int, last: int) -> list[int]:
        found = self._keys.get(name)
        if not found:
            return []
        return found[bisect_left(found, first) : bisect_right(found, last)]


def elements(page: Page) -> Elements:
    """The elements of a page, read at the first call only."""
    return page.once(_read)


def _read(page: Page) -> Elements:
    return Elements(page.tree)
