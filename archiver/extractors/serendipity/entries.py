"""Entries: title, day header, footer, body in two parts, id, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from lxml.etree import _Element as Node

from archiver.drafts import AuthorDraft, DateDraft, PostDraft
from archiver.elements import Elements, elements
from archiver.model import Source
from archiver.nodes import attribute, has_class, text, text_before, xpath
from archiver.page import Page

SECTION = (".serendipity_section_comments", ".serendipity_section_trackbacks")
_TITLE = (".serendipity_title", ".entry-title")
_BODY = (".serendipity_entry_body", ".serendipity_entry_extended", "#extended")
_JUNK = (
    ".read_more",
    ".continue_reading",
    ".serendipity_entryIcon",
    ".serendipity_entryFooter",
    ".serendipity_freeTag",
    ".serendipity_karmaVoting",
)
_FOOTER = (".serendipity_entryFooter", ".serendipity_byline")
_AUTHOR = ("address", ".author", ".single_user")
_DAY_GROUP = "serendipity_Entry_Date"
_CLOSED = ".serendipity_msg_important"
_FORMS = ("form", ".serendipity_section_commentform")
_RDF = xpath("(following-sibling::comment() | .//comment())[contains(.,'rdf:Description')][1]")
_RDF_ENTRY = re.compile(r"trackback:ping=\"[^\"]*entry_id=(\d+)")
_OWN_ID = re.compile(r"^post_(\d+)$")
_URL_ID = re.compile(r"/(\d+)-[^/]*\.html?(?:$|[?#])")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")


class Entry:
    """One entry of a page; in 2k11 its comments stand in its box, too."""

    def __init__(self, page: Page, box: Node) -> None:
        self.page, self.box = page, box
        self.every: Elements = elements(page)
        self.outside = tuple(self.every.find(*SECTION, inside=box))

    def _find(self, *names: str) -> list[Node]:
        return self.every.find(*names, inside=self.box, outside=self.outside)

    @cached_property
    def title(self) -> Node | None:
        """Inside the box in newer themes, right above it in older ones."""
        inner = next(iter(self._find(*_TITLE)), None)
        if inner is not None:
            return inner
        for head in self._find("header"):
            return self.every.first("h1", "h2", "h3", inside=head)
        above = next(self.box.itersiblings("*", preceding=True), None)
        return above if above is not None and has_class(above, "serendipity_title") else None

    @cached_property
    def href(self) -> str:
        """Its address as the title links it; "" without a link."""
        return attribute(self._link(self.title), "href")

    def _link(self, inside: Node | None) -> Node | None:
        return self.every.first("a", inside=inside) if inside is not None else None

    def draft(self, *, alone: bool) -> PostDraft:
        """The entry as found."""
        more = any("#extended" in attribute(link, "href") for link in self._find("a"))
        bodies = self.every.outermost(node for node in self._find(*_BODY) if node.tag != "a")
        return PostDraft(
            native_id=self.native_id(alone=alone),
            url=self.href or None,
            title=self.title,
            authors=self.authors,
            published=self._published(),
            body=tuple(bodies) or None,
            exclude=tuple(self._find(*_JUNK)),
            categories=self._categories(),
            tags=self._tags(),
            comment_count=self._count("comments"),
            count_includes_pings=False,
            trackback_count=self._count("trackbacks") or self._counted_beside(),
            comments_closed=self._closed() if alone else None,
            is_truncated=None if alone else more,
        )

    def native_id(self, *, alone: bool) -> str | None:
        """The entry's number: its element id, its trackback RDF, the form, or its address."""
        own = _OWN_ID.match(attribute(self.box, "id"))
        if own:
            return own.group(1)
        rdf = next(iter(_RDF(self.box)), None)
        stated = _RDF_ENTRY.search(rdf.text or "") if rdf is not None else None
        if stated:
            return stated.group(1)
        for field in self.every.find("input") if alone else ():
            number = attribute(field, "value")
            if field.get("name") == "serendipity[entry_id]" and number.isdigit():
                return number
        address = _URL_ID.search(self.href or self.page.url)
        return address.group(1) if address else None

    @cached_property
    def authors(self) -> tuple[AuthorDraft, ...]:
        """The person after "Posted by"."""
        stated = next(
            (a for box in self._find(*_AUTHOR) if (a := self._link(box)) is not None), None
        )
        if stated is None:
            footer = self._plain_footer()
            stated = self._link(footer)
            # "Posted by <a>NAME</a> in …": without words before it the link is something else.
            if footer is None or stated is None or not text_before(footer, stated):
                return ()
        return (AuthorDraft(text=text(stated), href=attribute(stated, "href") or None),)

    def _plain_footer(self) -> Node | None:
        """The footer of the default theme; those of bulletproof can be told to leave parts out."""
        optional = ("belowtitle", "belowentry", "byline", "infofooter")
        return next((n for n in self._find(*_FOOTER) if not has_class(n, *optional)), None)

    def _published(self) -> DateDraft | None:
        for stamp in self._find("time"):
            if stamp.get("datetime"):
                machine = attribute(stamp, "datetime")
                return DateDraft(text=text(stamp), machine=machine, source=Source.MACHINE)
        day = text(self._day())
        moment = next((text(n) for n in self._footer_links() if _CLOCK.search(text(n))), None)
        # Sticky entries stand under a heading without a date and print the whole date at the time.
        is_day = any(c.isdigit() for c in day)
        if not moment and not is_day:
            return None
        return DateDraft(text=moment, day_text=day if is_day else None)

    def _day(self) -> Node | None:
        """The header of the day: that of the entry's group, or the last one above it."""
        for group in self.box.iterancestors():
            if has_class(group, _DAY_GROUP):
                return self.every.first(".serendipity_date", inside=group)
        return self.every.before(self.box, ".serendipity_date")

    def _footer_links(self) -> Iterator[Node]:
        for footer in self._find(*_FOOTER, "footer"):
            yield from self.every.find("a", inside=footer)

    def _categories(self) -> tuple[str, ...]:
        """Links between author and time in a footer line; links after "Categories:" in 2k11."""
        authors = {author.href for author in self.authors}
        labelled = (n for n in self._find("footer") if self.every.find(".visuallyhidden", inside=n))
        found: list[str] = []
        for footer in (*self._find(*_FOOTER), *labelled):
            for link in self.every.find("a", inside=footer):
                href = attribute(link, "href")
                if "#" in href or "comment.php" in href or _CLOCK.search(text(link)):
                    break
                if href not in authors and "tag" not in attribute(link, "rel").split():
                    found.append(text(link))
        return tuple(found)

    def _tags(self) -> tuple[str, ...]:
        """Links of the tag plugin; it lists related entries in a box of a similar name."""
        boxes = self._find(".serendipity_freeTag", ".freeTag")
        links = (link for box in boxes for link in self.every.find("a", inside=box))
        return tuple(text(n) for n in links if "tag" in attribute(n, "rel") + attribute(n, "href"))

    def _count(self, what: str) -> str | None:
        for link in self._footer_links():
            href = attribute(link, "href")
            if href.endswith(f"#{what}") or re.search(rf"type(?:\]|%5D)={what}", href, re.I):
                return text(link)
        return None

    def _counted_beside(self) -> str | None:
        """2k11 counts trackbacks only in a title: "3 Comments, 1 Trackback"."""
        links = (n for n in self._footer_links() if "#comments" in attribute(n, "href"))
        return next((attribute(n, "title").partition(",")[2].strip() or None for n in links), None)

    def _closed(self) -> bool | None:
        """A message inside the form speaks of moderation; the one beside it closes the comments."""
        if not self.every.find(SECTION[0]):
            return None
        return bool(self.every.find(_CLOSED, outside=self.every.find(*_FORMS)))


def entries(page: Page) -> list[Entry]:
    """The entries of a page, in order; in themes without boxes the parents of bodies."""
    every = elements(page)
    boxes = every.outermost(every.find(".serendipity_entry"))
    if not boxes:
        parents = (node.getparent() for node in every.find(_BODY[0]))
        boxes = list(dict.fromkeys(node for node in parents if node is not None))
    return [Entry(page, box) for box in boxes]
