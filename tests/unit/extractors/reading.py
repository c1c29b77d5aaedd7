"""Reading pages with one extractor, and golden pages beside what their authors expect of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archiver.config import Blog
from archiver.extractors import Extractor
from archiver.model import (
    BlogId,
    Capture,
    CaptureId,
    Comment,
    Document,
    PageKind,
    Post,
    Url,
)
from archiver.normalisation import Normaliser
from archiver.page import Page

GOLDEN = Path(__file__).parents[2] / "golden"
CAPTURED_AT = datetime(2024, 2, 29, 12, 0, tzinfo=UTC)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What an extractor and the normalisers made of a page."""

    kind: PageKind | None
    posts: tuple[Post, ...]
    comments: tuple[Comment, ...]


def page(
    body: str | bytes,
    url: str = "http://blog.example/2009/05/a-post/",
    headers: Mapping[str, str] | None = None,
) -> Page:
    """A page captured on a fixed day."""
    sent = {"content-type": "text/html; charset=utf-8", **(headers or {})}
    capture = Capture(
        capture_id=CaptureId("00000000-0000-4000-8000-000000000000"),
        url=Url(url),
        captured_at=CAPTURED_AT,
        status=200,
        headers=tuple(sent.items()),
    )
    content = body.encode() if isinstance(body, str) else body
    return Page(Document(capture=capture, body=content))


def read(extractor: Extractor, found: Page) -> Read:
    """Posts and comments of a page, read by one extractor alone."""
    home = "/".join(found.url.split("/")[:3])
    normaliser = Normaliser(found, Blog(blog_id=BlogId("blog"), home_url=Url(f"{home}/")))
    kind = extractor.kind(found)
    drafts = list(extractor.posts(found))
    only = len(drafts) == 1
    posts = [normaliser.post(draft, extractor, 1.0, kind, only=only) for draft in drafts]
    comments = [
        normaliser.comment(draft, extractor, posts, confidence=1.0, position=at)
        for at, draft in enumerate(extractor.comments(found), start=1)
    ]
    return Read(kind=kind, posts=tuple(posts), comments=tuple(comments))


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """A golden page and what is expected of it."""

    name: str
    expected: Json
    body: bytes

    @property
    def page(self) -> Page:
        """The page as captured."""
        headers = {"content-type": str(self.expected["content_type"])}
        headers.update(self.expected.get("headers", {}))
        return page(self.body, str(self.expected["url"]), headers)


def golden(platform: str) -> Iterator[Golden]:
    """The golden pages of a platform: <name>.json beside <name>.html, .xml or .api."""
    for expected in sorted((GOLDEN / platform).glob("*.json")):
        pages = [expected.with_suffix(suffix) for suffix in (".html", ".xml", ".api")]
        body = next(path for path in pages if path.exists()).read_bytes()
        yield Golden(name=expected.stem, expected=json.loads(expected.read_text()), body=body)


def seen_post(post: Post) -> Json:
    """The fields of a post under the names that golden files use."""
    text = post.body.text if post.body else ""
    moment = post.published
    return {
        "native_id": post.native_id,
        "url": post.url,
        "title": post.title,
        "author": post.author.name if post.author else None,
        "author_url": post.author.url if post.author else None,
        "co_authors": [author.name for author in post.co_authors],
        "published_local": _iso(moment.local) if moment else None,
        "published_instant": _iso(moment.instant) if moment else None,
        "categories": list(post.categories),
        "tags": list(post.tags),
        "text": text,
        "excerpt": post.excerpt,
        "comment_count_declared": post.comment_count_declared,
        "comments_closed": post.comments_closed,
        "prev_url": post.prev_url,
        "next_url": post.next_url,
        "kind": post.kind,
        "page_number": post.page_number,
        "page_count": post.page_count,
        "is_truncated": post.is_truncated,
        "is_protected": post.is_protected,
        "enclosures": list(post.enclosures),
    }


def seen_comment(comment: Comment) -> Json:
    """The fields of a comment under the names that golden files use."""
    moment = comment.published
    return {
        "native_id": comment.native_id,
        "parent_id": comment.parent_id,
        "parent_ground": comment.parent_ground.value,
        "kind": comment.kind.value,
        "author": comment.author.name if comment.author else None,
        "author_raw": comment.author.raw if comment.author else None,
        "author_url": comment.author.url if comment.author else None,
        "is_post_author": comment.is_post_author,
        "published_local": _iso(moment.local) if moment else None,
        "published_instant": _iso(moment.instant) if moment else None,
        "depth": comment.depth,
        "page_number": comment.page_number,
        "permalink": comment.permalink,
        "post_aliases": list(comment.post_aliases),
        "text": comment.body.text if comment.body else "",
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
