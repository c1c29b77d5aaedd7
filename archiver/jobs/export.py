"""`archiver export`: one frozen release of all tables, named by what it rests on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import orjson

from archiver import __version__
from archiver.errors import ConfigError
from archiver.jobs.releases import Format, Part, write
from pipelines.layout import Layout, storing, sync_tree
from pipelines.tables import manifest, recovery
from pipelines.tables.columns import Column, Table
from pipelines.tables.schemas import LINKS, SCHEMA_VERSION, TABLES

__all__ = ["Format", "run", "snapshot_id"]

# What else names people: who ran a crawl, and the settings with their contact address.
_NAMES_PEOPLE = frozenset(
    {"authors", "co_author_names", "is_post_author", "operator", "user_agent", "config_json"}
)
_LINKS_TO_WRITERS = ("comment_author",)


def run(output: Path, target: Path | None, form: Format, *, redact_authors: bool) -> int:
    """Write a release of a data folder and print where it is; returns 0.

    It appears by one rename, complete; the same tables give the same snapshot id again.

    Raises:
        ConfigError: there is nothing to export. StorageFailed: the disk refuses.
    """
    layout = Layout(output)
    for note in recovery.recover(layout):
        print(note)
    if not layout.crawl_ids():
        raise ConfigError("command line", "--output", f"no crawl in {output}")
    name = snapshot_id(layout, form, redact_authors=redact_authors)
    release = (target or output / "exports") / name
    if release.exists():
        print(f"{release}: already there")
        return 0
    draft = release.with_name(f".{name}.tmp")
    with storing(draft):
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        rows = dict(write(draft, form, _parts(layout, redact_authors=redact_authors)))
        _describe(draft, name, rows, redact_authors=redact_authors)
        sync_tree(draft)
        draft.rename(release)
    for table, number in rows.items():
        print(f"{table}: {number} rows")
    print(f"snapshot {name}: {release}")
    return 0


def snapshot_id(layout: Layout, form: Format, *, redact_authors: bool) -> str:
    """16 hex digits that stand for the crawls under a release, its schema and its form."""
    basis = [SCHEMA_VERSION, form, "redacted" if redact_authors else "whole"]
    for crawl_id in layout.crawl_ids():
        folder = layout.crawl(crawl_id)
        if folder.manifest.is_file():
            basis += [crawl_id, manifest.sha256_of(folder.manifest)]
    return sha256("\n".join(basis).encode()).hexdigest()[:16]


def _parts(layout: Layout, *, redact_authors: bool) -> Iterator[Part]:
    for table in TABLES.values():
        files = tuple(sorted((layout.tables / table.name).glob("*.parquet")))
        without = _LINKS_TO_WRITERS if redact_authors and table is LINKS else ()
        shown = _redacted(table) if redact_authors else table
        yield Part(table=shown, sources=files, without=without)


def _redacted(table: Table) -> Table:
    """The table without the columns that say who wrote or who crawled."""
    kept = tuple(column for column in table.columns if not _tells_who(column))
    names = {column.name for column in kept}
    return replace(table, columns=kept, digests=tuple(d for d in table.digests if d in names))


def _tells_who(column: Column) -> bool:
    return column.name.startswith("author_") or column.name in _NAMES_PEOPLE


def _describe(folder: Path, name: str, rows: dict[str, int], *, redact_authors: bool) -> None:
    """snapshot.json, and SHA256SUMS of all files as `sha256sum -c` reads it."""
    about = {
        "snapshot": name,
        "schema_version": SCHEMA_VERSION,
        "tool": f"archiver {__version__}",
        "authors": "left out" if redact_authors else "as shown",
        "rows": rows,
    }
    (folder / "snapshot.json").write_bytes(
        orjson.dumps(about, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    )
    sums = [f"{manifest.sha256_of(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")
