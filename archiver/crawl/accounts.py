"""The books of a crawl: sums and rows of the URL ledger, for reports, exports and the exit code.

Read-only, so that they also serve `archiver status` beside a running crawl.
"""

from __future__ import annotations

from collections.abc import Iterator

from archiver.crawl.ledger import Balance, LedgerRow, UrlState
from archiver.model import Role, Url
from pipelines.state import CrawlState

_ROWS = """
SELECT u.url, u.host, u.state, u.rule, u.role, u.priority, u.depth, u.hops, v.url, u.tries,
    u.status, u.last_error, u.next_try_at, u.size_bytes, u.capture_id, u.redirect_to, u.seen_at,
    u.done_at
FROM urls u LEFT JOIN urls v ON v.id = u.via ORDER BY u.id
"""
_DANGLING = """
SELECT count(*) FROM urls u WHERE u.state = 'redirect'
    AND NOT EXISTS (SELECT 1 FROM urls t WHERE t.url = u.redirect_to)
"""
_SPENT = """
SELECT coalesce(sum(role <> 'requisite' AND rtrim(hops, 'R') NOT LIKE '%P'), 0),
    coalesce(sum(size_bytes), 0)
FROM urls WHERE tries > 0
"""


def counts(state: CrawlState) -> dict[UrlState, int]:
    """URLs in each state."""
    rows = state.connection.execute("SELECT state, count(*) FROM urls GROUP BY state")
    return {UrlState(name): n for name, n in rows}


def balance(state: CrawlState) -> Balance:
    """The sum of the ledger; `difference` is 0 when every URL has its one terminal state."""
    (discovered,) = state.connection.execute("SELECT count(*) FROM urls").fetchone()
    (dangling,) = state.connection.execute(_DANGLING).fetchone()
    return Balance(discovered=discovered, counts=counts(state), dangling=dangling)


def reasons(state: CrawlState) -> dict[str, int]:
    """How many URLs each rule refused, most first."""
    rows = state.connection.execute(
        "SELECT rule, count(*) FROM urls WHERE rule IS NOT NULL GROUP BY rule"
        " ORDER BY count(*) DESC, rule"
    )
    return {rule: n for rule, n in rows}


def rows(state: CrawlState) -> Iterator[LedgerRow]:
    """Every URL in the order of discovery, with what became of it."""
    for row in state.connection.execute(_ROWS):
        yield LedgerRow(
            url=row[0],
            host=row[1],
            state=UrlState(row[2]),
            rule=row[3],
            role=Role(row[4]),
            priority=row[5],
            depth=row[6],
            hops=row[7],
            via=row[8],
            tries=row[9],
            status=row[10],
            last_error=row[11],
            next_try_at=row[12],
            size_bytes=row[13],
            capture_id=row[14],
            redirect_to=row[15],
            seen_at=row[16],
            done_at=row[17],
        )


def spent(state: CrawlState) -> tuple[int, int]:
    """Pages asked for (requisites and robots.txt left out) and bytes received so far."""
    pages, size = state.connection.execute(_SPENT).fetchone()
    return int(pages), int(size)


def seed_moves(state: CrawlState) -> list[Url]:
    """Where redirects took the seeds, in order."""
    moved = state.connection.execute(
        "SELECT redirect_to FROM urls WHERE state = 'redirect' AND rtrim(hops, 'R') = ''"
        " ORDER BY id"
    )
    return [target for (target,) in moved]
