"""The gate: every URL of a crawl passes it on its way in, out to the server, and to its end.

seed · discover      a page names URLs: each gets a verdict and a row
lease                the next URL that may be asked for now
answer               what came back means: keep, follow, ask again, give up
learn                what a kept page showed, and where it leads
settle               the row's new state, in one transaction with the page's rows
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from lxml.etree import _Element as Node

from archiver.config import CrawlPlan
from archiver.crawl import accounts
from archiver.crawl.addresses import AddressPolicy
from archiver.crawl.admission import Admission, ledger_key
from archiver.crawl.budget import Spending
from archiver.crawl.frontier import Frontier
from archiver.crawl.ledger import Balance, Found, Lease, Outcome, UrlState
from archiver.crawl.novelty import Novelty
from archiver.crawl.politeness import Holds, Rota
from archiver.crawl.retry import Answer, Decision, RetryPolicy, Step, decide
from archiver.crawl.robots import Robots
from archiver.crawl.robots_desk import RobotsDesk
from archiver.crawl.scope import Scope
from archiver.crawl.traps import Traps
from archiver.model import CaptureId, Extraction, Follow, Role, Url
from archiver.urls import resolve
from pipelines.state import CrawlState

_HOST_STRIKES = frozenset({429, 503})
_FIRST: tuple[int, int] = (0, 0)  # a host's place while its best URL has not been looked up
_MOST_REFUSALS = 500  # per lease, so that a long forbidden list does not stop the reactor


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a crawl needs beyond its plan; the defaults are those of a real crawl."""

    retries: RetryPolicy | None = None
    disabled: frozenset[str] = frozenset()  # names of trap rules
    random: Random = field(default_factory=Random)


def steady_clock() -> Callable[[], float]:
    """Seconds since the epoch, taken once from the system's clock and then only going forward."""
    offset = time.time() - time.monotonic()
    return lambda: offset + time.monotonic()


def _nobody_waits() -> None:
    """Stands for the scheduler while there is none."""


