"""Comments and trackbacks: one table and one id space, told apart by their sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml.etree import _Element as Node

from archiver import bylines
from archiver.drafts import AuthorDraft, CommentDraft, DateDraft
from archiver.elements import Elements
from archiver.model import CommentKind, ParentGround, Source, Visibility
from archiver.nodes import attribute, text, text_before

_BODY = (".serendipity_commentBody", ".comment_content", ".comment-content")
_HEADINGS = ("h3", "h4", "h5")
_TRACKBACKS = ".serendipity_section_trackbacks"
_SOURCE = ".serendipity_comment_source"
_NUMBER_AND_LINKS = re.compile(r"^\s*#[\d.]+|\([^()]*\)")
_ID = re.compile(r"^(?:serendipity_comment_|c)(\d+)$")
_PATH = re.compile(r"#(\d+(?:\.\d+)*)")
_ORIGIN_ID = re.compile(r"#c(\d+)$")
_INDENT = re.compile(r"padding-left:\s*(\d+)px")
_LEVEL = re.compile(r"\bcommentlevel-(\d+)\b")
# What the theme prints for "on" stands between name and date ("NAME am 3. Mai").
_ON = re.compile(
    r"\s(?:on|am|le|el|il|em|op|w|v|dňa|den|den|på|kl|þann|в|на|на|aktiv|dnia|la|a|on:|在|於)$",
    re.IGNORECASE,
)
_REMOVED = re.compile(
    r"^\((?:comment removed|kommentar (?:entfernt|(?:wurde )?gelöscht|slettet|borttagen)"
    r"|commentaire (?:supprimé|effacé|enlevé)|comentario (?:eliminado|borrado)"
    r"|comentário removido|commento (?:rimosso|eliminato)|reactie verwijderd|komentář odstraněn"
    r"|komentarz usunięty|комментарий (?:удал[её]н|удалить)|回复被删除|回響被刪除)\)\.?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """What the page states of its thread: paths ("1.2") and the ids that carry them."""

    by_path: dict[str, str]
    by_id: dict[str, str]

    def parent(self, native: str | None) -> str | None:
        """The comment whose path is one step shorter."""
        above = self.by_id.get(native or "", "").rpartition(".")[0]
        return self.by_path.get(above)

    def depth(self, native: str | None) -> int | None:
        """0 for top level; None where the page states no tree."""
        path = self.by_id.get(native or "")
        return path.count(".") if path else None


def drafts(every: Elements, entry: str | None, *, pings: bool) -> Iterator[CommentDraft]:
    """Comments and trackbacks in page order; `entry` and `pings` speak for popups."""
    items = [
        item
        for item in (Item(every, box) for box in every.find(".serendipity_comment"))
        if item.body is not None or item.first("cite") is not None
    ]
    thread = _thread(every, items)
    levels = _levels(items)
    sections = every.find(_TRACKBACKS)
    word = _word_for_on(every)
    latest: dict[int, str] = {}
    for item, level in zip(items, levels, strict=True):
        if pings or any(every.holds(section, item.box) for section in sections):
            yield item.ping(entry)
            continue
        above = latest.get(level - 1) if level else None
        if item.native and level is not None:
            latest[level] = item.native
        yield item.comment(entry, thread, level, above, word)


def _word_for_on(every: Elements) -> str:
    """The word that 2k11 prints between name and date, from the byline of the entry."""
    for box in every.find(".single_user"):
        link = every.first("a", inside=box)
        if link is not None:
            return (link.tail or "").strip()
    return ""


def _thread(every: Elements, items: list[Item]) -> Tree:
    """The reply menu of the form always holds the tree; the numbers beside comments only when
    they are shown threaded (in linear mode they count)."""
    paths: dict[str, str] = {}
    menu = every.first("#serendipity_replyTo")
    for option in every.find("option", inside=menu) if menu is not None else ():
        path = _PATH.search(text(option))
        if path:
            paths[attribute(option, "value")] = path.group(1)
    if not paths:
        traces = ((i.native, _PATH.match(text(i.first(".comment_source_trace")))) for i in items)
        paths = {native: path.group(1) for native, path in traces if native and path}
        if not any("." in path for path in paths.values()):
            paths = {}
    return Tree(by_path={path: key for key, path in paths.items()}, by_id=paths)


def _levels(items: list[Item]) -> list[int | None]:
    """Depth by indentation, in steps of the smallest indent (20px, bulletproof 10px)."""
    shifts = [
        _LEVEL.search(attribute(item.box, "class")) or _INDENT.search(attribute(item.box, "style"))
        for item in items
    ]
    indents = [int(match.group(1)) if match else None for match in shifts]
    step = min((px for px in indents if px), default=1)
    return [px // step if px is not None else None for px in indents]


class Item:
    """One comment or trackback of a page."""

    def __init__(self, every: Elements, box: Node) -> None:
        self.every, self.box = every, box
        self.body = every.first(*_BODY, inside=box)
        self.native = self._native()

    def first(self, *names: str) -> Node | None:
        """The first element in the box that bears one of the names."""
        return self.every.first(*names, inside=self.box)

    def _native(self) -> str | None:
        above = next(self.box.itersiblings("*", preceding=True), None)
        near = (above,) if above is not None and above.tag == "a" else ()
        for node in (self.box, *self.every.find("a", inside=self.box), *near):
            match = _ID.match(node.get("id") or node.get("name") or "")
            if match:
                return match.group(1)
        return None

    def comment(
        self, entry: str | None, thread: Tree, level: int | None, above: str | None, word: str
    ) -> CommentDraft:
        """The comment as found; `above` is its parent where only indentation tells."""
        answered = _ORIGIN_ID.search(attribute(self.first(".reply_origin"), "href"))
        stated = answered.group(1) if answered else thread.parent(self.native)
        depth = thread.depth(self.native)
        parent = stated or (above if depth is None else None)
        ground = ParentGround.EXPLICIT if stated else ParentGround.DEPTH
        is_removed = self.body is not None and _REMOVED.match(text(self.body)) is not None
        is_own = "serendipity_comment_author_self" in attribute(self.box, "class")
        return CommentDraft(
            native_id=self.native,
            post_native_id=entry,
            parent=parent,
            parent_ground=ground if parent else ParentGround.NONE,
            depth=depth if depth is not None else level,
            permalink=f"#c{self.native}" if self.native else None,
            author=self._author(word),
            is_post_author=is_own or None,
            published=self._date(),
            body=None if is_removed else self.body,
            visibility=Visibility.DELETED if is_removed else Visibility.VISIBLE,
            node=self.box,
        )

    def ping(self, entry: str | None) -> CommentDraft:
        """The trackback as found."""
        cite = self.first("cite")
        place = self.first(*_HEADINGS) if cite is not None else self.body
        link = self.every.first("a", inside=place) if place is not None else None
        source = self.first(_SOURCE)
        bold = self.every.find("b", "strong", inside=source) if source is not None else []
        said = [(node.tail or "").strip() for node in bold]  # "Weblog: NAME", "Tracked: DATE"
        tracked = DateDraft(text=said[1]) if len(said) > 1 and said[1] else None
        name = text(cite) if cite is not None else next(iter(said), None)
        return CommentDraft(
            native_id=self.native,
            post_native_id=entry,
            permalink=f"#c{self.native}" if self.native else None,
            kind=CommentKind.TRACKBACK,
            author=AuthorDraft(text=name or None, href=attribute(link, "href") or None),
            published=self._stamp() or tracked,
            subject=text(link) or None,
            body=self.body,
            exclude=(link,) if link is not None and cite is None else (),
            node=self.box,
        )

    @cached_property
    def _line(self) -> bylines.Reading | None:
        """Name and date where the theme gives neither a class: "#1.1 NAME (Homepage) on DATE"."""
        return bylines.read(_NUMBER_AND_LINKS.sub(" ", text(self.first(_SOURCE))))

    def _author(self, word: str) -> AuthorDraft | None:
        cite = self.first("cite")
        if cite is not None:
            page = attribute(self.every.first("a", inside=cite), "href")
            return AuthorDraft(text=text(cite) or None, href=page or None)
        named = self.first(".comment_source_author")
        if named is not None:
            page = attribute(self.first(".comment_source_url"), "href")
            return AuthorDraft(text=text(named) or None, href=page or None)
        heading = self.first(*_HEADINGS)
        if heading is None:
            return self._author_in_line()
        link = next((n for n in self.every.find("a", inside=heading) if text(n)), None)
        if link is not None:
            return AuthorDraft(text=text(link), href=attribute(link, "href"))
        words = text_before(heading, self.every.first("time", inside=heading))
        return AuthorDraft(text=_without_on(words, word) or None)

    def _author_in_line(self) -> AuthorDraft | None:
        source = self.first(_SOURCE)
        if self._line is None or source is None:
            return None
        hrefs = (attribute(link, "href") for link in self.every.find("a", inside=source))
        page = next((href for href in hrefs if href.startswith("http") and "#c" not in href), None)
        return AuthorDraft(text=self._line.name, href=page)

    def _date(self) -> DateDraft | None:
        words = text(self.first(".comment_source_date"))
        if not words:
            words = _NUMBER_AND_LINKS.sub(" ", text(self.first(".commentmetadata"))).strip()
        if not words and self._line is not None:
            words = self._line.date or ""
        return self._stamp() or (DateDraft(text=words) if words else None)

    def _stamp(self) -> DateDraft | None:
        for stamp in self.every.find("time", inside=self.box):
            machine = attribute(stamp, "datetime")
            if machine:
                return DateDraft(text=text(stamp), machine=machine, source=Source.MACHINE)
        return None


def _without_on(words: str, word: str) -> str:
    if word and words.endswith(f" {word}"):
        return words[: -len(word)].rstrip(" ,")
    return _ON.sub("", words).rstrip(" ,")
