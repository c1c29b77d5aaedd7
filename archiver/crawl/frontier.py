"""The frontier: one SQLite row per URL, from its discovery to its one terminal state."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from archiver.crawl import accounts
from archiver.crawl.ledger import OPEN, Found, Lease, Outcome, UrlState
from archiver.model import CaptureId, Role, Url
from archiver.urls import host as host_of
from pipelines.state import CrawlState

# The CHECKs make the ledger's promise a property of the file: no row can be in two states, and
# none can end without its reason.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS urls (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    role TEXT NOT NULL,
    priority INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    hops TEXT NOT NULL,
    via INTEGER,
    barren INTEGER NOT NULL,
    state TEXT NOT NULL,
    rule TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    next_try_at REAL NOT NULL DEFAULT 0,
    status INTEGER,
    size_bytes INTEGER NOT NULL DEFAULT 0,
    capture_id TEXT,
    redirect_to TEXT,
    seen_at REAL NOT NULL,
    done_at REAL,
    CHECK (state IN ('pending', 'leased', 'captured', 'revisit', 'redirect', 'refused', 'failed',
                     'budget')),
    CHECK ((state IN ('refused', 'budget')) = (rule IS NOT NULL)),
    CHECK (state NOT IN ('captured', 'revisit') OR capture_id IS NOT NULL),
    CHECK (state <> 'redirect' OR redirect_to IS NOT NULL),
    CHECK (state <> 'failed' OR last_error IS NOT NULL),
    CHECK ((state IN ('pending', 'leased')) = (done_at IS NULL))
) STRICT;
CREATE INDEX IF NOT EXISTS urls_waiting ON urls (host, priority, id) WHERE state = 'pending';
"""
_INSERT = """
INSERT INTO urls
    (url, host, role, priority, depth, hops, via, barren, state, rule, seen_at, done_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_REOPEN = """
UPDATE urls SET role = ?, priority = ?, depth = ?, hops = ?, via = ?, barren = ?,
    state = 'pending', rule = NULL, done_at = NULL WHERE id = ?
"""
_WAITING = """
SELECT u.id, u.url, u.host, u.role, u.priority, u.depth, u.hops, v.url, u.via, u.barren, u.tries + 1
FROM urls u LEFT JOIN urls v ON v.id = u.via WHERE u.state = 'pending'
"""
_PEEK = f"{_WAITING} AND u.host = ? AND u.next_try_at <= ? ORDER BY u.priority, u.id LIMIT ?"
_KNOWN = """
SELECT url, id, state, priority, tries > 0, rule, redirect_to FROM urls
WHERE url IN (SELECT value FROM json_each(?))
"""
_SETTLE = """
UPDATE urls SET state = ?, status = ?, rule = ?, last_error = ?, redirect_to = ?, next_try_at = ?,
    size_bytes = ?, capture_id = coalesce(?, capture_id), done_at = ?
WHERE id = ? AND state = 'leased'
"""
_END = """
UPDATE urls SET state = ?, rule = ?, last_error = coalesce(?, last_error), done_at = ?
WHERE state = 'pending'
"""
# A lease that a crash cut short was no failed try.
_AGAIN = """
UPDATE urls SET state = 'pending', rule = NULL, next_try_at = 0, done_at = NULL,
    tries = CASE state WHEN 'failed' THEN 0 WHEN 'leased' THEN tries - 1 ELSE tries END
WHERE state IN (SELECT value FROM json_each(?)) AND (? IS NULL OR rule = ?)
"""
_BATCH = 400

Place = tuple[int, int]  # priority and id of a waiting URL: its place in the queue of its host


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the ledger knows of a URL that is found again."""

    id: int
    state: UrlState
    priority: int
    is_asked: bool  # whether it was ever requested
    rule: str | None
    redirect_to: Url | None


