from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from archiver.crawl import accounts
from archiver.crawl.frontier import Frontier
from archiver.crawl.ledger import Found, Lease, Outcome, Priority, UrlState, priority_of
from archiver.model import CaptureId, Role, Url

HOST = "anna.example"
NOW = 1000.0
CAPTURE = CaptureId("7d0f")


def found(path: str, role: Role = Role.POST, **more: Any) -> Found:
    return Found(
        url=Url(f"http://{HOST}/{path}"),
        role=role,
        priority=more.pop("priority", priority_of(role)),
        **more,
    )


def take(frontier: Frontier, now: float = NOW) -> Lease:
    """Lease the best URL of the host."""
    best = frontier.peek(HOST, now)[0]
    frontier.lease(best)
    return best


def test_a_url_found_twice_has_one_row(frontier: Frontier) -> None:
    assert len(frontier.add([found("a"), found("a")], NOW)) == 1
    assert frontier.add([found("a")], NOW) == []
    assert frontier.counts == {UrlState.PENDING: 1}


def test_urls_are_lent_by_priority_and_then_by_age(frontier: Frontier) -> None:
    frontier.add(
        [
            found("picture", Role.REQUISITE),
            found("post-1"),
            found("archive", Role.LISTING),
            found("post-2"),
            found("robots.txt", Role.OTHER, priority=Priority.ROBOTS),
        ],
        NOW,
    )
    order = [take(frontier).url.rpartition("/")[2] for _ in range(5)]
    assert order == ["robots.txt", "post-1", "post-2", "archive", "picture"]


def test_a_refused_url_waits_after_all_when_it_is_found_in_a_role_that_may_be_fetched(
    frontier: Frontier,
) -> None:
    frontier.add([found("x.jpg", Role.OTHER, rule="scope.host")], NOW)
    assert frontier.counts[UrlState.REFUSED] == 1
    assert len(frontier.add([found("x.jpg", Role.REQUISITE)], NOW)) == 1
    assert take(frontier).role is Role.REQUISITE
    assert frontier.counts[UrlState.REFUSED] == 0


def test_what_robots_txt_refused_stays_refused(frontier: Frontier) -> None:
    frontier.add([found("a")], NOW)
    best = frontier.peek(HOST, NOW)[0]
    frontier.refuse(best, UrlState.REFUSED, NOW, rule="robots.disallow")
    assert frontier.add([found("a", Role.FEED)], NOW) == []


def test_the_admitted_one_of_two_sightings_in_one_batch_counts(frontier: Frontier) -> None:
    frontier.add(
        [found("x.jpg", Role.OTHER, rule="scope.host"), found("x.jpg", Role.REQUISITE)], NOW
    )
    assert frontier.counts == {UrlState.PENDING: 1}


def test_a_waiting_url_moves_up_when_it_turns_out_to_be_a_post(frontier: Frontier) -> None:
    frontier.add([found("other", Role.OTHER), found("page", Role.OTHER)], NOW)
    frontier.add([found("page", Role.POST)], NOW)
    assert take(frontier).url == f"http://{HOST}/page"
    assert frontier.add([found("page", Role.OTHER)], NOW) == []


def test_a_lease_names_the_page_that_it_was_found_on(frontier: Frontier) -> None:
    frontier.add([found("front", Role.OTHER, priority=Priority.SEED)], NOW)
    front = take(frontier)
    frontier.add([found("post", via=front.id, depth=1, hops="L")], NOW)
    post = take(frontier)
    assert (post.via, post.depth, post.hops, post.tries) == (front.url, 1, "L", 1)


def test_a_try_that_failed_waits_until_its_time_and_is_counted(frontier: Frontier) -> None:
    frontier.add([found("a")], NOW)
    first = take(frontier)
    frontier.settle(first, Outcome(state=UrlState.CAPTURED).again("HTTP 503", NOW + 60), NOW)
    assert frontier.peek(HOST, NOW + 59) == []
    assert frontier.due_at(HOST) == NOW + 60
    assert take(frontier, NOW + 60).tries == 2


