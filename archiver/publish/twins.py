"""Rows that shared an id with another of their crawl and were left out: said, never silent."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from pipelines.tables.writer import Part

log = logging.getLogger(__name__)

# A link around posts stands on every page and is one row by design.
_ONE_EACH = frozenset({"posts", "comments", "media", "captures", "coverage"})


def warn_of_twins(parts: Iterable[Part]) -> list[str]:
    """Log each table that lost rows to equal ids, and return their names."""
    lost = [part for part in parts if part.duplicates and part.table in _ONE_EACH]
    for part in lost:
        log.warning("rows.twins table=%s left_out=%d", part.table, part.duplicates)
    return [part.table for part in lost]
