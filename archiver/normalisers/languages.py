"""Which language a text is written in, by script and frequent words; no model, no download.

Cheap evidence for pages that declare none, or declare their template's. Short texts get None.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType

_SAMPLE = 1200  # characters; more do not change the verdict
_FEWEST_WORDS = 12
_FEWEST_LETTERS = 8  # of a script that tells the language itself
_FEWEST_HITS = 4
_LEAST_SHARE = 0.12  # of words that are frequent ones; running text has 30-50 %
_LEAST_LEAD = 1.12  # over the second language

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# Scripts that one language of the old blogs writes; Han and Kana are told apart below.
_SCRIPTS = tuple(
    (language, re.compile(f"[{span}]"))
    for language, span in (
        ("ko", "\uac00-\ud7a3\u1100-\u11ff"), ("th", "\u0e00-\u0e7f"), ("he", "\u0590-\u05ff"),
        ("el", "\u0370-\u03ff\u1f00-\u1fff"), ("hi", "\u0900-\u097f"), ("bn", "\u0980-\u09ff"),
        ("pa", "\u0a00-\u0a7f"), ("gu", "\u0a80-\u0aff"), ("ta", "\u0b80-\u0bff"),
        ("te", "\u0c00-\u0c7f"), ("kn", "\u0c80-\u0cff"), ("ml", "\u0d00-\u0d7f"),
        ("si", "\u0d80-\u0dff"), ("lo", "\u0e80-\u0eff"), ("my", "\u1000-\u109f"),
        ("ka", "\u10a0-\u10ff"), ("km", "\u1780-\u17ff"), ("hy", "\u0530-\u058f"),
    )
)  # fmt: skip
_KANA = re.compile("[\u3040-\u30ff]")
_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")
_LEAST_KANA = 0.05  # of Japanese text; Chinese has none


def detect(text: str) -> str | None:
    """The BCP-47 name of a text's language; None for short, mixed or unknown ones."""
    return _detected(text[:_SAMPLE])


@lru_cache(maxsize=256)  # several witnesses show the same text of a page
def _detected(sample: str) -> str | None:
    if not sample.isascii():
        language = _by_script(sample)
        if language is not None:
            return language
    return _by_words(sample)


def _by_script(sample: str) -> str | None:
    letters = len(_LETTER.findall(sample))
    if letters < _FEWEST_LETTERS or len(_LATIN.findall(sample)) * 2 >= letters:
        return None
    han, kana = len(_HAN.findall(sample)), len(_KANA.findall(sample))
    if (han + kana) * 2 > letters:
        return "ja" if kana > _LEAST_KANA * (han + kana) else "zh"
    for language, script in _SCRIPTS:
        if len(script.findall(sample)) * 2 > letters:
            return language
    return None


def _by_words(sample: str) -> str | None:
    found = [word.replace("’", "'") for word in _WORD.findall(sample.lower())]
    if len(found) < _FEWEST_WORDS:
        return None
    languages = _languages()
    scores: Counter[str] = Counter()
    hits = 0
    for word in found:
        known = languages.get(word)
        if known:
            hits += 1
            for language in known:
                # A word that many languages share says little about each.
                scores[language] += 144 // len(known) ** 2
    if hits < _FEWEST_HITS or hits < _LEAST_SHARE * len(found):
        return None
    ranked = scores.most_common(2)
    if len(ranked) == 2 and ranked[0][1] < _LEAST_LEAD * ranked[1][1]:
        return None
    return ranked[0][0]


@cache
def _languages() -> Mapping[str, tuple[str, ...]]:
    """Languages by frequent word."""
    found: dict[str, list[str]] = {}
    text = files(__package__).joinpath("stop_words.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            language, words = line.split("\t")
            for word in dict.fromkeys(words.split()):
                found.setdefault(word, []).append(language)
    return MappingProxyType({word: tuple(languages) for word, languages in found.items()})
