"""Movable Type pages with templates of their own: read by their bylines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.bylines import Byline
from archiver.drafts import CommentDraft, DateDraft, PostDraft
from archiver.extractors.movabletype.posts import author, number_in
from archiver.nodes import css, first, text
from archiver.outline import Line
from archiver.page import Page
from archiver.remarks import Discussion, discussion, says_closed

_TITLE = css("title")
_FOLD = re.compile(r"[\W_]+")


def talk(page: Page) -> Discussion:
    """The comments of the page, found by their bylines."""
    return discussion(page.outline, page.bylines)


def comments(page: Page) -> Iterator[CommentDraft]:
    """Comments as `archiver.remarks` finds them."""
    for remark in page.once(talk).remarks:
        yield CommentDraft(
            native_id=remark.native_id,
            author=author(remark.byline),
            published=DateDraft(text=remark.byline.date),
            body=remark.html,
            node=remark.node,
        )


def post(page: Page) -> Iterator[PostDraft]:
    """The entry above the comments: its byline, its heading, and the words between them.

    A byline right under the heading tells nothing of where the words end; the body is then left
    to the generic reader.
    """
    start = page.once(talk).start
    before = [b for b in page.bylines if start is None or b.end <= start]
    signed = [b for b in before if b.is_explicit and b.name and b.date]
    if not signed or (len(signed) > 1 and start is None):
        return
    byline = signed[-1]
    heading = _heading(page, byline)
    if heading is None:
        return
    between = page.outline.lines[heading.index + 1 : byline.first.index]
    yield PostDraft(
        native_id=number_in(page.url),
        title=heading.heading,
        authors=(author(byline),),
        published=DateDraft(text=byline.date),
        body=page.outline.html(heading.end, byline.start) if between else None,
        comments_closed=True if says_closed(page.outline) else None,
    )


def _heading(page: Page, byline: Byline) -> Line | None:
    """The last heading before a byline; first of those that the page's own title repeats."""
    title = _folded(text(first(_TITLE(page.tree))))
    dated = {b.first.index for b in page.bylines if b.is_date}
    headings = [
        line
        for line in page.outline.lines[: byline.first.index]
        if line.heading is not None and line.index not in dated
    ]
    named = [line for line in headings if _folded(line.words) and _folded(line.words) in title]
    # The blog's own name heads the page and stands in the title, too.
    return next(reversed(named or headings), None)


def _folded(words: str) -> str:
    return _FOLD.sub(" ", words).strip().casefold()
