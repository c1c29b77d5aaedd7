"""What each kind of URL still brings: patterns of URLs that only repeat themselves are closed.

A page is barren when it shows no post, comment, picture or text that its own pattern has not
shown before. Real archives end; a trap goes on, so only barren pages that follow barren pages
count. What feeds, sitemaps and listings name as posts is never closed by its pattern alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from lxml.etree import XPath
from lxml.etree import _Element as Node

from archiver.crawl.ledger import Lease
from archiver.crawl.patterns import FactFilter, fold, pattern_of, views_of
from archiver.crawl.traps import Traps, calendar_month, tag_names
from archiver.model import Comment, Extraction, PageKind, Post, Role, Url
from pipelines.state import CrawlState

_LONGEST_CHAIN = 8  # barren pages in a row, each found on the one before
_LONGEST_RUN = 8  # barren pages of one pattern in a row
_LISTING_RUN = 20  # for listings that fruitful pages link to: an archive may have empty months
_LEAST_TEXT = 100  # characters of new text that make a page without posts worth its fetch
_LEAST_BLOCK = 20
_OPENING = 400  # characters of a post by which it is known again

# Asked for by an extractor, one per post: an empty answer says nothing about the next.
_ONE_PER_POST = frozenset({Role.API, Role.FEED, Role.COMMENT_PAGE, Role.POST})
_NEVER = frozenset({Role.SITEMAP, Role.REQUISITE})

# "April 2031: no entries" is no new post because the month is another.
_DATE_WORD = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)\w*",
    re.IGNORECASE,
)
_BLOCKS = XPath("//text()[not(parent::script or parent::style)]", smart_strings=False)
_PICTURES = XPath("//img/@src", smart_strings=False)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS patterns (
    pattern TEXT PRIMARY KEY, barren_run INTEGER NOT NULL, fetched INTEGER NOT NULL
) STRICT
"""


@dataclass(slots=True)
class _Record:
    barren_run: int = 0
    fetched: int = 0


@dataclass(slots=True)
class _Landmarks:
    """First and last month of the posts seen so far, as (year, month), and the tags."""

    first: tuple[int, int] | None = None
    last: tuple[int, int] | None = None
    tags: set[str] = field(default_factory=set)

    def take(self, posts: Iterable[Post]) -> None:
        for post in posts:
            moment = post.published
            when = (moment.local or moment.instant) if moment is not None else None
            if when is not None:
                month = (when.year, when.month)
                self.first = min(self.first or month, month)
                self.last = max(self.last or month, month)


