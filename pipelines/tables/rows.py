"""Values of `archiver.model` → rows of the tables. Pure, given the captures.

Numbers that no column can hold (pages state what they like) become null.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import unquote, urlsplit

from archiver.identity import row_id
from archiver.model import Author, Body, Comment, Issue, Link, Media, Moment, Post
from archiver.urls import host, registered_domain, same_site, surt_key
from pipelines.tables.columnar import Row, mended

_RAW_LIMIT = 500


class Captures(Protocol):
    """Where the rows of captures are looked up; `Staging` is one."""

    def capture(self, capture_id: str) -> Row | None:
        """The row of one capture."""
        ...

    def capture_of(self, url: str) -> Row | None:
        """The last successful capture of a URL."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a row rests on: `evidence` begins with the primary capture, `sources` are field=…@id."""

    evidence: tuple[str, ...]
    sources: tuple[str, ...] = ()
    extractor: str = ""
    confidence: float | None = None
    locator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a comment stands: ids of its post, parent and thread, and its place on the post."""

    post_id: str
    parent_id: str | None = None
    root_id: str | None = None
    depth: int = 0
    position: int = 0


class Rows:
    """Makes the rows of one crawl."""

    def __init__(self, *, blog_id: str, crawl_id: str, home_url: str, captures: Captures) -> None:
        self.blog_id, self.crawl_id, self.home_url = blog_id, crawl_id, home_url
        self._captures = captures
        self._capture = lru_cache(maxsize=2_048)(captures.capture)

    def post(self, post: Post, post_id: str, ground: Ground, *, comments: int | None) -> Row:
        """The row of a reconciled post; `comments` is the number of comments found on it."""
        body = post.body
        url = post.url or post.canonical_url or self._source_url(ground)
        return {
            "blog_id": self.blog_id,
            "post_id": post_id,
            "native_id": post.native_id,
            "url": url,
            "canonical_url": post.canonical_url,
            "url_surtkey": surt_key(url),
            "title": post.title,
            "title_html": post.title_html,
            **_author(post.author),
            "co_author_names": [a.name or a.raw or "" for a in post.co_authors],
            **_moment("published", post.published),
            **_moment("updated", post.updated),
            **_body(body),
            "char_count": len(body.text) if body else None,
            "excerpt": post.excerpt,
            "language": post.language,
            "categories": post.categories,
            "tags": post.tags,
            "comment_count_declared": _within(post.comment_count_declared, 32),
            "count_includes_pings": post.count_includes_pings,
            "comment_count_extracted": comments,
            "comments_closed": post.comments_closed,
            "trackback_count_declared": _within(post.trackback_count_declared, 32),
            "link_count": len(body.links) if body else None,
            "image_count": sum(m.kind == "image" for m in body.media) if body else None,
            "prev_post_url": post.prev_url,
            "next_post_url": post.next_url,
            "page_count": _within(post.page_count, 16),
            "is_truncated": post.is_truncated,
            "is_protected": post.is_protected,
            "post_kind": post.kind,
            "enclosure_urls": post.enclosures,
            **self._seen(ground, post_hash(post)),
            **self._provenance(ground),
        }

    def comment(self, comment: Comment, comment_id: str, place: Place, ground: Ground) -> Row:
        """The row of a reconciled comment or ping."""
        return {
            "blog_id": self.blog_id,
            "comment_id": comment_id,
            "native_id": comment.native_id,
            "other_ids": comment.other_ids,
            "post_id": place.post_id,
            "parent_comment_id": place.parent_id,
            "parent_native_id": comment.parent_id,
            "parent_ground": comment.parent_ground,
            "thread_root_id": place.root_id,
            "thread_depth": _within(place.depth, 16),
            "position": _within(place.position, 32),
            "page_number": _within(comment.page_number, 16),
            "permalink": comment.permalink,
            "kind": comment.kind,
            "subject": comment.subject,
            **_author(comment.author),
            "is_post_author": comment.is_post_author,
            **_moment("published", comment.published),
            **_body(comment.body),
            "visibility": comment.visibility,
            "id_method": "native" if comment.native_id else "hash",
            **self._seen(ground, comment_hash(comment)),
            **self._provenance(ground),
        }

    def links(
        self,
        links: Iterable[Link],
        ground: Ground,
        *,
        post_id: str | None = None,
        comment_id: str | None = None,
    ) -> Iterator[Row]:
        """Rows of the links of one post, comment, or (neither given) page around them."""
        owner = comment_id or post_id or self.blog_id
        common = self._provenance(ground)
        twins: Counter[tuple[str, ...]] = Counter()
        for link in links:
            context = "comment" if comment_id and link.context == "body" else link.context
            place = (owner, context, link.url, link.text)
            twins[place] += 1
            # Around posts the same link stands on every page and is one row.
            number = twins[place] if owner != self.blog_id else 1
            yield {
                "blog_id": self.blog_id,
                "link_id": row_id(*place, str(number)),
                "post_id": post_id,
                "comment_id": comment_id,
                "target_url": link.url,
                "target_surtkey": surt_key(link.url),
                "target_host": host(link.url) or None,
                "target_registered_domain": registered_domain(link.url) or None,
                "anchor_text": link.text or None,
                "rel": link.rel,
                "context": context,
                "is_internal": same_site(link.url, self.home_url),
                "target_captured": self._captures.capture_of(link.url) is not None,
                "position": _within(link.position, 32),
                **self._seen(ground, digest(link.url, link.text, link.rel or "")),
                **common,
                "locator": link.locator or ground.locator,
            }

    def media(
        self,
        media: Iterable[Media],
        ground: Ground,
        *,
        post_id: str | None = None,
        comment_id: str | None = None,
    ) -> Iterator[Row]:
        """Rows of the files and embeds of one post or comment."""
        owner = comment_id or post_id or self.blog_id
        common = self._provenance(ground)
        twins: Counter[tuple[str, ...]] = Counter()
        for item in media:
            place = (owner, item.kind, item.url)
            twins[place] += 1
            words = (item.alt or "", item.title or "", item.caption or "")
            yield {
                "blog_id": self.blog_id,
                "media_id": row_id(*place, str(twins[place])),
                "url": item.url,
                "post_id": post_id,
                "comment_id": comment_id,
                "kind": item.kind,
                "alt_text": item.alt,
                "title": item.title,
                "caption": item.caption,
                "width": _within(item.width, 32),
                "height": _within(item.height, 32),
                "embed_provider": item.embed_provider,
                "embed_id": item.embed_id,
                "is_thumbnail_of": item.thumbnail_of,
                "position": _within(item.position, 32),
                **_name_of(item.url),
                **self._file(item.url),
                **self._seen(ground, digest(item.url, *words)),
                **common,
                "locator": item.locator or ground.locator,
            }

    def issue(
        self,
        issue: Issue,
        *,
        occurrences: int = 1,
        first_at: datetime | None = None,
        post_id: str | None = None,
        comment_id: str | None = None,
    ) -> Row:
        """The row of an issue."""
        raw = issue.raw_value[:_RAW_LIMIT] if issue.raw_value else None
        place = (issue.code, issue.url, issue.field, raw, issue.message, post_id or issue.post,
                 comment_id or issue.comment)  # fmt: skip
        return {
            "issue_id": row_id(self.crawl_id, *(part or "" for part in place)),
            "crawl_id": self.crawl_id,
            "blog_id": self.blog_id,
            "severity": issue.severity,
            "code": issue.code,
            "stage": issue.stage,
            "url": issue.url,
            "post_id": post_id,
            "comment_id": comment_id,
            "field": issue.field,
            "raw_value": raw,
            "message": issue.message,
            "occurrences": _within(occurrences, 32),
            "first_at": first_at,
            "capture_id": issue.capture_id,
        }

    def _source_url(self, ground: Ground) -> str:
        capture = self._capture(ground.evidence[0]) if ground.evidence else None
        return str(capture["url"]) if capture else self.home_url

    def _file(self, url: str) -> dict[str, object]:
        """What is held of a media file."""
        capture = self._captures.capture_of(url)
        if capture is None:
            return {"captured": False}
        return {
            "captured": True,
            "media_capture_id": capture["capture_id"],
            "mime_type": capture.get("content_mime_type"),
            "mime_detected": capture.get("content_mime_detected"),
            "bytes": capture.get("content_length"),
        }

    def _seen(self, ground: Ground, content_hash: str) -> dict[str, object]:
        """The history of a row as this crawl alone knows it."""
        found = (self._capture(capture_id) for capture_id in ground.evidence)
        times = [at for c in found if c and isinstance(at := c.get("fetch_time"), datetime)]
        return {
            "first_crawl_id": self.crawl_id,
            "last_crawl_id": self.crawl_id,
            "first_seen_at": min(times, default=None),
            "last_seen_at": max(times, default=None),
            "revision": 1,
            "revised_at": min(times, default=None),
            "state": "present",
            "content_hash": content_hash,
        }

    def _provenance(self, ground: Ground) -> dict[str, object]:
        primary = ground.evidence[0] if ground.evidence else ""
        capture = self._capture(primary) or {}
        return {
            "crawl_id": self.crawl_id,
            "capture_id": primary,
            "warc_filename": capture.get("warc_filename"),
            "warc_record_offset": capture.get("warc_record_offset"),
            "warc_record_length": capture.get("warc_record_length"),
            "payload_digest": capture.get("content_digest"),
            "captured_at": capture.get("fetch_time"),
            "source_url": capture.get("url"),
            "extractor": ground.extractor or capture.get("extractor"),
            "confidence": ground.confidence,
            "field_sources": ground.sources,
            "evidence": ground.evidence,
            "locator": ground.locator,
            "encoding": capture.get("content_charset"),
            "encoding_source": capture.get("encoding_source"),
            "parser": capture.get("parser"),
        }


def author_link(author: Author | None, context: str = "comment_author") -> tuple[Link, ...]:
    """The link of a comment's author, or of the site that sent a ping; none without an address."""
    if author is None or author.url is None:
        return ()
    return (
        Link(url=author.url, text=author.name or author.raw or "", context=context, position=1),
    )


