"""Textpattern: default forms of 4.0, 4.5 and 4.6, and the custom forms that most sites wrote.

What every site shares are the six-digit comment anchors (`c000091`) and the comment form.
Seen: pages of 2005-2007 with a port of Kubrick.
Source: textpattern/textpattern setup/txpsql.php of 4.0 and 4.5, setup/forms of 4.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from archiver.drafts import BlogDraft, CommentDraft, FollowDraft, PostDraft
from archiver.elements import elements
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.extractors.textpattern import comments
from archiver.extractors.textpattern.articles import Article, articles, has_form, is_single
from archiver.model import PageKind, Role
from archiver.nodes import attribute
from archiver.page import Page

_FORM = re.compile(rb"[\"' ]txpComment(?:Input|Msg)")
_STYLE = re.compile(rb"/textpattern/css\.(?:php|css)|/css\.php\?[ns]=")
# The permalink of a comment carries its id itself; Movable Type put such names on other anchors.
_ANCHOR = re.compile(
    rb"<a[^>]* id=[\"'](c0\d{5})[\"'][^>]* href=[\"'][^\"'>]*#\1[\"']"
    rb"|<a[^>]* href=[\"'][^\"'>]*#(c0\d{5})[\"'][^>]* id=[\"']\2[\"']"
)
_POPUP = re.compile(r"[?&]parentid=(\d+)")
_SITE_NAME = ("#site-name", "#sitename", ".site-name")
_SLOGAN = ("#site-slogan", "#slogan", ".site-slogan", ".site-description")


class Textpattern(Extractor):
    """Articles with flat comments; dates of comments often have no year."""

    name: ClassVar[str] = "textpattern"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if not page.is_html:
            return NO_CLAIM
        if page.generator.startswith("Textpattern"):
            return Claim(score=0.95, because="generator")
        if page.generator:
            return NO_CLAIM
        if b"txpComment" in page.body and _FORM.search(page.body):
            return Claim(score=0.85, because="its comment form")
        if b"css.php" in page.body and _STYLE.search(page.body):
            return Claim(score=0.8, because="its style sheet address")
        if b"c0" in page.body and _ANCHOR.search(page.body):
            return Claim(score=0.55, because="six-digit comment anchors")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        found = page.once(articles)
        if _POPUP.search(page.url) and not found:
            return PageKind.COMMENT_PAGE
        every = elements(page)
        if has_form(every) or comments.anchors(every) or is_single(every, found):
            return PageKind.POST
        return PageKind.ARCHIVE if found else None

    def posts(self, page: Page) -> Iterator[PostDraft]:
        alone = self.kind(page) is PageKind.POST
        found: list[Article] = page.once(articles)
        for article in found[:1] if alone else found:
            yield article.draft(alone=alone)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        popup = _POPUP.search(page.url)
        is_popup = popup is not None and self.kind(page) is PageKind.COMMENT_PAGE
        yield from comments.drafts(elements(page), popup.group(1) if popup and is_popup else None)

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        for link in elements(page).find("a"):
            href = attribute(link, "href")
            stated = _POPUP.search(href)
            if stated and "#" not in href:
                yield FollowDraft(href=href, role=Role.COMMENT_PAGE, post_native_id=stated.group(1))

    def blog(self, page: Page) -> BlogDraft:
        every = elements(page)
        title = every.first(*_SITE_NAME)
        link = every.first("a", inside=title) if title is not None else None
        return BlogDraft(
            title=title,
            tagline=every.first(*_SLOGAN),
            home=attribute(link, "href") or None,
        )
