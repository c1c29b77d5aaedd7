"""Vox, Six Apart's hosted journals, closed in 2010: assets and comments as in Movable Type 4.

From a description only, so the claim rests on the host and is a modest one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind, Source
from archiver.nodes import attribute, css, first, text
from archiver.page import Page
from archiver.urls import host

_ASSETS = css(".asset[id^=asset-]")
_TITLE = css(".asset-name, .asset-header h1, .asset-header h2")
_BODY = css(".asset-body")
_AUTHOR = css(".asset-meta .byline a, .asset-meta .vcard .fn, .asset-meta .author")
_DATE = css("abbr.published, .asset-meta .datetime, .asset-meta .date")
_TAGS = css("a[rel~=tag]")
_COUNT = css(".asset-meta a[href$='#comments']")
_LINK = css("a[href]")
_COMMENTS = css("[id^=comment-6a]")
_COMMENT_BODY = css(".comment-content, .comment-body")
_COMMENT_AUTHOR = css(".comment-byline .fn, .comment-byline a, .comment-meta a")
_COMMENT_DATE = css("abbr.published, .comment-date, .comment-byline .datetime")
_ASSET_ID = re.compile(r"^asset-(6a\w+)$")
_POST_URL = re.compile(r"/library/post/[^/]+\.html$")


class Vox(Extractor):
    """A post of a library, or the posts of a journal's front page."""

    name: ClassVar[str] = "vox"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if not page.is_html or page.generator or b"asset-" not in page.body:
            return NO_CLAIM
        hosted = host(page.url).endswith(".vox.com")
        if hosted and (_POST_URL.search(page.url.partition("?")[0]) or _ASSETS(page.tree)):
            return Claim(score=0.6, because="host and asset boxes")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        if _POST_URL.search(page.url.partition("?")[0]):
            return PageKind.POST
        return PageKind.ARCHIVE if _ASSETS(page.tree) else None

    def posts(self, page: Page) -> Iterator[PostDraft]:
        for box in _ASSETS(page.tree):
            if _BODY(box):
                yield _draft(box)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        for node in _COMMENTS(page.tree):
            if _COMMENT_BODY(node):
                yield _comment(node)


def _draft(box: Node) -> PostDraft:
    title = first(_TITLE(box))
    link = first(_LINK(title)) if title is not None else None
    author = next((node for node in _AUTHOR(box) if text(node)), None)
    native = _ASSET_ID.match(attribute(box, "id"))
    return PostDraft(
        native_id=native.group(1) if native else None,
        url=attribute(link, "href") or None,
        title=title,
        authors=(_person(author),) if author is not None else (),
        published=_date(first(_DATE(box))),
        body=first(_BODY(box)),
        tags=tuple(text(node) for node in _TAGS(box)),
        comment_count=text(first(_COUNT(box))) or None,
    )


def _comment(node: Node) -> CommentDraft:
    author = next((found for found in _COMMENT_AUTHOR(node) if text(found)), None)
    own = attribute(node, "id")
    return CommentDraft(
        native_id=own.removeprefix("comment-"),
        permalink=f"#{own}",
        author=_person(author) if author is not None else None,
        published=_date(first(_COMMENT_DATE(node))),
        body=first(_COMMENT_BODY(node)),
        node=node,
    )


def _person(node: Node) -> AuthorDraft:
    link = node if node.tag == "a" else next(node.iterancestors("a"), None)
    return AuthorDraft(text=text(node), href=attribute(link, "href") or None)


def _date(node: Node | None) -> DateDraft | None:
    if node is None:
        return None
    machine = attribute(node, "title") if node.tag == "abbr" else ""
    if machine:
        return DateDraft(text=text(node), machine=machine, source=Source.MACHINE)
    return DateDraft(text=text(node))
