"""Addresses behind names: redirectors undone, profile ids read, e-mail and scripts refused."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from archiver.model import Url
from archiver.urls import host, resolve, same_site

# Movable Type hides commenters' links from search engines; the script can have any name.
_MOVABLE_TYPE = re.compile(r"[?&;](?:amp;)?__mode=red\b")
_REDIRECTOR_PATH = re.compile(
    r"/(?:redirect(?:or)?|redir|out(?:bound|going)?|exit|go(?:to)?|url|link|leave|away|l|jump)"
    r"(?:\.\w{2,5})?/?$",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"\s*(?:#.*|https?:/*)?\s*", re.IGNORECASE)
_TARGET_KEYS = frozenset(("url", "u", "q", "z", "to", "target", "link", "dest", "destination", "r"))
_KNOWN_REDIRECTORS = re.compile(
    r"(?:^|\.)(?:google\.[a-z.]+|facebook\.com|umblr\.com|disq\.us|vk\.com|youtube\.com"
    r"|anonym\.to|nullrefer\.com|deviantart\.com|steamcommunity\.com)$"
)
_PROFILES = tuple(
    re.compile(pattern)
    for pattern in (
        r"//(?:www\.|draft\.)?blogger\.com/profile/(\d+)",
        r"//profiles?\.typepad\.[a-z.]+/([\w-]+)",
        r"//(?:users|community|syndicated)\.(?:livejournal|dreamwidth)\.\w+/([\w-]+)",
        r"//(?:www\.)?(?:livejournal|insanejournal|deadjournal)\.com/users/([\w-]+)",
        r"//(?!www\.|users\.|community\.)([\w-]+)\.(?:livejournal|dreamwidth|insanejournal)\.\w+/?"
        r"(?:profile)?/?$",
        r"//plus\.google\.com/(?:u/0/)?(\d{15,}|\+\w+)",
        r"//(?:www\.)?facebook\.com/profile\.php\?id=(\d+)",
        r"//(?:www\.)?disqus\.com/(?:by/)?([\w-]+)/?$",
    )
)


def author_url(href: str | None, title: str | None, base: str) -> Url | None:
    """Where a name leads; None for e-mail, scripts, fragments and placeholders.

    A Movable Type redirector keeps the true address in its link's title, and without one the
    address is lost.  Source: mt-comments.cgi?__mode=red
    """
    if not href or _EMPTY.fullmatch(href):
        return None
    if _MOVABLE_TYPE.search(href):
        return _web_address(title, base) if title else None
    return _web_address(href, base)


def _web_address(href: str, base: str) -> Url | None:
    text = href.strip()
    if text.lower().startswith("www."):
        text = f"http://{text}"
    url = resolve(base, text)
    if url is None:
        return None
    url = _unwrapped(url, base)
    name = host(url)
    # "http://none", "http://Your website": a name without a dot is no site.
    return url if "." in name or name == host(base) else None


def _unwrapped(url: Url, base: str) -> Url:
    parts = urlsplit(url)
    known = _KNOWN_REDIRECTORS.search(parts.hostname or "") is not None
    if not parts.query or not (known or same_site(url, base)):
        return url
    if parts.query.startswith(("http://", "https://")):
        return resolve(base, parts.query) or url
    if not (known or _REDIRECTOR_PATH.search(parts.path)):
        return url
    for key, value in parse_qsl(parts.query):
        if key.lower() in _TARGET_KEYS and value.startswith(("http://", "https://")):
            return resolve(base, value) or url
    return url


def profile_id(url: str) -> str | None:
    """The id under which a platform knows the person of a profile address; None for other sites."""
    for pattern in _PROFILES:
        if match := pattern.search(url):
            return match[1]
    return None
