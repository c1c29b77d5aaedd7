"""Characters to a tree: libxml2 first, another reading where it would lose part of the page.

libxml2 stops at 256 open elements, drops texts of 10 MB, hides everything behind an unclosed
comment and puts what follows </html> beside the tree.  Source: measured with libxml2 2.14
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from html.entities import name2codepoint
from typing import cast

from lxml import etree
from lxml.etree import _Element as Node

from archiver.normalisers import encodings, souptree


class Parser(StrEnum):
    """Which reading made the tree."""

    LXML = "lxml"
    LXML_MENDED = "lxml-mended"  # libxml2 again, after what hid the rest of the page was closed
    HTML_PARSER = "html.parser"  # BeautifulSoup with Python's own parser
    EMPTY = "empty"  # neither markup nor text


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """A tree of elements whose root is always <html>, and how it was read."""

    root: Node
    parser: Parser


# Stands behind the document: where it is no element of the tree, the end was never read.
_END = "archived-to-here"
_END_TAG = f"<{_END}></{_END}>".encode()
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\r\f"))
_SPACED = bytes.maketrans(b"\f", b" ")
_NONCHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_CONTROL_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[12]|1[4-9]|2\d|3[01]|127|6553[45])"
    rb"|[xX]0*(?:[0-8bBcCeEfF]|1[\da-fA-F]|7[fF]|[fF]{3}[eEfF]))(?:;|(?![\da-fA-F]))"
)
# Elements whose content is text up to their end tag, and without one to the end of the page.
_SWALLOWING = ("title", "textarea", "style", "script", "iframe", "xmp", "noframes", "plaintext")
_DEEP = 200
_FORMATTING = frozenset(
    {"b", "big", "center", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)

_CDATA_OR_ENTITY = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|&([A-Za-z][A-Za-z0-9]{0,30});|&(?!#\w{1,8};)", re.DOTALL
)
_XML_ENTITIES = (b"amp", b"lt", b"gt", b"quot", b"apos")
_XML_START = re.compile(r"<\?xml\b|<(?:rss|feed|rdf:RDF|urlset|sitemapindex|opml)\b", re.I)
_FIRST_TAG = re.compile(r"<(?!html\b)[A-Za-z][\w:.\-]*[\s/>]", re.I)
_XML_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*>")
_UNFIT_FOR_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse(text: str) -> Markup:
    """The tree of an HTML document. Never raises, whatever the text is."""
    if not text or text.isspace():
        return Markup(root=etree.Element("html"), parser=Parser.EMPTY)
    plain = _parsed(text)
    if _took_all(plain):
        return Markup(root=plain, parser=Parser.LXML)
    mended = _parsed(_closed(text), is_huge=True)
    if _took_all(mended):
        _unwrap_deep_formatting(mended)
        return Markup(root=mended, parser=Parser.LXML_MENDED)
    readings = [(Parser.LXML, plain), (Parser.LXML_MENDED, mended)]
    if (soup := souptree.tree(text)) is not None:
        readings.append((Parser.HTML_PARSER, soup))
    parser, root = max(readings, key=lambda reading: _volume(reading[1]))
    return Markup(root=root, parser=parser)


def _parsed(text: str, is_huge: bool = False) -> Node:
    """libxml2's tree with the end mark in it, in one piece."""
    # Bytes, because lxml refuses a string with an XML encoding declaration.
    source = _fit_for_xml(text.encode("utf-8", "replace")) + _END_TAG
    try:
        # Not lxml.html's parser: its choice of a class costs more than the walk over an element.
        root = etree.fromstring(source, etree.HTMLParser(encoding="utf-8", huge_tree=is_huge))
    except (etree.LxmlError, ValueError):
        root = None
    if root is None:
        return etree.Element("html")
    _join(root)
    return cast(Node, root)


def _fit_for_xml(source: bytes) -> bytes:
    """The bytes without characters that lxml gives out but does not take back."""
    source = source.translate(_SPACED, _CONTROLS)
    for noncharacter in _NONCHARACTERS:
        if noncharacter in source:
            source = source.replace(noncharacter, b"\xef\xbf\xbd")
    return _CONTROL_REFERENCE.sub(b" ", source) if b"&#" in source else source


def _join(root: Node) -> None:
    """Move what stood after </html>, which libxml2 puts into trees of its own, into the body."""
    body, *others = root.findall("body") or [root]
    for each in [*others, *root.itersiblings()]:
        body.append(each)
        if each.tag in ("html", "body"):
            for part in each.findall("body"):
                _unwrap(part)
            _unwrap(each)


