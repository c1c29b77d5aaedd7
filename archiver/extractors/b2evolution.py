"""b2evolution: posts under a small head, comments whose title says what they are.

Seen: a page of 0.9.1, skins of 2.4 (`bPost`, `bComment`) and of 6 and later (`evo_post`,
`evo_comment`). Source: b2evolution/b2evolution skins/_item_block.inc.php,
skins_fallback_v6/_item_comment.inc.php
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.bylines import read
from archiver.drafts import AuthorDraft, CommentDraft, DateDraft, FollowDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import CommentKind, PageKind, Role
from archiver.nodes import attribute, css, first, has_class, strings, text, xpath
from archiver.page import Page
from archiver.urls import permalink_identity, resolve

_BOXES = css(".bPost, .evo_post")
# Form fields, labels and the form itself carry the class of a comment.
_COMMENTS = xpath(
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' bComment ')"
    " or contains(concat(' ', normalize-space(@class), ' '), ' evo_comment ')][not(self::form)]"
)
_COMMENT_TEXT = css(".bCommentText, .evo_comment_text")
_COMMENT_TITLE = css(".bCommentTitle, .evo_comment_title")
_COMMENT_INFO = css(".bCommentSmallPrint, .evo_comment_footer, .evo_comment_info")
_TITLE = css(".bTitle, .evo_post_title, .evo_post__title")
_TEXT = css(".bText, .evo_post_text, .evo_post__full_text, .evo_post__excerpt_text")
_HEAD = css(".bSmallHead, header .small, .evo_post_info, .evo_post__info")
_PERSON = css(".identity_link_username, .bUser, a.login, span.login, strong")
_FEEDBACK = css("#comments, #feedbacks, a[name=comments], a[name=feedbacks], form.bComment")
_MORE = css(".bMore, .evo_post_more_link, a[href*='#more']")
_TAGS = css("a[rel~=tag]")
_LINKS = xpath(".//a[@href]")
_LOOSE = strings(".//text()[not(ancestor::a) and not(ancestor::script)]")
_DAY = xpath("preceding-sibling::*[self::h2 or contains(@class, 'bDate')][1]")
_ANCHOR = xpath("(preceding-sibling::*[1][self::a] | .//a)[@id or @name]")
_MORE_NAMES = strings(".//a/@id | .//a/@href[contains(.,'#more')]")
_POST_FIELD = strings("//input[@name='comment_post_ID' or @name='comment_item_ID']/@value")
_COMMENT_FEEDS = xpath("//a[contains(@href,'disp=comments') and contains(@href,'tempskin=')]")
_COMMENT_ID = re.compile(r"(?:^|#)c(?:omment_)?(\d+)$")
_POST_ID = re.compile(r"^item_(\d+)$|[?&]p=(\d+)")
_MORE_ID = re.compile(r"(?:^|#)more(\d+)$")
_DATED_URL = re.compile(r"/((?:19|20)\d\d)/(\d{2})/(\d{2})/[^/]+$")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|par|von|por|da|door)\s*$", re.IGNORECASE)
_TITLE_LEAD = re.compile(r"^[^:：]{1,30}[:：]\s*")
_NO_CATEGORY = re.compile(r"disp=|#|mailto:|htsrv/")


class B2Evolution(Extractor):
    """Posts and the flat list of comments, trackbacks, pingbacks below them."""

    name: ClassVar[str] = "b2evolution"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if page.generator.lower().startswith("b2evolution"):
            return Claim(score=0.95, because="generator")
        if page.generator:
            return NO_CLAIM
        if b"bPost" in page.body and b"bText" in page.body and b"bTitle" in page.body:
            return Claim(score=0.75, because="post boxes of b2evolution")
        if b"evo_post" in page.body or b"evo_comment" in page.body:
            return Claim(score=0.75, because="boxes of b2evolution 6")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        body = page.tree.find("body")
        if body is not None and has_class(body, "disp_single", "detail_single", "disp_page"):
            return PageKind.POST
        if body is not None and has_class(body, "disp_posts", "detail_posts"):
            return PageKind.ARCHIVE
        if not _posts(page):
            return None
        return PageKind.POST if _is_single(page) else PageKind.ARCHIVE

    def posts(self, page: Page) -> Iterator[PostDraft]:
        found = _posts(page)
        alone = _is_single(page)
        for box in found[:1] if alone else found:
            yield _draft(page, box, is_alone=alone)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        for node in _COMMENTS(page.tree):
            body = first(_COMMENT_TEXT(node))
            if body is not None:
                yield _comment(node, body)

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        for link in _COMMENT_FEEDS(page.tree):
            stated = _POST_ID.search(attribute(link, "href"))
            native = stated.group(2) if stated else None
            yield FollowDraft(href=attribute(link, "href"), role=Role.FEED, post_native_id=native)


def _posts(page: Page) -> list[Node]:
    """Boxes with a text of their own; lists of headlines use the class without one."""
    found: list[Node] = []
    for box in _BOXES(page.tree):
        if _TEXT(box) and not any(above in found for above in box.iterancestors()):
            found.append(box)
    return found


def _is_single(page: Page) -> bool:
    found = _posts(page)
    if len(found) != 1:
        return False
    if _FEEDBACK(page.tree) or _POST_FIELD(page.tree) or _COMMENT_TEXT(page.tree):
        return True
    url = resolve(page.base_url, _address(first(_TITLE(found[0])), first(_HEAD(found[0]))))
    return url is not None and permalink_identity(url) == permalink_identity(page.url)


def _draft(page: Page, box: Node, *, is_alone: bool) -> PostDraft:
    head = first(_HEAD(box))
    title = first(_TITLE(box))
    url = _address(title, head)
    bodies = tuple(node for node in _TEXT(box) if not _is_inside(node, _TEXT(box)))
    more = [link for body in bodies for link in _MORE(body)]
    person = _person(head)
    return PostDraft(
        native_id=_native(page, box, url, is_alone=is_alone),
        url=url,
        title=title,
        authors=(person,) if person else (),
        published=_published(box, head, url),
        body=bodies,
        exclude=tuple(more),
        language=attribute(box, "lang") or None,
        categories=_categories(page, head, url, person),
        tags=tuple(text(link) for link in _TAGS(box)),
        comment_count=_counted(box, "#comments") or _counted(box, "#feedbacks"),
        trackback_count=_counted(box, "#trackbacks"),
        is_truncated=None if is_alone else bool(more),
    )


def _is_inside(node: Node, others: list[Node]) -> bool:
    return any(above in others for above in node.iterancestors())


def _address(title: Node | None, head: Node | None) -> str | None:
    """The title's link, else the icon before the time."""
    for place in (title, head):
        for link in _LINKS(place) if place is not None else ():
            return attribute(link, "href")
    return None


