"""utterances and giscus: comments are those of a GitHub issue, whose page can be saved.

Source: utterance/utterances; markup of GitHub issue pages before 2025
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft
from archiver.model import Source
from archiver.nodes import attribute, css, first, text, xpath
from archiver.page import Page

SERVICE = "utterances"

_ISSUE = re.compile(r"^https?://github\.com/[^/]+/[^/]+/issues/\d+")
_COMMENTS = xpath("//*[starts-with(@id,'issuecomment-')]")
_BODY = css(".comment-body")
_AUTHOR = css("a.author")
_TIME = css("relative-time[datetime], time-ago[datetime]")
_FIRST_LINK = xpath("(//*[contains(concat(' ',@class,' '),' comment-body ')])[1]//a[@href]")
_BOT = b"utterances-bot"


def is_own(page: Page) -> bool:
    """Whether the document is an issue that utterances opened for a post."""
    return _ISSUE.match(page.url) is not None and _BOT in page.body


def comments(page: Page) -> Iterator[CommentDraft]:
    """Comments of the issue; the issue's own text, a link to the post, is none."""
    if is_own(page):
        link = first(_FIRST_LINK(page.tree))
        post = attribute(link, "href") or None
        yield from (_draft(page, node, post) for node in _COMMENTS(page.tree) if _BODY(node))


def _draft(page: Page, node: Node, post: str | None) -> CommentDraft:
    author, stamp = first(_AUTHOR(node)), first(_TIME(node))
    key = attribute(node, "id")
    return CommentDraft(
        native_id=key,
        post_url=post,
        permalink=f"{page.url}#{key}",
        author=AuthorDraft(
            text=text(author) or None,
            href=attribute(author, "href") or None,
            profile_id=text(author) or None,
        ),
        published=DateDraft(
            text=text(stamp) or None, machine=attribute(stamp, "datetime"), source=Source.MACHINE
        )
        if stamp is not None
        else None,
        body=first(_BODY(node)),
        node=node,
    )
