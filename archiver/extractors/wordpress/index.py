"""One pass over a WordPress page: which elements bear names that mean something.

The elements of a page share a few dozen class attributes, so each is judged once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from lxml.etree import _Element as Node

_COMMENT = re.compile(r"^(?:li-|div-)?comment[-_]?(\d+)$", re.IGNORECASE)
_POST = re.compile(r"^(?:post|entry|page)-?(\d+)$")


class Sign(StrEnum):
    """What a class or id says an element is."""

    ROOT = "root"  # the box of one post
    TEXT = "text"  # the text of a post, surely
    LOOSE = "loose"  # perhaps the text of a post
    ZONE = "zone"  # never part of a post: comments, sidebars, related posts
    COMMENTS = "comments"  # the comments of a post
    LIST = "list"  # the list in which they stand
    COUNT = "count"  # the heading above them
    CLOSED = "closed"  # the remark that they are closed
    PING = "ping"
    COMMENT = "comment"
    SITE = "site"
    TAGLINE = "tagline"
    TITLE = "title"
    PARTS = "parts"  # links to the parts of a post


_SIGNS: tuple[tuple[Sign, re.Pattern[str]], ...] = tuple(
    (sign, re.compile(rf"(?:{pattern})\Z"))
    for sign, pattern in (
        (
            Sign.ROOT,
            r"hentry|h-entry|type-post|type-page|wp-block-post|post-\d+"
            r"|(?:blog-?|single-?|news-?)?(?:post|article)"
            r"(?:[-_]?(?:wrapper|wrap|box|block|inner|container|single|item|area|entry|outer))?",
        ),
        (
            Sign.TEXT,
            r"entry[-_]?(?:content|text|body|main)|(?:posts?|story|article|single|blog|page)[-_]?"
            r"(?:content|text|body|entry|copy)|e-content|wp-block-post-content|td-post-content"
            r"|elementor-widget-theme-post-content",
        ),
        (Sign.LOOSE, r"entry|content|text|copy|main-content|the-content|storytext"),
        (
            Sign.ZONE,
            r"comments|respond|commentform|disqus_thread|trackbacks|comments-area|comment-respond"
            r"|comment-?list|wp-block-comments|widget|widget-?area|widgets|secondary|yarpp\S*"
            r"|(?:wp_)?related[\w-]*|jp-relatedposts|recentcomments"
            r"|(?:right|left|primary|secondary|main)?-?sidebars?[-_\w]*",
        ),
        (Sign.COMMENTS, r"comments|comments-area|wp-block-comments|commentarea"),
        (Sign.LIST, r"comment[-_]?list|comments[-_]?list|wp-block-comment-template"),
        (Sign.COUNT, r"comments?[-_]?title|comments[-_]headers?|comments-heading|commenttitle"),
        (Sign.CLOSED, r"no-?comments|comments-?closed|comments-off|comment-?closed"),
        (Sign.PING, r"pingback|trackback"),
        (Sign.COMMENT, r"comment"),
        (Sign.SITE, r"(?:site|blog)[-_]?title|wp-block-site-title"),
        (Sign.TAGLINE, r"(?:site|blog)-?description|tagline|wp-block-site-tagline|description"),
        (
            Sign.TITLE,
            r"(?:entry|posts?|story|article|page|news|blog|single)?[-_]?(?:title|headline)"
            r"|p-name|wp-block-post-title",
        ),
        (Sign.PARTS, r"page-links?|post-page-numbers|link-pages|pagelinks?|post-pagination"),
    )
)
_ANY = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in _SIGNS))


@lru_cache(maxsize=4096)
def signs(names: str) -> frozenset[Sign]:
    """All signs in a class attribute or an id."""
    return frozenset(
        sign for token in names.lower().split() for sign, pattern in _SIGNS if pattern.match(token)
    )


def post_number(value: str) -> str | None:
    """The number in an id or class such as "post-12"."""
    stated = _POST.match(value)
    return stated[1] if stated else None


def comment_number(node: Node) -> str | None:
    """The number in the id, or the name of an anchor, of a comment."""
    stated = _COMMENT.match(node.get("id") or node.get("name") or "")
    return stated[1] if stated else None


@dataclass(slots=True)
class Index:
    """Elements of a page by tag and by what their names say, each list in page order."""

    links: list[Node] = field(default_factory=list)  # <link>
    metas: list[Node] = field(default_factory=list)  # <meta>
    anchors: list[Node] = field(default_factory=list)  # <a>
    forms: list[Node] = field(default_factory=list)  # <form>
    headings: list[Node] = field(default_factory=list)  # <h1> to <h4>
    marks: list[tuple[str, Node]] = field(default_factory=list)  # comment number, element
    pings: list[Node] = field(default_factory=list)  # pings without a number
    roots: list[Node] = field(default_factory=list)
    texts: list[Node] = field(default_factory=list)
    loose: list[Node] = field(default_factory=list)
    zones: set[Node] = field(default_factory=set)
    by_sign: dict[Sign, list[Node]] = field(default_factory=dict)

    def first(self, sign: Sign) -> Node | None:
        """The first element with a sign."""
        return next(iter(self.by_sign.get(sign, ())), None)


_KEPT = frozenset(set(Sign) - {Sign.ROOT, Sign.TEXT, Sign.LOOSE, Sign.ZONE, Sign.PING})
_NO_SIGNS: frozenset[Sign] = frozenset()
_ROOT = frozenset((Sign.ROOT,))
_FRAMES = frozenset(("html", "body", "main"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
_FIELDS = frozenset(("input", "label", "textarea", "a", "img"))


def index(tree: Node) -> Index:
    """Look once at every element of a page."""
    found = Index()
    articles: list[Node] = []
    asides: list[Node] = []
    by_tag: dict[object, list[Node]] = {
        "a": found.anchors,
        "link": found.links,
        "meta": found.metas,
        "form": found.forms,
        **dict.fromkeys(_HEADINGS, found.headings),
        "article": articles,
        "aside": asides,
        "nav": asides,
    }
    for node in tree.iter():
        kept = by_tag.get(node.tag)
        if kept is not None:
            kept.append(node)
        classes, ident = node.get("class"), node.get("id")
        said = signs(classes) if classes else _NO_SIGNS
        if ident:
            said |= _note_id(node, ident, found)
        if said:
            _note(node, said, bool(ident), found)
    found.zones.update(asides)
    found.roots += [node for node in articles if node not in found.roots]
    for node in found.anchors:
        if node.get("name") and not node.get("id") and (number := comment_number(node)):
            found.marks.append((number, node))
    return found


def _note_id(node: Node, ident: str, found: Index) -> frozenset[Sign]:
    number = comment_number(node)
    if number is not None:
        if node.tag not in _FIELDS or node.tag == "a":
            found.marks.append((number, node))
        return _NO_SIGNS
    if post_number(ident):
        parent = node.getparent()
        if node.tag in _HEADINGS and parent is not None and parent.tag not in _FRAMES:
            if parent not in found.roots and parent.tag not in ("header", "hgroup"):
                found.roots.append(parent)  # Kubrick 1.5 numbers the heading, not the box
            return _NO_SIGNS
        return _ROOT
    return signs(ident)


def _note(node: Node, said: frozenset[Sign], has_id: bool, found: Index) -> None:
    tag = node.tag
    if Sign.PING in said and tag == "li" and not has_id:
        found.pings.append(node)
    if tag not in _FRAMES and tag not in _FIELDS:
        if Sign.ZONE in said:
            found.zones.add(node)
        elif Sign.TEXT in said:
            found.texts.append(node)
        elif Sign.ROOT in said:
            found.roots.append(node)
        elif Sign.LOOSE in said:
            found.loose.append(node)
    for sign in said & _KEPT:
        found.by_sign.setdefault(sign, []).append(node)
