"""Ghost: Casper of all years and themes with its class names; pages have no comments of their own.

Seen: pages of 6.10 and 6.22. Source: TryGhost/Casper post.hbs, index.hbs
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind, Source
from archiver.nodes import attribute, classes, css, first, has_class, strings, text
from archiver.page import Page

_GENERATOR = re.compile(r"Ghost(?:\s+\d|$)")
_BODY = css("body")
_TITLES = (
    css("h1.post-title, h1.article-title, h1.gh-article-title, h1.post-full-title"),
    css("h1.single-title, h1.gh-title, article h1, h1"),
)
_TEXTS = (
    css(".gh-content"),
    css(".post-full-content .post-content, section.post-content, article .post-content"),
    css(".article-content, .single-content, .post-body, .c-content, .content-body, .post-content"),
)
_AUTHORS = css(
    ".author-name a, .author-name, .post-authors a[href*='/author/'], .byline a[href*='/author/'],"
    " .gh-article-author-name a, .gh-author-name-list a, .post-author-name a,"
    " .post-meta a[href*='/author/'],"
    " header a[href*='/author/'], article a[href*='/author/']"
)
_ABOVE = css("header time[datetime], .post-meta time[datetime], article time[datetime]")
_TAGS = css(
    ".article-tag a, .post-tags a, .post-full-meta a[href*='/tag/'], .post-meta a[href*='/tag/'],"
    " .gh-article-tag, .gh-article-meta a[href*='/tag/'], header a[href*='/tag/']"
)
# Themes put author and date, share buttons and invitations into the text's box.
_FURNITURE = css(
    ".gh-article-meta, .post-share-section, .post-share, .kg-signup-card, .gh-post-upgrade-cta,"
    " .post-upgrade-cta"
)
_GATE = css(".gh-post-upgrade-cta, .post-upgrade-cta")
_CARDS = css("article.post-card, article.gh-card, article.post, article.gh-feed-item")
_CARD_TITLE = css(".post-card-title, .gh-card-title, .post-title, h2, h3")
_CARD_LINK = css("a.post-card-content-link, a.gh-card-link, .post-title a, h2 a, a[href]")
_CARD_EXCERPT = css(".post-card-excerpt, .gh-card-excerpt, .post-excerpt")
_TIME = css("time[datetime]")
_CARD_AUTHOR = css("a[href*='/author/'], .gh-card-author, .author-list-item .author-name-tooltip")
_PUBLISHED = strings("//meta[@property='article:published_time']/@content")
_WRITTEN_BY = strings(
    "//meta[@name='twitter:label1' and @content='Written by']/following-sibling::meta"
    "[@name='twitter:data1'][1]/@content"
)
_KINDS = {
    "post-template": PageKind.POST,
    "page-template": PageKind.POST,
    "home-template": PageKind.HOME,
    "tag-template": PageKind.ARCHIVE,
    "author-template": PageKind.ARCHIVE,
    "paged": PageKind.ARCHIVE,
}


class Ghost(Extractor):
    """One post by its body class, or the cards of a listing."""

    name: ClassVar[str] = "ghost"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if _GENERATOR.match(page.generator):
            return Claim(score=0.95, because="generator")
        if page.generator:
            return NO_CLAIM
        if b"gh-content" in page.body and b"gh-canvas" in page.body:
            return Claim(score=0.8, because="text boxes of Ghost themes")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        body = first(_BODY(page.tree))
        for name in classes(body) if body is not None else ():
            if name in _KINDS:
                return _KINDS[name]
        if _PUBLISHED(page.tree):
            return PageKind.POST
        return PageKind.ARCHIVE if len(_CARDS(page.tree)) > 1 else None

    def posts(self, page: Page) -> Iterator[PostDraft]:
        if self.kind(page) is PageKind.POST:
            draft = _single(page)
            if draft is not None:
                yield draft
            return
        for card in _CARDS(page.tree):
            yield _card(card)


def _single(page: Page) -> PostDraft | None:
    body = next((node for texts in _TEXTS for node in texts(page.tree)), None)
    if body is None:
        return None
    outer = page.tree.find("body")
    is_page = outer is not None and has_class(outer, "page-template")
    return PostDraft(
        title=next((node for titles in _TITLES for node in titles(page.tree)), None),
        authors=_authors(page, body),
        published=_published(page, body),
        body=body,
        exclude=tuple(_FURNITURE(body)),
        tags=tuple(
            text(node)
            for node in _TAGS(page.tree)
            if not _is_in(node, body) and not _is_elsewhere(node)
        ),
        kind="page" if is_page else "entry",
        is_truncated=bool(_GATE(page.tree)),
    )


def _is_in(node: Node, body: Node) -> bool:
    for above in node.iterancestors():
        if has_class(above, "gh-article-meta"):
            return False
        if above is body:
            return True
    return False


def _authors(page: Page, body: Node) -> tuple[AuthorDraft, ...]:
    found: dict[str, AuthorDraft] = {}
    for node in _AUTHORS(page.tree):
        if text(node) and not _is_in(node, body) and not _is_elsewhere(node):
            link = node if node.tag == "a" else first(css("a")(node))
            person = AuthorDraft(text=text(node), href=attribute(link, "href") or None)
            found.setdefault(text(node), person)
    stated = _WRITTEN_BY(page.tree)
    if not found and stated:
        return (AuthorDraft(text=stated[0]),)
    return tuple(found.values())


def _is_elsewhere(node: Node) -> bool:
    """Whether a node belongs to the menu or to a card of another post below the text."""
    others = ("post-card", "gh-card", "read-next", "read-more", "gh-head", "site-header")
    return any(box.tag == "nav" or has_class(box, *others) for box in node.iterancestors())


def _published(page: Page, body: Node) -> DateDraft | None:
    """Templates state the day only; the head tells the instant in UTC."""
    stamp = next(
        (n for n in _ABOVE(page.tree) if not _is_in(n, body) and not _is_elsewhere(n)), None
    )
    exact = next(iter(_PUBLISHED(page.tree)), None)
    if exact:
        return DateDraft(text=text(stamp) or None, machine=exact, source=Source.MACHINE)
    if stamp is None:
        return None
    return DateDraft(
        text=text(stamp) or None, machine=attribute(stamp, "datetime"), source=Source.MACHINE
    )


def _card(card: Node) -> PostDraft:
    stamp = first(_TIME(card))
    people = [node for node in _CARD_AUTHOR(card) if text(node)][:1]
    date = None
    if stamp is not None:
        machine = attribute(stamp, "datetime")
        date = DateDraft(text=text(stamp), machine=machine, source=Source.MACHINE)
    return PostDraft(
        url=next((attribute(node, "href") for node in _CARD_LINK(card)), None),
        title=first(_CARD_TITLE(card)),
        authors=tuple(AuthorDraft(text=text(n), href=attribute(n, "href") or None) for n in people),
        published=date,
        excerpt=first(_CARD_EXCERPT(card)),
        tags=tuple(name.removeprefix("tag-") for name in classes(card) if name.startswith("tag-")),
        is_truncated=True,
    )
