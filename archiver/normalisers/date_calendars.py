"""Years of other calendars: Buddhist, Japanese eras, Republic of China, Persian."""

from __future__ import annotations

from datetime import date

# First year of an era minus one.
ERAS = {"大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "民國": 1911, "民国": 1911}

_PERSIAN_EPOCH = -356_033  # ordinal of the day before the count of `from_persian` begins
_BUDDHIST = 543  # Thai templates print 2551 for 2008
_PERSIAN_MONTHS = (
    ("فروردین",), ("اردیبهشت",), ("خرداد",), ("تیر",), ("مرداد", "امرداد"), ("شهریور",),
    ("مهر",), ("آبان", "ابان"), ("آذر", "اذر"), ("دی",), ("بهمن",), ("اسفند",),
)  # fmt: skip


def common_year(year: int) -> int:
    """The common-era year of a four-digit year, Buddhist ones brought back."""
    return year - _BUDDHIST if 2400 < year < 2700 else year


def two_digit_year(year: int) -> int:
    """1990 to 2089: templates print "10.03.04" for 2004, and no blog is older than the web."""
    return year + (1900 if year >= 90 else 2000)


def is_persian_year(year: int) -> bool:
    """Whether a four-digit year can only be one of the Solar Hijri calendar (1921 to 2071)."""
    return 1300 <= year <= 1450


def persian_months() -> dict[str, int]:
    """Persian month names, folded spelling left to the caller."""
    return {word: number for number, words in enumerate(_PERSIAN_MONTHS, 1) for word in words}


def from_persian(year: int, month: int, day: int) -> date | None:
    """The Gregorian date of a Solar Hijri one; None when it does not exist.

    Source: the 33-year leap cycle, exact for the years 1178 to 1633.
    """
    if not (1 <= month <= 12 and 1 <= day <= (31 if month < 7 else 30)):
        return None
    cycle = year + 1595
    days = 365 * cycle + cycle // 33 * 8 + (cycle % 33 + 3) // 4 + day
    days += (month - 1) * 31 if month < 7 else (month - 7) * 30 + 186
    return date.fromordinal(days + _PERSIAN_EPOCH)
