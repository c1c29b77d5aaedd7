"""schema.org as microdata: items, their own properties, and what is nested in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft, PostDraft
from archiver.extractors.structured import schema
from archiver.model import ParentGround, Source
from archiver.nodes import text, xpath
from archiver.page import Page
from archiver.stamps import stamped

Properties = dict[str, list[Node]]

_ITEMS = xpath("//*[@itemtype]")
_MACHINE = ("content", "datetime")
_ADDRESSES = {"a": "href", "area": "href", "link": "href", "img": "src"}


def is_in(page: Page) -> bool:
    """Whether the page has typed items."""
    return b"itemtype" in page.body


def posts(page: Page) -> list[PostDraft]:
    """Every item of a post type that is not inside another one, in page order."""
    items = [node for node in _ITEMS(page.tree) if _is_a(node, schema.POSTS)]
    held = set(items)
    return [_post(page, node) for node in items if held.isdisjoint(node.iterancestors())]


def comments(page: Page) -> Iterator[CommentDraft]:
    """Every comment item that has words."""
    items = [node for node in _ITEMS(page.tree) if _is_a(node, schema.COMMENTS)]
    ids = {node: _native(node) for node in items}
    for node in items:
        above = next((ids[box] for box in node.iterancestors() if box in ids), None)
        draft = _comment(page, node, ids[node], above)
        if draft is not None:
            yield draft


def _is_a(node: Node, types: frozenset[str]) -> bool:
    return any(name.rpartition("/")[2] in types for name in (node.get("itemtype") or "").split())


def _properties(item: Node) -> Properties:
    """The item's own properties; those of nested items are theirs.  Source: HTML, 5.2.4"""
    found: Properties = defaultdict(list)
    pending = list(reversed(item))
    while pending:
        node = pending.pop()
        for name in (node.get("itemprop") or "").split():
            found[name].append(node)
        if "itemscope" not in node.attrib and "itemtype" not in node.attrib:
            pending.extend(reversed(node))
    return found


def _first(properties: Properties, *names: str) -> Node | None:
    return next((properties[name][0] for name in names if properties.get(name)), None)


def _value(node: Node | None) -> str | None:
    """What a machine is told: an attribute where there is one, else the words."""
    if node is None:
        return None
    stated = next((node.get(name) for name in _MACHINE if node.get(name)), None)
    return (stated or text(node)).strip() or None


def _href(node: Node | None) -> str | None:
    if node is None:
        return None
    return node.get(_ADDRESSES.get(str(node.tag), "content")) or node.get("itemid")


def _date(page: Page, node: Node | None) -> DateDraft | None:
    if node is None:
        return None
    machine = next((node.get(name) for name in _MACHINE if node.get(name)), None)
    if machine is None and node.tag == "abbr":
        machine = node.get("title")  # Blogger puts itemprop on hAtom's abbr
    return stamped(page, machine, words=text(node), is_markup=True)


def _words(nodes: list[Node]) -> tuple[str, ...]:
    values = [_value(node) or "" for node in nodes]
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def _post(page: Page, item: Node) -> PostDraft:
    own = _properties(item)
    title = _first(own, "headline", "name")
    body = own.get("articleBody") or own.get("text") or []
    counts = (schema.counted(_value(node)) for node in own.get("interactionCount", []))
    return PostDraft(
        native_id=_value(_first(own, "postId")),
        url=_href(_first(own, "url", "mainEntityOfPage")) or item.get("itemid"),
        title=title.get("content") or title if title is not None else None,
        authors=_people(own.get("author") or own.get("creator") or []),
        published=_date(page, _first(own, "datePublished", "dateCreated")),
        updated=_date(page, _first(own, "dateModified")),
        body=tuple(node for node in body if text(node)) or None,
        categories=_words(own.get("articleSection", [])),
        tags=_words(own.get("keywords", [])),
        comment_count=_value(_first(own, "commentCount")) or next(filter(None, counts), None),
        source=Source.MACHINE,
    )


def _people(nodes: list[Node]) -> tuple[AuthorDraft, ...]:
    people = []
    for node in nodes:
        inner = _properties(node)
        named, linked = _first(inner, "name"), _first(inner, "url")
        href = _href(linked) if linked is not None else node.get("href")
        people.append(AuthorDraft(text=_value(named if named is not None else node), href=href))
    return tuple(person for person in people if person.text)


def _native(item: Node) -> str | None:
    linked = _href(_first(_properties(item), "url", "replyToUrl"))
    return schema.number_in(f"#{item.get('id') or ''}") or schema.number_in(linked)


def _comment(page: Page, item: Node, native: str | None, above: str | None) -> CommentDraft | None:
    own = _properties(item)
    body = _first(own, "text", "commentText", "description")
    if body is None:
        return None
    people = _people(own.get("author") or own.get("creator") or [])
    return CommentDraft(
        native_id=native,
        permalink=_href(_first(own, "url")),
        author=people[0] if people else None,
        published=_date(page, _first(own, "dateCreated", "datePublished", "commentTime")),
        body=body,
        parent=above,
        parent_ground=ParentGround.NESTING if above else ParentGround.NONE,
        node=item,
        source=Source.MACHINE,
    )
