"""Medium: class names are hashed, so a story is what has Medium's paragraph ids.

Seen: pages of 2017 (`graf`), 2020 and 2024 (hashed classes); responses are loaded by script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind, Source
from archiver.nodes import attribute, css, first, has_class, strings, text, xpath
from archiver.page import Page

_APP = strings("//meta[@property='al:android:app_name' or @property='al:ios:app_name']/@content")
_ARTICLE = css("article")
_TITLE = css("h1.pw-post-title, .graf--title, [data-testid=storyTitle]")
_FIRST_HEADING = xpath("(.//h1)[1]")
_SUBTITLE = css(".pw-subtitle-paragraph, .graf--subtitle")
_AUTHOR_LINK = css(
    "a[data-testid=authorName], a[rel~=author], .postMetaLockup a.link--darken,"
    " .js-postMetaLockup a.link--darken"
)
_META_AUTHOR = strings("//meta[@name='author']/@content")
_META_PERSON = strings("//meta[@property='article:author']/@content")
_META_DATE = strings("//meta[@property='article:published_time']/@content")
_SHOWN_DATE = css("[data-testid=storyPublishDate], header time[datetime], article time[datetime]")
_TAGS = css("ul.tags a, a[href*='/tag/']")
_PARAGRAPH = re.compile(r"^[0-9a-f]{4}$")
_STORY = re.compile(r"(?:-|/p/|/)([0-9a-f]{8,12})(?:[?#]|$)")
_LEAVES = frozenset({"p", "h1", "h2", "h3", "h4", "pre", "blockquote"})
_LISTS = frozenset({"ul", "ol"})


class Medium(Extractor):
    """One story; its paragraphs stand loose among buttons and profiles."""

    name: ClassVar[str] = "medium"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if b":app_name" in page.body and "Medium" in _APP(page.tree):
            return Claim(score=0.95, because="app name")
        if b"graf--title" in page.body and b"postArticle" in page.body:
            return Claim(score=0.85, because="paragraph classes of Medium")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        return PageKind.POST if _story(page) is not None else None

    def posts(self, page: Page) -> Iterator[PostDraft]:
        article = _story(page)
        if article is None:
            return
        title = _title(article)
        number = _STORY.search(page.url)
        yield PostDraft(
            native_id=number.group(1) if number else None,
            title=title,
            authors=_authors(page),
            published=_published(page),
            body=tuple(_blocks(article, title)),
            excerpt=first(_SUBTITLE(article)),
            tags=tuple(text(link) for link in _TAGS(page.tree) if text(link)),
        )


def _story(page: Page) -> Node | None:
    """The article with paragraphs; feeds of stories have cards only."""
    for article in _ARTICLE(page.tree):
        if next(_blocks(article, None), None) is not None:
            return article
    return None


def _title(article: Node) -> Node | None:
    found = first(_TITLE(article))
    return found if found is not None else first(_FIRST_HEADING(article))


def _blocks(article: Node, title: Node | None) -> Iterator[Node]:
    """Outermost paragraphs, lists, quotes and figures, without title and subtitle."""
    stack: list[Node] = [article]
    while stack:
        node = stack.pop()
        if not isinstance(node.tag, str) or node is title or _is_subtitle(node):
            continue
        if _is_block(node):
            # A title may be wrapped in a box that bears the id.
            if title is None or node not in title.iterancestors():
                yield node
            continue
        stack.extend(reversed(node))


def _is_subtitle(node: Node) -> bool:
    return has_class(node, "pw-subtitle-paragraph", "graf--subtitle")


def _is_block(node: Node) -> bool:
    if node.tag in _LEAVES:
        return bool(_PARAGRAPH.match(attribute(node, "id"))) or has_class(node, "graf")
    if node.tag in _LISTS:
        return any(_PARAGRAPH.match(attribute(item, "id")) for item in node)
    return node.tag == "figure"


def _authors(page: Page) -> tuple[AuthorDraft, ...]:
    link = next((node for node in _AUTHOR_LINK(page.tree) if text(node)), None)
    if link is not None:
        href = attribute(link, "href").partition("?")[0]
        return (AuthorDraft(text=text(link), href=href or None),)
    name = next(iter(_META_AUTHOR(page.tree)), None)
    href = next((value for value in _META_PERSON(page.tree) if value.startswith("http")), "")
    return (AuthorDraft(text=name, href=href or None),) if name else ()


def _published(page: Page) -> DateDraft | None:
    """What stands beside the name; the head's instant is that of the latest edition."""
    shown = first(_SHOWN_DATE(page.tree))
    words, stamp = text(shown), attribute(shown, "datetime")
    if words and not stamp:
        return DateDraft(text=words)
    stamp = stamp or next(iter(_META_DATE(page.tree)), "")
    if not stamp:
        return None
    return DateDraft(text=words or None, machine=stamp, source=Source.MACHINE)
