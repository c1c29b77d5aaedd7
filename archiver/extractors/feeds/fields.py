"""The elements of RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0 under one set of names.

Sources: RSS 2.0 specification, RDF Site Summary 1.0 and its modules, RFC 4287 (Atom),
RFC 4685 (threading), wellformedweb.org CommentAPI; Atom 0.3 as Blogger and Movable Type wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from html import escape, unescape
from typing import cast
from urllib.parse import urljoin

from lxml.etree import QName, XPath, cleanup_namespaces, tostring
from lxml.etree import _Element as Node

_PREFIXES: Mapping[str, str] = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",  # 0.3
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://wellformedweb.org/CommentAPI/": "wfw",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
# Plain RSS has no namespace; 1.0, 0.90 and some 2.0 feeds put its elements into one.
_PLAIN = re.compile(r"http://purl\.org/rss/1\.0/$|http://(?:my\.netscape|backend\.userland)\.com")
_NO_NAME = QName("comment-or-instruction")
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:#\d+|#x[\da-f]+|\w+);", re.IGNORECASE)
_STRING = cast("Callable[[Node], str]", XPath("string()", smart_strings=False))
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def name(node: Node) -> str:
    """ "title", "dc:creator", "atom:link"; "?:x" in a namespace that feeds do not use."""
    tag = QName(node) if isinstance(node.tag, str) else _NO_NAME
    if tag.namespace is None or _PLAIN.match(tag.namespace):
        return str(tag.localname)
    return f"{_PREFIXES.get(tag.namespace, '?')}:{tag.localname}"


def words(node: Node) -> str:
    """The words of an element, white space collapsed."""
    return " ".join(_STRING(node).split())


class Fields:
    """The children of one feed, channel or entry by name, in document order."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._by_name: dict[str, list[Node]] = {}
        for child in node:
            self._by_name.setdefault(name(child), []).append(child)

    def all(self, *wanted: str) -> Iterator[Node]:
        """All children with one of the names, name by name."""
        for one in wanted:
            yield from self._by_name.get(one, ())

    def text(self, *wanted: str) -> str | None:
        """The first words found under the names, in the order of the names."""
        for node in self.all(*wanted):
            if found := words(node):
                return found
        return None

    def plain(self, *wanted: str) -> str | None:
        """Like `text`, with the entities resolved that many feeds escape twice."""
        found = self.text(*wanted)
        return unescape(found) if found else None

    def link(self, *rels: str) -> str | None:
        """The href of the first Atom link with one of the rels ("alternate" is the default)."""
        links = list(self.all("atom:link"))
        for rel in rels:
            for link in links:
                if link.get("rel", "alternate") == rel and link.get("href"):
                    return absolute(link, link.get("href", ""))
        return None


def absolute(node: Node, href: str) -> str:
    """An href against the xml:base of its element and those around it."""
    bases = [above.get(_XML_BASE, "") for above in (node, *node.iterancestors())]
    base = ""
    for part in reversed(bases):
        base = urljoin(base, part) if part else base
    return urljoin(base, href.strip()) if base else href.strip()


def content(node: Node) -> str:
    """The HTML that an element carries, whichever way it carries it."""
    kind, mode = node.get("type", ""), node.get("mode", "")
    inner = [child for child in node if isinstance(child.tag, str)]
    if inner and mode != "escaped":
        return _inline(inner[0] if len(inner) == 1 and name(inner[0]) == "xhtml:div" else node)
    text = _STRING(node).strip()
    if name(node).startswith("atom:") and kind in ("text", "text/plain", "") and mode != "escaped":
        return escape(text, quote=False)
    return text


def title(node: Node) -> str:
    """A title as HTML: RSS does not say whether "<" is markup or a letter."""
    text = " ".join(content(node).split())
    if name(node).startswith("atom:") or _MARKUP.search(text):
        return text
    return escape(text, quote=False)


def _inline(node: Node) -> str:
    """Inline XHTML as HTML without namespaces."""
    copy = deepcopy(node)
    for inner in copy.iter():
        if isinstance(inner.tag, str):
            inner.tag = QName(inner).localname
    cleanup_namespaces(copy)
    parts = [escape(copy.text or "", quote=False)]
    parts += [tostring(child, encoding="unicode", method="html") for child in copy]
    return "".join(parts).strip()
