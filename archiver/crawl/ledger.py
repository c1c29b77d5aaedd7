"""The words of the URL ledger: what is found, what is lent out, and how each URL ends.

Every discovered URL has one row and ends in exactly one terminal state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from archiver.model import CaptureId, Role, Url


class UrlState(StrEnum):
    """Where a URL stands: waiting, lent to the engine, or ended for one reason."""

    PENDING = "pending"
    LEASED = "leased"
    CAPTURED = "captured"
    REVISIT = "revisit"
    REDIRECT = "redirect"
    REFUSED = "refused"
    FAILED = "failed"
    BUDGET = "budget"


OPEN = frozenset({UrlState.PENDING, UrlState.LEASED})


class Priority:
    """The order of the queue, lowest first; within one priority the oldest discovery goes first."""

    ROBOTS = 0
    SEED = 1
    SOURCE = 2  # feeds and sitemaps: they name the posts
    POST = 3
    LISTING = 4
    OTHER = 5
    REQUISITE = 6
    LISTING_TAIL = 7


_BY_ROLE: Mapping[Role, int] = {
    Role.FEED: Priority.SOURCE,
    Role.SITEMAP: Priority.SOURCE,
    Role.POST: Priority.POST,
    Role.COMMENT_PAGE: Priority.POST,
    Role.API: Priority.POST,
    Role.LISTING: Priority.LISTING,
    Role.OTHER: Priority.OTHER,
    Role.REQUISITE: Priority.REQUISITE,
}


def priority_of(role: Role) -> int:
    """The place of a role in the queue."""
    return _BY_ROLE[role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A URL with the gate's verdict: `rule` is None when it may be fetched.

    `via` is the ledger id of the page it stood on. `barren` is how many pages in a row, down to
    that page, brought nothing new.
    """

    url: Url
    role: Role
    priority: int
    depth: int = 0
    hops: str = ""  # Heritrix letters: L link, E embed, R redirect, P prerequisite
    via: int | None = None
    barren: int = 0
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A URL lent out for one try; `tries` counts this one, `via` is the referring URL."""

    id: int
    url: Url
    host: str
    role: Role
    priority: int
    depth: int = 0
    hops: str = ""
    via: Url | None = None
    via_id: int | None = None
    barren: int = 0
    tries: int = 1

    @property
    def is_robots(self) -> bool:
        """Whether it was asked for as a robots.txt, or as where a robots.txt redirected."""
        return self.hops.rstrip("R").endswith("P")

    @property
    def is_page(self) -> bool:
        """Whether the page budget counts it: not a requisite, not robots.txt."""
        return self.role is not Role.REQUISITE and not self.is_robots

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        return origin_of(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a try came to. PENDING means: again, not before `retry_at` (epoch seconds).

    `status` is None when nothing came back; `redirect_to` is the ledger's URL of the target.
    """

    state: UrlState
    status: int | None = None
    rule: str | None = None
    error: str | None = None
    redirect_to: Url | None = None
    retry_at: float = 0.0
    size_bytes: int = 0

    @property
    def is_final(self) -> bool:
        """Whether the URL ends here."""
        return self.state not in OPEN

    def again(self, because: str | None, retry_at: float) -> Outcome:
        """The same try, to be repeated."""
        return replace(self, state=UrlState.PENDING, error=because, retry_at=retry_at)

    def failed(self, because: str | None) -> Outcome:
        """The same try, as the last one."""
        return replace(self, state=UrlState.FAILED, error=because or "failed")

    def refused(self, rule: str, target: Url | None = None) -> Outcome:
        """The same try, ended by a rule."""
        return replace(self, state=UrlState.REFUSED, rule=rule, redirect_to=target)

    def redirected(self, target: Url) -> Outcome:
        """The same try, as a hop to another URL."""
        return replace(self, state=UrlState.REDIRECT, redirect_to=target)

    def as_revisit(self) -> Outcome:
        """The same try, kept as a record that points at an earlier capture."""
        return replace(self, state=UrlState.REVISIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One line of the ledger as it is shown and exported; times are epoch seconds."""

    url: Url
    host: str
    state: UrlState
    rule: str | None
    role: Role
    priority: int
    depth: int
    hops: str
    via: Url | None
    tries: int
    status: int | None
    last_error: str | None
    next_try_at: float
    size_bytes: int
    capture_id: CaptureId | None
    redirect_to: Url | None
    seen_at: float
    done_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The sum of the ledger: how many URLs were found, and how many ended in which state.

    `dangling` counts redirects whose target has no row: URLs that were found and forgotten.
    """

    discovered: int
    counts: Mapping[UrlState, int]
    dangling: int = 0

    @property
    def open(self) -> int:
        """URLs without a terminal state."""
        return sum(self.counts.get(state, 0) for state in OPEN)

    @property
    def ended(self) -> int:
        """URLs in a terminal state."""
        return sum(n for state, n in self.counts.items() if state not in OPEN)

    @property
    def difference(self) -> int:
        """0 when every discovered URL ended in exactly one terminal state."""
        return self.discovered - self.ended + self.dangling


def origin_of(url: str) -> str:
    """Scheme, host and port of a canonical URL ("http://example.com:8080")."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
