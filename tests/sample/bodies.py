"""What a post says: paragraphs, quotations, lists, tables, code, pictures and links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.sample.fragment import Fragment, element, join, raw, words
from tests.sample.prose import Person, Prose, Topic, World
from tests.sample.timeline import BASE, Charset, Entry, Status

STRAY = "The café’s owner called it “a small miracle” – and naïve."
"""Stands in one UTF-8 page as Windows-1252 bytes."""

DEAD_PATH = "/2003/11/hello-mud/"  # linked, and gone for ever

SMILIES = {":)": "icon_smile.gif", ";)": "icon_wink.gif"}
SOFT_GONE_INDEX, GONE_INDEX = 2, 3  # posts whose picture is lost, politely and plainly


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """An uploaded picture in three sizes; `stem` is its address without size and ending."""

    stem: str
    caption: str
    sizes: tuple[tuple[int, int], ...] = ((300, 200), (600, 400))
    full: tuple[int, int] = (900, 600)

    @property
    def urls(self) -> tuple[str, ...]:
        """The smaller sizes in order, then the original."""
        small = (f"{self.stem}-{width}x{height}.png" for width, height in self.sizes)
        return (*small, f"{self.stem}.png")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The blocks of a post, by page of the post; `more_after` blocks stand before the fold."""

    parts: tuple[tuple[Fragment, ...], ...]
    photos: tuple[Photo, ...]
    more_after: int | None

    @property
    def whole(self) -> Fragment:
        """All that the post says."""
        return join(block for part in self.parts for block in part)


@dataclass(slots=True, kw_only=True)
class Writer:
    """Writes one post. `neighbours` are earlier posts that it may point at."""

    entry: Entry
    world: World
    rng: Random
    neighbours: Sequence[Entry]
    deck: list[str] = field(default_factory=list)  # sentences not yet used

    @property
    def prose(self) -> Prose:
        """The post's language."""
        return self.world.languages[self.entry.language]

    @property
    def topic(self) -> Topic:
        """What the post is about."""
        return self.prose.topics[self.entry.topic]

    def body(self) -> Body:
        """The post."""
        if self.entry.kind == "page":
            return Body(parts=(tuple(self._about()),), photos=(), more_after=None)
        photos = tuple(self._photos())
        parts = tuple(self._part(number, photos) for number in range(self.entry.part_count))
        return Body(parts=parts, photos=photos, more_after=2 if self.entry.has_more else None)

    def _about(self) -> Iterator[Fragment]:
        *lines, last = self.prose.patterns["about"]
        yield from (element("p", words(line)) for line in lines)
        before, _, after = last.partition("{link}")
        link = element("a", words("the first post of all"), href=BASE + DEAD_PATH)
        yield element("p", words(before) + link + words(after))

    def _part(self, number: int, photos: Sequence[Photo]) -> tuple[Fragment, ...]:
        blocks = [self._paragraph() for _ in range(self.rng.randint(3, 5))]
        extras = [self._quotation, self._list, self._table, self._code]
        for extra in self.rng.sample(extras, self.rng.randint(1, 2)):
            blocks.insert(self.rng.randint(1, len(blocks)), extra())
        if photos and number == 0:
            blocks.insert(1, _picture(photos[0]))
            blocks.extend(_captioned(photo) for photo in photos[1:])
        if number == 0:
            blocks.insert(0, self._opening())
        if number == self.entry.part_count - 1:
            blocks.append(element("p", words(self.prose.say(self.rng, "closings"))))
        return tuple(blocks)

    def _opening(self) -> Fragment:
        opening = words(self.prose.say(self.rng, "openings"))
        if self.entry.charset is Charset.MIXED:
            opening += words(" ") + raw(STRAY)
        if self.entry.status is not Status.PUBLIC:
            opening += words(" " + secret(self.entry))
        return element("p", opening)

    def _paragraph(self) -> Fragment:
        sentences = [self._sentence() for _ in range(self.rng.randint(2, 4))]
        if self.rng.random() < 0.35:
            sentences.append(self._linking())
        if self.rng.random() < 0.25:
            place = self.rng.randrange(len(sentences))
            sentences[place] = element(self.rng.choice(("em", "strong")), sentences[place])
        space = self.prose.separator
        content = join(sentences, space, space)
        return element("p", content + self._smiley() if self.rng.random() < 0.08 else content)

    def _sentence(self) -> Fragment:
        if not self.deck:
            patterns = (*self.topic.sentences, *self.prose.patterns["asides"])
            self.deck = self.prose.several(self.rng, patterns, len(patterns))
        return words(self.deck.pop())

    def _linking(self) -> Fragment:
        before, _, after = self.prose.say(self.rng, "linking").partition("{link}")
        if self.neighbours and self.rng.random() < 0.6:
            target = self.rng.choice(self.neighbours)
            # Links made before pretty permalinks were switched on still say ?p=N.
            old = f"{BASE}/?p={target.native_id}"
            href = target.url if self.rng.random() < 0.7 else old
            link = element("a", words(target.title), href=href)
        else:
            site = self.rng.choice(self.world.sites)
            link = element("a", words(site.name), href=site.url, title=site.name)
        return words(before) + link + words(after)

    def _smiley(self) -> Fragment:
        return words(" ") + smiley(self.rng.choice(list(SMILIES)))

    def _quotation(self) -> Fragment:
        quote = words(self.prose.say(self.rng, "quotes"))
        markup = f"<blockquote>\n<p>{quote.html}</p>\n</blockquote>"
        return Fragment(markup, quote.text)

    def _list(self) -> Fragment:
        entries = self.prose.several(self.rng, self.topic.items, self.rng.randint(3, 5))
        lines = join((element("li", words(entry)) for entry in entries), "\n", "\n")
        tag = self.rng.choice(("ul", "ol"))
        return Fragment(f"<{tag}>\n{lines.html}\n</{tag}>", lines.text)

    def _table(self) -> Fragment:
        head = _row("th", self.prose.patterns["columns"])
        days = self.rng.sample(self.prose.slots["day"], 3)
        remark = self.prose.patterns["remarks"]
        rows = [
            _row("td", (day, f"{self.rng.uniform(1, 5):.1f}", self._filled(remark))) for day in days
        ]
        cells = join((head, *rows), "\n", "\n")
        return Fragment(f'<table border="1">\n{cells.html}\n</table>', cells.text)

    def _filled(self, patterns: Sequence[str]) -> str:
        return self.prose.fill(self.rng, self.rng.choice(patterns))

    def _code(self) -> Fragment:
        snippet = self.rng.choice(self.world.snippets)
        # WordPress leaves code alone: no typographic signs in here.
        return element("pre", element("code", raw(snippet)))

    def _photos(self) -> Iterator[Photo]:
        lost = self.entry.index in (SOFT_GONE_INDEX, GONE_INDEX)
        for number in range(1 if lost else self.rng.choice((0, 0, 1, 1, 1, 2))):
            caption = self._filled(self.topic.captions)
            name = f"plate-{self.entry.native_id}-{number + 1}"
            yield Photo(stem=f"{BASE}/wp-content/uploads{self.entry.month}{name}", caption=caption)


