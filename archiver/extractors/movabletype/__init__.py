"""Movable Type 2-7: default and classic templates by their classes, custom ones by their bylines.

Every second Movable Type blog had templates of its own, so what the classes do not say is read
from "Posted by NAME at DATE" lines.  Seen: default templates of 3.33, 4.21, 5.2, 6.3; saved pages
of 2.x and 3.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from archiver.drafts import BlogDraft, CommentDraft, FollowDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.extractors.movabletype import comments, custom, posts
from archiver.model import PageKind, Role
from archiver.nodes import attribute, css, first, has_class, strings, xpath
from archiver.page import Page

_SIGNS = re.compile(
    rb"mt-(?:comments|tb|search|view)\.cgi|mtcmtauth|sixapart-standard|OpenTrackback|/mt-static/"
    rb"|mt-(?:entry-archive|archive-listing|main-index)|individual-entry-archive|styles-site\.css"
    rb"|movabletype\.org"
)
_OTHERS = re.compile(r"wordpress|blogger|typepad|drupal|serendipity|textpattern", re.IGNORECASE)
_FORM = css("form[name=comments_form], #comments-form, #comments-open, #comment-form")
_BANNER = css("#header-name, #banner h1, #banner-header, h1#banner-header")
_LINKS = xpath(".//a[@href]")
_POPUPS = strings("//a[contains(@href,'mt-comments.cgi?entry_id=')]/@href")
_LISTING = re.compile(
    r"/(?:index|archives|archive)\.(?:html?|php|shtml)?$|/\d{4}/(?:\d\d/)?(?:index\.\w+)?$|/$"
    r"|/\d{4}_\d\d(?:_\d\d)?\.\w+$|/cat_[^/]+$|/week_[^/]+$",
    re.IGNORECASE,
)


class MovableType(Extractor):
    """Entries, comments, TrackBacks; comments of MT 5+ beyond the first page come by JSONP."""

    name: ClassVar[str] = "movabletype"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        generator = page.generator.lower()
        if "movable type" in generator or "movabletype" in generator:
            return Claim(score=0.95, because="generator")
        if _OTHERS.search(generator):
            return NO_CLAIM
        signs = {sign.lower() for sign in _SIGNS.findall(page.body)}
        if not signs or not page.is_html:
            return NO_CLAIM
        # A lone link to somebody else's CGI is a hint; two signs of its own plumbing are not.
        return Claim(score=0.7 if len(signs) > 1 else 0.55, because=f"{len(signs)} signs of MT")

    def kind(self, page: Page) -> PageKind | None:
        entries = page.once(posts.entries)
        if comments.has_marked(page) or (_FORM(page.tree) and len(entries) < 2):
            return PageKind.POST
        if has_class(page.tree, "individual-entry-archive") or len(entries) == 1:
            return PageKind.ARCHIVE if _LISTING.search(page.url) else PageKind.POST
        if entries:
            return PageKind.ARCHIVE
        return PageKind.POST if posts.number_in(page.url) else None

    def posts(self, page: Page) -> Iterator[PostDraft]:
        alone = self.kind(page) is PageKind.POST
        entries = page.once(posts.entries)
        for entry in entries[:1] if alone else entries:
            yield posts.draft(page, entry, alone=alone)
        if not entries and (alone or not _LISTING.search(page.url)):
            yield from custom.post(page)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        if self.kind(page) is PageKind.ARCHIVE:
            return
        marked = list(comments.marked(page))
        yield from marked or custom.comments(page)
        yield from comments.pings(page)

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        # Popup comments of MT 2: they exist only behind this link.
        if not _FORM(page.tree) and not comments.has_marked(page):
            for href in _POPUPS(page.tree):
                yield FollowDraft(href=href, role=Role.COMMENT_PAGE)

    def blog(self, page: Page) -> BlogDraft:
        banner = first(_BANNER(page.tree))
        link = first(_LINKS(banner)) if banner is not None else None
        return BlogDraft(title=banner, home=attribute(link, "href") or None)
