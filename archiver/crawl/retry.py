"""What an answer means: keep it, follow it, ask again later, or give up. Pure decisions.

A failure of one URL is told from a failure of its host: a host that is down or asks for patience
is left alone as a whole, and what fails meanwhile is not held against each URL.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_THROTTLED = frozenset({429, 503})
# Gateways that time out or are overloaded, and Cloudflare's words for the same.
_AGAIN = frozenset({408, 425, 500, 502, 504, 520, 521, 522, 523, 524, 525, 527, 530, 598, 599})
# 403s in a row on the blog's own host: from three on it may be a block, which patience lifts; from
# eight on they are taken at their word; at thirty nothing is open any more.
_BURST, _CLOSED_DOORS, _SHUT_OUT = 3, 8, 30
_EMPTY_TRIES = 2
_TORN_TRIES = 3
_LOOKUP_TRIES = 3
_ROTATE_S = 1.0  # lets another URL probe a host first, so that one URL does not pay for an outage


class Fault(StrEnum):
    """Why nothing, or not everything, came back."""

    LOOKUP = "lookup"  # the name has no address
    CONNECT = "connect"
    TIMEOUT = "timeout"
    BROKEN = "broken"  # reset, closed, or not HTTP
    ADDRESS = "address"  # not a public address
    STOPPED = "stopped"  # we hung up, because the crawl ends
    TOO_LARGE = "too_large"  # we hung up at the size limit
    UNUSABLE = "unusable"  # no server could be asked with such a URL


_OF_HOST = frozenset({Fault.LOOKUP, Fault.CONNECT, Fault.TIMEOUT, Fault.BROKEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for one request, as much as decisions need.

    `sent_at` is when the request's first byte was written (epoch seconds); None when none was.
    `is_torn` marks a body that ended early. `body` is only read for robots.txt.
    """

    status: int | None = None
    fault: Fault | None = None
    error: str | None = None
    location: str | None = None
    retry_after: str | None = None
    sent_at: float | None = None
    size_bytes: int = 0
    is_torn: bool = False
    body: bytes = b""


