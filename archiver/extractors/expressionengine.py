"""ExpressionEngine and pMachine: free templates, known by the fields of their comment form.

Seen in source: the default templates of 2017; those of version 1 from a description only.
Source: ExpressionEngine/ExpressionEngine site_themes/default/templates/blog.group
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.bylines import read
from archiver.drafts import AuthorDraft, CommentDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind
from archiver.nodes import (
    attribute,
    css,
    first,
    following_siblings_until,
    has_class,
    strings,
    text,
    xpath,
)
from archiver.page import Page

_ENTRY_ID = strings("//form[.//input[@name='ACT']]//input[@name='entry_id']/@value")
_ACT_FORM = xpath("//form[.//input[@name='ACT'] and .//input[@name='entry_id' or @name='site_id']]")
_COMMENTS = css("div.comments div.comment, #comments div.comment")
_SECTION = css("section")
_NAME = css("h3")
_LINK = css("a[href]")
_DATE = xpath("./p | ./footer | .//p[last()]")
_TEASERS = css("div.entry")
_TEASER_TITLE = css("h2 a")
_TEASER_LINE = xpath("./p[b][1]")
# The text of the default entry template stands loose between its heading and the comments.
_HEADINGS = xpath("//h1[following-sibling::*[@id='comments' or contains(@class,'no-results')]]")
_OLD_TITLES = xpath(
    "//*[(self::h2 or self::h3) and @class='title'][following-sibling::div[@class='posted']]"
)
_OLD_POSTED = xpath("following-sibling::div[@class='posted'][1]")
_OLD_LINKS = css("a[href*='/comments/'], a[href*='/more/']")
_OLD_DAY = xpath("preceding-sibling::*[contains(@class,'date')][1]")
_OLD_REMARKS = xpath("//div[contains(@class,'comments')]//div[@class='posted']")
_PREVIOUS = css("a.page-prev")
_NEXT = css("a.page-next")
_ALERT = css(".alert.no-results")
_END = ("comments", "alert", "posted", "paginate")
_OLD_COUNT = re.compile(r"\(\d+\)\s*comments?", re.IGNORECASE)
_COOKIE = re.compile(r"^exp_(?:last_visit|last_activity|tracker|csrf)", re.IGNORECASE)


class ExpressionEngine(Extractor):
    """Entries of the default templates; others are left to the generic reader."""

    name: ClassVar[str] = "expressionengine"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if "expressionengine" in page.generator.lower():
            return Claim(score=0.95, because="generator")
        if page.generator or not page.is_html:
            return NO_CLAIM
        if b'name="ACT"' in page.body and _ACT_FORM(page.tree):
            return Claim(score=0.75, because="comment form of ExpressionEngine")
        cookies = (v for name, v in page.capture.headers if name.lower() == "set-cookie")
        if any(_COOKIE.match(cookie) for cookie in cookies):
            return Claim(score=0.7, because="exp_ cookies")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        if _ENTRY_ID(page.tree):
            return PageKind.POST
        return PageKind.ARCHIVE if _teasers(page) or _OLD_TITLES(page.tree) else None

    def posts(self, page: Page) -> Iterator[PostDraft]:
        number = next(iter(_ENTRY_ID(page.tree)), None)
        if _OLD_TITLES(page.tree):
            found = _OLD_TITLES(page.tree)
            for title in found[:1] if number else found:
                yield _old(title, number)
        elif number:
            for title in _HEADINGS(page.tree)[:1]:
                yield _single(page, title, number)
        else:
            for box in _teasers(page):
                yield _teaser(box)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        boxes = [box for box in _COMMENTS(page.tree) if _SECTION(box)]
        for box in boxes:
            yield _comment(box)
        if not boxes:
            for line in _OLD_REMARKS(page.tree):
                yield _old_comment(line)


def _teasers(page: Page) -> list[Node]:
    return [box for box in _TEASERS(page.tree) if _TEASER_TITLE(box) and _TEASER_LINE(box)]


def _ends(node: Node) -> bool:
    return has_class(node, *_END) or node.tag in ("form", "h1", "h2")


def _single(page: Page, title: Node, number: str) -> PostDraft:
    return PostDraft(
        native_id=number,
        title=title,
        body=following_siblings_until(title, _ends) or None,
        comments_closed=True if _ALERT(page.tree) else None,
        prev_url=attribute(first(_PREVIOUS(page.tree)), "href") or None,
        next_url=attribute(first(_NEXT(page.tree)), "href") or None,
    )


def _teaser(box: Node) -> PostDraft:
    """ "on: 5/12/2019, by: NAME, 3 comments" below a linked title."""
    title = first(_TEASER_TITLE(box))
    line = first(_TEASER_LINE(box))
    links = _LINK(line) if line is not None else []
    author = next((n for n in links if "#" not in attribute(n, "href")), None)
    count = next((n for n in links if attribute(n, "href").endswith("#comments")), None)
    bold = first(css("b")(line)) if line is not None else None
    day = (bold.tail or "").strip(" ,:\n\t") if bold is not None else ""
    return PostDraft(
        url=attribute(title, "href"),
        title=title,
        authors=(AuthorDraft(text=text(author), href=attribute(author, "href")),)
        if author is not None
        else (),
        published=DateDraft(text=day) if day else None,
        comment_count=text(count) or None,
        is_truncated=True,
    )


def _comment(box: Node) -> CommentDraft:
    name = first(_NAME(box))
    link = first(_LINK(name)) if name is not None else None
    date = next((text(n) for n in _DATE(box) if any(c.isdigit() for c in text(n))), "")
    return CommentDraft(
        author=AuthorDraft(text=text(name) or None, href=attribute(link, "href") or None),
        is_post_author=True if has_class(box, "author") else None,
        published=DateDraft(text=date) if date else None,
        body=first(_SECTION(box)),
        node=box,
    )


def _old(title: Node, number: str | None) -> PostDraft:
    """Title, text and a line "Posted by NAME on DATE at TIME" as siblings."""
    line = first(_OLD_POSTED(title))
    byline = read(text(line))
    links = _LINK(line) if line is not None else []
    person = next((n for n in links if byline and text(n) == byline.name), None)
    talk = _OLD_LINKS(line) if line is not None else []
    url = next((attribute(n, "href") for n in (*_LINK(title), *talk)), None)
    count = _OLD_COUNT.search(text(line))
    day = text(first(_OLD_DAY(title)))
    return PostDraft(
        native_id=number,
        url=url,
        title=title,
        authors=(AuthorDraft(text=byline.name, href=attribute(person, "href") or None),)
        if byline and byline.name
        else (),
        published=DateDraft(text=byline.date, day_text=day or None)
        if byline and byline.date
        else None,
        body=following_siblings_until(title, _ends) or None,
        comment_count=count.group(0) if count else None,
    )


def _old_comment(line: Node) -> CommentDraft:
    byline = read(text(line))
    link = next((n for n in _LINK(line) if byline and text(n) == byline.name), None)
    before = [node for node in line.itersiblings(preceding=True)]
    body: list[Node] = []
    for node in before:
        if has_class(node, "posted") or node.tag in ("h1", "h2", "h3", "h4", "hr"):
            break
        body.insert(0, node)
    return CommentDraft(
        author=AuthorDraft(
            text=byline.name if byline else None, href=attribute(link, "href") or None
        ),
        published=DateDraft(text=byline.date) if byline and byline.date else None,
        body=tuple(body) or None,
        node=line,
    )
