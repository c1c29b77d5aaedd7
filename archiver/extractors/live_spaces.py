"""Windows Live (MSN) Spaces, closed in 2011: entries with ids such as cns!SPACE!ENTRY.

From a description only, so the claim is a modest one; comments are left to the generic reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from lxml.etree import _Element as Node

from archiver.drafts import DateDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import PageKind
from archiver.nodes import attribute, css, first, strings, text, xpath
from archiver.page import Page
from archiver.urls import host

_ENTRIES = css(".bvEntry")
_TITLE = css(".bvTitle, .beTitle, h4, h3")
_TEXT = css(".bvMsg")
_FOOT = css(".bvFooter, .bvEntryFooter, .footer")
_LINK = css("a[href]")
_DAY = xpath("preceding-sibling::*[self::h2 or self::h3 or contains(@class,'Date')][1]")
_ENTRY_NAMES = strings(".//@id | .//@href")
_ENTRY = re.compile(r"cns!([0-9A-F]+!\d+)", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?:\s*[AP]M)?", re.IGNORECASE)
_COUNTED = re.compile(r"comment|kommentar|commentaire|comentario|评论|回應", re.IGNORECASE)


class LiveSpaces(Extractor):
    """Entries below a day header, the time in the line that ends each."""

    name: ClassVar[str] = "live_spaces"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if page.generator or not page.is_html or b"bvMsg" not in page.body:
            return NO_CLAIM
        if host(page.url).endswith("spaces.live.com"):
            return Claim(score=0.65, because="host and message boxes")
        if b"bvEntry" in page.body and b"cns!" in page.body:
            return Claim(score=0.6, because="message boxes and entry ids")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        if not _ENTRIES(page.tree):
            return None
        return PageKind.POST if ".entry" in page.url else PageKind.ARCHIVE

    def posts(self, page: Page) -> Iterator[PostDraft]:
        for box in _ENTRIES(page.tree):
            if _TEXT(box):
                yield _draft(box)


def _draft(box: Node) -> PostDraft:
    names = (_ENTRY.search(value) for value in (attribute(box, "id"), *_ENTRY_NAMES(box)))
    native = next((match.group(1) for match in names if match), None)
    links = _LINK(box)
    url = next((h for n in links if (h := attribute(n, "href")).endswith(".entry")), None)
    foot = text(first(_FOOT(box)))
    clock = _CLOCK.search(foot)
    day = text(first(_DAY(box)))
    counts = (text(link) for link in links if _COUNTED.search(text(link)))
    date = DateDraft(text=clock.group(0) if clock else None, day_text=day or None)
    return PostDraft(
        native_id=native,
        url=url,
        title=first(_TITLE(box)),
        published=date if clock or day else None,
        body=first(_TEXT(box)),
        comment_count=next((words for words in counts if any(c.isdigit() for c in words)), None),
    )
