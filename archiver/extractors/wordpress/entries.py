"""Which elements of a WordPress page are one post each, and which of them hold its text.

Core writes `post-N` and `hentry` on the box since 2.7, themes did so by custom before; the text
stands in a box whose class name ends in "content" or "entry", or bare beside the headings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace

from lxml.etree import _Element as Node

from archiver.extractors.wordpress.index import Index, post_number
from archiver.extractors.wordpress.prose import speaks, words

_HEADINGS = ("h1", "h2", "h3", "h4")
_PARAGRAPHS = ("p", "blockquote", "li", "pre")
_Found = dict[Node, list[Node]]  # element → its ancestors, nearest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The elements of one post, usually one box; `texts` are the boxes of its text, maybe none.

    `headline` is its title where the page's <title> tells which heading that is.
    """

    parts: tuple[Node, ...]
    number: str | None = None
    headline: Node | None = None
    texts: tuple[Node, ...] = ()


class Finder:
    """The boxes and text boxes of a page; `zones` are what is never part of a post."""

    def __init__(self, tree: Node, index: Index, comments: Set[Node]) -> None:
        self.tree = tree
        self.zones = comments | index.zones
        self.roots = self._free(index.roots)
        self.inner: dict[Node, list[Node]] = {}  # box → the boxes inside it
        for root, above in self.roots.items():
            for outer in above:
                if outer in self.roots:
                    self.inner.setdefault(outer, []).append(root)
        self.texts = self._without_frames(self._free(index.texts), sure=True)
        self.loose = {} if self.texts else self._without_frames(self._free(index.loose), sure=False)
        self.held: dict[Node, list[Node]] = {}  # box → the texts inside it
        for text, above in (*self.texts.items(), *self.loose.items()):
            for outer in above:
                if outer in self.roots:
                    self.held.setdefault(outer, []).append(text)

    def _free(self, nodes: Iterable[Node]) -> _Found:
        found: _Found = {}
        for node in nodes:
            above = list(node.iterancestors())
            if node not in self.zones and self.zones.isdisjoint(above):
                found[node] = above
        return found

    def _without_frames(self, texts: _Found, *, sure: bool) -> _Found:
        """Texts that say something and are no frame around posts.

        A sure name around a box that has no text of its own is still the text.
        """
        around_texts = {outer for above in texts.values() for outer in above}
        frames = set() if sure else set(around_texts)
        for root, above in self.roots.items():
            if not sure or root in around_texts:
                frames.update(above)
        return {node: above for node, above in texts.items() if node not in frames and speaks(node)}

    def entries(self) -> list[Entry]:
        """All posts of a listing, in page order."""
        boxes = self._listed_roots()
        found = [self._entry(box) for box in boxes]
        texts = self.texts or self.loose
        free = {text for text, above in texts.items() if boxes.isdisjoint([text, *above])}
        shares = Counter(above for text in free for above in texts[text])
        found += [self._unboxed(text, free, shares) for text in free]
        order = {node: at for at, node in enumerate(self.tree.iter())}
        return sorted(found, key=lambda entry: order[entry.parts[0]])

    def main(self, number: str | None, headline: Node | None) -> Entry | None:
        """The post that a single page is about; its number and title where they are known."""
        box = self._main_box(number, headline)
        if box is not None:
            entry = self._entry(box)
            if headline is None or box in (headline, *headline.iterancestors()):
                return replace(entry, headline=headline)
            return self._spread(entry.texts or (box,), headline, entry.number)
        text = max(self.texts or self.loose, key=lambda node: len(words(node)), default=None)
        if text is None:
            text = self._densest()
        if text is None:
            return None
        if headline is None:
            return self._unboxed(text, {text}, Counter())
        if text in headline.iterancestors():
            return Entry(parts=(text,), headline=headline)
        return self._spread((text,), headline, None)

    def _main_box(self, number: str | None, headline: Node | None) -> Node | None:
        """The box of the post: by its number, its title, its text."""
        for root in self.roots:
            if number and root_number(root) == number:
                return root
        if headline is not None:
            around = [above for above in headline.iterancestors() if above in self.roots]
            if around:
                return around[0]
        texts = self.texts or self.loose
        if texts:
            longest = max(texts, key=lambda node: len(words(node)))
            around = [above for above in texts[longest] if above in self.roots]
            return next(iter(around), None)
        return max(self.roots, key=lambda node: len(words(node)), default=None)

    def _spread(self, texts: tuple[Node, ...], headline: Node, number: str | None) -> Entry:
        """A post without a box: all from its title to its text, and what follows up to a zone."""
        above_title = [headline, *headline.iterancestors()]
        above_text = [texts[0], *texts[0].iterancestors()]
        shared = next((node for node in above_title if node in above_text), None)
        if shared is None or shared in texts:
            return Entry(parts=texts, number=number, headline=headline, texts=texts)
        first = above_title[above_title.index(shared) - 1]
        last = above_text[above_text.index(shared) - 1]
        inside = list(shared)
        start, end = sorted((inside.index(first), inside.index(last)))
        parts = [*inside[start : end + 1], *_after(last, self.zones)]
        kept = tuple(p for p in parts if isinstance(p.tag, str) and p not in self.zones)
        return Entry(parts=kept, number=number, headline=headline, texts=texts)

    def zones_in(self, entry: Entry) -> Set[Node]:
        """What of an entry is not its own: comments, sidebars, boxes of other posts."""
        others = self._others(entry.parts[0], entry.number)
        return self.zones | others if others else self.zones

    def _others(self, box: Node, number: str | None) -> set[Node]:
        return {r for r in self.inner.get(box, ()) if root_number(r) not in (None, number)}

    def _listed_roots(self) -> Set[Node]:
        """The outermost boxes that hold one post each, frames around several left out."""
        inner: dict[Node, set[object]] = {}
        for root, above in self.roots.items():
            around = next((a for a in above if a in self.roots), None)
            if around is not None:
                inner.setdefault(around, set()).add(root_number(root) or root)
        kept: set[Node] = set()
        for root, above in self.roots.items():
            if len(inner.get(root, ())) < 2 and kept.isdisjoint(above):
                kept.add(root)
        return kept

    def _entry(self, box: Node) -> Entry:
        inner = self.inner.get(box, ())
        number = next((n for r in (box, *inner) if (n := root_number(r))), None)
        others = self._others(box, number)
        texts = self._under(box, self.texts, others) or self._under(box, self.loose, others)
        return Entry(parts=(box,), number=number, texts=tuple(texts))

    def _under(self, box: Node, found: _Found, others: Set[Node]) -> list[Node]:
        """The texts of a box that belong to none of the others inside it."""
        held = self.held.get(box, ())
        return [t for t in held if t in found and others.isdisjoint(found[t])]

    def _unboxed(self, text: Node, others: Set[Node], shares: Counter[Node]) -> Entry:
        """A text without a box of its post: its header stands before it, further up or beside.

        `shares` tells how many of the `others` stand under each element.
        """
        inside = set(text.iter(*_HEADINGS))
        for above in text.iterancestors():
            if shares[above] > 1 or above.tag == "body":
                break
            if any(h not in inside and self._is_free(h) for h in above.iter(*_HEADINGS)):
                return Entry(parts=(above,), texts=(text,))
        before = list(_neighbours(text, others, self.zones))
        return Entry(parts=(*before, text, *_after(text, self.zones)), texts=(text,))

    def _is_free(self, node: Node) -> bool:
        return node not in self.zones and self.zones.isdisjoint(list(node.iterancestors()))

    def _densest(self) -> Node | None:
        """The box with the most words in paragraphs of its own, those of links set aside."""
        score: dict[Node, int] = {}
        for paragraph in self.tree.iter(*_PARAGRAPHS):
            box = paragraph.getparent()
            if box is not None and self._is_free(paragraph):
                linked = sum(len(words(link)) for link in paragraph.iter("a"))
                score[box] = score.get(box, 0) + len(words(paragraph)) - linked
        return max(score, key=lambda box: score[box], default=None)


def root_number(root: Node) -> str | None:
    """The post's number in the id or classes of its box, or on a heading in it."""
    for value in (root.get("id", ""), *root.get("class", "").split()):
        if stated := post_number(value):
            return stated
    for child in root:
        if child.tag in _HEADINGS and (stated := post_number(child.get("id", ""))):
            return stated
    return None


def _neighbours(text: Node, others: Set[Node], zones: Set[Node]) -> Iterator[Node]:
    before: list[Node] = []
    for sibling in text.itersiblings(preceding=True):
        if sibling in others or sibling.tag == "hr":
            break
        if isinstance(sibling.tag, str) and sibling not in zones:
            before.append(sibling)
            if sibling.tag in ("h1", "h2"):
                break
    yield from reversed(before)


def _after(text: Node, zones: Set[Node]) -> Iterator[Node]:
    for sibling in text.itersiblings():
        if sibling in zones or sibling.tag in ("h1", "h2", "h3", "hr", "form"):
            break
        if isinstance(sibling.tag, str):
            yield sibling
