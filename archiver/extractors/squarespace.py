"""Squarespace: version 5 journals with comments in the page, later ones with comments by script.

Seen: pages of 7.0 and 7.1 templates; version 5 from a description of its classes only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, BlogDraft, CommentDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind, Source
from archiver.nodes import attribute, css, first, has_class, strings, text, text_before, xpath
from archiver.page import Page

_JOURNALS = css(".journal-entry-wrapper")
_ENTRIES = css(
    "article.hentry, article.h-entry, article.entry, .blog-item-wrapper, article.BlogItem"
)
_ITEM_META = strings("//meta[@itemprop='datePublished']/@content")
_META_AUTHOR = strings("//meta[@itemprop='author']/@content")
_MODIFIED = strings("//meta[@itemprop='dateModified']/@content")
_TITLE = css(
    ".entry-title, .BlogItem-title, .BlogList-item-title, .blog-title, h1[itemprop=headline],"
    " h1[data-content-field=title], .journal-entry-text h2, h2.title"
)
_HEADING = css("h1")
_TEXTS = (
    css(".blog-item-content, .e-content"),
    css(".entry-content, .blog-item-text, .BlogItem .sqs-layout[id^=item-]"),
    css(".sqs-layout[id^=item-], .journal-entry-text > .body, .body"),
)
_EXCERPT = css(".p-summary, .blog-excerpt, .BlogList-item-excerpt, .entry-excerpt, .excerpt")
_STAMP = css("time.dt-published, time.published, time.Blog-meta-item--date, time[datetime]")
_AUTHOR = css(
    ".blog-author-name, a.Blog-meta-item--author, .entry-author a, a[href*='?author='],"
    " .posted-by a, .posted-by"
)
_CATEGORIES = css("a[href*='/category/'], .posted-in a")
_TAGS = css("a[href*='/tag/']")
_LINKS = xpath("self::a[@href] | .//a[@href]")
_LAYOUT_ID = strings(".//@id[starts-with(.,'item-')]")
_SHARES = css(".sqs-share-buttons, .squarespace-comments, .journal-entry-tag")
_JOURNAL_TAG = css(".journal-entry-tag")
_POSTED_ON = css(".posted-on")
_COMMENT_LINK = css("a[href*='#comment'], .comments a, .sqs-comment-link")
_COMMENTS = css(".comment-wrapper, .comment[id^=comment]")
_COMMENT_BODY = css(".body, .text, .comment-body")
_COMMENT_DATE = css(".comment-date, .date, .comment-time")
_COMMENT_AUTHOR = css(".unregistered-author, .registered-author, .author, .comment-author")
_COMMENT_ANCHOR = strings("(./@id | .//@id | .//a/@name)[starts-with(.,'comment')]")
_SCRIPT_COMMENTS = css(".squarespace-comments")
_OBJECT_ID = re.compile(r"^item-([0-9a-f]{24})$")
_ENTRY_ID = re.compile(r"(?:item|entry)-?(\d+)$")
_COMMENT_ID = re.compile(r"^comment-?(\d+)$")
_ISO = re.compile(r"^\d{4}-\d{2}")
_DATED_URL = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/[^/]+$")


class Squarespace(Extractor):
    """Journal entries of version 5; entries of 6 and 7, alone or as teasers."""

    name: ClassVar[str] = "squarespace"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if b"This is Squarespace." in page.body or b"Static.SQUARESPACE_CONTEXT" in page.body:
            return Claim(score=0.95, because="Squarespace comment or context script")
        # Blogs that moved away kept the blocks, but not the layouts beside the scripts.
        hosted = b"static1.squarespace.com" in page.body or b"assets.squarespace.com" in page.body
        if hosted and b"sqs-layout" in page.body and not page.generator:
            return Claim(score=0.85, because="layouts and scripts of Squarespace")
        if b"journal-entry-wrapper" in page.body and b"journal-entry-text" in page.body:
            return Claim(score=0.6, because="journal boxes of Squarespace 5")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        journals = _JOURNALS(page.tree)
        if journals:
            return PageKind.POST if _is_journal_page(page) else PageKind.ARCHIVE
        if _ITEM_META(page.tree):
            return PageKind.POST
        return PageKind.ARCHIVE if _entries(page) else None

    def posts(self, page: Page) -> Iterator[PostDraft]:
        journals = _JOURNALS(page.tree)
        alone = self.kind(page) is PageKind.POST
        if journals:
            for box in journals[:1] if alone else journals:
                yield _journal(box)
        elif alone:
            entry = next((box for box in _entries(page) if _text(box) is not None), page.tree)
            if _text(entry) is not None:
                yield _entry(page, entry, is_alone=True)
        else:
            for entry in _entries(page):
                yield _entry(page, entry, is_alone=False)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        for node in _COMMENTS(page.tree):
            if not any(has_class(above, "comment-wrapper") for above in node.iterancestors()):
                yield _comment(node)

    def blog(self, page: Page) -> BlogDraft | None:
        scripted = bool(_SCRIPT_COMMENTS(page.tree))
        return BlogDraft(external_comments=("squarespace",)) if scripted else None


def _entries(page: Page) -> list[Node]:
    """Outermost entries; 7.1 wraps the article of a post in a box of its own."""
    found = _ENTRIES(page.tree)
    return [node for node in found if not any(above in found for above in node.iterancestors())]


def _text(entry: Node) -> Node | None:
    return next((node for texts in _TEXTS for node in texts(entry)), None)


def _is_journal_page(page: Page) -> bool:
    has_talk = bool(_COMMENTS(page.tree)) or b"Reader Comments" in page.body
    return len(_JOURNALS(page.tree)) == 1 and (has_talk or bool(_DATED_URL.search(page.url)))


def _entry(page: Page, box: Node, *, is_alone: bool) -> PostDraft:
    is_whole = box is page.tree
    title = first(_TITLE(box)) if not is_whole else first(_TITLE(box) or _HEADING(box))
    body = _text(box)
    link = first(_LINKS(title)) if title is not None else None
    url = attribute(link, "href") or None
    exclude = tuple(_SHARES(body)) if body is not None else ()
    if title is not None and body is not None and body in title.iterancestors():
        exclude = (title, *exclude)
    return PostDraft(
        native_id=_object_id(box),
        url=None if is_alone else url,
        title=title,
        authors=_authors(box) or (_stated_author(page) if is_alone else ()),
        published=_published(page, box, url, is_alone=is_alone),
        updated=_modified(page) if is_alone else None,
        body=body,
        exclude=exclude,
        excerpt=None if is_alone else first(_EXCERPT(box)),
        # A template without entry boxes links to every category in its menu.
        categories=() if is_whole else _words(box, body, _CATEGORIES(box)),
        tags=() if is_whole else _words(box, body, _TAGS(box)),
        comment_count=_counted(box),
        is_truncated=None if is_alone else body is None,
    )


def _object_id(box: Node) -> str | None:
    found = (_OBJECT_ID.match(value) for value in _LAYOUT_ID(box))
    return next((match.group(1) for match in found if match), None)


def _words(box: Node, body: Node | None, links: list[Node]) -> tuple[str, ...]:
    """Words of links outside the text."""
    return tuple(text(n) for n in links if body is None or body not in n.iterancestors())


def _authors(box: Node) -> tuple[AuthorDraft, ...]:
    node = next((found for found in _AUTHOR(box) if text(found)), None)
    if node is None:
        return ()
    return (AuthorDraft(text=text(node), href=attribute(node, "href") or None),)


def _stated_author(page: Page) -> tuple[AuthorDraft, ...]:
    """The head of a post's page names its author whatever the template shows."""
    return tuple(AuthorDraft(text=name) for name in _META_AUTHOR(page.tree)[:1] if name.strip())


