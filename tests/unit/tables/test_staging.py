"""Sightings in the SQLite file of a crawl under way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.errors import ArchiveDamaged
from archiver.model import (
    BlogFacts,
    Capture,
    CaptureId,
    Comment,
    Extraction,
    Issue,
    Link,
    PageKind,
    Post,
    Source,
    Url,
)
from pipelines.tables.captures import capture_row
from pipelines.tables.columnar import Row
from pipelines.tables.staging import Staging

AT = datetime(2024, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / "crawl.sqlite", isolation_level=None)
    yield connection
    connection.close()


def _capture(name: str, *, status: int = 200, url: str = "") -> Row:
    capture = Capture(
        capture_id=CaptureId(name),
        url=Url(url or f"http://hedgerow.example.net/{name}"),
        captured_at=AT,
        status=status,
        warc_filename="a.warc.gz",
        warc_offset=1,
        warc_length=2,
    )
    return capture_row(capture, blog_id="hedgerow", crawl_id="c")


def _post(*aliases: str, title: str) -> Post:
    return Post(aliases=aliases, source=Source.TEXT, page_kind=PageKind.POST, title=title)


def _comment(*aliases: str, native_id: str) -> Comment:
    return Comment(post_aliases=aliases, source=Source.TEXT, native_id=native_id)


def _extraction(
    posts: tuple[Post, ...] = (),
    comments: tuple[Comment, ...] = (),
    links: tuple[Link, ...] = (),
    issues: tuple[Issue, ...] = (),
    blog: BlogFacts | None = None,
) -> Extraction:
    return Extraction(
        page_kind=PageKind.POST,
        extractor="typepad/1",
        confidence=0.9,
        posts=posts,
        comments=comments,
        links=links,
        issues=issues,
        blog=blog or BlogFacts(),
    )


def test_the_sightings_of_a_post_are_found_by_its_alias_sets(database: sqlite3.Connection) -> None:
    staging = Staging(database)
    page = (_post("native:1", "url:a/x", title="page"),)
    feed = (_post("url:a/x", title="feed"), _post("url:a/y", title="other"))
    staging.stage(
        _capture("p"),
        _extraction(page, (_comment("native:1", "url:a/x", native_id="7"),)),
    )
    staging.stage(_capture("f"), _extraction(feed, (_comment("url:a/x", native_id="8"),)))

    sets = dict(staging.alias_sets())
    assert list(sets.values()) == [("native:1", "url:a/x"), ("url:a/x",), ("url:a/y",)]
    mine = [number for number, names in sets.items() if "url:a/x" in names]
    assert [post.title for post in staging.posts(mine)] == ["page", "feed"]
    assert [c.native_id for c in staging.comments(mine)] == ["7", "8"]
    assert [post.title for post in staging.posts()] == ["page", "feed", "other"]
    assert len(list(staging.comments())) == 2


def test_a_capture_comes_back_with_its_times(database: sqlite3.Connection) -> None:
    staging = Staging(database)
    row = _capture("p")
    staging.stage(row)
    known = {name: value for name, value in row.items() if value is not None}
    assert staging.capture("p") == known
    assert list(staging.captures()) == [known]
    assert staging.capture("q") is None


def test_a_capture_is_found_by_url_only_if_it_succeeded(database: sqlite3.Connection) -> None:
    staging = Staging(database)
    url = "http://hedgerow.example.net/oak.jpg"
    staging.stage(_capture("no", status=404, url=url))
    assert staging.capture_of(url) is None
    staging.stage(_capture("yes", url=url))
    staging.stage(_capture("late", status=503, url=url))
    found = staging.capture_of(url + "#top")
    assert found is not None
    assert found["capture_id"] == "yes"


def test_a_sidebar_that_does_not_change_is_kept_once(database: sqlite3.Connection) -> None:
    staging = Staging(database)
    roll = (Link(url=Url("http://friend.example/"), text="A friend", context="blogroll"),)
    nav = tuple(Link(url=Url(f"http://h.example/{n}"), context="nav") for n in (1, 2))
    staging.stage(_capture("p"), _extraction(links=(*nav[:1], *roll)))
    staging.stage(_capture("q"), _extraction(links=(*nav[1:], *roll)))
    found = sorted(staging.links(), key=str)
    assert found == sorted([("p", nav[:1]), ("p", roll), ("q", nav[1:])], key=str)


def test_links_around_posts_belong_to_the_earliest_capture_however_they_were_staged(
    database: sqlite3.Connection,
) -> None:
    staging = Staging(database)
    roll = (Link(url=Url("http://friend.example/"), text="A friend", context="blogroll"),)
    for name in ("q", "p", "r"):
        staging.stage(_capture(name), _extraction(links=roll))
    assert list(staging.links()) == [("p", roll)]


def test_equal_issues_are_counted(database: sqlite3.Connection) -> None:
    staging = Staging(database)
    doubt = Issue(code="date.unparsed", message="what is this", raw_value="vorgestern")
    other = Issue(code="date.unparsed", message="what is this", raw_value="neulich")
    staging.stage(_capture("p"), _extraction(issues=(doubt, other)))
    staging.stage(_capture("q"), _extraction(issues=(doubt,)))
    assert list(staging.issues()) == [(doubt, 2, AT), (other, 1, AT)]


def test_the_commonest_word_on_the_blog_comes_first(database: sqlite3.Connection) -> None:
    staging = Staging(database)
    rare, common = BlogFacts(title="404"), BlogFacts(title="Hedgerow", platform="typepad")
    for name, facts in (("a", rare), ("b", common), ("c", common)):
        staging.stage(_capture(name), _extraction(blog=facts))
    assert list(staging.facts()) == [(common, 2), (rare, 1)]


def test_staging_stays_inside_the_transaction_of_the_caller(database: sqlite3.Connection) -> None:
    staging = Staging(database)
    database.execute("BEGIN")
    staging.stage(_capture("p"), _extraction((_post("native:1", title="lost"),)))
    database.execute("ROLLBACK")
    assert list(staging.posts()) == []
    assert list(staging.alias_sets()) == []
    staging.stage(_capture("p"), _extraction((_post("native:1", title="kept"),)))
    assert [post.title for post in staging.posts()] == ["kept"]


def test_what_was_staged_survives_a_new_connection(tmp_path: Path) -> None:
    path = tmp_path / "crawl.sqlite"
    first = sqlite3.connect(path, isolation_level=None)
    Staging(first).stage(_capture("p"), _extraction((_post("native:1", title="kept"),)))
    first.close()
    second = sqlite3.connect(path, isolation_level=None)
    staging = Staging(second)
    assert [post.title for post in staging.posts()] == ["kept"]
    assert staging.counts() == {"capture": 1, "post": 1, "comment": 0, "issue": 0}
    second.close()


def test_a_sighting_of_another_version_is_a_named_error(database: sqlite3.Connection) -> None:
    staging = Staging(database)
    staging.stage(_capture("p"), _extraction((_post("native:1", title="x"),)))
    database.execute("UPDATE staged_post SET value = ?", (b'{"shoe_size":44}',))
    with pytest.raises(ArchiveDamaged, match="crawl afresh"):
        list(staging.posts())
