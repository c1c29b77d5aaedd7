"""What a WordPress page says of itself: single or listing, its post's number, its version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from lxml.etree import _Element as Node

from archiver.extractors.wordpress.dates import offsets_are_true
from archiver.extractors.wordpress.index import Index, Sign, index
from archiver.extractors.wordpress.prose import words
from archiver.model import PageKind
from archiver.page import Page

_ID_CLASS = re.compile(r"^(?:postid|page-id|attachmentid|attachment-id)-(\d+)$")
_ID_QUERY = ("p", "page_id", "attachment_id")
_OF_ONE = re.compile(r"[?&](?:p|page_id)=\d")
_JSON_ID = re.compile(r"/wp/v2/\w+/(\d+)")
_COMMENT_PAGE = re.compile(r"/comment-page-(\d+)|[?&]cpage=(\d+)")
_LISTING_URL = re.compile(
    r"/page/\d+/?$|/(?:category|tag|author|archives/category)/[^?]+$|/\d{4}/(?:\d\d/)?(?:\d\d/)?$"
    r"|[?&](?:paged|m|cat|tag|author|category_name|s|year|monthnum)=",
    re.IGNORECASE,
)
_SINGLE = frozenset(("single", "page", "singular", "attachment", "single-post", "page-template"))
_LISTING = frozenset(
    ("home", "blog", "archive", "category", "tag", "date", "author", "search", "paged", "tax")
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")


@dataclass(frozen=True)
class Facts:
    """Facts of one page, each looked up when asked for."""

    page: Page

    @cached_property
    def tree(self) -> Node:
        """The page's tree."""
        return self.page.tree

    @cached_property
    def index(self) -> Index:
        """Its named elements."""
        return index(self.tree)

    @cached_property
    def links(self) -> list[tuple[str, str, str]]:
        """rel, href and type of each <link>."""
        return [
            (node.get("rel", "").lower(), node.get("href", ""), node.get("type", "").lower())
            for node in self.index.links
        ]

    @cached_property
    def metas(self) -> dict[str, str]:
        """Contents of <meta> by name or property, the first of each."""
        found: dict[str, str] = {}
        for node in self.index.metas:
            name = node.get("property") or node.get("name") or ""
            if content := node.get("content", "").strip():
                found.setdefault(name.lower(), content)
        return found

    @cached_property
    def anchors(self) -> list[Node]:
        """All <a href>."""
        return [node for node in self.index.anchors if node.get("href")]

    def link(self, rel: str) -> str:
        """The href of the first <link> with a rel, "" without one."""
        return next((href for found, href, _ in self.links if found == rel), "")

    @cached_property
    def body_classes(self) -> frozenset[str]:
        """Class names of <body>; core writes what the page is since 2.8."""
        body = self.tree.find(".//body")
        return frozenset((body.get("class", "") if body is not None else "").split())

    @cached_property
    def title(self) -> str:
        """The words of <title>."""
        found = self.tree.find(".//title")
        return words(found) if found is not None else ""

    @cached_property
    def homes(self) -> frozenset[str]:
        """Addresses of the blog's front page, without the last slash."""
        parts = urlsplit(self.page.url)
        stated = [a.get("href", "") for a in self.anchors if a.get("rel") == "home"]
        return frozenset(home.rstrip("/") for home in (f"{parts.scheme}://{parts.netloc}", *stated))

    @cached_property
    def trusts_offsets(self) -> bool:
        """Whether +00:00 means UTC here."""
        return offsets_are_true(self.page.generator)

    @cached_property
    def posted_to(self) -> str:
        """The post's number in the comment form, "" without a form."""
        for form in self.index.forms:
            for field in form.iter("input"):
                if field.get("name") == "comment_post_ID":
                    return field.get("value", "").strip()
        return ""

    @cached_property
    def takes_comments(self) -> bool | None:
        """False where a remark says that comments are closed, True where there is a form."""
        if self.posted_to or any(
            "wp-comments-post.php" in f.get("action", "") for f in self.index.forms
        ):
            return True
        remark = self.index.first(Sign.CLOSED)
        if remark is None or any(is_password_form(form) for form in self.index.forms):
            return None
        return False if words(remark) else None

    @cached_property
    def post_number(self) -> str | None:
        """The number of the post that a single page shows."""
        for name in self.body_classes:
            stated = _ID_CLASS.match(name)
            if stated:
                return stated[1]
        if self.posted_to:
            return self.posted_to if self.posted_to.isdigit() else None
        for href in (self.link("shortlink"), self.page.url):
            numbers = dict(parse_qsl(urlsplit(href).query))
            for key in _ID_QUERY:
                if numbers.get(key, "").isdigit():
                    return numbers[key]
        for rel, href, kind in self.links:
            if rel == "alternate" and kind == "application/json" and (m := _JSON_ID.search(href)):
                return m[1]
        return None

    @cached_property
    def comment_page(self) -> int | None:
        """The number of this page of comments, where the URL has one."""
        found = _COMMENT_PAGE.search(self.page.url)
        return int(found[1] or found[2]) if found else None

    @cached_property
    def comments_heading(self) -> str | None:
        """The words above the comments ("41 Responses to …"); None without them."""
        counts = self.index.by_sign.get(Sign.COUNT, [])
        for node in (*counts, *self.index.by_sign.get(Sign.COMMENTS, [])):
            if node in counts or node.tag in _HEADINGS:
                text = words(node)
            else:
                heading = next((h for h in node.iter(*_HEADINGS) if words(h)), None)
                text = words(heading) if heading is not None else ""
                if heading is not None and "reply" in heading.get("id", ""):
                    text = ""
            if text:
                return text
        return None

    @cached_property
    def permalink(self) -> str | None:
        """The canonical address, without the comment page that core adds to it."""
        href = self.link("canonical").partition("#")[0]
        if not href:
            return None
        href = re.sub(r"comment-page-\d+/?$", "", href)
        return re.sub(r"[?&]cpage=\d+", "", href)

    @cached_property
    def is_static(self) -> bool:
        """Whether this is a page outside the flow of posts ("About")."""
        named = self.body_classes
        if "single" in named or "single-post" in named:
            return False
        return "page" in named or any(name.startswith("page-id-") for name in named)

    @cached_property
    def is_lost(self) -> bool:
        """A 404 page or an attachment: no post stands here."""
        return not self.body_classes.isdisjoint(("error404", "attachment"))

    @cached_property
    def is_single(self) -> bool:
        """Whether one post is the subject of the page."""
        named = self.body_classes
        if not named.isdisjoint(_SINGLE) or _OF_ONE.search(self.page.url):
            return True
        if not named.isdisjoint(_LISTING) or _LISTING_URL.search(self.page.url):
            return False
        if len(self.index.roots) > 1:
            return bool(self.link("shortlink") or self.posted_to)
        has_comments = bool(self.index.marks or self.index.by_sign.get(Sign.COMMENTS))
        return has_comments or bool(self.posted_to) or not self._is_root_url

    @property
    def _is_root_url(self) -> bool:
        parts = urlsplit(self.page.url)
        return parts.path in ("", "/") and not parts.query

    @cached_property
    def kind(self) -> PageKind:
        """What the page is."""
        if "error404" in self.body_classes:
            return PageKind.OTHER
        if "attachment" in self.body_classes:
            return PageKind.MEDIA
        if self.is_single:
            return PageKind.COMMENT_PAGE if self.comment_page else PageKind.POST
        return (
            PageKind.HOME if "home" in self.body_classes or self._is_root_url else PageKind.ARCHIVE
        )


def is_password_form(form: Node) -> bool:
    """Whether a form asks for the password of a post."""
    action = form.get("action", "")
    return "postpass" in action or "wp-pass" in action or "password-form" in form.get("class", "")
