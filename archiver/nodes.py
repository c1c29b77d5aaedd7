"""Small questions about lxml nodes that every extractor asks. Read-only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from lxml.cssselect import CSSSelector
from lxml.etree import XPath
from lxml.etree import _Element as Node

Select = Callable[[Node], list[Node]]


def css(selector: str) -> Select:
    """A compiled CSS selector; called with a node it returns matches below it in page order."""
    return cast("Select", CSSSelector(selector))


def xpath(expression: str) -> Select:
    """A compiled XPath that selects nodes."""
    return cast("Select", XPath(expression, smart_strings=False))


def strings(expression: str) -> Callable[[Node], list[str]]:
    """A compiled XPath that selects attributes or texts, which do not keep the tree alive."""
    return cast("Callable[[Node], list[str]]", XPath(expression, smart_strings=False))


def attribute(node: Node | None, name: str) -> str:
    """An attribute's value; "" when it, or the node, is absent."""
    return str(node.get(name) or "") if node is not None else ""


def first(nodes: list[Node]) -> Node | None:
    """The first node, or None."""
    return nodes[0] if nodes else None


def classes(node: Node) -> list[str]:
    """Class tokens of a node."""
    return (node.get("class") or "").split()


def has_class(node: Node, *names: str) -> bool:
    """Whether a node carries any of these class tokens."""
    return not set(names).isdisjoint(classes(node))


def text(node: Node | None) -> str:
    """All text below a node, runs of whitespace made one space; "" for None and comments."""
    if node is None or not isinstance(node.tag, str):
        return ""
    return " ".join("".join(_strings(node)).split())


def _strings(node: Node) -> Iterator[str]:
    # itertext would yield the text of comments and processing instructions, too.
    return cast("Iterator[str]", node.itertext("*"))


def text_before(node: Node, stop: Node | None) -> str:
    """Text below `node` up to its descendant `stop` (all of it when `stop` is None)."""
    parts: list[str] = []
    _collect_before(node, stop, parts)
    return " ".join("".join(parts).split())


def _collect_before(node: Node, stop: Node | None, parts: list[str]) -> bool:
    if isinstance(node.tag, str):
        parts.append(node.text or "")
    for child in node:
        if child is stop or _collect_before(child, stop, parts):
            return True
        parts.append(child.tail or "")
    return False


def preceding_siblings_until(node: Node, is_stop: Callable[[Node], bool]) -> tuple[Node, ...]:
    """Siblings before `node`, in page order, back to the nearest one that stops (excluded)."""
    found: list[Node] = []
    for sibling in node.itersiblings(preceding=True):
        if is_stop(sibling):
            break
        found.append(sibling)
    return tuple(reversed(found))


def following_siblings_until(node: Node, is_stop: Callable[[Node], bool]) -> tuple[Node, ...]:
    """Siblings after `node`, in page order, up to the nearest one that stops (excluded)."""
    found: list[Node] = []
    for sibling in node.itersiblings():
        if is_stop(sibling):
            break
        found.append(sibling)
    return tuple(found)
