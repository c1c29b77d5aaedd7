"""The latest state after several crawls, row by row."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.tables import latest, recovery
from pipelines.tables.commits import About, publish
from pipelines.tables.latest import fresh
from pipelines.tables.merge import Merge
from pipelines.tables.observed import spans
from pipelines.tables.schemas import MERGED
from tests.unit.tables.crawling import START, Desk, Looked, Shown, everywhere

FIRST = {
    "oak": Shown("Oaks.", {"1": "Yes.", "2": "No."}, links=("http://far.example/a",)),
    "elm": Shown("Elms.", {"7": "Mine fell."}),
    "yew": Shown("Yews.", {"8": "Old one."}),
    "ash": Shown("Ashes."),
}
SECOND = {  # oak edited and its second comment deleted, elm deleted, fir added
    "oak": Shown("Oaks, mostly.", {"1": "Yes.", "3": "Perhaps."}),
    "yew": Shown("Yews.", {"8": "Old one."}),
    "ash": Shown("Ashes.", {"9": "First!"}),
    "fir": Shown("Firs."),
}
PARTIAL = {"oak": Shown("Oaks, mostly.", {"1": "Yes, edited."})}
RESTORED = {  # elm is back, with its comment; oak's comment 2 too
    "oak": Shown("Oaks, mostly.", {"1": "Yes, edited.", "2": "No.", "3": "Perhaps."}),
    "elm": Shown("Elms.", {"7": "Mine fell."}),
    "ash": Shown("Ashes.", {"9": "First!"}),
    "fir": Shown("Firs."),
}
OLDER = {  # from before the first crawl: another text, and a comment that nobody saw since
    "oak": Shown("Oaks, a draft.", {"1": "Yes.", "0": "Never seen again."}),
    "box": Shown("Boxes, deleted long ago."),
}


def test_the_three_crawls_of_a_blog_give_exactly_its_history(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(10, FIRST, everywhere("oak", "elm", "yew", "ash"))
    commit = desk.crawl(20, SECOND, everywhere("oak", "yew", "ash", "fir"))

    assert desk.history("posts") == {
        "oak": "present r2 d10-d20",
        "elm": "gone since d20 r1 d10-d10",
        "yew": "present r1 d10-d20",
        "ash": "present r1 d10-d20",
        "fir": "present r1 d20-d20",
    }
    assert desk.history("comments") == {
        "oak:c-1": "present r1 d10-d20",
        "oak:c-2": "gone since d20 r1 d10-d10",
        "oak:c-3": "present r1 d20-d20",
        "elm:c-7": "gone since d20 r1 d10-d10",
        "yew:c-8": "present r1 d10-d20",
        "ash:c-9": "present r1 d20-d20",
    }
    assert desk.history("links") == {"http://far.example/a": "gone since d20 r1 d10-d10"}
    counted = commit.counts["posts"], commit.counts["comments"]
    assert [(c.found, c.new, c.changed, c.gone) for c in counted] == [(4, 1, 1, 1), (4, 2, 0, 2)]

    desk.crawl(30, PARTIAL, everywhere("oak", "yew", "ash", "fir"), state="partial")
    assert desk.history("posts")["oak"] == "present r2 d10-d30"
    assert desk.history("posts")["yew"] == "present r1 d10-d20"
    assert desk.history("comments")["oak:c-1"] == "present r2 d10-d30"
    assert desk.history("comments")["oak:c-3"] == "present r1 d20-d20"

    desk.crawl(40, RESTORED, Looked(posts=("yew",), comments=("oak", "elm", "ash")))
    assert desk.history("posts")["elm"] == "present r1 d10-d40"
    assert desk.history("posts")["yew"] == "gone since d40 r1 d10-d20"
    assert desk.history("comments")["yew:c-8"] == "gone since d40 r1 d10-d20"
    assert desk.history("comments")["elm:c-7"] == "present r1 d10-d40"
    assert desk.history("comments")["oak:c-2"] == "present r1 d10-d40"

    before = {table.name: desk.latest(table.name) for table in MERGED if table.name != "media"}
    desk.crawl(5, OLDER, everywhere("oak", "box"), started_day=50)
    assert desk.history("posts") == {
        "oak": "present r3 d5-d40",
        "elm": "present r1 d10-d40",
        "yew": "gone since d40 r1 d10-d20",
        "ash": "present r1 d10-d40",
        "fir": "present r1 d20-d40",
        "box": "gone since d10 r1 d5-d5",
    }
    assert desk.history("comments")["oak:c-1"] == "present r2 d5-d40"
    assert desk.history("comments")["oak:c-0"] == "gone since d10 r1 d5-d5"
    assert desk.history("comments")["oak:c-2"] == "present r1 d10-d40"
    for table, rows in before.items():
        for key, row in rows.items():
            assert _content(desk.latest(table)[key]) == _content(row)


def _content(row: dict[str, object]) -> dict[str, object]:
    """What an import of something older must leave alone."""
    moving = {"first_seen_at", "first_crawl_id", "revision"}
    return {name: value for name, value in row.items() if name not in moving}


def test_the_row_is_the_newest_sighting_of_its_content_with_its_provenance(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, {"oak": Shown("Oaks.")})
    second = desk.crawl(2, {"oak": Shown("Oaks.")})
    row = desk.latest("posts")["oak"]
    assert row["crawl_id"] == second.crawl_id
    assert row["captured_at"] == START + timedelta(days=2)
    assert row["revised_at"] == START + timedelta(days=1)


def test_an_excerpt_is_a_sighting_but_never_replaces_a_text(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, {"oak": Shown("All about oaks.")})
    desk.crawl(2, {"oak": Shown(None)})
    row = desk.latest("posts")["oak"]
    assert row["body_text"] == "All about oaks."
    assert desk.history("posts")["oak"] == "present r1 d1-d2"


def test_a_text_replaces_an_excerpt_without_a_new_version(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, {"oak": Shown(None)})
    desk.crawl(2, {"oak": Shown("All about oaks.")})
    assert desk.latest("posts")["oak"]["body_text"] == "All about oaks."
    assert desk.history("posts")["oak"] == "present r1 d1-d2"


def test_reading_the_same_bytes_again_improves_the_row_without_a_new_version(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, {"oak": Shown("Oaks.")}, extractor="generic/1")
    desk.crawl(1, {"oak": Shown("Oaks.")}, extractor="typepad/2", started_day=9)
    row = desk.latest("posts")["oak"]
    assert (row["extractor"], row["revision"]) == ("typepad/2", 1)


def test_a_month_seen_whole_makes_its_missing_posts_gone(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, {"oak": Shown("Oaks."), "elm": Shown("Elms.")})
    desk.crawl(2, {"oak": Shown("Oaks.")}, Looked(months=("2007-02",)))
    assert desk.history("posts")["elm"] == "present r1 d1-d1"
    desk.crawl(3, {"oak": Shown("Oaks.")}, Looked(months=("2007-03",)))
    assert desk.history("posts")["elm"] == "gone since d3 r1 d1-d1"


def test_a_post_missing_from_its_list_is_unknown_while_its_page_fails(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, {"oak": Shown("Oaks."), "elm": Shown("Elms.", {"1": "Hm."})})
    desk.crawl(2, {"oak": Shown("Oaks.")}, Looked(blog=True, failed_posts=("elm",)))
    assert desk.history("posts")["elm"] == "unknown r1 d1-d1"
    assert desk.history("comments")["elm:c-1"] == "present r1 d1-d1"
    desk.crawl(3, {"oak": Shown("Oaks.")}, Looked(months=()))
    assert desk.history("posts")["elm"] == "unknown r1 d1-d1"
    desk.crawl(4, {"elm": Shown("Elms.")})
    assert desk.history("posts")["elm"] == "present r1 d1-d4"


def test_a_blog_keeps_what_a_later_crawl_says_nothing_of(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(1, {"oak": Shown("Oaks.")})
    desk.crawl(2, {"elm": Shown("Elms.")}, state="partial")
    (blog,) = desk.latest("blogs").values()
    assert (blog["title"], blog["post_count"], blog["last_crawl_state"]) == (
        "Hedgerow", 2, "partial",
    )  # fmt: skip


_CRAWLS = st.lists(
    st.tuples(
        st.dictionaries(
            st.sampled_from(["oak", "elm", "yew"]),
            st.builds(
                Shown,
                st.sampled_from(["One.", "Two.", None]),
                st.dictionaries(st.sampled_from("12"), st.sampled_from(["Yes.", "No."])),
            ),
        ),
        st.builds(
            Looked,
            blog=st.booleans(),
            failed_posts=st.sampled_from([(), ("oak",)]),
            comments=st.sampled_from([(), ("oak", "elm", "yew")]),
        ),
        st.sampled_from(["complete", "partial"]),
    ),
    min_size=2,
    max_size=4,
)


@given(crawls=_CRAWLS, order=st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_latest_state_depends_on_the_crawls_and_not_on_their_order(
    tmp_path_factory: object, crawls: list[tuple[dict[str, Shown], Looked, str]], order: object
) -> None:
    numbered = list(enumerate(crawls, 1))
    shuffled = list(numbered)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    states = []
    for arrival in (numbered, shuffled):
        desk = Desk(tmp_path_factory.mktemp("order"))  # type: ignore[attr-defined]
        for day, (posts, looked, state) in arrival:
            desk.crawl(day, posts, looked, state=state)
        states.append({table: desk.latest(table) for table in ("posts", "comments", "links")})
    assert states[0] == states[1]


def test_merging_again_and_making_anew_change_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.crawl(10, FIRST, everywhere("oak", "elm", "yew", "ash"))
    desk.crawl(20, SECOND, everywhere("oak", "yew", "ash", "fir"))
    before = {table.name: pq.read_table(_path(desk, table.name)) for table in MERGED}

    crawls = latest.published(desk.layout, desk.blog_id)
    base = {table.name: _path(desk, table.name) for table in MERGED}
    again = fresh(tmp_path / "again")
    Merge(desk.blog_id, crawls[-1:], base, crawls[-1].crawl_id).write(again)
    for table in MERGED:
        assert pq.read_table(again / f"{table.name}.parquet").equals(before[table.name])

    with desk.layout.lock(desk.blog_id) as lock:
        recovery.rebuild(desk.layout, lock)
    for table in MERGED:
        assert pq.read_table(_path(desk, table.name)).equals(before[table.name])


def test_spans_of_posts_give_the_same_tables_as_one_span(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    posts = {
        f"p{n:02d}": Shown(f"Text {n}.", {"1": f"Comment {n}."}, links=(f"http://far.example/{n}",))
        for n in range(40)
    }
    desk.crawl(1, posts)
    desk.crawl(2, dict(list(posts.items())[:25]), everywhere(*posts))
    crawls = latest.published(desk.layout, desk.blog_id)
    files = [crawl.tables / f"{name}.parquet" for crawl in crawls for name in ("comments", "links")]
    for path in files:
        pq.write_table(pq.read_table(path), f"{path}.new", row_group_size=7)
        Path(f"{path}.new").replace(path)

    assert len(spans(files, 20)) > 4
    whole, cut = fresh(tmp_path / "whole"), fresh(tmp_path / "cut")
    Merge(desk.blog_id, crawls, None, crawls[-1].crawl_id).write(whole)
    Merge(desk.blog_id, crawls, None, crawls[-1].crawl_id, span_rows=20).write(cut)
    for table in MERGED:
        one, other = (pq.read_table(d / f"{table.name}.parquet") for d in (whole, cut))
        assert one.equals(other)
        assert len(one)


def test_links_around_posts_are_kept_once_and_sorted_last(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for day in (1, 2):
        shown = {"oak": Shown("Oaks.", links=("http://far.example/",))}
        tables, row = desk.prepared(day, shown, everywhere("oak"))
        for word in ("A friend", "A friend", f"New on day {day}"):
            tables.append("links", desk.sidebar_link(tables, day, "http://friend.example/", word))
        with desk.layout.lock(desk.blog_id) as lock:
            publish(desk.layout, lock, tables, row, About())
    found = pq.read_table(_path(desk, "links")).to_pylist()
    assert [(row["anchor_text"], row["state"]) for row in found[:1]] == [("there", "present")]
    assert {row["anchor_text"]: row["state"] for row in found[1:]} == {
        "A friend": "present",
        "New on day 1": "gone",
        "New on day 2": "present",
    }


def _path(desk: Desk, table: str) -> Path:
    return desk.layout.latest(table, desk.blog_id)
