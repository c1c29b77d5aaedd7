"""Serendipity (s9y) and its fork Styx: entries, threaded or linear comments, trackbacks, popups.

Seen: the default theme of 0.9 to 1.7, bulletproof, 2k11 and its children; German pages of 2007.
Source: s9y/Serendipity templates/{default,bulletproof,2k11}, include/functions_comments.inc.php.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from archiver.drafts import BlogDraft, CommentDraft, FollowDraft, PostDraft
from archiver.elements import elements
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.extractors.serendipity import comments
from archiver.extractors.serendipity.entries import SECTION, entries
from archiver.model import PageKind, Role
from archiver.nodes import attribute, text, xpath
from archiver.page import Page

# Structure only: the editor also writes "serendipity_image_left" into bodies, which migrated blogs
# still carry.
_STRUCTURE = re.compile(
    rb"class=[\"'][^\"'>]*serendipity_(?:entry|entry_body|comment|title|entryFooter)[\"' ]"
    rb"|class=[\"'][^\"'>]*serendipitySideBar|id=[\"']serendipity_(?:banner|comment_page|comment)[\"']"
)
_POWERED = xpath("//meta[@name='Powered-By'][starts-with(@content,'Serendipity')]")
_OTHERS = re.compile(r"wordpress|blogger|typepad|movable|drupal|textpattern|b2evo", re.IGNORECASE)
_POPUP_TYPE = re.compile(r"(?:\[|%5[Bb])type(?:\]|%5[Dd])=(?:comments|trackbacks)\b")
_POPUP_ENTRY = re.compile(r"(?:\[|%5[Bb])entry_id(?:\]|%5[Dd])=(\d+)")
_FEEDS = xpath("//head/link[@rel='alternate'][contains(@href,'feeds/')]")
_FEED_FOLDER = re.compile(r"feeds/[\w.]+$")
_FEED_TITLE = re.compile(r"\s+(?:RSS|Atom) feed$", re.IGNORECASE)
_BANNER = ("#serendipity_banner", "#banner", "#identity")
_FRONT = re.compile(r"^https?://[^/]+/?(?:index\.php)?$")


class Serendipity(Extractor):
    """Entries under day headers, comments with their tree path, trackbacks in their own section."""

    name: ClassVar[str] = "serendipity"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if not page.is_html:
            return NO_CLAIM
        if page.generator.startswith("Serendipity"):
            return Claim(score=0.95, because=f"generator {page.generator}")
        if (page.capture.header("x-blog") or "").startswith("Serendipity"):
            return Claim(score=0.93, because="X-Blog header")
        if b"erendipity" not in page.body or _OTHERS.search(page.generator):
            return NO_CLAIM
        if _POWERED(page.tree):
            return Claim(score=0.95, because="meta Powered-By")
        if _STRUCTURE.search(page.body):
            return Claim(score=0.85, because="class names of its templates")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        if _is_popup(page):
            return PageKind.COMMENT_PAGE
        found = page.once(entries)
        if len(found) == 1 and elements(page).find(*SECTION, "#serendipity_comment"):
            return PageKind.POST
        if not found:
            return None
        return PageKind.HOME if _FRONT.search(page.url) else PageKind.ARCHIVE

    def posts(self, page: Page) -> Iterator[PostDraft]:
        if _is_popup(page):
            return
        alone = self.kind(page) is PageKind.POST
        for entry in page.once(entries):
            yield entry.draft(alone=alone)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        popup = _POPUP_ENTRY.search(page.url) if _is_popup(page) else None
        entry = popup.group(1) if popup else None
        pings = popup is not None and "trackbacks" in page.url
        yield from comments.drafts(elements(page), entry, pings=pings)

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        for link in elements(page).find("a"):
            href = attribute(link, "href")
            entry = _POPUP_ENTRY.search(href) if _POPUP_TYPE.search(href) else None
            if entry:
                yield FollowDraft(href=href, role=Role.COMMENT_PAGE, post_native_id=entry.group(1))
        feed = _comment_feed(page) if self.kind(page) is PageKind.POST else None
        if feed is not None:
            yield feed

    def blog(self, page: Page) -> BlogDraft:
        feeds = _FEEDS(page.tree)
        every = elements(page)
        named = next((n.get("title") for n in feeds if n.get("title")), None)
        title = _FEED_TITLE.sub("", named) if named else None
        banner = every.first(*_BANNER)
        heading = every.first("h1", inside=banner) if banner is not None else None
        # On every page but the first the banner names the entry or the list instead.
        is_front = self.kind(page) is PageKind.HOME and text(heading) == title
        link = every.first("a", inside=banner) if banner is not None else None
        return BlogDraft(
            title=title or heading,
            tagline=every.first("h2", "p", inside=banner) if is_front else None,
            home=attribute(link, "href") or None,
            feeds=tuple(attribute(node, "href") for node in feeds),
        )


def _is_popup(page: Page) -> bool:
    if elements(page).find("#serendipity_comment_page"):
        return True
    return _POPUP_TYPE.search(page.url) is not None and not page.once(entries)


def _comment_feed(page: Page) -> FollowDraft | None:
    """The feed of this entry's comments: every theme has it, few link to it."""
    native = next((entry.native_id(alone=True) for entry in page.once(entries)), None)
    feed = next((attribute(node, "href") for node in _FEEDS(page.tree)), "")
    if native is None or not _FEED_FOLDER.search(feed):
        return None
    root = _FEED_FOLDER.sub("", feed).removesuffix("index.php?/")
    href = f"{root}rss.php?version=2.0&type=comments&cid={native}"
    return FollowDraft(href=href, role=Role.FEED, post_native_id=native)
