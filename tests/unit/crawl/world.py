"""A small web on a virtual clock, and an engine that crawls it through a real gate."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from uuid import UUID

from archiver.config import Blog, Budget, CrawlPlan, Politeness
from archiver.crawl.gate import Gate, Rules
from archiver.crawl.ledger import Lease, Outcome, UrlState
from archiver.crawl.retry import Answer, Fault
from archiver.model import (
    BlogId,
    CaptureId,
    Extraction,
    Follow,
    Moment,
    PageKind,
    Post,
    Role,
    Source,
    Url,
)
from pipelines.state import CrawlState

START = 1_700_000_000.0  # 2023-11-14


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a server of the small web says: links with their roles, and the ids of posts shown."""

    status: int = 200
    links: tuple[tuple[str, Role], ...] = ()
    posts: tuple[str, ...] = ()
    body: bytes = b"words"
    location: str | None = None
    retry_after: str | None = None
    fault: Fault | None = None
    is_torn: bool = False


Site = Callable[[str, float], Reply]  # a URL and the time it is asked


def blank(url: str, now: float) -> Reply:
    """A server that has nothing."""
    return Reply(status=404)


def site_of(pages: dict[str, Reply]) -> Site:
    """A server with fixed pages; everything else, robots.txt included, is a 404."""
    return lambda url, now: pages.get(url, Reply(status=404))


def plan_for(
    *seeds: str,
    output: Path,
    politeness: Politeness | None = None,
    budget: Budget | None = None,
) -> CrawlPlan:
    """A plan for the blog at the first seed."""
    return CrawlPlan(
        blog=Blog(blog_id=BlogId("blog"), home_url=Url(seeds[0])),
        seeds=tuple(Url(seed) for seed in seeds),
        output=output,
        politeness=politeness or Politeness(),
        budget=budget or Budget(),
    )


def extraction_of(lease: Lease, reply: Reply) -> Extraction:
    """What an extractor would have read from a reply."""
    kind = PageKind.POST if len(reply.posts) == 1 else PageKind.ARCHIVE
    return Extraction(
        page_kind=kind if reply.posts else PageKind.OTHER,
        extractor="world",
        confidence=1.0,
        posts=tuple(
            Post(
                aliases=(f"native:{post}",),
                source=Source.MACHINE,
                page_kind=kind,
                native_id=post,
                published=Moment(text="", local=None),
            )
            for post in reply.posts
        ),
        follow=tuple(Follow(url=Url(url), role=role) for url, role in reply.links),
    )


@dataclass
class World:
    """Crawls `site` with a real gate on a real file; time passes only when nothing else can."""

    path: Path
    plan: CrawlPlan
    site: Site
    rules: Rules = field(default_factory=lambda: Rules(random=Random(1)))
    latency_s: float = 0.1
    settle_lag_s: float = 0.05
    concurrency: int = 8
    now: float = START

    def __post_init__(self) -> None:
        self.asked: list[tuple[float, str]] = []
        self._ids = count(1)
        self._tick = count()
        self.open()

    def open(self) -> None:
        """Open the gate on the file, as a process does when it starts."""
        self.state = CrawlState.open(self.path, clock=lambda: self.now)
        self.gate = Gate(self.plan, self.state, clock=lambda: self.now, rules=self.rules)
        self._flights: list[tuple[float, int, Lease, Reply]] = []
        self._unsettled: list[tuple[float, int, Lease, Outcome, CaptureId | None]] = []

    def die(self) -> None:
        """Lose everything that is not committed, as a killed process does."""
        self.state.abandon()

    def run(self, *, until: Callable[[], bool] = lambda: False) -> None:
        """Crawl from the plan's seeds until nothing is left to do, or `until` says stop."""
        self.gate.seed(self.plan.seeds)
        while not until() and self.step():
            pass

    def step(self) -> bool:
        """Do the next thing that can be done; False when the crawl is over."""
        if len(self._flights) < self.concurrency and (lease := self.gate.lease()) is not None:
            self.asked.append((self.now, lease.url))
            reply = self.site(lease.url, self.now)
            heapq.heappush(
                self._flights, (self.now + self.latency_s, next(self._tick), lease, reply)
            )
            return True
        times = [queue[0][0] for queue in (self._flights, self._unsettled) if queue]
        if len(self._flights) < self.concurrency and self.gate.has_work:
            wake = self.gate.wake_at()
            times += [] if wake is None else [wake]
        if not times:
            return False
        self.now = max(self.now, min(times))
        if self._flights and self._flights[0][0] <= self.now:
            self._land(*heapq.heappop(self._flights))
        if self._unsettled and self._unsettled[0][0] <= self.now:
            _, _, lease, outcome, capture_id = heapq.heappop(self._unsettled)
            self.gate.settle(lease, outcome, capture_id)
        return True

    def _land(self, at: float, tick: int, lease: Lease, reply: Reply) -> None:
        answer = Answer(
            status=None if reply.fault else reply.status,
            fault=reply.fault,
            error=reply.fault,
            location=reply.location,
            retry_after=reply.retry_after,
            sent_at=at - self.latency_s,
            size_bytes=len(reply.body),
            is_torn=reply.is_torn,
            body=reply.body,
        )
        outcome = self.gate.answer(lease, answer)
        if outcome.state is UrlState.CAPTURED and reply.status == 200:
            self.gate.learn(lease, extraction_of(lease, reply))
        capture_id = None if reply.fault else CaptureId(str(UUID(int=next(self._ids))))
        heapq.heappush(
            self._unsettled,
            (self.now + self.settle_lag_s, next(self._tick), lease, outcome, capture_id),
        )

    def times(self, host: str) -> list[float]:
        """When a host was asked."""
        return [at for at, url in self.asked if f"//{host}" in url]

    def count(self, text: str) -> int:
        """How many requests had a text in their URL."""
        return sum(text in url for _, url in self.asked)

    def states(self) -> dict[str, str]:
        """State and reason of every URL, as "captured" or "refused wp.share"."""
        rows = self.state.connection.execute(
            "SELECT url, state, coalesce(rule, last_error) FROM urls ORDER BY id"
        )
        return {url: f"{state} {why}" if why else state for url, state, why in rows}
