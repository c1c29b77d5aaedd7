"""Posts of Blogger pages: where title, body, byline and labels stand in each era."""

from __future__ import annotations

import re

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.model import Source
from archiver.nodes import css, first, text, xpath
from archiver.page import Page

_POSTS = xpath(
    "//*[contains(concat(' ',normalize-space(@class),' '),' post ')"
    " or contains(concat(' ',normalize-space(@class),' '),' post-outer ')]"
    "[.//*[contains(concat(' ',@class,' '),' post-body ') or contains(@id,'post-body-')]"
    " or .//*[contains(concat(' ',@class,' '),' post-title ')]]"
)
_BARE = xpath("//*[contains(concat(' ',@class,' '),' post-body ')]")
_TITLE = css(".post-title, .entry-title, h3.posttitle, h2.posttitle")
_BODY = xpath(
    ".//*[contains(concat(' ',@class,' '),' post-body ') or starts-with(@id,'post-body-')]"
)
_AUTHOR = css(".post-author .fn, [itemprop=author] [itemprop=name], .post-author")
_AUTHOR_LINK = xpath(".//*[contains(@class,'post-author')]//a[@href]")
_STAMP = css("abbr.published, time.published, time[datetime], abbr[itemprop=datePublished]")
_STAMP_LINK = css("a.timestamp-link, .post-timestamp a, a[title='permanent link']")
_FOOTER = css("p.post-footer, .post-footer, .byline, .posted")
_DAY = xpath("preceding::*[contains(concat(' ',@class,' '),' date-header ')][1]")
_LABELS = css(".post-labels a[rel~=tag], .post-labels a, .post-footer a[rel~=tag], .label-head a")
_COUNT = css("#comments > h4, #comments h4, .comment-link, .comments-title, #comments h3.title")
_CLOSED = css("#comments .comment-footer, #comments .no-new-comments, #comments .comments-message")
_ANCHORS = xpath(".//a[@name]")
_LINKS = xpath(".//a[@href]")
_META_ID = css("[itemprop=postId]")
_JUNK = css(
    ".post-footer, .post-share-buttons, .jump-link, .post-title, .post-header, .date-header"
)
_JUMP = css(".jump-link a")
_NEWER = css("a.blog-pager-newer-link")
_OLDER = css("a.blog-pager-older-link")
_BODY_ID = re.compile(r"post-body-(\d+)$")
_EPOCH_ID = re.compile(r"^1[01]\d{15,16}$")  # 2003-2006: the first ten digits are Unix seconds
_CLOSED_WORDS = re.compile(
    r"new comments are not allowed|no se (?:permiten|admiten)|neue kommentare sind nicht"
    r"|non sono consentiti|ne sont pas autorisés|nieuwe reacties zijn niet",
    re.IGNORECASE,
)


def found(page: Page) -> list[Node]:
    """The posts of a page, the innermost container of each."""
    nodes = _POSTS(page.tree)
    outer = {above for node in nodes for above in node.iterancestors()}
    innermost = [node for node in nodes if node not in outer]
    if innermost:
        return innermost
    bare = [node.getparent() for node in _BARE(page.tree)]
    return list(dict.fromkeys(node for node in bare if node is not None))


def draft(page: Page, node: Node, *, alone: bool) -> PostDraft:
    """One post as found."""
    title = first(_TITLE(node))
    body = first(_BODY(node))
    stamp_link = first(_STAMP_LINK(node))
    linked = first(_LINKS(title)) if title is not None else None
    href = next((n.get("href") for n in (stamp_link, linked) if n is not None), None)
    native = _native(node, body)
    count = first(_COUNT(page.tree) if alone else _COUNT(node))
    return PostDraft(
        native_id=native,
        url=href,
        title=title,
        authors=_authors(node),
        published=_published(node, stamp_link, native),
        body=body if body is not None else node,
        exclude=tuple(_JUNK(node)),
        tags=tuple(dict.fromkeys(text(label) for label in _LABELS(node))),
        comment_count=text(count) or None,
        count_includes_pings=False,
        comments_closed=_closed(page) if alone else None,
        prev_url=_href(page, _OLDER) if alone else None,
        next_url=_href(page, _NEWER) if alone else None,
        is_truncated=bool(_JUMP(node)) or None,
    )


def _native(node: Node, body: Node | None) -> str | None:
    match = _BODY_ID.search(body.get("id") or "") if body is not None else None
    if match:
        return match.group(1)
    meta = first(_META_ID(node))
    if meta is not None and (meta.get("content") or "").isdigit():
        return str(meta.get("content"))
    above = node.getprevious()
    near = [above] if above is not None and above.tag == "a" else []
    for anchor in (*_ANCHORS(node), *near):
        if re.fullmatch(r"\d{10,20}", anchor.get("name") or ""):
            return str(anchor.get("name"))
    return None


def _authors(node: Node) -> tuple[AuthorDraft, ...]:
    named = first(_AUTHOR(node))
    if named is not None:
        link = first(_AUTHOR_LINK(node))
        href = link.get("href") if link is not None else None
        return (AuthorDraft(text=text(named), href=href, profile_id=_profile(href)),)
    # Classic templates: "posted by NAME at <a>12:36 PM</a>".
    for footer in _FOOTER(node):
        match = re.search(r"\bposted by:?\s+(.+?)\s+(?:at|on|@|\|)\s", text(footer), re.IGNORECASE)
        if match:
            return (AuthorDraft(text=match.group(1)),)
    return ()


def _profile(href: str | None) -> str | None:
    match = re.search(r"/profile/(\d+)", href or "")
    return match.group(1) if match else None


def _published(node: Node, link: Node | None, native: str | None) -> DateDraft | None:
    stamp = first(_STAMP(node))
    day = text(first(_DAY(node))) or None
    words = text(stamp) or text(link) or next((text(n) for n in _FOOTER(node)), None)
    machine = stamp.get("title") or stamp.get("datetime") if stamp is not None else None
    if machine:
        return DateDraft(text=words, machine=machine, day_text=day, source=Source.MACHINE)
    if native and _EPOCH_ID.match(native):
        return DateDraft(
            text=words, epoch_ms=int(native[:10]) * 1000, day_text=day, source=Source.ID
        )
    return DateDraft(text=words, day_text=day) if words or day else None


def _closed(page: Page) -> bool | None:
    return True if any(_CLOSED_WORDS.search(text(n)) for n in _CLOSED(page.tree)) else None


def _href(page: Page, select: object) -> str | None:
    node = first(select(page.tree))  # type: ignore[operator]
    return node.get("href") if node is not None else None
