"""Who wrote a post and when: labelled nodes first, then words, then what only machines read."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, DateDraft
from archiver.extractors.wordpress.dates import before_date, dated, has_clock, has_date, has_day
from archiver.extractors.wordpress.facts import Facts
from archiver.extractors.wordpress.headers import Header
from archiver.extractors.wordpress.prose import machine_date, words
from archiver.extractors.wordpress.roles import Role, roles
from archiver.model import Source

_BY = re.compile(
    r"(?:^|[\s|(])(?:by|von|par|por|di|door|av|af|przez|автор:?|作者|投稿者)\s*[:：]?\s+"
    r"(?P<name>[^|@,;:()\d]{2,60}?)"
    r"(?=\s*(?:$|[|@,;:()–—·•]|\s(?:on|at|in|am|um|em|le|el|il|under|posted|filed|and is)\b|\d))",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\W*(?:(?:written|posted|published)\s+)?(?:by|von|par|por|di|door|av|af|author|autor|auteur"
    r"|autore|автор|作者|投稿者)\W*",
    re.IGNORECASE,
)
_CLASSIC = re.compile(r"[—–]\s*(?P<name>[^@—–]{2,60}?)\s*@\s*\d")  # Classic: "— X @ 10:14 pm"
_REMARK = re.compile(r"\s*by\s+(.{2,60}?)\s*$")  # Kubrick: <!-- by X -->
_URL_DAY = re.compile(r"/((?:19|20)\d\d/[01]?\d/[0-3]?\d)(?:/|$)")
_REACH = 60  # siblings above a post among which its day may stand
_NAME = 40  # characters
_LINE = 200  # characters that a line with the author's name may have


def authors(header: Header, facts: Facts, *, single: bool) -> Iterator[AuthorDraft]:
    """The post's authors: those that stand side by side, else the surest one."""
    ranked = sorted(
        (entry for entry in header.authors if words(entry[1])), key=lambda entry: entry[0]
    )
    if not ranked:
        name = _named_in_words(header) or (_named_elsewhere(facts) if single else None)
        if name:
            yield AuthorDraft(text=name)
        return
    rank, best = ranked[0]
    parent = best.getparent()
    said = set()
    for node in [best, *(n for r, n in ranked[1:] if r == rank and n.getparent() is parent)]:
        name = words(_name_in(node))
        if name not in said:
            said.add(name)
            link = next(node.iter("a"), None)
            yield AuthorDraft(
                text=name,
                href=link.get("href") if link is not None else None,
                title=link.get("title") if link is not None else None,
            )


def lines(header: Header) -> Iterator[Node]:
    """The elements whose short own words state the day or the author."""
    for line, node in header.lines:
        if len(line) < _LINE and (has_day(line) or _BY.search(line)) and len(words(node)) < _LINE:
            yield node


def _name_in(node: Node) -> Node:
    """The first emphasised words of an author line ("By <b>X</b>, on <b>day</b>"), or all of it."""
    for child in node.iter("a", "b", "strong", "cite", "em"):
        if child is not node and words(child) and not has_date(words(child)):
            return child
    return node


def _named_in_words(header: Header) -> str | None:
    for line, node in header.lines:
        found = (_BY.search(line) or _CLASSIC.search(line)) if len(line) < _LINE else None
        name = found["name"].strip() if found else _labelled(line, node) or _dated(line, node)
        if name:
            return name
    return next((found[1] for r in header.remarks if (found := _REMARK.match(r))), None)


def _labelled(line: str, node: Node) -> str | None:
    """<i>Written by</i> <span>X</span>"""
    beside = node.getnext()
    if beside is None or not _LABEL.fullmatch(line):
        return None
    name = words(beside)
    return name if 0 < len(name) < _NAME else None


def _dated(line: str, node: Node) -> str | None:
    """ "X, March 5, 2010" in a box that themes use for such lines."""
    if not has_day(line) or Role.META not in roles(node.get("class", "")):
        return None
    name = before_date(line).strip(" ,|/–—-·•:")
    return name if 1 < len(name) < _NAME and len(name.split()) < 5 and name[0].isupper() else None


def _named_elsewhere(facts: Facts) -> str | None:
    """A registered comment of the post's own author bears that author's name."""
    for _, mark in facts.index.marks:
        if "bypostauthor" in mark.get("class", ""):
            for node in mark.iter("cite", "b", "span", "div", "strong"):
                classes = node.get("class", "").split()
                is_name = "fn" in classes or "wp-block-comment-author-name" in classes
                if (is_name or node.tag == "cite") and words(node):
                    return words(node)
    return facts.metas.get("author")


def published(
    header: Header, root: Node, facts: Facts, url: str | None, *, single: bool
) -> DateDraft | None:
    """The post's date from its header, <meta>, the day above it, or its address."""
    stated = _stated(header, facts)
    stamp = facts.metas.get("article:published_time") if single else None
    if stamp and (stated is None or stated.machine is None):
        return DateDraft(text=stated.text if stated else None, machine=stamp, source=Source.MACHINE)
    if stated is not None and (has_date(stated.text or "") or stated.machine):
        return stated
    headed = _under_day_heading(header, root)
    if headed is not None:
        return headed
    day = _URL_DAY.search(url or "") or (_URL_DAY.search(facts.page.url) if single else None)
    return DateDraft(text=day[1]) if day else stated


def _stated(header: Header, facts: Facts) -> DateDraft | None:
    ranked = sorted(header.dates, key=lambda entry: entry[0])
    if ranked:
        node = ranked[0][1]
        return dated(_with_clock(node), machine_date(node), facts.trusts_offsets)
    line = next((line for line, _ in header.lines if has_day(line)), None)
    if line is not None:
        return DateDraft(text=line)
    if header.updates:
        node = header.updates[0]
        return dated(words(node), machine_date(node), facts.trusts_offsets)
    return None


def _with_clock(node: Node) -> str:
    """The words of a date, with the time that twentyten keeps in the title of its link."""
    text = words(node)
    for near in (node, node.getparent(), *node):
        title = near.get("title", "") if near is not None else ""
        if has_clock(title) and len(title) < 20 and not has_clock(text):
            return f"{text} {title}"
    return text


def _under_day_heading(header: Header, root: Node) -> DateDraft | None:
    """Classic prints the day once above all posts of that day, and a time in each."""
    clock = next((line for line, _ in header.lines if has_clock(line)), None)
    for before in itertools.islice(root.itersiblings(preceding=True), _REACH):
        text = words(before) if isinstance(before.tag, str) and len(before) < 3 else ""
        if len(text) < 80 and has_date(text):
            return DateDraft(text=clock, day_text=text) if clock else DateDraft(text=text)
    return None
