"""Files that pages need: style sheets, scripts, a font and pictures, all made here."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.sample.blog import Blog, Theme
from tests.sample.bodies import GONE_INDEX, SMILIES, SOFT_GONE_INDEX
from tests.sample.prose import Person
from tests.sample.timeline import BASE, Entry

_STATIC = Path(__file__).parent / "static"
_THEME = "/wp-content/themes/default"
_PLATE = re.compile(r"/wp-content/uploads/\d{4}/\d\d/plate-(\d+)-\d+(?:-\d+x\d+)?\.png")
_AVATAR = re.compile(r"/wp-content/avatars/([0-9a-f]{8})\.png")

_STYLE, _SCRIPT = f"{_THEME}/style.css", "/wp-includes/js/comment-reply.js"
_SHEETS = {
    _STYLE: ("style.css", "text/css"),
    f"{_THEME}/css/typography.css": ("typography.css", "text/css"),
    f"{_THEME}/css/print.css": ("print.css", "text/css"),
    _SCRIPT: ("comment-reply.js", "application/x-javascript"),
}
_PAPER = f"{_THEME}/images/kubrickbg-ltr.png"  # named by a style element of Kubrick pages only
_DECORATION = {
    _PAPER: (760, 1),
    f"{_THEME}/images/kubrickbgcolor.png": (16, 16),
    f"{_THEME}/images/kubrickheader.png": (740, 192),
    f"{_THEME}/images/quote.png": (18, 14),
}
_FONT = f"{_THEME}/fonts/tidewater.woff"
_ICON = "/favicon.ico"

# The smallest picture that GIF 89a can hold: one transparent pixel.
_PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file's bytes. `status` is 404 for a picture that was deleted."""

    content: bytes
    media_type: str
    status: int = 200


class Fate(StrEnum):
    """What became of a file."""

    HERE = "here"
    GONE = "gone"  # 404
    SOFT_GONE = "soft-gone"  # 200, but a page of regret in HTML


def find(blog: Blog, path: str) -> File | None:
    """The file at a path; None where no page ever needed one."""
    if path in _SHEETS:
        name, media_type = _SHEETS[path]
        return File(content=(_STATIC / name).read_bytes(), media_type=media_type)
    if path in _DECORATION:
        return _png(path, *_DECORATION[path])
    if path == _FONT:
        return File(content=b"wOFF" + zlib.compress(b"tidewater" * 900), media_type="font/woff")
    if path == _ICON:
        return File(content=_icon(), media_type="image/x-icon")
    if path in {f"/wp-includes/images/smilies/{name}" for name in SMILIES.values()}:
        return File(content=_PIXEL, media_type="image/gif")
    if _AVATAR.fullmatch(path):
        return _png(path, 32, 32)
    return _plate(blog, path)


def linked(theme: Theme) -> dict[str, str]:
    """Paths, with their version, of the files that every page of a theme links to."""
    if theme is Theme.KUBRICK:
        return {"style": _STYLE, "script": f"{_SCRIPT}?ver=20090102"}
    return {"style": f"{_STYLE}?ver=5.9.3", "script": f"{_SCRIPT}?ver=5.9.3"}


def shared(theme: Theme) -> Iterator[str]:
    """Every file that the pages of a theme need whatever they show."""
    nested = {*_SHEETS, *_DECORATION} - {_STYLE, _SCRIPT}
    if theme is not Theme.KUBRICK:
        nested.remove(_PAPER)
    yield from (BASE + path for path in (*linked(theme).values(), *nested, _FONT, _ICON))


def needed(blog: Blog, entry: Entry) -> Iterator[str]:
    """Every file that a public post and its comments show; some come twice."""
    body = blog.body(entry)
    yield from (url for photo in body.photos for url in photo.urls)
    yield from _smilies(body.whole.html)
    for comment in blog.approved(entry):
        yield from _smilies(comment.body.html)
        if comment.kind == "comment":
            yield avatar(comment.author)


def fate(blog: Blog, url: str) -> Fate:
    """How one of these addresses answers."""
    match = _PLATE.fullmatch(url.removeprefix(BASE))
    index = blog.by_id[int(match[1])].index if match else None
    if index == SOFT_GONE_INDEX:
        return Fate.SOFT_GONE
    return Fate.GONE if index == GONE_INDEX else Fate.HERE


def avatar(person: Person | None) -> str:
    """Address of a commenter's picture."""
    name = person.name if person else ""
    return f"{BASE}/wp-content/avatars/{zlib.crc32(name.encode()):08x}.png"


def _smilies(html: str) -> Iterator[str]:
    for name in SMILIES.values():
        if name in html:
            yield f"{BASE}/wp-includes/images/smilies/{name}"


def _plate(blog: Blog, path: str) -> File | None:
    match = _PLATE.fullmatch(path)
    entry = blog.by_id.get(int(match[1])) if match else None
    if entry is None:
        return None
    sizes = {
        url.removeprefix(BASE): size
        for photo in blog.body(entry).photos
        for url, size in zip(photo.urls, (*photo.sizes, photo.full), strict=True)
    }
    return _developed(entry, path, sizes[path]) if path in sizes else None


def _developed(entry: Entry, path: str, size: tuple[int, int]) -> File:
    if entry.index == SOFT_GONE_INDEX:
        regret = b"<html><body><p>Sorry, this image is no longer available.</p></body></html>"
        return File(content=regret, media_type="text/html")
    if entry.index == GONE_INDEX:
        return File(content=b"<h1>Not Found</h1>", media_type="text/html", status=404)
    return _png(path, *size)


def _png(name: str, width: int, height: int) -> File:
    seed = zlib.crc32(name.encode())
    ramp = bytes(range(256)) * (width // 256 + 2)
    offsets = ((y * y // 97 + seed) % 256 for y in range(height))
    rows = b"".join(b"\0" + ramp[offset : offset + width] for offset in offsets)
    tint = bytes(
        component
        for shade in range(256)
        for component in (shade, (shade + seed // 7) % 256, (shade * 3 + seed // 11) % 256)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", tint), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    content = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)
    return File(content=content, media_type="image/png")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _icon() -> bytes:
    picture = _png(_ICON, 16, 16).content
    directory = struct.pack("<HHH", 0, 1, 1)
    return directory + struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(picture), 22) + picture
