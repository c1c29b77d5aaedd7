"""Pieces of a post, each as markup and as the words that a reader sees.

The words are built beside the markup, never read back from it, so that they can be held
against what an extractor read from the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

# wptexturize writes typographic characters as decimal references, never as themselves.
_TEXTURIZED = {ord(sign): f"&#{ord(sign)};" for sign in "–—‘’“”…"}


@dataclass(frozen=True, slots=True)
class Fragment:
    """Markup and the text that it shows."""

    html: str
    text: str

    def __add__(self, other: Fragment) -> Fragment:
        return Fragment(self.html + other.html, self.text + other.text)


NOTHING = Fragment("", "")


def texturize(text: str) -> str:
    """Escaped text with the character references that WordPress writes."""
    return escape(text, quote=False).translate(_TEXTURIZED)


def words(text: str) -> Fragment:
    """Plain words."""
    return Fragment(texturize(text), text)


def raw(text: str) -> Fragment:
    """Words whose typographic characters stand as themselves, as pasted text has them."""
    return Fragment(escape(text, quote=False), text)


def element(tag: str, content: Fragment = NOTHING, /, **attributes: str) -> Fragment:
    """Content inside an element; a trailing underscore of an attribute name is dropped."""
    given = "".join(f' {key.rstrip("_")}="{escape(v)}"' for key, v in attributes.items())
    return Fragment(f"<{tag}{given}>{content.html}</{tag}>", content.text)


def join(pieces: Iterable[Fragment], markup: str = "\n", text: str = "\n\n") -> Fragment:
    """The pieces in order with separators between them."""
    kept = list(pieces)
    return Fragment(
        markup.join(piece.html for piece in kept),
        text.join(piece.text for piece in kept if piece.text),
    )
