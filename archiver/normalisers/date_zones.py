"""Time zones as dates state them: offsets, UTC, abbreviations, and names of the IANA database."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?")
_LIMIT = timedelta(hours=14)

# Hours east of UTC. Abbreviations that several countries claim (IST) are left out; CST and BST
# are read as North America's and Britain's, where the blogs that print them were.
_HOURS = {
    "UTC": 0, "UT": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2,
    "MET": 1, "MEZ": 1, "MEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "MSD": 4, "SAST": 2,
    "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "AWST": 8, "AEST": 10, "AEDT": 11, "NZST": 12,
    "NZDT": 13, "BRT": -3, "ADT": -3, "AST": -4, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6,
    "MDT": -6, "MST": -7, "PDT": -7, "PST": -8, "AKDT": -8, "AKST": -9, "HST": -10,
}  # fmt: skip

# What may follow a time of day: "(UTC)", "GMT+2", "-0500", "EST". A bare offset needs all four
# digits and a blank before it, or the end of "10:00-11:00" would be read as one.
_AFTER = re.compile(
    r"\s*[(\[]?\s*(?:(?P<base>UTC|GMT|utc|gmt)\s?(?P<rel>[+-]\d{1,2}(?::?\d{2})?)?(?![A-Za-z\d])"
    r"|(?P<abbr>[A-Z]{1,4})(?![A-Za-z])"
    r"|(?<=[\s(\[])(?P<bare>[+-]\d{2}:?\d{2})(?!\d))"
)


def stated_after(text: str, position: int) -> tuple[timedelta, str, int] | None:
    """Offset, zone and end of what stands right after a time of day; None when none is stated.

    The zone is "UTC" where the text says so, else the offset as ±hh:mm.
    """
    match = _AFTER.match(text, position)
    if match is None:
        return None
    if match["abbr"]:
        hours = _HOURS.get(match["abbr"])
        offset = None if hours is None else timedelta(hours=hours)
    else:
        offset = parse_offset(match["rel"] or match["bare"] or "+00:00")
    if offset is None:
        return None
    is_utc = not offset and match["bare"] is None
    return offset, "UTC" if is_utc else offset_name(offset), match.end()


def parse_offset(text: str) -> timedelta | None:
    """The offset of "+0200", "-05:30", "+2"; None when it is no offset on Earth."""
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    minutes = int(match[3] or 0)
    offset = timedelta(hours=int(match[2]), minutes=minutes)
    if offset > _LIMIT or minutes > 59:
        return None
    return -offset if match[1] == "-" else offset


def offset_name(offset: timedelta) -> str:
    """An offset as ±hh:mm."""
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


@lru_cache(maxsize=512)
def zone(name: str) -> tzinfo | None:
    """The zone of an IANA name or ±hh:mm; None when it is neither."""
    offset = parse_offset(name)
    if offset is not None:
        return timezone(offset)
    if name in ("UTC", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):  # unknown, a folder, malformed
        return None


def instant(local: datetime, offset: timedelta) -> datetime | None:
    """The UTC instant of a wall clock at an offset; None where the calendar ends."""
    try:
        return (local - offset).replace(tzinfo=UTC)
    except OverflowError:
        return None


def instant_in(local: datetime, name: str) -> datetime | None:
    """The UTC instant of a wall clock in a named zone, daylight saving of that day included."""
    place = zone(name)
    if place is None:
        return None
    try:
        return local.replace(tzinfo=place).astimezone(UTC)
    except OverflowError:
        return None