def _published(page: Page, box: Node, url: str | None, *, is_alone: bool) -> DateDraft | None:
    """The page's own instant; `datetime` repeats the words, which may lack the year.

    Seen: 7.1 templates print datetime="Nov 13".
    """
    stamp = first(_STAMP(box))
    words = text(stamp) or None
    stated = next(iter(_ITEM_META(page.tree)), "") if is_alone else ""
    machine = stated or attribute(stamp, "datetime")
    if _ISO.match(machine):
        return DateDraft(text=words, machine=machine, source=Source.MACHINE)
    dated = _DATED_URL.search(page.url if is_alone else url or "")
    if dated:
        year, month, day = (int(part) for part in dated.groups())
        return DateDraft(machine=f"{year:04d}-{month:02d}-{day:02d}", source=Source.ID)
    return DateDraft(text=words) if words else None


def _modified(page: Page) -> DateDraft | None:
    stated = next(iter(_MODIFIED(page.tree)), None)
    return DateDraft(machine=stated, source=Source.MACHINE) if stated else None


def _counted(box: Node) -> str | None:
    words = (text(node) for node in _COMMENT_LINK(box))
    return next((each for each in words if any(c.isdigit() for c in each)), None)


def _journal(box: Node) -> PostDraft:
    title = first(_TITLE(box))
    body = _text(box)
    link = first(_LINKS(title)) if title is not None else None
    number = _ENTRY_ID.search(attribute(box, "id"))
    line = next(iter((*_POSTED_ON(box), *_JOURNAL_TAG(box))), None)
    words = text_before(line, first(_LINKS(line))) if line is not None else ""
    return PostDraft(
        native_id=number.group(1) if number else None,
        url=attribute(link, "href") or None,
        title=title,
        authors=_authors(box),
        published=DateDraft(text=words.partition("|")[0].strip()) if words else None,
        body=body,
        exclude=tuple(_SHARES(body)) if body is not None else (),
        categories=_words(box, body, _CATEGORIES(box)),
        comment_count=_counted(box),
    )


def _comment(node: Node) -> CommentDraft:
    body = first(_COMMENT_BODY(node))
    date = text(first(_COMMENT_DATE(node)))
    person = first(_COMMENT_AUTHOR(node))
    link = first(_LINKS(person)) if person is not None else None
    anchors = (_COMMENT_ID.match(value) for value in _COMMENT_ANCHOR(node))
    number = next((match.group(1) for match in anchors if match), None)
    return CommentDraft(
        native_id=number,
        permalink=f"#comment{number}" if number else None,
        author=AuthorDraft(text=text(person) or None, href=attribute(link, "href") or None),
        published=DateDraft(text=date) if date else None,
        body=body,
        exclude=tuple(css(".signature")(body)) if body is not None else (),
        node=node,
    )
