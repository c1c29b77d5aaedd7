"""What a crawl says of posts that it knows and did not find."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from archiver.model import Capture, CaptureId, Url
from archiver.publish.absent import Seen, absent, whole_blog
from pipelines.tables.captures import UNREAD, capture_row
from pipelines.tables.columnar import Row
from pipelines.tables.staging import Staging

BLOG = "hedgerow-example-net"
HOME = "http://hedgerow.example.net/"
AT = datetime(2024, 3, 1, tzinfo=UTC)
COMMON: Row = {"crawl_id": "c", "blog_id": BLOG}
KNOWN = {
    "native:1": "b:1", "url:hedgerow.example.net/oak": "b:1",
    "native:2": "b:2", "url:hedgerow.example.net/elm": "b:2",
}  # fmt: skip
NOTHING = Seen(posts=frozenset(), aliases=frozenset())


@pytest.fixture
def staging() -> Iterator[Staging]:
    with closing(sqlite3.connect(":memory:")) as database:
        yield Staging(database)


def _answered(staging: Staging, path: str, status: int) -> None:
    capture = Capture(
        capture_id=CaptureId(f"{path}-{status}"),
        url=Url(f"{HOME}{path}"),
        captured_at=AT,
        status=status,
        warc_filename="a.warc.gz",
        warc_offset=0,
        warc_length=9,
    )
    staging.stage(capture_row(capture, blog_id=BLOG, crawl_id="c", reading=UNREAD))


def _told(rows: Iterator[Row]) -> dict[object, tuple[object, object]]:
    return {row["unit_key"]: (row["complete"], row["reason"]) for row in rows}


@pytest.mark.parametrize("status", [404, 410])
def test_a_known_post_whose_page_is_not_there_any_more_is_surely_missing(
    staging: Staging, status: int
) -> None:
    _answered(staging, "oak", status)
    (row,) = absent(staging, KNOWN, NOTHING, (), COMMON)
    assert (row["unit"], row["unit_key"], row["complete"]) == ("post", "b:1", True)
    assert (row["found"], row["captured_at"]) == (0, AT)


@pytest.mark.parametrize("status", [200, 403, 500, 503])
def test_any_other_answer_proves_nothing(staging: Staging, status: int) -> None:
    _answered(staging, "oak", 404)
    _answered(staging, "oak", status)
    reason = f"the post's own page answered {status} and shows no post"
    assert _told(absent(staging, KNOWN, NOTHING, (), COMMON)) == {"b:1": (False, reason)}


def test_no_answer_proves_nothing(staging: Staging) -> None:
    told = _told(absent(staging, KNOWN, NOTHING, (f"{HOME}elm", f"{HOME}ash"), COMMON))
    assert told == {"b:2": (False, "the post's own page was not answered")}


def test_a_post_that_the_crawl_found_is_not_missing_whatever_its_page_answers(
    staging: Staging,
) -> None:
    _answered(staging, "oak", 404)
    seen = Seen(posts=frozenset({"b:1"}), aliases=frozenset({"native:1"}))
    assert _told(absent(staging, KNOWN, seen, (), COMMON)) == {}


def test_a_post_that_became_part_of_another_is_not_called_gone(staging: Staging) -> None:
    seen = Seen(posts=frozenset({"b:1"}), aliases=frozenset({"native:1", "native:2"}))
    told = _told(absent(staging, KNOWN, seen, (), COMMON))
    assert told == {"b:2": (False, "the post was seen as part of another")}


def test_the_row_of_the_blog_counts_and_proves_nothing_where_most_posts_are_missing() -> None:
    seen = Seen(posts=frozenset({"b:1", "b:3"}), aliases=frozenset())
    row = whole_blog(KNOWN, seen, COMMON, AT, is_complete=True)
    assert (row["unit"], row["unit_key"], row["complete"]) == ("blog", BLOG, True)
    assert (row["expected"], row["found"], row["missing"], row["extra"]) == (2, 2, 1, 1)
    rebuilt = whole_blog(KNOWN, NOTHING, COMMON, AT, is_complete=True)
    assert rebuilt["complete"] is False
    assert whole_blog({}, seen, COMMON, AT, is_complete=False)["complete"] is False
