"""The ids under which earlier crawls know the posts of a blog."""

from __future__ import annotations

from pathlib import Path

from archiver.urls import permalink_identity
from pipelines.layout import Layout
from pipelines.tables.footer import open_parquet

_NAMES = ["post_id", "native_id", "url", "canonical_url"]


def known_posts(layout: Layout, blog_id: str) -> dict[str, str]:
    """post_id by alias ("native:12", "url:host/path") of every post in the latest state.

    A post keeps the id it was first given: a crawl that meets it only in a feed must not make a
    second post of it, nor one that learns its native id later.
    """
    path = layout.latest("posts", blog_id)
    return names_in(path) if path.is_file() else {}


def names_in(path: Path) -> dict[str, str]:
    """post_id by alias of every post in one file of `posts`."""
    known: dict[str, str] = {}
    for row in open_parquet(path).read(_NAMES).to_pylist():
        for alias in _aliases(row):
            known.setdefault(alias, row["post_id"])
    return known


def _aliases(row: dict[str, str | None]) -> list[str]:
    native = [f"native:{row['native_id']}"] if row["native_id"] else []
    urls = (row["url"], row["canonical_url"])
    return native + [f"url:{permalink_identity(url)}" for url in urls if url]
