"""Which draft of a second reader is about which post of the first.  Pure.

RDF, structured data and the generic reader see the same posts as the platform.  What they say
stands beside the platform's words as another sighting, and reconciliation picks field by field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archiver.drafts import PostDraft
from archiver.model import PageKind, Post, Source
from archiver.normalisers import bodies

_OWN = (PageKind.POST, PageKind.COMMENT_PAGE)


def subject(
    draft: PostDraft, aliases: Sequence[str], posts: Sequence[Post], *, is_only: bool
) -> Post | None:
    """The post that a draft is about; None when it is about none of them.

    `aliases` are the draft's own names, `is_only` says that its reader saw one post only. On a
    post's own page that one is the post, whatever address it states: mirrors and moved blogs
    keep old ones.
    """
    for post in posts:
        if not set(aliases).isdisjoint(post.aliases):
            return post
    if is_only and len(posts) == 1 and posts[0].page_kind in _OWN:
        return posts[0]
    title = _folded(draft)
    named = [post for post in posts if title and (post.title or "").casefold() == title]
    return named[0] if len(named) == 1 else None


def _folded(draft: PostDraft) -> str:
    return bodies.plain(draft.title).casefold() if draft.title is not None else ""


def missing(draft: PostDraft, post: Post) -> PostDraft:
    """The draft without what would only repeat the post's body."""
    if post.body is None or not post.body.text or post.is_truncated:
        return draft
    return replace(draft, body=None, exclude=())


def stands_alone(draft: PostDraft) -> bool:
    """Whether a draft proves a post by itself, where no reader found its text.

    og:title and the like are on every page; a post has a date of publication.
    """
    return draft.source is not Source.META or (
        draft.published is not None and draft.title is not None
    )


def is_complete(post: Post) -> bool:
    """Whether a post has what every post has; many templates name no author."""
    has_words = post.body is not None and bool(post.body.text or post.body.media)
    return has_words and bool(post.title) and post.published is not None
