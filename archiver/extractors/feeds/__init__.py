"""RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0 of any platform: posts, and comments of one post or all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from archiver.drafts import BlogDraft, CommentDraft, FollowDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.extractors.feeds import entries
from archiver.extractors.feeds.documents import Document, document, is_comment, looks_like_feed
from archiver.extractors.feeds.fields import title
from archiver.model import PageKind, Role
from archiver.page import Page

_WP_FEED = re.compile(r"/feed(?:/(?:rss2?|atom|rdf))?/?$|wp-(?:rss2?|atom|rdf)\.php$")


class Feeds(Extractor):
    """Feed documents; the platform that wrote one shows only in its ids and generator."""

    name, version = "feeds", 1

    def claim(self, page: Page) -> Claim:
        if not looks_like_feed(page) or document(page) is None:
            return NO_CLAIM
        return Claim(score=0.99, because="feed root element")

    def kind(self, page: Page) -> PageKind:
        return PageKind.FEED

    def posts(self, page: Page) -> Iterator[PostDraft]:
        feed = document(page)
        if feed is not None and not feed.is_of_comments:
            for entry in feed.entries:
                if not is_comment(entry):
                    yield entries.post(entry, feed)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        feed = document(page)
        if feed is not None:
            for entry in feed.entries:
                if feed.is_of_comments or is_comment(entry):
                    yield entries.comment(entry, feed)

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        feed = document(page)
        if feed is None:
            return
        for entry in feed.entries:
            yield from entries.leads(entry, feed)
        for rel in ("next", "prev-archive", "previous"):
            href = feed.head.link(rel)
            if href:
                yield FollowDraft(href=href, role=Role.FEED)
        if (page_after := _wordpress_page_after(feed)) is not None:
            yield FollowDraft(href=page_after, role=Role.FEED)

    def blog(self, page: Page) -> BlogDraft | None:
        feed = document(page)
        if feed is None or feed.is_of_comments:
            return None
        heading = next(feed.head.all("title", "atom:title"), None)
        tagline = next(feed.head.all("description", "atom:subtitle", "atom:tagline"), None)
        language = feed.head.text("language", "dc:language")
        return BlogDraft(
            title=title(heading) if heading is not None else None,
            tagline=title(tagline) if tagline is not None else None,
            home=feed.head.link("alternate") or feed.head.text("link"),
            language=language or feed.root.get("{http://www.w3.org/XML/1998/namespace}lang"),
            feeds=(page.url,),
        )


def _wordpress_page_after(feed: Document) -> str | None:
    """The next page of a WordPress post feed.

    Only while the feed names itself by the page asked for: a static copy or a cache that ignores
    the query would answer the same feed for ever.
    """
    parts = urlsplit(feed.page.url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    is_own = bool(_WP_FEED.search(parts.path)) or "feed" in query
    if not is_own or "wordpress" not in feed.generator or feed.is_of_comments or not feed.entries:
        return None
    number = int(query["paged"]) if query.get("paged", "").isdigit() else 1
    named = dict(parse_qsl(urlsplit(feed.head.link("self") or "").query))
    if number > 1 and named.get("paged") != str(number):
        return None
    query["paged"] = str(number + 1)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
