"""Tumblr: free themes around posts with numbers. Notes are likes and reblogs, not comments.

Seen: a page of a theme of 2013.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind, Source
from archiver.nodes import attribute, classes, css, has_class, strings, text, xpath
from archiver.page import Page
from archiver.urls import host, resolve

_POSTS = css("article, .post, .h-entry, .hentry, [id^=post], [data-post-id]")
_PERMALINKS = xpath(".//a[contains(@href,'/post/')]")
_THEME_OPTIONS = strings(
    "//meta[starts-with(@name,'if:') or starts-with(@name,'color:')"
    " or starts-with(@name,'text:') or starts-with(@name,'image:')]/@name"
)
_TITLE = css(
    ".post_title, .post-title, .entry-title, .p-name, h1.title, h2.title, h3.title, .title"
)
_HEADING = xpath("(.//h1 | .//h2)[1]")
_TEXTS = (
    css(".copy, .post-content, .post_content, .entry-content, .e-content, .body-text"),
    css(".caption, .post-body, .post_body, .regular, .content, .body, .text"),
)
_NO_TEXT = css(
    "ol.notes, .notes, .post-notes, .meta, .post-meta, .post_meta, .date, .post-date, .tags,"
    " .post_info, .permalink, .footer, footer, .post_icon, .like_button, .reblog_button, .disqus,"
    " #disqus_thread, .rule, .post_controls"
)
_STAMP = css("time[datetime]")
_DATE = css(".date, .post-date, .post_date, .timestamp, .posted, .permalink")
_AUTHOR = css(".p-author, .post-author, .author, a[rel~=author]")
_TAGS = xpath(".//a[contains(@href,'/tagged/')]")
_NUMBER = re.compile(r"/post/(\d+)")
_OWN_NUMBER = re.compile(r"(\d{6,})")
_TYPES = ("photo", "photoset", "panorama", "link", "quote", "video", "audio", "chat", "answer")
_KINDS = {
    "photo": "photo",
    "photoset": "photo",
    "panorama": "photo",
    "link": "link",
    "quote": "quote",
}


class Tumblr(Extractor):
    """Posts by their number; what a theme calls their text, else all that is no furniture."""

    name: ClassVar[str] = "tumblr"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if page.capture.header("x-tumblr-user"):
            return Claim(score=0.95, because="X-Tumblr-User header")
        if not page.is_html or page.generator:
            return NO_CLAIM
        if b"tumblr_controls" in page.body or b"tumblr-theme" in page.body:
            return Claim(score=0.9, because="Tumblr's controls")
        if host(page.url).endswith(".tumblr.com"):
            return Claim(score=0.9, because="host")
        hosted = b"assets.tumblr.com" in page.body or b"static.tumblr.com" in page.body
        if hosted and _THEME_OPTIONS(page.tree):
            return Claim(score=0.85, because="options of a Tumblr theme")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        if _NUMBER.search(page.url):
            return PageKind.POST
        return PageKind.ARCHIVE if _posts(page) else None

    def posts(self, page: Page) -> Iterator[PostDraft]:
        found = _posts(page)
        for box, number, url in found[:1] if self.kind(page) is PageKind.POST else found:
            yield _draft(box, number, url)


def _posts(page: Page) -> list[tuple[Node, str, str]]:
    """Outermost boxes of one post each, with its number and address."""
    shown = _NUMBER.search(page.url)
    found: list[tuple[Node, str, str]] = []
    for box in _POSTS(page.tree):
        if any(box is other or other in box.iterancestors() for other, _, _ in found):
            continue
        named = _numbered(page, box)
        if len(named) == 1:
            number, url = next(iter(named.items()))
            if not shown or number == shown.group(1):
                found.append((box, number, url))
        elif not named and shown and _is_post(box):
            found.append((box, shown.group(1), page.url))
    return found


def _numbered(page: Page, box: Node) -> dict[str, str]:
    """Numbers of the posts of this blog to which a box links, reblogged ones left out."""
    own = attribute(box, "data-post-id") or attribute(box, "id")
    stated = _OWN_NUMBER.search(own)
    found: dict[str, str] = {}
    for link in _PERMALINKS(box):
        url = resolve(page.base_url, attribute(link, "href"))
        match = _NUMBER.search(url or "")
        if url and match and host(url) == host(page.url):
            found.setdefault(match.group(1), url.partition("#")[0])
    if stated and stated.group(1) in found:
        return {stated.group(1): found[stated.group(1)]}
    return found


def _is_post(box: Node) -> bool:
    return box.tag == "article" or has_class(box, "post", "h-entry", "hentry")


def _draft(box: Node, number: str, url: str) -> PostDraft:
    furniture = tuple(_NO_TEXT(box))
    title = _title(box, furniture)
    body = next(
        (node for texts in _TEXTS for node in texts(box) if not _is_in(node, furniture)), None
    )
    whole = body if body is not None else box
    outside = (title, *furniture) if title is not None else furniture
    author = next((node for node in _AUTHOR(box) if text(node)), None)
    return PostDraft(
        native_id=number,
        url=url,
        title=title,
        authors=(AuthorDraft(text=text(author)),) if author is not None else (),
        published=_published(box),
        body=whole,
        exclude=tuple(node for node in outside if whole in node.iterancestors()),
        tags=tuple(text(link).removeprefix("#") for link in _TAGS(box)),
        kind=_kind(box),
    )


def _is_in(node: Node, boxes: tuple[Node, ...]) -> bool:
    return any(box in boxes for box in (node, *node.iterancestors()))


def _title(box: Node, furniture: tuple[Node, ...]) -> Node | None:
    found = (*_TITLE(box), *_HEADING(box))
    return next((node for node in found if not _is_in(node, furniture) and text(node)), None)


def _published(box: Node) -> DateDraft | None:
    for stamp in _STAMP(box):
        machine = attribute(stamp, "datetime")
        return DateDraft(text=text(stamp) or None, machine=machine, source=Source.MACHINE)
    words = (text(node) for node in _DATE(box))
    date = next((each for each in words if any(c.isdigit() for c in each)), None)
    return DateDraft(text=date) if date else None


def _kind(box: Node) -> str:
    words = [name.lower().removeprefix("type_").removeprefix("post-") for name in classes(box)]
    found = next((word for word in words if word in _TYPES), "")
    return _KINDS.get(found, "entry")
