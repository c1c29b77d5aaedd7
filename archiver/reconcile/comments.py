"""The comments of one post out of all sightings: each once, with its parent and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from archiver.model import Comment, Issue, ParentGround, Source, Visibility
from archiver.reconcile import people
from archiver.reconcile.moments import Learned, believed, disagreements, settled

T = TypeVar("T")

_GROUNDS = (
    ParentGround.EXPLICIT,
    ParentGround.NESTING,
    ParentGround.DEPTH,
    ParentGround.FLATTENED,
    ParentGround.NONE,
)
_PAGE_FIRST = (Source.TEXT, Source.MACHINE, Source.API, Source.FEED)
_FINGERPRINT_CHARS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A comment with its place: `parent`/`root` index into the same list, `depth` 0 at the top."""

    comment: Comment
    fingerprint: str
    position: int
    parent: int | None
    root: int
    depth: int
    sources: tuple[str, ...]
    evidence: tuple[str, ...]
    issues: tuple[Issue, ...]


def reconciled_comments(sightings: Iterable[Comment], learned: Learned) -> list[Placed]:
    """Each comment of one post once, in thread order as the pages show them.

    Sightings are one comment when they share a native id, or, where one of them has none, author,
    words and day. The outcome does not depend on the order of `sightings`.
    """
    groups = _grouped(sorted(sightings, key=_rank))
    merged = [_merged(group, learned) for group in groups]
    merged.sort(key=lambda item: _reading_order(item[0]))
    index = {
        name: at
        for at, (comment, *_rest) in reversed(list(enumerate(merged)))
        for name in _ids(comment)
    }
    parents = [_parent_index(comment, at, index) for at, (comment, *_r) in enumerate(merged)]
    parents = _without_cycles(parents)
    placed = []
    for at, (comment, fingerprint, sources, evidence, issues) in enumerate(merged):
        chain = _ancestors(parents, at)
        lost = comment.parent_id is not None and parents[at] is None
        is_flattened = comment.parent_ground is ParentGround.FLATTENED
        placed.append(
            Placed(
                comment=comment,
                fingerprint=fingerprint,
                position=at + 1,
                parent=None if is_flattened else parents[at],
                root=chain[-1] if chain else at,
                depth=len(chain) if chain or not comment.depth else comment.depth,
                sources=sources,
                evidence=evidence,
                issues=(*issues, *([_parent_missing(comment)] if lost else [])),
            )
        )
    return placed


def fingerprint(comment: Comment) -> str:
    """What a comment says, whoever shows it: author, day and first words."""
    author = (comment.author.raw or "") if comment.author else ""
    words = " ".join((comment.body.text if comment.body else "").split())[:_FINGERPRINT_CHARS]
    return "\x00".join((str(comment.kind), author.casefold(), words))


def _ids(comment: Comment) -> tuple[str, ...]:
    return ((comment.native_id,) if comment.native_id else ()) + comment.other_ids


def _grouped(ranked: Sequence[Comment]) -> list[list[Comment]]:
    groups: list[list[Comment]] = []
    by_id: dict[str, list[Comment]] = {}
    by_words: dict[str, list[list[Comment]]] = defaultdict(list)
    # Sightings with ids form the groups; those without join by their words afterwards.
    for comment in sorted(ranked, key=lambda c: not _ids(c)):
        group = next((by_id[name] for name in _ids(comment) if name in by_id), None)
        print_ = fingerprint(comment)
        if group is None and not _ids(comment):
            group = _free_group(by_words[print_], comment)
        if group is None:
            group = []
            groups.append(group)
            by_words[print_].append(group)
        group.append(comment)
        by_id.update((name, group) for name in _ids(comment))
    return [sorted(group, key=_rank) for group in groups]


def _free_group(candidates: list[list[Comment]], comment: Comment) -> list[Comment] | None:
    """A group of the same words that this document has not contributed to yet.

    Two equal comments on one page ("+1" twice by one person) are two comments.
    """
    for group in candidates:
        if all(seen.capture_id != comment.capture_id for seen in group):
            return group
    return None