class Step(StrEnum):
    """What to do with a URL after a try."""

    KEEP = "keep"
    FOLLOW = "follow"
    AGAIN = "again"
    FAIL = "fail"
    FAIL_HOST = "fail_host"  # and with it everything that waits for that host
    REFUSE = "refuse"  # its address is not public


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a host has done lately: failures in a row, whose they were, and 403s in a row."""

    is_home: bool  # the blog's own host
    has_answered: bool = False
    strikes: int = 0
    struck: Set[int] = frozenset()  # ids of the URLs that failed in this row
    forbidden: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how far apart; hosts of other people's pictures get less patience."""

    max_tries: int = 5
    max_tries_elsewhere: int = 3
    first_wait_s: float = 2.0
    longest_wait_s: float = 300.0
    longest_hold_s: float = 3_600.0  # a server that asks for more is given up for this crawl

    def wait_s(self, failures: int) -> float:
        """Exponential: 2, 4, 8 … seconds, up to the cap."""
        return float(min(self.first_wait_s * 2 ** min(failures, 30), self.longest_wait_s))

    def tries(self, health: Health) -> int:
        """How often one URL is tried."""
        if health.is_home:
            return self.max_tries
        return min(self.max_tries, self.max_tries_elsewhere)

    def strikes(self, health: Health) -> int:
        """How many failures in a row end a host: more for one that has worked before."""
        return self.tries(health) * (2 if health.is_home and health.has_answered else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The step, when to try again, and until when the host is left alone (epoch seconds)."""

    step: Step
    because: str | None = None
    retry_at: float = 0.0
    hold_until: float = 0.0


_KEEP = Decision(step=Step.KEEP)


def decide(
    answer: Answer, *, url_id: int, tries: int, health: Health, policy: RetryPolicy, now: float
) -> Decision:
    """The decision on one answer; `tries` counts the try that it answers.

    A 404 or 410 is an answer like any other and is kept. A status that stays an error to the last
    try fails, although its capture is kept.
    """
    reason = answer.error or (f"HTTP {answer.status}" if answer.status is not None else "no answer")
    if answer.fault is Fault.ADDRESS:
        return Decision(step=Step.REFUSE, because=reason)
    if answer.fault in (Fault.TOO_LARGE, Fault.UNUSABLE):
        return Decision(step=Step.FAIL, because=reason)
    if answer.fault is Fault.STOPPED:
        return Decision(step=Step.AGAIN, because=reason)
    if answer.fault in _OF_HOST or answer.status in _THROTTLED:
        return _leave_alone(answer, reason, url_id, tries, health, policy, now)
    if answer.status == 403 and health.is_home:
        return _forbidden(answer, tries, health, policy, now)
    if answer.status in _AGAIN:
        return _again(reason, tries, policy.tries(health), policy, now)
    if answer.is_torn and tries < min(_TORN_TRIES, policy.tries(health)):
        return _again("the body ended early", tries, policy.max_tries, policy, now)
    if answer.status == 200 and not answer.size_bytes and health.is_home and tries < _EMPTY_TRIES:
        return _again("an empty page", tries, policy.max_tries, policy, now)
    if answer.status in _REDIRECTS and answer.location:
        return Decision(step=Step.FOLLOW)
    return _KEEP


def _forbidden(
    answer: Answer, tries: int, health: Health, policy: RetryPolicy, now: float
) -> Decision:
    row = health.forbidden + 1
    reason = f"{row} times HTTP 403 in a row"
    if row >= _SHUT_OUT:
        return Decision(step=Step.FAIL_HOST, because=reason)
    if row >= _CLOSED_DOORS or tries >= policy.max_tries or (row < _BURST and tries > 1):
        return _KEEP
    asked = retry_after_s(answer.retry_after, now) or 0.0
    until = now + max(asked, policy.wait_s(max(0, row - _BURST)))
    hold = until if row >= _BURST or asked else 0.0
    return Decision(step=Step.AGAIN, because=reason, retry_at=until + _ROTATE_S, hold_until=hold)


def _leave_alone(
    answer: Answer,
    reason: str,
    url_id: int,
    tries: int,
    health: Health,
    policy: RetryPolicy,
    now: float,
) -> Decision:
    asked = retry_after_s(answer.retry_after, now)
    wait = max(policy.wait_s(health.strikes), asked or 0.0)
    strikes = health.strikes + 1
    limit = policy.strikes(health)
    if answer.fault is Fault.LOOKUP:
        limit = min(limit, _LOOKUP_TRIES)
    if strikes >= limit or wait > policy.longest_hold_s:
        return Decision(step=Step.FAIL_HOST, because=reason)
    # Others failed too: an outage, which the strikes bound, and not this URL's own trouble.
    is_outage = bool(health.struck - {url_id})
    if tries >= policy.tries(health) and not is_outage:
        return Decision(step=Step.FAIL, because=reason, hold_until=now + (asked or 0.0))
    until = now + wait
    return Decision(step=Step.AGAIN, because=reason, retry_at=until + _ROTATE_S, hold_until=until)


def _again(reason: str, tries: int, limit: int, policy: RetryPolicy, now: float) -> Decision:
    if tries >= limit:
        return Decision(step=Step.FAIL, because=reason)
    return Decision(step=Step.AGAIN, because=reason, retry_at=now + policy.wait_s(tries - 1))


def retry_after_s(value: str | None, now: float) -> float | None:
    """Seconds that Retry-After asks to wait, from now; None when it says nothing usable.

    Source: RFC 9110, 10.2.3: seconds or an HTTP-date.
    """
    text = (value or "").strip()
    if text.isdigit():
        return float(min(int(text[:12]), 10**9))
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, when.timestamp() - now)
