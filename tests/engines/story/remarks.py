"""The comments and pings of the story, and those a moderator kept back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from tests.engines.story import words
from tests.engines.story.model import Entry, Remark, Status
from tests.engines.story.prose import paragraph, sentence

CROWDED = 40  # enough threads for five pages of ten
DEEPEST = 9  # levels, counted from 1; engines show about five
_CROWDED_ENTRY, _DEEP_ENTRY, _FLAT_ENTRY, _PAGE = 20, 22, 23, 101


def below_all(chance: random.Random, entries: tuple[Entry, ...]) -> Iterator[Remark]:
    """All remarks, entry by entry, parents before their answers, with keys from 1."""
    keys = count(1)
    for entry in entries:
        if entry.status is Status.PASSWORD or (entry.kind == "page" and entry.key != _PAGE):
            continue
        yield from _Thread(chance, entry, keys).all()


class _Thread:
    """Writes the remarks below one entry; the clock goes forward with each."""

    def __init__(self, chance: random.Random, entry: Entry, keys: count[int]) -> None:
        self._chance, self._entry, self._keys = chance, entry, keys
        self._clock = entry.written

    def all(self) -> Iterator[Remark]:
        if self._entry.status is not Status.PUBLIC:
            yield self._hidden(self._entry.status)
            return
        roots = [self._say() for _ in range(self._threads())]
        yield from roots
        yield from self._answers(roots)
        if self._entry.key == _DEEP_ENTRY:
            yield from self._chain(roots[0])
        yield from self._pings()
        if self._entry.key % 8 == 4:
            for status in (Status.HELD, Status.SPAM, Status.TRASH):
                yield self._hidden(status)

    def _threads(self) -> int:
        wanted = {_CROWDED_ENTRY: CROWDED, _FLAT_ENTRY: 13, _DEEP_ENTRY: 3, _PAGE: 2}
        return wanted.get(self._entry.key, self._entry.key % 5)

    def _answers(self, roots: list[Remark]) -> Iterator[Remark]:
        for root in roots[:: 3 if self._entry.key != _FLAT_ENTRY else 99]:
            reply = self._say(parent=root, login=self._entry.author)
            yield reply
            yield self._say(parent=root)
            yield self._say(parent=reply)

    def _chain(self, root: Remark) -> Iterator[Remark]:
        """Answers to answers, below the depth that pages show, with a fork on the way."""
        for level in range(2, DEEPEST + 1):
            answer = self._say(parent=root)
            yield answer
            if level in (5, 7):
                yield self._say(parent=root)
            root = answer

    def _pings(self) -> Iterator[Remark]:
        if self._entry.key % 6 != 2:
            return
        for kind in ("pingback", "trackback"):
            title = f"{self._chance.choice(words.MOODS)} {self._chance.choice(words.TOPICS)}"
            excerpt = f"[...] {sentence(self._chance)} [...]"
            text = f"<strong>{title}</strong>\n\n{excerpt}" if kind == "trackback" else excerpt
            site = f"http://neighbour.example/{kind}/{self._entry.key}"
            yield self._write(text=text, name=f"{title} « Neighbour", site=site, kind=kind)

    def _say(self, *, parent: Remark | None = None, login: str | None = None) -> Remark:
        parent_key = parent.key if parent else None
        text = _remark_text(self._chance)
        if login:
            name, site = next(author[1:] for author in words.AUTHORS if author[0] == login)
        else:
            name, site = self._chance.choice(words.VISITORS)
        return self._write(text=text, name=name, site=site, parent=parent_key, login=login)

    def _hidden(self, status: Status) -> Remark:
        marker = f"qzhidden{status}remark{self._entry.key}"
        text = f"{marker} {sentence(self._chance)}"
        return self._write(text=text, name=marker, site=f"http://{marker}.example/", status=status)

    def _write(
        self,
        *,
        text: str,
        name: str,
        site: str,
        parent: int | None = None,
        kind: str = "comment",
        status: Status = Status.PUBLIC,
        login: str | None = None,
    ) -> Remark:
        self._clock = _pass_time(self._chance, self._clock)
        return Remark(
            key=next(self._keys),
            entry=self._entry.key,
            text=text,
            name=name,
            site=site,
            written=self._clock,
            parent=parent,
            kind=kind,
            status=status,
            login=login,
        )


def _pass_time(chance: random.Random, clock: datetime) -> datetime:
    """Later by minutes to days, never inside the night hours in which clocks are changed."""
    later = clock + timedelta(minutes=chance.randrange(4, 2200), seconds=chance.randrange(60))
    return later.replace(hour=4) if later.hour in (1, 2) else later


def _remark_text(chance: random.Random) -> str:
    roll = chance.random()
    if roll < 0.15:
        return chance.choice(words.SHORT_REMARKS)
    text = paragraph(chance, chance.randrange(1, 5))
    if roll < 0.3:
        quoted = sentence(chance)
        return f"<blockquote>{quoted}</blockquote>\n{text}\n\n{sentence(chance)}"
    if roll < 0.45:
        site = f"http://links.example/{chance.randrange(1000)}?q=tea&x=1"
        return f'{text} See <a href="{site}" rel="nofollow">this letter</a> or {site} .'
    if roll < 0.6:
        return f"{text}\n{sentence(chance)}\n\n<code>if a < b: tea()</code> &amp; <em>so on</em>"
    return text
