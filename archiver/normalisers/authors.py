"""Names as pages print them → authors: the bare name, its address, and states that are no names.

The raw words are kept beside the name. E-mail addresses are never kept: they stay in the WARC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from html import unescape
from importlib.resources import files

from archiver.drafts import AuthorDraft
from archiver.model import Author, Precision
from archiver.normalisers import dates
from archiver.normalisers.author_links import author_url, profile_id
from archiver.normalisers.date_clock import find_clock

_LONGEST_NAME = 300  # characters; "Posted by X at … in …" fits, a paragraph does not
_EDGES = " \t:,|·•»«/-–—＝="
_EMAIL = re.compile(r"([\w.+-]+)@[\w-]+(?:\.[\w-]+)+")
_EMAIL_FIRST = re.compile(r"[\w.+-]+@…\s*\((.+)\)")
_EMAIL_LAST = re.compile(r"(?<=\S)\s*[(<\[]\s*[\w.+-]+@…\s*[)>\]]\s*$")
_STATE = re.compile(r"\s*[(\[（【]\s*([^()\[\]（）【】]+?)\s*[)\]）】]\s*$")
# What may part a name from its date: "X at …", "X | …", "X, …"; the date itself must follow.
_BEFORE_DATE = re.compile(
    r"\s+(?:at|on|am|um|le|el|il|op|den|kl|em|às|o|w|в|@|—|–|-|\||·|•|›|//)\s+|,\s+|\s+(?=\d)"
)
# Dotclear: "3. On DATE, TIME by NAME".
_DATE_FIRST = re.compile(
    r"(?:\d+\.\s*)?(?:on|le|am|el|il|op)\s.*\d.*?\s(?:by|par|von|por|da|door)\s+(.+)$",
    re.IGNORECASE,
)
_ADDRESS_AFTER = re.compile(r"(?<=\S)\s*[·|•–-]?\s*https?://\S+$")  # b2evolution
_IN_CATEGORY = re.compile(r"\s+(?:in|unter|dans|en|em|à|i|w|в)\s+\S.*$")


def parse(draft: AuthorDraft, base: str) -> Author | None:
    """The author that a draft describes; None when it names and links nobody.

    `name` is None where only a state stood ("Anonymous"); `state` is "anonymous",
    "not verified", "visitor" or "member".
    """
    raw = _raw(draft.text)
    name, state = _name(raw) if raw else (None, None)
    url = author_url(draft.href, draft.title, base)
    native = draft.profile_id or (profile_id(url) if url else None)
    if name is None and state is None and url is None and native is None:
        return None
    return Author(name=name, raw=raw, url=url, profile_id=native, state=state)


def _raw(text: str | None) -> str | None:
    if text is None:
        return None
    words = " ".join(text.split())[:_LONGEST_NAME]
    # Blogger prints names escaped twice; a third time would unescape what a person typed.
    for _ in range(2):
        plain = unescape(words)
        if plain == words:
            break
        words = plain
    return _EMAIL.sub(r"\1@…", words) or None


def _without_email(name: str) -> str:
    """RSS writes "address (name)", others "name (address)" or "name <address>"."""
    if match := _EMAIL_FIRST.fullmatch(name):
        return match[1]
    return _EMAIL_LAST.sub("", name).removesuffix("@…")


def _name(raw: str) -> tuple[str | None, str | None]:
    """The name in the words around it, and its state."""
    name = _ADDRESS_AFTER.sub("", _without_email(raw))
    if match := _DATE_FIRST.match(name):
        name = match[1]
    name, had_byline = _without_byline(name.lstrip(_EDGES))
    name = _without_date(name, had_byline=had_byline)
    name, state = _without_state(_without_verb(name))
    name = name.strip(_EDGES)
    bare = name.strip("()[]（）【】 ").rstrip(".:…").lower()
    if bare in _words("anonymous"):
        return None, "anonymous"
    return name or None, state


def _without_byline(name: str) -> tuple[str, bool]:
    match = _byline().match(name)
    if match is None or not name[match.end() :].strip(_EDGES):
        return ("" if match else name), match is not None
    return name[match.end() :].lstrip(_EDGES), True


def _without_verb(name: str) -> str:
    match = _verb().search(name)
    return name[: match.start()].rstrip(_EDGES) if match and match.start() else name


def _without_date(name: str, *, had_byline: bool) -> str:
    """The name before a date or time of day; a number inside a name is neither."""
    if not any(map(str.isdecimal, name)):
        return name
    for match in _BEFORE_DATE.finditer(name):
        rest = name[match.end() :]
        is_loose = match[0].isspace()  # "John 3:16" is a name
        if any(map(str.isdecimal, rest)) and _starts_with_date(rest, needs_day=is_loose):
            cut = name[: match.start()]
            return _IN_CATEGORY.sub("", cut) if had_byline else cut
    return name


def _starts_with_date(text: str, *, needs_day: bool) -> bool:
    clock = None if needs_day else find_clock(text)
    if clock is not None and clock.start <= 3:
        return True
    moment = dates.parse(text, dates.DateHints())
    return moment.precision in (Precision.DAY, Precision.MINUTE, Precision.SECOND)


def _without_state(name: str) -> tuple[str, str | None]:
    """The name without "(not verified)", "[Visitor]", "(author)", and what these say."""
    state = None
    while match := _STATE.search(name):
        said = match[1].lower()
        if said in _words("unverified"):
            state = state or "not verified"
        elif said in _words("visitor"):
            state = state or "visitor"
        elif said in _words("member"):
            state = state or "member"
        elif said not in _words("author"):
            break
        if not match.start():  # "(visitor)" alone
            break
        name = name[: match.start()]
    return name, state


@cache
def _words(kind: str) -> frozenset[str]:
    text = files(__package__).joinpath("author_words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for name, words in rows if name == kind for word in words.split("|"))


@cache
def _byline() -> re.Pattern[str]:
    loose, strict = (_alternatives(_words(kind)) for kind in ("before", "colon"))
    return re.compile(
        rf"(?:{loose})(?:\s*[:：]\s*|\s+|$)|(?:{strict})\s*[:：]\s*",
        re.IGNORECASE,
    )


@cache
def _verb() -> re.Pattern[str]:
    """What follows a name: lower case, or with a template's capital and a colon ("Says:").

    Words of three letters ("dit", "sa") need a mark after them, since they end names too.
    """
    words = _words("after")
    joined = {word for word in words if word[0] >= "\u3000"}
    short = {word for word in words - joined if len(word) <= 3}
    mark = r"\s*(?:[:：…]|\.{2,}|,)+\s*$"
    return re.compile(
        rf"\s+(?:{_alternatives(words - joined - short)})(?:{mark}|\s*$)"
        rf"|\s+(?:{_alternatives(short)}|Says|Writes|Wrote|Sagt|Schreibt|Dice|Dit){mark}"
        rf"|\s*(?:{_alternatives(joined)})(?:{mark}|\s*$)"
    )


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
