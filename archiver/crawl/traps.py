"""Traps: endless or duplicate URL spaces, refused by named rules before anything is asked.

Pure: the same URL and role give the same verdict. What only experience shows (a pager that
brings nothing new) is in `archiver.crawl.novelty`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from urllib.parse import urlsplit

from archiver.crawl.scope import ALLOWED, Verdict
from archiver.crawl.trap_rules import RULES, VERSION, TrapRule
from archiver.errors import ConfigError
from archiver.model import Role, Url

_DEEPEST = 20  # path segments
_LOOPS_AT = 4  # times one segment stands in a path
_MOST_REDIRECTS = 10
_OLDEST_YEAR = 1994  # no blog is older
_PAGES = frozenset(Role) - {Role.REQUISITE, Role.API}

_THRICE = re.compile(r"(/(?=[^/]*[^/\d])[^/]+(?:/[^/]+)?)\1\1(?=/|$)")  # /a/a/a, /a/b/a/b/a/b

_SESSION_KEYS = (
    "phpsessid|jsessionid|aspsessionid\\w*|sid|sess|sessid|session_?id|oscsid|zenid|cftoken|cfid"
    "|xtcsid|__s|s"
)
_SESSION_QUERY = re.compile(
    rf"(?<=[?&])(?:{_SESSION_KEYS})=(?=[0-9a-z,-]*\d)[0-9a-z,-]{{16,}}(?:&|$)", re.IGNORECASE
)
_SESSION_PATH = re.compile(
    r";jsessionid=[^/?;]*"
    r"|/\((?:[A-Z]\([0-9a-z]{8,}\))+\)"
    r"|/(?:s|sid|sess|session|sessionid|phpsessid)[=:/_-](?=[0-9a-z]*\d)[0-9a-z]{8,}(?=/.)"
    r"|/(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{24,}(?=/.)",
    re.IGNORECASE,
)
_QUERY_DATE = re.compile(
    r"[?&](?:m|d|day|month|cal|date|ym|w|week|archive|calendar)="
    r"(?P<y>19\d\d|2[01]\d\d)-?(?P<m>\d\d)?(?:-?\d\d)?(?:&|$)",
    re.IGNORECASE,
)
_QUERY_YEAR = re.compile(r"[?&](?:y|yr|year)=(?P<y>19\d\d|2[01]\d\d)(?:&|$)", re.IGNORECASE)
_QUERY_MONTH = re.compile(r"[?&](?:m|mo|mon|month)=(?P<m>\d\d?)(?:&|$)", re.IGNORECASE)
_PATH_DATE = re.compile(
    r"/(?P<y>19\d\d|2[01]\d\d)[/_-](?P<m>0?[1-9]|1[0-2])(?:[/_-]\d\d?)?(?:_archive)?"
    r"(?:\.html?|\.php|/index\.\w+|/)?$"
)
_TAG_PATH = re.compile(
    r"/(?:tags?|tagged|labels?|topics?|categor(?:y|ies)|cat|keywords?)/(?P<names>[^?]+?)/?$",
    re.IGNORECASE,
)
_TAG_QUERY = re.compile(
    r"[?&](?:tags?|labels?|cat|category|category_name|topics?)=(?P<names>[^&]+)", re.IGNORECASE
)
_BETWEEN_NAMES = re.compile(r"[+,;/]|%2[bc]|%3b")
_BETWEEN_CATEGORIES = re.compile(r"[+,;]|%2[bc]|%3b|/(?=page/|feed/?$)")
_BETWEEN_TAGS = re.compile(r",|;|%2C|%3B", re.IGNORECASE)


class Traps:
    """The rules in force. Immutable: switching a rule makes another `Traps`."""

    def __init__(self, *, today: date, disabled: frozenset[str] = frozenset()) -> None:
        unknown = disabled - rule_names()
        if unknown:
            raise ConfigError("traps", "disabled", f"no such rule: {', '.join(sorted(unknown))}")
        self.disabled = disabled
        self._latest = (today.year + (today.month == 12), today.month % 12 + 1)
        self._rules = tuple(
            (rule, re.compile(rule.pattern, re.IGNORECASE))
            for rule in RULES
            if rule.name not in disabled
        )
        self._structure = tuple(
            (name, check) for name, check in self._checks() if name not in disabled
        )

    @property
    def version(self) -> str:
        """What the manifest notes: the version of the rules and those that were off."""
        return f"{VERSION}{''.join(f' -{name}' for name in sorted(self.disabled))}"

    def is_on(self, name: str) -> bool:
        """Whether a rule is in force."""
        return name not in self.disabled

    def judge(self, url: Url, role: Role, hops: str = "") -> Verdict:
        """The verdict on a canonical URL; `hops` end with as many R as redirects led to it."""
        if len(hops) - len(hops.rstrip("R")) > _MOST_REDIRECTS and self.is_on("trap.redirects"):
            return Verdict(rule="trap.redirects")
        rule = self._named(url, role)
        if rule is not None:
            return Verdict(rule=rule.name, instead=_without(url, rule.strip))
        for name, check in self._structure:
            verdict = check(url, role)
            if verdict is not None:
                return Verdict(rule=name, instead=None if verdict == url else Url(verdict))
        return ALLOWED

    def _named(self, url: str, role: Role) -> TrapRule | None:
        lowered = url.lower()
        for rule, pattern in self._rules:
            for mark in rule.marks:
                if mark in lowered:
                    if role in rule.roles and pattern.search(url):
                        return rule
                    break
        return None

    def _checks(self) -> Iterable[tuple[str, Callable[[str, Role], str | None]]]:
        """Structural rules: each returns None, the URL itself to refuse it, or a better URL."""
        yield "trap.path-loop", _path_loop
        yield "trap.deep-path", _deep_path
        yield "trap.session-id", _session
        yield "trap.calendar-range", self._calendar
        yield "trap.tag-combination", _tag_list

    def _calendar(self, url: str, role: Role) -> str | None:
        if role not in _PAGES or role is Role.POST:
            return None
        dated = calendar_month(url)
        if dated is None or (_OLDEST_YEAR, 1) <= dated <= self._latest:
            return None
        return url


def rule_names() -> frozenset[str]:
    """Every rule that can be switched off, those of `archiver.crawl.novelty` included."""
    structural = {
        "trap.path-loop",
        "trap.deep-path",
        "trap.session-id",
        "trap.calendar-range",
        "trap.tag-combination",
        "trap.redirects",
        "trap.redirect-loop",
        "trap.barren-chain",
        "trap.barren-pattern",
        "trap.duplicate-view",
    }
    return frozenset(structural | {rule.name for rule in RULES})


def calendar_month(url: str) -> tuple[int, int] | None:
    """Year and month that an archive or calendar URL speaks of; None when it names none."""
    found = _QUERY_DATE.search(url) or _PATH_DATE.search(url.partition("?")[0])
    if found is not None:
        month = int(found["m"] or 1)
        return (int(found["y"]), month) if 1 <= month <= 12 else None
    year = _QUERY_YEAR.search(url)
    if year is None:
        return None
    named = _QUERY_MONTH.search(url)
    month = int(named["m"]) if named else 1
    return (int(year["y"]), month) if 1 <= month <= 12 else None


def tag_names(url: str) -> tuple[str, ...]:
    """The tags that a listing URL combines: ("a",) for /tag/a, ("a", "b") for /tag/a+b or /tag/a/b.

    Slashes do not combine categories: /category/a/b is b, a child of a.
    """
    found = _TAG_PATH.search(url.partition("?")[0]) or _TAG_QUERY.search(url)
    if found is None:
        return ()
    separator = _BETWEEN_CATEGORIES if "cat" in found[0][:5].lower() else _BETWEEN_NAMES
    names = separator.split(found["names"].lower())
    kept = []
    for name in names:
        if name in ("page", "feed", "rss", "atom") or name.isdigit():
            break
        if name:
            kept.append(name)
    return tuple(kept)


def _without(url: str, parameters: tuple[str, ...]) -> Url | None:
    """The URL less some query parameters; None when nothing is to be taken off."""
    if not parameters:
        return None
    head, _, query = url.partition("?")
    unwanted = {name.lower() for name in parameters}
    kept = [
        part
        for part in query.split("&")
        if part and part.partition("=")[0].partition("%")[0].lower() not in unwanted
    ]
    clean = f"{head}?{'&'.join(kept)}" if kept else head
    return None if clean == url else Url(clean)


def _path_loop(url: str, role: Role) -> str | None:
    path = urlsplit(url).path
    segments = [part for part in path.split("/") if part and not part.isdigit()]
    repeated = Counter(segments).most_common(1)
    is_loop = bool(repeated) and repeated[0][1] >= _LOOPS_AT
    return url if is_loop or _THRICE.search(path) else None


def _deep_path(url: str, role: Role) -> str | None:
    return url if url.count("/") - 2 > _DEEPEST else None


def _session(url: str, role: Role) -> str | None:
    if role not in _PAGES:
        return None
    head, mark, query = url.partition("?")
    clean = f"{_SESSION_PATH.sub('', head)}{mark}{query}"
    clean = _SESSION_QUERY.sub("", clean).rstrip("?&")
    return None if clean == url.rstrip("?&") else clean


def _tag_list(url: str, role: Role) -> str | None:
    """A list of tags with commas; "a+b" may be one tag of two words, which `Novelty` finds out."""
    if role not in _PAGES or role is Role.POST:
        return None
    found = _TAG_PATH.search(url.partition("?")[0]) or _TAG_QUERY.search(url)
    return url if found is not None and _BETWEEN_TAGS.search(found["names"]) else None
