"""The sample blog as its engine would know it: posts, threads and archives, made on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from random import Random

from tests.sample import prose, threads
from tests.sample.bodies import Body, Writer
from tests.sample.threads import Comment
from tests.sample.timeline import BASE, Entry, Status, about, slug, timeline

POSTS_PER_PAGE = 10


class Theme(StrEnum):
    """Which template era the pages show."""

    KUBRICK = "kubrick"  # WordPress 2.9.2: dates as text only, the first comment walker
    HTML5 = "html5"  # WordPress 5.9.3: time elements with the true offset, the html5 walker


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of an archive, newest post first. `name` is what the archive is of."""

    kind: str  # home, category, tag, author, month, year
    name: str
    path: str  # of its first page
    entries: tuple[Entry, ...]
    page: int
    pages: int

    def at(self, page: int) -> str:
        """Address of one of its pages."""
        return f"{BASE}{self.path}" if page == 1 else f"{BASE}{self.path}page/{page}/"

    @property
    def older(self) -> str | None:
        """Address of the next page, which holds older posts."""
        return self.at(self.page + 1) if self.page < self.pages else None

    @property
    def newer(self) -> str | None:
        """Address of the page before."""
        return self.at(self.page - 1) if self.page > 1 else None


class Blog:
    """Everything the blog holds. Light entries are kept; bodies and threads are made when asked."""

    def __init__(self, posts: int, seed: int, theme: Theme, traps: bool) -> None:
        self.seed, self.theme, self.traps = seed, theme, traps
        self.world = prose.load()
        self.entries = timeline(posts, seed, self.world)
        self.about = about(seed, self.world)
        self.listed = tuple(e for e in reversed(self.entries) if e.status is not Status.PRIVATE)
        self.by_path = {e.path: e for e in (*self.listed, self.about)}
        self.by_id = {e.native_id: e for e in (*self.listed, self.about)}
        self.categories = _archive(self.listed, lambda e: (e.category,), "category")
        self.tags = _archive(self.listed, lambda e: e.tags, "tag")
        self.authors = _archive(self.listed, lambda e: (e.author.name,), "author")
        self.months = _archive(self.listed, lambda e: (f"{e.local:%B %Y}",), "month")
        self.years = _archive(self.listed, lambda e: (f"{e.local:%Y}",), "year")
        self.archives = {
            archive.path: archive
            for group in (self.categories, self.tags, self.authors, self.months, self.years)
            for archive in group
        }
        # Instance-bound caches: a crawl asks for a post, its comment pages and feed in a row.
        self.body: Callable[[Entry], Body] = lru_cache(maxsize=256)(self._body)
        self.thread: Callable[[Entry], tuple[Comment, ...]] = lru_cache(maxsize=256)(self._thread)

    def _body(self, entry: Entry) -> Body:
        neighbours = [e for e in self.entries[max(0, entry.index - 40) : entry.index] if _open(e)]
        rng = Random(f"{self.seed}/body/{entry.index}")
        return Writer(entry=entry, world=self.world, rng=rng, neighbours=neighbours).body()

    def _thread(self, entry: Entry) -> tuple[Comment, ...]:
        return threads.invent(entry, self.world, self.seed)

    def approved(self, entry: Entry) -> list[Comment]:
        """What readers may see of a post's thread, oldest first."""
        return [comment for comment in self.thread(entry) if comment.approved]

    def newest_comments(self, limit: int) -> list[tuple[Entry, Comment]]:
        """The blog's newest visible comments, newest first."""
        found: list[tuple[Entry, Comment]] = []
        for entry in self.listed:
            if len(found) >= limit and found[limit - 1][1].instant > entry.instant + threads.LATEST:
                break  # nothing on older posts can be newer than these
            if entry.status is Status.PUBLIC:
                found += ((entry, comment) for comment in self.approved(entry))
                found.sort(key=lambda pair: pair[1].instant, reverse=True)
                del found[limit:]
        return found

    def neighbours(self, entry: Entry) -> tuple[Entry | None, Entry | None]:
        """The posts before and after, as "previous" and "next" links name them."""
        if entry.kind == "page":
            return None, None
        shown = self.entries
        before = (e for e in reversed(shown[: entry.index]) if e.status is not Status.PRIVATE)
        after = (e for e in shown[entry.index + 1 :] if e.status is not Status.PRIVATE)
        return next(before, None), next(after, None)

    def home(self, page: int) -> Listing | None:
        """A page of the front page; None beyond its end."""
        everything = Archive(kind="home", name="", path="/", entries=self.listed)
        return everything.page(page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """All posts of one category, tag, author, month or year, newest first."""

    kind: str
    name: str
    path: str
    entries: tuple[Entry, ...]

    def page(self, number: int) -> Listing | None:
        """One page of it; None beyond its end."""
        pages = -(-len(self.entries) // POSTS_PER_PAGE)
        if not 1 <= number <= pages:
            return None
        return Listing(
            kind=self.kind,
            name=self.name,
            path=self.path,
            entries=self.entries[(number - 1) * POSTS_PER_PAGE : number * POSTS_PER_PAGE],
            page=number,
            pages=pages,
        )

    @property
    def url(self) -> str:
        """Its address."""
        return BASE + self.path


def _open(entry: Entry) -> bool:
    return entry.status is Status.PUBLIC


def _archive(
    entries: Sequence[Entry], names: Callable[[Entry], Sequence[str]], kind: str
) -> tuple[Archive, ...]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        for name in names(entry):
            found.setdefault(name, []).append(entry)
    return tuple(
        Archive(kind=kind, name=name, path=_path(kind, name, of[0]), entries=tuple(of))
        for name, of in found.items()
    )


def _path(kind: str, name: str, entry: Entry) -> str:
    if kind == "month":
        return entry.month
    return f"/{name}/" if kind == "year" else f"/{kind}/{slug(name)}/"
