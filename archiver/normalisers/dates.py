"""Dates as blogs print them → moments: what was written, the wall clock, the instant, the doubt.

The strongest evidence wins: an epoch or machine value before visible words, and words with their
date header. Nothing is completed from today's date: what a text does not state stays open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, timedelta

from archiver.drafts import DateDraft
from archiver.model import Moment, Source, ZoneSource
from archiver.normalisers import date_order, date_zones
from archiver.normalisers.date_clock import find_clock
from archiver.normalisers.date_day import find_day
from archiver.normalisers.date_machine import from_epoch_ms, read_stamp
from archiver.normalisers.date_month import Day
from archiver.normalisers.date_order import Order
from archiver.normalisers.date_wall import (
    CLOCKED,
    DateHints,
    Wall,
    blanked,
    flatten,
    from_stamp,
    primary,
    read_wall,
    stated_in,
    with_clock,
)

__all__ = ["NO_HINTS", "DateHints", "Order", "order_agreeing", "order_evidence", "parse", "resolve"]

_OLDEST_YEAR = 1971  # people backdate posts, but 1970, 1899 and 1 are the zeros of software
_LATEST_YEAR = 2100  # where no capture time bounds it
_QUARTER = timedelta(minutes=15)
_WIDEST = timedelta(hours=14)

NO_HINTS = DateHints()


def parse(text: str, hints: DateHints = NO_HINTS) -> Moment:
    """The moment that visible words state; `Precision.NONE` when they state none."""
    return _moment(read_wall(text, hints), " ".join(text.split()), Source.TEXT, hints)


def resolve(draft: DateDraft, hints: DateHints = NO_HINTS) -> Moment | None:
    """The moment that the parts of a draft state together; None when the draft is empty.

    The instant of a machine value counts, and its words, where shown, are the moment's text. An
    instant in UTC whose words show another clock takes that clock, and so the offset.
    """
    shown = _shown(draft)
    stamp = _stamp(draft, hints)
    text = shown or (draft.machine or "").strip()
    if not text and draft.epoch_ms is not None:
        text = str(draft.epoch_ms)
    if not text:
        return None
    source = Source.MACHINE if draft.source is Source.TEXT else draft.source
    if stamp is None:
        return _moment(_headed(draft, hints), text, Source.TEXT, hints)
    if not _needs_words(stamp):
        return _moment(stamp, text, source, hints)
    wall = _headed(draft, hints)
    if wall is None:
        return _moment(_at_home(stamp, hints), text, source, hints)
    if stamp.precision not in CLOCKED:
        finer = wall.precision in CLOCKED and wall.local.date() == stamp.local.date()
        return _moment(wall if finer else stamp, text, Source.TEXT if finer else source, hints)
    return _moment(_shown_clock(stamp, wall) or _at_home(stamp, hints), text, source, hints)


def order_evidence(texts: Iterable[str]) -> Order | None:
    """The order of day and month that a site's dates prove together; None when they do not.

    A value above 12 proves it, and so does a weekday beside an ambiguous date.
    """
    return date_order.majority(_evidence(text) for text in texts)


def order_agreeing(text: str, day: date) -> Order | None:
    """The order under which a numeric date is a day known from elsewhere (feed, URL), give or take
    one for time zones; None when the text is not numeric or both orders fit.
    """
    found = {
        order: parse(text, DateHints(order=order)).local
        for order in (_DMY, _MDY)
        if _numeric(text) is not None
    }
    near = [
        order
        for order, local in found.items()
        if local is not None and abs(local.date() - day) <= timedelta(days=1)
    ]
    return near[0] if len(near) == 1 else None


_DMY: Order = "dmy"
_MDY: Order = "mdy"


# --- from draft to wall clock ---------------------------------------------------------------


def _shown(draft: DateDraft) -> str:
    """The visible words: the date header too where the text is a time only."""
    parts = [part for part in (draft.text, draft.day_text) if part and part.strip()]
    if len(parts) == 2 and find_day(blanked(flatten(parts[0]))[0]) is not None:
        parts.pop()
    return " ".join(" ".join(part.split()) for part in reversed(parts))


def _stamp(draft: DateDraft, hints: DateHints) -> Wall | None:
    if draft.epoch_ms is not None:
        return from_stamp(from_epoch_ms(draft.epoch_ms), draft.source)
    if not draft.machine or not draft.machine.strip():
        return None
    value = flatten(draft.machine)
    wall = from_stamp(read_stamp(value), draft.source) or read_wall(value, hints)
    if wall is None or not _is_plausible(wall.local.year, hints):
        return None
    if not draft.trust_offset:
        return replace(wall, offset=None, zone=None, zone_source=None)
    return replace(wall, zone_source=stated_in(draft.source)) if wall.zone else wall


def _needs_words(stamp: Wall) -> bool:
    """Whether visible words can add to a machine value: its clock is UTC's or it has none."""
    return stamp.precision not in CLOCKED or stamp.offset == timedelta()


