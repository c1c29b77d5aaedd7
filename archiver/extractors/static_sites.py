"""Static generators: Jekyll, Hexo, Pelican and Hugo. Comments are kept by services elsewhere.

A generator does not tell its theme, so posts are taken only where a default theme or an open
format marks them, and a date is stated; the rest is left to the generic reader.
Source: jekyll/minima _layouts/post.html, hexojs/hexo-theme-landscape layout/_partial/article.ejs,
getpelican/pelican themes/simple and notmyidea; pages of Hugo 0.59-0.85 and Jekyll 3-4
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind, Source
from archiver.nodes import attribute, css, first, has_class, strings, text, xpath
from archiver.page import Page
from archiver.urls import permalink_identity, resolve

_ENTRIES = css(
    "article, .h-entry, .hentry, [itemtype$='BlogPosting'], ul.post-list > li, .post-list-item"
)
_TITLE = css(
    ".p-name, .entry-title, .article-title, .post-title, .post-link, [itemprop~=headline],"
    " header h1, header h2, h1, h2, h3"
)
_TEXTS = (
    css(".e-content, [itemprop=articleBody], .article-entry"),
    css(".entry-content, .post-content, .article-content"),
)
_STAMP = css("time.dt-published, time[itemprop=datePublished], .published[title], time[datetime]")
_DAY_WORDS = css(".post-meta, .post-date, .date")
_UPDATED = css("time.dt-modified, time.dt-updated, time[itemprop=dateModified]")
_AUTHORS = css(
    ".p-author, [itemprop=author], address a, .vcard.author .fn, .author a, a[rel~=author]"
)
_TAGS = css(
    "a[rel~=tag], a.p-category, .article-tag-list-link, a[href*='/tag/'], a[href*='/tags/']"
)
_CATEGORIES = css(".article-category-link, a[href*='/category/'], a[href*='/categories/']")
_BOOKMARK = css("a.u-url, a[rel~=bookmark], .post-link, .p-name a, a.article-title, h1 a, h2 a")
_MORE = css(".article-more-link, a.readmore, .read-more")
_PREVIOUS = css("#article-nav-older, a[rel=prev], a.prev, .previous a")
_NEXT = css("#article-nav-newer, a[rel=next], a.next, .next a")
_FACTS = ("post-info", "post-meta")
_FACT_LINES = css(".post-info, .post-meta")
_META_TAGS = strings("//head/meta[@name='tags']/@content")
_OWN_PARTS = xpath("./*[not(self::header or self::footer)]")


class _StaticSite(Extractor):
    """What the generators have in common: one article a page, or a list of them."""

    words: ClassVar[str]  # with which the generator's name begins

    def claim(self, page: Page) -> Claim:
        if page.generator.lower().startswith(self.words):
            return Claim(score=0.95, because="generator")
        if page.generator or not page.is_html:
            return NO_CLAIM
        return self._fingerprint(page)

    def _fingerprint(self, page: Page) -> Claim:
        """A claim by markup for pages that do not name their generator."""
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        drafts = list(self.posts(page))
        if not drafts:
            return None
        return PageKind.POST if len(drafts) == 1 and drafts[0].body else PageKind.ARCHIVE

    def posts(self, page: Page) -> Iterator[PostDraft]:
        found = [(entry, self.text(entry)) for entry in page.once(_entries)]
        # Without a text of its own a box is a teaser, and a teaser leads somewhere.
        found = [(entry, body) for entry, body in found if body or _BOOKMARK(entry)]
        whole = [(entry, body) for entry, body in found if body]
        if len(whole) == 1 and _is_shown(page, whole[0][0]):
            found = whole  # the others advertise further posts
        for entry, body in found:
            yield _draft(page, entry, body, is_alone=len(found) == 1)

    def text(self, entry: Node) -> tuple[Node, ...]:
        """The nodes that hold an entry's text."""
        return _text(entry)


class Jekyll(_StaticSite):
    """Theme minima and themes with its marks."""

    name: ClassVar[str] = "jekyll"
    version: ClassVar[int] = 1
    words: ClassVar[str] = "jekyll"

    def _fingerprint(self, page: Page) -> Claim:
        if b"Begin Jekyll SEO tag" in page.body:
            return Claim(score=0.9, because="comment of its SEO plugin")
        if b"post h-entry" in page.body and b"post-content e-content" in page.body:
            return Claim(score=0.6, because="article boxes of minima")
        return NO_CLAIM


