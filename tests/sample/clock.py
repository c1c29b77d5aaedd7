"""Instants as the pages and feeds print them."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.sample.timeline import ZONE


def _ordinal(day: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{'th' if 10 < day < 14 else ending}"


def kubrick_day(instant: datetime) -> str:
    """March 3rd, 2008 (PHP "F jS, Y"), by the blog's clock."""
    local = instant.astimezone(ZONE)
    return f"{local:%B} {_ordinal(local.day)}, {local:%Y}"


def weekday(instant: datetime) -> str:
    """Monday."""
    return f"{instant.astimezone(ZONE):%A}"


def day(instant: datetime) -> str:
    """March 3, 2008 (PHP "F j, Y"), by the blog's clock."""
    local = instant.astimezone(ZONE)
    return f"{local:%B} {local.day}, {local:%Y}"


def time(instant: datetime) -> str:
    """5:12 am (PHP "g:i a"), by the blog's clock."""
    local = instant.astimezone(ZONE)
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


def iso_local(instant: datetime) -> str:
    """2008-03-03T05:12:09-05:00: the true offset, as WordPress prints it since 5.3."""
    return instant.astimezone(ZONE).isoformat()


def iso_utc(instant: datetime) -> str:
    """2008-03-03T10:12:09Z."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def rfc822(instant: datetime) -> str:
    """Mon, 03 Mar 2008 10:12:09 +0000."""
    return f"{instant.astimezone(UTC):%a, %d %b %Y %H:%M:%S} +0000"


FILTERS = {
    "kubrick_day": kubrick_day,
    "weekday": weekday,
    "day": day,
    "time": time,
    "iso_local": iso_local,
    "iso_utc": iso_utc,
    "rfc822": rfc822,
}
