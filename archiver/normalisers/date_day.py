"""Days in text, anywhere in a sentence: "March  7, 2008", "28/01/08", "2005年3月 5日", "5/3".

Times of day must have been blanked out before. Months in words are read by `date_month`.
"""

from __future__ import annotations

import re

from archiver.normalisers.date_calendars import (
    ERAS,
    common_year,
    from_persian,
    is_persian_year,
    two_digit_year,
)
from archiver.normalisers.date_month import Day, find_worded

_HAN = re.compile(
    r"(?:(?P<era>大正|昭和|平成|令和|民國|民国)?\s*(?P<y>\d{1,4}|元)\s*[年년]\s*)?"
    r"(?P<m>\d{1,2})\s*[月월](?:\s*(?P<d>\d{1,2})\s*[日号號일])?"
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<y>\d{4})\s?(?P<sep>[-/.])\s?(?P<m>\d{1,2})\s?(?P=sep)\s?(?P<d>\d{1,2})(?!\d)"
)
_TRIPLE = re.compile(
    r"(?<!\d)(?<!\d[./-])(?P<a>\d{1,2})\s?(?P<sep>[./-])\s?(?P<b>\d{1,2})\s?(?P=sep)\s?"
    r"(?P<y>'?\d{2}|\d{4})(?!\d)(?!(?P=sep)\d)"
)
_PAIR = re.compile(r"(?<![\d./-])(?P<a>\d{1,2})(?P<sep>[/.])(?P<b>\d{1,2})(?P<dot>\.?)(?![\d/%])")
_MONTH_YEAR = re.compile(r"\W*(?P<m>0?[1-9]|1[0-2])[/.-](?P<y>(?:19|20)\d\d)\W*")
_YEAR_MONTH = re.compile(r"\W*(?P<y>(?:19|20)\d\d)[/.-](?P<m>0?[1-9]|1[0-2])\W*")
_YEAR = re.compile(r"\W*(?P<y>(?:19|20)\d\d)\W*")


def find_day(text: str, languages: tuple[str, ...] = ()) -> Day | None:
    """The best day in a text: a full one before one without its year, words before numbers."""
    if not text.isascii() and (match := _HAN.search(text)):
        day = _from_han(match)
        if day is not None:
            return day
    if match := _YEAR_FIRST.search(text):
        return _from_year_first(match)
    worded = find_worded(text, languages)
    if worded is not None and worded.is_full:
        return worded
    if triples := list(_TRIPLE.finditer(text)):
        # "21.05.00 17.1.2008": a time with dots looks like a date with a short year.
        return _from_triple(max(triples, key=lambda match: len(match["y"]) == 4))
    return worded or _partial(text)


def _from_han(match: re.Match[str]) -> Day | None:
    start, end = match.span()
    if match["d"] is None and match["y"] is None:
        return None  # "3月 5th, 2008": the words decide
    year = None
    if match["y"] is not None:
        count = 1 if match["y"] == "元" else int(match["y"])
        if match["era"]:
            year = ERAS[match["era"]] + count
        else:
            year = common_year(count) if len(match["y"]) == 4 else two_digit_year(count % 100)
    day = int(match["d"]) if match["d"] else None
    return Day(year=year, month=int(match["m"]), day=day, start=start, end=end)


def _from_year_first(match: re.Match[str]) -> Day:
    year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    start, end = match.span()
    if is_persian_year(year) and (common := from_persian(year, month, day)):
        year, month, day = common.year, common.month, common.day
    return Day(year=common_year(year), month=month, day=day, start=start, end=end)


def _from_triple(match: re.Match[str]) -> Day:
    first, second, last = int(match["a"]), int(match["b"]), match["y"].lstrip("'")
    year = common_year(int(last)) if len(last) == 4 else two_digit_year(int(last))
    return Day(
        year=year,
        pair=(first, second),
        separator=match["sep"],
        short_year=int(last) if len(last) == 2 else None,
        start=match.start(),
        end=match.end(),
    )


def _partial(text: str) -> Day | None:
    """A year, a month of a year, or day and month without a year, in numbers."""
    for pattern in (_YEAR_MONTH, _MONTH_YEAR):
        if match := pattern.fullmatch(text):
            return Day(year=int(match["y"]), month=int(match["m"]), end=len(text))
    if match := _YEAR.fullmatch(text):
        return Day(year=int(match["y"]), end=len(text))
    for match in _PAIR.finditer(text):
        # "1.5" is a number; "1.5." and "1/5" are days (Nucleus prints %d/%m).
        if match["sep"] == "/" or match["dot"]:
            return Day(
                pair=(int(match["a"]), int(match["b"])),
                separator=match["sep"],
                start=match.start(),
                end=match.end(),
            )
    return None
