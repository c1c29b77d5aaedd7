"""The title of the post on a single page: the element whose words the <title> repeats."""

from __future__ import annotations

from collections.abc import Iterator, Set

from lxml.etree import _Element as Node

from archiver.extractors.wordpress.facts import Facts
from archiver.extractors.wordpress.index import Sign
from archiver.extractors.wordpress.prose import letters, words
from archiver.urls import resolve

# Boxes that bear the blog's own name; "entry-header" and its like hold the post's title.
_MASTHEADS = frozenset(
    ("header", "masthead", "branding", "banner", "top", "logo", "head", "headerimg", "topbar")
)
_MASTHEADS |= frozenset(
    ("site-header", "site-branding", "site-title", "site-name", "sitename", "blog-title")
)
_MASTHEADS |= frozenset(("navbar", "footer", "colophon"))


def headline(facts: Facts, zones: Set[Node]) -> Node | None:
    """The title's element, None where no words of the page stand in its <title>.

    Of several the one that says most: a title is a part of <title>, and so may be one word of it.
    """
    spoken = letters(facts.title)
    best, most = None, 1
    for node in _candidates(facts):
        said = letters(words(node))
        if len(said) > most and said in spoken and not _is_elsewhere(node, facts, zones):
            best, most = node, len(said)
    return best


def _candidates(facts: Facts) -> Iterator[Node]:
    yield from facts.index.by_sign.get(Sign.TITLE, ())
    for heading in facts.index.headings:
        yield heading
        yield from heading.iter("a")
    yield from (link for link in facts.anchors if "bookmark" in link.get("rel", ""))


def _is_elsewhere(node: Node, facts: Facts, zones: Set[Node]) -> bool:
    """Whether a candidate stands beside the post or names the blog: its link leads home."""
    for above in (node, *node.iterancestors()):
        if above in zones:
            return True
        boxes = f"{above.get('id', '')} {above.get('class', '')}".lower().split()
        if not _MASTHEADS.isdisjoint(boxes) and above.tag != "body":
            return True
    link = node if node.tag == "a" else next(node.iter("a"), None)
    if link is None:
        return False
    href = resolve(facts.page.url, link.get("href")) or ""
    return link.get("rel") == "home" or href.rstrip("/") in facts.homes
