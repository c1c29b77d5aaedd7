"""Bodies of posts and comments: a safe HTML fragment, plain text, links and media.

Nothing of the author's is lost: links, images, code, quotes, lists, tables and embeds stay, all
addresses absolute. What the template or a plugin put between is left out (`body_junk`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from html import unescape

import nh3
from lxml.etree import _Element as Node

from archiver.drafts import Content
from archiver.model import Body
from archiver.normalisers import markup
from archiver.normalisers.body_policy import KEPT, SCHEMES, is_inline
from archiver.normalisers.body_reader import Reader

_NOWHERE = "http://nowhere.invalid/"  # the addresses in a title are not kept
_EMPTY_BRACKETS = re.compile(r"\s*[(\[]\s*[)\]]?\s*$")


def clean(content: Content, base: str, *, exclude: Collection[Node] = ()) -> Body:
    """The body that nodes, or a string of HTML, hold; `base` makes addresses absolute.

    Several nodes are read in order with the text between them; text after the last one counts
    where that is inline ("<br>", "<a name>"), since it then stands in the same run. `exclude`
    names nodes that are not the author's; the text after such a node still is.
    """
    reader = _read(content, base, exclude)
    has_dropped = reader.drop_more_link()
    text = str(reader.words)
    if has_dropped:
        text = _EMPTY_BRACKETS.sub("", text)
    return Body(
        html=_sanitiser().clean("".join(reader.html)).strip(),
        text=text,
        links=tuple(reader.links),
        media=tuple(reader.media),
    )


def plain(content: Content) -> str:
    """The words of a title or excerpt on one line, entities resolved; "" when there are none.

    A title that is only a picture gives the picture's alternative text.
    """
    if isinstance(content, str) and "<" not in content:
        return " ".join(unescape(content).split())
    reader = _read(content, _NOWHERE, ())
    words = " ".join(str(reader.words).split())
    return words or " ".join(dict.fromkeys(m.alt for m in reader.media if m.alt))


def _read(content: Content, base: str, exclude: Collection[Node]) -> Reader:
    if isinstance(content, str):
        root = markup.parse(content).root
        body = root.find("body")
        reader = Reader(base, exclude, locate=False)
        reader.root(root if body is None else body, tail=False)
    else:
        nodes = content if isinstance(content, tuple) else (content,)
        reader = Reader(base, exclude, locate=True)
        for node in nodes[:-1]:
            reader.root(node, tail=True)
        for node in nodes[-1:]:
            reader.root(node, tail=len(nodes) > 1 and is_inline(node))
    return reader


@cache
def _sanitiser() -> nh3.Cleaner:
    """The allowlist as a browser's parser applies it: the last word on what is safe."""
    return nh3.Cleaner(
        tags=set(KEPT),
        attributes={tag: set(names) for tag, names in KEPT.items() if names},
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
