"""Comments as elements: boxes with the comment's number, in the forms that styles gave them.

What a style collapses is a stub of subject and name: a row without a body, to be fetched.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, CommentDraft, DateDraft
from archiver.elements import Elements
from archiver.extractors.livejournal.entries import NO_SUBJECT
from archiver.extractors.livejournal.people import person
from archiver.extractors.livejournal.threads import Known
from archiver.model import ParentGround, Visibility
from archiver.nodes import attribute, has_class, text

_BODY = (
    ".comment-content",
    ".comment-text",
    ".comment-body",
    ".commentText",
    ".b-leaf-article",
    ".talk-comment-box",
)
_SUBJECT = (
    ".comment-title",
    ".comment-header",
    ".comment-subject",
    ".commentsubject",
    ".commentHeaderSubject",
    ".b-leaf-subject",
    "h3",
    "h4",
)
_POSTER = (".comment-poster", ".poster", ".commenter-name", ".b-leaf-username-name")
_JUNK = (".edittime", ".ljedittime", ".comment-links", ".b-leaf-actions", ".metadata", "form")
_DATED = ("span", "abbr", "time", "font", "small", "i", "td")
_MOMENT = re.compile(r"\d{4}.*\d{1,2}:\d\d|\d{1,2}:\d\d.*\d{4}")
_BOX_ID = re.compile(r"^(?:ljcmt|cmt|t)(\d+)$")
_THREAD = re.compile(r"[?&;]thread=(\d+)")
_OWN_LINKS = re.compile(r"[?&;](?:thread|replyto)=(\d+)|mode=reply")
_SHIFT = re.compile(r"(?:margin|padding)-left:\s*(\d+)(px|em)")
_DEPTH = re.compile(r"\b(?:comment-depth|b-tree-twig)-(\d+)\b")
_STEP_PX = 25
_LONGEST_NOTE = 60  # characters of what stands in the place of a comment
_DELETED = ("deleted", "b-leaf-deleted", "b-leaf-suspended", "deletedcomment")
_GONE: tuple[tuple[Visibility, re.Pattern[str]], ...] = (
    (
        Visibility.SCREENED,
        re.compile(r"\((?:screened (?:comment|post)|скрытый комментарий)\)", re.IGNORECASE),
    ),
    (Visibility.SPAM, re.compile(r"\((?:spam comment|suspicious comment)", re.IGNORECASE)),
    (
        Visibility.DELETED,
        re.compile(
            r"\((?:deleted (?:comment|post)|reply from suspended user|comment deleted"
            r"|удал[её]нный комментарий|комментарий удал[её]н)",
            re.IGNORECASE,
        ),
    ),
)


class Box:
    """The element of one comment."""

    def __init__(self, every: Elements, node: Node, number: str) -> None:
        self.every, self.node, self.number = every, node, number

    def first(self, *names: str, outside: tuple[Node, ...] = ()) -> Node | None:
        """The first element in the box that bears one of the names."""
        return self.every.first(*names, inside=self.node, outside=outside)

    @cached_property
    def links(self) -> list[Node]:
        """Its links."""
        return self.every.find("a", inside=self.node)

    @cached_property
    def dated(self) -> Node | None:
        """The element that prints the time."""
        named = self.first("time", ".b-leaf-createdtime")
        if named is not None:
            return named
        for node in self.every.find(*_DATED, inside=self.node):
            words = text(node)
            if len(words) < 80 and _MOMENT.search(words) and not self._is_outer(node):
                return node
        return None

    def _is_outer(self, node: Node) -> bool:
        """Whether a smaller element in this one prints the same."""
        inner = self.every.find(*_DATED, inside=node)
        return any(_MOMENT.search(text(part)) for part in inner)

    @cached_property
    def header(self) -> Node | None:
        """The smallest element around both name and time; styles print no class for it."""
        if self.dated is None:
            return None
        users = self.every.find(".ljuser", ".i-ljuser", inside=self.node)
        for above in self.dated.iterancestors():
            if above is self.node:
                break
            if any(self.every.holds(above, user) for user in users[:1]):
                return above
        chain = [n for n in self.dated.iterancestors() if self.every.holds(self.node, n)][:-1]
        blocks = (n for tags in (("table", "div"), ("td",)) for n in chain if n.tag in tags)
        return next(blocks, None)

    @cached_property
    def body(self) -> Node | None:
        """The words: by class, else the first block beside the header that has no tool links."""
        named = self.first(*_BODY)
        if named is not None or self.header is None:
            return named
        blocks = [
            block
            for block in self.every.find("div", "td", inside=self.node, outside=(self.header,))
            if text(block)
            and not self.every.holds(block, self.header)
            and not attribute(block, "id").startswith("ljqrt")
        ]
        plain = (n for n in blocks if not any(map(self._is_tool, self._links_in(n))))
        # The scheme puts both into one cell; the links are taken out as `tools`.
        return next(plain, blocks[-1] if blocks and blocks[-1].tag == "td" else None)

    def _links_in(self, block: Node) -> list[Node]:
        return [link for link in self.links if self.every.holds(block, link)]

    def _is_tool(self, link: Node) -> bool:
        """A link to the comment itself, to its thread, or to the form that answers it."""
        found = _OWN_LINKS.search(attribute(link, "href"))
        return found is not None and found.group(1) in (self.number, None)

    @cached_property
    def tools(self) -> tuple[Node, ...]:
        """Lines of links that some styles put into the words ("(Reply) (Thread)")."""
        body = self.body
        if body is None:
            return ()
        found = [link for link in self._links_in(body) if self._is_tool(link)]
        lines = [next(link.iterancestors("p", "div", "ul"), link) for link in found]
        return tuple(n for n in lines if n is not body and self.every.holds(body, n))

    @cached_property
    def visibility(self) -> Visibility:
        """Whether the comment is here, gone, or collapsed to a stub."""
        words = text(self.node if self.body is None else self.body)[:200]
        for state, pattern in _GONE:
            if pattern.search(words) and (self.body is None or len(words) < _LONGEST_NOTE):
                return state
        if self.body is not None:  # Dreamwidth once gave every comment the class "deleted"
            return Visibility.VISIBLE
        if has_class(self.node, *_DELETED) or self.first(*(f".{n}" for n in _DELETED)) is not None:
            return Visibility.DELETED
        is_screened = self.first(".b-leaf-screened") is not None
        return Visibility.SCREENED if is_screened else Visibility.TRUNCATED

    @cached_property
    def level(self) -> int | None:
        """Depth by indentation or by the number in a class; 0 is the top."""
        spacer = next((n for n in self.every.find("img", inside=self.node)), None)
        if attribute(spacer, "src").endswith("/dot.gif") and attribute(spacer, "width").isdigit():
            return int(attribute(spacer, "width")) // _STEP_PX
        inner = itertools.islice(self.node, 1)
        for node in (self.node, *inner, *self.node.iterancestors()):
            named = _DEPTH.search(attribute(node, "class"))
            if named:
                return int(named.group(1)) - 1
            shift = _SHIFT.search(attribute(node, "style"))
            if shift:
                pixels = shift.group(2) == "px"
                return int(shift.group(1)) // _STEP_PX if pixels else int(shift.group(1)) - 1
            if node.tag in ("body", "form") or node.get("id") == "comments":
                break
        return None

    def stated_parent(self) -> str | None:
        """The comment that the link "Parent" leads to: the only link to another thread."""
        for link in self.links:
            found = _THREAD.search(attribute(link, "href"))
            if found and found.group(1) != self.number and not self._is_in_body(link):
                return found.group(1)
        return None

    def _is_in_body(self, node: Node) -> bool:
        return self.body is not None and self.every.holds(self.body, node)

    def permalink(self) -> str | None:
        """The link to the comment's own thread."""
        for link in self.links:
            found = _THREAD.search(attribute(link, "href"))
            if found and found.group(1) == self.number:
                return attribute(link, "href")
        return None

    def is_owner(self) -> bool:
        """Whether the style marks the comment as the poster's own."""
        names = ("entry-author", "b-leaf-poster")
        return has_class(self.node, *names) or self.first(*(f".{n}" for n in names)) is not None

    def author(self) -> AuthorDraft | None:
        """The account, or what stands in its place ("(Anonymous)")."""
        body = (self.body,) if self.body is not None else ()
        found = person(self.every, self.node, body)
        if found is not None:
            return found
        named = self.first(*_POSTER, ".anonymous", outside=body)
        if named is not None:
            user = attribute(self.first(".b-leaf") if named is not None else None, "data-username")
            return AuthorDraft(text=text(named), profile_id=user or None)
        brackets = (text(n) for n in self.every.find("i", "em", "td", "span", inside=self.node))
        words = (said for said in brackets if re.fullmatch(r"\([^()]{4,20}\)", said))
        return next((AuthorDraft(text=said) for said in words), None)

    def subject(self) -> str | None:
        """The subject; on a stub it is the text of the link."""
        outside = (self.body,) if self.body is not None else ()
        named = next(
            (n for n in self.every.find(*_SUBJECT, inside=self.node, outside=outside)), None
        )
        words = text(named) or self._large_words(outside)
        if not words and self.visibility is Visibility.TRUNCATED:
            words = next((text(n) for n in self.links if _THREAD.search(attribute(n, "href"))), "")
        words = words.split(" - ")[0] if self.visibility is Visibility.TRUNCATED else words
        return words if words and not NO_SUBJECT.match(words) else None

    def _large_words(self, outside: tuple[Node, ...]) -> str:
        """The scheme prints subjects in a larger font."""
        fonts = self.every.find("font", inside=self.node, outside=outside)
        return next((text(font) for font in fonts if font.get("size") == "+1"), "")


