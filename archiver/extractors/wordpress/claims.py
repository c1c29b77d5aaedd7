"""Whether a page was written by WordPress."""

from __future__ import annotations

import re

from lxml.etree import XPath

from archiver.extractors import NO_CLAIM, Claim
from archiver.page import Page
from archiver.urls import host

_FEED_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF|urlset|sitemapindex)[\s>]")
_SIGNS: tuple[tuple[float, str, XPath], ...] = tuple(
    (score, because, XPath(f"boolean({path})"))
    for score, because, path in (
        (0.9, "link to its REST API", "//link[@rel='https://api.w.org/']"),
        (0.86, "comment form", "//form[contains(@action,'wp-comments-post.php')]"),
        (0.85, "RSD of xmlrpc.php", "//link[@rel='EditURI'][contains(@href,'xmlrpc.php?rsd')]"),
        (0.85, "pingback address", "//link[@rel='pingback'][contains(@href,'/xmlrpc.php')]"),
        (
            0.8,
            "its assets",
            "//link[contains(@href,'/wp-content/') or contains(@href,'/wp-includes/')]"
            " | //script[contains(@src,'/wp-content/') or contains(@src,'/wp-includes/')]",
        ),
        (
            0.65,
            "its body classes",
            "//body[contains(@class,'postid-') or contains(@class,'page-id-')]",
        ),
        (0.62, "its comment ids", "//*[starts-with(@id,'li-comment-')]"),
    )
)


def claim(page: Page) -> Claim:
    """0.97 for a generator, 0.9 for headers and hosts, 0.6-0.9 for markup of core."""
    if not _is_page(page):
        return NO_CLAIM
    if page.generator.startswith("WordPress"):
        return Claim(score=0.97, because=f"generator {page.generator}")
    if "api.w.org" in (page.capture.header("link") or ""):
        return Claim(score=0.9, because="Link header names its REST API")
    if (page.capture.header("x-pingback") or "").endswith("/xmlrpc.php"):
        return Claim(score=0.85, because="X-Pingback header")
    if host(page.url).endswith(".wordpress.com"):
        return Claim(score=0.9, because="host wordpress.com")
    if b"wp-" not in page.body and b"comment-" not in page.body and b"xmlrpc" not in page.body:
        return NO_CLAIM
    for score, because, sign in _SIGNS:
        if sign(page.tree):
            return Claim(score=score, because=because)
    return NO_CLAIM


def _is_page(page: Page) -> bool:
    if page.mime and "html" not in page.mime and page.mime != "text/plain":
        return False
    return _FEED_ROOT.search(page.body[:1024]) is None and page.body[:64].lstrip()[:1] not in (
        b"{",
        b"[",
    )
