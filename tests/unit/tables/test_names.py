"""Posts keep their ids from crawl to crawl."""

from __future__ import annotations

from pathlib import Path

from pipelines.layout import Layout
from pipelines.tables.names import known_posts
from tests.unit.tables.crawling import BLOG, Desk, Shown


def test_a_known_post_is_found_by_its_native_id_and_by_its_address(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, {"oak": Shown("Oaks.")})
    assert known_posts(desk.layout, BLOG) == {
        "native:oak": f"{BLOG}:oak",
        "url:hedgerow.example.net/oak.html": f"{BLOG}:oak",
    }


def test_nothing_is_known_of_a_new_blog(tmp_path: Path) -> None:
    assert known_posts(Layout(tmp_path), BLOG) == {}