def post_hash(post: Post) -> str:
    """Hash of what an edit of a post changes: title, author, text; files where it has no text."""
    text = post.body.text if post.body else ""
    files = [m.url for m in post.body.media] if post.body and not text.strip() else []
    return digest(post.title or "", _name(post.author), text, *files)


def comment_hash(comment: Comment) -> str:
    """Hash of what an edit of a comment changes: author, subject, text, visibility."""
    text = comment.body.text if comment.body else ""
    return digest(_name(comment.author), comment.subject or "", text, comment.visibility)


def digest(*parts: str) -> str:
    """sha256, hex, over texts with their white space and Unicode form set aside."""
    plain = (" ".join(unicodedata.normalize("NFC", mended(part)).split()) for part in parts)
    return sha256("\x00".join(plain).encode()).hexdigest()


def _name(author: Author | None) -> str:
    return (author.name or author.raw or "") if author else ""


def _author(author: Author | None) -> dict[str, object]:
    if author is None:
        return {}
    return {
        "author_name": author.name,
        "author_name_raw": author.raw,
        "author_state": author.state,
        "author_url": author.url,
        "author_id": author.profile_id,
    }


def _body(body: Body | None) -> dict[str, object]:
    """Text, markup and words; all null where there is no body."""
    if body is None:
        return {}
    return {
        "body_text": body.text,
        "body_html": body.html,
        "word_count": len(body.text.split()),
    }


def _moment(prefix: str, moment: Moment | None) -> dict[str, object]:
    if moment is None:
        return {}
    return {
        f"{prefix}_at": moment.instant,
        f"{prefix}_local": moment.local,
        f"{prefix}_raw": moment.text,
        f"{prefix}_precision": moment.precision,
        f"{prefix}_tz": moment.zone,
        f"{prefix}_tz_source": moment.zone_source,
        f"{prefix}_source": moment.source,
        f"{prefix}_ambiguous": moment.ambiguous,
        f"{prefix}_year_inferred": moment.year_inferred,
    }


def _name_of(url: str) -> dict[str, object]:
    """File name and extension of an address; null where it has none."""
    try:
        name = PurePosixPath(unquote(urlsplit(url).path)).name
    except ValueError:
        return {}
    return {
        "filename": name or None,
        "extension": PurePosixPath(name).suffix.lstrip(".").lower() or None,
    }


def _within(number: int | None, bits: int) -> int | None:
    limit = 2 ** (bits - 1)
    return number if number is not None and -limit <= number < limit else None
