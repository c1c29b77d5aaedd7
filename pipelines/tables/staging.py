"""What the pages of a crawl under way showed, kept in the crawl's SQLite file until publication.

Shares the connection of the URL ledger and never commits: a page's sightings and the
acknowledgement of its URL are one transaction of the caller.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import blake2b
from itertools import groupby
from typing import TypeVar

import orjson

from archiver.errors import ArchiveDamaged
from archiver.model import BlogFacts, Comment, Extraction, Issue, Link, Post
from archiver.urls import canonical
from pipelines.tables import codec
from pipelines.tables.columnar import Row
from pipelines.tables.columns import INSTANT
from pipelines.tables.facts import CAPTURES

T = TypeVar("T")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS staged_capture (
    seq INTEGER PRIMARY KEY, id TEXT UNIQUE, url TEXT, status INTEGER, row BLOB);
CREATE INDEX IF NOT EXISTS staged_capture_url ON staged_capture (url);
CREATE TABLE IF NOT EXISTS staged_names (id INTEGER PRIMARY KEY, names TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS staged_post (seq INTEGER PRIMARY KEY, names INTEGER, value BLOB);
CREATE INDEX IF NOT EXISTS staged_post_names ON staged_post (names);
CREATE TABLE IF NOT EXISTS staged_comment (seq INTEGER PRIMARY KEY, names INTEGER, value BLOB);
CREATE INDEX IF NOT EXISTS staged_comment_names ON staged_comment (names);
CREATE TABLE IF NOT EXISTS staged_links (
    digest BLOB PRIMARY KEY, at TEXT, capture_id TEXT, value BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS staged_issue (
    seq INTEGER PRIMARY KEY, digest BLOB UNIQUE, value BLOB, occurrences INTEGER, first_at TEXT);
CREATE TABLE IF NOT EXISTS staged_facts (
    seq INTEGER PRIMARY KEY, digest BLOB UNIQUE, value BLOB, occurrences INTEGER);
"""
_INSTANTS = frozenset(column.name for column in CAPTURES.columns if column.type == INSTANT)
_UNREADABLE = (KeyError, TypeError, ValueError)


