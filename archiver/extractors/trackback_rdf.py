"""TrackBack auto-discovery RDF in HTML comments: the best title, author and date of its time.

Movable Type, TypePad, Serendipity, DotClear and old WordPress themes hid one `rdf:Description`
per post in an HTML comment.  It is read from the characters and not from the tree, since titles
with "--" or ">" end the comment early for a parser.  Source: TrackBack 1.2, "Auto-Discovery"
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import Source
from archiver.page import Page

_BLOCK = re.compile(
    r"<rdf:Description\b(.{0,20000}?)(?=<rdf:Description\b|</rdf:RDF|\Z)", re.S | re.I
)
_NAME = re.compile(
    r"(?:^|[\s\"'])(rdf:about|rdf:resource|trackback:ping|dc:[a-z]+)\s*=\s*([\"'])", re.IGNORECASE
)
_ELEMENT = re.compile(r"<(dc:[a-z]+|trackback:ping)\b[^>]*>(.*?)</\1\s*>", re.S | re.IGNORECASE)
_RESOURCE = re.compile(
    r"<(trackback:ping)\b[^>]*\brdf:resource\s*=\s*[\"']([^\"']+)", re.IGNORECASE
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_FEED = re.compile(r"\.(?:rdf|rss|xml)$|/feeds?/", re.IGNORECASE)
# Only these ping addresses hold the post's own number; Movable Type's is the TrackBack's.
_PING_IDS = re.compile(r"[?&]entry_id=(\d+)|/wp-trackback\.php(?:\?p=|/)(\d+)|[?&]tb_id=(\d+)")


class TrackbackRdf(Extractor):
    """One post per block, without its body: permalink, title, author, date, category, excerpt."""

    name, version, is_host = "trackback_rdf", 1, True

    def claim(self, page: Page) -> Claim:
        if b"rdf:Description" not in page.body or not page.is_html or not _descriptions(page.text):
            return NO_CLAIM
        return Claim(score=0.5, because="TrackBack RDF")

    def posts(self, page: Page) -> Iterator[PostDraft]:
        for values in _descriptions(page.text):
            yield _draft(values)


def _descriptions(text: str) -> list[dict[str, str]]:
    """The values of every block that describes a post, by lower-case name, entities undone."""
    found = (_values(block.group(1)) for block in _BLOCK.finditer(text))
    return [
        values
        for values in found
        if "trackback:ping" in values and (_url(values) or "dc:title" in values)
    ]


def _values(block: str) -> dict[str, str]:
    """Attribute and element values of one block.

    A value ends at the last quote before the next known name: templates wrote titles with their
    quotes unescaped.
    """
    names = list(_NAME.finditer(block))
    ends = [name.start() + 1 for name in names[1:]] + [len(block)]
    values: dict[str, str] = {}
    for name, end in zip(names, ends, strict=True):
        stop = block.rfind(name.group(2), name.end(), end)
        raw = block[name.end() : stop if stop >= 0 else end]
        values.setdefault(name.group(1).lower(), _plain(raw))
    for element in (*_ELEMENT.finditer(block), *_RESOURCE.finditer(block)):
        values.setdefault(element.group(1).lower(), _plain(element.group(2)))
    return {name: value for name, value in values.items() if value}


def _plain(raw: str) -> str:
    return unescape(_CDATA.sub(r"\1", raw)).strip()


def _url(values: dict[str, str]) -> str | None:
    """The permalink: Serendipity puts a feed of the entry into rdf:about, so a feed comes last."""
    stated = [values.get("dc:identifier", ""), values.get("rdf:about", "")]
    addresses = [value for value in stated if _ADDRESS.match(value)]
    return min(addresses, key=lambda url: bool(_FEED.search(url)), default=None)


def _draft(values: dict[str, str]) -> PostDraft:
    creator, date, subject = (values.get(f"dc:{n}") for n in ("creator", "date", "subject"))
    number = _PING_IDS.search(values["trackback:ping"])
    return PostDraft(
        native_id=next((part for part in number.groups() if part), None) if number else None,
        url=_url(values),
        title=values.get("dc:title"),
        authors=(AuthorDraft(text=creator),) if creator else (),
        published=DateDraft(machine=date, source=Source.RDF) if date else None,
        excerpt=values.get("dc:description"),
        categories=(subject,) if subject else (),
        source=Source.RDF,
    )
