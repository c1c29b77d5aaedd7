"""What an engine's own database says about its blog, in the words of our tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import html as lxml_html

_BLOCKS = frozenset((
    "address", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr",
    "ul",
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TruePost:
    """A post or page. `published_at` is aware UTC, `local` the wall clock of the blog.

    `kind` is "entry" or "page". `html` is the whole body as the engine renders it. An engine
    that does not number its posts has no `native_id`: their addresses are their names.
    """

    native_id: str | None
    url: str
    kind: str
    title: str
    author: str
    published_at: datetime
    local: datetime
    html: str
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    comments_open: bool = True

    @property
    def name(self) -> str:
        """How comments name their post."""
        return self.native_id or self.url

    @property
    def text(self) -> str:
        return plain(self.html)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueComment:
    """A public comment or ping on the post with this `name`.

    `depth` counts from 1, `author` is None for the nameless, `local` is None where the engine
    shows no wall clock.
    """

    native_id: str
    post: str
    parent_id: str | None
    depth: int
    kind: str
    author: str | None
    author_url: str | None
    published_at: datetime
    local: datetime | None
    html: str

    @property
    def text(self) -> str:
        return plain(self.html)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Everything public, and the words that may appear nowhere.

    `protected` posts are listed for everybody, but their bodies need a password. Below
    `max_depth` levels the engine's pages do not show whom a comment answers.
    """

    posts: tuple[TruePost, ...]
    comments: tuple[TrueComment, ...]
    protected: tuple[TruePost, ...]
    secrets: frozenset[str]
    max_depth: int


def plain(fragment: str) -> str:
    """The words of an HTML fragment, white space collapsed, blocks apart."""
    if not fragment.strip():
        return ""
    root = lxml_html.fragment_fromstring(fragment, create_parent="div")
    for node in root.iter():
        if node.tag in _BLOCKS:
            node.text = f" {node.text or ''}"
            node.tail = f" {node.tail or ''}"
    return " ".join(root.text_content().split())
