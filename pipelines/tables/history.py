"""What several crawls together say of an item: first and last seen, version, present or gone. Pure.

Laws: merging again changes nothing; the order is that of capture, never that of arrival; a
sighting without its text (an excerpt, a password form) never replaces a text; equal bytes read
again by a better extractor are no new version; only complete coverage makes anything gone.

A *record* is one item in one source: a crawl's file, or the latest state so far, which stands for
every crawl before it. Records are Arrow tables with the columns of `RECORD`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.columns import BOOL, INSTANT, INT32, INT64, TEXT

RECORD = pa.schema(
    [
        ("key", TEXT),
        ("captured_at", INSTANT),
        ("content_hash", TEXT),
        ("payload_digest", TEXT),
        ("capture_id", TEXT),
        ("first_crawl_id", TEXT),
        ("last_crawl_id", TEXT),
        ("first_seen_at", INSTANT),
        ("last_seen_at", INSTANT),
        ("revision", INT32),
        ("revised_at", INSTANT),
        ("state", TEXT),
        ("gone_detected_at", INSTANT),
        ("is_full", BOOL),  # its content was there to be compared
        ("rank", INT32),  # order of the crawls, for captures at the same time
    ]
)


# Two sightings that share one of these show the same content.
_IDENTITY = ("content_hash", "payload_digest", "capture_id")


@dataclass(frozen=True, slots=True)
class Absence:
    """When one crawl found each item missing; null where it cannot say, or saw the item.

    Rows are those of the table that `folded` returns. `doubtful_at`: a list lacks the item while
    the item's own page could not be captured.
    """

    rank: int
    at: pa.Array
    doubtful_at: pa.Array


def folded(records: pa.Table, newest: int) -> pa.Table:
    """One row per key: what its records say together, absences not yet considered.

    `at` is the place of the record whose content counts: the latest full one. `is_new` and
    `is_changed` say what the source of rank `newest` brought. Keys come in order of appearance.
    """
    coded = records["key"].combine_chunks().dictionary_encode()
    places = pa.array(range(len(records)), INT64)
    records = records.append_column("code", coded.indices).append_column("at", places)
    ordered = _sorted(records, ["first_seen_at"], ["first_crawl_id"])
    earliest = ordered.filter(_is_first(ordered["code"]))
    ordered = _sorted(records, ["last_seen_at"], ["last_crawl_id"])
    latest = ordered.filter(_is_last(ordered["code"]))
    content = _content(records, newest)
    ranks = _extremes(records)
    verdict = _earlier_verdict(records, len(coded.dictionary))
    return pa.table(
        {
            "key": coded.dictionary,
            "first_seen_at": earliest["first_seen_at"],
            "first_crawl_id": earliest["first_crawl_id"],
            "last_seen_at": latest["last_seen_at"],
            "last_crawl_id": latest["last_crawl_id"],
            "revision": pc.add(ranks["revision_max"], content["changes"]).cast(INT32),
            "revised_at": content["revised_at"],
            "at": content["at"],
            "is_new": pc.and_(
                pc.equal(ranks["rank_min"], newest), pc.equal(ranks["rank_max"], newest)
            ),
            "is_changed": content["is_changed"],
            "old_state": verdict["state"],
            "old_gone_at": verdict["gone_detected_at"],
            "old_last_seen_at": verdict["last_seen_at"],
        }
    )


def judged(items: pa.Table, absences: Iterable[Absence], newest: int) -> pa.Table:
    """The folded rows with `state`, `gone_detected_at` and `is_lost` (gone by rank `newest`)."""
    seen = items["last_seen_at"]
    never = pa.scalar(None, INSTANT)
    was_gone = pc.equal(items["old_state"], "gone")
    still_gone = pc.and_(was_gone, pc.greater(items["old_gone_at"], seen))
    gone_at = pc.if_else(still_gone, items["old_gone_at"], never)
    unseen_since = pc.equal(items["old_last_seen_at"], seen)
    is_doubtful = _sure(pc.and_(pc.equal(items["old_state"], "unknown"), unseen_since))
    lost_at = pa.nulls(len(items), INSTANT)
    for absence in absences:
        missed_at = pc.if_else(pc.greater(absence.at, seen), absence.at, never)
        gone_at = earlier(gone_at, missed_at)
        if absence.rank == newest:
            lost_at = missed_at
        is_doubtful = pc.or_(is_doubtful, _sure(pc.greater(absence.doubtful_at, seen)))
    is_gone = gone_at.is_valid()
    state = pc.if_else(is_gone, "gone", pc.if_else(is_doubtful, "unknown", "present"))
    is_lost = pc.and_(_sure(pc.equal(gone_at, lost_at)), pc.invert(_sure(was_gone)))
    kept = items.drop_columns(["old_state", "old_gone_at", "old_last_seen_at"])
    return (
        kept.append_column("state", state)
        .append_column("gone_detected_at", gone_at)
        .append_column("is_lost", is_lost)
    )


def earlier(one: pa.Array, other: pa.Array) -> pa.Array:
    """The earlier of two times, place by place; the one that is there where the other is null."""
    # Arrow's min_element_wise has no kernel for times with a zone.
    return pc.coalesce(pc.if_else(pc.less(other, one), other, one), one, other)


def _content(records: pa.Table, newest: int) -> pa.Table:
    """Per key: the record whose content counts, since when, and how many changes led to it."""
    # Partial records first, so that the last one of a key is full if any is.
    ordered = _sorted(records, ["is_full", "captured_at"], [*_IDENTITY, "revised_at", "at"])
    is_first = _is_first(ordered["code"])
    follows = pc.invert(is_first)
    is_alike = pc.and_(follows, _repeats(ordered["is_full"]))
    is_same = reduce(pc.or_, (_repeats(ordered[name]) for name in _IDENTITY))
    is_change = pc.and_(pc.and_(is_alike, ordered["is_full"]), pc.invert(is_same))
    is_start = pc.or_(pc.invert(is_alike), is_change)
    started_at = pc.if_else(is_start, ordered["revised_at"], pa.scalar(None, INSTANT))
    is_news = pc.and_(is_change, pc.equal(ordered["rank"], newest))
    changes = pc.cumulative_sum(is_change.cast(INT64))
    news = pc.cumulative_sum(is_news.cast(INT64))
    is_last = _is_last(ordered["code"])
    return pa.table(
        {
            "at": ordered["at"].filter(is_last),
            "revised_at": pc.fill_null_forward(started_at).filter(is_last),
            "changes": pc.subtract(changes.filter(is_last), changes.filter(is_first)),
            "is_changed": pc.greater(news.filter(is_last), news.filter(is_first)),
        }
    )


def _extremes(records: pa.Table) -> pa.Table:
    aggregates = [("rank", "min"), ("rank", "max"), ("revision", "max")]
    return records.group_by("code").aggregate(aggregates).sort_by("code")


def _earlier_verdict(records: pa.Table, keys: int) -> pa.Table:
    """Per key: state and times of the record that is gone or unknown already, else nulls."""
    past = records.filter(pc.not_equal(records["state"], "present"))
    place = pc.index_in(pa.array(range(keys), INT32), past["code"].combine_chunks())
    return past.select(["state", "gone_detected_at", "last_seen_at"]).take(place)


def _sorted(records: pa.Table, order: list[str], more: list[str]) -> pa.Table:
    """The columns of the order and some more, sorted within each key."""
    order = ["code", *order, "rank"]
    indices = pc.sort_indices(records, sort_keys=[(name, "ascending") for name in order])
    return records.select([*order, *more]).take(indices).combine_chunks()


def _repeats(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether each value equals the one before; False for the first, and beside nulls."""
    before = pa.chunked_array([pa.nulls(1, values.type), *values.chunks]).slice(0, len(values))
    return _sure(pc.equal(values, before))


def _is_first(code: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.invert(_repeats(code))


def _is_last(code: pa.ChunkedArray) -> pa.ChunkedArray:
    after = pa.chunked_array([*code.chunks, pa.nulls(1, code.type)]).slice(1)
    return pc.invert(_sure(pc.equal(code, after)))


def _sure(flags: pa.ChunkedArray) -> pa.ChunkedArray:
    """Null as False."""
    return pc.fill_null(flags, False)
