"""One post of a WordPress page as a draft: title, text, terms, counts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Set

from lxml.etree import _Element as Node

from archiver.drafts import Content, DateDraft, PostDraft
from archiver.extractors.wordpress import bylines, headers
from archiver.extractors.wordpress.dates import dated
from archiver.extractors.wordpress.entries import Entry, Finder
from archiver.extractors.wordpress.facts import Facts, is_password_form
from archiver.extractors.wordpress.paging import Parts, parts
from archiver.extractors.wordpress.prose import machine_date, prose, spine, words

# Lines of the theme that stand inside the box of the text; what plugins hang on to a text is the
# normaliser's to know.  Kubrick prints date and categories there, Classic the links of categories.
_META = re.compile(r"(?:^|[\s_-])(?:post-?meta(?:data)?|entry-(?:meta|utility|footer))(?:$|[\s_-])")
_FOREIGN = re.compile(
    r"(?:^|\s)(?:wp_rp\S*|related_?-?posts?\S*|author-(?:info|box|bio|description)|about-author"
    r"|page-links?|post-page-numbers|post-edit-link|edit-link|more-link|post-?tags|tags-links"
    r"|navigation|post-navigation)(?:\s|$)"
)
_PARTS = re.compile(r"\W*\w{2,12}\s*:?(?:\W*\d+)+\W*$")
_LABEL = 24  # characters of "Filed under:" and its like
_CUT = re.compile(r"(?:\[\s*(?:\.\.\.|…)\s*\]|…|\.\.\.)\W*$")


class Reading:
    """One entry being read; `single` where it is the subject of its page."""

    def __init__(self, entry: Entry, finder: Finder, facts: Facts, *, single: bool) -> None:
        self.entry, self.facts, self.single = entry, facts, single
        zones = finder.zones_in(entry)
        self.title = entry.headline
        if self.title is None:
            self.title = headers.title(headers.read(entry.parts, zones, set()), set(entry.texts))
        texts = self._texts()
        self.metas = [node for text in texts for node in (*_named(text, _META), *_tag_lines(text))]
        self.header = headers.read((*entry.parts, *self.metas), zones, set(texts))
        self.body = self._body(texts, zones)

    def post(self) -> PostDraft:
        """The draft of this post."""
        summary = None if self.body is not None else next(iter(self.header.summaries), None)
        body = self.body if self.body is not None else summary
        paged = parts(self.facts) if self.single else None
        locked = any(is_password_form(f) for part in self.entry.parts for f in part.iter("form"))
        url = self._url()
        return PostDraft(
            native_id=self.entry.number or (self.facts.post_number if self.single else None),
            url=url,
            title=self._title(),
            authors=tuple(bylines.authors(self.header, self.facts, single=self.single)),
            published=bylines.published(
                self.header, self.entry.parts[0], self.facts, url, single=self.single
            ),
            updated=self._updated(),
            body=None if locked else body,
            exclude=tuple(self._foreign(body)),
            categories=tuple(words(node) for node in self.header.categories),
            tags=tuple(words(node) for node in self.header.tags),
            comment_count=self._count(),
            count_includes_pings=True,
            comments_closed=self._is_closed(),
            prev_url=self._step("prev", paged),
            next_url=self._step("next", paged),
            kind="page" if self._is_static() else "entry",
            page_number=paged.number if paged else 1,
            page_count=paged.count if paged else None,
            is_truncated=None if locked else self._is_truncated(body, summary),
            is_protected=locked,
        )

    def _texts(self) -> list[Node]:
        """The labelled texts that hold no title; of nested ones the outermost."""
        above = spine([self.title]) if self.title is not None else set()
        kept: list[Node] = []
        for text in self.entry.texts:
            if text not in above and not any(outer in kept for outer in text.iterancestors()):
                kept.append(text)
        return kept

    def _body(self, texts: list[Node], zones: Set[Node]) -> Content | None:
        if texts:
            return texts[0] if len(texts) == 1 else tuple(texts)
        marks = {*self.header.marks(), *([self.title] if self.title is not None else [])}
        marks.update(itertools.islice(bylines.lines(self.header), 1))
        above = spine(marks)
        for part in self.entry.parts:
            if part not in marks:
                found = prose(part, marks, above, zones)
                if found is not None:
                    return found
        return None

    def _title(self) -> Node | str | None:
        if self.title is not None or not self.single:
            return self.title
        return self.facts.metas.get("og:title")

    def _url(self) -> str | None:
        if self.single and self.facts.permalink:
            return self.facts.permalink
        if self.title is not None:
            around = self.title.getparent()
            link = next(self.title.iter("a"), None)
            if link is None and around is not None and around.tag == "a":
                link = around
            if link is not None and link.get("href"):
                return link.get("href")
        return next((node.get("href") for node in self.header.permalinks), None)

    def _updated(self) -> DateDraft | None:
        if not self.header.updates:
            return None
        node = self.header.updates[0]
        return dated(words(node), machine_date(node), self.facts.trusts_offsets)

    def _count(self) -> str | None:
        if self.single and self.facts.comments_heading:
            return self.facts.comments_heading
        texts = [words(node) for node in self.header.counts]
        return next((t for t in texts if any(c.isdigit() for c in t)), next(iter(texts), None))

    def _is_closed(self) -> bool | None:
        if not self.single or self.facts.takes_comments is None:
            return None
        return not self.facts.takes_comments

    def _step(self, rel: str, paged: Parts | None) -> str | None:
        """The neighbouring post; pages of comments and parts of a post bear the same rel."""
        if paged is None:
            return None
        hrefs = [href for found, href, _ in self.facts.links if found == rel]
        hrefs += [a.get("href", "") for a in self.facts.anchors if a.get("rel", "") == rel]
        own = {href.rstrip("/") for href in paged.hrefs}
        own |= {re.sub(r"/\d+$", "", href) for href in own}
        beside = (h for h in hrefs if "comment-page-" not in h and "cpage=" not in h)
        return next((h for h in beside if h.rstrip("/") not in own), None)

    def _is_static(self) -> bool:
        if self.single:
            return self.facts.is_static
        return "type-page" in self.entry.parts[0].get("class", "")

    def _is_truncated(self, body: Content | None, summary: Node | None) -> bool | None:
        if self.single:
            return False
        if summary is not None:
            return True
        if body is None or isinstance(body, str):
            return None
        last = body[-1] if isinstance(body, tuple) else body
        more = any(
            "more-link" in a.get("class", "") or "#more-" in a.get("href", "")
            for a in last.iter("a")
        )
        return True if more or _CUT.search(words(last)) else None

    def _foreign(self, body: Content | None) -> Iterator[Node]:
        """Nodes inside the body that are the theme's."""
        if body is None or isinstance(body, str):
            return
        yield from self.metas
        for node in body if isinstance(body, tuple) else (body,):
            yield from _named(node, _FOREIGN)
            yield from _part_lines(node)
            yield from (a for a in node.iter("a") if "#more-" in a.get("href", ""))


def _tag_lines(text: Node) -> Iterator[Node]:
    """Lines in the box of a text that only name its tags: Kubrick 2.3, <p>Tags: …</p>."""
    for link in text.iter("a"):
        line = link.getparent()
        if "tag" in link.get("rel", "").split() and line is not None and line is not text:
            linked = sum(len(words(a)) for a in line.iter("a") if "tag" in a.get("rel", "").split())
            if len(words(line)) - linked < _LABEL + 2 * len(line) and next(line.iter("a")) is link:
                yield line


def _part_lines(text: Node) -> Iterator[Node]:
    """Lines that only link the parts of a post: Kubrick, <p><strong>Pages:</strong> 1 2 3</p>."""
    for line in text.iter("p"):
        links = [a for a in line.iter("a") if words(a).isdigit()]
        numbers = sum(len(words(a)) for a in links)
        if links and len(words(line)) - numbers < _LABEL and _PARTS.match(words(line)):
            yield line


def _named(top: Node, pattern: re.Pattern[str]) -> Iterator[Node]:
    """Elements under `top` with a class that the pattern finds."""
    for node in top.iter():
        classes = node.get("class") if isinstance(node.tag, str) else None
        if classes and node is not top and pattern.search(classes):
            yield node
