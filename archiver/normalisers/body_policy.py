"""Which elements and attributes of a body survive, which break lines, which are dropped whole."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lxml.etree import _Element as Node

from archiver.normalisers.body_junk import is_hiding, is_junk, is_share_link

_BARE = frozenset(
    ("b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup", "small", "tt",
     "kbd", "samp", "var", "q", "cite", "dfn", "mark", "ruby", "rt", "rp", "bdi", "p", "h1",
     "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "dl", "dt", "dd", "caption", "thead",
     "tbody", "tfoot", "tr", "figure", "figcaption", "div", "details", "summary", "table", "br",
     "hr")
)  # fmt: skip
# Attributes that survive, by element; every element that survives is a key.
KEPT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(_BARE, ()),
        **dict.fromkeys(("abbr", "acronym"), ("title",)),
        **dict.fromkeys(("code", "pre"), ("class",)),  # names the language of the code
        **dict.fromkeys(("td", "th"), ("colspan", "rowspan")),
        "a": ("href", "title"),
        "img": ("src", "alt", "title", "width", "height"),
        "ol": ("start", "type"),
        "li": ("value",),
        "time": ("datetime",),
        "bdo": ("dir",),
    }
)
SCHEMES = frozenset(
    ("http", "https", "ftp", "mailto", "news", "irc", "feed", "magnet", "xmpp", "tel")
)

DROPPED = frozenset(
    ("style", "noscript", "template", "form", "input", "select", "button", "textarea", "title",
     "head", "meta", "link", "base", "map", "area", "svg", "math", "canvas", "applet", "nav",
     "noembed", "noframes", "frameset", "datalist", "dialog")
)  # fmt: skip
PLAYERS = frozenset(("iframe", "object", "video", "audio"))
PARAGRAPHS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "dl", "table",
     "figure", "details")
)  # fmt: skip
LINES = frozenset(
    ("div", "li", "dt", "dd", "tr", "section", "article", "header", "footer", "aside", "main",
     "center", "figcaption", "caption", "summary", "address", "fieldset", "legend")
)  # fmt: skip
ALIASES = MappingProxyType(
    {"xmp": "pre", "listing": "pre", "section": "div", "article": "div", "center": "div"}
)
_INLINE = frozenset(KEPT) - PARAGRAPHS - LINES - {"thead", "tbody", "tfoot", "td", "th", "hr"}
_LONGEST_SHARE_BAR = 400  # characters, buttons' names and indents included
DEEPEST = 120  # nesting beyond this is broken markup; its words are kept, its elements not


def is_inline(node: Node) -> bool:
    """Whether an element stands in running text, so that the words after it belong to it."""
    return node.tag in _INLINE or node.tag in ("span", "font", "br", "img", "a")


def is_unwanted(node: Node) -> bool:
    """Whether an element is hidden or the template's."""
    names, identity, style = node.get("class"), node.get("id"), node.get("style")
    return (
        (names is not None and is_junk(names))
        or (identity is not None and is_junk(identity))
        or (style is not None and is_hiding(style, f"{names or ''} {identity or ''}"))
        or node.get("hidden") is not None
    )


def share_bars(root: Node) -> set[Node]:
    """Boxes below a body that hold share buttons and their label and nothing else.

    Two buttons at least, no other link, and few words: an author's paragraph with one link to
    tweet it stays.
    """
    buttons = [link for link in root.iter("a") if is_share_link(link.get("href") or "")]
    found: set[Node] = set()
    for button in buttons if len(buttons) > 1 else ():
        box = button.getparent()
        while box is not None and box is not root and _is_share_bar(box):
            found.add(box)
            box = box.getparent()
    return found


def _is_share_bar(box: Node) -> bool:
    links = [href for link in box.iter("a") if (href := link.get("href"))]
    return (
        len(links) > 1
        and all(map(is_share_link, links))
        and sum(len(text) for text in box.itertext()) <= _LONGEST_SHARE_BAR
    )
