"""hAtom and h-entry: classes that tell a post's title, text, date, author and replies."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft, PostDraft
from archiver.extractors.structured import schema
from archiver.model import Source
from archiver.nodes import css, first, has_class, text, xpath
from archiver.page import Page
from archiver.stamps import stamped

_ENTRIES = css(".hentry, .h-entry")
_REPLIES = css(".p-comment, .u-comment, .h-cite.comment")
_TITLE = css(".entry-title, .p-name")
_BODY = css(".entry-content, .e-content")
_PUBLISHED = css(".published, .dt-published")
_UPDATED = css(".updated, .dt-updated")
_AUTHOR = css(".author .fn, .p-author .p-name, .p-author, .author.vcard, .author.fn")
_BOOKMARK = css("a[rel~=bookmark], a.u-url, a.u-uid")
# WordPress marks links of categories as rel="category tag".
_TAGS = css("a[rel~=tag]:not([rel~=category]), a.p-category")
_LINKS = xpath("self::a[@href] | .//a[@href]")
_INNER = xpath(".//*[@datetime or self::abbr[@title] or @class='value-title']")
_COMMENTED = ("comment", "p-comment", "u-comment", "h-cite", "comment-body", "pingback")


def is_in(page: Page) -> bool:
    """Whether the page has entries of either kind."""
    return b"hentry" in page.body or b"h-entry" in page.body


def posts(page: Page) -> list[PostDraft]:
    """Outermost entries with a text: themes mark comments and teasers as entries, too."""
    return [_post(page, entry) for entry in _outermost(page.tree) if not _is_reply(entry)]


def comments(page: Page) -> Iterator[CommentDraft]:
    """Replies cited inside an h-entry, webmentions among them."""
    for reply in _REPLIES(page.tree):
        body = first(css(".e-content, .p-content, .p-summary")(reply))
        if body is None:
            continue
        link = first(_BOOKMARK(reply))
        people = _people(reply, lambda node: True)
        yield CommentDraft(
            native_id=schema.number_in(f"#{reply.get('id') or ''}"),
            permalink=link.get("href") if link is not None else None,
            author=people[0] if people else None,
            published=_date(page, first(_PUBLISHED(reply))),
            body=body,
            node=reply,
            source=Source.MACHINE,
        )


def _outermost(tree: Node) -> list[Node]:
    found = _ENTRIES(tree)
    held = set(found)
    return [node for node in found if held.isdisjoint(node.iterancestors())]


def _is_reply(node: Node) -> bool:
    return any(has_class(box, *_COMMENTED) for box in (node, *node.iterancestors()))


def _own(entry: Node) -> Callable[[Node], bool]:
    """Whether a node is the entry's and not that of a reply or of a related entry inside it."""

    def owns(node: Node) -> bool:
        for box in node.iterancestors():
            if box is entry:
                return True
            if has_class(box, "hentry", "h-entry", *_COMMENTED):
                return False
        return node is entry

    return owns


def _post(page: Page, entry: Node) -> PostDraft:
    owns = _own(entry)
    title = next(filter(owns, _TITLE(entry)), None)
    bodies = tuple(filter(owns, _BODY(entry)))
    link = next(filter(owns, _BOOKMARK(entry)), None)
    if link is None and title is not None:
        link = first(_LINKS(title))
    return PostDraft(
        url=link.get("href") if link is not None else None,
        title=title,
        authors=_people(entry, owns),
        published=_date(page, next(filter(owns, _PUBLISHED(entry)), None)),
        updated=_date(page, next(filter(owns, _UPDATED(entry)), None)),
        body=bodies or None,
        tags=tuple(dict.fromkeys(text(node) for node in _TAGS(entry) if owns(node))),
        source=Source.MACHINE,
    )


def _people(entry: Node, owns: Callable[[Node], bool]) -> tuple[AuthorDraft, ...]:
    named = next((node for node in _AUTHOR(entry) if owns(node) and text(node)), None)
    if named is None:
        return ()
    link = first(_LINKS(named))
    return (AuthorDraft(text=text(named), href=link.get("href") if link is not None else None),)


def _date(page: Page, node: Node | None) -> DateDraft | None:
    """Value-class pattern: an attribute, else the title of an inner element, else the words."""
    if node is None:
        return None
    machine = node.get("datetime") or (node.get("title") if node.tag == "abbr" else None)
    if machine is None:
        inner = _INNER(node)
        machine = next((n.get("datetime") or n.get("title") for n in inner), None)
    return stamped(page, machine, words=text(node), is_markup=True)