class Gate:
    """One crawl's gate; on the state of a broken-off crawl it goes on where that stopped.

    `on_change` is called when `lease` may have become worth a call.
    """

    def __init__(
        self,
        plan: CrawlPlan,
        state: CrawlState,
        *,
        clock: Callable[[], float],
        rules: Rules | None = None,
    ) -> None:
        rules = rules or Rules()
        now = clock()
        self.plan, self.state, self._clock = plan, state, clock
        self.policy = rules.retries or RetryPolicy(max_tries=plan.politeness.max_tries)
        self.frontier = Frontier(state)
        self.addresses = AddressPolicy(plan.seeds, allow_private=plan.politeness.allow_private)
        self.traps = Traps(today=datetime.fromtimestamp(now, UTC).date(), disabled=rules.disabled)
        self.novelty = Novelty(state, self.traps, self.frontier.is_asked)
        self.rota = Rota(plan.politeness, rules.random)
        self._holds = Holds(state)
        self.desk = RobotsDesk(
            Robots(state, plan.politeness.user_agent, now),
            self.frontier,
            self.rota,
            add=self._add,
            sitemaps=self._sitemaps,
            is_obeyed=plan.politeness.obey_robots,
        )
        self.on_change: Callable[[], None] = _nobody_waits
        self._moves: dict[Url, Url] = {}  # redirects whose rows are not settled yet
        self._admission = Admission(self._scope(), self.novelty, self.addresses)
        self.frontier.reopen(UrlState.LEASED, UrlState.BUDGET)
        pages, size = accounts.spent(state)
        self.spending = Spending(plan.budget, pages=pages, size_bytes=size, started_at=now)
        for host in self.frontier.hosts():
            self.rota.offer(host, _FIRST)
        for host, until in self._holds.after(now).items():
            self.rota.hold(host, until)

    def _scope(self) -> Scope:
        scope = Scope.of(self.plan.blog, self.plan.seeds, requisites=self.plan.requisites)
        for target in accounts.seed_moves(self.state):
            scope = scope.moved(self.plan.blog.home_url, target)
        return scope

    @property
    def scope(self) -> Scope:
        """What belongs to the blog, as far as its seeds' redirects have told."""
        return self._admission.scope

    def now(self) -> float:
        """The crawl's clock: seconds since the epoch, never stepping back."""
        return self._clock()

    # -- in

    def seed(self, urls: Iterable[Url]) -> None:
        """Put the addresses where the crawl begins into the ledger; known ones stay as they are."""
        self._add(self._admission.seeds(urls))

    def discover(self, follows: Iterable[Follow], via: Lease | None = None, barren: int = 0) -> int:
        """Put what a page links to into the ledger; returns how many URLs wait because of it."""
        entries = self._admission.links(follows, via, barren)
        return self._add(entries) if entries else 0

    def learn(
        self,
        lease: Lease,
        extraction: Extraction | None = None,
        tree: Node | None = None,
        extra: Iterable[Follow] = (),
    ) -> int:
        """Judge how much news a page brought and discover its links (`extra` are its requisites).

        Call it once for every kept page, before `settle`; returns like `discover`.
        """
        barren = self.novelty.observe(lease, extraction, tree)
        follows = (*(extraction.follow if extraction is not None else ()), *extra)
        return self.discover(follows, lease, barren)

    def _add(self, entries: Iterable[Found]) -> int:
        waiting = self.frontier.add(list(entries), self._clock())
        for host, place in waiting:
            self.rota.offer(host, place)
        if waiting:
            self.on_change()
        return len(waiting)

    def _sitemaps(self, urls: Iterable[Url], via: Lease) -> None:
        """What a robots.txt of the blog's own host names; other hosts' sitemaps are not ours."""
        if self.scope.is_home_host(via.host):
            self.discover((Follow(url=url, role=Role.SITEMAP) for url in urls), via)

    # -- out

    def lease(self) -> Lease | None:
        """The next URL to ask for; None when nothing may be asked now (see `wake_at`)."""
        now = self._clock()
        if self.spending.spent_rule(now) is not None:
            return None
        for _ in range(_MOST_REFUSALS):
            host = self.rota.next(now)
            if host is None:
                return None
            lease = self._take(host, now)
            if lease is not None:
                return lease
        return None

    def wake_at(self) -> float | None:
        """When `lease` is worth another call; None when only an answer can change something."""
        now = self._clock()
        return now if self.rota.next(now) is not None else self.rota.wake_at()

    @property
    def has_work(self) -> bool:
        """Whether URLs wait that this run will still ask for or refuse."""
        if self.spending.spent_rule(self._clock()) is not None:
            return False
        return self.frontier.counts[UrlState.PENDING] > 0

    def _take(self, host: str, now: float) -> Lease | None:
        """Lend out the host's best URL, or move the host or the URL out of the way."""
        because = self.rota.dead_because(host)
        if because is not None:
            self._give_up(host, because, now)
            return None
        leases = self.frontier.peek(host, now)
        if not leases:
            self._wait_for_due(host)
            return None
        best = leases[0]
        if not self.desk.is_awaited(best.url):
            refusal = self._refusal(best)
            if refusal is not None:
                state, reason = refusal
                self._end(best, state, reason, now)
                return None
            if not self.desk.has_ruling(best):
                asked = self.desk.ask(best, now)
                return self._lend(asked, [best], now) if asked is not None else None
        return self._lend(best, leases[1:], now)

    def _refusal(self, lease: Lease) -> tuple[UrlState, str] | None:
        """Why a waiting URL is not asked for after all; None when it is."""
        rule = self._admission.still_open(lease)
        if rule is not None:
            return UrlState.REFUSED, rule
        if lease.is_page and lease.tries == 1 and (rule := self.spending.page_rule()):
            return UrlState.BUDGET, rule
        return self.desk.refusal(lease)

    def _end(self, lease: Lease, state: UrlState, reason: str, now: float) -> None:
        if state is UrlState.FAILED:
            self.frontier.refuse(lease, state, now, error=reason)
        else:
            self.frontier.refuse(lease, state, now, rule=reason)

    def _lend(self, lease: Lease, rest: list[Lease], now: float) -> Lease:
        self.frontier.lease(lease)
        if lease.is_page and lease.tries == 1:
            self.spending.pages += 1
        if rest:
            self.rota.started(lease.host, now, (rest[0].priority, rest[0].id))
        else:
            due = self.frontier.due_at(lease.host)
            self.rota.started(lease.host, now, None if due is None else _FIRST, due or 0.0)
        return lease

    def _wait_for_due(self, host: str) -> None:
        due = self.frontier.due_at(host)
        if due is None:
            self.rota.take_out(host)
        else:
            self.rota.postpone(host, due)

    # -- back

    def answer(self, lease: Lease, answer: Answer) -> Outcome:
        """Decide on what came back. Call it as soon as the answer is there: it frees the host.

        The outcome goes to `settle` once the capture is durable. Read the page when its state is
        CAPTURED.
        """
        now = self._clock()
        sent_at = None if answer.sent_at is None else min(answer.sent_at, now)
        self.rota.finished(lease.host, sent_at)
        self.spending.size_bytes += answer.size_bytes
        health = self.rota.health(lease.host, is_home=self.scope.is_home_host(lease.host))
        decision = decide(
            answer,
            url_id=lease.id,
            tries=lease.tries,
            health=health,
            policy=self.policy,
            now=now,
        )
        with self.state.unit():
            self._note_health(lease, answer, decision)
            outcome = self._outcome(lease, answer, decision, now)
            self.desk.rule(lease, answer, outcome, now)
        self.on_change()
        return outcome

    def settle(
        self,
        lease: Lease,
        outcome: Outcome,
        capture_id: CaptureId | None = None,
        *,
        is_revisit: bool = False,
    ) -> None:
        """Write the outcome; call it once per lease, when the capture is durable.

        Inside `state.unit()` it shares one transaction with the rows read from the capture.
        """
        if is_revisit and outcome.state is UrlState.CAPTURED:
            outcome = outcome.as_revisit()
        self.frontier.settle(lease, outcome, self._clock(), capture_id)
        self._moves.pop(lease.url, None)
        if not outcome.is_final:
            self.rota.offer(lease.host, (lease.priority, lease.id), outcome.retry_at)
            self.on_change()

    def _note_health(self, lease: Lease, answer: Answer, decision: Decision) -> None:
        if answer.fault is not None or answer.status in _HOST_STRIKES:
            self.rota.struck(lease.host, lease.id)
        elif answer.status is not None:
            self.rota.answered(lease.host, answer.status)
        if decision.hold_until:
            self.rota.hold(lease.host, decision.hold_until)
            self._holds.keep(lease.host, decision.hold_until)

    def _outcome(self, lease: Lease, answer: Answer, decision: Decision, now: float) -> Outcome:
        plain = Outcome(
            state=UrlState.CAPTURED,
            status=answer.status,
            error="the body ended early" if answer.is_torn else None,
            size_bytes=answer.size_bytes,
        )
        match decision.step:
            case Step.AGAIN:
                return plain.again(decision.because, decision.retry_at)
            case Step.FAIL:
                return plain.failed(decision.because)
            case Step.FAIL_HOST:
                self._give_up(lease.host, decision.because or "no answer", now)
                return plain.failed(decision.because)
            case Step.REFUSE:
                return plain.refused("address.private")
            case Step.FOLLOW:
                return self._redirect(lease, answer, plain)
            case Step.KEEP:
                if answer.status in (404, 410):
                    self.novelty.observe(lease, None, None)
                return plain

    def _give_up(self, host: str, because: str, now: float) -> None:
        """Ask a host nothing more: what waits for it fails, its robots.txt included."""
        self.rota.give_up(host, because)
        self.rota.take_out(host)
        self.frontier.fail_host(host, because, now)
        self.desk.host_failed(host, now)

    def _redirect(self, lease: Lease, answer: Answer, plain: Outcome) -> Outcome:
        where = resolve(lease.url, answer.location)
        if where is None:
            return plain  # to nowhere that could be asked: the answer is all there is
        target = ledger_key(where)
        if self._leads_back(target, lease.url) and self.traps.is_on("trap.redirect-loop"):
            return plain.refused("trap.redirect-loop", target)
        if not lease.hops.rstrip("R"):
            self._admission.scope = self.scope.moved(lease.url, target)
        self._moves[lease.url] = target
        self._add(self._admission.redirect(lease, target))
        return plain.redirected(target)

    def _leads_back(self, start: Url, goal: Url) -> bool:
        """Whether the redirects known from `start` on end at `goal`."""
        at: Url | None = start
        for _ in range(20):
            if at == goal:
                return True
            if at is None:
                return False
            known = self.frontier.known([at]).get(at)
            at = self._moves.get(at) or (known.redirect_to if known is not None else None)
        return True

    # -- while it runs, and the end

    def switch_off(self, rule: str) -> int:
        """Lift a trap rule; returns how many URLs it had refused and that now wait."""
        self.traps = Traps(
            today=datetime.fromtimestamp(self._clock(), UTC).date(),
            disabled=self.traps.disabled | {rule},
        )
        self.novelty.traps = self.traps
        self._admission.forget()
        reopened = self.frontier.reopen(UrlState.REFUSED, rule=rule)
        for host in self.frontier.hosts():
            self.rota.offer(host, _FIRST)
        return reopened

    def close(self) -> Balance:
        """End what a spent budget leaves waiting, commit, and return the ledger's sum.

        After a stopped crawl URLs are still open, which a later run takes up.
        """
        now = self._clock()
        rule = self.spending.spent_rule(now)
        if rule is not None:
            self.frontier.end_as_budget(rule, now)
        self.state.commit()
        return accounts.balance(self.state)
