"""WordPress 1.2 to 6.x and WordPress.com: posts, pages, threaded and paged comments, pings.

Seen: Classic, Kubrick, Sandbox, the walkers of 2.7 and 3.6, twentyten to twentytwentythree, block
themes and custom themes of all years.
"""

from __future__ import annotations

from collections.abc import Iterator

from archiver.drafts import BlogDraft, CommentDraft, FollowDraft, PostDraft
from archiver.extractors import Claim, Extractor
from archiver.extractors.wordpress import blog, claims, links
from archiver.extractors.wordpress.comments import comments
from archiver.extractors.wordpress.posts import Reading
from archiver.extractors.wordpress.study import study
from archiver.model import PageKind
from archiver.page import Page


class WordPress(Extractor):
    """Reads what core prints in every theme, and class names where themes differ."""

    name, version = "wordpress", 1

    def claim(self, page: Page) -> Claim:
        return claims.claim(page)

    def kind(self, page: Page) -> PageKind:
        return study(page).facts.kind

    def posts(self, page: Page) -> Iterator[PostDraft]:
        found = study(page)
        facts, finder = found.facts, found.finder
        if facts.is_lost:
            return
        if facts.is_single:
            if found.main is not None:
                yield Reading(found.main, finder, facts, single=True).post()
            return
        for entry in finder.entries():
            draft = Reading(entry, finder, facts, single=False).post()
            if draft.title is not None or draft.body is not None:
                yield draft

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        found = study(page)
        return comments(found.boxes, trusted=found.facts.trusts_offsets)

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        return links.follow(study(page).facts)

    def blog(self, page: Page) -> BlogDraft:
        return blog.blog(study(page).facts)
