"""LiveJournal, Dreamwidth and other sites that run the same code.

Seen: the site scheme of 2001-2010, S2 styles (Generator, Bloggish, Expressive, core2), the pages of
2011-2016 and later with their comments in `Site.page`, and the thread API behind those.
Source: apparentlymart/livejournal htdocs/talkread.bml and s2layers; dreamwidth core2.s2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from archiver.drafts import BlogDraft, CommentDraft, FollowDraft, PostDraft
from archiver.elements import elements
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.extractors.livejournal import comments, threads
from archiver.extractors.livejournal.addresses import Address
from archiver.extractors.livejournal.entries import entries
from archiver.extractors.livejournal.scheme import scheme_entry
from archiver.extractors.livejournal.threads import comment_info, site_page
from archiver.model import PageKind, Role, Visibility
from archiver.nodes import attribute
from archiver.page import Page

_MARKUP = re.compile(
    rb"LJ_cmtinfo\s*=|class=[\"'][^\"'>]*(?:b-singlepost|aentry-post|entry-wrapper-(?:odd|even))"
    rb"|Site\.page\s*=|<link[^>]+livejournal\.(?:com|net)/"
)
_TITLE = ("#title", "#banner-header", ".journalmaintitle", ".l-flatslide-title")
_TAGLINE = ("#subtitle", "#banner-description", ".journalsubtitle")


class LiveJournal(Extractor):
    """Journals and communities: entries, comment trees, and the way to what a page collapses."""

    name: ClassVar[str] = "livejournal"
    version: ClassVar[int] = 1
    # The view that shows every body of an entry with many comments.
    expanding: ClassVar[tuple[str, ...]] = ("format=light", "view=flat")

    def claim(self, page: Page) -> Claim:
        address = Address(page.url)
        if not page.is_html or address.site == "dreamwidth.org":
            return NO_CLAIM
        if address.site:
            return Claim(score=0.92, because=f"host of {address.site}")
        if page.generator or b"dreamwidth" in page.body:
            return NO_CLAIM
        if _MARKUP.search(page.body):
            return Claim(score=0.8, because="its scripts or class names")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        address = Address(page.url)
        if address.is_foreign:
            return PageKind.OTHER
        if address.is_entry:
            is_part = address.thread is not None or (address.page or 1) > 1
            return PageKind.COMMENT_PAGE if is_part or address.is_flat else PageKind.POST
        if not page.once(entries):
            return None
        is_front = address.path.strip("/") in ("", address.journal) and not address.query
        return PageKind.HOME if is_front else PageKind.ARCHIVE

    def posts(self, page: Page) -> Iterator[PostDraft]:
        address = Address(page.url)
        if address.is_foreign:
            return
        found = page.once(entries)
        for entry in found[:1] if address.is_entry else found:
            yield entry.draft()
        if not found and address.is_entry:
            yield from scheme_entry(page)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        return iter(page.once(_comments))

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        address = Address(page.url)
        if not address.is_entry or address.is_foreign:
            return
        for href in _pages(page):
            yield _follow(address, href)
        stubs = [d for d in page.once(_comments) if d.visibility is Visibility.TRUNCATED]
        if not stubs:
            return
        yield from self._ways(page, address)
        if address.is_expanded:  # the views that show all have failed: one thread at a time
            for draft in stubs:
                yield _follow(address, address.view(f"thread={draft.native_id}"))

    def _ways(self, page: Page, address: Address) -> Iterator[FollowDraft]:
        data = page.once(_data)
        if data.get("comments") and address.journal and address.entry:
            href = (
                f"/{address.journal}/__rpc_get_thread?journal={address.journal}"
                f"&itemid={address.entry}&flat=&skip=&media=&expand_all=1&page={address.page or 1}"
            )
            yield FollowDraft(href=href, role=Role.API, post_native_id=address.entry)
        elif not address.is_expanded:
            for way in self.expanding:
                yield _follow(address, address.view(way))

    def blog(self, page: Page) -> BlogDraft:
        every, address = elements(page), Address(page.url)
        title = every.first(*_TITLE)
        link = every.first("a", inside=title) if title is not None else None
        return BlogDraft(
            title=title,
            tagline=every.first(*_TAGLINE),
            home=attribute(link, "href") or ("/" if address.site else None),
        )


class Dreamwidth(LiveJournal):
    """Dreamwidth: core2 styles throughout, comments in numbered boxes."""

    name: ClassVar[str] = "dreamwidth"
    version: ClassVar[int] = 1
    expanding: ClassVar[tuple[str, ...]] = ("view=flat",)

    def claim(self, page: Page) -> Claim:
        if not page.is_html:
            return NO_CLAIM
        if Address(page.url).site == "dreamwidth.org":
            return Claim(score=0.93, because="host dreamwidth.org")
        if page.generator or Address(page.url).site:
            return NO_CLAIM
        if b"dwexpcomment" in page.body or b".dreamwidth.org/stc/" in page.body:
            return Claim(score=0.82, because="its class names or files")
        return NO_CLAIM


class LiveJournalThread(Extractor):
    """Answers of `__rpc_get_thread`: the comments of one entry as JSON."""

    name: ClassVar[str] = "livejournal_thread"
    version: ClassVar[int] = 1

    def claim(self, page: Page) -> Claim:
        if page.body.lstrip()[:1] != b"{" or b'"dtalkid"' not in page.body:
            return NO_CLAIM
        return Claim(score=0.9, because="thread with comment numbers")

    def kind(self, page: Page) -> PageKind | None:
        return PageKind.COMMENT_PAGE

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        address = Address(page.url)
        url = f"/{address.entry}.html" if address.entry else None
        yield from threads.drafts(page.once(_answer), address.entry, url)


def _comments(page: Page) -> tuple[CommentDraft, ...]:
    """The comments of an entry's page, from its data or from its elements."""
    address = Address(page.url)
    if not address.is_entry or address.is_foreign:
        return ()
    data = page.once(_data)
    if data.get("comments"):
        return tuple(threads.drafts(data, address.entry, address.base))
    number = address.page or (1 if _pages(page) else None)
    found = comments.boxes(elements(page))
    drafts = comments.drafts(found, page.once(_info), number, is_tree=not address.is_flat)
    if address.thread is None:
        return tuple(drafts)
    # The view of one thread indents from the comment that it begins with.
    return tuple(replace(draft, depth=None) for draft in drafts)


def _answer(page: Page) -> Mapping[str, Any]:
    try:
        found = json.loads(page.text)
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _data(page: Page) -> Mapping[str, Any]:
    return site_page(page.text)


def _info(page: Page) -> dict[str, threads.Known]:
    return comment_info(page.text)


def _pages(page: Page) -> tuple[str, ...]:
    """Addresses of further pages of comments, each once, without what only scrolls or styles."""
    own = Address(page.url)
    name = own.path.rpartition("/")[2]
    found: dict[str, None] = {}
    hrefs = (attribute(link, "href") for link in elements(page).find("a"))
    for other in (Address(href) for href in hrefs if "page=" in href):
        if other.page and not other.thread and other.path.rpartition("/")[2] == name:
            view = "view=flat&" if other.is_flat else ""
            found.setdefault(own.view(f"{view}page={other.page}"))
    return tuple(found)


def _follow(address: Address, href: str) -> FollowDraft:
    return FollowDraft(href=href, role=Role.COMMENT_PAGE, post_native_id=address.entry)
