"""Days whose month is a word: "March  7, 2008", "3. Dezember 2007", "2008. gada 5. marts"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from archiver.normalisers.date_calendars import (
    common_year,
    from_persian,
    persian_months,
    two_digit_year,
)
from archiver.normalisers.date_words import fold, lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day as written: parts that were not written are None.

    Where two numbers stood for day and month in unknown order, `pair` holds them as written and
    `month` and `day` are None. `start`, `end` is the span in the text.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    pair: tuple[int, int] | None = None
    separator: str = ""
    short_year: int | None = None  # a pair's two-digit year as written: it may be the day
    start: int = 0
    end: int = 0

    @property
    def is_full(self) -> bool:
        """Whether year, month and day were all written."""
        return self.year is not None and (self.pair is not None or self.day is not None)


_TOKEN = re.compile(
    r"(?P<number>\d+)|(?P<month>(?<=\d)[月월])|(?P<word>[\u0e00-\u0eff]+(?:\.[\u0e00-\u0eff]+)*"
    r"|[^\W\d_][^\s\d!-/:-@\[-`{-~،؛。、《》“”‘’«»–—·•…|]*)|(?P<mark>\([a-z]\)|[^\s])"
)
_MARKS = frozenset((*".,'-/ºª°ـ،、", "(a)", "(e)"))  # fillers too; Basque writes "17(a)"
_GAP = 4


class _Token(NamedTuple):  # a named tuple: a text makes a dozen of them
    text: str
    number: int | None
    month: int | None
    is_weekday: bool
    is_filler: bool
    start: int
    end: int

    @property
    def is_day(self) -> bool:
        return self.number is not None and len(self.text) <= 2 and 1 <= self.number <= 31

    @property
    def is_year(self) -> bool:
        return self.number is not None and len(self.text) == 4


def _tokens(text: str, languages: tuple[str, ...]) -> list[_Token]:
    found: list[_Token] = []
    for match in _TOKEN.finditer(text):
        piece, kind = match[0], match.lastgroup
        number = month = None
        is_weekday = False
        is_filler = piece in _MARKS
        if kind == "number":
            number = int(piece) if len(piece) <= 4 else None
        elif kind == "month" and found and found[-1].is_day:
            last = found.pop()
            found.append(
                _Token(last.text, None, last.number, False, False, last.start, match.end())
            )
            continue
        elif kind == "word":
            piece, month, is_weekday, is_filler = _word(piece, languages)
        found.append(
            _Token(piece, number, month, is_weekday, is_filler, match.start(), match.end())
        )
    return found


@lru_cache(maxsize=4096)  # a site's dates are made of the same few words
def _word(word: str, languages: tuple[str, ...]) -> tuple[str, int | None, bool, bool]:
    folded = fold(word)
    words = lexicon()
    is_weekday = folded in words.weekdays
    return (
        folded,
        words.month(folded, languages),
        is_weekday,
        is_weekday or folded in words.fillers,
    )


def find_worded(text: str, languages: tuple[str, ...]) -> Day | None:
    """The day of a text whose month is a word, by the best reading; None when it has none."""
    tokens = _tokens(_vietnamese(text), languages)
    best: Day | None = None
    best_score = 0
    for index, token in enumerate(tokens):
        if token.month is None:
            month = persian_months().get(token.text) if token.text[:1] > "\u0600" else None
            day = _persian(tokens, index, month) if month else None
        else:
            day = _around(tokens, index, token.month)
        if day is None:
            continue
        # "mar." is Tuesday in French and Spanish, March elsewhere.
        score = 2 * (1 + day.is_full) - token.is_weekday
        if score > best_score:
            best, best_score = day, score
    return best


def _neighbours(tokens: list[_Token], index: int, step: int) -> list[_Token]:
    """Up to two numbers on one side of a month, with nothing but fillers between."""
    found: list[_Token] = []
    gap = 0
    position = index + step
    while 0 <= position < len(tokens) and gap <= _GAP and len(found) < 2:
        token = tokens[position]
        if token.number is not None:
            found.append(token)
            gap = 0
        elif token.is_filler:
            gap += 1
        else:
            break
        position += step
    return found


def _around(tokens: list[_Token], index: int, month: int) -> Day | None:
    """The day that the numbers around a month make; full ones first."""
    before = _neighbours(tokens, index, -1)
    after = _neighbours(tokens, index, 1)
    left = before[0] if before else None
    right = after[0] if after else None
    further = after[1] if len(after) > 1 else None
    token = tokens[index]
    if right and further and right.is_day and further.is_year:
        return _day(_year(further), month, right.number, token, further)
    if left and left.is_day and right and right.is_year:
        return _day(_year(right), month, left.number, left, right)
    if left and left.is_year and right and right.is_day:
        return _day(_year(left), month, right.number, left, right)
    if left and left.is_day and len(before) > 1 and before[1].is_year:
        return _day(_year(before[1]), month, left.number, before[1], token)
    if left and left.is_day and right and _is_short(tokens, right):
        return _day(_year(right), month, left.number, left, right)
    if right and right.is_day and further and _is_short(tokens, further):
        return _day(_year(further), month, right.number, token, further)
    if right and right.is_year:
        return _day(_year(right), month, None, token, right)
    if left and left.is_year:
        return _day(_year(left), month, None, left, token)
    if right and right.is_day:
        return _day(None, month, right.number, token, right)
    if left and left.is_day:
        return _day(None, month, left.number, left, token)
    return None


def _day(year: int | None, month: int, day: int | None, first: _Token, last: _Token) -> Day:
    return Day(year=year, month=month, day=day, start=first.start, end=last.end)


def _year(token: _Token) -> int:
    number = token.number or 0
    return common_year(number) if len(token.text) == 4 else two_digit_year(number)


def _is_short(tokens: list[_Token], token: _Token) -> bool:
    """Whether a two-digit number can be a year: "12 May 08" is, "Oct 27, 12 comments" is not."""
    if len(token.text) != 2:
        return False
    following = tokens[tokens.index(token) + 1 :]
    return not following or not following[0].text[0].isalpha() or following[0].is_filler


def _persian(tokens: list[_Token], index: int, month: int) -> Day | None:
    """A Solar Hijri day: "۱۲ اسفند ۱۳۸۶", or with a two-digit year, "۱۲ اسفند ۸۶"."""
    before, after = _neighbours(tokens, index, -1), _neighbours(tokens, index, 1)
    if not (before and before[0].is_day and after):
        return None
    year = after[0].number or 0
    common = from_persian(year if year > 99 else 1300 + year, month, before[0].number or 0)
    if common is None:
        return None
    return _day(common.year, common.month, common.day, before[0], after[0])


_VIETNAMESE_MONTH = re.compile(
    r"\bth(?:á|a\u0301|a)?n?g\s+(\d{1,2}|m\w+\s+m\w+|m\w+\s+hai|\w+)", re.IGNORECASE
)
_VIETNAMESE = {
    "một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7,
    "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip
_ENGLISH = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def _vietnamese(text: str) -> str:
    """The text with "tháng 3" and "Tháng Ba", months of two words, as one month word."""
    if "g " not in text or "th" not in text.lower():
        return text
    return _VIETNAMESE_MONTH.sub(_one_word, text)


def _one_word(match: re.Match[str]) -> str:
    words = match[1].lower()
    number = int(words) if words.isdigit() else _VIETNAMESE.get(words, 0)
    return _ENGLISH[number - 1] if 1 <= number <= 12 else match[0]


def weekdays(text: str, languages: Sequence[str]) -> Iterator[int]:
    """Weekdays named in a text (Monday is 0) of which the languages leave no doubt."""
    words = lexicon()
    for match in _TOKEN.finditer(text):
        if match["word"]:
            number = words.weekday(fold(match["word"]), languages)
            if number is not None:
                yield number
