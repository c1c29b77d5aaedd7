"""Values exactly as an extractor found them; nothing here is parsed, trimmed or guessed.

Extractors only point at things: lxml nodes or raw strings. Normalisers understand them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element as Node

from archiver.model import CommentKind, ParentGround, Role, Source, Visibility

Content = Node | str | tuple[Node, ...]
"""A node, several sibling nodes, or a string of HTML (as feeds and APIs carry it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateDraft:
    """A date as found. Give every part the page has; the normaliser picks the strongest.

    `machine` is an attribute value (datetime=, abbr title=, feed date). `trust_offset=False`
    says that its offset is known to lie (WordPress before 5.3 prints local time as +00:00).
    `day_text` is a date header above the post when `text` is a time only. `relative_to_capture`
    marks texts such as "3 days ago".
    """

    text: str | None = None
    machine: str | None = None
    epoch_ms: int | None = None
    day_text: str | None = None
    trust_offset: bool = True
    source: Source = Source.TEXT  # of `machine`/`epoch_ms`: MACHINE, FEED, API, RDF, ID


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorDraft:
    """A person as found; `title` is the link's title attribute (redirectors hide the URL there)."""

    text: str | None = None
    href: str | None = None
    title: str | None = None
    profile_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDraft:
    """A post as found. `exclude` are nodes inside the body that are not the author's words."""

    native_id: str | None = None
    url: str | None = None
    title: Node | str | None = None
    authors: tuple[AuthorDraft, ...] = ()
    published: DateDraft | None = None
    updated: DateDraft | None = None
    body: Content | None = None
    exclude: tuple[Node, ...] = ()
    excerpt: Content | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    comment_count: str | None = None  # the words: "41 Responses", "Comments (3)", "No comments"
    count_includes_pings: bool | None = None
    trackback_count: str | None = None
    comments_closed: bool | None = None
    prev_url: str | None = None
    next_url: str | None = None
    kind: str = "entry"
    page_number: int = 1
    page_count: int | None = None
    is_truncated: bool | None = None
    is_protected: bool = False
    enclosures: tuple[str, ...] = ()
    source: Source = Source.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDraft:
    """A comment or ping as found.

    `post_native_id`/`post_url` only where the document does not belong to one post (a blog-wide
    comment feed, a listing with comments). `parent` is the parent's native id. `node` is the
    element that holds the whole comment (its locator is kept).
    """

    native_id: str | None = None
    other_ids: tuple[str, ...] = ()
    post_native_id: str | None = None
    post_url: str | None = None
    parent: str | None = None
    parent_ground: ParentGround = ParentGround.NONE
    depth: int | None = None
    page_number: int | None = None
    permalink: str | None = None
    kind: CommentKind = CommentKind.COMMENT
    author: AuthorDraft | None = None
    is_post_author: bool | None = None
    published: DateDraft | None = None
    subject: str | None = None
    body: Content | None = None
    exclude: tuple[Node, ...] = ()
    visibility: Visibility = Visibility.VISIBLE
    node: Node | None = None
    source: Source = Source.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowDraft:
    """A link worth fetching, href as found."""

    href: str
    role: Role
    post_native_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogDraft:
    """What the page says of its blog, as found."""

    title: Node | str | None = None
    tagline: Node | str | None = None
    home: str | None = None
    language: str | None = None
    timezone: str | None = None
    feeds: tuple[str, ...] = field(default=())
    template: str | None = None
    external_comments: tuple[str, ...] = ()
