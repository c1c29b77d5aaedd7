"""The posts and pages of the story."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.engines.story import words
from tests.engines.story.model import MORE, NEXT_PAGE, PICTURE, Entry, Status
from tests.engines.story.prose import paragraph, sentence

PUBLIC_ENTRIES = 64


def public(chance: random.Random) -> Iterator[Entry]:
    """The posts everybody may read, oldest first, from 2004 on."""
    written = datetime(2004, 3, 2, 8, 15, 7)  # the blog's wall clock
    for key in range(1, PUBLIC_ENTRIES + 1):
        yield Entry(
            key=key,
            title=_headline(chance, key),
            author=words.AUTHORS[key % len(words.AUTHORS)][0],
            written=written,
            parts=tuple(_parts(chance, key)),
            categories=tuple(sorted(set(chance.choices(words.CATEGORIES, k=1 + key % 2)))),
            tags=tuple(sorted(set(chance.choices(words.TAGS, k=key % 4)))),
            comments_closed=key % 9 == 0,
            sticky=key == 31,
        )
        written = _later(chance, written, key)


def pages(chance: random.Random) -> Iterator[Entry]:
    """Static pages, one of them open for comments."""
    for key, title in ((101, "About this shore"), (102, "Who we are"), (103, "Colophon")):
        yield Entry(
            key=key,
            title=title,
            author=words.AUTHORS[0][0],
            written=datetime(2005, 1, 9, 12, key % 60, 30),
            parts=(f"<p>{paragraph(chance)}</p>", f"<p>{paragraph(chance)}</p>"),
            kind="page",
            comments_closed=key != 101,
        )


def hidden(chance: random.Random) -> Iterator[Entry]:
    """Posts that no visitor may read; each text holds a marker word."""
    kinds = (Status.DRAFT, Status.PRIVATE, Status.FUTURE, Status.TRASH, Status.PASSWORD)
    for number, status in enumerate(kinds * 2):
        marker = f"qzhidden{status}{number}"
        year = 2093 if status is Status.FUTURE else 2008
        yield Entry(
            key=201 + number,
            title=f"Locked {number}" if status is Status.PASSWORD else f"Not yet {marker}",
            author=words.AUTHORS[number % 4][0],
            written=datetime(year, 5, 1 + number, 10, 20, 30),
            parts=(f"<p>{marker} {paragraph(chance)}</p>",),
            status=status,
            categories=(words.CATEGORIES[0],),
        )


def _later(chance: random.Random, written: datetime, key: int) -> datetime:
    """Weeks later as a rule; every tenth time the same day, so that a day header is shared."""
    if key % 10 == 3:
        return written.replace(hour=23, minute=41, second=chance.randrange(60))
    day = written + timedelta(days=chance.randrange(20, 80))
    hour, minute, second = chance.randrange(5, 23), chance.randrange(60), chance.randrange(60)
    return day.replace(hour=hour, minute=minute, second=second)


def _headline(chance: random.Random, key: int) -> str:
    if key <= len(words.HEADLINES):
        return words.HEADLINES[key - 1]
    return f"{chance.choice(words.MOODS)} {chance.choice(words.TOPICS)}"


def _parts(chance: random.Random, key: int) -> Iterator[str]:
    yield f"<p>{paragraph(chance)}</p>"
    if key % 5 == 0:
        yield MORE
    if key % 6 == 1:
        yield PICTURE + words.PICTURES[key % len(words.PICTURES)]
    yield from _decoration(chance, key)
    for _ in range(chance.randrange(1, 4)):
        yield f"<p>{paragraph(chance)}</p>"
    if key in (12, 27):
        for _ in range(2):
            yield NEXT_PAGE
            yield f"<p>{paragraph(chance)}</p>"


def _decoration(chance: random.Random, key: int) -> Iterator[str]:
    if key % 4 == 1:
        yield (
            f"<blockquote><p>{paragraph(chance, 2)}</p><p>{sentence(chance)}</p></blockquote>"
            f'<p>Seen at <a href="http://belcamp.example/{key}?a=1&amp;b=2" title="A letter">'
            f"<strong>{chance.choice(words.TOPICS)}</strong> letters</a>.</p>"
        )
    if key % 7 == 2:
        yield f'<pre><code>for i in range({key}):\n    print("a &lt; b", i)  # &amp;c.</code></pre>'
    if key % 8 == 3:
        items = "".join(f"<li>{sentence(chance)}</li>" for _ in range(4))
        yield f"<h2>{chance.choice(words.TOPICS).title()}</h2><ol>{items}</ol>"
    if key % 11 == 4:
        yield (
            "<table><thead><tr><th>Day</th><th>Boats</th></tr></thead><tbody>"
            f"<tr><td>Monday</td><td>{key}</td></tr><tr><td>Friday</td><td>0</td></tr>"
            "</tbody></table>"
        )
