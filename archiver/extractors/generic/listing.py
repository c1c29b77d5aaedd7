"""Entries of an unknown listing: headings alike, each with its link, its text and its date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from lxml.etree import _Element as Node

from archiver.bylines import Byline
from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.extractors.generic.passage import is_edge
from archiver.extractors.generic.regions import Regions
from archiver.extractors.generic.signs import machine_value
from archiver.nodes import attribute
from archiver.outline import Line
from archiver.page import Page
from archiver.stamps import stamped
from archiver.urls import resolve, same_site

_FEWEST = 2
_SHORTEST = 30  # characters of text that an entry shows
_LONGEST_FOOTER = 200
_DIGITS = re.compile(r"\d+")
_COUNTED = re.compile(
    r"\b(?:\d+|no)\s+(?:comments?|responses?|replies)\b|\b(?:comments?|responses?)\s*[(\[:]\s*\d+",
    re.IGNORECASE,
)


def entries(page: Page, regions: Regions) -> list[PostDraft]:
    """Drafts of the entries, in page order; [] where the page is no listing of them.

    An entry needs a heading that links within the site, a text, and a date or name of its own;
    lists of titles alone are no posts.
    """
    for headings in _alike(page, regions):
        found = [_entry(page, regions, *span) for span in _spans(page, headings)]
        drafts = [draft for draft in found if draft is not None]
        if len(drafts) >= _FEWEST and len(drafts) * 2 > len(headings):
            return drafts
    return []


def _alike(page: Page, regions: Regions) -> list[list[Line]]:
    """Groups of linked headings with one look, the largest first."""
    groups: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in page.outline.lines:
        if line.heading is None or not line.anchors or regions.is_outside(line.box):
            continue
        target = resolve(page.base_url, line.anchors[0].get("href"))
        if target and same_site(target, page.url) and line.link_share > 0.5:
            groups[_look(line.heading)].append(line)
    alike = [lines for lines in groups.values() if len(lines) >= _FEWEST]
    return sorted(alike, key=len, reverse=True)[:3]


def _look(node: Node) -> tuple[str, ...]:
    parent = node.getparent()
    return (
        str(node.tag),
        _DIGITS.sub("", attribute(node, "class")),
        _DIGITS.sub("", attribute(parent, "class")),
    )


def _spans(page: Page, headings: Sequence[Line]) -> list[tuple[Line, int, int]]:
    """Each heading with the range of lines up to the next one or the end of their common box."""
    outline = page.outline
    box = outline.around(headings[0].box, headings[0].start, headings[-1].end)
    inside = [
        n.index
        for n in outline.lines
        if n.start >= outline.start[box] and n.end <= outline.end[box]
    ]
    ends = [heading.index for heading in headings[1:]] + [inside[-1] + 1]
    return [(heading, heading.index + 1, end) for heading, end in zip(headings, ends, strict=True)]


def _entry(page: Page, regions: Regions, heading: Line, low: int, high: int) -> PostDraft | None:
    near = [b for b in page.bylines if heading.index - 2 <= b.first.index < high]
    own = [b for b in near if b.first.index > heading.index] or near
    named = next((b for b in own if b.name and b.is_explicit), None)
    dated = next((b for b in own if b.date), None)
    if named is None and dated is None:
        return None
    said = {at for b in near for at in range(b.first.index, b.last.index + 1)}
    lines = [n for n in page.outline.lines[low:high]]
    while lines and _frames(lines[0], said, regions):
        lines.pop(0)
    while lines and _frames(lines[-1], said, regions):
        lines.pop()
    if sum(len(line.words) for line in lines) < _SHORTEST:
        return None
    return PostDraft(
        url=attribute(heading.anchors[0], "href"),
        title=heading.heading,
        authors=(AuthorDraft(text=named.name, href=attribute(named.link, "href") or None),)
        if named
        else (),
        published=_date(dated, page, heading) if dated else None,
        body=page.outline.html(lines[0].start, lines[-1].end),
        comment_count=_count(page.outline.lines[low:high]),
    )


def _frames(line: Line, said: set[int], regions: Regions) -> bool:
    return (
        line.index in said or line.link_share > 0.8 or is_edge(line) or regions.is_outside(line.box)
    )


def _date(dated: Byline, page: Page, heading: Line) -> DateDraft | None:
    """The entry's date; a time alone takes the day of the header above."""
    above = [b for b in page.bylines if b.first.index <= heading.index and b.date and not b.name]
    machine = machine_value(page, dated)
    if machine:
        return stamped(page, machine, words=dated.date, is_markup=True)
    return DateDraft(text=dated.date, day_text=above[-1].date if above else None)


def _count(lines: Sequence[Line]) -> str | None:
    """The words of a count in a footer ("2 comments", "Comments (3)")."""
    short = (_COUNTED.search(line.words) for line in lines if len(line.words) < _LONGEST_FOOTER)
    return next((found.group(0) for found in short if found), None)
