"""The tables explained: data dictionary, schema.json, views.sql, dataset card. All from `schemas`.

`python -m pipelines.tables.dictionary` prints the page docs/analysts/tables.md.
"""

from __future__ import annotations

import sys

import orjson
import pyarrow as pa

from archiver.errors import ArchiveDamaged
from pipelines.layout import Layout, write_file
from pipelines.tables.columns import Column, Table
from pipelines.tables.schemas import MERGED, SCHEMA_VERSION, TABLES

_GENERATED = "Generated from `pipelines/tables/schemas.py`; do not edit."
_INTRO = f"""\
# The tables

<!-- {_GENERATED} -->

Schema version {SCHEMA_VERSION}. All files are Parquet with zstd; every column is in every file.
`tables/<table>/*.parquet` is the latest state, `crawls/*/tables/<table>.parquet` is what each
crawl saw. Times are UTC unless the column says otherwise; a value that nobody stated is null.
**Bold** columns are never null.
"""
_SQL_INTRO = f"""\
-- {_GENERATED}
-- Run in the output folder:  duckdb -init tables/views.sql
"""
_VERSIONED = {"posts": "post_versions", "comments": "comment_versions"}


def page() -> str:
    """The data dictionary in Markdown."""
    return "\n".join([_INTRO, *(_section(table) for table in TABLES.values())])


def schema_json() -> bytes:
    """The schemas for programs."""
    tables = {
        name: {
            "description": table.description,
            "row": table.row,
            "key": table.key,
            "order": table.order,
            "columns": [_described(column) for column in table.columns],
        }
        for name, table in TABLES.items()
    }
    content = {"version": SCHEMA_VERSION, "tables": tables}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def views_sql() -> str:
    """DuckDB views on the latest state, and on every version that the crawls saw."""
    latest = [_view(name, f"read_parquet('tables/{name}/*.parquet')") for name in TABLES]
    versions = [
        _view(view, f"read_parquet('crawls/*/tables/{name}.parquet', union_by_name = true)")
        for name, view in _VERSIONED.items()
    ]
    return "\n".join([_SQL_INTRO, *latest, *versions, ""])


def _view(name: str, rows: str) -> str:
    return f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM {rows};"  # noqa: S608 - our own names


def card() -> str:
    """README.md of tables/: a dataset card that Hugging Face `datasets` understands."""
    configs = "\n".join(f"- config_name: {name}\n  data_files: {name}/*.parquet" for name in TABLES)
    rows = "\n".join(f"| `{name}` | {t.row} | {t.description} |" for name, t in TABLES.items())
    merged = ", ".join(f"`{table.name}`" for table in MERGED)
    return f"""\
---
configs:
{configs}
---

# Blogs, archived

<!-- {_GENERATED} -->

| table | one row is | |
|---|---|---|
{rows}

Schema version {SCHEMA_VERSION}. Columns are described in `schema.json` and in the footer of every
file; `views.sql` has views for DuckDB. {merged} hold the latest state with its history columns;
what each crawl saw is in `../crawls/*/tables/`.
"""


def is_outdated(layout: Layout) -> bool:
    """Whether the tables were written by a version with another schema.

    Raises:
        ArchiveDamaged: tables/schema.json cannot be read.
    """
    path = layout.tables / "schema.json"
    if not path.is_file():
        return False
    try:
        return bool(orjson.loads(path.read_bytes())["version"] != SCHEMA_VERSION)
    except (ValueError, KeyError, TypeError) as fault:
        raise ArchiveDamaged(path, None, f"unreadable ({fault}); delete it") from fault


def refresh(layout: Layout) -> None:
    """Write the explanations beside the tables, unless these wait for a migration."""
    if not is_outdated(layout):
        write(layout)


def write(layout: Layout) -> None:
    """Write README.md, schema.json and views.sql into tables/ where they differ."""
    wanted = {
        "README.md": card().encode(),
        "views.sql": views_sql().encode(),
        "schema.json": schema_json(),
    }
    for name, content in wanted.items():
        path = layout.tables / name
        if not path.is_file() or path.read_bytes() != content:
            write_file(path, content)


def type_name(kind: pa.DataType) -> str:
    """A type in words: "string", "int32", "timestamp UTC", "list of string"."""
    if pa.types.is_list(kind):
        return f"list of {type_name(kind.value_type)}"
    if pa.types.is_timestamp(kind):
        return "timestamp UTC" if kind.tz else "timestamp, no zone"
    return str(kind)


def _section(table: Table) -> str:
    kind = "Facts: one file per crawl." if table.is_fact else "One file per blog."
    order = ", ".join(f"`{name}`" for name in table.order)
    lines = [
        f"## {table.name}",
        "",
        f"{table.description} One row is {table.row}. {kind} Sorted by {order}.",
        "",
        "| column | type | meaning |",
        "|---|---|---|",
        *(_line(column) for column in table.columns),
        "",
    ]
    return "\n".join(lines)


def _line(column: Column) -> str:
    name = f"**`{column.name}`**" if column.is_required else f"`{column.name}`"
    unit = f" ({column.unit})" if column.unit else ""
    values = f" One of: {', '.join(column.values)}." if column.values else ""
    # Angle brackets would be read as HTML.
    meaning = column.description.replace("<", "&lt;").replace(">", "&gt;")
    return f"| {name} | {type_name(column.type)} | {meaning}{unit}{values} |"


def _described(column: Column) -> dict[str, object]:
    described: dict[str, object] = {
        "name": column.name,
        "type": str(column.type),
        "description": column.description,
        "required": column.is_required,
    }
    if column.unit:
        described["unit"] = column.unit
    if column.values:
        described["values"] = column.values
    return described


if __name__ == "__main__":
    sys.stdout.write(page())
