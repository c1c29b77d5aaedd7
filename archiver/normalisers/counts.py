"""How many comments a page says it has: "41 Responses", "Comments (3)", "Keine Kommentare"."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from unicodedata import decimal

_NUMBER = r"\d{1,3}(?:[.,’'\s]\d{3})+(?!\d)|\d+"
_BARE = re.compile(rf"\W*({_NUMBER})\W*")
_QUOTES = re.compile(r"[\"“”„«»「『‘《]|(?<!\w)'")
_QUOTED_FIRST = re.compile(r"\W*(?:“.*?”|„.*?[“”]|«.*?»|\".*?\")")
_LONGEST = 400  # characters; the count stands before the title that it may quote


def count(text: str) -> int | None:
    """The number that a text states for comments or pings; None when it states none.

    0 only where the words say so ("No comments"), never for "Leave a comment". Numbers of a
    quoted title do not count: "7 Responses to “10 things”" is 7.
    """
    words = _folded(text[:_LONGEST])
    if match := _BARE.fullmatch(words):
        return _value(match[1])
    if quoted := _QUOTED_FIRST.match(words):
        words = words[quoted.end() :]
    words = _QUOTES.split(words, maxsplit=1)[0]
    match = _shape().search(words)
    while match is not None:
        found = _read(match)
        if found is not None:
            return found
        match = _shape().search(words, match.end())
    return None


def _read(match: re.Match[str]) -> int | None:
    for group in ("before", "after", "counted"):
        if match[group]:
            return _value(match[group])
    if match["none"] or match["none_after"]:
        return 0
    return 1 if match["one"] or match["one_after"] else None


def _folded(text: str) -> str:
    lower = text.lower().replace("\xad", "")
    if lower.isascii():
        return lower
    digits = (str(decimal(c)) if c.isdecimal() else c for c in lower)
    return "".join(digits).translate(_WIDE)


_WIDE = {ord(wide): narrow for wide, narrow in zip("（）：［］", "():[]", strict=True)}


def _value(number: str) -> int:
    return int(re.sub(r"\D", "", number))


@cache
def _shape() -> re.Pattern[str]:
    """A word for comments with what counts it: a number or a word before or behind it."""
    rows = _rows()
    stems = rf"(?<![^\W\d_])(?:{rows['stem']})[^\W\d_]*(?:\(s\)|/\w+)?|(?:{rows['word']})(?:数|數)?"
    before = (
        rf"(?:(?P<before>{_NUMBER})\+?[\s\xa0]*[)\]}}]?[\s\xa0]*(?:{rows['counter']})?[\s\xa0]*"
        rf"(?:(?:{rows['adjective']})\s+)*"
        rf"|(?<!\w)(?P<none>{rows['none']})(?:\s+(?:{rows['adjective']}))*\s*"
        rf"|(?:^|[|/·•—–:,])\W*(?P<one>{rows['one']})\s+)?"
    )
    after = (
        rf"(?:\s*[:(\[{{]+\s*(?P<after>{_NUMBER})(?!\w)|\s+(?P<counted>{_NUMBER})\W*"
        rf"(?:{rows['counter']})?\W*$|\s*[:(]?\s*(?P<none_after>{rows['none-after']})(?!\w)"
        rf"|\s+(?P<one_after>{rows['one-after']})(?!\w))?"
    )
    return re.compile(rf"{before}(?:{stems}){after}")


def _rows() -> dict[str, str]:
    found: dict[str, list[str]] = {}
    text = files(__package__).joinpath("count_words.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            kind, words = line.split("\t")
            found.setdefault(kind, []).extend(words.split("|") if kind != "stem" else [words])
    return {
        kind: "|".join(sorted(words, key=len, reverse=True)) if kind != "stem" else "|".join(words)
        for kind, words in found.items()
    }
