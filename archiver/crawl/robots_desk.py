"""Where robots.txt is asked for before anything else of an origin, and its answer becomes a ruling.

A robots.txt is fetched like every other URL, so that it is in the archive and in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from archiver.crawl.frontier import Frontier
from archiver.crawl.ledger import Found, Lease, Outcome, Priority, UrlState
from archiver.crawl.politeness import Rota
from archiver.crawl.retry import Answer
from archiver.crawl.robots import Robots, Ruling, ruling_on
from archiver.model import Role, Url
from archiver.urls import host as host_of
from archiver.urls import resolve


class RobotsDesk:
    """Asks for rulings, receives them, and wakes the hosts that waited.

    `add` writes ledger entries, `sitemaps` takes what a robots.txt names.
    """

    def __init__(
        self,
        robots: Robots,
        frontier: Frontier,
        rota: Rota,
        *,
        add: Callable[[Iterable[Found]], int],
        sitemaps: Callable[[Iterable[Url], Lease], None],
        is_obeyed: bool,
    ) -> None:
        self._robots, self._frontier, self._rota = robots, frontier, rota
        self._add, self._sitemaps = add, sitemaps
        self._is_obeyed = is_obeyed

    def is_awaited(self, url: Url) -> bool:
        """Whether some origin waits for the answer of a URL; such a URL needs no ruling itself."""
        return bool(self._robots.waiting_for(url))

    def has_ruling(self, lease: Lease) -> bool:
        """Whether the origin of a URL has been ruled on, or robots.txt is not obeyed."""
        return not self._is_obeyed or self._robots.of(lease.origin) is not None

    def refusal(self, lease: Lease) -> tuple[UrlState, str] | None:
        """How a ruling ends a waiting URL, and why; None when it does not."""
        file = self._robots.of(lease.origin) if self._is_obeyed else None
        if file is None or file.allows(lease.url):
            return None
        if file.ruling is Ruling.DEAD:
            return UrlState.FAILED, "the host never answered"
        closed = file.ruling is Ruling.CLOSED
        return UrlState.REFUSED, "robots.unreachable" if closed else "robots.disallow"

    def ask(self, lease: Lease, now: float) -> Lease | None:
        """The robots.txt that a URL waits for, to be lent out; None when its host has to wait."""
        url = self._robots.asked_for(lease.origin)
        known = self._frontier.known([url]).get(url)
        if known is not None and known.state not in (UrlState.PENDING, UrlState.LEASED):
            # An earlier run fetched it, and its ruling was lost or is too old.
            self._frontier.reopen_one(known.id, Priority.ROBOTS)
        self._add(
            [
                Found(
                    url=url,
                    role=Role.OTHER,
                    priority=Priority.ROBOTS,
                    depth=lease.depth,
                    hops=f"{lease.hops}P",
                    via=lease.id,
                )
            ]
        )
        asked = self._frontier.waiting(url)
        place = self._frontier.place_of(url)
        if asked is None or place is None or asked.host != lease.host:
            self._rota.take_out(lease.host)  # the ruling brings it back
            return None
        if place[1] > now:
            self._rota.postpone(lease.host, place[1])
            return None
        return asked

    def rule(self, lease: Lease, answer: Answer, outcome: Outcome, now: float) -> None:
        """Turn an answer that some origins wait for into their ruling."""
        if not outcome.is_final or not self.is_awaited(lease.url):
            return
        if outcome.state is UrlState.REDIRECT and outcome.redirect_to is not None:
            self._follow(lease, outcome.redirect_to, now)
        elif outcome.state is UrlState.REFUSED:
            self._conclude(lease.url, Ruling.OPEN, b"", now, lease)
        else:
            self._conclude(lease.url, ruling_on(answer.status), answer.body, now, lease)

    def host_failed(self, host: str, now: float) -> None:
        """Rule on the origins that wait for an answer of a host that was given up."""
        for url in self._robots.awaited():
            if host_of(url) == host:
                self._conclude(url, Ruling.DEAD, b"", now, None)

    def _follow(self, lease: Lease, target: Url, now: float) -> None:
        if not self._robots.moved(lease.url, target):
            self._conclude(lease.url, Ruling.OPEN, b"", now, lease)
            return
        if self._frontier.known([target])[target].state in (UrlState.PENDING, UrlState.LEASED):
            return
        # It was answered before: another origin's robots.txt, or a page, which rules nothing.
        twin = self._robots.read_from(target)
        ruling, body = (twin.ruling, twin.body) if twin is not None else (Ruling.OPEN, b"")
        self._conclude(target, ruling, body, now, lease)

    def _conclude(
        self, url: Url, ruling: Ruling, body: bytes, now: float, via: Lease | None
    ) -> None:
        for origin in self._robots.conclude(url, ruling, body, now):
            host = host_of(origin)
            file = self._robots.of(origin)
            if file is not None and via is not None:
                self._rota.slow_down(host, file.delay_s)
                named = (resolve(f"{origin}/", sitemap) for sitemap in file.sitemaps)
                self._sitemaps([each for each in named if each is not None], via)
            self._rota.offer(host, (Priority.ROBOTS, 0))
