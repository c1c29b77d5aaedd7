"""Which post or comment a feed entry is: the ids that platforms hide in guids and links."""

from __future__ import annotations

import re

from archiver.urls import host

# Each with the platform that writes it; the first that fits counts.
_POST_IDS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^tag:blogger\.com,1999:blog-\d+\.post-(\d+)$",  # Blogger
        r"^tag:typepad\.com,2003:post-(6a[0-9a-f]+|\d+)$",  # TypePad
        r"^tag:[^,]+,\d{4}[^:]*:.*[/.](?:\d+)\.(\d+)$",  # Movable Type "//1.23", ExpressionEngine
        r"^(\d+) at https?://",  # Drupal
        r"^(\d+)@https?://",  # b2evolution
        r"/archives/(\d+)-guid\.html$",  # Serendipity
        r"^tag:dreamwidth\.org,[^:]*:\d+:(\d+)$",
        r"^urn:lj:[^:]+:atom1:[^:]+:(\d+)$",  # LiveJournal
        r"^https?://[^/]+\.tumblr\.com/post/(\d+)(?:/|$)",
        r"^https?://medium\.com/p/([0-9a-f]+)$",
        r"^(?:[0-9a-f]{24}:){2}([0-9a-f]{24})$",  # Squarespace
        r"^([0-9a-f]{24})$",  # Ghost
    )
)
_WORDPRESS = re.compile(r"[?&](?:p|page_id)=(\d+)(?:&|#|$)")
_COMMENT_IDS = tuple(
    re.compile(pattern)
    for pattern in (
        r"#(?:li-|div-)?comment-(\d+)$",  # WordPress, Drupal, ExpressionEngine, Ghost
        r"^tag:typepad\.com,2003:(?:post-\w+:)?comment-(\w+)$",
        r"^tag:[^,]+,\d{4}[^:]*:.*[-:/]comment[-:](\w+)$",  # Movable Type
        r"#(?:c|comment)(\d+|6a[0-9a-f]+)$",  # Movable Type, TypePad, Serendipity, Textpattern
        r"#comment-(6a[0-9a-f]+)$",
        r"[?&]showComment=(\d+)",
        r"^comment (\d+) at https?://",  # Drupal
    )
)
_BLOGGER = re.compile(r"^tag:blogger\.com,1999:blog-\d+\.post-(\d+)$")


def post_id(ident: str | None, link: str | None, generator: str) -> str | None:
    """The platform's own id of a post in its guid or Atom id, or in its link.

    WordPress keeps the guids of posts that were imported from elsewhere, with ids that another
    post may have here: its `?p=N` counts on the blog's own host only.
    """
    if "wordpress" not in generator:
        return _first(_POST_IDS, (ident, link)) or _wordpress_id(link)
    own = {host(link or "").removeprefix("www.")}
    if "wordpress.com" in generator:
        own.add(host(ident or ""))
    here = host(ident or "").removeprefix("www.") in own
    return (_wordpress_id(ident) if here else None) or _wordpress_id(link)


def _wordpress_id(value: str | None) -> str | None:
    found = _WORDPRESS.search(value) if value else None
    return found[1] if found else None


def comment_id(*values: str | None) -> str | None:
    """The platform's own id of a comment in its link, guid or Atom id."""
    return _first(_COMMENT_IDS, values)


def blogger_id(value: str | None) -> str | None:
    """The number in Blogger's id, which posts and comments share."""
    found = _BLOGGER.match(value) if value else None
    return found[1] if found else None


def _first(patterns: tuple[re.Pattern[str], ...], values: tuple[str | None, ...]) -> str | None:
    for value in values:
        for pattern in patterns:
            found = pattern.search(value) if value else None
            if found:
                return found[1]
    return None
