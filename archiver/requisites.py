"""What a page or style sheet needs to look as it did: images, styles, scripts, fonts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from lxml.etree import XPath
from lxml.etree import _Element as Node

from archiver.model import Url
from archiver.page import Page
from archiver.urls import resolve

# Lazy loaders put the address where no browser looks: jQuery Lazy Load (data-original), WP
# Rocket and a3 (data-lazy-src), lazysizes (data-src, data-srcset), Blogger themes (data-src).
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-hi-res-src")
_LAZY_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_ADDRESSES: dict[str, tuple[str, ...]] = {
    "audio": ("src",),
    "bgsound": ("src",),
    "body": ("background",),
    "embed": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", *_LAZY, "lowsrc", "dynsrc"),
    "input": ("src",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", *_LAZY),
    "table": ("background",),
    "tbody": ("background",),
    "td": ("background",),
    "th": ("background",),
    "tr": ("background",),
    "track": ("src",),
    "video": ("src", "poster", *_LAZY),
}
_SETS = frozenset(("img", "source"))
_LINK_RELATIONS = frozenset(
    {"stylesheet", "icon", "shortcut", "apple-touch-icon", "apple-touch-icon-precomposed"}
    | {"mask-icon", "fluid-icon", "preload", "modulepreload", "image_src"}
)
_MOVIE_PARAMETERS = frozenset({"movie", "src", "filename", "url"})
_STYLES = XPath("//@style[contains(., '(')]", smart_strings=False)
_FRAMES = XPath("//iframe/@src | //frame/@src | //iframe/@data-src", smart_strings=False)

# WHATWG HTML 4.8.4.2.1: commas separate candidates, but an address may hold commas inside.
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*[^\s,]|[^\s,])(?:\s[^,(]*(?:\([^)]*\)[^,]*)?)?")
_CSS = re.compile(
    r"/\*.*?(?:\*/|\Z)"  # comments first, so that nothing inside them is read
    r"|@namespace\b[^;]*"  # a name, not an address
    r"|@import\s+(?P<import>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|\burl\(\s*(?P<url>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|(?:[^)\s\"'\\]|\\.)*)"
    r"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'",  # other strings: content: "url(x)"
    re.IGNORECASE | re.DOTALL,
)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|\r?\n|(.))", re.DOTALL)


def of_page(page: Page) -> Iterator[Url]:
    """Addresses of a page's requisites, absolute and each once; frames are `frames_of`."""
    yield from _unique(page.base_url, _found(page))


def frames_of(page: Page) -> Iterator[Url]:
    """Addresses of a page's frames: documents in their own right, some with posts or comments."""
    yield from _unique(page.base_url, _strings(_FRAMES, page.tree))


def of_css(text: str, base: str) -> Iterator[Url]:
    """What a style sheet at `base` asks for (@import, images, fonts), each once, in order."""
    yield from _unique(base, _css_addresses(text))


def _unique(base: str, addresses: Iterator[str]) -> Iterator[Url]:
    urls = (resolve(base, address) for address in dict.fromkeys(addresses))
    yield from dict.fromkeys(url for url in urls if url is not None)


def _found(page: Page) -> Iterator[str]:
    for node in page.tree.iter(*_ADDRESSES, "link", "param", "style"):
        if node.tag == "style":
            yield from _css_addresses(node.text or "")
        else:
            yield from _attributes(node)
    for style in _strings(_STYLES, page.tree):
        yield from _css_addresses(style)


def _strings(expression: XPath, node: Node) -> Iterator[str]:
    yield from cast(list[str], expression(node))


def _attributes(node: Node) -> Iterator[str]:
    name = str(node.tag)
    if name == "link":
        if _LINK_RELATIONS.intersection((node.get("rel") or "").lower().split()):
            yield node.get("href") or ""
            yield from _candidates(node.get("imagesrcset") or "")
    elif name == "param":
        if (node.get("name") or "").lower() in _MOVIE_PARAMETERS:
            yield node.get("value") or ""
    elif name != "input" or (node.get("type") or "").lower() == "image":
        for attribute in _ADDRESSES.get(name, ()):
            if address := node.get(attribute):
                yield address
        if name in _SETS:
            for attribute in _LAZY_SETS:
                yield from _candidates(node.get(attribute) or "")


def _candidates(srcset: str) -> Iterator[str]:
    return (found[1] for found in _CANDIDATE.finditer(srcset))


def _css_addresses(text: str) -> Iterator[str]:
    for found in _CSS.finditer(text):
        address = found["url"] if found["import"] is None else found["import"]
        if address:
            quoted = address[0] in "\"'"
            yield _CSS_ESCAPE.sub(_unescaped, address[1:-1] if quoted else address)


def _unescaped(escape: re.Match[str]) -> str:
    """The character that a CSS escape stands for.  Source: CSS Syntax 3, 4.3.7"""
    if escape[1]:
        code = int(escape[1], 16)
        return chr(code) if 0 < code < 0x110000 else "\ufffd"
    return escape[2] or ""
