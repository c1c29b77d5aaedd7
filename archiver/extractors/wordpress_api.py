"""WordPress REST API (4.7 and later): posts, pages and comments as core states them.

The one source with true parents at every depth, instants in UTC and authors by name.
Source: WordPress 6.1 class-wp-rest-{posts,comments}-controller.php, class-wp-rest-server.php
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson

from archiver.drafts import (
    AuthorDraft,
    BlogDraft,
    CommentDraft,
    DateDraft,
    FollowDraft,
    PostDraft,
)
from archiver.extractors import NO_CLAIM, Claim, Extractor
from archiver.model import CommentKind, PageKind, ParentGround, Role, Source
from archiver.page import Page

Json = Mapping[str, object]

_ROUTE = re.compile(r"/wp/v2(?:/sites/[^/?]+)?/(posts|pages|comments)(?:/\d+)?/?(?:[?&]|$)")
_INDEX = re.compile(r"/wp-json/?$|[?&]rest_route=/?$")
_ALIVE = frozenset(("publish", "approved", "approve", ""))
_KINDS = {"post": "entry", "page": "page"}
_NO_DATE = "0000"


@dataclass(frozen=True)
class Answer:
    """A parsed answer: its items, or the index of the API."""

    items: tuple[Json, ...] = ()
    index: Json | None = None


class WordPressApi(Extractor):
    """Lists and single items of posts, pages and comments, and the index of the API."""

    name, version = "wordpress_api", 1

    def claim(self, page: Page) -> Claim:
        if not _is_json(page):
            return NO_CLAIM
        if _ROUTE.search(_route(page.url)):
            return Claim(score=0.97, because="wp/v2 route")
        if _INDEX.search(page.url) and (found := answer(page)) and found.index is not None:
            return Claim(score=0.97, because="index of wp/v2")
        return NO_CLAIM

    def kind(self, page: Page) -> PageKind:
        return PageKind.FEED

    def posts(self, page: Page) -> Iterator[PostDraft]:
        for item in answer(page).items:
            if _text(item, "type") in _KINDS and _text(item, "status") in _ALIVE:
                yield _post(item)

    def comments(self, page: Page) -> Iterator[CommentDraft]:
        for item in answer(page).items:
            if "post" in item and "author_name" in item and _text(item, "status") in _ALIVE:
                yield _comment(item)

    def follow(self, page: Page) -> Iterator[FollowDraft]:
        total = page.capture.header("x-wp-totalpages") or ""
        parts = urlsplit(page.url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        number = int(query["page"]) if query.get("page", "").isdigit() else 1
        if total.isdigit() and number < int(total) and answer(page).items:
            query["page"] = str(number + 1)
            after = urlencode(query, safe="/:,")
            href = urlunsplit((parts.scheme, parts.netloc, parts.path, after, ""))
            yield FollowDraft(href=href, role=Role.API)

    def blog(self, page: Page) -> BlogDraft | None:
        index = answer(page).index
        if index is None:
            return None
        return BlogDraft(
            title=_text(index, "name") or None,
            tagline=_text(index, "description") or None,
            home=_text(index, "home") or _text(index, "url") or None,
            timezone=_text(index, "timezone_string") or None,
        )


@lru_cache(maxsize=4)  # one page for each thread: it is asked five things, then never again
def answer(page: Page) -> Answer:
    """What an answer of the API holds; empty for errors and anything else."""
    try:
        data = orjson.loads(page.body)
    except orjson.JSONDecodeError:
        return Answer()
    if isinstance(data, dict) and "namespaces" in data and "routes" in data:
        return Answer(index=data)
    found = data if isinstance(data, list) else [data]
    return Answer(items=tuple(i for i in found if isinstance(i, dict) and _number(i, "id")))


def _is_json(page: Page) -> bool:
    return "json" in page.mime or page.body[:64].lstrip()[:1] in (b"[", b"{")


def _route(url: str) -> str:
    """The route of a URL, from its path or from ?rest_route=."""
    parts = urlsplit(url)
    stated = dict(parse_qsl(parts.query)).get("rest_route")
    return f"{stated}?" if stated else f"{parts.path}?{parts.query}"


def _post(item: Json) -> PostDraft:
    content = _object(item, "content")
    is_protected = content.get("protected") is True
    rendered = _text(content, "rendered")
    terms = list(_terms(item))
    return PostDraft(
        native_id=_number(item, "id"),
        url=_text(item, "link") or None,
        title=_text(_object(item, "title"), "rendered") or None,
        authors=tuple(_authors(item)),
        published=_date(item, "date"),
        updated=_date(item, "modified"),
        body=None if is_protected else rendered or None,
        excerpt=None if is_protected else _text(_object(item, "excerpt"), "rendered") or None,
        categories=tuple(name for taxonomy, name in terms if taxonomy == "category"),
        tags=tuple(name for taxonomy, name in terms if taxonomy == "post_tag"),
        comments_closed=_text(item, "comment_status") == "closed" or None,
        kind=_KINDS[_text(item, "type")],
        is_truncated=False if rendered and not is_protected else None,
        is_protected=is_protected,
        source=Source.API,
    )


def _comment(item: Json) -> CommentDraft:
    parent = _number(item, "parent")
    name, href = unescape(_text(item, "author_name")), _text(item, "author_url")
    kind = _text(item, "type")
    link = _text(item, "link")
    return CommentDraft(
        native_id=_number(item, "id"),
        post_native_id=_number(item, "post"),
        parent=parent,
        parent_ground=ParentGround.EXPLICIT if parent else ParentGround.NONE,
        permalink=link or None,
        kind=CommentKind(kind) if kind in set(CommentKind) else CommentKind.COMMENT,
        author=AuthorDraft(text=name or None, href=href or None) if name or href else None,
        published=_date(item, "date"),
        body=_text(_object(item, "content"), "rendered") or None,
        source=Source.API,
    )


def _authors(item: Json) -> Iterator[AuthorDraft]:
    people = _object(item, "_embedded").get("author")
    for person in people if isinstance(people, list) else ():
        if isinstance(person, dict) and _text(person, "name"):
            yield AuthorDraft(
                text=unescape(_text(person, "name")), href=_text(person, "link") or None
            )


def _terms(item: Json) -> Iterator[tuple[str, str]]:
    """(taxonomy, name) of the embedded terms."""
    groups = _object(item, "_embedded").get("wp:term")
    for group in groups if isinstance(groups, list) else ():
        for term in group if isinstance(group, list) else ():
            if isinstance(term, dict):
                yield _text(term, "taxonomy"), unescape(_text(term, "name"))


def _date(item: Json, name: str) -> DateDraft | None:
    """Local time as words beside the instant; the zero date of MySQL is no date."""
    local, utc = _text(item, name), _text(item, f"{name}_gmt")
    shown = local.replace("T", " ") if not local.startswith(_NO_DATE) else ""
    if utc and not utc.startswith(_NO_DATE):
        return DateDraft(text=shown or None, machine=f"{utc}+00:00", source=Source.API)
    return DateDraft(machine=local, source=Source.API) if shown else None


def _text(item: Json, name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _number(item: Json, name: str) -> str | None:
    value = item.get(name)
    return str(value) if isinstance(value, int) and value > 0 else None


def _object(item: Json, name: str) -> Json:
    value = item.get(name)
    return value if isinstance(value, dict) else {}
