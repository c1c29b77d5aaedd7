"""Posts in several parts (<!--nextpage-->): which part a page is, and where the others are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Node

from archiver.extractors.wordpress.facts import Facts
from archiver.extractors.wordpress.index import Sign
from archiver.extractors.wordpress.prose import words

_PART = re.compile(r"(?:/|[?&]page=)(\d{1,3})/?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a post; `count` None where the post has one."""

    number: int = 1
    count: int | None = None
    hrefs: tuple[str, ...] = ()


def parts(facts: Facts) -> Parts:
    """What the links between the parts of a post say."""
    url = facts.page.url
    bases = {_trimmed(base) for base in (url, facts.permalink) if base}
    bases |= {_trimmed(_PART.sub("", base)) for base in bases}
    found: dict[int, str] = {}
    for link, text in _numbered(facts):
        href = link.get("href", "").strip()
        stated = _PART.search(href.partition("#")[0])
        if stated and stated[1] in text and _leads_back(href, stated, bases):
            found[int(stated[1])] = href
    if not found:
        return Parts()
    own = _PART.search(_trimmed(url))
    starts = {_trimmed(_PART.sub("", _trimmed(href))) for href in found.values()}
    is_part = own is not None and _trimmed(_PART.sub("", _trimmed(url))) in starts
    number = int(own[1]) if own is not None and is_part else 1
    return Parts(number=number, count=max(*found, number), hrefs=tuple(found.values()))


def _numbered(facts: Facts) -> Iterator[tuple[Node, str]]:
    """Links in boxes made for them; until 3.x <p>Pages: 1 <a href="…/2/">2</a></p>."""
    boxes = facts.index.by_sign.get(Sign.PARTS, [])
    for box in boxes:
        for link in box.iter("a"):
            yield link, words(link)
    if not boxes:
        for link in facts.anchors:
            text = (link.text or "").strip()
            if len(text) < 3 and text.isdigit():
                parent = link.getparent()
                if parent is not None and parent.tag == "p":
                    yield link, text


def _leads_back(href: str, stated: re.Match[str], bases: Iterable[str]) -> bool:
    return not href.startswith("http") or _trimmed(href[: stated.start()]) in bases


def _trimmed(url: str) -> str:
    return url.partition("#")[0].rstrip("/")