def _native(page: Page, box: Node, url: str | None, *, is_alone: bool) -> str | None:
    for stated in (attribute(box, "id"), url or ""):
        match = _POST_ID.search(stated)
        if match:
            return match.group(1) or match.group(2)
    more = (_MORE_ID.search(name) for name in _MORE_NAMES(box))
    inside = [match.group(1) for match in more if match]
    fields = _POST_FIELD(page.tree) if is_alone else []
    return next((number for number in (*inside, *fields) if number.isdecimal()), None)


def _person(head: Node | None) -> AuthorDraft | None:
    if head is None:
        return None
    for node in _PERSON(head):
        above = node.getparent()
        before = node.getprevious()
        words = before.tail if before is not None else above.text if above is not None else ""
        if node.tag != "strong" or _BY.search(words or ""):
            link = node if node.tag == "a" else next(node.iterancestors("a"), None)
            return AuthorDraft(text=text(node), href=attribute(link, "href") or None)
    byline = read(text(head))
    return AuthorDraft(text=byline.name) if byline and byline.is_explicit and byline.name else None


def _published(box: Node, head: Node | None, url: str | None) -> DateDraft | None:
    """The head's time on the day of the permalink, else of the header above the day's posts.

    The header is numeric, in an order that depends on the blog's locale.
    """
    words = text(head)
    byline = read(words)
    clock = _CLOCK.search(words)
    stated = byline.date if byline and byline.date else clock.group(0) if clock else None
    dated = _DATED_URL.search((url or "").partition("?")[0])
    day = "-".join(dated.groups()) if dated else text(first(_DAY(box)))
    if stated is None and not day:
        return None
    return DateDraft(text=stated, day_text=day or None)


def _categories(
    page: Page, head: Node | None, url: str | None, person: AuthorDraft | None
) -> tuple[str, ...]:
    own = resolve(page.base_url, url) if url else None
    return tuple(
        text(link)
        for link in (_LINKS(head) if head is not None else ())
        if text(link)
        and resolve(page.base_url, attribute(link, "href")) != own
        and not _NO_CATEGORY.search(attribute(link, "href"))
        and (person is None or text(link) != person.text)
    )


def _counted(box: Node, target: str) -> str | None:
    links = (link for link in _LINKS(box) if attribute(link, "href").endswith(target))
    return next((text(link) for link in links if text(link)), None)


def _comment(node: Node, body: Node) -> CommentDraft:
    title = first(_COMMENT_TITLE(node))
    number, permalink = _identity(node)
    info = first(_COMMENT_INFO(node))
    date = " ".join("".join(_LOOSE(info)).split()) if info is not None else ""
    return CommentDraft(
        native_id=number,
        permalink=permalink or (f"#c{number}" if number else None),
        kind=_kind(text(title)),
        author=_commenter(title),
        published=DateDraft(text=date) if date else None,
        body=body,
        node=node,
    )


def _identity(node: Node) -> tuple[str | None, str | None]:
    """Number and permalink: its own id, the anchor before it, or a link to that anchor."""
    links = [attribute(link, "href") for link in _LINKS(node)]
    permalink = next((href for href in links if _COMMENT_ID.search(href)), None)
    anchors = (attribute(a, "id") or attribute(a, "name") for a in _ANCHOR(node))
    for stated in (attribute(node, "id"), *anchors, permalink or ""):
        match = _COMMENT_ID.search(stated)
        if match:
            return match.group(1), permalink
    return None, permalink


def _kind(words: str) -> CommentKind:
    word = words.lower()
    if word.startswith("trackback"):
        return CommentKind.TRACKBACK
    if word.startswith(("pingback", "webmention")):
        return CommentKind.PINGBACK
    return CommentKind.COMMENT


def _commenter(title: Node | None) -> AuthorDraft | None:
    """ "Comment from: NAME [Visitor] · http://site": the site follows a visitor's name."""
    if title is None:
        return None
    words = _TITLE_LEAD.sub("", text(title)).partition("·")[0].removesuffix("Email ")
    links = (attribute(link, "href") for link in _LINKS(title))
    sites = (href for href in links if not _COMMENT_ID.search(href) and "msgform" not in href)
    return AuthorDraft(text=words.strip() or None, href=next(sites, None))
