"""Sentences in four languages, filled from patterns. Deterministic for a given generator."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

_FOLDER = Path(__file__).parent / "prose"
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One subject of the blog with its own sentences; `category` names its category."""

    category: str
    tags: tuple[str, ...]
    titles: tuple[str, ...]
    sentences: tuple[str, ...]
    items: tuple[str, ...]
    captions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """One language: patterns by purpose, slot words, topics, and what stands between sentences."""

    language: str
    patterns: dict[str, tuple[str, ...]]
    slots: dict[str, tuple[str, ...]]
    topics: tuple[Topic, ...]
    separator: str = " "

    def fill(self, rng: Random, pattern: str) -> str:
        """The pattern with its {slots} filled; a {Slot} gets a capital; {link} is kept."""

        def word(match: re.Match[str]) -> str:
            name = match[1]
            if name == "link":
                return match[0]
            chosen = rng.choice(self.slots[name.lower()])
            return chosen[:1].upper() + chosen[1:] if name[0].isupper() else chosen

        return _SLOT.sub(word, pattern)

    def say(self, rng: Random, purpose: str) -> str:
        """One sentence for a purpose: openings, closings, linking, quotes, comments, replies."""
        return self.fill(rng, rng.choice(self.patterns[purpose]))

    def several(self, rng: Random, patterns: Sequence[str], count: int) -> list[str]:
        """Up to `count` filled patterns, none used twice."""
        chosen = rng.sample(patterns, min(count, len(patterns)))
        return [self.fill(rng, pattern) for pattern in chosen]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone invented; `nicename` only for those who write posts."""

    name: str
    url: str | None = None
    nicename: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A neighbouring site that posts link to; it exists nowhere."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The people and places of the blog, and its languages."""

    title: str
    tagline: str
    snippets: tuple[str, ...]
    authors: tuple[Person, ...]
    commenters: tuple[Person, ...]
    pingers: tuple[Person, ...]
    sites: tuple[Site, ...]
    languages: dict[str, Prose]


def load() -> World:
    """The world as written in the prose folder."""
    found = _read("world")
    people = {
        group: tuple(Person(**entry) for entry in found[group])
        for group in ("authors", "commenters", "pingers")
    }
    return World(
        title=found["title"],
        tagline=found["tagline"],
        snippets=tuple(found["snippets"]),
        sites=tuple(Site(**entry) for entry in found["sites"]),
        languages={language: _language(language) for language in ("en", "de", "fr", "ja")},
        **people,
    )


def _language(language: str) -> Prose:
    found = _read(language)
    return Prose(
        language=language,
        separator=found.pop("separator", " "),
        slots={name: tuple(entries) for name, entries in found.pop("slots").items()},
        topics=tuple(
            Topic(
                category=topic.pop("category"),
                **{name: tuple(entries) for name, entries in topic.items()},
            )
            for topic in found.pop("topics")
        ),
        patterns={purpose: tuple(entries) for purpose, entries in found.items()},
    )


# What TOML gives is untyped; the dataclasses above are its schema.
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
