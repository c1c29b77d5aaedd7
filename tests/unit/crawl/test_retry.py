from __future__ import annotations

from typing import Any

import pytest

from archiver.crawl.retry import (
    Answer,
    Decision,
    Fault,
    Health,
    RetryPolicy,
    Step,
    decide,
    retry_after_s,
)

NOW = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT
POLICY = RetryPolicy()
HOME = Health(is_home=True, has_answered=True)
ELSEWHERE = Health(is_home=False)


def on(answer: Answer, *, tries: int = 1, health: Health = HOME, **more: Any) -> Decision:
    return decide(answer, url_id=1, tries=tries, health=health, policy=POLICY, now=NOW, **more)


def status(code: int, **more: Any) -> Answer:
    return Answer(status=code, size_bytes=10, **more)


@pytest.mark.parametrize("code", [200, 204, 206, 304, 400, 401, 402, 404, 405, 410, 418, 451])
def test_an_answer_that_will_not_change_is_kept(code: int) -> None:
    assert on(status(code)).step is Step.KEEP


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_when_it_says_where_to(code: int) -> None:
    assert on(status(code, location="/there")).step is Step.FOLLOW
    assert on(status(code)).step is Step.KEEP


@pytest.mark.parametrize("code", [408, 425, 500, 502, 504, 520, 524])
def test_a_server_error_is_tried_again_and_fails_in_the_end(code: int) -> None:
    waits = [on(status(code), tries=tries).retry_at - NOW for tries in range(1, 5)]
    assert waits == [2, 4, 8, 16]
    last = on(status(code), tries=5)
    assert (last.step, last.because) == (Step.FAIL, f"HTTP {code}")
    assert on(status(code), tries=1).hold_until == 0


def test_waits_grow_to_a_cap() -> None:
    assert [POLICY.wait_s(n) for n in (0, 1, 7, 8, 500)] == [2, 4, 256, 300, 300]


@pytest.mark.parametrize("code", [429, 503])
def test_a_throttled_host_is_left_alone_as_a_whole(code: int) -> None:
    asked = on(status(code, retry_after="120"))
    assert (asked.step, asked.hold_until) == (Step.AGAIN, NOW + 120)
    assert asked.retry_at >= NOW + 120
    unasked = on(status(code))
    assert unasked.hold_until == NOW + 2


def test_a_server_that_asks_for_hours_is_given_up() -> None:
    assert on(status(503, retry_after="86400")).step is Step.FAIL_HOST


@pytest.mark.parametrize("fault", [Fault.CONNECT, Fault.TIMEOUT, Fault.BROKEN])
def test_a_broken_connection_holds_the_host_back_longer_each_time(fault: Fault) -> None:
    waits = [
        on(
            Answer(fault=fault),
            health=Health(
                is_home=True, has_answered=True, strikes=n, struck=frozenset(range(2, 2 + n))
            ),
        ).hold_until
        - NOW
        for n in range(4)
    ]
    assert waits == [2, 4, 8, 16]


def test_one_url_that_breaks_alone_fails_after_its_tries() -> None:
    alone = Health(is_home=True, has_answered=True, strikes=4, struck=frozenset({1}))
    assert on(Answer(fault=Fault.TIMEOUT), tries=5, health=alone).step is Step.FAIL


def test_in_an_outage_no_url_pays_with_its_tries() -> None:
    outage = Health(is_home=True, has_answered=True, strikes=4, struck=frozenset({1, 2, 3}))
    assert on(Answer(fault=Fault.CONNECT), tries=9, health=outage).step is Step.AGAIN


@pytest.mark.parametrize(
    ("health", "strikes"),
    [
        (Health(is_home=True, has_answered=True), 10),
        (Health(is_home=True, has_answered=False), 5),
        (Health(is_home=False, has_answered=True), 3),
        (Health(is_home=False, has_answered=False), 3),
    ],
)
def test_the_blogs_own_host_gets_more_patience(health: Health, strikes: int) -> None:
    def step(before: int) -> Step:
        worn = Health(
            is_home=health.is_home,
            has_answered=health.has_answered,
            strikes=before,
            struck=frozenset({1, 2}),
        )
        return on(Answer(fault=Fault.CONNECT), health=worn).step

    assert step(strikes - 2) is Step.AGAIN
    assert step(strikes - 1) is Step.FAIL_HOST


def test_a_name_without_an_address_is_given_up_soon() -> None:
    worn = Health(is_home=True, strikes=2, struck=frozenset({1}))
    assert on(Answer(fault=Fault.LOOKUP), tries=3, health=worn).step is Step.FAIL_HOST


def test_a_403_is_tried_once_more_and_then_believed() -> None:
    assert on(status(403)).step is Step.AGAIN
    assert on(status(403)).hold_until == 0
    assert on(status(403), tries=2).step is Step.KEEP


def test_403s_in_a_row_hold_the_host_and_then_are_believed() -> None:
    def after(row: int, tries: int = 2) -> Decision:
        health = Health(is_home=True, has_answered=True, forbidden=row)
        return on(status(403), tries=tries, health=health)

    assert [after(row).hold_until - NOW for row in (2, 3, 4)] == [2, 4, 8]
    assert after(7).step is Step.KEEP
    assert after(28).step is Step.KEEP
    assert after(29).step is Step.FAIL_HOST


def test_a_403_from_a_strangers_picture_host_is_kept() -> None:
    assert on(status(403), health=ELSEWHERE).step is Step.KEEP


def test_a_body_that_ended_early_is_asked_for_again_and_then_kept() -> None:
    torn = Answer(status=200, size_bytes=10, is_torn=True)
    assert [on(torn, tries=n).step for n in (1, 2, 3)] == [Step.AGAIN, Step.AGAIN, Step.KEEP]


def test_an_empty_page_of_the_blog_is_asked_for_once_more() -> None:
    empty = Answer(status=200)
    assert [on(empty, tries=n).step for n in (1, 2)] == [Step.AGAIN, Step.KEEP]
    assert on(empty, health=ELSEWHERE).step is Step.KEEP


@pytest.mark.parametrize(
    ("fault", "step"),
    [
        (Fault.ADDRESS, Step.REFUSE),
        (Fault.TOO_LARGE, Step.FAIL),
        (Fault.UNUSABLE, Step.FAIL),
        (Fault.STOPPED, Step.AGAIN),
    ],
)
def test_faults_that_are_not_the_hosts_do_not_hold_it(fault: Fault, step: Step) -> None:
    decision = on(Answer(fault=fault, error="why"))
    assert (decision.step, decision.hold_until, decision.because) == (step, 0, "why")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Tue, 14 Nov 2023 22:15:20 GMT", 120.0),
        ("Tuesday, 14-Nov-23 22:15:20 GMT", 120.0),
        ("Tue Nov 14 22:15:20 2023", 120.0),
        ("Tue, 14 Nov 2023 20:00:00 GMT", 0.0),
        ("9" * 40, 1e9),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(
    value: str | None, seconds: float | None
) -> None:
    assert retry_after_s(value, NOW) == seconds