def _merged(
    group: Sequence[Comment], learned: Learned
) -> tuple[Comment, str, tuple[str, ...], tuple[str, ...], tuple[Issue, ...]]:
    best = group[0]
    stated = [settled(c.published, learned.order) for c in group if c.published is not None]
    parental = min(group, key=lambda c: _GROUNDS.index(c.parent_ground))
    comment = replace(
        best,
        native_id=_first(group, lambda c: c.native_id),
        other_ids=tuple(dict.fromkeys(n for c in group for n in _ids(c)))[1:],
        parent_id=parental.parent_id,
        parent_ground=parental.parent_ground,
        depth=_first(group, lambda c: c.depth),
        page_number=min((c.page_number for c in group if c.page_number), default=None),
        permalink=_first(group, lambda c: c.permalink),
        author=people.believed([c.author for c in group]),
        is_post_author=_first(group, lambda c: c.is_post_author),
        published=believed(stated, learned.zone),
        subject=_first(group, lambda c: c.subject),
        body=_first(group, lambda c: c.body if c.body and c.body.html else None) or best.body,
        visibility=_visibility(group),
    )
    evidence = tuple(dict.fromkeys(c.capture_id for c in group if c.capture_id))
    sources = tuple(dict.fromkeys(f"{c.source}@{c.capture_id}" for c in group))
    return comment, fingerprint(best), sources, evidence, tuple(disagreements(stated, "published"))


def _visibility(group: Sequence[Comment]) -> Visibility:
    """Visible if any full text was seen; a collapsed stub elsewhere does not hide it."""
    if any(c.visibility is Visibility.VISIBLE for c in group):
        return Visibility.VISIBLE
    return group[0].visibility


def _rank(comment: Comment) -> tuple[object, ...]:
    source = comment.source if comment.source in _PAGE_FIRST else Source.FEED
    return (
        comment.visibility is not Visibility.VISIBLE,
        _PAGE_FIRST.index(source),
        -comment.confidence,
        comment.page_number is None,
        comment.page_number or 0,
        comment.position,
        comment.capture_id or "",
    )


def _reading_order(comment: Comment) -> tuple[object, ...]:
    """Paged comments by page and place; those that only a feed or API knows follow by time."""
    on_page = comment.source in (Source.TEXT, Source.MACHINE)
    moment = comment.published
    instant = moment.instant.replace(tzinfo=None) if moment and moment.instant else None
    when = instant or (moment.local if moment and moment.local else datetime.max)  # noqa: DTZ901 - sorts undated ones last
    page = comment.page_number if comment.page_number is not None else 1_000_000
    place = (page, comment.position) if on_page else (0, 0)
    return (not on_page, place, when, comment.native_id or "", comment.position)


def _parent_index(comment: Comment, at: int, index: dict[str, int]) -> int | None:
    """The comment answered; of a flattened one, that under which the page shows it."""
    if comment.parent_id is None:
        return None
    found = index.get(comment.parent_id)
    return None if found == at else found


def _without_cycles(parents: list[int | None]) -> list[int | None]:
    """Hostile or broken parents may form a ring; the link that closes it is dropped."""
    safe = list(parents)
    settled_: set[int] = set()
    for start in range(len(safe)):
        path: list[int] = []
        on_path: set[int] = set()
        at: int | None = start
        while at is not None and at not in settled_:
            if at in on_path:
                safe[path[-1]] = None
                break
            path.append(at)
            on_path.add(at)
            at = safe[at]
        settled_.update(path)
    return safe


def _ancestors(parents: Sequence[int | None], at: int) -> list[int]:
    chain = []
    above = parents[at]
    while above is not None:
        chain.append(above)
        above = parents[above]
    return chain


def _parent_missing(comment: Comment) -> Issue:
    return Issue(
        code="comment.parent_not_held",
        message="the comment answers one that no captured page shows",
        field="parent_comment_id",
        raw_value=comment.parent_id,
        comment=comment.native_id,
        capture_id=comment.capture_id,
    )


def _first(group: Sequence[Comment], read: Callable[[Comment], T | None]) -> T | None:
    return next((value for c in group if (value := read(c)) is not None), None)