class Hexo(_StaticSite):
    """Theme landscape."""

    name: ClassVar[str] = "hexo"
    version: ClassVar[int] = 1
    words: ClassVar[str] = "hexo"

    def _fingerprint(self, page: Page) -> Claim:
        if b"article-type-post" in page.body and b"article-entry" in page.body:
            return Claim(score=0.75, because="article boxes of landscape")
        return NO_CLAIM


class Hugo(_StaticSite):
    """Whatever Hugo themes mark in open formats."""

    name: ClassVar[str] = "hugo"
    version: ClassVar[int] = 1
    words: ClassVar[str] = "hugo"


class Pelican(_StaticSite):
    """Themes simple (the text stands loose between header and footer) and notmyidea."""

    name: ClassVar[str] = "pelican"
    version: ClassVar[int] = 1
    words: ClassVar[str] = "pelican"

    def _fingerprint(self, page: Page) -> Claim:
        if b"getpelican.com" in page.body and b'rel="bookmark"' in page.body:
            return Claim(score=0.7, because="link to Pelican and bookmarked titles")
        return NO_CLAIM

    def text(self, entry: Node) -> tuple[Node, ...]:
        """A marked box, else what stands between header and footer."""
        return _text(entry) or (tuple(_OWN_PARTS(entry)) if entry.tag == "article" else ())


def _is_shown(page: Page, entry: Node) -> bool:
    """Whether an entry is what its page is about: it links nowhere or to this page."""
    href = attribute(first(_BOOKMARK(entry)), "href")
    url = resolve(page.base_url, href) if href else page.url
    return url is not None and permalink_identity(url) == permalink_identity(page.url)


def _text(entry: Node) -> tuple[Node, ...]:
    return next((tuple(found[:1]) for texts in _TEXTS if (found := texts(entry))), ())


def _entries(page: Page) -> list[Node]:
    """Outermost boxes that state a day: pages of documentation do not."""
    found = [node for node in _ENTRIES(page.tree) if _stamp(node) is not None]
    return [node for node in found if not any(above in found for above in node.iterancestors())]


def _stamp(entry: Node) -> Node | None:
    stamp = first(_STAMP(entry))
    return stamp if stamp is not None else _day(entry)


def _day(entry: Node) -> Node | None:
    """Themes before minima 2 print the day in a span."""
    return next((n for n in _DAY_WORDS(entry) if any(c.isdigit() for c in text(n))), None)


def _draft(page: Page, entry: Node, body: tuple[Node, ...], *, is_alone: bool) -> PostDraft:
    title = first(_TITLE(entry))
    link = first(_BOOKMARK(entry))
    more = [node for part in body for node in _MORE(part)]
    tags = _words(entry, body, _TAGS(entry)) or (tuple(_META_TAGS(page.tree)) if is_alone else ())
    whole = is_alone and bool(body) and not more
    return PostDraft(
        url=attribute(link, "href") or None,
        title=title,
        authors=_authors(entry, body),
        published=_date(_stamp(entry)),
        updated=_date(first(_UPDATED(entry))),
        body=body or None,
        exclude=(*more, *(line for part in body for line in _FACT_LINES(part))),
        categories=_words(entry, body, _CATEGORIES(entry)),
        tags=tags,
        prev_url=attribute(first(_PREVIOUS(page.tree)), "href") or None if whole else None,
        next_url=attribute(first(_NEXT(page.tree)), "href") or None if whole else None,
        is_truncated=None if whole else bool(more) or not body,
    )


def _date(stamp: Node | None) -> DateDraft | None:
    if stamp is None:
        return None
    machine = attribute(stamp, "datetime") or attribute(stamp, "title")
    if not machine:
        return DateDraft(text=text(stamp).partition("•")[0])
    return DateDraft(text=text(stamp) or None, machine=machine, source=Source.MACHINE)


def _is_in(node: Node, parts: tuple[Node, ...]) -> bool:
    """Whether a node belongs to the text; notmyidea puts the line of facts inside it."""
    for above in (node, *node.iterancestors()):
        if has_class(above, *_FACTS):
            return False
        if above in parts:
            return True
    return False


def _words(entry: Node, body: tuple[Node, ...], links: list[Node]) -> tuple[str, ...]:
    return tuple(text(node) for node in links if not _is_in(node, body) and text(node))


def _authors(entry: Node, body: tuple[Node, ...]) -> tuple[AuthorDraft, ...]:
    found: dict[str, AuthorDraft] = {}
    for node in _AUTHORS(entry):
        if text(node) and not _is_in(node, body):
            link = node if node.tag == "a" else first(css("a")(node))
            found.setdefault(
                text(node), AuthorDraft(text=text(node), href=attribute(link, "href") or None)
            )
    return tuple(found.values())
