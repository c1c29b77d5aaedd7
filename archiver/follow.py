"""Where a page leads: links worth fetching with their role, and links that are part of the data.

Platforms add what only they know through `Extractor.follow`; what every page has is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml.etree import _Element as Node

from archiver.drafts import FollowDraft
from archiver.model import Comment, Follow, Link, Post, Role, Url
from archiver.nodes import attribute, text
from archiver.page import Page
from archiver.urls import resolve, site_host

_REFRESH_URL = re.compile(r"url\s*=\s*['\"]?([^'\">]+)", re.IGNORECASE)

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_FEED = re.compile(
    r"/(?:feed|rss|atom|feeds)(?:/|$)|/(?:rss|atom|index|feed)\d?\.(?:xml|rdf|rss)$"
    r"|[?&]feed=|/wp-(?:rss2?|atom|rdf|commentsrss2)\.php|[?&]tempskin=_(?:rss|atom)",
    re.IGNORECASE,
)
_COMMENT_PAGE = re.compile(
    r"/comment-page-\d+|[?&](?:cpage|commentPage)=\d+|/comments/page/\d+", re.IGNORECASE
)
_LISTING = re.compile(
    r"/page/\d+/?$|[?&]paged?=\d+|/\d{4}(?:/\d{1,2}){0,2}/?$|/\d{4}_\d{2}(?:_\d{2})?(?:_archive)?\.html?$"
    r"|/(?:category|categories|cat|tag|tags|label|author|archives?|topics?|section)(?:[/.]|$)"
    r"|[?&](?:m|cat|tag|author|category_name|updated-max)=|/search/label/|/index\.html?$",
    re.IGNORECASE,
)
# A link to a picture or a file is a part of the page that links to it, not a page to read.
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|bmp|svg|ico|tiff?|mp3|ogg|oga|wav|m4a|wma|mp4|m4v|mov|avi|wmv|mpe?g|flv"
    r"|swf|webm|pdf|docx?|xlsx?|pptx?|odt|ods|zip|rar|gz|tgz|7z|exe|dmg|epub|css|js)$",
    re.IGNORECASE,
)
_BLOGROLL = re.compile(r"blogroll|linkcat|xoxo|linklist", re.IGNORECASE)
_SIDEBAR = re.compile(
    r"sidebar|side-?bar|widget|secondary|gamma|beta|rightcol|leftcol", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Where a page leads (`follow`, each URL once) and its links outside posts and comments."""

    follow: tuple[Follow, ...]
    links: tuple[Link, ...]


def survey(
    page: Page,
    drafts: Iterable[FollowDraft],
    posts: Sequence[Post],
    comments: Sequence[Comment],
) -> Survey:
    """One pass over the anchors of a page."""
    roles: dict[Url, Follow] = {}
    for follow in (*_stated(page, drafts), *_of_posts(posts)):
        roles.setdefault(follow.url, follow)
    inside = _urls_inside(posts, comments)
    links: dict[tuple[Url, str], Link] = {}
    own_site = site_host(page.url)
    contexts: dict[Node, str] = {}
    for node, url in _anchors(page):
        if url not in roles:
            roles[url] = Follow(url=url, role=_role(url))
        if url not in inside:
            context = "nav" if site_host(url) == own_site else _context(node, contexts)
            if (url, context) not in links:
                links[url, context] = _link(node, url, context, len(links) + 1)
    return Survey(follow=tuple(roles.values()), links=tuple(links.values()))


def _stated(page: Page, drafts: Iterable[FollowDraft]) -> Iterator[Follow]:
    for draft in drafts:
        url = resolve(page.base_url, draft.href)
        if url is not None:
            post = f"native:{draft.post_native_id}" if draft.post_native_id else None
            yield Follow(url=url, role=draft.role, post=post)
    for node in page.tree.iter("link"):
        role = _head_role(node)
        url = resolve(page.base_url, node.get("href")) if role is not None else None
        if role is not None and url is not None:
            yield Follow(url=url, role=role)
    for node in page.tree.iter("meta"):
        if attribute(node, "http-equiv").lower() != "refresh":
            continue
        target = _REFRESH_URL.search(attribute(node, "content"))
        url = resolve(page.base_url, target.group(1)) if target else None
        if url is not None:
            yield Follow(url=url, role=Role.OTHER)


def _head_role(node: Node) -> Role | None:
    rel = attribute(node, "rel").lower().split()
    if "alternate" in rel and attribute(node, "type").lower() in _FEED_TYPES:
        return Role.FEED
    if "sitemap" in rel:
        return Role.SITEMAP
    if "canonical" in rel or "shortlink" in rel:
        return Role.OTHER
    if {"next", "prev", "previous", "start", "archives", "first", "last"} & set(rel):
        href = attribute(node, "href")
        return _role(href) if _LISTING.search(href) else Role.POST
    return None


def _of_posts(posts: Sequence[Post]) -> Iterator[Follow]:
    for post in posts:
        for url in (post.url, post.prev_url, post.next_url):
            if url is not None:
                yield Follow(
                    url=url, role=Role.POST, post=post.aliases[0] if url == post.url else None
                )


def _anchors(page: Page) -> Iterator[tuple[Node, Url]]:
    base = page.base_url
    seen: dict[str, Url | None] = {}
    for node in page.tree.iter("a", "area"):
        href = node.get("href")
        if href is None:
            continue
        if href not in seen:
            seen[href] = None if href.startswith("#") else resolve(base, href)
        url = seen[href]
        if url is not None:
            yield node, url


@lru_cache(maxsize=32_768)
def _role(url: str) -> Role:
    if _FILE.search(url.partition("?")[0]):
        return Role.REQUISITE
    if _COMMENT_PAGE.search(url):
        return Role.COMMENT_PAGE
    if _FEED.search(url):
        return Role.FEED
    return Role.LISTING if _LISTING.search(url) else Role.OTHER


def _urls_inside(posts: Sequence[Post], comments: Sequence[Comment]) -> set[Url]:
    shown = (*(post.body for post in posts), *(comment.body for comment in comments))
    bodies = [body for body in shown if body is not None]
    inside = {link.url for body in bodies for link in body.links}
    inside.update(c.author.url for c in comments if c.author is not None and c.author.url)
    return inside


def _context(node: Node, known: dict[Node, str]) -> str:
    """blogroll, sidebar or nav for a link that leaves the blog, by its boxes, each read once."""
    context, unknown = "nav", []
    for box in node.iterancestors():
        if box in known:
            context = known[box]
            break
        unknown.append(box)
    for box in reversed(unknown):
        names = f"{box.get('id', '')} {box.get('class', '')}"
        if context != "blogroll" and _BLOGROLL.search(names):
            context = "blogroll"
        elif context == "nav" and _SIDEBAR.search(names):
            context = "sidebar"
        known[box] = context
    return context


def _link(node: Node, url: Url, context: str, position: int) -> Link:
    return Link(
        url=url, text=text(node)[:1000], rel=node.get("rel"), context=context, position=position
    )
