"""Times told from the reader's now: "3 years ago", "vor 2 Tagen", "3 週間前", "yesterday"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archiver.model import Precision
from archiver.normalisers.date_words import UNITS, fold, lexicon

_TOKEN = re.compile(r"\d+|[^\W\d_][^\s\d!-/:-@\[-`{-~،。]*")
_HAN = re.compile(
    r"(\d+)\s*(?:(年)|([かヶヵ箇個个]?\s*月|개월|달)|(週間|周|週|星期|주일|주)|(日間|日|天|일)"
    r"|(時間|小时|小時|시간)|(分钟|分鐘|分間|分|분)|(秒钟|秒鐘|秒間|秒|초))\s*(?:以|之)?\s*(?:前|전)"
)
_HAN_DAY = (("昨天", 1), ("昨日", 1), ("어제", 1), ("今天", 0), ("今日", 0), ("오늘", 0))
_SHORT = {"y": "year", "w": "week", "d": "day", "h": "hour", "m": "minute", "s": "second"}
_STEP = {
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}
# "3 weeks ago" leaves a week open and "5 hours ago" an hour: the next coarser kept precision.
_PRECISION = {
    "year": Precision.YEAR,
    "month": Precision.MONTH,
    "week": Precision.MONTH,
    "day": Precision.DAY,
    "hour": Precision.DAY,
    "minute": Precision.MINUTE,
    "second": Precision.MINUTE,
}
_SHORTEST_DAY_WORD = 4  # "ma" (Hungarian) and "sot" (Albanian) are words elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Ago:
    """A distance back from now: amounts by unit, and how exact the result can be."""

    amounts: tuple[tuple[str, int], ...]
    precision: Precision

    def before(self, now: datetime) -> datetime | None:
        """The time that far before `now`; None where the calendar ends."""
        then = now
        try:
            for unit, amount in self.amounts:
                if unit in _STEP:
                    then -= _STEP[unit] * amount
                else:
                    then = _months_back(then, amount * (12 if unit == "year" else 1))
        except (OverflowError, ValueError):
            return None
        return then


def find_ago(text: str, languages: Sequence[str] = ()) -> Ago | None:
    """The distance that a text tells; None when it tells none."""
    if not text.isascii() and (match := _HAN.search(text)):
        unit = UNITS[next(i for i, part in enumerate(match.groups()[1:]) if part)]
        return _ago([(unit, int(match[1]))])
    words = [fold(word) if word[0].isalpha() else word for word in _TOKEN.findall(text)]
    if not words:
        return None
    if lexicon().past.isdisjoint(words):
        return find_day_word(text, languages)
    return _ago(_amounts(words))


def find_day_word(text: str, languages: Sequence[str] = ()) -> Ago | None:
    """ "today" and "yesterday", which may stand beside a time of day."""
    for word, back in _HAN_DAY:
        if word in text:
            return _ago([("day", back)])
    for word in _TOKEN.findall(text)[:3]:
        folded = fold(word)
        back = lexicon().days.get(folded, -1)
        if back >= 0 and (len(folded) >= _SHORTEST_DAY_WORD or languages):
            return _ago([("day", back)])
    return None


def _amounts(words: list[str]) -> list[tuple[str, int]]:
    """Numbers with their units; a unit alone ("год назад", "il y a un an") counts once."""
    lex = lexicon()
    counted: list[tuple[str, int]] = []
    bare: list[tuple[str, int]] = []
    for before, word in zip(["", *words], words, strict=False):
        if before.isdecimal():
            unit = lex.units.get(word) or _SHORT.get(word)
            if unit and len(before) < 6:
                counted.append((unit, int(before)))
        elif word in lex.units and word not in lex.past:
            (counted if before in lex.one else bare).append((lex.units[word], 1))
    return counted or bare[:1]


def _ago(amounts: list[tuple[str, int]]) -> Ago | None:
    if not amounts:
        return None
    finest = max(UNITS.index(unit) for unit, _ in amounts)
    return Ago(amounts=tuple(amounts), precision=_PRECISION[UNITS[finest]])


def _months_back(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
