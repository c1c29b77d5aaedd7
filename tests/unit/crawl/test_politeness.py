from __future__ import annotations

from random import Random

import pytest

from archiver.config import Politeness
from archiver.crawl.politeness import Holds, Rota
from pipelines.state import CrawlState

A, B = "a.example", "b.example"


def rota(delay_s: float = 1.0, concurrency: int = 1, jitter: bool = False) -> Rota:
    politeness = Politeness(delay_s=delay_s, concurrency_per_host=concurrency, jitter=jitter)
    return Rota(politeness, Random(1))


def test_a_host_that_was_never_asked_is_ready_at_once() -> None:
    hosts = rota()
    assert hosts.next(0.0) is None
    hosts.offer(A, (3, 1))
    assert hosts.next(0.0) == A


def test_the_host_with_the_best_url_goes_first() -> None:
    hosts = rota()
    hosts.offer(A, (6, 1))
    hosts.offer(B, (3, 9))
    assert hosts.next(0.0) == B
    hosts.offer(A, (0, 10))
    assert hosts.next(0.0) == A


def test_a_host_is_asked_one_thing_at_a_time() -> None:
    hosts = rota()
    hosts.offer(A, (3, 1))
    hosts.started(A, 0.0, head=(3, 2))
    assert hosts.next(100.0) is None
    assert hosts.wake_at() is None
    hosts.finished(A, sent_at=0.0)
    assert hosts.next(100.0) == A


def test_the_gap_counts_from_when_the_request_left_not_from_its_lease() -> None:
    hosts = rota(delay_s=1.0)
    hosts.offer(A, (3, 1))
    hosts.started(A, 0.0, head=(3, 2))
    hosts.finished(A, sent_at=0.9)
    wake = hosts.wake_at()
    assert wake is not None
    assert 1.9 <= wake <= 1.95
    assert hosts.next(1.89) is None
    assert hosts.next(wake) == A


def test_two_requests_at_once_still_keep_the_gap() -> None:
    hosts = rota(delay_s=1.0, concurrency=2)
    hosts.offer(A, (3, 1))
    hosts.started(A, 0.0, head=(3, 2))
    assert hosts.next(0.5) is None
    assert hosts.next(1.1) == A
    hosts.started(A, 1.1, head=(3, 3))
    assert hosts.next(9.0) is None


def test_a_hold_is_kept_and_never_shortened() -> None:
    hosts = rota()
    hosts.offer(A, (3, 1))
    hosts.hold(A, 60.0)
    hosts.hold(A, 30.0)
    assert hosts.next(59.9) is None
    assert hosts.next(60.0) == A


def test_a_url_that_is_due_now_is_not_kept_waiting_by_one_that_is_due_later() -> None:
    hosts = rota()
    hosts.offer(A, (3, 1), not_before=500.0)
    assert hosts.wake_at() == 500.0
    hosts.offer(A, (6, 2))
    assert hosts.next(0.0) == A


def test_a_crawl_delay_makes_the_gap_longer_and_never_shorter() -> None:
    hosts = rota(delay_s=1.0)
    hosts.slow_down(A, 10.0)
    hosts.slow_down(A, 0.0)
    hosts.offer(A, (3, 1))
    hosts.started(A, 0.0, head=(3, 2))
    hosts.finished(A, sent_at=0.0)
    assert hosts.next(9.9) is None
    assert hosts.next(10.1) == A


def test_jitter_only_ever_lengthens_the_gap() -> None:
    gaps = set()
    hosts = rota(delay_s=2.0, jitter=True)
    now = 0.0
    hosts.offer(A, (3, 1))
    for n in range(50):
        hosts.started(A, now, head=(3, n))
        hosts.finished(A, sent_at=now)
        wake = hosts.wake_at()
        assert wake is not None
        gaps.add(wake - now)
        assert hosts.next(wake) == A
        now = wake
    assert min(gaps) >= 2.0
    assert max(gaps) <= 3.1
    assert len(gaps) > 10


def test_a_host_without_work_comes_back_with_an_offer() -> None:
    hosts = rota()
    hosts.offer(A, (3, 1))
    hosts.take_out(A)
    assert hosts.next(0.0) is None
    hosts.offer(A, (6, 5))
    assert hosts.next(0.0) == A


def test_an_answer_in_earnest_ends_a_row_of_failures() -> None:
    hosts = rota()
    hosts.struck(A, 1)
    hosts.struck(A, 2)
    worn = hosts.health(A, is_home=True)
    assert (worn.strikes, worn.struck, worn.has_answered) == (2, {1, 2}, False)
    hosts.answered(A, 200)
    well = hosts.health(A, is_home=True)
    assert (well.strikes, well.struck, well.has_answered) == (0, frozenset(), True)


def test_403s_are_counted_until_another_answer_comes() -> None:
    hosts = rota()
    for _ in range(3):
        hosts.answered(A, 403)
    assert hosts.health(A, is_home=True).forbidden == 3
    hosts.answered(A, 404)
    assert hosts.health(A, is_home=True).forbidden == 0


@pytest.mark.parametrize("now", [99.0, 101.0])
def test_holds_outlive_the_process_until_they_are_over(state: CrawlState, now: float) -> None:
    Holds(state).keep(A, 100.0)
    assert Holds(state).after(now) == ({A: 100.0} if now < 100 else {})