def boxes(every: Elements) -> list[Box]:
    """Comments in page order: twigs, numbered boxes, or anchors with a table behind them."""
    found: dict[str, Box] = {}
    for twig in every.find(".b-tree-twig"):
        number = attribute(twig, "data-tid").removeprefix("t")
        if number.isdigit():
            found.setdefault(number, Box(every, twig, number))
    if found:
        return list(found.values())
    for node in every.starting("#ljcmt", "#cmt", "#t"):
        match = _BOX_ID.match(attribute(node, "id"))
        if match and node.tag != "a":
            found.setdefault(match.group(1), Box(every, node, match.group(1)))
    return list(found.values()) or _anchored(every)


def _anchored(every: Elements) -> list[Box]:
    """The site scheme before 2006: an empty anchor, then the comment's table."""
    found: dict[str, Box] = {}
    for anchor in every.find("a"):
        match = _BOX_ID.match(anchor.get("name") or "")
        table = _behind(anchor) if match else None
        if match and table is not None and table.tag == "table":
            found.setdefault(match.group(1), Box(every, table, match.group(1)))
    return list(found.values())


def _behind(anchor: Node) -> Node | None:
    """The element behind an anchor, or behind the paragraph that a table has ended."""
    after = next(anchor.itersiblings("*"), None)
    above = anchor.getparent()
    if after is None and above is not None and above.tag == "p":
        return next(above.itersiblings("*"), None)
    return after


