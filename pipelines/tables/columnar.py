"""Rows as dicts → Arrow, with every value checked against its column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from archiver.errors import RowInvalid
from pipelines.tables.columns import BOOL, INSTANT, TEXT, TEXTS, WALL_CLOCK, Column, Table

Row = Mapping[str, object]
"""One row by column name; a column that is not named is null."""

_NOTHING = type(None)


def columnar(table: Table, rows: Sequence[Row]) -> pa.RecordBatch:
    """The rows in the table's schema.

    Lone surrogates, which no UTF-8 file can hold, become U+FFFD: pages and their scripts do
    contain them.

    Raises:
        RowInvalid: an unknown column, a missing required value, a wrong type, a number out of
            range, or a time with an offset where there must be none (and the other way round).
    """
    known = set(table.names)
    for row in rows:
        if not row.keys() <= known:
            unknown = sorted(row.keys() - known)[0]
            raise RowInvalid(table.name, unknown, _name(table, row), "no such column")
    arrays = []
    for column in table.columns:
        values = [row.get(column.name) for row in rows]
        try:
            arrays.append(_array(column, values))
        except (ValueError, TypeError, OverflowError) as fault:
            at, problem = _culprit(column, values, fault)
            raise RowInvalid(table.name, column.name, _name(table, rows[at]), problem) from fault
    return pa.RecordBatch.from_arrays(arrays, schema=table.schema)


def _array(column: Column, values: list[object]) -> pa.Array:
    _check(column, values)
    try:
        return pa.array(values, column.type)
    except UnicodeEncodeError:
        return pa.array([_mended(value) for value in values], column.type)


def _check(column: Column, values: list[object]) -> None:
    """What Arrow would convert in silence is refused: a bool as number, a naive time as UTC."""
    kinds = set(map(type, values))
    if column.is_required and _NOTHING in kinds:
        raise ValueError("a value is required")
    kinds.discard(_NOTHING)
    if column.type in (INSTANT, WALL_CLOCK):
        aware = column.type == INSTANT
        if any(not isinstance(v, datetime) or (v.utcoffset() is None) == aware
               for v in values if v is not None):  # fmt: skip
            raise TypeError(f"must be a datetime {'with' if aware else 'without'} an offset")
    elif column.type == BOOL:
        if kinds - {bool}:
            raise TypeError("must be a bool")
    elif column.type == TEXT:
        if not all(issubclass(kind, str) for kind in kinds):
            raise TypeError("must be a string")
    elif column.type == TEXTS:
        if kinds - {list, tuple}:
            # Arrow would take a string for a list of its characters.
            raise TypeError("must be a list")
    elif bool in kinds:
        raise TypeError("must not be a bool")


def mended(text: str) -> str:
    """The text with surrogate pairs joined and lone surrogates replaced by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _mended(value: object) -> object:
    if isinstance(value, str):
        return mended(value)
    return [_mended(item) for item in value] if isinstance(value, (list, tuple)) else value


def _culprit(column: Column, values: list[object], fault: Exception) -> tuple[int, str]:
    """Index of the first value that does not fit, and what is wrong with it."""
    for at, value in enumerate(values):
        try:
            _array(column, [value])
        except (ValueError, TypeError, OverflowError) as own:
            return at, f"{own}; found {str(value)[:80]!r} ({type(value).__name__})"
    return 0, str(fault)


def _name(table: Table, row: Row) -> str:
    return " ".join(str(row.get(column)) for column in table.key)
