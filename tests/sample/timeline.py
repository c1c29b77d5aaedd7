"""When what was posted: one light entry per post, from which all else is invented on demand."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from random import Random
from urllib.parse import quote
from zoneinfo import ZoneInfo

from tests.sample.prose import Person, World

BASE = "http://sample.invalid"
"""Stands for the blog's own address until the server puts the request's Host in its place."""

ZONE_NAME = "America/New_York"
ZONE = ZoneInfo(ZONE_NAME)
FEWEST_POSTS = 24  # below this the rarer kinds of post would be missing

_FIRST = datetime(2008, 1, 14, 14, 2, 11, tzinfo=UTC)
_SPAN = timedelta(days=7 * 365)
_HIDDEN = {11: "private", 17: "protected", 23: "private"}


class Status(StrEnum):
    """Who may read a post."""

    PUBLIC = "public"
    PROTECTED = "protected"  # its title is listed, its body is behind a form
    PRIVATE = "private"  # never listed, answers 404


class Charset(StrEnum):
    """How the single page of a post is encoded."""

    UTF8 = "utf-8"
    MISDECLARED = "misdeclared"  # says ISO-8859-1, holds Windows-1252
    MIXED = "mixed"  # UTF-8 with one sentence in Windows-1252
    UNDECLARED = "undeclared"  # UTF-8, and nothing says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of a post before its words are written. `instant` is UTC."""

    index: int
    native_id: int
    slug: str  # percent-encoded, in lower case as WordPress does
    title: str
    instant: datetime
    language: str
    topic: int
    author: Person
    category: str
    tags: tuple[str, ...]
    status: Status
    charset: Charset
    part_count: int
    has_more: bool  # listings show only what stands before <!--more-->
    comments_open: bool
    thread_size: int  # hidden comments included
    first_comment_id: int
    kind: str = "entry"

    @property
    def local(self) -> datetime:
        """When it was posted by the blog's clock."""
        return self.instant.astimezone(ZONE)

    @property
    def month(self) -> str:
        """Path of its month archive."""
        return f"/{self.local:%Y/%m}/"

    @property
    def path(self) -> str:
        """Path of its permalink."""
        return f"/{self.slug}/" if self.kind == "page" else f"{self.month}{self.slug}/"

    @property
    def url(self) -> str:
        """Its permalink."""
        return BASE + self.path

    @property
    def shown_title(self) -> str:
        """Its title as WordPress prints it."""
        return f"Protected: {self.title}" if self.status is Status.PROTECTED else self.title


def timeline(posts: int, seed: int, world: World) -> tuple[Entry, ...]:
    """Entries, oldest first: `posts` public ones and three that are hidden.

    Raises:
        ValueError: fewer posts than the kinds of post that the sample shows.
    """
    if posts < FEWEST_POSTS:
        raise ValueError(f"a sample blog needs at least {FEWEST_POSTS} posts, not {posts}")
    step = min(timedelta(hours=36), _SPAN / posts)
    native_id, comment_id = 4, 2
    slugs: Counter[str] = Counter()
    entries = []
    for index in range(posts + len(_HIDDEN)):
        rng = Random(f"{seed}/entry/{index}")
        instant = _FIRST + index * step + step * 0.8 * rng.random()
        entry = _entry(index, rng, world, native_id, comment_id, instant.replace(microsecond=0))
        slugs[entry.slug] += 1
        entries.append(_renamed(entry, slugs[entry.slug]))
        native_id += rng.randint(1, 9)  # drafts, revisions and attachments take ids too
        comment_id += entry.thread_size + rng.randint(0, 3)  # and so does deleted spam
    return tuple(entries)


def about(seed: int, world: World) -> Entry:
    """The blog's one page that is not a post."""
    values = _entry(1, Random(f"{seed}/about"), world, 2, 1, _FIRST - timedelta(days=1))
    return replace(
        values,
        slug="about",
        title="About",
        kind="page",
        charset=Charset.UTF8,
        comments_open=False,
        thread_size=0,
        part_count=1,
        has_more=False,
    )


def _entry(
    index: int, rng: Random, world: World, native_id: int, comment_id: int, instant: datetime
) -> Entry:
    language = _language(index)
    prose = world.languages[language]
    topic = rng.randrange(len(prose.topics))
    title = prose.fill(rng, rng.choice(prose.topics[topic].titles))
    tags = prose.topics[topic].tags
    return Entry(
        index=index,
        native_id=native_id,
        slug=slug(title),
        title=title,
        instant=instant,
        language=language,
        topic=topic,
        author=rng.choices(world.authors, (6, 3, 1))[0],
        category=prose.topics[topic].category,
        tags=tuple(sorted(rng.sample(tags, rng.randint(0, min(3, len(tags)))))),
        status=Status(_HIDDEN.get(index, "public")),
        charset=_charset(index),
        part_count=3 if index % 30 == 5 else 1,
        has_more=index % 7 == 3,
        comments_open=index % 11 != 7,
        thread_size=_thread_size(index, rng),
        first_comment_id=comment_id,
    )


def _language(index: int) -> str:
    if index % 10 == 4:
        return "de"
    if index % 15 == 8:
        return "fr"
    return "ja" if index % 20 == 12 else "en"


def _charset(index: int) -> Charset:
    if index == 9:
        return Charset.MIXED
    if index == 14:
        return Charset.UNDECLARED
    return Charset.MISDECLARED if index % 12 == 10 else Charset.UTF8


def _thread_size(index: int, rng: Random) -> int:
    if index % 20 == 6:
        return rng.randint(48, 90)
    if index == 7:
        return 0  # closed and never answered: "Comments are closed."
    return rng.choice((0, 1, 2, 3, 3, 4, 5, 6, 8, 12))


def slug(title: str) -> str:
    """The title as WordPress makes an address of it: accents off, the rest percent-encoded."""
    letters = unicodedata.normalize("NFKD", title.lower().replace("ß", "s").replace("œ", "oe"))
    plain = "".join(sign for sign in letters if not 0x300 <= ord(sign) < 0x370)
    composed = unicodedata.normalize("NFC", plain)
    kept = re.sub(r"[^\w\s-]", "", composed)
    return quote(re.sub(r"[\s_-]+", "-", kept).strip("-")).lower()


def _renamed(entry: Entry, occurrence: int) -> Entry:
    return entry if occurrence == 1 else replace(entry, slug=f"{entry.slug}-{occurrence}")
