"""Feed entries as drafts of posts and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft, FollowDraft, PostDraft
from archiver.extractors.feeds import identity
from archiver.extractors.feeds.documents import Document
from archiver.extractors.feeds.fields import Fields, absolute, content, title, words
from archiver.model import CommentKind, ParentGround, Role, Source

_CUT = re.compile(r"(?:\[\s*(?:\.\.\.|…|&#8230;|&hellip;)\s*\]|…|&#8230;|&hellip;|\.\.\.)\W*$")
_TAGS = re.compile(r"<[^>]*>")
# Yoast's plugin ends every entry of a feed with it.
_APPEARED = re.compile(
    r"</a>[^<]*(?:appeared first on|first appeared on|erschien zuerst auf|est apparu en premier"
    r"|aparece primero en|se publicó primero en|apareceu primeiro em|proviene da"
    r"|verscheen eerst op)[^<]*<a",
    re.IGNORECASE,
)
# WordPress puts the answered comment before the text, in its feeds only.
# Source: WordPress 6.1 comment-template.php, get_comment_text()
_IN_REPLY = re.compile(
    r"^\s*(?:<p>)?[^<>]{0,60}<a\s[^>]*href=[\"'][^\"']*#comment-(\d+)[\"'][^>]*>[^<]*</a>"
    r"[^<>\w]{0,20}(?:</p>|<br\s*/?>|\n)\s*"
)
_DOTS = r"\[\s*(?:\.\.\.|…|&#8230;|&hellip;)\s*\]"
_PING = re.compile(rf"\s*(?:<p>)?\s*{_DOTS}.*{_DOTS}\s*(?:</p>)?\s*", re.DOTALL)
_BY = re.compile(r"^\W*(?:by|von|par|por|di|door|av|af|от|автор)\s*:\s*(.+)$", re.IGNORECASE)
_MAIL_NAME = re.compile(r"^\S+@\S+\s*\((.+)\)$")
_COMMENT_PAGE = re.compile(r"comment-page-\d+/?$|[?&]cpage=\d+")

_WRITTEN = (
    "pubDate",
    "atom:published",
    "atom:issued",
    "dc:date",
    "dcterms:created",
    "atom:created",
)
_CHANGED = ("atom:updated", "atom:modified", "dcterms:modified")
_NAMED = ("guid", "atom:id")


def post(entry: Fields, feed: Document) -> PostDraft:
    """The draft of a post."""
    ident, link = entry.text(*_NAMED), _link(entry)
    full, short = _full(entry), _short(entry)
    heading = next(entry.all("title", "atom:title"), None)
    replies = next((n for n in entry.all("atom:link") if n.get("rel") == "replies"), None)
    threads = _attribute(replies, "count")
    count = entry.text("slash:comments", "thr:total") or threads
    return PostDraft(
        native_id=identity.post_id(ident, link, feed.generator),
        url=link,
        title=title(heading) if heading is not None else None,
        authors=tuple(_authors(entry, feed)),
        published=_date(entry, *_WRITTEN) or _date(entry, *_CHANGED),
        updated=_date(entry, *_CHANGED),
        body=_without_credit(full) if full else None,
        excerpt=short,
        categories=tuple(_terms(entry)),
        comment_count=count,
        count_includes_pings=True if count and "wordpress" in feed.generator else None,
        is_truncated=_is_truncated(entry, full),
        enclosures=tuple(_enclosures(entry)),
        source=Source.FEED,
    )


def comment(entry: Fields, feed: Document) -> CommentDraft:
    """The draft of a comment."""
    ident, link = entry.text(*_NAMED), _link(entry)
    answered = next(entry.all("thr:in-reply-to"), None)
    text = _full(entry) or ""
    number = identity.comment_id(link, ident) or identity.blogger_id(ident)
    named = _IN_REPLY.match(text)
    parent = _parent(answered) or (named[1] if named else None)
    return CommentDraft(
        native_id=number,
        post_native_id=_post_id(ident, answered, link, feed.generator),
        post_url=_post_url(link, answered, feed),
        parent=parent,
        parent_ground=ParentGround.EXPLICIT if parent else ParentGround.NONE,
        permalink=link,
        kind=CommentKind.PINGBACK if _PING.fullmatch(text) else CommentKind.COMMENT,
        author=next(_authors(entry, feed), None) or _author_in_title(entry),
        published=_date(entry, *_WRITTEN) or _date(entry, *_CHANGED),
        body=text[named.end() :] if named else text or None,
        source=Source.FEED,
    )


def leads(entry: Fields, feed: Document) -> Iterator[FollowDraft]:
    """The comment feeds that an entry names."""
    number = identity.post_id(entry.text(*_NAMED), _link(entry), feed.generator)
    for node in entry.all("wfw:commentRss", "wfw:commentRSS"):
        if node.text and node.text.strip():
            yield FollowDraft(href=node.text.strip(), role=Role.FEED, post_native_id=number)
    for node in entry.all("atom:link"):
        if node.get("rel") == "replies" and "xml" in node.get("type", "") and node.get("href"):
            href = absolute(node, node.get("href", ""))
            yield FollowDraft(href=href, role=Role.FEED, post_native_id=number)


def _link(entry: Fields) -> str | None:
    """The address of an entry; a guid counts where it says that it is one."""
    link = entry.link("alternate")
    if link is None:
        for node in entry.all("link"):
            if node.text and node.text.strip():
                link = absolute(node, node.text)
                break
    if link is None:
        about = entry.node.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
        guid = next(entry.all("guid"), None)
        stated = guid is not None and guid.get("isPermaLink", "true") == "true"
        link = about or (entry.text("guid") if stated else None)
    return link if link is None or link.startswith(("http", "/", "#")) else None


def _full(entry: Fields) -> str | None:
    wanted = ("content:encoded", "atom:content", "xhtml:body", "description", "atom:summary")
    return next((text for node in entry.all(*wanted) if (text := content(node))), None)


def _without_credit(html: str) -> str:
    start = html.rfind("<p")
    return html[:start].rstrip() if start > 0 and _APPEARED.search(html, start) else html


def _short(entry: Fields) -> str | None:
    if next(entry.all("content:encoded", "atom:content", "xhtml:body"), None) is None:
        return None
    return next(
        (text for n in entry.all("description", "atom:summary") if (text := content(n))), None
    )


def _is_truncated(entry: Fields, full: str | None) -> bool | None:
    if full is None:
        return None
    if _CUT.search(_TAGS.sub("", full)[-40:]):
        return True
    if next(entry.all("content:encoded", "atom:content", "xhtml:body"), None) is not None:
        return False
    return True if next(entry.all("atom:summary"), None) is not None else None


def _authors(entry: Fields, feed: Document) -> Iterator[AuthorDraft]:
    """Atom persons, else dc:creator, else the RSS author; each may stand several times."""
    people = list(entry.all("atom:author"))
    plain = list(entry.all("dc:creator")) or list(entry.all("author"))
    if not people and not plain and not feed.is_of_comments:
        # Atom lets a feed name the author once for all entries (RFC 4287, 4.2.1).
        people = list(feed.head.all("atom:author"))
    for person in people:
        fields = Fields(person)
        yield AuthorDraft(text=fields.plain("atom:name"), href=fields.text("atom:uri", "atom:url"))
    for node in () if people else plain:
        text = unescape(words(node))
        mailed = _MAIL_NAME.match(text)
        if text:
            yield AuthorDraft(text=mailed[1] if mailed else text)


def _author_in_title(entry: Fields) -> AuthorDraft | None:
    """ "By: X", as WordPress titles the comments of one post."""
    named = _BY.match(entry.plain("title", "atom:title") or "")
    return AuthorDraft(text=named[1]) if named else None


def _date(entry: Fields, *wanted: str) -> DateDraft | None:
    text = entry.text(*wanted)
    return DateDraft(machine=text, source=Source.FEED) if text else None


def _terms(entry: Fields) -> Iterator[str]:
    for node in entry.all("category", "dc:subject", "atom:category"):
        term = node.get("label") or node.get("term") or words(node)
        # Google marks the kind of an entry with a category of its own.
        term = unescape(term)
        if term and "schemas.google.com" not in (node.get("scheme") or ""):
            yield term


def _enclosures(entry: Fields) -> Iterator[str]:
    for node in entry.all("enclosure"):
        if node.get("url"):
            yield node.get("url", "").strip()
    for node in entry.all("atom:link"):
        if node.get("rel") == "enclosure" and node.get("href"):
            yield absolute(node, node.get("href", ""))


def _attribute(node: Node | None, local: str) -> str | None:
    """An attribute by its local name, in whatever namespace."""
    if node is None:
        return None
    named = ((str(key), str(value)) for key, value in node.attrib.items())
    return next((value for key, value in named if key.rpartition("}")[2] == local), None)


def _parent(answered: Node | None) -> str | None:
    return (
        identity.comment_id(answered.get("ref"), answered.get("href"))
        if answered is not None
        else None
    )


def _post_id(
    ident: str | None, answered: Node | None, link: str | None, generator: str
) -> str | None:
    """A comment's guid is its post's guid and a fragment; an answer may name the post's id."""
    if answered is not None and _parent(answered) is None:
        return identity.post_id(answered.get("ref"), answered.get("href"), generator)
    if ident and identity.blogger_id(ident):
        return None
    return identity.post_id((ident or "").partition("#")[0], link, generator)


def _post_url(link: str | None, answered: Node | None, feed: Document) -> str | None:
    if link is not None and "#" in link:
        return _COMMENT_PAGE.sub("", link.partition("#")[0])
    if answered is not None and answered.get("href") and _parent(answered) is None:
        return answered.get("href")
    return feed.head.link("alternate") or feed.head.text("link")
