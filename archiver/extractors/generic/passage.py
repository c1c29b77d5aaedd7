"""The text of a post on a page without a known template: the passage that says most.

Lines are weighed (words for, links and furniture against), the heaviest run is found in one pass,
and the element that holds it, cut at headline, byline and comments, is the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.etree import _Element as Node

from archiver.bylines import Byline
from archiver.extractors.generic.regions import Regions, is_content
from archiver.outline import Line, Outline

# Lines that begin so only frame a text …
_TOPICS = re.compile(
    r"^\W*(?:posted\s+(?:in|under|to|on|by|at)\b|filed\s+(?:in|under)\b|published\s+(?:in|on|by)\b|tagged\b"
    r"|(?:categor(?:y|ies)|tags?|labels?|topics?|technorati|share|kategorien?|schlagw\w+|etiquetas|marcadores"
    r"|catégories?|categorías?|mots-clés)\s*[::]|share\s+(?:this|on)\b|trackback\s+url|perma(?:nent\s+)?link\b"
    r"|about\s+the\s+author|you\s+(?:might|may)\s+also|related\s+(?:posts|articles|entries)"
    r"|abgelegt\s+unter|veröffentlicht\s+(?:in|am|von)|classé\s+dans|publié\s+(?:dans|le|par)|archivado\s+en"
    r"|publicado\s+(?:en|por|em)|カテゴリ|投稿者|タグ|«|»|←|→)",
    re.IGNORECASE,
)
# … and these only where little follows, since authors begin sentences with them.
_LINKS = re.compile(
    r"^\W*(?:share|tweet|e-?mail|print|like|pin it|facebook|twitter|digg|del\.?icio\.?us|stumble\w*"
    r"|reddit|google|bookmark|trackbacks?|comments?|no comments|add to|save|rss|top|back|home|next"
    r"|\d+ (?:comments?|responses?|notes|likes|views?)|prev\w*|older|newer|more|read more"
    r"|continue reading|subscribe|follow|link|edit|labels?|tags?|categor\w+"
    r"|leave a (?:comment|reply))\b",
    re.IGNORECASE,
)
_FEW_WORDS = 4
_LONGEST_EDGE = 140  # characters
_SHORTEST = 40  # characters of a text that no markup vouches for
_PIECES = frozenset({"p", "span", "em", "strong", "b", "i", "font", "a"})
_LOUD = frozenset({"b", "strong", "font", "big", "u"})
_LONGEST_TITLE = 100
_GROWTH = 25  # lines between the heaviest run and what frames it
_HEAD_LINES = 4
_CLEAR = 0.6  # share of the run that an element named as content must hold


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters [start, end) of the text; `node` where they are one whole element."""

    start: int
    end: int
    first: Line
    last: Line
    box: Node
    node: Node | None

    def html(self, outline: Outline) -> str:
        """The characters as HTML."""
        return outline.html(self.start, self.end)


def find(
    outline: Outline, regions: Regions, bylines: Sequence[Byline], stop: int | None
) -> Passage | None:
    """The passage before character `stop` (where comments begin); None when none says enough."""
    lines = [line for line in outline.lines if stop is None or line.start < stop]
    run = _heaviest(lines, regions)
    if run is None:
        return None
    lines = lines[run[0] : run[1] + 1]
    if sum(len(line.words) for line in lines if regions.worth(line) > 0) < _SHORTEST:
        return None
    box = _box(outline, lines)
    end = outline.end[box] if stop is None else min(stop, outline.end[box])
    inside = outline.within(outline.start[box], end)
    head, tail = _trimmed(inside, regions, bylines, lines[0].index, lines[-1].index)
    head, tail = _framed(inside, bylines, head, tail)
    if head > tail:
        return None
    first, last = outline.lines[head], outline.lines[tail]
    whole = inside[0].index == head and inside[-1].index == tail and end == outline.end[box]
    if whole:
        return Passage(outline.start[box], outline.end[box], first, last, box, box)
    low = outline.lines[head - 1].end if head > inside[0].index else outline.start[box]
    high = outline.lines[tail + 1].start if tail < inside[-1].index else end
    return Passage(low, high, first, last, box, None)


def _heaviest(lines: Sequence[Line], regions: Regions) -> tuple[int, int] | None:
    """The run of lines with the greatest total worth (Kadane's maximum subarray)."""
    best: tuple[float, int, int] | None = None
    total, begin = 0.0, 0
    for at, line in enumerate(lines):
        worth = regions.worth(line)
        if total <= 0:
            total, begin = 0.0, at
        total += worth
        if best is None or total > best[0]:
            best = (total, begin, at)
    return (best[1], best[2]) if best is not None and best[0] > 0 else None