@pytest.mark.parametrize(
    ("outcome", "capture", "end"),
    [
        (Outcome(state=UrlState.CAPTURED, status=200), CAPTURE, "captured"),
        (Outcome(state=UrlState.CAPTURED, status=200).as_revisit(), CAPTURE, "revisit"),
        (Outcome(state=UrlState.CAPTURED).redirected(Url("http://b/")), CAPTURE, "redirect"),
        (Outcome(state=UrlState.CAPTURED).refused("trap.redirect-loop"), CAPTURE, "refused"),
        (Outcome(state=UrlState.CAPTURED).failed("HTTP 500"), CAPTURE, "failed"),
        (Outcome(state=UrlState.CAPTURED).failed("timeout"), None, "failed"),
    ],
)
def test_every_end_is_written_once(
    frontier: Frontier, outcome: Outcome, capture: CaptureId | None, end: str
) -> None:
    frontier.add([found("a")], NOW)
    lease = take(frontier)
    frontier.settle(lease, outcome, NOW + 1, capture)
    (row,) = accounts.rows(frontier.state)
    assert (row.state, row.capture_id, row.done_at) == (end, capture, NOW + 1)
    with pytest.raises(LookupError, match="not in the state"):
        frontier.settle(lease, outcome, NOW + 2, capture)


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(state=UrlState.CAPTURED),  # without a capture
        Outcome(state=UrlState.REDIRECT),  # to nowhere
        Outcome(state=UrlState.REFUSED),  # by no rule
        Outcome(state=UrlState.FAILED),  # for no reason
    ],
)
def test_an_end_without_its_reason_cannot_be_written(frontier: Frontier, outcome: Outcome) -> None:
    frontier.add([found("a")], NOW)
    lease = take(frontier)
    with pytest.raises(sqlite3.IntegrityError):
        frontier.settle(lease, outcome, NOW)
    assert frontier.counts[UrlState.LEASED] == 1


def test_a_unit_with_rows_that_fails_leaves_the_url_lent_and_the_counts_right(
    frontier: Frontier,
) -> None:
    frontier.add([found("a")], NOW)
    lease = take(frontier)

    def settle_and_break() -> None:
        with frontier.state.unit():
            frontier.settle(lease, Outcome(state=UrlState.CAPTURED), NOW, CAPTURE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        settle_and_break()
    assert frontier.counts == accounts.counts(frontier.state) == {UrlState.LEASED: 1}


def test_what_was_lent_when_a_process_died_waits_again_without_a_try_lost(
    frontier: Frontier,
) -> None:
    frontier.add([found("a"), found("b")], NOW)
    take(frontier)
    again = Frontier(frontier.state)
    assert again.reopen(UrlState.LEASED) == 1
    assert [lease.tries for lease in again.peek(HOST, NOW)] == [1, 1]


def test_a_host_that_is_given_up_takes_its_waiting_urls_with_it(frontier: Frontier) -> None:
    elsewhere = Found(url=Url("http://b.example/"), role=Role.OTHER, priority=5)
    frontier.add([found("a"), found("b"), elsewhere], NOW)
    assert frontier.fail_host(HOST, "connection refused", NOW) == 2
    assert frontier.hosts() == ["b.example"]
    reasons = {row.last_error for row in accounts.rows(frontier.state) if row.host == HOST}
    assert reasons == {"connection refused"}


def test_a_spent_budget_ends_what_waits_and_a_later_run_can_take_it_up(frontier: Frontier) -> None:
    frontier.add([found("a"), found("b")], NOW)
    assert frontier.end_as_budget("budget.time", NOW) == 2
    assert accounts.balance(frontier.state).difference == 0
    assert frontier.reopen(UrlState.BUDGET) == 2
    assert frontier.counts[UrlState.PENDING] == 2


def test_only_what_a_lifted_rule_had_refused_waits_again(frontier: Frontier) -> None:
    frontier.add([found("a", rule="wp.share"), found("b", rule="trap.path-loop")], NOW)
    assert frontier.reopen(UrlState.REFUSED, rule="wp.share") == 1
    assert accounts.reasons(frontier.state) == {"trap.path-loop": 1}


def test_the_balance_counts_open_urls_and_redirects_to_nowhere_as_a_difference(
    frontier: Frontier,
) -> None:
    frontier.add([found("a"), found("b")], NOW)
    lease = take(frontier)
    moved = Outcome(state=UrlState.CAPTURED).redirected(Url("http://anna.example/lost"))
    frontier.settle(lease, moved, NOW, CAPTURE)
    balance = accounts.balance(frontier.state)
    assert (balance.discovered, balance.open, balance.dangling, balance.difference) == (2, 1, 1, 2)


def test_a_thousand_urls_are_added_at_once(frontier: Frontier) -> None:
    many = [found(str(n)) for n in range(1000)]
    assert len(frontier.add(many, NOW)) == 1000
    assert frontier.add(many, NOW) == []