class Novelty:
    """What the patterns of one crawl have brought so far."""

    def __init__(self, state: CrawlState, traps: Traps, is_asked: Callable[[Url], bool]) -> None:
        self._state = state
        self.traps = traps
        self._is_asked = is_asked
        self._facts = FactFilter()
        self._landmarks = _Landmarks()
        with state.unit() as connection:
            connection.execute(_SCHEMA)
        self._records = {
            pattern: _Record(run, fetched)
            for pattern, run, fetched in state.connection.execute("SELECT * FROM patterns")
        }
        self._closed_views = {
            name
            for name, record in self._records.items()
            if name.startswith("view:") and record.barren_run >= _LONGEST_RUN
        }

    def rule_against(self, url: Url, role: Role, barren: int = 0) -> str | None:
        """The rule that closes a URL found below `barren` barren pages in a row; None when open."""
        if role in _NEVER:
            return None
        names = tag_names(url)
        if len(names) == 1:
            self._landmarks.tags.add(names[0])
        for rule in self._rules_against(url, role, barren, names):
            if self.traps.is_on(rule):
                return rule
        return None

    def _rules_against(
        self, url: Url, role: Role, barren: int, names: tuple[str, ...]
    ) -> Iterator[str]:
        if barren >= _LONGEST_CHAIN:
            yield "trap.barren-chain"
        if role in _ONE_PER_POST:
            return
        if len(names) > 1 and self._landmarks.tags.issuperset(names):
            yield "trap.tag-combination"
        if barren and self._is_far_from_posts(url):
            yield "trap.calendar-range"
        if role is Role.OTHER and not self._closed_views.isdisjoint(views_of(url)):
            yield "trap.duplicate-view"
        patience = _LISTING_RUN if role is Role.LISTING and not barren else _LONGEST_RUN
        if any(self._run_of(pattern) >= patience for pattern in _patterns_of(url)):
            yield "trap.barren-pattern"

    def _run_of(self, pattern: str) -> int:
        record = self._records.get(pattern)
        return 0 if record is None else record.barren_run

    def _is_far_from_posts(self, url: str) -> bool:
        """More than a year outside the posts known so far."""
        month = calendar_month(url)
        if month is None or self._landmarks.first is None or self._landmarks.last is None:
            return False
        first, last = self._landmarks.first, self._landmarks.last
        return not (first[0] - 1, first[1]) <= month <= (last[0] + 1, last[1])

    def observe(self, lease: Lease, extraction: Extraction | None, tree: Node | None) -> int:
        """Learn from a page; returns how many barren pages in a row now end with it.

        `extraction` and `tree` are None for an answer that is no page (404, a picture).
        """
        if lease.role in _NEVER or lease.is_robots:
            return 0
        pattern = pattern_of(lease.url)
        posts = extraction.posts if extraction is not None else ()
        self._landmarks.take(posts)
        if extraction is not None and extraction.page_kind is PageKind.POST and len(posts) == 1:
            is_barren = not self._shows_new_post(extraction)
            views = views_of(lease.url) if is_barren else ()
        else:
            is_barren = not self._shows_anything_new(pattern, extraction, tree)
            views = ()
        for known_as in _patterns_of(lease.url):
            self._note(known_as, is_barren=is_barren)
        for view, plain in dict(views).items():
            self._note_view(view, plain)
        return lease.barren + 1 if is_barren else 0

    def _shows_new_post(self, extraction: Extraction) -> bool:
        """A page of one post is new when no other page of one post has shown it."""
        facts = [f"post {_post_fact(post)}" for post in extraction.posts]
        facts += [f"comment {_comment_fact(comment)}" for comment in extraction.comments]
        return any([self._facts.add(fact) for fact in facts])

    def _shows_anything_new(
        self, pattern: str, extraction: Extraction | None, tree: Node | None
    ) -> bool:
        facts: list[str] = []
        if extraction is not None:
            facts += [_post_fact(post) for post in extraction.posts]
            facts += [_comment_fact(comment) for comment in extraction.comments]
            facts += [
                follow.url
                for follow in extraction.follow
                if follow.role is Role.POST and pattern_of(follow.url) != pattern
            ]
        if any([self._facts.add(f"{pattern} {fact}") for fact in facts]):
            return True
        if tree is None or (extraction is not None and extraction.posts):
            return False
        return self._shows_new_text(pattern, tree)

    def _shows_new_text(self, pattern: str, tree: Node) -> bool:
        pictures = [src for src in cast("list[str]", _PICTURES(tree)) if "?" not in src]
        has_new_picture = any([self._facts.add(f"{pattern} img {src}") for src in pictures])
        new_characters = 0
        for text in cast("list[str]", _BLOCKS(tree)):
            block = fold(" ".join(text.split()))
            if len(block) >= _LEAST_BLOCK and self._facts.add(f"{pattern} {block}"):
                new_characters += len(block)
        return has_new_picture or new_characters >= _LEAST_TEXT

    def _note_view(self, view: str, plain: Url) -> None:
        """Count a duplicate against the way its URL differs from that of a known page."""
        if self._is_asked(plain) and self._note(view, is_barren=True) >= _LONGEST_RUN:
            self._closed_views.add(view)

    def _note(self, pattern: str, *, is_barren: bool) -> int:
        record = self._records.get(pattern)
        if record is None:
            if not is_barren:  # most patterns are a post's own and never seen again
                return 0
            record = self._records[pattern] = _Record()
        record.fetched += 1
        record.barren_run = record.barren_run + 1 if is_barren else 0
        with self._state.unit() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO patterns VALUES (?, ?, ?)",
                (pattern, record.barren_run, record.fetched),
            )
        return record.barren_run


def _patterns_of(url: str) -> tuple[str, ...]:
    """The pattern of a URL; all the forms in which a site writes its calendar are one more."""
    pattern = pattern_of(url)
    return (pattern,) if calendar_month(url) is None else (pattern, "calendar")


def _post_fact(post: Post) -> str:
    """What makes a post the same elsewhere: its id, or how it begins and its first picture."""
    if post.native_id:
        return f"id {post.native_id}"
    text = post.body.text if post.body is not None else ""
    picture = post.body.media[0].url if post.body is not None and post.body.media else ""
    return _DATE_WORD.sub("@", fold(f"{post.title or ''} {text[:_OPENING]} ")) + picture


def _comment_fact(comment: Comment) -> str:
    if comment.native_id:
        return f"id {comment.native_id}"
    text = comment.body.text if comment.body is not None else ""
    name = comment.author.raw if comment.author is not None else ""
    return f"{name} {text[:_OPENING]}"
