"""DotClear 1 and 2: French by birth, flat comments, trackbacks in the comments' id space.

Seen: templates of 1.2 (`p.comment-info` and blockquote), 2.0-2.3 (`dl`), currywurst and dotty.
Source: dotclear/dotclear inc/public/default-templates; DotClear 1 themes (post.php, list.php).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from archiver.drafts import BlogDraft, CommentDraft, FollowDraft, PostDraft
from archiver.elements import Elements, elements
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.extractors.dotclear import comments, entries
from archiver.model import PageKind, Role
from archiver.nodes import attribute, classes
from archiver.page import Page

_HOMES = ("dotclear.net", "dotclear.org")
_TITLES = ("#top", "#prelude", "header", ".site-title")
_BASELINES = (".site-baseline", "#blogdesc")
_KINDS = {"dc-post": PageKind.POST, "dc-page": PageKind.POST, "dc-home": PageKind.HOME}


class DotClear(Extractor):
    """Entries with a `post-info` line; comments as dt/dd, list items or lines with quotes."""

    name: ClassVar[str] = "dotclear"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if not page.is_html:
            return NO_CLAIM
        if "dotclear" in page.generator.lower():
            return Claim(score=0.95, because="generator")
        if page.generator or b"post-title" not in page.body or b"post-info" not in page.body:
            return NO_CLAIM
        every = elements(page)
        if not (every.find(".post-info") and entries.titles(every)):
            return NO_CLAIM
        if _marks(page):
            return Claim(score=0.85, because="body class and entry lines of DotClear 2")
        if _is_powered(every):
            return Claim(score=0.75, because="entry lines and a link to DotClear")
        if comments.have_marks(every):
            return Claim(score=0.55, because="entry and comment lines of DotClear")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        marks = _marks(page)
        for name in marks:
            if name in _KINDS:
                return _KINDS[name]
        if marks:
            return PageKind.ARCHIVE
        found = entries.titles(elements(page))
        if len(found) == 1 and entries.have_feedback(elements(page)):
            return PageKind.POST
        return PageKind.ARCHIVE if found else None

    def posts(self, page: Page) -> Iterator[PostDraft]:
        alone = self.kind(page) is PageKind.POST
        found = entries.titles(elements(page))
        kind = "page" if "dc-page" in _marks(page) else "entry"
        for title in found[:1] if alone else found:
            yield entries.Entry(page, title, is_alone=alone).draft(kind)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        return comments.drafts(elements(page))

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        for href, native in entries.comment_feeds(elements(page)):
            yield FollowDraft(href=href, role=Role.FEED, post_native_id=native)

    def blog(self, page: Page) -> BlogDraft:
        every = elements(page)
        banner = every.first(*_TITLES)
        title = every.first("h1", inside=banner) if banner is not None else None
        link = every.first("a", inside=title) if title is not None else None
        return BlogDraft(
            title=title,
            tagline=every.first(*_BASELINES),
            home=attribute(link, "href") or None,
        )


def _marks(page: Page) -> list[str]:
    """Body classes such as dc-post; DotClear 2 says with them what a page is."""
    body = elements(page).first("body")
    return [name for name in classes(body) if name.startswith("dc-")] if body is not None else []


def _is_powered(every: Elements) -> bool:
    """Whether a link outside the texts names the software."""
    links = every.find("a", outside=every.find(".post-content", ".comment-content", "blockquote"))
    return any(home in attribute(link, "href") for link in links for home in _HOMES)
