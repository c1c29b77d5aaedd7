"""The versions of one row across crawls."""

from __future__ import annotations

from pathlib import Path

from pipelines.tables.versions import current, versions
from tests.unit.tables.crawling import BLOG, Desk, Shown, everywhere


def test_every_sighting_of_a_post_is_told_with_what_changed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, {"oak": Shown("Oaks.")})
    desk.crawl(2, {"oak": Shown("Oaks.")})
    desk.crawl(3, {"oak": Shown(None)})
    desk.crawl(4, {"oak": Shown("Oaks, mostly.")})
    desk.crawl(0, {"oak": Shown("A draft.")}, started_day=9)

    found = versions(desk.layout, BLOG, f"{BLOG}:oak")
    texts = [version.row["body_text"] for version in found]
    assert texts == ["A draft.", "Oaks.", "Oaks.", None, "Oaks, mostly."]
    assert [version.revision for version in found] == [1, 2, 2, 2, 3]
    assert [version.is_full for version in found] == [True, True, True, False, True]
    assert found[0].changed == ()
    assert "body_text" in found[1].changed
    assert found[2].changed == ()
    assert found[-1].row["crawl_id"] == found[-1].crawl_id
    assert desk.latest("posts")["oak"]["revision"] == found[-1].revision


def test_a_comment_is_found_by_its_id_and_a_stranger_is_not(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, {"oak": Shown("Oaks.", {"1": "Yes.", "2": "No."})})
    desk.crawl(2, {"oak": Shown("Oaks.", {"1": "Yes!"})}, everywhere("oak"))
    comment = f"{BLOG}:oak:c-1"
    assert [version.row["body_text"] for version in versions(desk.layout, BLOG, comment)] == [
        "Yes.",
        "Yes!",
    ]
    assert versions(desk.layout, BLOG, f"{BLOG}:elm") == []
    assert versions(desk.layout, "nobody", comment) == []

    found = current(desk.layout, BLOG, f"{BLOG}:oak:c-2")
    assert found is not None
    table, row = found
    assert (table.name, row["state"], row["body_text"]) == ("comments", "gone", "No.")
    assert current(desk.layout, BLOG, "x") is None
    assert current(desk.layout, "nobody", comment) is None
