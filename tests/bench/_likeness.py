"""How near an extracted value is to the truth: words, names, days and minutes."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from html import unescape

from archiver.model import Comment, Moment, Precision
from archiver.reconcile.moments import Learned, believed, settled

_FOLD = re.compile(r"[\W_]+")
_WORD = re.compile(r"\w+")


def folded(text: str | None) -> str:
    """Case and punctuation set aside."""
    return _FOLD.sub(" ", unescape(text or "")).strip().casefold()


def words(text: str) -> list[str]:
    """Words in lower case."""
    return _WORD.findall(text.casefold())


def f1(found: list[str], wanted: list[str]) -> float:
    """Word-multiset F1."""
    common = sum((Counter(found) & Counter(wanted)).values())
    return 2 * common / (len(found) + len(wanted)) if found or wanted else 1.0


def begins(found: list[str], wanted: list[str]) -> bool:
    """Whether a text begins with another one."""
    return f1(found[: len(wanted)], wanted) > 0.9


def alike(left: str, right: str) -> float:
    """Similarity of two texts by their characters."""
    a, b = " ".join(words(left)), " ".join(words(right))
    if a == b:
        return 1.0
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def said_name(comment: Comment) -> str:
    """The name; for the nameless what Blogger's feeds print whatever the page's language."""
    if comment.author is None:
        return "Anonymous"
    if comment.author.name is None and comment.author.state == "anonymous":
        return "Anonymous"
    return comment.author.name or comment.author.raw or ""


def true_author(text: str | None) -> str | None:
    """ "mail@host (Name)" and "Name (noreply@blogger.com)" are how feeds write people."""
    if not text:
        return None
    inner = re.match(r"\S+@\S+ \((.+)\)$", text)
    return inner[1] if inner else re.sub(r"\s*\(\S+@\S+\)$", "", text)


def _offset(moment: Moment, known: datetime, learned: Learned) -> timedelta | None:
    """What the wall clock must be ahead of UTC at that time."""
    if learned.zone is not None and moment.local is not None:
        offset = learned.zone.offset(moment.local)
        if offset is not None:
            return offset
    return None


def same_day(moment: Moment | None, known: datetime, learned: Learned) -> bool:
    """Whether a moment is on the true local day."""
    if moment is None:
        return False
    moment = settled(moment, learned.order)
    if moment.local is None:
        return False
    if moment.precision in (Precision.MINUTE, Precision.SECOND):
        offset = _offset(moment, known, learned)
        if offset is not None:
            return moment.local.date() == (known.replace(tzinfo=None) + offset).date()
        gap = moment.local - known.replace(tzinfo=None)
        return abs(gap) <= timedelta(hours=14, minutes=1)
    offset = _offset(moment, known, learned) or timedelta()
    gap = moment.local.date() - (known.replace(tzinfo=None) + offset).date()
    return abs(gap) <= timedelta(days=1 if not offset else 0)


def same_minute(moment: Moment | None, known: datetime, learned: Learned) -> bool:
    """Whether a moment, with what the blog proves, is the true instant."""
    if moment is None:
        return False
    sure = believed([settled(moment, learned.order)], learned.zone)
    if sure is None or sure.instant is None:
        return False
    return abs(sure.instant - known) < timedelta(minutes=1)
