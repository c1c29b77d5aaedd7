"""One row out of many sightings of a post: which document's word counts for which field.

A post is seen on its page, on listings, in feeds and by an API, and on one page by several readers.
The order of belief is fixed here; a disagreement about an instant becomes an issue.

- Words (title, text, author, tags): what the post's own page shows its readers, then API, feed,
  the blog's listings, and only then what is hidden in pages: trackback RDF, machine data
  (JSON-LD, microdata, hAtom), and last the head (OpenGraph), whose titles carry the blog's name.
  A hidden witness so never beats visible words; it fills what they leave open.
- Text: the first of that order that is not cut short.
- Instants: see `archiver.reconcile.moments`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from archiver.model import Body, Issue, PageKind, Post, Source, Url
from archiver.reconcile import people
from archiver.reconcile.moments import Learned, believed, disagreements, settled
from archiver.urls import without_comment_page

T = TypeVar("T")

_PLACES = {
    Source.API: 1,
    Source.FEED: 2,
    Source.TEXT: 3,
    Source.RDF: 4,
    Source.MACHINE: 5,
    Source.META: 6,
}
_OWN_PAGES = (PageKind.POST, PageKind.COMMENT_PAGE)
_SURE = 0.4  # what an extractor read with less confidence only fills what the others leave open
_MUCH_LONGER = 1.25
_OPENING = 40  # squeezed characters by which two texts are the same post's


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """A post with the sightings it rests on.

    `sources` names for each field the document that was believed ("title=text@<capture id>");
    `evidence` holds all capture ids used, the primary one first.
    """

    post: Post
    sources: tuple[str, ...]
    evidence: tuple[str, ...]
    issues: tuple[Issue, ...]


def reconciled_post(sightings: Sequence[Post], learned: Learned) -> Reconciled:
    """The row of one post from everything that was seen of it (at least one sighting).

    The outcome does not depend on the order of `sightings`.
    """
    ranked = sorted(sightings, key=_post_rank)
    best = ranked[0]
    pick = _Picker(ranked)
    is_protected = any(p.is_protected for p in sightings)
    stated = [settled(p.published, learned.order) for p in ranked if p.published is not None]
    updates = [settled(p.updated, learned.order) for p in ranked if p.updated is not None]
    merged = replace(
        best,
        aliases=tuple(dict.fromkeys(name for seen in ranked for name in seen.aliases)),
        native_id=pick.first("native_id", lambda p: p.native_id),
        url=pick.permalink("url", lambda p: p.url),
        canonical_url=pick.permalink("canonical_url", lambda p: p.canonical_url),
        title=pick.first("title", lambda p: p.title),
        title_html=pick.first("title_html", lambda p: p.title_html),
        author=people.believed([p.author for p in ranked]),
        co_authors=pick.first("co_authors", lambda p: p.co_authors or None) or (),
        published=believed(stated, learned.zone),
        updated=believed(updates, learned.zone),
        # What feeds and listings print for it is the platform's excuse, not an excerpt.
        body=None if is_protected else _joined_body(ranked, pick),
        excerpt=None if is_protected else pick.first("excerpt", lambda p: p.excerpt),
        language=pick.first("language", lambda p: p.language),
        categories=pick.first("categories", lambda p: p.categories or None) or (),
        tags=pick.first("tags", lambda p: p.tags or None) or (),
        comment_count_declared=pick.first(
            "comment_count_declared", lambda p: p.comment_count_declared
        ),
        trackback_count_declared=pick.first(
            "trackback_count_declared", lambda p: p.trackback_count_declared
        ),
        comments_closed=pick.first("comments_closed", lambda p: p.comments_closed),
        prev_url=pick.first("prev_url", lambda p: p.prev_url),
        next_url=pick.first("next_url", lambda p: p.next_url),
        kind=_kind(ranked),
        page_number=1,
        page_count=max(p.page_count or p.page_number for p in ranked),
        is_truncated=_is_truncated(ranked),
        is_protected=is_protected,
        enclosures=tuple(dict.fromkeys(url for p in ranked for url in p.enclosures)),
    )
    evidence = dict.fromkeys(p.capture_id for p in ranked if p.capture_id)
    return Reconciled(
        post=merged,
        sources=pick.sources(),
        evidence=tuple(evidence),
        issues=tuple(disagreements(stated, "published")),
    )


class _Picker:
    """Takes the first stated value in rank order and remembers whose it was."""

    def __init__(self, ranked: Sequence[Post]) -> None:
        self._ranked = ranked
        self._chosen: dict[str, Post] = {}

    def first(self, field: str, read: Callable[[Post], T | None]) -> T | None:
        for seen in self._ranked:
            value = read(seen)
            if value is not None:
                self._chosen[field] = seen
                return value
        return None

    def permalink(self, field: str, read: Callable[[Post], Url | None]) -> Url | None:
        """The first stated address; WordPress calls a comment page canonical for itself."""
        address = self.first(field, read)
        return without_comment_page(address) if address is not None else None

    def chose(self, field: str, seen: Post) -> None:
        self._chosen[field] = seen

    def sources(self) -> tuple[str, ...]:
        return tuple(f"{f}={s.source}@{s.capture_id}" for f, s in sorted(self._chosen.items()))


def _post_rank(seen: Post) -> tuple[object, ...]:
    """The post's own page first, then as the module says; ties by address, then capture."""
    own = seen.source is Source.TEXT and seen.page_kind in _OWN_PAGES
    return (
        seen.is_protected,
        seen.confidence < _SURE,
        0 if own else _PLACES.get(seen.source, 3),
        seen.page_number,
        seen.page_kind is PageKind.COMMENT_PAGE,
        -seen.confidence,
        len(seen.url or ""),
        seen.capture_id or "",
    )


