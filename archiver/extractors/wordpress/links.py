"""Where a WordPress page leads: comment pages, parts of a post, comment feeds, the REST API."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.drafts import FollowDraft
from archiver.extractors.wordpress.facts import Facts
from archiver.extractors.wordpress.paging import parts
from archiver.model import Role
from archiver.urls import host

_API_REL = "https://api.w.org/"
_API_HEADER = re.compile(r'<([^>]+)>\s*;\s*rel="?https://api\.w\.org/"?')
_COMMENT_PAGE = re.compile(r"^(.*?(?:/comment-page-|[?&]cpage=))(\d+)(.*)$")
_FEED = re.compile(r"/feed(?:/|$)|[?&]feed=|wp-commentsrss2")
_DEPTH = re.compile(r"\bdepth-(?!1\b)\d")
_PAGE_SIZE = 100  # the most that the API gives.  Source: WordPress 6.1 class-wp-rest-controller.php
_MOST_PAGES = 500


def follow(facts: Facts) -> Iterator[FollowDraft]:
    """Drafts of links that only WordPress knows; the page may show some of them too."""
    api = _api_root(facts)
    if api:
        yield FollowDraft(href=api, role=Role.API)  # its index names the blog's time zone
        yield from (FollowDraft(href=href, role=Role.API) for href in collections(api))
    yield from _comment_pages(facts)
    if facts.is_single:
        for href in parts(facts).hrefs:
            yield FollowDraft(href=href, role=Role.POST, post_native_id=facts.post_number)
        yield from _comment_feeds(facts, has_api=bool(api))


def _api_root(facts: Facts) -> str:
    stated = _API_HEADER.search(facts.page.capture.header("link") or "")
    root = facts.link(_API_REL) or (stated[1] if stated else "")
    if not root and host(facts.page.url).endswith(".wordpress.com"):
        return f"https://public-api.wordpress.com/wp/v2/sites/{host(facts.page.url)}/"
    return root


def collections(root: str) -> Iterator[str]:
    """First pages of posts, pages and comments; `root` ends in "/wp-json/" or "rest_route=/"."""
    base = root if "/wp/v2/" in root else f"{root.rstrip('/')}/wp/v2/"
    joint = "&" if "?" in base else "?"
    for name, more in (
        ("posts", "&_embed=author,wp:term"),
        ("pages", "&_embed=author"),
        ("comments", "&order=asc"),
    ):
        yield f"{base}{name}{joint}per_page={_PAGE_SIZE}&page=1{more}"


def _comment_pages(facts: Facts) -> Iterator[FollowDraft]:
    """All pages below the highest one linked: the bare address shows only the newest."""
    highest: dict[tuple[str, str], int] = {}
    for link in facts.anchors:
        href = link.get("href", "").partition("#")[0]
        if ("comment-page-" in href or "cpage=" in href) and "replytocom=" not in href:
            found = _COMMENT_PAGE.match(href)
            if found:
                key = (found[1], found[3])
                highest[key] = max(highest.get(key, 0), int(found[2][:6]))
    for (before, after), last in highest.items():
        for number in range(1, min(last, _MOST_PAGES) + 1):
            yield FollowDraft(href=f"{before}{number}{after}", role=Role.COMMENT_PAGE)


def _comment_feeds(facts: Facts, *, has_api: bool) -> Iterator[FollowDraft]:
    """The post's own comment feed where no link names it; as Atom where threads hide parents."""
    marks = facts.index.marks
    if not marks or "wordpress" not in facts.page.generator.lower():
        return
    address, number = facts.permalink or facts.page.url, facts.post_number
    if "?" in address:
        if number is None:
            return
        home = facts.page.url.partition("?")[0]
        rss, atom = f"{home}?feed=rss2&p={number}", f"{home}?feed=atom&p={number}"
    else:
        rss, atom = f"{address.rstrip('/')}/feed/", f"{address.rstrip('/')}/feed/atom/"
    if not _names_own_feed(facts, address.rstrip("/"), f"p={number}"):
        yield FollowDraft(href=rss, role=Role.FEED, post_native_id=number)
    if not has_api and any(_DEPTH.search(mark.get("class", "")) for _, mark in marks):
        yield FollowDraft(href=atom, role=Role.FEED, post_native_id=number)


def _names_own_feed(facts: Facts, address: str, query: str) -> bool:
    hrefs = [href for rel, href, _ in facts.links if rel == "alternate"]
    hrefs += [link.get("href", "") for link in facts.anchors]
    return any(
        _FEED.search(href) and (href.startswith(f"{address}/feed") or query in href)
        for href in hrefs
    )
