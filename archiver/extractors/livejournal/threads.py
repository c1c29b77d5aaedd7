"""Threads as data: `LJ_cmtinfo` (who answered whom) and the comments inside `Site.page`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft
from archiver.model import ParentGround, Source, Visibility

_CMTINFO = re.compile(r"LJ_cmtinfo\s*=\s*\{")
# Old pages write JavaScript ("123: { rc: [4,5], u: 'x' }"), newer ones JSON.
_MEMBER = re.compile(r"[\"']?(\d+)[\"']?\s*:\s*\{([^{}]*)\}")
_CHILDREN = re.compile(r"[\"']?rc[\"']?\s*:\s*\[([^\]]*)\]")
_USER = re.compile(r"[\"']?(?:u|username)[\"']?\s*:\s*[\"']([\w-]+)[\"']")
_FULL = re.compile(r"[\"']?full[\"']?\s*:\s*[\"']?(\d)")
_GONE = re.compile(r"[\"']?(?:deleted|screened)[\"']?\s*:\s*[\"']?1")
_SITE_PAGE = re.compile(r"Site\.page\s*=\s*(?=\{)")
_STATES = {
    "deleted": Visibility.DELETED,
    "screened": Visibility.SCREENED,
    "spammed": Visibility.SPAM,
    "suspended": Visibility.DELETED,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What `LJ_cmtinfo` says of one comment."""

    parent: str | None
    user: str | None
    is_full: bool


def comment_info(text: str) -> dict[str, Known]:
    """Comments of the page by number, in its order; {} where the page has no such table."""
    start = _CMTINFO.search(text)
    if start is None:
        return {}
    members = {m[1]: m[2] for m in _MEMBER.finditer(text, start.end(), _end(text, start.end()))}
    parents: dict[str, str] = {}
    for number, body in members.items():
        children = _CHILDREN.search(body)
        for child in re.findall(r"\d+", children.group(1)) if children else ():
            parents[child] = number
    return {number: _known(body, parents.get(number)) for number, body in members.items()}


def _end(text: str, start: int) -> int:
    """The end of the script that holds the table."""
    end = text.find("</script", start)
    return end if end >= 0 else len(text)


def _known(body: str, parent: str | None) -> Known:
    user, full = _USER.search(body), _FULL.search(body)
    return Known(
        parent=parent,
        user=user.group(1) if user else None,
        is_full=(full is None or full.group(1) == "1") and _GONE.search(body) is None,
    )


def site_page(text: str) -> Mapping[str, Any]:
    """The object that LiveJournal's scripts read; {} where there is none or it is broken off."""
    start = _SITE_PAGE.search(text)
    if start is None:
        return {}
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start.end())
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def drafts(thread: Mapping[str, Any], entry: str | None, url: str | None) -> Iterator[CommentDraft]:
    """Comments of `Site.page` or of an answer of `__rpc_get_thread`, in its order.

    `entry` and `url` name the entry where the document is not its page.
    """
    page = thread.get("comments_page")
    number = page if isinstance(page, int) else None
    listed = thread.get("comments")
    for comment in listed if isinstance(listed, list) else ():
        if not isinstance(comment, dict):
            continue
        if comment.get("more"):
            yield from _unseen(comment, entry, url)
        elif _number(comment, "dtalkid"):
            yield _draft(comment, entry, url, number)


def _unseen(
    comment: Mapping[str, Any], entry: str | None, url: str | None
) -> Iterator[CommentDraft]:
    """ "…and 12 more comments": nothing but their numbers."""
    for number in re.findall(r"\d+", str(comment.get("data") or "")):
        yield CommentDraft(
            native_id=number,
            post_native_id=entry,
            post_url=url,
            visibility=Visibility.TRUNCATED,
            source=Source.API,
        )


def _draft(
    comment: Mapping[str, Any], entry: str | None, url: str | None, page: int | None
) -> CommentDraft:
    parent = _number(comment, "parent")
    level, user = comment.get("level"), _words(comment, "uname")
    return CommentDraft(
        native_id=_number(comment, "dtalkid"),
        post_native_id=entry,
        post_url=url,
        parent=parent,
        parent_ground=ParentGround.EXPLICIT if parent else ParentGround.NONE,
        depth=level - 1 if isinstance(level, int) and level > 0 else None,
        page_number=page,
        permalink=_words(comment, "thread_url"),
        author=_author(comment),
        is_post_author=True if user and user == comment.get("poster") else None,
        published=_date(comment),
        subject=_words(comment, "subject"),
        body=_words(comment, "article"),
        visibility=_visibility(comment),
        source=Source.API,
    )


def _number(comment: Mapping[str, Any], name: str) -> str | None:
    """The number of a comment; 0 stands for none."""
    found = str(comment.get(name) or "")
    return found if found.isdigit() else None


def _words(comment: Mapping[str, Any], name: str) -> str | None:
    """A field that holds words; anything else in its place says nothing."""
    found = comment.get(name)
    return found if isinstance(found, str) and found else None


def _author(comment: Mapping[str, Any]) -> AuthorDraft | None:
    user, shown = _words(comment, "uname"), _words(comment, "dname")
    if user is None and _visibility(comment) not in (Visibility.VISIBLE, Visibility.TRUNCATED):
        return None
    # A comment without an account is anonymous; only some versions of the page spell it out.
    return AuthorDraft(
        text=shown or user or "(Anonymous)",
        href=_words(comment, "commenter_journal_base"),
        profile_id=user,
    )


def _date(comment: Mapping[str, Any]) -> DateDraft | None:
    stamp, words = comment.get("ctime_ts"), _words(comment, "ctime")
    if isinstance(stamp, int) and stamp > 0:
        return DateDraft(text=words, epoch_ms=stamp * 1000, source=Source.API)
    return DateDraft(text=words) if words else None


def _visibility(comment: Mapping[str, Any]) -> Visibility:
    if comment.get("deleted"):
        return Visibility.DELETED
    state = _STATES.get(str(comment.get("leafclass") or ""))
    if state is not None:
        return state
    if comment.get("suspended"):
        return Visibility.DELETED
    return Visibility.VISIBLE if comment.get("article") else Visibility.TRUNCATED
