"""Comments that another service keeps: named, and read where the page or a plain answer holds them.

Disqus, Isso, Commento and utterances are read from what they print into a page or answer as JSON.
What only a browser could fetch is named, and becomes an issue of the post.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from archiver.drafts import BlogDraft, CommentDraft, FollowDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.extractors.comment_hosts import commento, disqus, isso, services, utterances
from archiver.model import PageKind
from archiver.page import Page

_READERS = (disqus, isso, commento, utterances)


class CommentHosts(Extractor):
    """Comment services beside a platform, and their own documents (embeds, API answers)."""

    name: ClassVar[str] = "comment_hosts"
    version: ClassVar[int] = 1
    is_host: ClassVar[bool] = True

    def claim(self, page: Page) -> Claim:
        for reader in _READERS:
            if reader.is_own(page):
                return Claim(score=0.9, because=f"document of {reader.SERVICE}")
        found = page.once(services.named)
        return Claim(score=0.5, because=", ".join(found)) if found else NO_CLAIM

    def kind(self, page: Page) -> PageKind | None:
        own = any(reader.is_own(page) for reader in _READERS)
        return PageKind.COMMENT_PAGE if own else None

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        for reader in _READERS:
            yield from reader.comments(page)

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        yield from isso.follow(page)

    def blog(self, page: Page) -> BlogDraft:
        return BlogDraft(external_comments=page.once(services.named))
