"""Comments of templates nobody wrote down: the words between bylines, with ids and links.

Some templates put the byline before the words and some behind them; some wrap each comment and
some leave everything loose.  What stands around the bylines tells which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.etree import _Element as Node

from archiver.bylines import Byline
from archiver.nodes import classes
from archiver.outline import Line, Outline

_MARK_IDS = frozenset(
    {
        "comments",
        "comment",
        "all-comments",
        "comment-list",
        "commentlist",
        "disqus_thread",
        "comments-title",
    }
)
_MARK_CLASSES = frozenset(
    {"comments-head", "comments-header", "comments-title", "commentshead", "comment-title"}
)
_COMMENT_WORDS = re.compile(
    r"^\W*(?:\d+\s+|no\s+|user\s+|reader\s+|blog\s+|all\s+|the\s+)?(?:\d+\s+)?(?:comments?\b|kommentare?\b|commentaires?\b"
    r"|comentarios?\b|comentários?\b|commenti\b|reacties\b|kommentarer\b|コメント|responses?\b|replies\b"
    r"|feedback\b|reactions?\b|discussions?\b|komentáře\b|komentarze\b|комментари|kommentit\b|hozzászólás"
    r"|thoughts?\s+on\b|réactions?\b|rückmeldungen\b|opiniones\b|what\s+(?:people|others)|comments\s+(?:on|for|to))",
    re.IGNORECASE,
)
_FORM_WORDS = re.compile(
    r"^\W*(?:(?:please\s+)?(?:post|leave|add|write|submit|make|have)\s+(?:a|an|your|new|us|to)\b|your\s+(?:comment|say|name|reply)|leave\s+"
    r"|schreib|kommentar\s+(?:schreiben|hinzufügen|abgeben|verfassen)|laisser|rédiger|ajouter|deja|escrib|lascia|invia|aggiungi"
    r"|geef\s+een|plaats|lämna|skriv|add\s+comment|post\s+comment|comment\s+on\s+this|コメントを|コメントする|verify\s+your)",
    re.IGNORECASE,
)
# What templates say where nobody may comment any more.
_CLOSED = re.compile(
    r"comments?\s+(?:to|for|on)\s+this\s+(?:entry|post|article)\s+(?:are|is|have "
    r"been)\s+(?:now\s+)?closed"
    r"|^\W*(?:sorry,?\s+)?(?:the\s+)?(?:comments?|commenting|comment "
    r"form|discussion)\s+(?:are|is|have been|has been)"
    r"\s+(?:now\s+)?(?:closed|disabled|turned off)|new comments are not allowed"
    r"|does not allow "
    r"comments|kommentare\s+(?:sind|wurden)\s+geschlossen|kommentarfunktion\s+(?:ist\s+)?geschlossen"
    r"|commentaires\s+(?:sont\s+)?fermés|comentarios\s+(?:están\s+)?cerrados|comentários\s+(?:estão\s+)?(?:fechados|encerrados)"
    r"|commenti\s+(?:sono\s+)?chiusi|reacties\s+zijn\s+gesloten|kommentarer\s+(?:är|er)\s+stängda",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 140  # characters
_SMALL = re.compile(
    r"^[\W\d]*(?:reply|permalink|link|quote|report(?:\s+\w+)*|flag|like|edit|delete|top|antworten|répondre|responder|rispondi"
    r"|reply\s+to\s+this(?:\s+comment)?|permanent\s+link|\[?link\]?|parent|share|vote|up|down)?[\W\d]*$",
    re.IGNORECASE,
)
_ID = re.compile(
    r"^(?:c|comment|cmt|com|li-comment|div-comment|reply|response)[-_]?0*(\d+|6a[0-9a-f]{20,})$",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\d+")
_INLINE = frozenset(
    {"a", "abbr", "b", "cite", "em", "font", "i", "small", "span", "strong", "time", "tt", "u"}
)
_STOPS = frozenset({"form", "h1", "h2", "textarea", "fieldset"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment found by its byline: its words as HTML, its id and its element."""

    byline: Byline
    html: str
    native_id: str | None
    node: Node


@dataclass(frozen=True, slots=True)
class Discussion:
    """The comments of a page: where they begin (a character), the words that say so, and they."""

    start: int | None
    heading: str | None
    remarks: tuple[Remark, ...]


