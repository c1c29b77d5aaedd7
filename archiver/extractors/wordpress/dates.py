"""Where a WordPress page states a date, and when its offset is a lie."""

from __future__ import annotations

import re

from archiver.drafts import DateDraft
from archiver.model import Source

_VERSION = re.compile(r"WordPress\s+(\d+)\.(\d+)")
_ZERO = re.compile(r"(?:[+-]00:?00|Z)$", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})\s?[:.h]\s?(\d\d)(?![\d.])")
_DAY = re.compile(
    r"\d{1,2}(?:st|nd|rd|th|er|[.ºª])?[\s,]+(?:de\s+|of\s+|d['’]\s*)?[^\W\d]{3,}[.,]?\s+(?:del?\s+)?\d{4}"
    r"|[^\W\d]{3,}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}"
    r"|(?<!\d)\d{1,4}([./-])\s?\d{1,2}\1\s?\d{2,4}(?!\d)|\d{4}\s*[年년]\s*\d{1,2}"
    r"|\d{4}\.?\s+(?:m\.\s+)?[^\W\d]{3,}\.?\s+\d{1,2}",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d{4}|\d{1,2}\D{1,3}\d{1,2}\D{1,3}\d{2}(?!\d)")


def offsets_are_true(generator: str) -> bool:
    """Whether a page of this generator prints real offsets.

    Before 5.3 `date_i18n` put +00:00 behind local time in every format "c".
    Source: WordPress 4.9 wp-includes/functions.php; changed in 5.3 by wp_date().
    """
    version = _VERSION.match(generator)
    return version is not None and (int(version[1]), int(version[2])) >= (5, 3)


def dated(text: str | None, machine: str | None, trusted: bool) -> DateDraft | None:
    """A date draft of the words and the machine's value; None when there is neither.

    A zero offset is believed where the version writes true ones, or where the words show another
    clock.  A bare Z comes from the format string of a theme, whatever the version.
    """
    if not text and not machine:
        return None
    doubtful = machine is not None and _ZERO.search(machine) is not None
    if doubtful and machine is not None:
        plain = machine[-1] not in "zZ"
        doubtful = not ((trusted and plain) or _shows_other_hour(text or "", machine))
    return DateDraft(
        text=text or None, machine=machine, trust_offset=not doubtful, source=Source.MACHINE
    )


def has_date(text: str) -> bool:
    """Whether words hold a year or three numbers in a row: more than a clock or a count."""
    return _DATED.search(text) is not None


def has_day(text: str) -> bool:
    """Whether words hold a day of a month of a year, in figures or with the month's name."""
    return _DAY.search(text) is not None


def before_date(text: str) -> str:
    """The words before the first date or clock in a line; all of them when it holds none."""
    starts = [
        found.start() for pattern in (_DAY, _DATED, _CLOCK) if (found := pattern.search(text))
    ]
    return text[: min(starts)] if starts else text


def has_clock(text: str) -> bool:
    """Whether words show a time of day."""
    return _CLOCK.search(text) is not None


def _shows_other_hour(text: str, machine: str) -> bool:
    shown, stated = _CLOCK.search(text), _CLOCK.search(machine[10:])
    if shown is None or stated is None or shown[2] != stated[2]:
        return False
    return int(shown[1]) % 12 != int(stated[1]) % 12
