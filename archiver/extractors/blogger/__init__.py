"""Blogger and Blogspot: layouts of 2006 and later, classic templates of 2003-2006.

Seen: the layout template of widget version 1, classic template tags, saved pages of 2004-2020.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from archiver.drafts import BlogDraft, CommentDraft, FollowDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.extractors.blogger import comments, posts
from archiver.model import PageKind, Role
from archiver.nodes import css, first, strings, text, xpath
from archiver.page import Page

_SIGNS = re.compile(
    rb"blogger\.com/feeds/\d+/posts|blogger\.com/static/v1/widgets/|blogger\.com/comment\.g\?"
    rb"|_WidgetManager\._|blogblog\.com/dynamicviews|blogger\.com/comment/"
)
_NAMES = (b"blogger.com/", b"_WidgetManager._", b"blogblog.com/")
_PLACE = re.compile(r"\.blogspot\.[a-z.]+(?::\d+)?/")
_LISTING = re.compile(
    r"/search(?:/label/|\?|$)|/\d{4}(?:/\d\d)?/?$|_archive\.html$|/index\.html$|^https?://[^/]+/?(?:\?|$)"
)
_COMMENT_PAGE = re.compile(r"[?&]commentPage=(\d+)")
_TITLE = css("#header h1, #header-inner h1, .Header h1, h1.title, #blog-title, #header .title")
_TAGLINE = css(".Header .description, #header .description, #description")
_LINKS = xpath(".//a[@href]")
_PAGER = css("a.blog-pager-older-link, .paging-control-container a, a.blog-pager-newer-link")
_FEEDS = strings("//link[@rel='alternate' and contains(@type,'+xml')]/@href")
_SERVICES = {
    "blogger-dynamic-view": xpath("//script[contains(@src,'/dynamicviews/')]"),
}


class Blogger(Extractor):
    """Posts, comments in all three markups, labels, comment pages and feeds."""

    name: ClassVar[str] = "blogger"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if page.generator.lower().startswith("blogger"):
            return Claim(score=0.95, because="generator")
        if page.generator:
            return NO_CLAIM
        signs = set(_SIGNS.findall(page.body)) if any(n in page.body for n in _NAMES) else set()
        if len(signs) > 1 or (signs and _PLACE.search(page.url)):
            return Claim(score=0.75, because="Blogger widgets, feeds or comment form")
        if comments.has_block(page.tree) or (_PLACE.search(page.url) and page.once(posts.found)):
            return Claim(score=0.62, because="Blogger markup")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        if _COMMENT_PAGE.search(page.url):
            return PageKind.COMMENT_PAGE
        count = len(page.once(posts.found))
        if count > 1 or (count and _LISTING.search(page.url)):
            return PageKind.ARCHIVE
        return PageKind.POST if count else None

    def posts(self, page: Page) -> Iterator[PostDraft]:
        alone = self.kind(page) in (PageKind.POST, PageKind.COMMENT_PAGE)
        for node in page.once(posts.found):
            yield posts.draft(page, node, alone=alone)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        if self.kind(page) is PageKind.ARCHIVE:
            return
        paged = _COMMENT_PAGE.search(page.url)
        number = int(paged.group(1)) if paged else None
        yield from comments.drafts(page, number)

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        for node in _PAGER(page.tree):
            href = node.get("href") or ""
            paged = _COMMENT_PAGE.search(href)
            yield FollowDraft(href=href, role=Role.COMMENT_PAGE if paged else Role.LISTING)
        for href in _FEEDS(page.tree):
            if href.endswith("/posts/default"):
                # The feed holds the newest 25 unless told otherwise; 150 is what it gives at most.
                yield FollowDraft(href=f"{href}?max-results=150", role=Role.FEED)
            elif "/comments/default" in href and self.kind(page) is PageKind.POST:
                yield FollowDraft(href=f"{href}?max-results=500", role=Role.FEED)

    def blog(self, page: Page) -> BlogDraft:
        title = first(_TITLE(page.tree))
        link = first(_LINKS(title)) if title is not None else None
        services = tuple(name for name, found in _SERVICES.items() if found(page.tree))
        return BlogDraft(
            title=title,
            tagline=first(_TAGLINE(page.tree)),
            home=link.get("href") if link is not None and text(link) else None,
            feeds=tuple(href for href in _FEEDS(page.tree)),
            external_comments=services,
        )
