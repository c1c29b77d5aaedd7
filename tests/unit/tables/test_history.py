"""The fold of sightings against a plain reading of the laws, item by item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.tables.columns import INSTANT
from pipelines.tables.history import RECORD, Absence, earlier, folded, judged

START = datetime(2024, 1, 1, tzinfo=UTC)
NEVER = pa.nulls(1, INSTANT)


@dataclass(frozen=True)
class Seen:
    """One sighting: day, hash, digest, whether the content was there."""

    key: str
    day: int
    rank: int
    words: str
    digest: str
    is_full: bool = True

    def record(self) -> dict[str, object]:
        at = START + timedelta(days=self.day)
        crawl = f"crawl-{self.rank}"
        return {
            "key": self.key, "captured_at": at, "content_hash": self.words,
            "payload_digest": self.digest, "capture_id": f"{self.rank}-{self.key}",
            "first_crawl_id": crawl, "last_crawl_id": crawl, "first_seen_at": at,
            "last_seen_at": at, "revision": 1, "revised_at": at, "state": "present",
            "gone_detected_at": None, "is_full": self.is_full, "rank": self.rank,
        }  # fmt: skip


def _table(sightings: list[Seen]) -> pa.Table:
    return pa.Table.from_pylist([seen.record() for seen in sightings], schema=RECORD)


def _expected(sightings: list[Seen]) -> dict[str, object]:
    """The laws, read aloud for one item."""
    by_time = sorted(sightings, key=lambda seen: (seen.day, seen.rank))
    full = [seen for seen in by_time if seen.is_full]
    starts = [full[0]] if full else [by_time[0]]
    changes = 0
    for before, after in pairwise(full):
        if before.words != after.words and before.digest != after.digest:
            changes += 1
            starts.append(after)
    return {
        "first_seen_at": START + timedelta(days=by_time[0].day),
        "last_seen_at": START + timedelta(days=by_time[-1].day),
        "first_crawl_id": f"crawl-{by_time[0].rank}",
        "last_crawl_id": f"crawl-{by_time[-1].rank}",
        "revision": 1 + changes,
        "revised_at": START + timedelta(days=starts[-1].day),
        "content": (full or by_time)[-1],
    }


_SIGHTINGS = st.lists(
    st.builds(
        Seen,
        key=st.sampled_from("abc"),
        day=st.integers(0, 4),
        rank=st.integers(0, 5),
        words=st.sampled_from(["one", "two"]),
        digest=st.sampled_from(["x", "y", "z"]),
        is_full=st.booleans(),
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda seen: (seen.key, seen.rank),
)


@given(_SIGHTINGS)
@settings(max_examples=300, deadline=None)
def test_the_fold_says_what_the_laws_say(sightings: list[Seen]) -> None:
    found = {row["key"]: row for row in folded(_table(sightings), newest=99).to_pylist()}
    assert set(found) == {seen.key for seen in sightings}
    for key, row in found.items():
        expected = _expected([seen for seen in sightings if seen.key == key])
        assert sightings[row["at"]] == expected.pop("content")
        assert {name: row[name] for name in expected} == expected


@given(_SIGHTINGS, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_arrival_does_not_matter(sightings: list[Seen], chance: object) -> None:
    shuffled = list(sightings)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (
        {
            row["key"]: {**row, "at": order[row["at"]]}
            for row in folded(_table(order), newest=99).to_pylist()
        }
        for order in (sightings, shuffled)
    )
    assert one == other


def test_a_new_sighting_and_a_changed_one_are_told_apart() -> None:
    sightings = [
        Seen("old", 0, 0, "one", "x"),
        Seen("edited", 0, 0, "one", "x"),
        Seen("edited", 1, 1, "two", "y"),
        Seen("old", 1, 1, "one", "y"),
        Seen("new", 1, 1, "one", "x"),
    ]
    found = {row["key"]: row for row in folded(_table(sightings), newest=1).to_pylist()}
    told = {key: (row["is_new"], row["is_changed"]) for key, row in found.items()}
    assert told == {"old": (False, False), "edited": (False, True), "new": (True, False)}


def test_equal_bytes_read_differently_are_no_new_version() -> None:
    sightings = [Seen("a", 0, 0, "one", "x"), Seen("a", 0, 1, "better read", "x")]
    (row,) = folded(_table(sightings), newest=1).to_pylist()
    assert (row["revision"], row["at"]) == (1, 1)


def _judged(day: int, absence: int | None, doubtful: int | None = None) -> dict[str, object]:
    items = folded(_table([Seen("a", day, 0, "one", "x")]), newest=1)
    rows = judged(items, [Absence(1, _at(absence), _at(doubtful))], newest=1).to_pylist()
    return dict(rows[0])


def _at(day: int | None) -> pa.Array:
    return NEVER if day is None else pa.array([START + timedelta(days=day)], INSTANT)


def test_an_item_is_gone_when_it_is_missing_after_its_last_sighting() -> None:
    row = _judged(1, 3)
    assert row["state"] == "gone"
    assert row["gone_detected_at"] == START + timedelta(days=3)
    assert row["is_lost"] is True


def test_a_miss_before_the_last_sighting_says_nothing() -> None:
    row = _judged(3, 1)
    assert (row["state"], row["gone_detected_at"], row["is_lost"]) == ("present", None, False)


def test_a_doubtful_miss_makes_an_item_unknown_until_it_is_seen_again() -> None:
    assert _judged(1, None, 3)["state"] == "unknown"
    assert _judged(3, None, 1)["state"] == "present"


def test_the_earlier_of_two_times_survives_a_null_on_either_side() -> None:
    early, late = _at(1), _at(2)
    assert earlier(early, late).equals(early)
    assert earlier(late, early).equals(early)
    assert earlier(NEVER, late).equals(late)
    assert earlier(late, NEVER).equals(late)
    assert earlier(NEVER, NEVER).equals(NEVER)