def _shown_clock(stamp: Wall, wall: Wall) -> Wall | None:
    """The machine's instant under the clock that the words show; None when they do not fit."""
    if wall.precision not in CLOCKED or wall.ambiguous:
        return None
    gap = wall.local.replace(second=0) - stamp.local.replace(second=0)
    if gap % _QUARTER or abs(gap) > _WIDEST:
        return None
    if not gap:
        return stamp
    return replace(stamp, local=stamp.local + gap, offset=gap, zone=date_zones.offset_name(gap))


def _at_home(stamp: Wall, hints: DateHints) -> Wall:
    """A UTC instant under the blog's own clock, where the blog's zone is known."""
    place = date_zones.zone(hints.zone) if hints.zone else None
    if place is None or stamp.offset != timedelta() or stamp.precision not in CLOCKED:
        return stamp
    local = stamp.local.replace(tzinfo=UTC).astimezone(place)
    return replace(
        stamp,
        local=local.replace(tzinfo=None),
        offset=local.utcoffset(),
        zone=hints.zone,
        zone_source=hints.zone_source or ZoneSource.ASSUMED,
    )


def _headed(draft: DateDraft, hints: DateHints) -> Wall | None:
    """What the words state; a time alone takes its day from the header above it."""
    text, header = draft.text or "", draft.day_text or ""
    day = read_wall(header, hints) if header.strip() else None
    if not text.strip():
        return day
    if day is None:
        return read_wall(text, hints)
    wall = read_wall(text, replace(hints, post_local=day.local))
    if wall is not None:
        return wall
    clock = find_clock(flatten(text), primary(hints.languages))
    return with_clock(day, clock) if clock else day


# --- from wall clock to moment --------------------------------------------------------------


def _is_plausible(year: int, hints: DateHints) -> bool:
    latest = hints.reference.year + 1 if hints.reference else _LATEST_YEAR
    return _OLDEST_YEAR <= year <= latest


def _moment(wall: Wall | None, text: str, source: Source, hints: DateHints) -> Moment:
    if wall is None or not _is_plausible(wall.local.year, hints):
        return Moment(text=text, source=source)
    wall = _in_zone(wall, hints)
    sure = wall.offset is not None and wall.precision in CLOCKED
    return Moment(
        text=text,
        instant=date_zones.instant(wall.local, wall.offset)
        if sure and wall.offset is not None
        else None,
        local=wall.local,
        precision=wall.precision,
        zone=wall.zone,
        zone_source=wall.zone_source,
        source=source,
        ambiguous=wall.ambiguous,
        year_inferred=wall.year_inferred,
    )


def _in_zone(wall: Wall, hints: DateHints) -> Wall:
    """The wall clock with the blog's zone where its own text states none."""
    if wall.offset is not None or not hints.zone or wall.precision not in CLOCKED:
        return wall
    instant = date_zones.instant_in(wall.local, hints.zone)
    if instant is None:
        return wall
    return replace(
        wall,
        offset=wall.local - instant.replace(tzinfo=None),
        zone=hints.zone,
        zone_source=hints.zone_source or ZoneSource.ASSUMED,
    )


def _numeric(text: str) -> tuple[Day, str] | None:
    rest, _ = blanked(flatten(text))
    day = find_day(rest)
    return (day, rest) if day is not None and day.pair is not None else None


def _evidence(text: str) -> Order | None:
    found = _numeric(text)
    return date_order.evidence(*found) if found else None
