"""BeautifulSoup's reading of a document as an lxml tree, for what libxml2 cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from warnings import catch_warnings

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString
from bs4.exceptions import ParserRejectedMarkup
from lxml.etree import Element
from lxml.etree import _Element as Node

# Browsers nest 512 deep at most; what is deeper becomes a sibling, in page order.
_DEEPEST = 400
_UNCLOSED = 200
_MOST_TAGS = 50_000
_UNFIT_FOR_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")


def tree(text: str) -> Node | None:
    """An <html> root with everything that Python's html.parser finds; None where it gives up.

    Comments and declarations are left out. Without recursion: nesting has no limit here.
    """
    tags = text.count("<")
    if tags > _MOST_TAGS or tags > 2 * text.count(">") + _UNCLOSED:
        # For each tag without an end html.parser looks through the rest of the page again.
        return None
    try:
        with catch_warnings(action="ignore", category=UserWarning):
            soup = BeautifulSoup(text, "html.parser")
    except (ParserRejectedMarkup, RecursionError):
        # html.parser gives up on marked sections it does not know ("<![foo").
        return None
    root = Element("html")
    stack: list[tuple[Iterator[object], Node]] = [(iter(soup.contents), root)]
    while stack:
        children, node = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
        elif isinstance(child, Tag):
            inner = root if child.name == "html" else _append(node, child)
            _copy_attributes(child, inner)
            target = inner if len(stack) < _DEEPEST or child.name == "html" else node
            stack.append((iter(child.contents), target))
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            _append_text(node, _UNFIT_FOR_XML.sub("\ufffd", child))
    return root


def _append(node: Node, tag: Tag) -> Node:
    name = _fit(tag.name)
    inner = Element(name)
    node.append(inner)
    return inner


def _fit(name: str) -> str:
    """A name that XML allows: "o:p" and "<foo=bar>" become "o-p" and "foo-bar"."""
    if _NAME.fullmatch(name):
        return name
    return re.sub(r"[^A-Za-z0-9_.\-]", "-", name).lstrip("0123456789.-") or "unknown"


def _copy_attributes(tag: Tag, node: Node) -> None:
    for name, value in tag.attrs.items():
        text = " ".join(value) if isinstance(value, list) else str(value)
        if node.get(_fit(name)) is None:
            node.set(_fit(name), _UNFIT_FOR_XML.sub("\ufffd", text))


def _append_text(node: Node, text: str) -> None:
    if len(node):
        node[-1].tail = (node[-1].tail or "") + text
    else:
        node.text = (node.text or "") + text
