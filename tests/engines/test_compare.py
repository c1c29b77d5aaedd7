"""The judge of the engine tests is judged: tables that lie in one cell are found out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.engines.compare import compare, token_f1
from tests.engines.truth import TrueComment, TruePost, Truth, plain

NOON = datetime(2008, 5, 1, 16, 0, 5, tzinfo=UTC)
LOCAL = datetime(2008, 5, 1, 12, 0, 5)  # a wall clock

POST = TruePost(
    native_id="7",
    url="http://blog.example/é/",
    kind="entry",
    title="A “title”",
    author="Maren",
    published_at=NOON,
    local=LOCAL,
    html="<p>One two</p><p>three</p>",
    tags=("tea",),
)
ROOT = TrueComment(
    native_id="1",
    post="7",
    parent_id=None,
    depth=1,
    kind="comment",
    author=None,
    author_url=None,
    published_at=NOON,
    local=LOCAL,
    html="<p>😀</p>",
)
REPLY = TrueComment(
    native_id="2",
    post="7",
    parent_id="1",
    depth=2,
    kind="comment",
    author="Ruta",
    author_url="http://ruta.example",
    published_at=NOON,
    local=LOCAL,
    html="<p>Yes, I agree</p>",
)
TRUTH = Truth(
    posts=(POST,), comments=(ROOT, REPLY), protected=(), secrets=frozenset({"sesame"}), max_depth=1
)


def post_row(**changes: Any) -> dict[str, Any]:
    row = {
        "post_id": "b:7",
        "native_id": "7",
        "url": "http://blog.example/%C3%A9/",
        "canonical_url": None,
        "post_kind": "entry",
        "title": "A “title”",
        "author_name": "Maren",
        "published_at": NOON,
        "published_local": LOCAL,
        "body_text": "One two\n\nthree",
        "categories": None,
        "tags": ["tea"],
    }
    return row | changes


def comment_row(comment: TrueComment, **changes: Any) -> dict[str, Any]:
    row = {
        "comment_id": f"b:{comment.native_id}",
        "native_id": comment.native_id,
        "post_id": "b:7",
        "parent_comment_id": f"b:{comment.parent_id}" if comment.parent_id else None,
        "kind": "comment",
        "author_name": comment.author,
        "author_url": comment.author_url and f"{comment.author_url}/",
        "published_at": NOON,
        "published_local": LOCAL,
        "body_text": comment.text,
        "visibility": "visible",
    }
    return row | changes


def judged(folder: Path, posts: list[dict[str, Any]], comments: list[dict[str, Any]]) -> list[str]:
    for name, content in (("posts", posts), ("comments", comments)):
        (folder / "tables" / name).mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(content), folder / "tables" / name / "b.parquet")
    return compare(TRUTH, folder)


def test_tables_that_tell_the_truth_have_no_differences(tmp_path: Path) -> None:
    assert judged(tmp_path, [post_row()], [comment_row(ROOT), comment_row(REPLY)]) == []


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"author_name": None},
        {"published_at": NOON + timedelta(hours=1)},
        {"published_local": None},
        {"body_text": "One two"},
        {"tags": []},
        {"url": "http://blog.example/other/"},
        {"post_kind": "page"},
        {"native_id": "8"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_post_with_one_wrong_cell_is_found(change: dict[str, Any], tmp_path: Path) -> None:
    assert judged(tmp_path, [post_row(**change)], [comment_row(ROOT), comment_row(REPLY)])


@pytest.mark.parametrize(
    "change",
    [
        {"parent_comment_id": "b:2"},
        {"author_name": "Rut"},
        {"author_url": None},
        {"published_at": None},
        {"body_text": "Yes, I do agree"},
        {"kind": "pingback"},
        {"post_id": "b:8"},
        {"native_id": None},
        {"visibility": "truncated"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_comment_with_one_wrong_cell_is_found(change: dict[str, Any], tmp_path: Path) -> None:
    assert judged(tmp_path, [post_row()], [comment_row(ROOT), comment_row(REPLY, **change)])


def test_missing_and_doubled_rows_are_found(tmp_path: Path) -> None:
    differences = judged(tmp_path, [post_row(), post_row()], [comment_row(ROOT)])
    assert differences == [
        "post 7 (http://blog.example/é/) has 2 rows",
        "comment 2 on post 7 has 0 rows",
    ]


def test_a_secret_is_found_in_any_table(tmp_path: Path) -> None:
    links = tmp_path / "tables" / "links"
    links.mkdir(parents=True)
    pq.write_table(pa.table({"anchor_text": ["open sesame"]}), links / "b.parquet")
    differences = judged(tmp_path, [post_row()], [comment_row(ROOT), comment_row(REPLY)])
    assert differences == ["links tells the secret sesame"]


def test_a_parent_below_the_shown_depth_may_be_unknown_but_not_wrong(tmp_path: Path) -> None:
    row = comment_row(REPLY, parent_comment_id=None)
    assert judged(tmp_path, [post_row()], [comment_row(ROOT), row]) == []


def test_texts_without_words_are_compared_by_their_characters() -> None:
    assert token_f1("😀 👍", "😀👍") == 1.0
    assert token_f1("😀", "👍") == 0.0
    assert token_f1("", "") == 1.0


def test_words_of_neighbouring_blocks_stay_apart() -> None:
    assert plain("<p>one</p><p>t<b>w</b>o<br>three</p>") == "one two three"
