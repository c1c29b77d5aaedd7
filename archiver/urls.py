"""URLs: resolve, canonicalise, sort key, identity. Pure, idempotent, never raise on bad input."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from surt import surt as _surt
from tldextract import TLDExtract
from w3lib.url import canonicalize_url, safe_url_string

from archiver.model import Surt, Url

# Only the snapshot inside the package: reading a URL must not need the network.
_SUFFIXES = TLDExtract(suffix_list_urls=(), cache_dir=None)

_STRIPPED = re.compile(r"[\t\r\n]")
_FETCHABLE = ("http", "https")
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
# What safe_url_string would leave as it is.
_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?/[A-Za-z0-9._~/?=&;,+-]*(?:#[A-Za-z0-9_-]+)?")
# What urljoin would leave as it is, or only put behind the site's address.
_WHOLE = re.compile(
    r"https?://[A-Za-z0-9-][A-Za-z0-9.-]*(?::\d{1,4})?/[A-Za-z0-9._~/?=&;,+-]*(?:#[A-Za-z0-9_-]+)?"
)
_ROOTED = re.compile(
    r"/(?!/)(?:[A-Za-z0-9_~,+/-]|(?<!/)\.)*(?:\?[A-Za-z0-9._~/=&,+-]+)?(?:#[A-Za-z0-9_-]+)?"
)
_BAD_HOST = re.compile(r"[\s<>\"{}|\\^`%,;()']")
# Query keys that name a view of a post, never the post itself.
_VIEW_KEYS = frozenset(
    {"replytocom", "cid", "no_prefetch", "showcomment", "like_comment", "share", "cpage"}
    | {"commentpage", "parentid", "commented", "view", "thread", "format", "style", "nohtml"}
    | {"mode", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"}
    | {"fbclid", "phpsessid", "sid", "amp"}
)
_COMMENT_PAGE = re.compile(r"/(?:comment-page-\d+|comments?/page/\d+)/?$")
_COMMENT_KEY = re.compile(r"(?:cpage|commentPage)=\d+$")
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|shtml|aspx?)$", re.IGNORECASE)
_BLOGSPOT = re.compile(r"\.blogspot\.[a-z.]{2,6}$")


def resolve(base: str, href: str | None) -> Url | None:
    """Absolute http(s) URL for an href as found, without its fragment; None if it has none.

    Whitespace inside is dropped as browsers do (WHATWG URL, 4.4 basic URL parser).
    """
    absolute = resolve_any(base, href)
    if absolute is None or not absolute.startswith(("http://", "https://")):
        return None
    return Url(absolute.partition("#")[0])


def resolve_any(base: str, href: str | None) -> Url | None:
    """Absolute URL with any scheme, its fragment kept (mailto:, data:, #c12); None if unusable."""
    if not href:
        return None
    # Most links stand on every page of a blog, and mean the same from every page of it.
    if _ABSOLUTE.match(href):
        base = ""
    elif href.startswith("/") and not href.startswith("//"):
        base = base[: base.find("/", 8)] if base.find("/", 8) > 0 else base
    return _resolved(base, href)


@lru_cache(maxsize=32_768)
def _resolved(base: str, href: str) -> Url | None:
    text = _STRIPPED.sub("", href).strip()
    if not text:
        return None
    if _WHOLE.fullmatch(text):
        return Url(text)
    if base.count("/") == 2 and _ROOTED.fullmatch(text) and _WHOLE.fullmatch(base + text):
        return Url(base + text)
    try:
        joined = urljoin(base, text)
        parts = urlsplit(joined)
        if parts.scheme in _FETCHABLE:
            if not parts.hostname or _BAD_HOST.search(parts.hostname):
                return None
            _ = parts.port
            if _PLAIN.fullmatch(joined):
                return Url(joined)
            return Url(safe_url_string(joined, encoding="utf-8"))
    except (ValueError, UnicodeError):
        return None
    return Url(joined) if parts.scheme else None


@lru_cache(maxsize=65_536)
def canonical(url: str) -> Url:
    """The URL under which the crawl knows a resource: no fragment, query order kept as it is.

    Asset cache-busters stay, since replay asks for the exact URL.
    """
    try:
        parts = urlsplit(url if _PLAIN.fullmatch(url) else safe_url_string(url.strip()))
        host = (parts.hostname or "").lower()
        port = parts.port
    except ValueError:
        return Url(url)
    if port and (parts.scheme, port) not in (("http", 80), ("https", 443)):
        host = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    elif ":" in host:
        host = f"[{host}]"
    return Url(urlunsplit((parts.scheme.lower(), host, parts.path or "/", parts.query, "")))


@lru_cache(maxsize=32_768)
def surt_key(url: str) -> Surt:
    """Sort-friendly key as CDXJ has it ("com,example)/path?a=1"); the URL where there is none."""
    try:
        return Surt(_surt(url))
    except (ValueError, IndexError, UnicodeError, AttributeError, TypeError):
        return Surt(url)


def host(url: str) -> str:
    """Lower-case host without port; empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


@lru_cache(maxsize=16_384)
def registered_domain(url_or_host: str) -> str:
    """The domain under a public suffix ("example.co.uk"); for IPs and localhost the host."""
    name = host(url_or_host) if "://" in url_or_host else url_or_host
    return _SUFFIXES(name).top_domain_under_public_suffix or name


def same_site(left: str, right: str) -> bool:
    """Whether two URLs are on one host, "www." and blogspot's country mirrors set aside."""
    return site_host(left) == site_host(right)


@lru_cache(maxsize=32_768)
def site_host(url: str) -> str:
    """The host with "www." dropped and blogspot's country mirrors folded into .com."""
    name = host(url).removeprefix("www.")
    return _BLOGSPOT.sub(".blogspot.com", name)


@lru_cache(maxsize=65_536)
def permalink_identity(url: str) -> str:
    """What two addresses of one post share: site host, path without pages, the query's rest.

    Scheme, "www.", trailing slash, index.html, comment pages, fragments and view parameters are
    set aside; the result is an opaque key, not a URL.
    """
    try:
        parts = urlsplit(canonical(url))
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return url
    path = _INDEX.sub("/", _COMMENT_PAGE.sub("/", unquote(parts.path)))
    kept = sorted((k, v) for k, v in query if k.lower() not in _VIEW_KEYS)
    site = site_host(url)
    port = f":{parts.port}" if parts.port else ""
    tail = f"?{urlencode(kept)}" if kept else ""
    return f"{site}{port}{path.rstrip('/') or '/'}{tail}"


def without_comment_page(url: Url) -> Url:
    """The address of the post that a comment page belongs to; any other address as it is."""
    address, mark, query = url.partition("?")
    kept = [part for part in query.split("&") if not _COMMENT_KEY.match(part)]
    path = _COMMENT_PAGE.sub("/", address)
    return Url(path + (mark + "&".join(kept) if mark and any(kept) else ""))


def ordered(url: str) -> Url:
    """The URL with its query sorted: equal for permutations of the same parameters."""
    return Url(canonicalize_url(url))