def secret(entry: Entry) -> str:
    """The sentence of a hidden post that must never be found elsewhere."""
    return f"The boathouse key hangs behind slate number {entry.native_id * 7919}."


def smiley(sign: str) -> Fragment:
    """A picture that reads as the sign that was typed."""
    src = f"{BASE}/wp-includes/images/smilies/{SMILIES[sign]}"
    return Fragment(f"<img src='{src}' alt='{sign}' class='wp-smiley' />", sign)


def said_by(person: Person) -> Fragment:
    """A name, linked where an address is known."""
    if person.url is None:
        return words(person.name)
    return element("a", words(person.name), href=person.url, rel="external nofollow", class_="url")


def _row(tag: str, cells: Sequence[str]) -> Fragment:
    content = join((element(tag, words(cell)) for cell in cells), "", "\t")
    return Fragment(f"<tr>{content.html}</tr>", content.text)


def _image(photo: Photo) -> str:
    (width, height), *_ = photo.sizes
    srcset = ", ".join(
        f"{url} {size[0]}w" for url, size in zip(photo.urls, photo.sizes, strict=False)
    )
    title = words(photo.caption).html.replace('"', "&quot;")
    image = (
        f'<img class="alignnone size-medium" title="{title}" src="{photo.urls[0]}" alt="{title}" '
        f'width="{width}" height="{height}" srcset="{srcset}" sizes="(max-width: 600px) 90vw" />'
    )
    return f'<a href="{photo.urls[-1]}">{image}</a>'


def _picture(photo: Photo) -> Fragment:
    return Fragment(f"<p>{_image(photo)}</p>", "")


def _captioned(photo: Photo) -> Fragment:
    caption = words(photo.caption)
    return Fragment(
        f'<div class="wp-caption alignnone" style="width: 310px">{_image(photo)}'
        f'<p class="wp-caption-text">{caption.html}</p></div>',
        caption.text,
    )
