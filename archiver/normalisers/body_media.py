"""Images and embeds as pages carry them: lazy images, smileys, pixels, players of the time."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from lxml.etree import _Element as Node

from archiver.urls import host

# --- images ---------------------------------------------------------------------------------

# Where lazy loaders keep the address while `src` holds a placeholder.
_LAZY = ("data-lazy-src", "data-src", "data-original", "data-lazy", "data-image", "nitro-lazy-src")
_SRCSET = ("data-lazy-srcset", "data-srcset", "srcset")
_SMILEY_CLASSES = frozenset(
    ("wp-smiley", "emoji", "emoticon", "smiley", "smilie", "icon_smile", "serendipity_emoticon")
)
_SMILEY_SOURCE = re.compile(r"/(?:smil(?:ies|eys?)|emoticons?|emojis?)/|/emoji/", re.IGNORECASE)
_LONGEST_SMILEY = 24  # characters of alt text; longer ones describe a picture
_PIXEL = re.compile(
    r"//(?:pixel\.wp\.com|stats\.wordpress\.com|feeds?\d?\.feedburner\.com/~[rf]/"
    r"|(?:blogger\.googleusercontent|www\.blogger)\.com/tracker/|feeds\.wordpress\.com/1\.0/)",
    re.IGNORECASE,
)
IMAGE_PATH = re.compile(r"\.(?:jpe?g|png|gif|bmp|webp|tiff?)(?:$|[?#])", re.IGNORECASE)
# Addresses of full-size images that do not look like files: TypePad, old Blogger, Flickr's pages.
_FULL_SIZE = re.compile(
    r"/\.a/6a[\w-]+|/s\d+-h/|flickr\.com/photos/[^/]+/\d+|[?&]attachment_id=\d", re.IGNORECASE
)


def image_source(image: Node) -> str | None:
    """The address of an image, lazy ones included; None when only a placeholder is known."""
    for name in _LAZY:
        value = image.get(name)
        if value and not value.startswith("data:"):
            return value
    source = image.get("src")
    if source and not source.startswith("data:"):
        return source
    for name in _SRCSET:
        if (value := image.get(name)) and (best := _largest(value)):
            return best
    return _noscript_source(image)


def _largest(srcset: str) -> str | None:
    """The candidate with the greatest width or density.  Source: HTML, srcset attribute."""
    best, best_size = None, -1.0
    for candidate in re.split(r",\s+|,(?=https?:)", srcset.strip()):
        url, _, size = candidate.strip().partition(" ")
        try:
            number = float(size.strip().rstrip("wxh") or 1)
        except ValueError:
            number = 0.0
        if url and not url.startswith("data:") and number > best_size:
            best, best_size = url, number
    return best


def _noscript_source(image: Node) -> str | None:
    following = image.getnext()
    if following is None or following.tag != "noscript":
        return None
    copy = following.find(".//img")
    return copy.get("src") if copy is not None else None


def smiley(image: Node) -> str | None:
    """The characters that an image of a smiley stands for; None for a picture."""
    alt = image.get("alt")
    if not alt or not alt.strip() or len(alt) > _LONGEST_SMILEY:
        return None
    names = image.get("class")
    if names and not _SMILEY_CLASSES.isdisjoint(names.split()):
        return alt
    return alt if _SMILEY_SOURCE.search(image.get("src") or "") else None


def is_pixel(image: Node, url: str) -> bool:
    """Whether an image only counts readers."""
    sizes = (image.get("width"), image.get("height"))
    return all(size in ("0", "1", "0px", "1px") for size in sizes) or bool(_PIXEL.search(url))


def is_full_size(url: str) -> bool:
    """Whether what a thumbnail links to is the picture itself."""
    return bool(IMAGE_PATH.search(url) or _FULL_SIZE.search(url))


def pixels(size: str | None) -> int | None:
    """A width or height in pixels; None for percentages and nonsense."""
    match = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*", size or "")
    return int(match[1]) if match else None


# --- files and embeds -----------------------------------------------------------------------

_FILES = (
    ("audio", re.compile(r"\.(?:mp3|m4a|ogg|oga|wav|wma|aac|flac|ram?|midi?)(?:$|[?#])", re.I)),
    ("video", re.compile(r"\.(?:mp4|m4v|mov|avi|wmv|flv|mpe?g|webm|ogv|3gp|rm)(?:$|[?#])", re.I)),
    (
        "document",
        re.compile(r"\.(?:pdf|docx?|pptx?|xlsx?|odt|ods|odp|rtf|ps|epub|zip)(?:$|[?#])", re.I),
    ),
)


def file_kind(url: str) -> str | None:
    """ "audio", "video" or "document" for an address that ends like one; else None."""
    return next((kind for kind, pattern in _FILES if pattern.search(url)), None)


class Embed(NamedTuple):
    """A player or frame: the service, its id there, and the page that shows the same thing."""

    provider: str | None
    id: str | None
    page: str | None


@cache
def _services() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    text = files(__package__).joinpath("body_embeds.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return tuple((name, re.compile(pattern), "".join(page)) for name, pattern, *page in rows)


@lru_cache(maxsize=1024)
def embed(url: str) -> Embed:
    """The service behind an embedded address; unknown ones are named by their host."""
    for name, pattern, page in _services():
        if match := pattern.search(url):
            native = next(part for part in match.groups() if part)
            return Embed(name, native, page.format(native) if page else None)
    return Embed(host(url).removeprefix("www.") or None, None, None)


def embedded_url(node: Node) -> str | None:
    """The address that an iframe, object, embed, video or audio element plays; None without one."""
    for name in ("src", "data-src", "data-lazy-src", "data"):
        value = node.get(name)
        if value and value.strip() and not value.startswith(("data:", "about:")):
            return value
    for below in node.iter("param", "embed", "source"):
        if below.tag == "param":
            if (below.get("name") or "").lower() in ("movie", "src", "filename", "url"):
                return below.get("value")
        elif below.get("src"):
            return below.get("src")
    return None