class Frontier:
    """The ledger's rows. Every write happens inside a unit of the crawl's state."""

    def __init__(self, state: CrawlState) -> None:
        self.state = state
        with state.unit() as connection:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                connection.execute(statement)
        self._recount()

    @property
    def _sql(self) -> sqlite3.Connection:
        return self.state.connection

    def add(self, found: Sequence[Found], now: float) -> list[tuple[str, Place]]:
        """Write URLs that are not there yet; returns host and place of those that now wait for it.

        A known URL changes only for the better: a refusal before any request is lifted when it is
        found in a role that may be fetched, and a waiting URL moves up the queue.
        """
        waiting: list[tuple[str, Place]] = []
        with self.state.unit():
            for start in range(0, len(found), _BATCH):
                batch = _best(found[start : start + _BATCH])
                known = self.known(batch)
                for url, entry in batch.items():
                    row = known.get(url)
                    row_id = self._insert(entry, now) if row is None else self._improve(row, entry)
                    if row_id is not None:
                        waiting.append((host_of(url), (entry.priority, row_id)))
        return waiting

    def known(self, urls: Iterable[Url]) -> dict[Url, Known]:
        """What the ledger knows of some URLs; those it does not know are left out."""
        rows = self._sql.execute(_KNOWN, (json.dumps(list(urls)),))
        return {
            url: Known(
                id=row_id,
                state=UrlState(state),
                priority=priority,
                is_asked=bool(asked),
                rule=rule,
                redirect_to=target,
            )
            for url, row_id, state, priority, asked, rule, target in rows
        }

    def is_asked(self, url: Url) -> bool:
        """Whether a URL was requested at least once."""
        row = self._sql.execute("SELECT tries > 0 FROM urls WHERE url = ?", (url,)).fetchone()
        return row is not None and bool(row[0])

    def _insert(self, entry: Found, now: float) -> int | None:
        """Write a row; returns its id when it waits."""
        state = UrlState.PENDING if entry.rule is None else UrlState.REFUSED
        row = self._sql.execute(
            _INSERT,
            (
                entry.url,
                host_of(entry.url),
                entry.role.value,
                entry.priority,
                entry.depth,
                entry.hops,
                entry.via,
                entry.barren,
                state.value,
                entry.rule,
                now,
                None if entry.rule is None else now,
            ),
        )
        self._counts[state] += 1
        return row.lastrowid if entry.rule is None else None

    def _improve(self, row: Known, entry: Found) -> int | None:
        """Better the row of a URL that is found again; returns its id when its place changed."""
        if entry.rule is not None:
            return None
        if row.state is UrlState.REFUSED and not row.is_asked and _may_be_lifted(row.rule):
            self._sql.execute(
                _REOPEN,
                (
                    entry.role.value,
                    entry.priority,
                    entry.depth,
                    entry.hops,
                    entry.via,
                    entry.barren,
                    row.id,
                ),
            )
            self._count(UrlState.REFUSED, UrlState.PENDING)
            return row.id
        if row.state is UrlState.PENDING and entry.priority < row.priority:
            self._sql.execute(
                "UPDATE urls SET role = ?, priority = ?, barren = min(barren, ?) WHERE id = ?",
                (entry.role.value, entry.priority, entry.barren, row.id),
            )
            return row.id
        return None

    def peek(self, host: str, now: float, limit: int = 2) -> list[Lease]:
        """The best URLs of a host that are due, best first; nothing is lent out yet."""
        return [_lease(row) for row in self._sql.execute(_PEEK, (host, now, limit))]

    def waiting(self, url: Url) -> Lease | None:
        """A URL that waits, by its ledger key; None when it does not."""
        row = self._sql.execute(f"{_WAITING} AND u.url = ?", (url,)).fetchone()
        return None if row is None else _lease(row)

    def due_at(self, host: str) -> float | None:
        """When the first waiting URL of a host is due; None when it has none."""
        row = self._sql.execute(
            "SELECT min(next_try_at) FROM urls WHERE state = 'pending' AND host = ?", (host,)
        ).fetchone()
        return None if row[0] is None else float(row[0])

    def place_of(self, url: Url) -> tuple[Place, float] | None:
        """The place of a waiting URL, and when it is due; None when it does not wait."""
        row = self._sql.execute(
            "SELECT priority, id, next_try_at FROM urls WHERE url = ? AND state = 'pending'", (url,)
        ).fetchone()
        return None if row is None else ((row[0], row[1]), row[2])

    def hosts(self) -> list[str]:
        """Hosts with waiting URLs."""
        return [
            host
            for (host,) in self._sql.execute(
                "SELECT DISTINCT host FROM urls WHERE state = 'pending'"
            )
        ]

    def lease(self, lease: Lease) -> None:
        """Lend a waiting URL out; this counts as a try."""
        with self.state.unit() as connection:
            done = connection.execute(
                "UPDATE urls SET state = 'leased', tries = ? WHERE id = ? AND state = 'pending'",
                (lease.tries, lease.id),
            )
            self._expect_one(done, lease)
            self._count(UrlState.PENDING, UrlState.LEASED)

    def settle(
        self, lease: Lease, outcome: Outcome, now: float, capture_id: CaptureId | None = None
    ) -> None:
        """Write what a try came to. Share a unit with the rows that were read from the capture.

        Raises:
            LookupError: the URL is not lent out; it was settled before.
        """
        with self.state.unit() as connection:
            done = connection.execute(
                _SETTLE,
                (
                    outcome.state.value,
                    outcome.status,
                    outcome.rule,
                    outcome.error,
                    outcome.redirect_to,
                    outcome.retry_at,
                    outcome.size_bytes,
                    capture_id,
                    now if outcome.is_final else None,
                    lease.id,
                ),
            )
            self._expect_one(done, lease)
            self._count(UrlState.LEASED, outcome.state)

    def refuse(
        self,
        lease: Lease,
        state: UrlState,
        now: float,
        *,
        rule: str | None = None,
        error: str | None = None,
    ) -> None:
        """End a URL that was peeked at without asking for it."""
        with self.state.unit() as connection:
            done = connection.execute(
                f"{_END} AND id = ?", (state.value, rule, error, now, lease.id)
            )
            self._expect_one(done, lease)
            self._count(UrlState.PENDING, state)

    def fail_host(self, host: str, error: str, now: float) -> int:
        """End every waiting URL of a host that was given up; returns how many."""
        with self.state.unit() as connection:
            ended = connection.execute(
                f"{_END} AND host = ?", (UrlState.FAILED.value, None, error, now, host)
            ).rowcount
            self._count(UrlState.PENDING, UrlState.FAILED, ended)
        return ended

    def end_as_budget(self, rule: str, now: float) -> int:
        """End every waiting URL because a budget is spent; returns how many."""
        with self.state.unit() as connection:
            ended = connection.execute(_END, (UrlState.BUDGET.value, rule, None, now)).rowcount
            self._count(UrlState.PENDING, UrlState.BUDGET, ended)
        return ended

    def reopen(self, *states: UrlState, rule: str | None = None) -> int:
        """Let URLs in some states wait again: after a crash, for a larger budget, a lifted rule."""
        names = json.dumps([state.value for state in states])
        with self.state.unit() as connection:
            changed = connection.execute(_AGAIN, (names, rule, rule)).rowcount
            self._recount()
        return changed

    def reopen_one(self, row_id: int, priority: int) -> None:
        """Let one ended URL wait again, in front."""
        with self.state.unit() as connection:
            connection.execute(
                "UPDATE urls SET state = 'pending', rule = NULL, next_try_at = 0, done_at = NULL,"
                " priority = ? WHERE id = ?",
                (priority, row_id),
            )
            self._recount()

    @property
    def counts(self) -> Counter[UrlState]:
        """URLs in each state, kept in memory."""
        if self._undone != self.state.undone:
            self._recount()
        return self._counts

    @property
    def open_count(self) -> int:
        """URLs that wait or are lent out."""
        return sum(self.counts[state] for state in OPEN)

    def _count(self, old: UrlState, new: UrlState, n: int = 1) -> None:
        self._counts[old] -= n
        self._counts[new] += n

    def _recount(self) -> None:
        self._counts = Counter(accounts.counts(self.state))
        self._undone = self.state.undone

    @staticmethod
    def _expect_one(done: sqlite3.Cursor, lease: Lease) -> None:
        if done.rowcount != 1:
            raise LookupError(f"{lease.url} is not in the state that this step starts from")


def _lease(row: tuple[Any, ...]) -> Lease:
    return Lease(
        id=row[0],
        url=row[1],
        host=row[2],
        role=Role(row[3]),
        priority=row[4],
        depth=row[5],
        hops=row[6],
        via=row[7],
        via_id=row[8],
        barren=row[9],
        tries=row[10],
    )


def _best(found: Sequence[Found]) -> dict[Url, Found]:
    """Each URL once, in order of discovery, with its best verdict: admitted, then priority."""
    best: dict[Url, Found] = {}
    for entry in found:
        other = best.get(entry.url)
        if other is None or _rank(entry) < _rank(other):
            best[entry.url] = entry
    return best


def _rank(entry: Found) -> tuple[bool, int]:
    return entry.rule is not None, entry.priority


def _may_be_lifted(rule: str | None) -> bool:
    """Whether a sighting in another role or place may lift the refusal."""
    return rule is not None and not rule.startswith(("robots.", "address.", "budget."))
