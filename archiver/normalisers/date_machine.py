"""Dates written for machines: ISO 8601 in all its forms, and counts of seconds since 1970."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from archiver.model import Precision
from archiver.normalisers.date_zones import offset_name, parse_offset

_ISO = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d|\d{8}|\d{4}-?W\d\d-?\d|\d{4}-\d{3}|\d{4}-\d\d|\d{4})"
    r"(?:[Tt ]\s*(?P<time>\d\d:?\d\d(?::?\d\d)?)(?:[.,]\d+)?"
    r"\s*(?P<zone>[Zz]|[+-]\d\d(?::?\d\d)?)?)?"
)
_EPOCH = re.compile(r"(-?\d{9,10})(?:\.\d+)?|(\d{12,13})")
_STAMP = re.compile(r"(?:19|20)\d{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a machine value says: a wall clock, how exact it is, and its offset where stated."""

    local: datetime
    precision: Precision
    offset: timedelta | None = None
    zone: str | None = None


def read_stamp(text: str) -> Stamp | None:
    """The stamp of an ISO 8601 or epoch value; None when the text is neither or is no date."""
    if match := _EPOCH.fullmatch(text):
        return from_epoch_ms(
            round(float(text) * 1000) if match[1] is not None else int(match[2]),
        )
    if _STAMP.fullmatch(text):
        text = f"{text[:8]}T{text[8:]}"
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    try:
        return _from_iso(match)
    except ValueError:
        return None


def from_epoch_ms(milliseconds: int) -> Stamp | None:
    """The UTC stamp of a count of milliseconds since 1970; None where the calendar ends."""
    try:
        local = datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)  # noqa: DTZ001
    except OverflowError:
        return None
    return Stamp(
        local=local.replace(microsecond=0),
        precision=Precision.SECOND,
        offset=timedelta(),
        zone="UTC",
    )


def _from_iso(match: re.Match[str]) -> Stamp:
    day, precision = _iso_day(match["date"])
    local = datetime(day.year, day.month, day.day)  # noqa: DTZ001  a wall clock has no zone
    if match["time"] is None:
        return Stamp(local=local, precision=precision)
    digits = match["time"].replace(":", "")
    hour, minute, second = int(digits[:2]), int(digits[2:4]), int(digits[4:] or 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        raise ValueError(match["time"])
    # 24:00 is the midnight that ends the day, :60 a leap second.  Source: ISO 8601-1, 5.3.
    local += timedelta(hours=hour, minutes=minute, seconds=second)
    offset, zone = _iso_zone(match["zone"])
    return Stamp(
        local=local,
        precision=Precision.SECOND if len(digits) == 6 else Precision.MINUTE,
        offset=offset,
        zone=zone,
    )


def _iso_day(text: str) -> tuple[date, Precision]:
    if len(text) == 4:
        return date(int(text), 1, 1), Precision.YEAR
    if len(text) == 7 and text[4] == "-":
        return date(int(text[:4]), int(text[5:]), 1), Precision.MONTH
    if len(text) == 8 and text[4] == "-" and text[5] != "W":
        ordinal = int(text[5:])
        if not 1 <= ordinal <= 366:
            raise ValueError(text)
        return date(int(text[:4]), 1, 1) + timedelta(days=ordinal - 1), Precision.DAY
    return date.fromisoformat(text), Precision.DAY


def _iso_zone(text: str | None) -> tuple[timedelta | None, str | None]:
    if text is None:
        return None, None
    if text in "Zz":
        return timedelta(), "UTC"
    offset = parse_offset(text)
    # A zone that cannot be (+99:00) leaves a wall clock.
    return offset, None if offset is None else offset_name(offset)


def as_utc(stamp: Stamp) -> datetime | None:
    """The instant of a stamp with an offset; None without one."""
    if stamp.offset is None:
        return None
    try:
        return (stamp.local - stamp.offset).replace(tzinfo=UTC)
    except OverflowError:
        return None