def discussion(outline: Outline, bylines: Sequence[Byline]) -> Discussion:
    """The comments under the heading that has most of them; a page may have several such headings.

    "Recent comments" of a sidebar and "Comments (3)" in a byline are headings without comments.
    """
    marks = [line for line in outline.lines if _is_mark(line)]
    best: tuple[Line, list[Byline]] | None = None
    for mark in marks:
        found = _under(outline, bylines, mark)
        if found and (best is None or len(found) > len(best[1])):
            best = (mark, found)
    if best is not None:
        mark, found = best
        held = tuple(remarks(outline, found, mark.end))
        return Discussion(mark.start, mark.words, held)
    if marks:
        return Discussion(marks[0].start, marks[0].words, ())
    return Discussion(None, None, ())


def _under(outline: Outline, bylines: Sequence[Byline], mark: Line) -> list[Byline]:
    """Bylines of the comments under a heading: those that look like the first complete one."""
    after = [b for b in bylines if b.first.index > mark.index and b.name and _is_sure(b)]
    if not after or _has_section_between(outline, mark, after[0]):
        return []
    end = _block_end(outline, mark, after[0])
    after = [b for b in after if b.end <= end]
    explicit = [b for b in after if b.is_explicit]
    found = explicit or after
    looks = [_look(b) for b in found]
    common = max(set(looks), key=looks.count)
    alike = [b for b, look in zip(found, looks, strict=True) if look == common]
    # Owners' and guests' comments may look different, so the few do not lose to the many.
    return found if explicit and len(alike) * 2 < len(found) else alike


def _is_sure(byline: Byline) -> bool:
    """Whether a date is more than a month of an archive list ("May 2005")."""
    numbers = _NUMBERS.findall(byline.date)
    return (
        (byline.is_explicit and bool(byline.date))
        or len(numbers) > 1
        or len("".join(numbers)) in (1, 2)
    )


def _has_section_between(outline: Outline, mark: Line, first: Byline) -> bool:
    """Whether another section begins between a heading and the first byline after it."""
    level = str(mark.heading.tag) if mark.heading is not None else ""
    between = outline.lines[mark.index + 1 : first.first.index]
    return any(n.heading is not None and str(n.heading.tag) <= level for n in between)


def _look(byline: Byline) -> tuple[str, str]:
    """The block of a byline, counters in its class names set aside."""
    boxes = (byline.last.box, *byline.last.box.iterancestors())
    box = next((node for node in boxes if node.tag not in _INLINE), byline.last.box)
    return str(box.tag), " ".join(re.sub(r"\d+|odd|even|alt", "", name) for name in classes(box))


def _block_end(outline: Outline, mark: Line, first: Byline) -> int:
    """Where the comments end: at the invitation to write one that follows them."""
    for line in outline.lines[first.last.index + 1 :]:
        if (
            len(line.words) < 80
            and _FORM_WORDS.match(line.words)
            and (
                line.heading is not None
                or line.box.tag in ("legend", "b", "strong", "label", "div", "p", "a")
            )
        ):
            return line.start
    return len(outline.text)


def says_closed(outline: Outline) -> bool:
    """Whether a short line says that nobody may comment any more."""
    short = (line.words for line in outline.lines if len(line.words) <= _LONGEST_NOTICE)
    return any("o" in words and _CLOSED.search(words) for words in short)


def _is_mark(line: Line) -> bool:
    if len(line.words) > 80 or _FORM_WORDS.match(line.words):
        return False
    said = _COMMENT_WORDS.match(line.words) is not None
    if line.heading is not None:
        return said or (line.heading.get("id") or "").lower() in _MARK_IDS
    boxes = [line.box, *islice(line.box.iterancestors(), 1)]
    boxes += islice(line.box.iterchildren("a"), 3)  # the anchor in front of the word
    named = any(
        (box.get("id") or box.get("name") or "").lower() in _MARK_IDS
        or not _MARK_CLASSES.isdisjoint(name.lower() for name in classes(box))
        for box in boxes
    )
    return said and (
        named or (len(line.words) < 30 and line.box.tag in ("b", "strong", "dt", "legend"))
    )


@dataclass(frozen=True, slots=True)
class _Reach:
    """What belongs to one byline for sure: an element, or only its line in an element of many."""

    node: Node
    start: int
    end: int


def remarks(outline: Outline, found: Sequence[Byline], start: int) -> list[Remark]:
    """One comment for each byline of one block that begins at character `start`.

    Bylines without words of their own are left out.
    """
    if not found:
        return []
    reaches = _reaches(outline, found)
    pairs = list(zip(reaches, found, strict=True))
    wrapped = sum(_has_words(outline, reach, byline) for reach, byline in pairs)
    if wrapped * 2 >= len(found):
        spans = [(max(start, reach.start), reach.end) for reach in reaches]
    else:
        spans = _loose(outline, reaches, start, _stop(outline, reaches, found))
    held = []
    for (low, high), (reach, byline) in zip(spans, pairs, strict=True):
        html = _words_between(outline, low, high, byline)
        if html:
            native = _native_id(outline, reach, low, high)
            held.append(Remark(byline=byline, html=html, native_id=native, node=reach.node))
    return held


