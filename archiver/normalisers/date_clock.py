"""Times of day in text: 24 and 12 hours, localised noon words, "14h05", "午後2時5分", "21.53"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from archiver.normalisers.date_words import fold, lexicon
from archiver.normalisers.date_zones import stated_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time of day and where it stood; `second` None when none was written.

    `hour` can be 24 (the midnight that ends a day). `offset` and `zone` only where stated; the
    span covers them.
    """

    hour: int
    minute: int
    second: int | None
    start: int
    end: int
    offset: timedelta | None = None
    zone: str | None = None


_COLON = re.compile(
    r"(?<![\d:.])(?P<h>\d{1,2})(?::|\s?h\s?)(?P<m>[0-5]\d)(?:[:.](?P<s>[0-5]\d)(?:[.,]\d+)?)?"
    r"(?!\d|:\d)(?:\s?(?:Uhr|uur|hrs?|h)\b)?",
    re.IGNORECASE,
)
_EASTERN = re.compile(
    r"(?P<h>\d{1,2})\s*(?:[时時点點시](?!間|间|간)|นาฬิกา|ໂມງ)"
    r"(?:\s*(?P<m>[0-5]?\d)\s*(?:[分분]|นาที|ນາທີ))?(?:\s*(?P<s>[0-5]?\d)\s*(?:[秒초]|วินาที|ວິນາທີ))?"
)
_BARE = re.compile(
    r"(?<![\d:./-])(?P<h>\d{1,2})(?:[.](?P<m>[0-5]\d))?(?=\s?[ap]\.?\s?m\b)|"
    r"(?<![\d:./-])(?P<h2>\d{1,2})(?:\s?h\b|\s?(?:Uhr|uur|heures|giờ)\b)",
    re.IGNORECASE,
)
_DOTTED = re.compile(
    r"(?<![\d.,:/-])(?P<h>[01]?\d|2[0-3])[.,](?P<m>[0-5]\d)(?:\.(?P<s>[0-5]\d))?(?![\d:/%]|\.\d)"
)
_LATIN_NOON = re.compile(r"\s?([ap])\.?\s?m\b\.?", re.IGNORECASE)
_OF_THE = re.compile(r"\s?(?:de\s+la|da|e)\s+([^\W\d_]+)", re.IGNORECASE)
_WORD_AFTER = re.compile(r"\s?([^\W\d_][^\s\d,;:()|/]*)")
_WORD_BEFORE = re.compile(r"([^\W\d_][^\s\d,;:()|/]*)\s?$")

_MOVABLE_TYPE = frozenset(("FM", "EM", "FH", "EH"))  # lib/MT/Util.pm: de, se, no; is


def find_clock(text: str, languages: Sequence[str] = ()) -> Clock | None:
    """The first time of day in a text; None when there is none."""
    for pattern in (_COLON, _BARE):
        for match in pattern.finditer(text):
            clock = _clock(text, match, languages)
            if clock is not None:
                return clock
    if text.isascii():
        return None
    eastern = _EASTERN.search(text)
    return _clock(text, eastern, languages) if eastern else None


def find_dotted_clock(text: str, start: int, end: int) -> Clock | None:
    """A time such as "21.53" outside the span of the date; digits and dots alone prove nothing.

    Finnish, Danish, Italian and German templates write it.  Source: `kl. 14.05`, `ore 21.53`.
    """
    for match in _DOTTED.finditer(text):
        if match.end() <= start or match.start() >= end:
            return _clock(text, match, ())
    return None


def _clock(text: str, match: re.Match[str], languages: Sequence[str]) -> Clock | None:
    parts = match.groupdict()
    hour = int(parts["h"] or parts.get("h2") or 0)
    minute, second = int(parts.get("m") or 0), parts.get("s")
    if hour > 24 or (hour == 24 and (minute or int(second or 0))):
        return None
    half, start, end = _noon(text, match.start(), match.end(), languages)
    if half is not None and hour <= 12:
        hour = hour % 12 + half
    stated = stated_after(text, end)
    return Clock(
        hour=hour,
        minute=minute,
        second=int(second) if second else None,
        start=start,
        end=stated[2] if stated else end,
        offset=stated[0] if stated else None,
        zone=stated[1] if stated else None,
    )


def _noon(text: str, start: int, end: int, languages: Sequence[str]) -> tuple[int | None, int, int]:
    """0 or 12 for the half of the day, and the span of the time with its noon word."""
    match = _LATIN_NOON.match(text, end)
    if match:
        return (12 if match[1] in "pP" else 0), start, match.end()
    for pattern in (_OF_THE, _WORD_AFTER):
        match = pattern.match(text, end)
        if match:
            half = _half(match[1], languages)
            if half is not None:
                return half, start, match.end()
    before = _WORD_BEFORE.search(text, max(0, start - 16), start)
    if before and before[1].lower() in ("am", "pm"):  # Korean and Turkish templates
        return (0 if before[1] in ("am", "AM") else 12), before.start(), end
    if before:
        # No blanks in CJK: the noon word is the tail of the run of characters.
        tails = (before[1], before[1][-2:], before[1][-3:])
        words = tails[:1] if before[1].isascii() else tails
        half = next((h for word in words if (h := _half(word, languages)) is not None), None)
        if half is not None:
            return half, start, end
    return None, start, end


def _half(word: str, languages: Sequence[str]) -> int | None:
    """0 or 12 for a noon word.

    Two Latin letters are too often a preposition ("10:31 em Política"), so they count only in
    their own language, or as the capitals that Movable Type prints.
    """
    readings = lexicon().meridiem.get(fold(word))
    if readings is None:
        return None
    if len(word) <= 2 and word.isascii() and word not in _MOVABLE_TYPE:
        return next((half for language, half in readings if language in languages), None)
    return readings[0][1]
