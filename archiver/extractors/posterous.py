"""Posterous, closed in 2013: posts in `postunit` boxes, comments dated beside their names.

Seen: a page of 2010 on a domain of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind
from archiver.nodes import attribute, css, first, strings, text
from archiver.page import Page
from archiver.urls import permalink_identity, resolve

_POSTS = css(".post[id^=post_], article.post")
_TITLE = css(".posttitle, h2, h1")
_BODY = css(".bodytext, .post-body, .body")
_TOOLS = css("[class^=posterous_retweet], [class^=posterous_tweet], .posterous_short_url")
_AUTHOR = css(".posted_by a, .author a")
_DATE = css(".date, .post-date")
_LINK = css("a[href]")
_TAGS = css(".tag_list a, a[href*='/tag/']")
_COMMENTS = css(".commentunit[id^=comment_]")
_COMMENT_DATE = css(".comment_date")
_COMMENT_NAME = css(".commentname")
_COMMENT_BODY = css(".comment")
_AVATAR_LINK = css(".comment_avatar a[href]")
_COMMENT_AREA = css("[id^=pcomment_comments_], [id^=post_commentarea_]")
_COUNT = strings("//div[contains(@class,'spanningheader')]/h4/text()")
_NUMBER = re.compile(r"(\d+)$")
_SAID = re.compile(r"\s+said\W*$")


class Posterous(Extractor):
    """Posts of the standard themes with the comments below them."""

    name: ClassVar[str] = "posterous"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if page.generator == "Posterous":
            return Claim(score=0.95, because="generator")
        if page.generator or b"posterous_" not in page.body:
            return NO_CLAIM
        if b"postunit" in page.body or b"posterous.com/javascripts" in page.body:
            return Claim(score=0.8, because="boxes of Posterous")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        found = _POSTS(page.tree)
        if not found:
            return None
        alone = len(found) == 1 and (
            _COMMENTS(page.tree) or _COMMENT_AREA(page.tree) or _is_shown(page, found[0])
        )
        return PageKind.POST if alone else PageKind.ARCHIVE

    def posts(self, page: Page) -> Iterator[PostDraft]:
        alone = self.kind(page) is PageKind.POST
        for box in _POSTS(page.tree):
            yield _draft(page, box, is_alone=alone)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        for node in _COMMENTS(page.tree):
            yield _comment(node)


def _is_shown(page: Page, box: Node) -> bool:
    """Whether this page is a post's own."""
    hrefs = [attribute(link, "href") for title in _TITLE(box)[:1] for link in _LINK(title)]
    url = resolve(page.base_url, next(iter(hrefs), None))
    return url is not None and permalink_identity(url) == permalink_identity(page.url)


def _draft(page: Page, box: Node, *, is_alone: bool) -> PostDraft:
    title = first(_TITLE(box))
    link = first(_LINK(title)) if title is not None else None
    body = first(_BODY(box))
    unit = box.getparent()
    dates = _DATE(box) or (_DATE(unit) if unit is not None else [])
    date = text(first(dates))
    number = _NUMBER.search(attribute(box, "id"))
    counts = [words for words in _COUNT(page.tree) if any(c.isdigit() for c in words)]
    return PostDraft(
        native_id=number.group(1) if number else None,
        url=attribute(link, "href") or None,
        title=title,
        authors=tuple(
            AuthorDraft(text=text(n), href=attribute(n, "href")) for n in _AUTHOR(box) if text(n)
        ),
        published=DateDraft(text=date) if date else None,
        body=body,
        exclude=tuple(_TOOLS(body)) if body is not None else (),
        tags=tuple(text(node) for node in _TAGS(box)),
        comment_count=counts[0] if counts and is_alone else None,
    )


def _comment(node: Node) -> CommentDraft:
    name = first(_COMMENT_NAME(node))
    link = first(_LINK(name)) if name is not None else None
    site = link if link is not None else first(_AVATAR_LINK(node))
    date = text(first(_COMMENT_DATE(node)))
    number = _NUMBER.search(attribute(node, "id"))
    words = text(link) if link is not None else _SAID.sub("", text(name))
    return CommentDraft(
        native_id=number.group(1) if number else None,
        permalink=f"#pcomment_commentunit_{number.group(1)}" if number else None,
        author=AuthorDraft(text=words or None, href=attribute(site, "href") or None),
        published=DateDraft(text=date) if date else None,
        body=first(_COMMENT_BODY(node)),
        exclude=(name,) if name is not None else (),
        node=node,
    )