class Staging:
    """Sightings by alias set: the names under which one document knows a post.

    Readers ask for `alias_sets`, decide which of them mean one post, and fetch that post's
    sightings with `posts` and `comments`; no more than one post is ever in memory.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        for statement in _SCHEMA.split(";\n"):
            if statement.strip():
                # executescript would commit the caller's transaction.
                connection.execute(statement)

    def stage(self, capture: Row, extraction: Extraction | None = None) -> None:
        """Keep a capture (a row of `captures`) and, if it was read, what it shows."""
        row = {name: value for name, value in capture.items() if value is not None}
        self._db.execute(
            "INSERT OR REPLACE INTO staged_capture (id, url, status, row) VALUES (?, ?, ?, ?)",
            (
                capture["capture_id"],
                canonical(str(capture["url"])),
                capture.get("fetch_status"),
                codec.encode_row(row),
            ),
        )
        if extraction is None:
            return
        self._sightings("staged_post", ((p.aliases, p) for p in extraction.posts))
        self._sightings("staged_comment", ((c.post_aliases, c) for c in extraction.comments))
        self._links(str(capture["capture_id"]), capture["fetch_time"], extraction.links)
        self.note(extraction.issues, capture["fetch_time"])
        self._facts(extraction.blog)

    def note(self, issues: Iterable[Issue], at: object) -> None:
        """Keep issues seen at a time; equal ones (code, place, value) become one with a count."""
        for issue in issues:
            place = (
                issue.code, issue.url, issue.field, issue.raw_value, issue.post, issue.comment,
                issue.message,
            )  # fmt: skip
            self._db.execute(
                "INSERT INTO staged_issue (digest, value, occurrences, first_at)"
                " VALUES (?, ?, 1, ?)"
                " ON CONFLICT (digest) DO UPDATE SET occurrences = occurrences + 1",
                (_digest(codec.encode(place)), codec.encode(issue), _written(at)),
            )

    def alias_sets(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """(number, aliases) of every distinct set of names, in order of first sight."""
        for number, names in self._db.execute("SELECT id, names FROM staged_names ORDER BY id"):
            yield number, tuple(orjson.loads(names))

    def posts(self, numbers: Iterable[int] | None = None) -> Iterator[Post]:
        """Sightings of posts known by these alias sets; all of them for None."""
        return self._values(Post, "staged_post", numbers)

    def comments(self, numbers: Iterable[int] | None = None) -> Iterator[Comment]:
        """Sightings of comments on posts known by these alias sets; all of them for None."""
        return self._values(Comment, "staged_comment", numbers)

    def capture(self, capture_id: str) -> Row | None:
        """The row of one capture; None when it was not staged."""
        found = self._db.execute(
            "SELECT row FROM staged_capture WHERE id = ?", (capture_id,)
        ).fetchone()
        return _capture_row(found[0]) if found else None

    def capture_of(self, url: str) -> Row | None:
        """The last successful capture of a URL (status 200, or 304 for a revisit); None if none."""
        found = self._db.execute(
            "SELECT row FROM staged_capture WHERE url = ? AND status IN (200, 304)"
            " ORDER BY seq DESC LIMIT 1",
            (canonical(url),),
        ).fetchone()
        return _capture_row(found[0]) if found else None

    def captures(self) -> Iterator[Row]:
        """Rows of `captures`, in order of staging."""
        for (stored,) in self._db.execute("SELECT row FROM staged_capture ORDER BY seq"):
            yield _capture_row(stored)

    def links(self) -> Iterator[tuple[str, tuple[Link, ...]]]:
        """(capture id, links of one context outside posts); an unchanged sidebar comes once.

        By capture time, whatever the order of staging.
        """
        found = self._db.execute(
            "SELECT capture_id, value FROM staged_links ORDER BY at, capture_id, digest"
        )
        for capture_id, stored in found:
            yield capture_id, codec.decode_many(Link, stored)

    def issues(self) -> Iterator[tuple[Issue, int, datetime | None]]:
        """(issue, occurrences, capture time of the first)."""
        found = self._db.execute(
            "SELECT value, occurrences, first_at FROM staged_issue ORDER BY seq"
        )
        for stored, occurrences, first_at in found:
            at = datetime.fromisoformat(first_at) if first_at else None
            yield codec.decode(Issue, stored), occurrences, at

    def facts(self) -> Iterator[tuple[BlogFacts, int]]:
        """(what pages say of the blog, on how many pages), the commonest first."""
        found = self._db.execute(
            "SELECT value, occurrences FROM staged_facts ORDER BY occurrences DESC, digest"
        )
        for stored, occurrences in found:
            yield codec.decode(BlogFacts, stored), occurrences

    def counts(self) -> dict[str, int]:
        """Rows staged so far: captures, posts and comments are sightings, not rows to come."""
        return {
            what: self._db.execute(f"SELECT coalesce(max(seq), 0) FROM staged_{what}").fetchone()[0]  # noqa: S608 - fixed names
            for what in ("capture", "post", "comment", "issue")
        }

    def _sightings(
        self, table: str, found: Iterable[tuple[tuple[str, ...], Post | Comment]]
    ) -> None:
        for names, seen in groupby(found, key=lambda pair: pair[0]):
            number = self._number(names)
            self._db.executemany(
                f"INSERT INTO {table} (names, value) VALUES (?, ?)",  # noqa: S608 - fixed names
                [(number, codec.encode(value)) for _, value in seen],
            )

    def _number(self, names: tuple[str, ...]) -> int:
        stored = codec.encode(names).decode()
        found = self._db.execute("SELECT id FROM staged_names WHERE names = ?", (stored,))
        row = found.fetchone()
        if row is not None:
            return int(row[0])
        inserted = self._db.execute("INSERT INTO staged_names (names) VALUES (?)", (stored,))
        return int(inserted.lastrowid or 0)

    def _links(self, capture_id: str, at: object, links: tuple[Link, ...]) -> None:
        for _, together in groupby(links, key=lambda link: link.context):
            stored = codec.encode(tuple(together))
            self._db.execute(
                "INSERT INTO staged_links (digest, at, capture_id, value) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (digest) DO UPDATE"
                " SET at = excluded.at, capture_id = excluded.capture_id"
                " WHERE (excluded.at, excluded.capture_id) < (at, capture_id)",
                (_digest(stored), _written(at), capture_id, stored),
            )

    def _facts(self, facts: BlogFacts) -> None:
        stored = codec.encode(facts)
        self._db.execute(
            "INSERT INTO staged_facts (digest, value, occurrences) VALUES (?, ?, 1)"
            " ON CONFLICT (digest) DO UPDATE SET occurrences = occurrences + 1",
            (_digest(stored), stored),
        )

    def _values(self, kind: type[T], table: str, numbers: Iterable[int] | None) -> Iterator[T]:
        query = f"SELECT value FROM {table}"  # noqa: S608 - fixed names
        if numbers is None:
            yield from _decoded(kind, self._db.execute(f"{query} ORDER BY seq"))
            return
        for number in numbers:
            found = self._db.execute(f"{query} WHERE names = ? ORDER BY seq", (number,))
            yield from _decoded(kind, found)


def _decoded(kind: type[T], found: Iterable[tuple[bytes]]) -> Iterator[T]:
    for (stored,) in found:
        try:
            yield codec.decode(kind, stored)
        except _UNREADABLE as fault:
            problem = f"a staged {kind.__name__.lower()} is unreadable ({fault}); crawl afresh"
            raise ArchiveDamaged("the crawl's working state", None, problem) from fault


def _capture_row(stored: bytes) -> Row:
    row = orjson.loads(stored)
    for name in _INSTANTS & row.keys():
        row[name] = datetime.fromisoformat(row[name])
    return dict(row)


def _digest(stored: bytes) -> bytes:
    return blake2b(stored, digest_size=16).digest()


def _written(at: object) -> str | None:
    return at.isoformat() if isinstance(at, datetime) else None
