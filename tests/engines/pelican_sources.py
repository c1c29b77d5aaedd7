"""The story in the words of Pelican and Isso: HTML files with a head, comments in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.engines.story import words
from tests.engines.story.model import MORE, NEXT_PAGE, PICTURE, Entry, Remark, Status, Story

_STATUSES = {Status.PUBLIC: "published", Status.FUTURE: "published", Status.PRIVATE: "hidden"}
_NEVER = (Status.PASSWORD, Status.TRASH)  # Pelican knows neither
_MARKDOWN = (
    (r"<blockquote>(.*?)</blockquote>\n", r"> \1\n\n"),
    (r'<a href="([^"]*)"[^>]*>(.*?)</a>', r"[\2](\1)"),
    (r"<code>(.*?)</code>", r"`\1`"),
    (r"</?em>", "*"),
    (r"&amp;", "&"),
)


def write_sources(story: Story, content: Path) -> None:
    """Writes entries, pages and pictures under Pelican's content folder."""
    folders = {kind: content / name for kind, name in (("entry", "entries"), ("page", "pages"))}
    pictures = content / "pictures"
    for folder in (*folders.values(), pictures):
        folder.mkdir(parents=True)
    for name in words.PICTURES:
        (pictures / f"{name}.svg").write_text(_picture(name))
    for entry in kept(story):
        path = folders[entry.kind] / f"{entry.key}.html"
        path.write_text(_source(entry), encoding="utf-8")


def kept(story: Story) -> list[Entry]:
    """The entries that Pelican can hold: it refuses those without a title."""
    return [entry for entry in story.entries if entry.title and entry.status not in _NEVER]


def threads(story: Story, zone: str) -> Iterator[dict[str, Any]]:
    """Isso's rows for the remarks; it knows no pings, and removes spam and trash for good."""
    entries = {entry.key: entry for entry in kept(story)}
    for remark in story.remarks:
        entry = entries.get(remark.entry)
        gone = remark.status in (Status.SPAM, Status.TRASH) or remark.kind != "comment"
        if entry is None or gone or entry.kind == "page":
            continue
        yield {
            "key": remark.key,
            "uri": f"/{entry.written:%Y/%m/%d}/{_slug(entry)}/",
            "title": entry.title,
            "parent": remark.parent,
            "created": _epoch(remark, zone),
            "mode": 2 if remark.status is Status.HELD else 1,
            "text": _markdown(remark.text),
            "author": remark.name or None,
            "website": remark.site or None,
        }


def _slug(entry: Entry) -> str:
    return f"letter-{entry.key}"


def _source(entry: Entry) -> str:
    # HTML in a headline is not Pelican's way: it shows it to the reader as it stands.
    title = re.sub(r"<[a-z/]+>", "", entry.title)
    author = next(name for login, name, _ in words.AUTHORS if login == entry.author)
    meta = {
        "date": entry.written.isoformat(" "),
        "authors": author,
        "category": entry.categories[0] if entry.categories else "",
        "tags": ", ".join(entry.tags),
        "slug": _slug(entry),
        "status": _STATUSES.get(entry.status, entry.status),
    }
    head = "".join(
        f'<meta name="{name}" content="{escape(value)}">' for name, value in meta.items() if value
    )
    body = "\n".join(_part(part) for part in entry.parts if part not in (MORE, NEXT_PAGE))
    return f"<html><head><title>{escape(title)}</title>{head}</head><body>{body}</body></html>"


def _part(part: str) -> str:
    if not part.startswith(PICTURE):
        return part
    name = part.removeprefix(PICTURE)
    image = f'<img src="{{static}}/pictures/{name}.svg" alt="The {name} in the morning">'
    return f"<figure>{image}<figcaption>The {name}, seen from below</figcaption></figure>"


def _picture(name: str) -> str:
    stripes = "".join(
        f'<rect x="{x}" width="10" height="300" fill="#{x % 256:02x}5a8c"/>'
        for x in range(0, 400, 10 + len(name))
    )
    size = 'width="400" height="300"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{stripes}</svg>'


def _markdown(text: str) -> str:
    for pattern, spelled in _MARKDOWN:
        text = re.sub(pattern, spelled, text)
    return text


def _epoch(remark: Remark, zone: str) -> float:
    return remark.written.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).timestamp()
