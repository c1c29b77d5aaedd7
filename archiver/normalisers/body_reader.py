"""One walk over a body gives clean markup, plain text, links and media; the tree is only read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from html import escape
from typing import cast

from lxml.etree import _Element as Node

from archiver.model import Link, Media, Url
from archiver.normalisers import body_media
from archiver.normalisers.body_junk import is_more_link, is_share_link
from archiver.normalisers.body_policy import (
    ALIASES,
    DEEPEST,
    DROPPED,
    KEPT,
    LINES,
    PARAGRAPHS,
    PLAYERS,
    SCHEMES,
    is_inline,
    is_unwanted,
    share_bars,
)
from archiver.normalisers.body_text import Words
from archiver.urls import resolve, resolve_any, same_site

_CAPTIONED = re.compile(r"(?:^|\s)(?:wp-caption|tr-caption-container|photo|captioned)(?:\s|$)")
_CAPTIONS = ("figcaption", "*[@class='wp-caption-text']", "*[@class='tr-caption']")


class Reader:
    """Reads nodes into `html`, `words`, `links` and `media`; nothing of the tree is changed."""

    def __init__(self, base: str, exclude: Collection[Node], *, locate: bool) -> None:
        self.html: list[str] = []
        self.words = Words()
        self.links: list[Link] = []
        self.media: list[Media] = []
        self._base = base
        self._exclude = frozenset(exclude)
        self._locate = locate
        self._verbatim = 0
        self._depth = 0
        self._target: Url | None = None  # of the link around the current node
        self._caption: str | None = None
        self._more: tuple[slice, slice, int] | None = None
        self._special: Mapping[str, Callable[[Node], None]] = {
            "a": self._link,
            "img": self._image,
            "br": self._break,
            "hr": self._rule,
            "script": self._script,
            "embed": self._embed,
            "pre": self._code,
            "xmp": self._code,
            "listing": self._code,
            "td": self._cell,
            "th": self._cell,
        }

    def root(self, node: Node, *, tail: bool) -> None:
        """Read the inside of a chosen element, whatever it is called, and perhaps what follows."""
        self._exclude |= share_bars(node)
        if node not in self._exclude and isinstance(node.tag, str):
            if node.tag in self._special or node.tag in PARAGRAPHS or is_inline(node):
                self._element(node)
            else:
                self._inside(node)
                self.words.line()
        if tail and node.tail:
            self.text(node.tail)

    def text(self, text: str) -> None:
        """Read running text."""
        if self._verbatim:
            self.words.add_verbatim(text)
            self.html.append(escape(text, quote=False))
        elif text.isspace():
            self.words.add(text)
            self.html.append(" " if "\n" not in text else "\n")
        else:
            self.words.add(text)
            self.html.append(escape(text, quote=False))

    def drop_more_link(self) -> bool:
        """Take away the link that ends an excerpt, if nothing follows it; whether it did."""
        if self._more is None:
            return False
        html, words, link = self._more
        if not self.words.drop_tail(words.start, words.stop):
            return False
        del self.html[html], self.links[link:]
        return True

    # --- elements ---------------------------------------------------------------------------

    def _inside(self, node: Node) -> None:
        if self._depth > DEEPEST:
            self.text(_string(node))
            return
        self._depth += 1
        if node.text:
            self.text(node.text)
        excluded = self._exclude
        for child in node:
            is_excluded = child in excluded
            if not is_excluded and isinstance(child.tag, str) and not is_unwanted(child):
                self._element(child)
            tail = child.tail
            # Between two excluded elements stand bars and dots that go with them.
            if tail and not (is_excluded and _is_separator(tail)):
                self.text(tail)
        self._depth -= 1

    def _element(self, node: Node) -> None:
        tag = node.tag
        special = self._special.get(tag)
        if special is not None:
            special(node)
        elif tag in PLAYERS:
            self._player(node)
        elif tag not in DROPPED:
            self._ordinary(node, tag)

    def _ordinary(self, node: Node, tag: str) -> None:
        if (secret := node.get("data-cfemail")) is not None:
            self.text(_unhidden_email(secret))
            return
        gap = 2 if tag in PARAGRAPHS else 1 if tag in LINES else 0
        self._gap(gap)
        caption = self._caption
        if tag == "figure" or (tag in ("div", "table", "dl") and _is_captioned(node)):
            self._caption = _caption(node)
        self._wrapped(node, ALIASES.get(tag, tag))
        self._caption = caption
        self._gap(gap)

    def _wrapped(self, node: Node, tag: str, attributes: str = "") -> None:
        """The inside of an element between its tags; tags around nothing are left out."""
        if tag not in KEPT:
            self._inside(node)
            return
        attributes = attributes or _attributes(node, tag)
        html = self.html
        opened = len(html)
        html.append(f"<{tag}{attributes}>")
        self._inside(node)
        if len(html) == opened + 1 and tag not in ("td", "th", "a"):
            html.pop()
        else:
            html.append(f"</{tag}>")

    def _gap(self, lines: int) -> None:
        if lines == 2:
            self.words.paragraph()
        elif lines == 1:
            self.words.line()

    def _code(self, node: Node) -> None:
        self.words.paragraph()
        self._verbatim += 1
        self._wrapped(node, "pre")
        self._verbatim -= 1
        self.words.paragraph()

    def _cell(self, node: Node) -> None:
        if node.getprevious() is not None:
            self.words.mark("\t")
        self._wrapped(node, node.tag)

    def _break(self, node: Node) -> None:
        if self._verbatim:
            self.text("\n")
            return
        self.words.forced_line()
        self.html.append("<br>")
        if len(node) or node.text:
            self._inside(node)

    def _rule(self, node: Node) -> None:
        self.words.paragraph()
        self.html.append("<hr>")
        if len(node) or node.text:
            self._inside(node)

    # --- links and media --------------------------------------------------------------------

    def _link(self, node: Node) -> None:
        if node.get("data-cfemail") is not None:
            self._ordinary(node, "a")
            return
        href = node.get("href")
        target = resolve_any(self._base, href)
        if href is None or target is None or target.partition(":")[0] not in SCHEMES:
            self._inside(node)  # an anchor, or javascript:
            return
        if is_share_link(target):
            return
        opened, before, link = len(self.html), self.words.position(), len(self.links)
        around, self._target = self._target, target
        words = " ".join(_string(node).split())
        if target.startswith(("http", "ftp")) and not href.lstrip().startswith("#"):
            self._note_link(node, target, words)
        title = node.get("title")
        extra = f' title="{escape(title)}"' if title else ""
        self._wrapped(node, "a", f' href="{escape(target)}"{extra}')
        self._target = around
        if is_more_link(words) and same_site(self._base, target):
            said = slice(before, self.words.position())
            self._more = (slice(opened, len(self.html)), said, link)

    def _note_link(self, node: Node, target: Url, words: str) -> None:
        rel = node.get("rel")
        self.links.append(
            Link(
                url=target,
                text=words,
                rel=" ".join(rel.split()) or None if rel else None,
                position=len(self.links) + 1,
                locator=self._path(node),
            )
        )
        kind = body_media.file_kind(target)
        if kind is not None:
            self._note_media(node, target, kind)

    def _image(self, node: Node) -> None:
        sign = body_media.smiley(node)
        if sign is not None:
            self.text(sign)
            return
        url = resolve(self._base, body_media.image_source(node))
        if url is None or body_media.is_pixel(node, url):
            return
        target = self._target
        full = target if target and body_media.is_full_size(target) else None
        self._note_media(node, url, "image", thumbnail_of=full)
        extra = "".join(
            f' {name}="{escape(value)}"'
            for name in KEPT["img"][1:]
            if (value := node.get(name)) is not None
        )
        self.html.append(f'<img src="{escape(url)}"{extra}>')

    def _player(self, node: Node) -> None:
        source = body_media.embedded_url(node)
        url = resolve(self._base, source)
        if url is not None:
            kind = node.tag if node.tag in ("video", "audio") else "embed"
            self._note_embed(node, url, kind)
        if node.tag == "object":
            # An <embed> that was never closed swallows the text after it; objects do not.
            self._orphans(node)

    def _embed(self, node: Node) -> None:
        url = resolve(self._base, body_media.embedded_url(node))
        if url is not None:
            self._note_embed(node, url, "embed")
        self._inside(node)

    def _orphans(self, node: Node) -> None:
        for below in node.iter("embed"):
            if len(below) or (below.text or "").strip():
                self._inside(below)

    def _script(self, node: Node) -> None:
        source = node.get("src") or ""
        if "gist.github.com" in source and (url := resolve(self._base, source)):
            self._note_embed(node, url, "embed")

    def _note_embed(self, node: Node, url: Url, kind: str) -> None:
        found = body_media.embed(url)
        shown = found.page or url
        self._note_media(node, url, kind, provider=found.provider, native=found.id)
        self.html.append(f'<a href="{escape(shown)}">{escape(shown, quote=False)}</a>')

    def _note_media(
        self,
        node: Node,
        url: Url,
        kind: str,
        *,
        thumbnail_of: Url | None = None,
        provider: str | None = None,
        native: str | None = None,
    ) -> None:
        self.media.append(
            Media(
                url=url,
                kind=kind,
                alt=_clean(node.get("alt")),
                title=_clean(node.get("title")),
                caption=self._caption if kind == "image" else None,
                width=body_media.pixels(node.get("width")),
                height=body_media.pixels(node.get("height")),
                embed_provider=provider,
                embed_id=native,
                thumbnail_of=thumbnail_of,
                position=len(self.media) + 1,
                locator=self._path(node),
            )
        )

    def _path(self, node: Node) -> str | None:
        return str(node.getroottree().getpath(node)) if self._locate else None


def _attributes(node: Node, tag: str) -> str:
    names = KEPT[tag]
    if not names:
        return ""
    return "".join(
        f' {name}="{escape(value)}"' for name in names if (value := node.get(name)) is not None
    )


def _string(node: Node) -> str:
    return "".join(cast(Iterator[str], node.itertext()))


def _unhidden_email(secret: str) -> str:
    """What Cloudflare hid behind "[email protected]": hex, each byte XORed with the first."""
    try:
        key, *rest = bytes.fromhex(secret)
    except ValueError:
        return secret
    return bytes(byte ^ key for byte in rest).decode("utf-8", "replace")


def _is_separator(text: str) -> bool:
    return not any(character.isalnum() for character in text) and not text.isspace()


def _is_captioned(node: Node) -> bool:
    names = node.get("class")
    return names is not None and _CAPTIONED.search(names) is not None


def _caption(node: Node) -> str | None:
    for path in _CAPTIONS:
        found = node.find(f".//{path}")
        if found is not None:
            return _clean(_string(found))
    return None


def _clean(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None
