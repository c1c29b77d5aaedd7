"""What an invented blog consists of, before any engine has seen it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

HIDDEN = re.compile(r"qzhidden[a-z]+\d+")
MORE = "<!--more-->"
NEXT_PAGE = "<!--nextpage-->"
PICTURE = "picture:"


class Status(StrEnum):
    """Who may see an entry or a remark; only `PUBLIC` is for everybody."""

    PUBLIC = "public"
    PASSWORD = "password"  # listed for everybody, the text is not
    PRIVATE = "private"
    DRAFT = "draft"
    FUTURE = "future"
    HELD = "held"
    SPAM = "spam"
    TRASH = "trash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A post or page. `written` is the wall clock of the blog's zone; `parts` are HTML blocks.

    A part may also be `MORE`, `NEXT_PAGE` or `picture:NAME`, which an engine spells its own way.
    """

    key: int
    title: str
    author: str
    written: datetime
    parts: tuple[str, ...]
    kind: str = "entry"
    status: Status = Status.PUBLIC
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    comments_closed: bool = False
    sticky: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment or ping on the entry with key `entry`; `parent` is another remark's key."""

    key: int
    entry: int
    text: str
    name: str
    site: str
    written: datetime
    parent: int | None = None
    kind: str = "comment"
    status: Status = Status.PUBLIC
    login: str | None = None  # set when one of the blog's authors speaks


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Entries and remarks, each in the order of their keys."""

    entries: tuple[Entry, ...]
    remarks: tuple[Remark, ...]