def _box(outline: Outline, run: Sequence[Line]) -> Node:
    """The element of a run: the smallest one named as content that holds most of it, or all."""
    low, high = run[0].start, run[-1].end
    box = outline.around(run[0].box, low, high)
    named: list[tuple[int, Node]] = []
    for line in max(run, key=lambda n: len(n.words)), run[0], run[-1]:
        for node in (line.box, *line.box.iterancestors()):
            if node in outline.start and is_content(node):
                held = min(high, outline.end[node]) - max(low, outline.start[node])
                if held >= _CLEAR * (high - low):
                    named.append((outline.size(node), node))
    inline = next((n for n in (box, *box.iterancestors()) if n.tag not in _PIECES), box)
    if named:
        size, node = min(named, key=lambda entry: entry[0])
        if size <= outline.size(inline) or node in set(inline.iterancestors()):
            return node
    return inline


def _trimmed(
    inside: Sequence[Line],
    regions: Regions,
    bylines: Sequence[Byline],
    first: int,
    last: int,
) -> tuple[int, int]:
    """The range of lines without what frames a text: headline, bylines, topics, links."""
    said = {at for b in bylines for at in range(b.first.index, b.last.index + 1)}

    def frames(line: Line) -> bool:
        return (
            line.index in said
            or regions.is_outside(line.box)
            or line.link_share > 0.8
            or (len(line.anchors) > 1 and line.link_share > 0.5 and len(line.words) < 100)
            or is_edge(line)
        )

    head, tail = inside[0].index, inside[-1].index
    first, last = max(first, head), min(last, tail)
    by_index = {line.index: line for line in inside}
    top = [at for at in range(head, first) if _is_headline(by_index[at]) or frames(by_index[at])]
    if top:
        head = max(top) + 1
    if head < last and _is_title(by_index[head], by_index[head + 1]):
        head += 1
    # A signature among the first lines heads the text: above it stands the title.
    early = [b.last.index for b in bylines if b.is_explicit and b.date and head <= b.first.index]
    if early and early[0] < min(head + _HEAD_LINES, last):
        head = early[0] + 1
    while head < last and (frames(by_index[head]) or by_index[head].heading is not None):
        head += 1
    # Behind the text, the first frame ends it; inside, frames are the author's own short lines.
    for at in range(last + 1, tail + 1):
        if frames(by_index[at]) or by_index[at].heading is not None:
            tail = at - 1
            break
    while tail > head and frames(by_index[tail]):
        tail -= 1
    return head, tail


def _framed(
    inside: Sequence[Line], bylines: Sequence[Byline], head: int, tail: int
) -> tuple[int, int]:
    """The range grown to a headline right above and a byline right below.

    Between these two all is the author's, lists of links included.
    """
    by_index = {line.index: line for line in inside}
    said = {at for b in bylines for at in range(b.first.index, b.last.index + 1)}
    for at in range(head - 1, max(head - _GROWTH, inside[0].index) - 1, -1):
        if at in said or by_index[at].heading is not None:
            head = at + 1
            break
    closing = {b.first.index for b in bylines if b.is_explicit and b.name and b.date}
    for at in range(tail + 1, min(tail + _GROWTH, inside[-1].index) + 1):
        if at in closing:
            return head, at - 1
        if by_index[at].heading is not None:
            break
    return head, tail


def is_edge(line: Line) -> bool:
    """Whether a short line only frames a text: topics, share links, counts, navigation."""
    words = line.words
    if len(words) >= _LONGEST_EDGE:
        return False
    if _TOPICS.match(words):
        return True
    is_sentence = words[-1] in ".!?…" and not line.anchors
    few = len(words.split()) <= _FEW_WORDS
    return few and not is_sentence and _LINKS.match(words) is not None


def _is_title(line: Line, following: Line) -> bool:
    """Whether a first line is a title by its looks: large or bold, short, on its own."""
    boxes = (line.box, following.box)
    looks = line.box.tag in _LOUD and line.box is not following.box
    return looks and len(line.words) < _LONGEST_TITLE and boxes[1] not in line.box.iter()


def _is_headline(line: Line) -> bool:
    return line.heading is not None and line.heading.tag in ("h1", "h2", "h3")
