"""What stands around the text of a post: its title, people, dates, terms and counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from lxml.etree import _Element as Node

from archiver.extractors.wordpress.dates import has_date
from archiver.extractors.wordpress.prose import (
    is_element,
    letters,
    machine_date,
    names,
    runs,
    words,
)
from archiver.extractors.wordpress.roles import Role, roles
from archiver.nodes import xpath

HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
_HEADING = xpath(".//h1 | .//h2 | .//h3 | .//h4")
_SITE_TITLE = re.compile(r"[\s_-](?:site|blog)[_-]?(?:title|name|description)[\s_-]|\slogo\s")
_NOT_TITLE = re.compile(
    r"widget-?title|screen-reader|assistive|comment|reply|respond|author|[\s_-]nav"
)
_PERSON_HREF = re.compile(r"/author/|[?&]author=\d")
_TERM_HREF = re.compile(r"/(?:category|categories|topics?)/|[?&]cat=\d", re.IGNORECASE)
_COMMENT_HREF = re.compile(r"#(?:comments?|respond|disqus_thread|postcomment)$")
_QUIET = frozenset(("script", "style", "form", "noscript", "svg"))

# Ranks: the lower the surer.
_EXACT, _LABELLED, _LINKED, _FOUND = range(4)


@dataclass(slots=True)
class Header:
    """Candidates in page order, the surest with the lowest rank."""

    titles: list[tuple[int, Node]] = field(default_factory=list)
    authors: list[tuple[int, Node]] = field(default_factory=list)
    dates: list[tuple[int, Node]] = field(default_factory=list)
    updates: list[Node] = field(default_factory=list)
    categories: list[Node] = field(default_factory=list)
    tags: list[Node] = field(default_factory=list)
    counts: list[Node] = field(default_factory=list)
    permalinks: list[Node] = field(default_factory=list)
    summaries: list[Node] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # HTML comments: Kubrick's "by X"
    lines: list[tuple[str, Node]] = field(default_factory=list)  # words of an element's own

    def marks(self) -> Iterator[Node]:
        """The nodes that are surely header and not text."""
        for ranked in (self.titles, self.authors, self.dates):
            yield from (node for rank, node in ranked if rank <= _LINKED)
        for plain in (self.updates, self.categories, self.tags, self.counts):
            yield from plain


def read(parts: Iterable[Node], zones: Set[Node], texts: Set[Node]) -> Header:
    """Walk the parts of a post; what is in `zones` (comments, sidebars) and `texts` stays out."""
    seen = Header()
    pending = list(reversed(list(parts)))
    while pending:
        node = pending.pop()
        if not is_element(node):
            seen.remarks.append(node.text or "")
        elif node not in zones and node not in texts and node.tag not in _QUIET:
            _note(node, seen)
            pending.extend(reversed(node))
    return seen


def _note(node: Node, seen: Header) -> None:
    tag, classes = node.tag, node.get("class")
    if tag == "a":
        _note_link(node, seen)
    elif tag in HEADINGS:
        seen.titles.append((_FOUND if node.find(".//a[@rel]") is None else _LINKED, node))
    elif tag == "time" or (tag == "abbr" and machine_date(node)):
        _note_time(node, seen)
    seen.lines.extend((run, node) for run in runs(node) if len(run) > 3)
    if node.get("itemprop") in ("headline", "name") and tag in HEADINGS:
        seen.titles.append((_EXACT, node))
    if classes:
        _note_class(node, roles(classes), seen)


def _note_link(node: Node, seen: Header) -> None:
    rel, href = node.get("rel", "").split(), node.get("href", "")
    if "author" in rel or _PERSON_HREF.search(href):
        seen.authors.append((_LINKED, node))
    elif "category" in rel or _TERM_HREF.search(href):
        seen.categories.append(node)
    elif "tag" in rel:
        block = node.getparent()
        is_category = block is not None and "taxonomy-category" in block.get("class", "")
        (seen.categories if is_category else seen.tags).append(node)
    elif _COMMENT_HREF.search(href):
        seen.counts.append(node)
    elif "bookmark" in rel:
        seen.permalinks.append(node)


def _note_time(node: Node, seen: Header) -> None:
    classes = node.get("class", "").split()
    if "updated" in classes and not {"published", "entry-date"} & set(classes):
        seen.updates.append(node)
    else:
        exact = machine_date(node) is not None
        seen.dates.append((_EXACT if exact else _LABELLED, node))


def _note_class(node: Node, said: frozenset[Role], seen: Header) -> None:
    if Role.TITLE in said and (node.tag in HEADINGS or not _HEADING(node)):
        seen.titles.append((_EXACT if node.tag in HEADINGS else _LABELLED, node))
    if Role.NAME in said:
        seen.authors.append((_EXACT, node))
    elif Role.AUTHOR in said:
        seen.authors.append((_FOUND, node))
    if Role.SUMMARY in said:
        seen.summaries.append(node)
    if Role.DATE in said and node.tag not in ("time", "abbr") and has_date(words(node)):
        seen.dates.append((_LABELLED, node))


def title(seen: Header, texts: Set[Node]) -> Node | None:
    """The heading that is the title of a post; one inside a text comes last."""
    ranked = []
    for at, (rank, node) in enumerate(seen.titles):
        if letters(words(node)) and not _is_no_title(node):
            inside = not texts.isdisjoint(node.iterancestors())
            ranked.append((inside, rank, at, node))
    if not ranked:
        return None
    best = min(ranked, key=lambda entry: entry[:3])[3]
    linked = best.find(".//a[@rel='bookmark']")
    return linked if linked is not None and letters(words(linked)) else best


def _is_no_title(node: Node) -> bool:
    """Whether a heading names the blog, or a part of the page that is no post."""
    parent = node.getparent()
    own, around = names(node), names(parent) if parent is not None else ""
    if node.find(".//a[@rel='home']") is not None or _NOT_TITLE.search(own):
        return True
    return _SITE_TITLE.search(own + around) is not None