def _reaches(outline: Outline, found: Sequence[Byline]) -> list[_Reach]:
    """For each byline the largest element around it that holds no other byline and no form."""
    counts: dict[Node, int] = {}
    for byline in found:
        for box in {box for line in (byline.first, byline.last) for box in _boxes(line.box)}:
            counts[box] = counts.get(box, 0) + 1
    reaches = []
    for byline in found:
        boxes = _boxes(byline.first.box)
        if counts[boxes[0]] > 1:
            reaches.append(_Reach(boxes[0], byline.start, byline.end))
            continue
        node = boxes[0]
        for box in boxes:
            # A single comment would reach the whole page: forms and headings end it, too.
            if counts[box] > 1 or box.tag in ("body", "html") or _holds_stop(box, byline):
                break
            node = box
        low, high = outline.start[node], outline.end[node]
        reaches.append(_Reach(node, min(low, byline.start), max(high, byline.end)))
    return reaches


def _boxes(node: Node) -> list[Node]:
    return [node, *node.iterancestors()]


def _holds_stop(box: Node, byline: Byline) -> bool:
    own = {byline.first.heading, byline.last.heading}
    if any(node not in own for node in box.iter(*_STOPS, "h3")):
        return True
    marks = box.iter("a", "h2", "h3", "h4", "div")
    return any((n.get("id") or n.get("name") or "").lower() in _MARK_IDS for n in marks)


def _has_words(outline: Outline, reach: _Reach, byline: Byline) -> bool:
    """Whether an element says more than its byline."""
    before = outline.text[reach.start : byline.start]
    return _says(before + outline.text[byline.end : reach.end])


def _says(words: str) -> bool:
    words = " ".join(words.split())
    return len(words) > 1 and not _SMALL.match(words)


def _stop(outline: Outline, reaches: Sequence[_Reach], found: Sequence[Byline]) -> int:
    """Where the block ends: the next form or heading after the last byline, or its box's end."""
    last = reaches[-1]
    around = last.node if last.end < outline.end[last.node] else last.node.getparent()
    end = outline.end[around] if around is not None else last.end
    after = found[-1].end
    for line in outline.lines[found[-1].last.index + 1 :]:
        if line.start >= end:
            break
        is_heading = line.heading is not None and line.heading.tag in _HEADINGS
        if is_heading or _FORM_WORDS.match(line.words):
            return max(after, line.start)
    forms = [outline.start[n] for n in outline.tree.iter("form") if n in outline.start]
    return min([end, *(place for place in forms if place >= after)])


def _loose(
    outline: Outline, reaches: Sequence[_Reach], start: int, stop: int
) -> list[tuple[int, int]]:
    """The words before each byline, or those after it, whichever leaves no comment empty."""
    starts, ends = [r.start for r in reaches], [r.end for r in reaches]
    before = list(zip([start, *ends[:-1]], starts, strict=True))
    after = list(zip(ends, [*starts[1:], stop], strict=True))
    leading = _says(outline.text[before[0][0] : before[0][1]])
    trailing = _says(outline.text[after[-1][0] : after[-1][1]])
    return before if leading and (len(reaches) > 1 or not trailing) else after


def _words_between(outline: Outline, low: int, high: int, byline: Byline) -> str:
    """The HTML of a span without its byline and without small links at its edges."""
    parts = [(low, min(high, byline.start)), (max(low, byline.end), high)]
    kept = []
    for start, end in parts:
        lines = outline.within(start, end)
        while lines and _is_small(lines[-1]):
            end = lines.pop().start
        while lines and _is_small(lines[0]):
            start = lines.pop(0).end
        if lines:
            kept.append(outline.html(start, end))
    return "\n".join(part for part in kept if part)


def _is_small(line: Line) -> bool:
    return _SMALL.match(line.words) is not None


def _native_id(outline: Outline, reach: _Reach, low: int, high: int) -> str | None:
    """The number in an id or anchor at the comment: on its box, inside it, or right before it."""
    for node in _boxes(reach.node):
        if node.tag in ("body", "html") or outline.size(node) > 4 * max(200, high - low):
            break
        if (number := _number(node)) is not None:
            return number
    for node in outline.anchors_within(low, high):
        if (number := _number(node)) is not None:
            return number
    return None


def _number(node: Node) -> str | None:
    for value in (node.get("id"), node.get("name")):
        match = _ID.match(value or "")
        if match:
            return match.group(1)
    return None
