"""Comments of one post out of many sightings."""

from __future__ import annotations

import random

from archiver.model import (
    Author,
    Body,
    CaptureId,
    Comment,
    CommentKind,
    ParentGround,
    Source,
)
from archiver.reconcile.comments import reconciled_comments
from archiver.reconcile.moments import Learned


def _comment(native: str | None, words: str, **more: object) -> Comment:
    values: dict[str, object] = {
        "post_aliases": ("native:1",),
        "source": Source.TEXT,
        "native_id": native,
        "author": Author(name="Ida", raw="Ida"),
        "body": Body(html=f"<p>{words}</p>", text=words),
        "capture_id": CaptureId("page"),
        "position": 1,
    }
    return Comment(**{**values, **more})  # type: ignore[arg-type]


def _texts(sightings: list[Comment]) -> list[str]:
    return [
        p.comment.body.text for p in reconciled_comments(sightings, Learned()) if p.comment.body
    ]


def test_one_comment_seen_on_two_pages_and_in_a_feed_is_one_row() -> None:
    seen = [
        _comment("5", "Good tea", page_number=2),
        _comment("5", "Good tea", capture_id=CaptureId("bare")),
        _comment("5", "Good tea", source=Source.FEED, capture_id=CaptureId("feed")),
    ]
    for _ in range(6):
        random.Random(1).shuffle(seen)
        placed = reconciled_comments(seen, Learned())
        assert len(placed) == 1
        assert placed[0].comment.page_number == 2
        assert set(placed[0].evidence) == {"page", "bare", "feed"}


def test_a_comment_without_id_meets_its_twin_from_the_feed() -> None:
    seen = [
        _comment(None, "Good tea"),
        _comment("88", "Good tea", source=Source.FEED, capture_id=CaptureId("feed")),
    ]
    assert _texts(seen) == ["Good tea"]


def test_two_equal_comments_on_one_page_stay_two() -> None:
    assert _texts([_comment(None, "+1"), _comment(None, "+1", position=2)]) == ["+1", "+1"]


def test_an_api_names_the_parent_that_the_page_flattened() -> None:
    seen = [
        _comment("1", "first"),
        _comment("2", "deep", position=2, parent_ground=ParentGround.FLATTENED),
        _comment(
            "2",
            "deep",
            source=Source.API,
            capture_id=CaptureId("api"),
            parent_id="1",
            parent_ground=ParentGround.EXPLICIT,
        ),
    ]
    placed = reconciled_comments(seen, Learned())
    assert [p.parent for p in placed] == [None, 0]
    assert [p.depth for p in placed] == [0, 1]


def test_pages_come_in_order_and_positions_run_across_them() -> None:
    seen = [
        _comment("3", "c", page_number=2, position=1),
        _comment("1", "a", page_number=1, position=1),
        _comment("2", "b", page_number=1, position=2),
    ]
    placed = reconciled_comments(seen, Learned())
    assert [(p.comment.native_id, p.position) for p in placed] == [("1", 1), ("2", 2), ("3", 3)]


def test_a_ring_of_parents_is_cut() -> None:
    seen = [
        _comment("1", "a", parent_id="2", parent_ground=ParentGround.EXPLICIT),
        _comment("2", "b", parent_id="1", parent_ground=ParentGround.EXPLICIT, position=2),
    ]
    placed = reconciled_comments(seen, Learned())
    assert sum(p.parent is None for p in placed) == 1


def test_an_answer_to_an_unknown_comment_is_an_issue_not_a_guess() -> None:
    placed = reconciled_comments(
        [_comment("2", "b", parent_id="1", parent_ground=ParentGround.EXPLICIT)], Learned()
    )
    assert placed[0].parent is None
    assert [issue.code for issue in placed[0].issues] == ["comment.parent_not_held"]


def test_a_ping_and_a_comment_of_equal_words_are_two() -> None:
    seen = [
        _comment(None, "x"),
        _comment(None, "x", kind=CommentKind.PINGBACK, capture_id=CaptureId("feed")),
    ]
    assert len(_texts(seen)) == 2
