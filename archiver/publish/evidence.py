"""What the dates of a whole blog prove: its time zone, its order of day and month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from archiver.model import Moment, Precision, Source
from archiver.normalisers import dates
from archiver.reconcile.moments import Learned
from archiver.zones import Pair, learn
from pipelines.tables.staging import Staging

_POSTS = 5_000  # posts looked at
_EXACT = (Source.FEED, Source.API, Source.ID, Source.RDF)


def learned(staging: Staging, groups: Iterable[list[int]]) -> Learned:
    """Zone and order, from moments that one document shows and another states exactly."""
    pairs: list[Pair] = []
    texts: list[str] = []
    for numbers in islice(groups, _POSTS):
        _evidence([p.published for p in staging.posts(numbers)], pairs, texts)
        by_id: dict[str, list[Moment | None]] = defaultdict(list)
        for comment in staging.comments(numbers):
            if comment.native_id:
                by_id[comment.native_id].append(comment.published)
        for moments in by_id.values():
            _evidence(moments, pairs, texts)
    return Learned(zone=learn(pairs), order=dates.order_evidence(texts))


def _evidence(moments: Iterable[Moment | None], pairs: list[Pair], texts: list[str]) -> None:
    known = [m for m in moments if m is not None]
    exact = next((m for m in known if m.instant is not None and m.source in _EXACT), None)
    for moment in known:
        if moment.source not in (Source.TEXT, Source.MACHINE) or moment.local is None:
            continue
        texts.append(moment.text)
        minutes = moment.precision in (Precision.MINUTE, Precision.SECOND)
        if exact is not None and exact.instant is not None and minutes and not moment.ambiguous:
            pairs.append((exact.instant, moment.local))
