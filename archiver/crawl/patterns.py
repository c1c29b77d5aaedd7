"""Forms of URLs: what many addresses have in common, and memory for what was seen at them. Pure."""

from __future__ import annotations

import re
from hashlib import blake2b
from urllib.parse import urlsplit

from archiver.model import Url
from archiver.urls import canonical, site_host

_DIGITS = re.compile(r"\d+")
_TOKEN = re.compile(
    r"(?<![0-9A-Za-z])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])(?:[0-9a-f]{8,}|[0-9A-Za-z]{16,})(?![0-9A-Za-z])"
)
_WORD = re.compile(r"[a-z]{1,15}")


def pattern_of(url: str) -> str:
    """The URL with everything counted, drawn by lot or said again replaced.

    Numbers, ids and session keys become #; a path ends at the first word that it repeats, so that
    all turns of a loop ("/a/b/a/", "/a/b/a/b/") are one pattern.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://[" and the like, which pages do link to
        return fold(url)
    segments = fold(parts.path).split("/")
    words: list[str] = []
    for segment in segments:
        if segment in words and _WORD.fullmatch(segment):
            words.append("*")
            break
        words.append(segment)
    query = "&".join(sorted(fold(part) for part in parts.query.split("&"))) if parts.query else ""
    return f"{site_host(url)}{'/'.join(words)}{'?' if query else ''}{query}"


def fold(text: str) -> str:
    """A text with its numbers and random-looking keys replaced by #."""
    return _DIGITS.sub("#", _TOKEN.sub("#", text))


class FactFilter:
    """A Bloom filter: was this seen? Now and then it says yes to what is new, never the reverse.

    4 MiB hold about three million facts at one false yes in a hundred, so memory stays flat.
    """

    _BITS = 1 << 25

    def __init__(self) -> None:
        self._bits = bytearray(self._BITS // 8)

    def add(self, fact: str) -> bool:
        """Remember a fact; True when it is new."""
        digest = blake2b(fact.encode("utf-8", "surrogatepass"), digest_size=12).digest()
        is_new = False
        for at in (0, 4, 8):
            bit = int.from_bytes(digest[at : at + 4]) % self._BITS
            mask = 1 << (bit & 7)
            if not self._bits[bit >> 3] & mask:
                self._bits[bit >> 3] |= mask
                is_new = True
        return is_new


def views_of(url: str) -> dict[str, Url]:
    """Ways in which a URL may be another view of a page, each with the URL of the plain page.

    "view:/print" for /a/b/print/, "view:m/" for /m/a/b, "view:?style=light" for ?style=light.
    """
    head, _, query = url.partition("?")
    views: dict[str, Url] = {}
    parameters = query.split("&") if query else []
    for parameter in parameters:
        others = "&".join(other for other in parameters if other != parameter)
        views[f"view:?{fold(parameter)}"] = Url(f"{head}?{others}" if others else head)
    scheme, _, rest = head.partition("//")
    site, *segments = rest.split("/")
    named = [part for part in segments if part]
    slash = "/" if head.endswith("/") else ""
    for label, at in (("view:/{}", len(named) - 1), ("view:{}/", 0)):
        if len(named) >= 2 and _WORD.fullmatch(named[at]):
            plain = "/".join(named[:at] + named[at + 1 :])
            views[label.format(named[at])] = canonical(f"{scheme}//{site}/{plain}{slash}")
    return views
