"""Structured data of any platform: JSON-LD, microdata, hAtom and h-entry, OpenGraph and <meta>.

It joins the platform's own reading as a second witness: instants with offsets, names and tags
where the template shows none.  What only the head says comes as a witness of its own, since it is
the weakest.  Source: schema.org, microformats.org (hAtom 0.1, h-entry), ogp.me
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import ClassVar

from archiver.drafts import BlogDraft, CommentDraft, PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.extractors.structured import json_ld, meta, microdata, microformats
from archiver.page import Page
from archiver.urls import permalink_identity, resolve

_READERS = (json_ld, microdata, microformats)


class Structured(Extractor):
    """Posts as machines were told of them; comments only where the platform found none."""

    name: ClassVar[str] = "structured"
    version: ClassVar[int] = 1
    is_host: ClassVar[bool] = True
    is_filler: ClassVar[bool] = True

    def claim(self, page: Page) -> Claim:
        if not page.is_html:
            return NO_CLAIM
        found = [reader for reader in (*_READERS, meta) if reader.is_in(page)]
        if not found:
            return NO_CLAIM
        names = ", ".join(reader.__name__.rpartition(".")[2] for reader in found)
        return Claim(score=0.3, because=names)

    def posts(self, page: Page) -> Iterator[PostDraft]:
        yield from _merged(page, [reader.posts(page) for reader in _READERS if reader.is_in(page)])
        stated = meta.post(page)
        if stated is not None:
            yield stated

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        for reader in _READERS:
            found = list(reader.comments(page)) if reader.is_in(page) else []
            if found:
                yield from found
                return

    def blog(self, page: Page) -> BlogDraft | None:
        return meta.blog(page)


def _merged(page: Page, readings: list[list[PostDraft]]) -> list[PostDraft]:
    """Each post once: what a later serialisation adds fills what an earlier one left open."""
    merged: list[PostDraft] = []
    names: list[str | None] = []
    for drafts in readings:
        alone = len(drafts) == len(merged) == 1
        for draft in drafts:
            name = _name(page, draft)
            at = 0 if alone else names.index(name) if name in names and name else None
            if at is None:
                merged.append(draft)
                names.append(name)
            else:
                merged[at] = _filled(merged[at], draft)
    return merged


def _name(page: Page, draft: PostDraft) -> str | None:
    url = resolve(page.base_url, draft.url)
    return permalink_identity(url) if url else None


def _filled(first: PostDraft, second: PostDraft) -> PostDraft:
    missing = {
        field.name: getattr(second, field.name)
        for field in fields(PostDraft)
        if getattr(first, field.name) in (None, ()) and field.name != "exclude"
    }
    if first.body is None:
        missing["exclude"] = second.exclude
    return replace(first, **missing)
