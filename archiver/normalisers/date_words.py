"""Words of dates in more than eighty languages: months, weekdays, units, "ago", before/after noon.

The table is `date_words.tsv` beside this file. Words are kept folded: lower case without accents,
because templates upper-case month names and drop their accents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from unicodedata import normalize

UNITS = ("year", "month", "week", "day", "hour", "minute", "second")

# Dropped: combining accents of Latin, Greek and Cyrillic, Arabic hamza and tatweel, joiners, marks
# of abbreviation. The Turkish dotless i is what lower() makes of a shouted "MAYIS".
_DROPPED = (*range(0x300, 0x370), 0x5F3, 0x640, 0x653, 0x654, 0x655, 0x970, *range(0x200C, 0x2010))
_FOLDS = {**dict.fromkeys((*_DROPPED, ord("."))), ord("ı"): "i"}


def fold(word: str) -> str:
    """The word as the lexicon keeps it: lower case, no accents, no inner dots."""
    lower = word.lower()
    if lower.isascii():
        return lower.replace(".", "")
    return normalize("NFD", lower).translate(_FOLDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Folded words and what they mean; a word can mean different things in two languages.

    `months` and `weekdays` map a word to (language, number) pairs; months count from 1, weekdays
    from Monday = 0, and `meridiem` the half of the day that starts at hour 0 or 12. `days` gives
    the days back from today; `past` marks a time past, `fillers` may stand inside a date, and
    `one` counts as 1 before a unit.
    """

    months: Mapping[str, tuple[tuple[str, int], ...]]
    weekdays: Mapping[str, tuple[tuple[str, int], ...]]
    meridiem: Mapping[str, tuple[tuple[str, int], ...]]
    units: Mapping[str, str]
    days: Mapping[str, int]
    past: frozenset[str]
    fillers: frozenset[str]
    one: frozenset[str]

    def month(self, word: str, languages: Iterable[str] = ()) -> int | None:
        """Month of a folded word, the stated languages first; None when it is no month."""
        return _preferred(self.months.get(word), languages)

    def weekday(self, word: str, languages: Iterable[str] = ()) -> int | None:
        """Weekday of a folded word; None also where languages disagree about it."""
        readings = self.weekdays.get(word)
        if readings is None:
            return None
        stated = {number for language, number in readings if language in set(languages)}
        numbers = stated or {number for _, number in readings}
        return numbers.pop() if len(numbers) == 1 else None


def _preferred(
    readings: tuple[tuple[str, int], ...] | None, languages: Iterable[str]
) -> int | None:
    if readings is None:
        return None
    for wanted in languages:
        for language, number in readings:
            if language == wanted:
                return number
    # The table lists languages by the size of their old blogospheres.
    return readings[0][1]


@cache
def lexicon() -> Lexicon:
    """The whole table, read once."""
    months: dict[str, dict[str, int]] = {}
    weekdays: dict[str, dict[str, int]] = {}
    meridiem: dict[str, dict[str, int]] = {}
    units: dict[str, str] = {}
    days: dict[str, int] = {}
    sets: dict[str, set[str]] = {"ago": set(), "filler": set(), "one": set()}
    for language, kind, groups in _rows():
        if kind == "month":
            _numbered(months, language, _with_three_letters(groups), 1)
        elif kind == "weekday":
            _numbered(weekdays, language, groups, 0)
        elif kind == "meridiem":
            _numbered(meridiem, language, groups, 0, step=12)
        elif kind == "unit":
            for unit, words in zip(UNITS, groups, strict=True):
                units.update((word, unit) for word in words if word not in units)
        elif kind == "day":
            for back, words in enumerate(groups):
                days.update((word, back) for word in words if word not in days)
        else:
            sets[kind].update(groups[0])
    return Lexicon(
        months=_frozen(months),
        weekdays=_frozen(weekdays),
        meridiem=_frozen(meridiem),
        units=MappingProxyType(units),
        days=MappingProxyType(days),
        past=frozenset(sets["ago"]),
        fillers=frozenset(sets["filler"]),
        one=frozenset(sets["one"]),
    )


def _rows() -> Iterator[tuple[str, str, list[list[str]]]]:
    text = files(__package__).joinpath("date_words.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            language, kind, groups = line.split("\t")
            words = [
                [fold(word) for word in group.split(" ") if word] for group in groups.split("|")
            ]
            yield language.partition("-")[0], kind, words


def _with_three_letters(groups: list[list[str]]) -> list[list[str]]:
    """Movable Type abbreviates a month to its first three letters, whatever the language."""
    starts = [group[0][:3] for group in groups if group]
    taken = {word for group in groups for word in group}
    return [
        [*group, group[0][:3]]
        if group
        and len(group[0]) > 3
        and starts.count(group[0][:3]) == 1
        and group[0][:3] not in taken
        else group
        for group in groups
    ]


def _numbered(
    into: dict[str, dict[str, int]],
    language: str,
    groups: list[list[str]],
    first: int,
    step: int = 1,
) -> None:
    for index, words in enumerate(groups):
        for word in words:
            into.setdefault(word, {}).setdefault(language, first + index * step)


def _frozen(words: dict[str, dict[str, int]]) -> Mapping[str, tuple[tuple[str, int], ...]]:
    return MappingProxyType({word: tuple(found.items()) for word, found in words.items()})
