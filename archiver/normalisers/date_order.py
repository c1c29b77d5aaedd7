"""Which of two numbers is the day: by value, weekday, hint, or the language's habit.

A string alone does not tell "03/04/2008"; what the whole site writes does (`order_evidence`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

from archiver.normalisers.date_calendars import two_digit_year
from archiver.normalisers.date_month import Day, weekdays

Order = Literal["dmy", "mdy", "ymd"]
Bounds = tuple[date | None, date | None]

_MONTH_FIRST = frozenset(("en", "en-us", "en-ph", "fil"))
_YEAR_FIRST = frozenset(("zh", "ja", "ko", "hu", "lt", "sv", "mn"))
_MAJORITY = 0.9


def settle(
    day: Day,
    text: str,
    languages: Sequence[str],
    order: Order | None,
    *,
    clock_hours: int | None = None,
    bounds: Bounds = (None, None),
) -> tuple[Day, bool]:
    """The day with month and day told apart, and whether they could be swapped.

    `clock_hours` is 12 or 24 where a time of day stands beside the date. `bounds` are the first
    and last day that it can be, as far as they are known: nobody comments before the post, and
    nothing was written after the capture.
    Source: dateparser issue 539 (a swap only shows when the day is above 12), so doubt is stated.
    """
    if day.pair is None:
        return day, False
    habit = _habit(languages, day.separator, clock_hours=clock_hours)
    possible = _possible(day, year_first="ymd" in (order, habit))
    if len(possible) > 1:
        possible = _by_weekday(possible, text, languages) or possible
    if len(possible) > 1 and order not in possible:
        possible = _within(possible, bounds) or possible
    if not possible:
        first, second = day.pair
        return _with(day, day.year, second, first), False  # impossible either way: said so later
    if len(possible) == 1 or len(set(possible.values())) == 1:
        return _with(day, *next(iter(possible.values()))), False
    if order in possible:
        return _with(day, *possible[order]), False
    chosen = habit if habit in possible else next(iter(possible))
    return _with(day, *possible[chosen]), True


def evidence(day: Day, text: str, languages: Sequence[str] = ()) -> Order | None:
    """The only order that a numeric day allows; None when several do."""
    if day.pair is None or day.pair[0] == day.pair[1]:
        return None
    possible = _possible(day, year_first=False)
    if len(possible) > 1:
        possible = _by_weekday(possible, text, languages) or possible
    return next(iter(possible)) if len(possible) == 1 else None


def majority(found: Iterable[Order | None]) -> Order | None:
    """The order that nearly all evidence agrees on; None without evidence or with a quarrel."""
    votes = Counter(order for order in found if order)
    if not votes:
        return None
    order, count = votes.most_common(1)[0]
    return order if count >= _MAJORITY * votes.total() else None


def _possible(day: Day, *, year_first: bool) -> dict[Order, tuple[int | None, int, int]]:
    first, second = day.pair or (0, 0)
    found: dict[Order, tuple[int | None, int, int]] = {}
    if 1 <= second <= 12 and 1 <= first <= 31:
        found["dmy"] = (day.year, second, first)
    if 1 <= first <= 12 and 1 <= second <= 31:
        found["mdy"] = (day.year, first, second)
    # "08-05-12" is read year first only where somebody says so, or where nothing else fits.
    if day.short_year is not None and (year_first or not found):  # noqa: SIM102
        if 1 <= second <= 12 and 1 <= day.short_year <= 31:
            found["ymd"] = (two_digit_year(first), second, day.short_year)
    return found


def _by_weekday(
    possible: dict[Order, tuple[int | None, int, int]], text: str, languages: Sequence[str]
) -> dict[Order, tuple[int | None, int, int]]:
    """The readings that fall on the weekday that the text names."""
    named = set(weekdays(text, languages))
    if len(named) != 1:
        return {}
    return {order: parts for order, parts in possible.items() if _weekday(*parts) in named}


def _within(
    possible: dict[Order, tuple[int | None, int, int]], bounds: Bounds
) -> dict[Order, tuple[int | None, int, int]]:
    """The readings between two days, each give or take one for time zones."""
    first, last = bounds
    slack = timedelta(days=1)
    found = {}
    for order, parts in possible.items():
        when = _date(*parts)
        if when is not None and (first is None or when >= first - slack):  # noqa: SIM102
            if last is None or when <= last + slack:
                found[order] = parts
    return found


def _weekday(year: int | None, month: int, day: int) -> int | None:
    when = _date(year, month, day)
    return when.weekday() if when else None


def _date(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year else None
    except ValueError:
        return None


def _habit(languages: Sequence[str], separator: str, *, clock_hours: int | None) -> Order:
    """What most templates of a language write; month first only where America is likely.

    Where no language is stated, a slash and no 24-hour clock make it likely.
    """
    stated = [name.lower() for name in languages]
    if separator == ".":
        return "dmy"
    if stated:
        if stated[0] in _MONTH_FIRST:
            return "mdy"
        return "ymd" if stated[0].partition("-")[0] in _YEAR_FIRST else "dmy"
    if clock_hours is None:
        return "mdy" if separator == "/" else "dmy"
    return "mdy" if clock_hours == 12 else "dmy"


def _with(day: Day, year: int | None, month: int, number: int) -> Day:
    return Day(year=year, month=month, day=number, start=day.start, end=day.end)
