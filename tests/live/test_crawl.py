"""The main job on the sample blog: what the tables say against what the blog is."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.live.conftest import Crawled
from tests.live.crawling import archiver, rows, the_crawl

# What an import cannot know, or what tells one crawl from another.
BOOKKEEPING = {"crawl_id", "first_crawl_id", "last_crawl_id", "blog_id"}


def _squeezed(text: str | None) -> str:
    return "".join((text or "").split())


def _by_native_id(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    named = {row["native_id"]: row for row in found}
    assert len(named) == len(found), "a native id stands on two rows"
    return named


def test_a_crawl_of_the_sample_blog_ends_well(crawled: Crawled) -> None:
    assert crawled.ran.code == 0, crawled.ran.err
    assert "complete" in crawled.ran.out


def test_every_public_post_is_one_row_and_nothing_else_is(crawled: Crawled) -> None:
    posts = _by_native_id(rows(crawled.output, "posts"))
    known = {post.native_id for post in (*crawled.truth.posts, *crawled.truth.pages)}
    protected = {h.native_id for h in crawled.truth.hidden if h.kind == "protected post"}
    assert known <= posts.keys()
    assert posts.keys() - known <= protected
    assert all(posts[name]["is_protected"] for name in posts.keys() & protected)


@pytest.mark.parametrize("field", ["title", "author", "minute", "text", "categories", "tags"])
def test_posts_have_their(crawled: Crawled, field: str) -> None:
    posts = _by_native_id(rows(crawled.output, "posts"))
    wrong = []
    for true in crawled.truth.posts:
        row = posts[true.native_id]
        pairs = {
            "title": (row["title"], true.title),
            "author": (row["author_name"], true.author),
            "minute": (_minute(row["published_at"]), _minute(true.published_at)),
            "text": (_squeezed(row["body_text"]), _squeezed(true.text)),
            "categories": (sorted(row["categories"]), sorted(true.categories)),
            "tags": (sorted(row["tags"]), sorted(true.tags)),
        }
        found, expected = pairs[field]
        if found != expected:
            wrong.append((true.native_id, found, expected))
    assert wrong == []


@pytest.mark.parametrize(
    "field", ["author", "author_url", "minute", "text", "kind", "post", "parent"]
)
def test_comments_have_their(crawled: Crawled, field: str) -> None:
    comments = _by_native_id(rows(crawled.output, "comments"))
    assert comments.keys() == {comment.native_id for comment in crawled.truth.comments}
    wrong = []
    for true in crawled.truth.comments:
        row = comments[true.native_id]
        parent = (row["parent_comment_id"] or "").rpartition("c-")[2] or None
        pairs = {
            "author": (row["author_name"], true.author),
            "author_url": (row["author_url"], true.author_url),
            "minute": (_minute(row["published_at"]), _minute(true.published_at)),
            "text": (_squeezed(row["body_text"]), _squeezed(true.text)),
            "kind": (row["kind"], true.kind),
            "post": (row["post_id"].rpartition(":")[2], true.post_id),
            # At the greatest depth the page does not show whom a comment answers.
            "parent": (parent, parent if true.flattened else true.parent_id),
        }
        found, expected = pairs[field]
        if found != expected:
            wrong.append((true.native_id, found, expected))
    assert wrong == []


def test_nothing_private_leaks(crawled: Crawled) -> None:
    tables = ("posts", "comments", "links", "media", "issues")
    written = str([rows(crawled.output, table) for table in tables])
    assert [hidden.kind for hidden in crawled.truth.hidden if hidden.secret in written] == []


def test_every_file_that_pages_need_is_captured(crawled: Crawled) -> None:
    captured = {row["url"] for row in rows(crawled.output, "captures", ["url"])}
    assert [need.url for need in crawled.truth.requisites if need.url not in captured] == []


def test_what_robots_txt_forbids_was_not_fetched(crawled: Crawled) -> None:
    captured = {row["url"] for row in rows(crawled.output, "captures", ["url"])}
    assert captured.isdisjoint(crawled.truth.disallowed)


def test_every_row_names_its_record(crawled: Crawled) -> None:
    captures = {row["capture_id"]: row for row in rows(crawled.output, "captures")}
    for table in ("posts", "comments", "links", "media"):
        for row in rows(crawled.output, table):
            capture = captures[row["capture_id"]]
            assert row["warc_filename"] == capture["warc_filename"]
            assert row["warc_record_offset"] == capture["warc_record_offset"]
            assert row["payload_digest"] == capture["content_digest"]
            assert (the_crawl(crawled.output) / "warc" / row["warc_filename"]).is_file()


def test_extracting_the_own_archive_gives_the_same_rows(crawled: Crawled, tmp_path: Path) -> None:
    again = archiver(
        "extract", the_crawl(crawled.output) / "warc", "--output", tmp_path,
        "--blog-url", crawled.truth.home_url,
    )  # fmt: skip
    assert again.code == 0, again.err
    for table in ("posts", "comments", "links", "media"):
        live, offline = (
            {row[f"{_singular(table)}_id"]: row for row in rows(folder, table)}
            for folder in (crawled.output, tmp_path)
        )
        assert live.keys() == offline.keys()
        different = {
            (key, name): (live[key][name], offline[key][name])
            for key in live
            for name in live[key]
            if name not in BOOKKEEPING and live[key][name] != offline[key][name]
        }
        assert different == {}


def _singular(table: str) -> str:
    return {"media": "media"}.get(table, table.removesuffix("s"))


def _minute(moment: Any) -> Any:
    return moment and moment.replace(second=0, microsecond=0)


def test_gzip_and_other_tools_read_the_archive(crawled: Crawled) -> None:
    from fastwarc.warc import ArchiveIterator, WarcRecordType
    from warcio.archiveiterator import ArchiveIterator as Warcio

    (path,) = (the_crawl(crawled.output) / "warc").glob("*.warc.gz")
    subprocess.run(["gzip", "-t", path], check=True)
    with path.open("rb") as stream:
        kinds = [record.rec_type for record in Warcio(stream)]
    with path.open("rb") as stream:
        fast = sum(
            record.record_type == WarcRecordType.response
            for record in ArchiveIterator(stream, parse_http=False)
        )
    assert kinds[0] == "warcinfo"
    assert kinds.count("response") == fast > 100


def test_status_lists_the_crawl_and_its_urls(crawled: Crawled) -> None:
    listed = archiver("status", "--output", crawled.output)
    assert "complete" in listed.out
    urls = archiver("status", "--output", crawled.output, "--urls", the_crawl(crawled.output).name)
    assert f'"url": "{crawled.truth.home_url}' in urls.out
    assert all('"state": "' in line for line in urls.out.splitlines())
