"""Rows that were left out because of equal ids are said."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.publish.twins import warn_of_twins
from pipelines.tables.writer import Part


def test_tables_that_lost_rows_are_named_and_links_around_posts_are_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    parts = [
        Part(path=Path("posts.parquet"), table="posts", rows=9, duplicates=2),
        Part(path=Path("comments.parquet"), table="comments", rows=9),
        Part(path=Path("links.parquet"), table="links", rows=9, duplicates=5),
    ]
    assert warn_of_twins(parts) == ["posts"]
    assert caplog.messages == ["rows.twins table=posts left_out=2"]