def _took_all(root: Node) -> bool:
    """Whether the end mark was read; it is taken out of the tree."""
    marks = list(root.iter(_END))
    for mark in marks:
        _insert_text(mark, mark.tail)
        _parent(mark).remove(mark)
    return bool(marks)


def _closed(text: str) -> str:
    """The text with what hides its end closed where the browsers of its time closed it.

    A comment without end was over at the next ">", a <title> or <textarea> at the next tag; a
    tag that the end of the file cuts in two is dropped.
    """
    if (cut := text.rfind("<")) > text.rfind(">"):
        text = text[:cut]
    comment = text.rfind("<!--")
    if comment >= 0 and text.find("-->", comment) < 0 and (end := text.find(">", comment)) >= 0:
        text = text[:comment] + text[end + 1 :]
    for name in _SWALLOWING:
        if (tag := _unclosed(text, name)) is None:
            continue
        if name == "plaintext":
            text = text[: tag.start()] + text[tag.end() :]
        else:
            at = text.find("<", tag.end())
            text = f"{text[:at]}</{name}>{text[at:]}" if at >= 0 else f"{text}</{name}>"
    return text


def _unclosed(text: str, name: str) -> re.Match[str] | None:
    """The last start tag of this name if no end tag follows it."""
    tags = list(re.finditer(rf"<{name}\b[^>]*>|</({name})\b", text, re.IGNORECASE))
    return tags[-1] if tags and tags[-1][1] is None else None


def _unwrap_deep_formatting(root: Node) -> None:
    """Drop formatting nested beyond use: a <font> per comment, never closed, nests for ever."""
    deep = []
    stack = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        if depth > _DEEP and node.tag in _FORMATTING:
            deep.append(node)
        stack.extend((child, depth + 1) for child in node)
    for node in deep:
        _unwrap(node)


def _unwrap(node: Node) -> None:
    """Put what an element holds in its place."""
    parent = _parent(node)
    _insert_text(node, node.text)
    if len(node):
        node[-1].tail = (node[-1].tail or "") + (node.tail or "") or None
    else:
        _insert_text(node, node.tail)
    node.tail = None
    at = parent.index(node)
    parent[at : at + 1] = list(node)


def _insert_text(node: Node, text: str | None) -> None:
    """Add text before an element."""
    if not text:
        return
    previous = node.getprevious()
    if previous is None:
        parent = _parent(node)
        parent.text = (parent.text or "") + text
    else:
        previous.tail = (previous.tail or "") + text


def _parent(node: Node) -> Node:
    return cast(Node, node.getparent())


def _volume(root: Node) -> int:
    """How much a tree holds: its text, and a few characters for every element."""
    elements = cast(float, root.xpath("count(.//*)"))
    return 8 * int(elements) + len(cast(str, root.xpath("string(.)", smart_strings=False)))


def parse_xml(body: bytes, content_type: str | None = None) -> Node | None:
    """The root of a feed, sitemap or other XML document; None for others and for broken XHTML.

    Strict first; then as feeds really are: junk before the start, HTML entities, characters XML
    forbids, a wrong or no encoding. External entities and DTDs are never loaded.
    """
    if not _has_foreign_entities(body):
        try:
            return etree.fromstring(body, _xml_parser(is_lenient=False))
        except (etree.LxmlError, ValueError):
            pass
    text = encodings.decode(body, content_type).text
    # PHP warnings before a feed are markup, too, so the usual roots are looked for first.
    start = _XML_START.search(text) or _FIRST_TAG.match(text.lstrip())
    if start is None:
        return None
    text = _XML_DECLARATION.sub("", start.string[start.start() :], count=1)
    source = _CDATA_OR_ENTITY.sub(_as_reference, _UNFIT_FOR_XML.sub("", text).encode())
    try:
        return etree.fromstring(source, _xml_parser(is_lenient=True))
    except (etree.LxmlError, ValueError):
        return None


def _xml_parser(is_lenient: bool) -> etree.XMLParser:
    return etree.XMLParser(
        recover=is_lenient,
        encoding="utf-8" if is_lenient else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )


def _has_foreign_entities(body: bytes) -> bool:
    """Whether "&nbsp;" and the like occur: with a DOCTYPE even a strict parser drops them."""
    return any(
        found[1] and found[1] not in _XML_ENTITIES for found in _CDATA_OR_ENTITY.finditer(body)
    )


def _as_reference(found: re.Match[bytes]) -> bytes:
    """An HTML entity as a number, a bare ampersand as an entity, CDATA as it is."""
    name = found[1]
    if name is None:
        return b"&amp;" if found[0] == b"&" else found[0]
    if name in _XML_ENTITIES:
        return found[0]
    code = name2codepoint.get(name.decode("ascii"))
    return b"&#%d;" % code if code else b"&amp;" + name + b";"
