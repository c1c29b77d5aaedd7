"""Words → wall clock: finds day and time in a text and says what is sure about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from archiver.model import Precision, Source, ZoneSource
from archiver.normalisers import date_order, date_zones
from archiver.normalisers.date_clock import Clock, find_clock, find_dotted_clock
from archiver.normalisers.date_day import find_day
from archiver.normalisers.date_machine import Stamp, as_utc, read_stamp
from archiver.normalisers.date_month import Day, weekdays
from archiver.normalisers.date_order import Order
from archiver.normalisers.date_relative import Ago, find_ago, find_day_word

CLOCKED = (Precision.MINUTE, Precision.SECOND)

_LONGEST_TEXT = 600  # characters; a sentence with a date is shorter
_TWELVE = re.compile(r"\d\s?[ap]\.?m\b", re.IGNORECASE)

_ZEROS = (0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0,
          0x1040, 0x17E0, 0xFF10)  # fmt: skip
_FOLDED = {zero + digit: str(digit) for zero in _ZEROS for digit in range(10)}
_FOLDED |= dict.fromkeys(map(ord, "‐‑‒–—−－"), "-")
_FOLDED |= dict.fromkeys(map(ord, "’‘′ʼ"), "'")
_FOLDED |= {ord(wide): narrow for wide, narrow in zip("／：．，（）", "/:.,()", strict=True)}
_FOLDED |= dict.fromkeys((0x200B, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0xFEFF), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateHints:
    """What is known beside the text; every hint may be absent.

    `languages` are BCP-47 names, likeliest first. `order` is the site's order of numeric dates.
    `zone` is an IANA name or ±hh:mm, used only where the page states none. `reference` is the
    capture time, for "3 days ago" and as the latest possible year; `post_local` the wall clock of
    the post, from which a comment's date without a year takes it.
    """

    languages: tuple[str, ...] = ()
    order: Order | None = None
    zone: str | None = None
    zone_source: ZoneSource | None = None
    reference: datetime | None = None
    post_local: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """A wall clock read from one source; `offset` and `zone` only where that source states them."""

    local: datetime
    precision: Precision
    offset: timedelta | None = None
    zone: str | None = None
    ambiguous: bool = False
    year_inferred: bool = False
    zone_source: ZoneSource | None = None


def from_stamp(stamp: Stamp | None, source: Source) -> Wall | None:
    """The wall clock of a machine value; an offset that leaves the calendar is dropped."""
    if stamp is None:
        return None
    return Wall(
        local=stamp.local,
        precision=stamp.precision,
        offset=stamp.offset if as_utc(stamp) else None,
        zone=stamp.zone,
        zone_source=stated_in(source) if stamp.zone else None,
    )


def stated_in(source: Source) -> ZoneSource:
    """What a zone rests on that a document of this kind states itself."""
    return ZoneSource.FEED if source is Source.FEED else ZoneSource.PAGE


def flatten(text: str) -> str:
    """The text on one line with ASCII digits, dashes and apostrophes."""
    text = text[:_LONGEST_TEXT]
    return " ".join((text if text.isascii() else text.translate(_FOLDED)).split())


def primary(languages: Sequence[str]) -> tuple[str, ...]:
    """Languages without their regions."""
    return tuple(name.partition("-")[0].lower() for name in languages)


def blanked(text: str, languages: tuple[str, ...] = ()) -> tuple[str, Clock | None]:
    """The text with its time of day blanked out, and that time."""
    clock = find_clock(text, languages)
    if clock is None:
        return text, None
    return text[: clock.start] + " " * (clock.end - clock.start) + text[clock.end :], clock


def read_wall(text: str, hints: DateHints) -> Wall | None:
    """What a text states: a date with or without time, a machine value, or a time ago."""
    plain = flatten(text)
    if plain[:1].isdecimal() and (stamp := read_stamp(plain)):
        return from_stamp(stamp, Source.TEXT)
    languages = primary(hints.languages)
    rest, clock = blanked(plain, languages)
    day = find_day(rest, languages)
    if day is None or day.year is None:
        # "2d ago" is no second of August, though Spanish abbreviates it so.
        ago = _relative(plain, clock, languages, hints)
        if ago is not None or day is None:
            return ago
    if clock is None:
        clock = find_dotted_clock(plain, day.start, day.end)
    settled, ambiguous = date_order.settle(
        day,
        rest,
        hints.languages,
        hints.order,
        clock_hours=(12 if _TWELVE.search(plain) else 24) if clock else None,
        bounds=(
            hints.post_local.date() if hints.post_local else None,
            hints.reference.date() if hints.reference else None,
        ),
    )
    wall = _on_calendar(settled, rest, languages, hints, ambiguous=ambiguous)
    return with_clock(wall, clock) if wall is not None and clock is not None else wall


def _on_calendar(
    day: Day, text: str, languages: Sequence[str], hints: DateHints, *, ambiguous: bool
) -> Wall | None:
    """The day at midnight; None when it does not exist or its year cannot be known."""
    year = day.year
    month = 1 if day.month is None else day.month  # a written 0 is no month
    number = 1 if day.day is None else day.day
    inferred = year is None
    if year is None and day.day is not None and hints.post_local is not None:
        named = set(weekdays(text, languages))
        year = _first_year(month, number, named, hints.post_local.date())
    if year is None:
        return None
    precision = Precision.DAY if day.day else Precision.MONTH if day.month else Precision.YEAR
    try:
        local = datetime(year, month, number)  # noqa: DTZ001  a wall clock has no zone
    except ValueError:
        return None
    return Wall(local=local, precision=precision, ambiguous=ambiguous, year_inferred=inferred)


def _first_year(month: int, day: int, named: set[int], post: date) -> int | None:
    """The first year in which the day is not before the post; a named weekday must fit."""
    later = []
    for year in range(post.year, post.year + 9):  # 29 February can be eight years away
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate >= post:
            later.append(candidate)
    fitting = [found for found in later if found.weekday() in named] if len(named) == 1 else []
    return next((found.year for found in (*fitting, *later)), None)


def with_clock(wall: Wall, clock: Clock) -> Wall:
    """The day at a time of day."""
    if wall.precision is not Precision.DAY:
        return wall
    midnight = wall.local.replace(hour=0, minute=0, second=0)
    return replace(
        wall,
        local=midnight
        + timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second or 0),
        precision=Precision.MINUTE if clock.second is None else Precision.SECOND,
        offset=clock.offset,
        zone=clock.zone,
        zone_source=ZoneSource.PAGE if clock.zone else None,
    )


def _relative(
    text: str, clock: Clock | None, languages: Sequence[str], hints: DateHints
) -> Wall | None:
    if hints.reference is None:
        return None
    ago = find_day_word(text, languages) if clock else find_ago(text, languages)
    if ago is None:
        return None
    place = date_zones.zone(hints.zone) if hints.zone else None
    then = ago.before(hints.reference.astimezone(place or UTC))
    if then is None:
        return None
    wall = Wall(local=_truncated(then, ago), precision=ago.precision)
    if clock:
        return with_clock(wall, clock)
    if ago.precision not in CLOCKED:
        return wall
    return replace(
        wall,
        offset=then.utcoffset(),
        zone=hints.zone if place else "UTC",
        zone_source=(hints.zone_source if place else None) or ZoneSource.ASSUMED,
    )


def _truncated(then: datetime, ago: Ago) -> datetime:
    local = then.replace(tzinfo=None, second=0, microsecond=0)
    if ago.precision in CLOCKED:
        return local
    local = local.replace(hour=0, minute=0)
    if ago.precision is Precision.DAY:
        return local
    local = local.replace(day=1)
    return local if ago.precision is Precision.MONTH else local.replace(month=1)