def _kind(ranked: Sequence[Post]) -> str:
    """What the post's own page calls it; a listing shows everything as an entry."""
    return next((p.kind for p in ranked if p.kind != "entry"), "entry")


def _is_truncated(ranked: Sequence[Post]) -> bool | None:
    """False when any full text was seen, None when no text was."""
    stated = [p.is_truncated for p in ranked if p.body is not None and p.body.text]
    if not stated:
        return None
    return all(bool(flag) for flag in stated)


def _fuller(candidates: Sequence[Post]) -> Post:
    """The first document, unless another has a text that begins alike and goes on for longer.

    Feeds print beginnings; block themes show the first part of a multi-page post and no link to
    the next, while the API gives the whole.
    """
    first = candidates[0]
    if first.page_count is not None and first.page_count > 1:
        return first
    words = _squeezed(first)
    for other in candidates[1:]:
        is_better = other.source is Source.API or (
            first.source is Source.FEED and other.page_kind in _OWN_PAGES
        )
        text = _squeezed(other) if is_better else ""
        if len(text) > _MUCH_LONGER * len(words) and words[:_OPENING] in text:
            return other
    return first


def _squeezed(seen: Post) -> str:
    return "".join(seen.body.text.split()) if seen.body is not None else ""


def _joined_body(ranked: Sequence[Post], pick: _Picker) -> Body | None:
    """The fullest text of the best document; the parts of a multi-page post in order."""
    full = [p for p in ranked if p.body is not None and not p.is_truncated and p.body.html]
    candidates = full or [p for p in ranked if p.body is not None]
    if not candidates:
        return None
    first = _fuller(candidates)
    pick.chose("body", first)
    parts = {
        p.page_number: p
        for p in reversed(candidates)
        if p.source is first.source and p.page_kind not in (PageKind.HOME, PageKind.ARCHIVE)
    }
    if len(parts) < 2:
        return first.body
    bodies = [part.body for _, part in sorted(parts.items()) if part.body is not None]
    return Body(
        html="\n".join(body.html for body in bodies),
        text="\n\n".join(body.text for body in bodies),
        links=tuple(link for body in bodies for link in body.links),
        media=tuple(media for body in bodies for media in body.media),
    )
