"""Finding a row by its id, whatever blog it belongs to, and printing what strangers wrote."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from archiver.errors import ConfigError
from pipelines.layout import Layout
from pipelines.tables import manifest
from pipelines.tables.columnar import Row
from pipelines.tables.columns import Table
from pipelines.tables.versions import current


def blog_ids(layout: Layout) -> list[str]:
    """Blogs with published crawls, sorted."""
    folders = [layout.crawl(crawl_id) for crawl_id in layout.crawl_ids()]
    return sorted({manifest.read(f).blog_id for f in folders if f.manifest.is_file()})


def find(layout: Layout, row_id: str) -> tuple[str, Table, Row]:
    """(blog id, table, latest row) of a post, comment, link or medium.

    Raises:
        ConfigError: no blog has such a row.
    """
    # Ids of posts and comments begin with their blog's.
    for blog_id in sorted(blog_ids(layout), key=lambda name: not row_id.startswith(f"{name}:")):
        if (found := current(layout, blog_id, row_id)) is not None:
            return blog_id, *found
    raise ConfigError("command line", "ID", f"no row {row_id!r} in {_named(layout.root)}")


def printable(text: str) -> str:
    """The text without control characters, which a terminal would obey; lines and tabs stay."""
    return "".join(
        char if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs") else "�"
        for char in text.replace("\r\n", "\n")
    )


def _named(root: Path) -> str:
    return f"{root}; `archiver status` lists what is there"
