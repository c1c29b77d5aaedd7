"""Who is let in: every URL that a page names becomes a ledger entry with a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from archiver.crawl.addresses import AddressPolicy
from archiver.crawl.ledger import Found, Lease, Priority, priority_of
from archiver.crawl.novelty import Novelty
from archiver.crawl.patterns import pattern_of
from archiver.crawl.scope import Scope, Verdict
from archiver.model import Follow, Role, Url
from archiver.urls import canonical

_LONGEST_KEY = 4_000
_SURROGATES = re.compile("[\ud800-\udfff]")  # what is no character cannot be stored
# Refusals that a sighting on another page may lift.
_BY_PLACE = frozenset(
    {"scope.requisite-hop", "trap.barren-chain", "trap.barren-pattern", "trap.calendar-range"}
)


class Admission:
    """Scope, address and trap rules in one place; `scope` grows when a seed moves."""

    def __init__(self, scope: Scope, novelty: Novelty, addresses: AddressPolicy) -> None:
        self.scope = scope
        self._novelty = novelty
        self._addresses = addresses
        self._seen = Sightings()

    def seeds(self, urls: Iterable[Url]) -> list[Found]:
        """Entries for the addresses where a crawl begins; they are not judged."""
        return [Found(url=ledger_key(url), role=Role.OTHER, priority=Priority.SEED) for url in urls]

    def links(self, follows: Iterable[Follow], via: Lease | None, barren: int) -> list[Found]:
        """Entries for what a page links to; what was seen lately in the same role is left out."""
        entries: list[Found] = []
        for follow in follows:
            if self._seen.is_new(follow.url, follow.role):
                weighed = list(self._weigh(follow, via, barren))
                if any(entry.rule in _BY_PLACE for entry in weighed):
                    self._seen.forget(follow.url, follow.role)
                entries += weighed
        return entries

    def redirect(self, lease: Lease, target: Url) -> list[Found]:
        """Entries for where a redirect leads: judged as if its own page had linked there."""
        entry = Found(
            url=target,
            role=lease.role,
            priority=lease.priority,
            depth=lease.depth,
            hops=f"{lease.hops}R",
            via=lease.id,
            barren=lease.barren,
        )
        if lease.is_robots:
            return [entry]
        return list(self._judged(entry, lease.via))

    def still_open(self, lease: Lease) -> str | None:
        """The rule that has closed a waiting URL since it was let in; None when it may be asked."""
        return self._novelty.rule_against(lease.url, lease.role, lease.barren)

    def _weigh(self, follow: Follow, via: Lease | None, barren: int) -> Iterator[Found]:
        url = ledger_key(follow.url)
        letter = "E" if follow.role is Role.REQUISITE else "L"
        entry = Found(
            url=url,
            role=follow.role,
            priority=_priority(url, follow.role, via),
            depth=via.depth + 1 if via is not None else 0,
            hops=f"{via.hops}{letter}" if via is not None else letter,
            via=via.id if via is not None else None,
            barren=barren,
        )
        return self._judged(entry, via.url if via is not None else None)

    def _judged(self, entry: Found, via: Url | None) -> Iterator[Found]:
        verdict = self._verdict(entry, via)
        yield replace(entry, url=_bounded(entry.url), rule=verdict.rule)
        if verdict.instead is not None:
            plain = replace(entry, url=ledger_key(verdict.instead))
            yield replace(plain, rule=self._verdict(plain, via).rule)

    def _verdict(self, entry: Found, via: Url | None) -> Verdict:
        verdict = self.scope.judge(entry.url, entry.role, via)
        if not verdict.allowed:
            return verdict
        if self._addresses.forbids_url(entry.url):
            return Verdict(rule="address.private")
        verdict = self._novelty.traps.judge(entry.url, entry.role, entry.hops)
        if not verdict.allowed:
            return verdict
        return Verdict(rule=self._novelty.rule_against(entry.url, entry.role, entry.barren))

    def forget(self) -> None:
        """Judge everything anew when it is found again, after the rules have changed."""
        self._seen = Sightings()


class Sightings:
    """URLs met lately, each in its role: most links of a page stood on the page before.

    Exact, and bounded by two generations: what is not met for long is asked of the ledger again.
    """

    def __init__(self, size: int = 50_000) -> None:
        self._size = size
        self._young: set[str] = set()
        self._old: set[str] = set()

    def is_new(self, url: str, role: Role) -> bool:
        """Whether this URL was not met lately in this role; now it was."""
        key = f"{role} {url}"
        if key in self._young:
            return False
        if len(self._young) >= self._size:
            self._young, self._old = set(), self._young
        self._young.add(key)
        return key not in self._old

    def forget(self, url: str, role: Role) -> None:
        """Take a URL for new when it is met again."""
        self._young.discard(f"{role} {url}")
        self._old.discard(f"{role} {url}")


def ledger_key(url: str) -> Url:
    """The URL as the ledger knows it: canonical, and of characters that can be stored."""
    storable = _SURROGATES.sub("\ufffd", url)
    is_web = storable[:8].lower().startswith(("http://", "https://"))
    return canonical(storable) if is_web else Url(storable)


def _bounded(url: Url) -> Url:
    """A name for a URL that is refused for its length anyway."""
    if len(url) <= _LONGEST_KEY:
        return url
    return Url(f"{url[:1_000]}#{len(url)}-{sha256(url.encode()).hexdigest()[:32]}")


def _priority(url: Url, role: Role, via: Lease | None) -> int:
    """A listing found on a listing of its own kind is the tail of it, which can wait."""
    if role is Role.LISTING and via is not None and via.role is Role.LISTING:
        return Priority.LISTING_TAIL if pattern_of(via.url) == pattern_of(url) else Priority.LISTING
    return priority_of(role)
