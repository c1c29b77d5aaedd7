"""The title of an unknown page's post: the heading at its text that the page's title repeats."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.etree import _Element as Node

from archiver.bylines import Byline, beside_date
from archiver.extractors.generic.passage import Passage
from archiver.extractors.generic.regions import Regions
from archiver.nodes import attribute, css, first, strings, text
from archiver.outline import Line
from archiver.page import Page
from archiver.urls import resolve

_TITLE = css("head title, title")
_OG = strings("//meta[@property='og:title']/@content")
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:entry|post|article|story|blog|page|p)?[-_]?(?:title|headline|header|name|subject)(?=$|[\s_-])",
    re.I,
)
_BLOG_NAMED = re.compile(
    r"(?:site|blog|header|banner)[-_]?(?:title|name|header)|masthead|logo", re.I
)
_FOLD = re.compile(r"[\W_]+")
_SEPARATORS = re.compile(r"\s+[|·•»«:–—-]+\s+|\s*[|»«]\s*|\s*::\s*|:\s+")
_SLUG_WORD = re.compile(r"[^\W\d_]+")
_HEADINGS = ("h1", "h2", "h3", "h4")
_HEADING_ONLY = 3.5  # the score of a heading that nothing else speaks for
_RIGHT_ABOVE = 3
_NEAR = 8
_LONGEST = 250  # characters of a title
_RECENT = 40  # lines above the text in which its headline is looked for


def find(
    page: Page, passage: Passage, regions: Regions, bylines: list[Byline]
) -> Line | str | None:
    """The line of the title, or the words that only the head has; None when there is no title."""
    stated = _stated(page)
    best = max(
        (
            (
                _score(page, line, passage, stated, regions),
                -abs(line.index - passage.first.index),
                line,
            )
            for line in _candidates(page, passage, bylines)
        ),
        key=lambda entry: entry[:2],
        default=None,
    )
    if best is not None and best[0] > 0:
        return best[2]
    return _from_head(page, passage)


def _candidates(page: Page, passage: Passage, bylines: list[Byline]) -> list[Line]:
    """Short lines above the text and its first lines, bylines and dates left out."""
    said = {at for b in bylines if b.is_date for at in range(b.first.index, b.last.index + 1)}
    lines = page.outline.lines
    start = max(0, passage.first.index - _RECENT)
    near = lines[start : passage.first.index + 2]
    return [
        n
        for n in near
        if n.index not in said
        and 1 <= len(n.words) <= _LONGEST
        and (n.heading is not None or n.index < passage.first.index)
    ]


def _score(page: Page, line: Line, passage: Passage, stated: list[str], regions: Regions) -> float:
    score = 0.0
    tag = str(line.heading.tag) if line.heading is not None else ""
    if tag in _HEADINGS:
        score += {"h1": 4.0, "h2": 4.0, "h3": 3.5, "h4": 1.5}[tag]
    names = " ".join(
        f"{attribute(box, 'class')} {attribute(box, 'id')} {attribute(box, 'itemprop')}"
        for box in _near_boxes(line)
    )
    if _NAMED.search(names):
        score += 2.0
    folded = _folded(line.words)
    if len(folded) > 2 and any(folded in title for title in stated):
        score += 4.0 if any(folded == title for title in stated) else 3.0
    elif _fits_address(page, folded):
        score += 3.0
    elif not (
        tag in ("h1", "h2")
        or score > _HEADING_ONLY
        or (tag and passage.first.index - line.index <= _RIGHT_ABOVE)
    ):
        return 0.0
    if _BLOG_NAMED.search(names) or _leads_home(page, line) or line.index > passage.first.index:
        score -= 6.0
    if regions.is_outside(line.box) and tag not in _HEADINGS:
        score -= 4.0
    return score - 0.06 * max(0, passage.first.index - line.index)


def _near_boxes(line: Line) -> list[Node]:
    boxes = [line.box]
    for above in line.box.iterancestors():
        if len(boxes) > 2 or len(above) > 2:
            break
        boxes.append(above)
    return boxes


def _leads_home(page: Page, line: Line) -> bool:
    """Whether a heading is a link to the front page: then it names the blog."""
    return any(
        urlsplit(resolve(page.base_url, a.get("href")) or "x").path.rstrip("/")
        in ("", "/index.html", "/index.php", "/blog")
        for a in line.anchors
    )


def _folded(words: str) -> str:
    return _FOLD.sub(" ", words).strip().casefold()


def _stated(page: Page) -> list[str]:
    """og:title and <title>, folded."""
    found = [*_OG(page.tree)[:1], text(first(_TITLE(page.tree)))]
    return [folded for words in found if (folded := _folded(str(words)))]


def _from_head(page: Page, passage: Passage) -> str | None:
    """What of og:title or <title> stands above the text, else og:title or the longest part.

    Some templates print the day and the title in one line.
    """
    stated = [str(words).strip() for words in _OG(page.tree)[:1]] + [text(first(_TITLE(page.tree)))]
    near = page.outline.lines[max(0, passage.first.index - _NEAR) : passage.first.index]
    shown = [f" {_folded(line.words)} " for line in near]
    for words in stated:
        for part in _parts(words):
            if any(f" {_folded(part)} " in line for line in shown):
                return part
    if (beside := _beside_date(page, near)) is not None:
        return beside
    parts = [part for part in _SEPARATORS.split(stated[-1]) if part.strip()]
    if len(stated) > 1 and stated[0]:
        return stated[0]
    return max(parts, key=len).strip() if len(parts) > 1 else None


def _beside_date(page: Page, near: list[Line]) -> str | None:
    """The words beside a date ("Sunday, May 3, 2009 - Two shows") that the address repeats."""
    for line in reversed(near):
        for part in _parts(line.words):
            if part != line.words and _fits_address(page, _folded(part)):
                return beside_date(part)
    return None


def _fits_address(page: Page, folded: str) -> bool:
    """Whether most words of the permalink's last part ("two-shows.html") are in a title."""
    parts = [part for part in urlsplit(page.url).path.split("/") if part]
    slug = _SLUG_WORD.findall(re.sub(r"\.\w{2,5}$", "", parts[-1]).casefold()) if parts else []
    if len("".join(slug)) < 5:
        return False
    words = set(folded.split())
    return sum(word in words for word in slug) >= 0.7 * len(slug)


def _parts(words: str) -> list[str]:
    """A title's words from each separator on, and up to each, the longest first."""
    cuts = [match.span() for match in _SEPARATORS.finditer(words)]
    parts = [words, *(words[end:] for _, end in cuts), *(words[:start] for start, _ in cuts)]
    return sorted((p.strip() for p in parts if len(_folded(p)) > 3), key=len, reverse=True)