def drafts(
    found: list[Box], known: Mapping[str, Known], page_number: int | None, *, is_tree: bool
) -> Iterator[CommentDraft]:
    """Comments of a page; those that only `LJ_cmtinfo` knows come last, without a body.

    `is_tree` says that indentation tells the parent here, which it does not in flat views.
    """
    latest: dict[int, str] = {}
    for box in found:
        info = known.get(box.number)
        stated = (info.parent if info else None) or box.stated_parent()
        level = box.level if is_tree else None
        above = latest.get(level - 1) if level else None
        if level is not None:
            latest[level] = box.number
        ground = ParentGround.EXPLICIT if stated else ParentGround.DEPTH
        parent = stated or (above if info is None else None)
        yield _draft(box, parent, ground if parent else ParentGround.NONE, level, page_number)
    seen = {box.number for box in found}
    for number, info in known.items():
        if number not in seen:
            yield _unseen(number, info, page_number)


def _draft(
    box: Box, parent: str | None, ground: ParentGround, level: int | None, page_number: int | None
) -> CommentDraft:
    is_here = box.visibility is Visibility.VISIBLE
    is_named = is_here or box.visibility is Visibility.TRUNCATED
    body = box.body if is_here else None
    junk = box.every.find(*_JUNK, inside=body) if body is not None else []
    return CommentDraft(
        native_id=box.number,
        parent=parent,
        parent_ground=ground,
        depth=level,
        page_number=page_number,
        permalink=box.permalink(),
        author=box.author() if is_named else None,
        is_post_author=True if box.is_owner() else None,
        published=_date(box) if is_named else None,
        subject=box.subject() if is_named else None,
        body=body,
        exclude=(*junk, *box.tools),
        visibility=box.visibility,
        node=box.node,
    )


def _date(box: Box) -> DateDraft | None:
    return DateDraft(text=text(box.dated)) if box.dated is not None else None


def _unseen(number: str, info: Known, page_number: int | None) -> CommentDraft:
    return CommentDraft(
        native_id=number,
        parent=info.parent,
        parent_ground=ParentGround.EXPLICIT if info.parent else ParentGround.NONE,
        page_number=page_number,
        author=AuthorDraft(text=info.user, profile_id=info.user) if info.user else None,
        visibility=Visibility.TRUNCATED,
    )
