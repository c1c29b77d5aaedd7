"""What only the head says: OpenGraph, article:*, Dublin Core and <meta name=author>."""

from __future__ import annotations

import re

from archiver.drafts import AuthorDraft, BlogDraft, PostDraft
from archiver.model import Source
from archiver.nodes import attribute, xpath
from archiver.page import Page
from archiver.stamps import stamped

_METAS = xpath("//meta[@content and (@property or @name)]")
_SIGNS = re.compile(
    rb"[\"'](?:og:title|article:published_time|author|dc\.title|dc\.creator|dc\.date|dcterms\.)",
    re.IGNORECASE,
)
_TITLE = ("og:title", "dc.title", "dcterms.title", "twitter:title")
_DATE = (
    "article:published_time",
    "og:published_time",
    "dc.date",
    "dcterms.created",
    "dcterms.date",
)
_DATE_OF_CMS = ("parsely-pub-date", "sailthru.date", "pubdate", "date")
_AUTHOR = ("author", "dc.creator", "dcterms.creator", "parsely-author", "article:author")


def is_in(page: Page) -> bool:
    """Whether the head says anything of a post."""
    return _SIGNS.search(page.body) is not None


def post(page: Page) -> PostDraft | None:
    """What the head says of the page's post; None when it says nothing of one."""
    said = _said(page)
    title = _first(said, _TITLE)
    published = _first(said, _DATE + _DATE_OF_CMS)
    names = [n for key in _AUTHOR for n in said.get(key, ()) if not n.startswith("http")]
    if not (title or published or names):
        return None
    site = _first(said, ("og:site_name",))
    return PostDraft(
        url=_first(said, ("og:url",)),
        title=_without_site(title, site) if title else None,
        authors=(AuthorDraft(text=names[0]),) if names and names[0] != site else (),
        published=stamped(page, published, source=Source.META),
        updated=stamped(page, _first(said, ("article:modified_time",)), source=Source.META),
        categories=tuple(said.get("article:section", ())),
        tags=tuple(said.get("article:tag", ())),
        source=Source.META,
    )


def blog(page: Page) -> BlogDraft | None:
    """The blog's name and language as OpenGraph has them."""
    said = _said(page)
    title, locale = _first(said, ("og:site_name",)), _first(said, ("og:locale",))
    if title is None and locale is None:
        return None
    return BlogDraft(title=title, language=locale.replace("_", "-") if locale else None)


def _said(page: Page) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for node in _METAS(page.tree):
        name = (attribute(node, "property") or attribute(node, "name")).strip().lower()
        value = attribute(node, "content").strip()
        if value:
            said.setdefault(name, []).append(value)
    return said


def _first(said: dict[str, list[str]], names: tuple[str, ...]) -> str | None:
    return next((said[name][0] for name in names if name in said), None)


def _without_site(title: str, site: str | None) -> str:
    """og:title without " | Blog" at its end, where og:site_name says what the blog is called."""
    if not site or not title.endswith(site) or title == site:
        return title
    return re.sub(r"[\s|·–—:»«-]+$", "", title.removesuffix(site)) or title
