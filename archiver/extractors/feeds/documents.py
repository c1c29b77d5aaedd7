"""One feed document: its format, its entries, and whether they are posts or comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lxml.etree import _Element as Node

from archiver.extractors.feeds.fields import Fields, name
from archiver.extractors.feeds.identity import comment_id
from archiver.normalisers.markup import parse_xml
from archiver.page import Page

_ROOT = re.compile(rb"<(?:[a-z]\w*:)?(?:rss|feed|RDF|channel)[\s>]")
_COMMENTS_URL = re.compile(
    r"/comments/feed|wp-commentsrss2|feed=(?:comments-)?(?:rss2|atom)&(?:withcomments|p=)"
    r"|feed=comments|/feeds/(?:\d+/)?comments/|/crss|/comments\.(?:xml|rss|rdf|atom)|commentrss"
    r"|rss\.php\?version=[\w.]+&type=comments|tempskin=_(?:rss2?|atom)&disp=comments",
    re.IGNORECASE,
)
# Titles of comment feeds in the languages that WordPress, Blogger and Movable Type speak.
_COMMENTS_TITLE = re.compile(
    r"^\W*(?:(?:recent |latest )?comments? (?:on|for|to)\b|kommentarer? (?:zu|für|till|til|på)\b"
    r"|commentaires? (?:sur|pour)\b|comentarios? (?:en|de|para|a)\b|commenti (?:su|a|per)\b"
    r"|comentários? (?:sobre|em|a|para)\b|reacties? (?:op|voor)\b|komentarze\b|komentáře\b"
    r"|комментарии\b|коментарі\b|hozzászólások\b|kommentit\b|のコメント|コメント|评论|댓글)",
    re.IGNORECASE,
)


def looks_like_feed(page: Page) -> bool:
    """Whether the document starts as a feed does; cheap, reads its head only."""
    if page.mime in ("text/html", "application/xhtml+xml") and not page.body[
        :64
    ].lstrip().startswith((b"<?xml", b"\xef\xbb\xbf<?xml", b"<rss", b"<feed", b"<rdf:RDF")):
        return False
    head = page.body[:4096]
    return _ROOT.search(head) is not None and b"<html" not in head.lower()


@dataclass(frozen=True)
class Document:
    """A parsed feed; each part is made when first asked for."""

    page: Page
    root: Node

    @cached_property
    def head(self) -> Fields:
        """The fields of the channel or feed."""
        channel = next((c for c in self.root if name(c) == "channel"), self.root)
        return Fields(channel)

    @cached_property
    def entries(self) -> list[Fields]:
        """The entries: <item> of the channel, or beside it in RDF, or <entry>."""
        tops = (self.head.node, self.root)
        found = [c for top in dict.fromkeys(tops) for c in top if name(c) in ("item", "atom:entry")]
        alone = [self.root] if name(self.root) == "atom:entry" else []
        return [Fields(node) for node in (*alone, *found)]

    @cached_property
    def generator(self) -> str:
        """Who made the feed, in lower case: name, address and version."""
        parts = [self.head.text("generator", "atom:generator") or ""]
        for node in self.head.all("atom:generator", "?:generatorAgent"):
            parts += [str(value) for value in node.attrib.values()]
        return " ".join(parts).lower()

    @cached_property
    def is_of_comments(self) -> bool:
        """Whether the entries are comments: by their ids, their answers, the feed's own name."""
        marked = sum(1 for entry in self.entries if is_comment(entry))
        if marked * 2 > len(self.entries):
            return True
        title = self.head.text("title", "atom:title") or ""
        own = self.head.link("self") or ""
        address = f"{self.page.url} {own}"
        return bool(_COMMENTS_URL.search(address)) or (
            bool(_COMMENTS_TITLE.search(title)) and "wordpress" in self.generator
        )


def is_comment(entry: Fields) -> bool:
    """Whether an entry shows that it is a comment."""
    if next(entry.all("thr:in-reply-to"), None) is not None:
        return True
    links = (entry.link("alternate"), entry.text("link"), entry.text("guid", "atom:id"))
    return comment_id(*links) is not None


@lru_cache(maxsize=4)  # one page for each thread: it is asked five things, then never again
def document(page: Page) -> Document | None:
    """The feed of a page; None where it holds none."""
    root = parse_xml(page.body, page.capture.header("content-type"))
    if root is None or name(root) not in ("rss", "rdf:RDF", "atom:feed", "atom:entry", "channel"):
        return None
    return Document(page, root)
