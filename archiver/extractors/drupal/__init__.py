"""Drupal 4.7 to 11 and Backdrop: nodes and teasers, threaded and paged comments.

Seen: Garland, Bartik, Stark, Olivero and custom themes; RDFa of 7 and early 8; saved pages of 6-11.
Source: drupal comment.module and theme.inc of 6 and 7, CommentViewBuilder of 8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from archiver.drafts import BlogDraft, CommentDraft, FollowDraft, PostDraft
from archiver.elements import elements
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.extractors.drupal import comments
from archiver.extractors.drupal.entries import entries
from archiver.extractors.drupal.facts import Facts
from archiver.model import PageKind, Role
from archiver.nodes import attribute
from archiver.page import Page

_PRODUCT = re.compile(r"^(?:Drupal|Backdrop)\b")
# Drupal sends its founder's birthday as the date of expiry.
_EXPIRES = "Sun, 19 Nov 1978 05:00:00 GMT"
_SCRIPTS = re.compile(rb"Drupal\.settings|drupal-settings-json|data-drupal-|/misc/drupal\.js")
_PATHS = re.compile(rb"/sites/(?:all|default)/(?:themes|modules|files)/|/misc/feed\.png")
_NODES = re.compile(rb"<div[^>]* id=\"node-\d+\" class=\"node[ \"]|<article[^>]*node--type-")
_PAGE = re.compile(r"[?&]page=(?:\d+(?:%2C|,))*(\d+)")
_SITE_NAME = (
    "#site-name",
    ".site-name",
    ".site-branding__name",
    ".site-branding__site-name",
    ".site-title",
)
_SLOGAN = (
    "#site-slogan",
    ".site-slogan",
    ".site-branding__slogan",
    ".site-branding__site-slogan",
)


class Drupal(Extractor):
    """Nodes of the main region only: blocks of the sidebars hold nodes, too."""

    name: ClassVar[str] = "drupal"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if not page.is_html:
            return NO_CLAIM
        if _PRODUCT.match(page.generator):
            return Claim(score=0.95, because=f"generator {page.generator}")
        for name in ("x-drupal-cache", "x-drupal-dynamic-cache"):
            if page.capture.header(name):
                return Claim(score=0.93, because=f"{name} header")
        if _PRODUCT.match(page.capture.header("x-generator") or ""):
            return Claim(score=0.93, because="X-Generator header")
        if page.generator and b"rupal" not in page.body:
            return NO_CLAIM
        if page.capture.header("expires") == _EXPIRES:
            return Claim(score=0.85, because="its date of expiry")
        if b"rupal" in page.body and _SCRIPTS.search(page.body):
            return Claim(score=0.85, because="its scripts")
        if (b"/sites/" in page.body or b"/misc/" in page.body) and _PATHS.search(page.body):
            return Claim(score=0.75, because="its folders")
        if b"node-" in page.body and _NODES.search(page.body):
            return Claim(score=0.65, because="markup of its nodes")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        facts = page.once(Facts)
        if facts.is_single:
            return PageKind.COMMENT_PAGE if facts.comment_page else PageKind.POST
        if not entries(page):
            return None
        return PageKind.HOME if facts.is_front else PageKind.ARCHIVE

    def posts(self, page: Page) -> Iterator[PostDraft]:
        facts = page.once(Facts)
        found = entries(page)
        for entry in found[:1] if facts.is_single else found:
            draft = entry.draft(facts)
            if draft.title is not None or draft.body is not None:
                yield draft

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        facts = page.once(Facts)
        yield from comments.drafts(elements(page), facts.comment_page)

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        facts = page.once(Facts)
        every = elements(page)
        if not facts.is_single:
            yield from (FollowDraft(href=href, role=Role.LISTING) for href in facts.pages)
            return
        paged = facts.pages if comments.items(every) else ()
        folded = [a for box in every.find(".comment-folded") for a in every.find("a", inside=box)]
        hrefs = [attribute(link, "href") for link in folded]
        for href in (*filter(_PAGE.search, paged), *(h for h in hrefs if "#comment-" in h)):
            yield FollowDraft(href=href, role=Role.COMMENT_PAGE, post_native_id=facts.number)

    def blog(self, page: Page) -> BlogDraft:
        every = elements(page)
        named = every.first(*_SITE_NAME)
        home = every.first("rel=home")
        if home is None and named is not None:
            home = every.first("a", inside=named)
        return BlogDraft(
            title=named,
            tagline=every.first(*_SLOGAN),
            home=attribute(home, "href") or None,
        )
