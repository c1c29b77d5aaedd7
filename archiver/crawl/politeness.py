"""Whose turn it is: one request at a time per host, a gap between two, and the waits hosts ask for.

All times are seconds of one clock that never steps back, counted from the epoch.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from random import Random

from archiver.config import Politeness
from archiver.crawl.retry import Health
from pipelines.state import CrawlState

Head = tuple[int, int]  # priority and ledger id of a host's best waiting URL

# Our clock notes when a request left, the server's when it arrived.
_SLACK_S = 0.01
_JITTER = 0.5  # a jittered gap is up to half as long again, never shorter


@dataclass(slots=True)
class _Host:
    """What is known of one host during a run."""

    delay_s: float
    head: Head | None = None
    due_at: float = 0.0  # when the first of its URLs may be tried
    active: int = 0
    ready_at: float = 0.0
    held_until: float = 0.0
    turn: int = 0  # number of its only valid queue entry
    has_answered: bool = False
    strikes: int = 0
    forbidden: int = 0
    struck: set[int] = field(default_factory=set)
    dead_because: str | None = None


class Rota:
    """The hosts with work, and which of them may be asked now, best URL first."""

    def __init__(self, politeness: Politeness, random: Random) -> None:
        self._politeness = politeness
        self._random = random
        self._hosts: dict[str, _Host] = {}
        self._ready: list[tuple[Head, int, str]] = []
        self._waiting: list[tuple[float, int, str]] = []

    def _host(self, name: str) -> _Host:
        if name not in self._hosts:
            self._hosts[name] = _Host(delay_s=self._politeness.delay_s)
        return self._hosts[name]

    def offer(self, name: str, head: Head, not_before: float = 0.0) -> None:
        """A host has work: a URL with its place in the queue and its first due time."""
        host = self._host(name)
        if host.head is None or head < host.head or not_before < host.due_at:
            is_first = host.head is None
            host.due_at = not_before if is_first else min(host.due_at, not_before)
            host.head = head if host.head is None else min(head, host.head)
            self._enter(name, host)

    def take_out(self, name: str) -> None:
        """A host has no work for now; a new offer brings it back."""
        host = self._host(name)
        host.head = None
        host.turn += 1

    def postpone(self, name: str, due_at: float) -> None:
        """None of the host's URLs is due before that time."""
        host = self._host(name)
        host.due_at = due_at
        self._enter(name, host)

    def next(self, now: float) -> str | None:
        """The host that may be asked now and has the best URL; None when there is none.

        The host keeps its place until `started`, `take_out` or `postpone` change it.
        """
        while self._waiting and self._waiting[0][0] <= now:
            _, turn, name = heapq.heappop(self._waiting)
            host = self._hosts[name]
            if turn == host.turn and host.head is not None:
                heapq.heappush(self._ready, (host.head, turn, name))
        while self._ready:
            _, turn, name = self._ready[0]
            if turn == self._hosts[name].turn:
                return name
            heapq.heappop(self._ready)
        return None

    def wake_at(self) -> float | None:
        """When the next host becomes ready; None when none waits for time to pass."""
        while self._waiting:
            at, turn, name = self._waiting[0]
            if turn == self._hosts[name].turn:
                return at
            heapq.heappop(self._waiting)
        return None

    def started(self, name: str, now: float, head: Head | None, due_at: float = 0.0) -> None:
        """A URL of the host was lent out; `head` is the best of the rest, due at `due_at`."""
        host = self._host(name)
        host.active += 1
        host.ready_at = now + self._gap(host)
        host.head = head
        host.due_at = due_at
        self._enter(name, host)

    def finished(self, name: str, sent_at: float | None) -> None:
        """The answer came. `sent_at` is when the request left, which may be later than the lease:
        looking up the name and connecting take time, and the server counts from what it sees."""
        host = self._host(name)
        host.active = max(0, host.active - 1)
        if sent_at is not None:
            host.ready_at = max(host.ready_at, sent_at + self._gap(host))
        self._enter(name, host)

    def hold(self, name: str, until: float) -> None:
        """Leave a host alone until then; a hold is never shortened."""
        host = self._host(name)
        if until > host.held_until:
            host.held_until = until
            self._enter(name, host)

    def slow_down(self, name: str, delay_s: float) -> None:
        """Keep at least that gap between two requests to a host."""
        host = self._host(name)
        host.delay_s = max(host.delay_s, delay_s)

    def struck(self, name: str, url_id: int) -> None:
        """A request to the host failed in a way that is the host's."""
        host = self._host(name)
        host.strikes += 1
        host.struck.add(url_id)

    def answered(self, name: str, status: int) -> None:
        """The host answered in earnest: failures in a row end, 403s in a row are counted."""
        host = self._host(name)
        host.has_answered = True
        host.strikes = 0
        host.struck.clear()
        host.forbidden = host.forbidden + 1 if status == 403 else 0

    def give_up(self, name: str, because: str) -> None:
        """Ask the host nothing more in this run."""
        self._host(name).dead_because = because

    def dead_because(self, name: str) -> str | None:
        """Why a host was given up; None while it was not."""
        return self._host(name).dead_because

    def health(self, name: str, *, is_home: bool) -> Health:
        """How the host has done lately."""
        host = self._host(name)
        return Health(
            is_home=is_home,
            has_answered=host.has_answered,
            strikes=host.strikes,
            struck=frozenset(host.struck),
            forbidden=host.forbidden,
        )

    def _enter(self, name: str, host: _Host) -> None:
        """Give the host its one valid place: it waits until its time, or for its answer."""
        host.turn += 1
        if host.head is None or host.active >= self._politeness.concurrency_per_host:
            return
        at = max(host.ready_at, host.held_until, host.due_at)
        heapq.heappush(self._waiting, (at, host.turn, name))

    def _gap(self, host: _Host) -> float:
        if not host.delay_s:
            return 0.0
        extra = self._random.random() * _JITTER if self._politeness.jitter else 0.0
        return host.delay_s * (1 + extra) + _SLACK_S


_HOLDS = "CREATE TABLE IF NOT EXISTS holds (host TEXT PRIMARY KEY, until REAL NOT NULL) STRICT"


class Holds:
    """The waits that hosts asked for, kept so that a restart does not forget them."""

    def __init__(self, state: CrawlState) -> None:
        self._state = state
        with state.unit() as connection:
            connection.execute(_HOLDS)

    def keep(self, host: str, until: float) -> None:
        """Note until when a host is left alone."""
        with self._state.unit() as connection:
            connection.execute("INSERT OR REPLACE INTO holds VALUES (?, ?)", (host, until))

    def after(self, now: float) -> dict[str, float]:
        """Hosts that are still to be left alone, and until when."""
        rows = self._state.connection.execute("SELECT * FROM holds WHERE until > ?", (now,))
        return {host: until for host, until in rows}
