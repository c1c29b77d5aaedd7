"""What a Drupal page says of itself: one node or a list, the node's number, the comment page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from archiver.elements import Elements, elements
from archiver.nodes import attribute, classes, strings
from archiver.page import Page

_SHORT = strings("//head/link[@rel='shortlink' or @rel='canonical']/@href")
_SETTINGS = strings("//script[@data-drupal-selector='drupal-settings-json']/text()")
_TEASERS = (".node-teaser", ".node--view-mode-teaser", ".view-mode-teaser")
_FULL = (".node-full", ".view-mode-full", ".node--view-mode-full")
_COMMENTS = ("#comments", ".comments", ".comment-wrapper", "#comment-form", ".comment-form")
_PAGERS = (".pager", ".pager__items")
_NODE_PATH = re.compile(r"(?:^|[/=])node/(\d+)(?:/\d+)?(?:[?#&]|$)")
_REPLY_PATH = re.compile(r"comment/reply/(?:node/)?(\d+)")
_CURRENT_PATH = re.compile(r'"currentPath":"(?:[\w-]+\\/)*node\\/(\d+)"')
_BODY_NUMBER = re.compile(r"^page-node-(\d+)$")
_TYPE_CLASS = re.compile(r"^(?:node-type-|page-node-type-|node--type-)")
_PAGE = re.compile(r"[?&]page=(?:\d+(?:%2C|,))*(\d+)")


@dataclass(frozen=True)
class Facts:
    """Facts of one page, each looked up when asked for."""

    page: Page

    @cached_property
    def every(self) -> Elements:
        """The page's elements."""
        return elements(self.page)

    @cached_property
    def body_classes(self) -> frozenset[str]:
        """Class names of <body>."""
        body = self.every.first("body")
        return frozenset(classes(body)) if body is not None else frozenset()

    @cached_property
    def number(self) -> str | None:
        """The node's number; None on lists and where no page part names it."""
        for name in self.body_classes:
            match = _BODY_NUMBER.match(name)
            if match:
                return match.group(1)
        for href in (*_SHORT(self.page.tree), self.page.url):
            match = _NODE_PATH.search(href)
            if match:
                return match.group(1)
        found = next(iter(_SETTINGS(self.page.tree)), "")
        current = _CURRENT_PATH.search(found)
        if current:
            return current.group(1)
        hrefs = (attribute(link, "href") for link in self.every.find("a"))
        numbers = {m.group(1) for href in hrefs if (m := _REPLY_PATH.search(href))}
        return numbers.pop() if len(numbers) == 1 else None

    @cached_property
    def is_front(self) -> bool:
        """Whether this is the front page."""
        return not self.body_classes.isdisjoint(("front", "path-frontpage", "is-front")) or (
            urlsplit(self.page.url).path in ("", "/") and not urlsplit(self.page.url).query
        )

    @cached_property
    def is_single(self) -> bool:
        """Whether one node is the subject of the page."""
        if self.every.find(*_TEASERS) and not self.every.find(*_FULL):
            return False
        if any(_TYPE_CLASS.match(name) for name in self.body_classes):
            return True
        if any(_BODY_NUMBER.match(name) for name in self.body_classes):
            return True
        if self.every.find(*_FULL, *_COMMENTS):
            return True
        return self.number is not None and not self.is_front

    @cached_property
    def comment_page(self) -> int | None:
        """1-based number of this page of comments; None where they are not paged."""
        match = _PAGE.search(self.page.url)
        if match:
            return int(match.group(1)) + 1 if self.is_single else None
        return 1 if self.is_single and self._has_pager() else None

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """Addresses in the pagers of the page."""
        links = (
            a for pager in self.every.find(*_PAGERS) for a in self.every.find("a", inside=pager)
        )
        return tuple(dict.fromkeys(attribute(link, "href") for link in links))

    def _has_pager(self) -> bool:
        boxes = self.every.find(*_COMMENTS)
        return any(self.every.find(*_PAGERS, inside=box) for box in boxes)
