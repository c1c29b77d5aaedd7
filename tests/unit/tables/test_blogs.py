"""One row of a blog out of several."""

from __future__ import annotations

from pipelines.tables.blogs import fold


def _row(crawl: int, **said: object) -> dict[str, object]:
    return {
        "first_crawl_id": f"c{crawl}", "last_crawl_id": f"c{crawl}", "first_seen_at": crawl,
        "last_seen_at": crawl, "revised_at": crawl, "revision": 1, **said,
    }  # fmt: skip


def test_the_latest_word_counts_and_silence_does_not() -> None:
    first = _row(1, title="Hedgerow", template="minima", tags=["a"])
    second = _row(2, title="The Hedgerow", template=None, tags=[])
    assert fold([first, second]) == {
        "title": "The Hedgerow", "template": "minima", "tags": ["a"], "revision": 2,
        "first_crawl_id": "c1", "last_crawl_id": "c2", "first_seen_at": 1, "last_seen_at": 2,
        "revised_at": 2,
    }  # fmt: skip


def test_the_same_words_or_fewer_are_no_new_version() -> None:
    first = _row(1, title="Hedgerow", template="minima")
    folded = fold([{**first, "revision": 3}, _row(2, title="Hedgerow"), _row(3)])
    assert folded is not None
    assert (folded["revision"], folded["revised_at"], folded["last_seen_at"]) == (3, 1, 3)


def test_no_rows_fold_to_none() -> None:
    assert fold([]) is None
