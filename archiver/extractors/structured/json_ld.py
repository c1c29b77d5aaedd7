"""schema.org as JSON-LD: arrays, @graph, nested and referenced nodes, and broken JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from json import JSONDecodeError, JSONDecoder
from typing import Any

from archiver.drafts import AuthorDraft, CommentDraft, PostDraft
from archiver.extractors.structured import schema
from archiver.model import ParentGround, Source
from archiver.nodes import strings
from archiver.page import Page
from archiver.stamps import stamped

Thing = dict[str, Any]

_SCRIPTS = strings("//script[contains(translate(@type,'LDJSON','ldjson'),'ld+json')]/text()")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_TAG = re.compile(r"<[a-zA-Z/!]")
_DEEPEST = 12  # nested nodes are followed no further; real pages stay below six
_LENIENT = JSONDecoder(strict=False)  # line breaks inside strings are the commonest fault


def is_in(page: Page) -> bool:
    """Whether the page has any JSON-LD."""
    return b"ld+json" in page.body


def posts(page: Page) -> list[PostDraft]:
    """Every node of a post type, in document order."""
    things = _things(page)
    known = _by_id(things)
    return [_post(page, thing, known) for thing in things if _is_a(thing, schema.POSTS)]


def comments(page: Page) -> Iterator[CommentDraft]:
    """Comments of the page's only post."""
    things = _things(page)
    known = _by_id(things)
    articles = [thing for thing in things if _is_a(thing, schema.POSTS)]
    if len(articles) == 1:
        yield from _comments(page, articles[0], known, None, 0)


def _things(page: Page) -> list[Thing]:
    found: list[Thing] = []
    for script in _SCRIPTS(page.tree):
        _collect(_loaded(script), found, 0)
    return found


def _loaded(script: str) -> object:
    text = _WRAPPING.sub("", script).strip()
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return _LENIENT.raw_decode(attempt)[0]
        except (JSONDecodeError, RecursionError):
            continue
    return None


def _collect(value: object, found: list[Thing], depth: int) -> None:
    """Nodes in document order; the posts of a Blog node stand in `blogPost`."""
    if depth > _DEEPEST:
        return
    for thing in value if isinstance(value, list) else [value]:
        if isinstance(thing, dict):
            found.append(thing)
            for name in ("@graph", "mainEntity", "blogPost", "blogPosts"):
                if isinstance(thing.get(name), dict | list):
                    _collect(thing[name], found, depth + 1)
        elif isinstance(thing, list):
            _collect(thing, found, depth + 1)


def _is_a(thing: Thing, types: frozenset[str]) -> bool:
    return any(str(name).rpartition("/")[2] in types for name in _many(thing.get("@type")))


def _by_id(things: list[Thing]) -> dict[str, Thing]:
    return {thing["@id"]: thing for thing in things if isinstance(thing.get("@id"), str)}


def _many(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str | None:
    """A string, a number, or the @value of either; of a list the first."""
    for item in _many(value):
        held = item.get("@value", item.get("name")) if isinstance(item, dict) else item
        if isinstance(held, str | int | float) and str(held).strip():
            return str(held).strip()
    return None


def _address(value: object) -> str | None:
    for item in _many(value):
        held = item.get("@id") or item.get("url") if isinstance(item, dict) else item
        if isinstance(held, str) and held.strip():
            return held.strip()
    return None


def _post(page: Page, thing: Thing, known: dict[str, Thing]) -> PostDraft:
    body = thing.get("articleBody") or thing.get("text")
    return PostDraft(
        url=_address(thing.get("url")) or _address(thing.get("mainEntityOfPage")),
        title=_text(thing.get("headline")) or _text(thing.get("name")),
        authors=_people(thing.get("author") or thing.get("creator"), known),
        published=stamped(page, _text(thing.get("datePublished") or thing.get("dateCreated"))),
        updated=stamped(page, _text(thing.get("dateModified"))),
        body=_markup(body) if isinstance(body, str) else None,
        language=_text(thing.get("inLanguage")),
        categories=_words(thing.get("articleSection")),
        tags=_words(thing.get("keywords")),
        comment_count=_text(thing.get("commentCount")) or _interactions(thing),
        source=Source.MACHINE,
    )


def _people(value: object, known: dict[str, Thing]) -> tuple[AuthorDraft, ...]:
    people = []
    for item in _many(value):
        if isinstance(item, dict):
            person = {**known.get(str(item.get("@id")), {}), **item}
            if _is_a(person, frozenset({"Organization"})) and not person.get("name"):
                continue
            people.append(
                AuthorDraft(text=_text(person.get("name")), href=_address(person.get("url")))
            )
        elif isinstance(item, str):
            people.append(AuthorDraft(text=item))
    return tuple(person for person in people if person.text)


def _words(value: object) -> tuple[str, ...]:
    words = [part for item in _many(value) if isinstance(item, str) for part in item.split(",")]
    return tuple(word.strip() for word in words if word.strip())


def _interactions(thing: Thing) -> str | None:
    for item in _many(thing.get("interactionStatistic") or thing.get("interactionCount")):
        if isinstance(item, str):
            return schema.counted(item) if ":" in item else None
        if isinstance(item, dict) and "CommentAction" in str(item.get("interactionType")):
            return _text(item.get("userInteractionCount"))
    return None


def _comments(
    page: Page, thing: Thing, known: dict[str, Thing], above: str | None, depth: int
) -> Iterator[CommentDraft]:
    if depth > _DEEPEST:
        return
    for item in _many(thing.get("comment")):
        if not isinstance(item, dict):
            continue
        comment = {**known.get(str(item.get("@id")), {}), **item}
        address = _address(comment.get("url")) or _address(comment.get("@id"))
        native = _text(comment.get("identifier")) or schema.number_in(address)
        stated = comment.get("parentItem")
        parent = schema.number_in(_address(stated)) if stated else None
        body = _text(comment.get("text") or comment.get("commentText"))
        people = _people(comment.get("author") or comment.get("creator"), known)
        if body:
            yield CommentDraft(
                native_id=native,
                permalink=address,
                author=people[0] if people else None,
                published=stamped(
                    page, _text(comment.get("dateCreated") or comment.get("datePublished"))
                ),
                body=_markup(body),
                parent=parent or above,
                parent_ground=_ground(parent, above),
                source=Source.MACHINE,
            )
        yield from _comments(page, comment, known, native, depth + 1)


def _ground(parent: str | None, above: str | None) -> ParentGround:
    if parent:
        return ParentGround.EXPLICIT
    return ParentGround.NESTING if above else ParentGround.NONE


def _markup(text: str) -> str:
    """Plain text as HTML that keeps its lines; what has tags already stays as it is."""
    return text if _TAG.search(text) else escape(text, quote=False).replace("\n", "<br>\n")
