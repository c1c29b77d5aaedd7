"""TypePad, 2003-2025: standard and basic templates, and custom ones on its markup.

Names are read from the footer first; the avatar's alt text is only a fallback, since text-only
readers that trusted it lost the nameless and the dates.  Seen: saved pages of 2006-2025.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from archiver.drafts import BlogDraft, CommentDraft, FollowDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.extractors.typepad import comments, posts
from archiver.model import PageKind, Role
from archiver.nodes import attribute, classes, css, first, strings, xpath
from archiver.page import Page

# A footprint in any of these attributes is TypePad's own plumbing, whatever the template.
_PLUMBING = xpath(
    "//script[contains(@src,'typepad.com/t/stats') or contains(@src,'static.typepad.com')"
    " or contains(@src,'/.shared/')]"
    " | //img[contains(@src,'typepad.com/t/stats')]"
    " | //link[contains(@href,'typepad.com/t/rsd/') or contains(@href,'/services/rsd/')]"
    " | //link[contains(@href,'static.typepad.com') or contains(@href,'/.shared-typepad/')]"
    " | //form[contains(@action,'typepad.com/t/comments')"
    " or contains(@action,'.services/comments')]"
)
_COMMENT_BLOCK = css(
    "#all-comments, #comments-content, #comment-form, #tpc_thread, a[name=comments], a#comments"
)
_FEEDS = strings(
    "//link[contains(@href,'/comments/atom.xml')]/@href"
    " | //*[contains(@class,'comments-info')]//a[contains(@href,'/comments/')]/@href"
)
_LINKS = xpath(".//a[@href]")
_BANNER = css("#banner-header, #banner h1, #banner h2")
_TAGLINE = css("#banner-description, #banner h2")
_SERVICES = {"typepad-connect": css("#tpc_thread, #tpe-content")}
_POST_URL = re.compile(r"/\d{4}/\d{2}/[^/]+\.html$")
_COMMENT_PAGE = re.compile(r"/comments/page/(\d+)/?$")


class TypePad(Extractor):
    """Entries, comments in the standard layout and in loose ones, trackbacks."""

    name: ClassVar[str] = "typepad"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if "typepad.com" in page.generator.lower():
            return Claim(score=0.95, because="generator")
        if b"typepad" not in page.body and b"/.shared/" not in page.body:
            return NO_CLAIM
        if page.generator or not page.is_html or not _PLUMBING(page.tree):
            return NO_CLAIM
        return Claim(score=0.8, because="TypePad assets, statistics or comment form")

    def kind(self, page: Page) -> PageKind | None:
        if _COMMENT_PAGE.search(page.url):
            return PageKind.COMMENT_PAGE
        entries = page.once(posts.entries)
        if len(entries) < 2 and (
            _COMMENT_BLOCK(page.tree) or comments.has_any(page) or _POST_URL.search(page.url)
        ):
            return PageKind.POST if entries or comments.has_any(page) else None
        if any("entry-type-page" in classes(node) for node in entries):
            return PageKind.POST
        return PageKind.ARCHIVE if entries else None

    def posts(self, page: Page) -> Iterator[PostDraft]:
        entries = page.once(posts.entries)
        alone = self.kind(page) in (PageKind.POST, PageKind.COMMENT_PAGE)
        for entry in entries[:1] if alone else entries:
            yield posts.draft(page, entry, alone=alone)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        if self.kind(page) is PageKind.ARCHIVE:
            return
        paged = _COMMENT_PAGE.search(page.url)
        yield from comments.drafts(page, int(paged.group(1)) if paged else None)
        yield from comments.pings(page)

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        for href in _FEEDS(page.tree):
            yield FollowDraft(href=href, role=Role.FEED)

    def blog(self, page: Page) -> BlogDraft:
        banner = first(_BANNER(page.tree))
        linked = first(_LINKS(banner)) if banner is not None else None
        outside = tuple(name for name, found in _SERVICES.items() if found(page.tree))
        return BlogDraft(
            title=banner,
            tagline=next((n for n in _TAGLINE(page.tree) if n is not banner), None),
            home=attribute(linked, "href") or None,
            external_comments=outside,
        )
