"""Whatever is found, answered, crashed or spent: the ledger balances and nothing is forgotten."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from archiver.config import Budget, Politeness
from archiver.crawl import accounts
from archiver.crawl.gate import Gate, Rules
from archiver.crawl.ledger import Lease, Outcome, UrlState
from archiver.crawl.retry import Answer, Fault
from archiver.model import CaptureId, Extraction, Follow, PageKind, Role, Url
from pipelines.state import CrawlState
from tests.unit.crawl.world import START, plan_for

SEED = "http://anna.example/"
HOSTS = ("anna.example", "www.anna.example", "pics.example", "disqus.com", "bert.example")
PATHS = (
    "",
    "robots.txt",
    "2004/05/a.html",
    "?p=3",
    "?p=3&replytocom=4",
    "tag/a/",
    "tag/b/",
    "tag/a+b/",
    "cal/2009/05/",
    "x/x/x/x/",
    "a.png",
)
URLS = st.one_of(
    st.builds(
        lambda scheme, host, path, n: f"{scheme}://{host}/{path}{n}",
        st.sampled_from(("http", "https")),
        st.sampled_from(HOSTS),
        st.sampled_from(PATHS),
        st.sampled_from(("", "1", "22")),
    ),
    st.sampled_from(("mailto:a@b", "http://[bad/", "http://127.0.0.1/x", "", "javascript:void(0)")),
)
FOLLOWS = st.lists(
    st.builds(lambda url, role: Follow(url=Url(url), role=role), URLS, st.sampled_from(Role)),
    max_size=12,
)
ANSWERS = st.one_of(
    st.builds(
        Answer,
        status=st.sampled_from((200, 204, 301, 302, 403, 404, 410, 429, 500, 503)),
        location=st.one_of(st.none(), URLS),
        retry_after=st.sampled_from((None, "1", "99999", "nonsense")),
        size_bytes=st.integers(0, 3000),
        is_torn=st.booleans(),
        body=st.sampled_from((b"", b"User-agent: *\nDisallow: /2004/\nCrawl-delay: 3\n")),
        sent_at=st.sampled_from((None, START)),
    ),
    st.builds(Answer, fault=st.sampled_from(Fault), error=st.just("it broke")),
)


class Ledger(RuleBasedStateMachine):
    """A gate under arbitrary pages, answers, delays, crashes and budgets."""

    leases = Bundle("leases")
    answered = Bundle("answered")

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name) / "crawl.sqlite"
        self._plan = plan_for(
            SEED,
            output=self._path.parent,
            politeness=Politeness(concurrency_per_host=2, max_tries=2),
        )
        self._now = START
        self._life = 0
        self._committed: dict[str, str] = {}
        self._open()
        self._gate.seed(self._plan.seeds)

    def _open(self) -> None:
        self._state = CrawlState.open(self._path, clock=lambda: self._now)
        rules = Rules(random=Random(1))
        self._gate = Gate(self._plan, self._state, clock=lambda: self._now, rules=rules)
        self._life += 1

    def teardown(self) -> None:
        self._state.abandon()
        self._folder.cleanup()

    @rule(seconds=st.sampled_from((0.1, 2.0, 60.0, 4000.0)))
    def wait(self, seconds: float) -> None:
        self._now += seconds

    @rule(target=leases)
    def lease(self) -> object:
        lease = self._gate.lease()
        return multiple() if lease is None else (self._life, lease)

    @rule(target=answered, lent=consumes(leases), answer=ANSWERS, follows=FOLLOWS)
    def answer(self, lent: tuple[int, Lease], answer: Answer, follows: list[Follow]) -> object:
        life, lease = lent
        if life != self._life:
            return multiple()
        outcome = self._gate.answer(lease, answer)
        if outcome.state is UrlState.CAPTURED:
            page = Extraction(
                page_kind=PageKind.OTHER, extractor="f", confidence=1.0, follow=tuple(follows)
            )
            self._gate.learn(lease, page)
        return life, lease, outcome

    @rule(done=consumes(answered), is_revisit=st.booleans())
    def settle(self, done: tuple[int, Lease, Outcome], is_revisit: bool) -> None:
        life, lease, outcome = done
        if life == self._life:
            self._gate.settle(lease, outcome, CaptureId("c"), is_revisit=is_revisit)

    @rule(follows=FOLLOWS)
    def discover(self, follows: list[Follow]) -> None:
        self._gate.discover(follows)

    @rule()
    def commit(self) -> None:
        self._state.commit()
        rows = self._state.connection.execute("SELECT url, state FROM urls")
        self._committed = dict(rows.fetchall())

    @rule()
    def crash(self) -> None:
        self._state.abandon()
        self._open()
        rows = dict(self._state.connection.execute("SELECT url, state FROM urls").fetchall())
        assert self._committed.keys() <= rows.keys()
        assert UrlState.LEASED not in rows.values()

    @rule(pages=st.integers(0, 5))
    def end_on_a_budget_and_go_on_without(self, pages: int) -> None:
        plan = self._plan
        self._state.close()
        self._plan = replace(plan, budget=Budget(max_pages=pages, max_time_s=0.0))
        self._open()
        assert self._gate.lease() is None
        balance = self._gate.close()
        assert balance.difference == 0
        self._state.close()
        self._plan = plan
        self._open()

    @invariant()
    def the_counts_in_memory_are_those_of_the_file(self) -> None:
        in_file = accounts.counts(self._state)
        assert {s: n for s, n in self._gate.frontier.counts.items() if n} == in_file

    @invariant()
    def every_url_is_in_one_state_and_no_redirect_leads_out_of_the_ledger(self) -> None:
        balance = accounts.balance(self._state)
        assert balance.discovered == balance.open + balance.ended
        assert balance.dangling == 0

    @invariant()
    def while_urls_wait_there_is_something_to_wait_for(self) -> None:
        lent = self._gate.frontier.counts[UrlState.LEASED]
        if self._gate.has_work and not lent:
            assert self._gate.wake_at() is not None


class Finish(Ledger):
    """The same, run to its end afterwards: with ever patient servers, every URL gets its end."""

    def teardown(self) -> None:
        self._state.commit()
        self._state.abandon()
        self._open()
        for _ in range(5000):
            lease = self._gate.lease()
            if lease is not None:
                outcome = self._gate.answer(lease, Answer(status=200, size_bytes=1))
                self._gate.settle(lease, outcome, CaptureId("c"))
                continue
            wake = self._gate.wake_at()
            if wake is None:
                break
            self._now = max(self._now, wake)
        assert self._gate.close().difference == 0
        super().teardown()


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
TestFinish = Finish.TestCase
TestFinish.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
