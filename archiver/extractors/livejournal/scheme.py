"""Entry pages of the site's own scheme: no class names, but a line "@ DATE" above the entry.

Source: livejournal htdocs/talkread.bml (2001-2005) and the S2 layer s1shortcomings that copies it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from html import escape

from lxml.etree import _Element as Node
from lxml.etree import tostring

from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.elements import Elements, elements
from archiver.extractors.livejournal.addresses import Address
from archiver.extractors.livejournal.people import person
from archiver.nodes import attribute, text
from archiver.page import Page

_AT = re.compile(r"^@\s*\d{4}-\d\d-\d\d")
_INDENTED = re.compile(r"margin-left:\s*30px")


def scheme_entry(page: Page) -> Iterator[PostDraft]:
    """The entry of such a page; nothing where the page is another."""
    every, address = elements(page), Address(page.url)
    line = next((n for n in every.find("font", "div") if _AT.match(text(n))), None)
    body = _body(every, line) if line is not None else None
    if line is None or body is None:
        return
    title = _title(every, body)
    head = next(line.iterancestors("table"), line)
    author = person(every, head)
    yield PostDraft(
        native_id=address.entry,
        url=address.base,
        title=title,
        authors=(author or AuthorDraft(text=address.journal, profile_id=address.journal),),
        published=DateDraft(text=text(line).lstrip("@ "), trust_offset=False),
        body=body if body.tag == "ul" else _behind_heads(every, body, title),
        exclude=(*((title,) if title is not None else ()), *_currents(every, body)),
        tags=tuple(text(link) for link in every.find("rel=tag", inside=body)),
        count_includes_pings=False,
    )


def _body(every: Elements, line: Node) -> Node | None:
    """The list that the old scheme indents with, or the indented box of the new one."""
    for node in every.find("ul", "div"):
        if every.holds(node, line) or not text(node):
            continue
        if node.tag == "ul" or _INDENTED.search(attribute(node, "style")):
            return node
    return None


def _title(every: Elements, body: Node) -> Node | None:
    named = every.first(".entrytitle", inside=body)
    if named is not None:
        return named
    fonts = every.find("font", inside=body)
    return next((n for n in fonts if n.get("size") == "+1" and text(n)), None)


def _currents(every: Elements, body: Node) -> list[Node]:
    """The table "Current Mood: …" above the text."""
    tables = every.find("table", inside=body)
    return [table for table in tables if text(table).startswith("Current ")]


def _behind_heads(every: Elements, body: Node, title: Node | None) -> str:
    """The text without the lines of mood, music and tags, which stand loose above it."""
    if title is not None:
        return escape(title.tail or "") + _html(title.itersiblings())
    if (body.text or "").strip():
        return escape(body.text or "") + _html(body)
    return _html(itertools.dropwhile(lambda node: _is_head(every, node), body))


def _is_head(every: Elements, node: Node) -> bool:
    """A label such as "Current Mood:", the tags, or a line break behind them."""
    if node.tag == "br":
        following = node.getnext()
        is_label = following is not None and following.tag == "b"
        return is_label or not (node.tail or "").strip()
    is_label = node.tag == "b" and (node.text or "").strip().endswith(":")
    return is_label or (node.tag == "div" and bool(every.find("rel=tag", inside=node)))


def _html(nodes: Iterable[Node]) -> str:
    return "".join(tostring(node, encoding="unicode") for node in nodes)
