"""The tables of a crawl, as a stranger's reader sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = Mapping[str, Any]


def rows(output: Path, table: str) -> list[Row]:
    """All rows of `output/tables/<table>/*.parquet`; none when the table was not written."""
    files = sorted((output / "tables" / table).glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def strings(value: object) -> Iterator[str]:
    """Every string in a row, lists and structs included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
