"""What a blog declares against what was found: rows of `coverage` and issues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from archiver.model import Comment, CommentKind, Issue, PageKind, Post, Severity, Stage
from archiver.reconcile.comments import Placed
from pipelines.tables.columnar import Row
from pipelines.tables.rows import Rows
from pipelines.tables.staging import Staging

POST_NOT_HELD = "post.not_held"
_OWN_PAGES = (PageKind.POST, PageKind.COMMENT_PAGE)
_NO_PAGE = "the post's own page was not captured whole"


def coverage(
    staging: Staging,
    rows: Rows,
    post: Post,
    sightings: Sequence[Post],
    placed: Sequence[Placed],
    of_post: str,
    *,
    is_complete: bool,
) -> Iterator[Row]:
    """Two units of a post: its own page, and its comments; expected, found, all seen or not."""
    own = [seen for seen in sightings if seen.page_kind in _OWN_PAGES]
    captures = [staging.capture(seen.capture_id) for seen in own if seen.capture_id]
    whole = [row for row in captures if row is not None and not row.get("content_truncated")]
    times = [at for row in whole if isinstance(at := row.get("fetch_time"), datetime)]
    common = {
        "crawl_id": rows.crawl_id,
        "blog_id": rows.blog_id,
        "unit_key": of_post,
        "captured_at": min(times, default=None),
    }
    yield {
        **common,
        "unit": "post",
        "expected": 1,
        "expected_source": "none",
        "found": 1 if own else 0,
        "missing": 0 if own else 1,
        "extra": 0,
        "ratio": 1.0 if own else 0.0,
        "complete": bool(whole),
        "reason": None if whole else _NO_PAGE,
    }
    declared = post.comment_count_declared
    missing = max(0, declared - _counted(post, placed)) if declared is not None else 0
    yield {
        **common,
        "unit": "post_comments",
        "expected": declared,
        "expected_source": "declared_count" if declared is not None else "none",
        "found": len(placed),
        "missing": missing if declared is not None else None,
        "extra": max(0, len(placed) - declared) if declared is not None else None,
        "ratio": min(1.0, len(placed) / declared) if declared else None,
        "complete": bool(whole) and missing == 0 and is_complete,
        "reason": _why(whole=bool(whole), missing=missing, is_complete=is_complete),
    }


def count_issues(post: Post, placed: Sequence[Placed]) -> Iterator[Issue]:
    """A declared number that the comments do not reach, pings counted as the platform does."""
    declared = post.comment_count_declared
    if declared is None:
        return
    pings = _pings(placed)
    counts = {len(placed), len(placed) - pings}
    if post.count_includes_pings is not None:
        counts = {_counted(post, placed)}
    if declared not in counts:
        yield Issue(
            code="comment.count_mismatch",
            message=f"the blog declares {declared} comments; {len(placed)} were found"
            f" ({pings} of them pings)",
            severity=Severity.WARNING,
            stage=Stage.VERIFY,
            url=post.url,
            field="comment_count_declared",
            raw_value=str(declared),
            capture_id=post.capture_id,
        )


def post_missing(comment: Comment) -> Issue:
    """Comments whose post no document shows."""
    return Issue(
        code=POST_NOT_HELD,
        message="comments of this post were seen, the post itself was not",
        stage=Stage.VERIFY,
        url=comment.permalink,
        post=comment.post_aliases[0] if comment.post_aliases else None,
        raw_value=comment.post_aliases[0] if comment.post_aliases else None,
        capture_id=comment.capture_id,
    )


def _pings(placed: Sequence[Placed]) -> int:
    return sum(item.comment.kind is not CommentKind.COMMENT for item in placed)


def _counted(post: Post, placed: Sequence[Placed]) -> int:
    """Found comments as the platform would count them; with pings where that is unknown."""
    return len(placed) - (_pings(placed) if post.count_includes_pings is False else 0)


def _why(*, whole: bool, missing: int, is_complete: bool) -> str | None:
    if not whole:
        return _NO_PAGE
    if missing:
        return f"{missing} declared comments were not found"
    return None if is_complete else "the crawl did not fetch everything it discovered"
