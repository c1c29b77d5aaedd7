"""One moment out of many statements about it, and the time zone that they prove."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, timezone

from archiver.model import Issue, Moment, Precision, Source, Stage, ZoneSource
from archiver.normalisers import dates
from archiver.zones import LearnedZone

# Instants: ids cannot be edited, feeds and APIs print real UTC, a page's own attribute may carry
# today's offset for an old post, words carry none.
_INSTANT_ORDER = (Source.ID, Source.API, Source.FEED, Source.RDF, Source.MACHINE, Source.TEXT)
_WORDS_ORDER = (Source.TEXT, Source.MACHINE, Source.RDF, Source.API, Source.FEED, Source.META)
_TOLERANCE = timedelta(minutes=1)
_UTC_SOURCES = (Source.FEED, Source.API, Source.ID)
_UTC_NAMES = (None, "UTC", "+00:00", "Z", "GMT")
_QUARTER = timedelta(minutes=15)
_COARSENESS = (
    Precision.SECOND,
    Precision.MINUTE,
    Precision.DAY,
    Precision.MONTH,
    Precision.YEAR,
    Precision.NONE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a whole blog proves about its dates; both None when nothing is proved."""

    zone: LearnedZone | None = None
    order: dates.Order | None = None


def believed(stated: Sequence[Moment], zone: LearnedZone | None) -> Moment | None:
    """One moment from all statements: the instant of the strongest, the wall clock as shown.

    Statements are in rank order. A learned zone turns a bare wall clock into an instant and is
    named as the ground (`zone_source` "feed").
    """
    usable = [_checked(m, zone) for m in stated if m.precision is not Precision.NONE]
    if not usable:
        return stated[0] if stated else None
    shown = min(usable, key=lambda m: (_fineness(m), _WORDS_ORDER.index(_words(m))))
    exact = [m for m in usable if m.instant is not None]
    if exact:
        best = min(exact, key=lambda m: (_coarse(m), _INSTANT_ORDER.index(_instants(m))))
        if shown is not best and _fits(shown, best):
            return _combined(shown, best)
        return _at_home(best, zone)
    return _anchored(shown, zone)


def _checked(moment: Moment, zone: LearnedZone | None) -> Moment:
    """A page's own offset is dropped where the blog's feeds prove another one for that time."""
    if zone is None or moment.source not in (Source.MACHINE, Source.META):
        return moment
    if moment.instant is None or moment.local is None or moment.zone in _UTC_NAMES:
        return moment  # UTC is no claim about the blog's clock
    proved = zone.offset(moment.local)
    if proved is None or moment.local - moment.instant.replace(tzinfo=None) == proved:
        return moment
    return replace(moment, instant=None, zone=None, zone_source=None)


def _combined(shown: Moment, exact: Moment) -> Moment:
    """The instant of one statement with the words of another; both clocks tell the offset."""
    local, zone, ground = shown.local or exact.local, exact.zone, exact.zone_source
    if shown.local is not None and shown.instant is None and exact.instant is not None:
        utc = exact.instant.replace(tzinfo=None)
        step = _QUARTER * round((shown.local - utc) / _QUARTER)
        zone, ground = _offset_name(step // timedelta(minutes=1)), ZoneSource.FEED
        # The page leaves out the seconds that the feed states.
        fits = (utc + step).replace(second=0, microsecond=0) == shown.local
        local = utc + step if fits else shown.local
    return replace(
        exact,
        text=shown.text or exact.text,
        local=local,
        zone=zone,
        zone_source=ground,
        ambiguous=False,
        year_inferred=False,
    )


def _at_home(exact: Moment, zone: LearnedZone | None) -> Moment:
    """What only a feed or API states, in UTC, on the blog's own clock where that is known."""
    if zone is None or exact.instant is None or exact.source not in _UTC_SOURCES:
        return exact
    offset = zone.offset_at(exact.instant)
    if offset is None or exact.zone not in _UTC_NAMES:
        return exact
    local = exact.instant.replace(tzinfo=None) + offset
    return replace(exact, local=local, zone=zone.name, zone_source=ZoneSource.FEED)


def _anchored(shown: Moment, zone: LearnedZone | None) -> Moment:
    if zone is None or shown.local is None or shown.zone is not None or shown.ambiguous:
        return shown
    if shown.precision not in (Precision.SECOND, Precision.MINUTE):
        return shown
    offset = zone.offset(shown.local)
    if offset is None:
        return shown
    instant = shown.local.replace(tzinfo=timezone(offset)).astimezone(UTC)
    name = zone.name or _offset_name(int(offset.total_seconds() // 60))
    return replace(shown, instant=instant, zone=name, zone_source=ZoneSource.FEED)


def _fits(shown: Moment, exact: Moment) -> bool:
    """Whether a wall clock can be the instant's: within the widest offsets, not day-swapped."""
    if shown.local is None or exact.instant is None:
        return True
    if shown.instant is not None and _fineness(shown) == 1:
        return abs(shown.instant - exact.instant) <= _TOLERANCE
    slack = {Precision.SECOND: 15, Precision.MINUTE: 15, Precision.DAY: 40}.get(shown.precision)
    if slack is None:
        return False
    return abs(shown.local - exact.instant.replace(tzinfo=None)) <= timedelta(hours=slack)


def disagreements(stated: Iterable[Moment], field: str) -> list[Issue]:
    """One issue where documents state instants that differ by a minute or more; else none."""
    known = [m for m in stated if m.instant is not None and _coarse(m) <= 1]
    if len(known) < 2:
        return []
    instants = [m.instant for m in known if m.instant is not None]
    if max(instants) - min(instants) < _TOLERANCE:
        return []
    return [
        Issue(
            code="date.disagreement",
            message="documents state different instants; the strongest source is believed",
            stage=Stage.NORMALISE,
            field=field,
            raw_value=" | ".join(f"{m.source}: {m.text}" for m in known)[:500],
        )
    ]


def _coarse(moment: Moment) -> int:
    return _COARSENESS.index(moment.precision)


def _fineness(moment: Moment) -> int:
    """Minutes are as good as seconds for what a reader saw."""
    return 1 if moment.precision in (Precision.SECOND, Precision.MINUTE) else _coarse(moment)


def _words(moment: Moment) -> Source:
    return moment.source if moment.source in _WORDS_ORDER else Source.META


def _instants(moment: Moment) -> Source:
    return moment.source if moment.source in _INSTANT_ORDER else Source.TEXT


def _offset_name(minutes: int) -> str:
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def settled(moment: Moment, order: dates.Order | None) -> Moment:
    """An ambiguous day and month read in the blog's own order, once that is known."""
    if not moment.ambiguous or order is None:
        return moment
    again = dates.parse(moment.text, dates.DateHints(order=order))
    return replace(again, source=moment.source) if again.local is not None else moment
