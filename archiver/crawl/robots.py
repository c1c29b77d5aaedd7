"""robots.txt: what one file says, and the rulings of a crawl, one per origin.

Source: RFC 9309. Rulings are kept in the crawl's state, so that a resumed crawl still obeys them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from protego import Protego

from archiver.crawl.ledger import origin_of
from archiver.model import Url
from pipelines.state import CrawlState

_LONGEST_BYTES = 500 * 1024  # RFC 9309, 2.5: at least 500 KiB must be read
_MOST_REDIRECTS = 5  # RFC 9309, 2.3.1.2
_VALID_S = 24 * 3600.0  # RFC 9309, 2.4
_LONGEST_DELAY_S = 60.0  # what a Crawl-delay can ask for: beyond it a blog would take weeks
_PRODUCT = re.compile(r"([A-Za-z][\w.-]*)/\d")
_BROWSERS = frozenset({"mozilla", "applewebkit", "gecko", "chrome", "safari", "firefox", "version"})

_SCHEMA = """
CREATE TABLE IF NOT EXISTS robots (
    origin TEXT PRIMARY KEY, url TEXT NOT NULL, ruling TEXT NOT NULL, body BLOB NOT NULL,
    decided_at REAL NOT NULL
) STRICT
"""


class Ruling(StrEnum):
    """What an origin's robots.txt came to."""

    RULES = "rules"
    OPEN = "open"  # there is none (4xx, too many redirects): everything is allowed
    CLOSED = "closed"  # it could not be read (5xx to the end): nothing is allowed
    DEAD = "dead"  # the host never answered


@dataclass(frozen=True)
class RobotsFile:
    """A ruling with the rules behind it, for one crawler."""

    ruling: Ruling
    body: bytes
    agent: str

    def allows(self, url: str) -> bool:
        """Whether the URL may be asked for."""
        if self.ruling is not Ruling.RULES:
            return self.ruling is Ruling.OPEN
        return bool(self._rules.can_fetch(url, self.agent))

    @property
    def delay_s(self) -> float:
        """Seconds between requests that Crawl-delay asks for, at most 60; 0 without one."""
        if self.ruling is not Ruling.RULES:
            return 0.0
        return min(self._rules.crawl_delay(self.agent) or 0.0, _LONGEST_DELAY_S)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Sitemap addresses as written."""
        return tuple(self._rules.sitemaps) if self.ruling is Ruling.RULES else ()

    @cached_property
    def _rules(self) -> Protego:
        return Protego.parse(self.body.decode("utf-8-sig", "replace"))


def ruling_on(status: int | None) -> Ruling:
    """The ruling on the final answer of a robots.txt; None when the host never answered."""
    if status is None:
        return Ruling.DEAD
    if 200 <= status < 300:
        return Ruling.RULES
    # 429 is "not now", which the tries before have respected.
    return Ruling.CLOSED if status >= 500 or status == 429 else Ruling.OPEN


def product_token(user_agent: str) -> str:
    """The name that robots.txt groups are matched with ("archiver" of "archiver/0.1 (+https://…)")."""
    for name in _PRODUCT.findall(user_agent):
        if name.lower() not in _BROWSERS:
            return str(name)
    return user_agent.split("/")[0].split()[0] if user_agent.strip() else "*"


def robots_url(url: str) -> Url:
    """Where the robots.txt of a URL's origin is."""
    return Url(f"{origin_of(url)}/robots.txt")


def readable(body: bytes) -> bytes:
    """As much of a robots.txt as is read: whole lines within 500 KiB."""
    if len(body) <= _LONGEST_BYTES:
        return body
    return body[:_LONGEST_BYTES].rpartition(b"\n")[0]


class Robots:
    """The rulings of a crawl, and the origins that wait for one."""

    def __init__(self, state: CrawlState, user_agent: str, now: float) -> None:
        self._state = state
        self._agent = product_token(user_agent)
        self._files: dict[str, RobotsFile] = {}
        self._awaited: dict[Url, set[str]] = {}
        self._asked: dict[
            str, tuple[Url, int]
        ] = {}  # origin: where its file is asked for, redirects
        with state.unit() as connection:
            connection.execute(_SCHEMA)
            connection.execute("DELETE FROM robots WHERE decided_at < ?", (now - _VALID_S,))
        for origin, ruling, body in state.connection.execute(
            "SELECT origin, ruling, body FROM robots"
        ):
            self._files[origin] = RobotsFile(Ruling(ruling), body, self._agent)

    def of(self, origin: str) -> RobotsFile | None:
        """The ruling for an origin; None while there is none."""
        return self._files.get(origin)

    def read_from(self, url: Url) -> RobotsFile | None:
        """The ruling that a URL's answer brought to other origins; None when it brought none."""
        row = self._state.connection.execute(
            "SELECT origin FROM robots WHERE url = ?", (url,)
        ).fetchone()
        return self._files.get(row[0]) if row is not None else None

    def asked_for(self, origin: str) -> Url:
        """Where the origin's file is asked for; from now on the origin waits for that answer."""
        if origin not in self._asked:
            self._wait(origin, robots_url(f"{origin}/"), 0)
        return self._asked[origin][0]

    def waiting_for(self, url: Url) -> frozenset[str]:
        """The origins that wait for the answer of a URL."""
        return frozenset(self._awaited.get(url, ()))

    def awaited(self) -> tuple[Url, ...]:
        """The URLs whose answers are waited for."""
        return tuple(self._awaited)

    def moved(self, url: Url, target: Url) -> bool:
        """Wait for a redirect's target instead; False when that was one redirect too many."""
        followed = True
        for origin in self._awaited.pop(url, set()):
            redirects = self._asked[origin][1] + 1
            followed = redirects <= _MOST_REDIRECTS
            self._wait(origin, target if followed else url, redirects)
        return followed

    def conclude(self, url: Url, ruling: Ruling, body: bytes, now: float) -> frozenset[str]:
        """Rule on the origins that waited for a URL and on its own, if it is a robots.txt."""
        origins = frozenset(self._awaited.pop(url, ()))
        if url == robots_url(url):
            origins |= {origin_of(url)}
        kept = readable(body) if ruling is Ruling.RULES else b""
        with self._state.unit() as connection:
            for origin in origins:
                self._asked.pop(origin, None)
                self._files[origin] = RobotsFile(ruling, kept, self._agent)
                if ruling in (Ruling.CLOSED, Ruling.DEAD):
                    continue  # a later run asks again
                connection.execute(
                    "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?, ?)",
                    (origin, url, ruling.value, kept, now),
                )
        return origins

    def _wait(self, origin: str, url: Url, redirects: int) -> None:
        self._asked[origin] = (url, redirects)
        self._awaited.setdefault(url, set()).add(origin)
