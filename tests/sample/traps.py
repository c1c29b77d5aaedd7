"""Spaces without an end, as real blogs have them, and how to tell that a target lies in one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from tests.sample.blog import Archive, Blog
from tests.sample.timeline import BASE, slug


class Trap(StrEnum):
    """A kind of endless space."""

    CALENDAR = "calendar"
    REPLY = "reply"
    SHARE = "share"
    SESSION_PATH = "session_path"
    SESSION_QUERY = "session_query"
    TAG_COMBINATION = "tag_combination"
    PATH_LOOP = "path_loop"
    REDIRECT_LOOP = "redirect_loop"
    PAGER = "pager"


_SHAPES = {
    Trap.SESSION_PATH: re.compile(r"/s/[0-9a-f]{32}(/.*)"),
    Trap.SESSION_QUERY: re.compile(r".*[?&]PHPSESSID=\w+.*"),
    Trap.REPLY: re.compile(r".*[?&]replytocom=\d+.*"),
    Trap.SHARE: re.compile(r".*[?&]share=\w+.*"),
    Trap.CALENDAR: re.compile(r"/(?:\?m=|calendar/)(\d{4})/?(\d\d)/?"),
    Trap.TAG_COMBINATION: re.compile(r"/tag/([^/]+\+[^/]+)/(?:page/(\d+)/)?"),
    Trap.PATH_LOOP: re.compile(r"/a/(?:[ab]/)*"),
    Trap.REDIRECT_LOOP: re.compile(r"/turn/(left|right)/"),
    Trap.PAGER: re.compile(r"/guestbook/(?:\?page=(\d+))?"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a trap."""

    href: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One page inside a trap."""

    heading: str
    remark: str
    links: tuple[Link, ...]

    @property
    def context(self) -> dict[str, object]:
        """What its template needs."""
        return {"heading": self.heading, "remark": self.remark, "links": self.links}


def trap_of(target: str) -> Trap | None:
    """The space that a request target lies in; None for the blog proper.

    A target that lies in several, such as a reply link in a session copy, counts for the first.
    """
    return next((trap for trap, shape in _SHAPES.items() if shape.fullmatch(target)), None)


def parts(trap: Trap, target: str) -> tuple[str, ...]:
    """What the shape of a trap captured from a target that lies in it; "" for what is absent."""
    match = _SHAPES[trap].fullmatch(target)
    return tuple(part or "" for part in match.groups()) if match else ()


def session(target: str) -> str:
    """A session id that differs on every page and is the same on every visit."""
    return sha256(target.encode()).hexdigest()[:32]


def bait(blog: Blog, target: str) -> tuple[Link, ...]:
    """Links into every trap, as a page at `target` offers them."""
    newest, fresh = blog.listed[0], session(target)
    here = re.sub(r"^/s/[0-9a-f]{32}|[?&](?:PHPSESSID|share)=\w+", "", target)
    path, mark = here.partition("?")[0], "&" if "?" in here else "?"
    hrefs = [
        f"{BASE}/?m={newest.local:%Y%m}",
        f"{BASE}/calendar/{newest.local:%Y/%m}/",
        f"{BASE}/s/{fresh}{newest.path}",
        f"{BASE}{newest.path}?PHPSESSID={fresh}",
        f"{BASE}{here}{mark}PHPSESSID={session(fresh)}",
        f"{BASE}/a/",
        f"{BASE}/turn/left/",
        f"{BASE}/guestbook/",
        *(f"{BASE}{path}?share={service}" for service in ("facebook", "email", "print")),
    ]
    return tuple(Link(href=href, words=href.removeprefix(BASE)) for href in hrefs)


def inside_session(target: str, html: str) -> str:
    """A session copy of a page: every link in it carries a fresh session id."""
    return re.sub(f'<a href="{BASE}/(?!s/)', f'<a href="{BASE}/s/{session(target)}/', html)


def calendar(year: int, month: int, shape: str) -> Room:
    """A month of the calendar with its neighbours; `shape` is a format of year and month."""
    before = (year - 1, 12) if month == 1 else (year, month - 1)
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    return Room(
        heading=f"Calendar {year}-{month:02}",
        remark="Nothing was posted on the days shown.",
        links=tuple(
            Link(href=BASE + shape.format(*when), words=f"{when[0]}-{when[1]:02}")
            for when in (before, after)
        ),
    )


def pager(page: int) -> Room:
    """A page of a guest book that always has one more."""
    return Room(
        heading=f"Guest book, page {page}",
        remark="Somebody was here and left no name.",
        links=(Link(href=f"{BASE}/guestbook/?page={page + 1}", words="Next »"),),
    )


def loop(path: str) -> Room:
    """A page whose relative links lead ever deeper."""
    deeper = "b/" if path.endswith("a/") else "a/"
    return Room(
        heading="Rooms",
        remark="There is one more door.",
        links=(Link(href=deeper, words="the next room"), Link(href="a/b/", words="two rooms on")),
    )


def combination(blog: Blog, slugs: tuple[str, ...]) -> Archive:
    """All posts that carry every one of the tags, given as slugs."""
    wanted = set(slugs)
    return Archive(
        kind="tag",
        name=" + ".join(slugs),
        path=f"/tag/{'+'.join(slugs)}/",
        entries=tuple(e for e in blog.listed if wanted <= {slug(tag) for tag in e.tags}),
    )


def combinations(blog: Blog, slugs: tuple[str, ...]) -> Iterator[str]:
    """Addresses that narrow a tag archive by one more tag."""
    for archive in blog.tags:
        other = archive.path.removeprefix("/tag/").rstrip("/")
        if other not in slugs:
            yield f"{BASE}/tag/{'+'.join((*slugs, other))}/"
