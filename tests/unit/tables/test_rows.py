"""Values of the model become rows that fit their tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archiver.model import (
    Author,
    Body,
    Capture,
    CaptureId,
    Comment,
    CommentKind,
    Issue,
    Link,
    Media,
    Moment,
    PageKind,
    ParentGround,
    Post,
    Precision,
    RecordType,
    Severity,
    Source,
    Truncated,
    Url,
    ZoneSource,
)
from pipelines.tables.captures import Reading, capture_row
from pipelines.tables.columnar import Row, columnar
from pipelines.tables.facts import CAPTURES, ISSUES
from pipelines.tables.rows import (
    Ground,
    Place,
    Rows,
    author_link,
    comment_hash,
    digest,
    post_hash,
)
from pipelines.tables.schemas import COMMENTS, LINKS, MEDIA, POSTS
from tests.unit.tables.crawling import Held

HOME = "http://hedgerow.example.net/"
AT = datetime(2024, 1, 1, tzinfo=UTC)
IMAGE = Url(f"{HOME}img/Oak%20Leaf.JPG?w=3")


def _capture(name: str, day: int, url: str, **more: object) -> Row:
    capture = Capture(
        capture_id=CaptureId(name),
        url=Url(url),
        captured_at=AT + timedelta(days=day),
        status=200,
        headers=(("Content-Type", "text/HTML; charset=x"), ("ETag", '"1"')),
        payload_digest="sha1:ABC",
        payload_length=77,
        warc_filename="a.warc.gz",
        warc_offset=1234,
        warc_length=567,
        **more,  # type: ignore[arg-type]
    )
    reading = Reading(
        page_kind=PageKind.POST,
        extractor="typepad/3",
        encoding="cp1252",
        encoding_source="meta",
        parser="lxml",
    )
    return capture_row(capture, blog_id="hedgerow", crawl_id="crawl", reading=reading)


@pytest.fixture
def rows() -> Rows:
    captures = [
        _capture("page", 5, f"{HOME}oak.html"),
        _capture("feed", 2, f"{HOME}index.rdf"),
        _capture("image", 6, IMAGE),
    ]
    held = Held({str(row["capture_id"]): row for row in captures})
    return Rows(blog_id="hedgerow", crawl_id="crawl", home_url=HOME, captures=held)


GROUND = Ground(
    evidence=("page", "feed"),
    sources=("title=text@page",),
    extractor="typepad/3",
    confidence=0.9,
    locator="#entry-12",
)
BODY = Body(
    html='<p>Oaks. <a href="http://far.example/">far</a></p>',
    text="Oaks are far.",
    links=(
        Link(url=Url("http://far.example/"), text="far", position=1),
        Link(url=Url("http://far.example/"), text="far", position=2),
        Link(url=Url(f"{HOME}elm.html"), text="elm", position=3),
    ),
    media=(
        Media(url=IMAGE, alt="A leaf", width=10**12, position=1),
        Media(url=Url("http://tube.example/v/1"), kind="embed", embed_provider="tube"),
    ),
)
MOMENT = Moment(
    text="3. März 2007 12:05",
    instant=datetime(2007, 3, 3, 11, 5, tzinfo=UTC),
    local=datetime(2007, 3, 3, 12, 5),
    precision=Precision.MINUTE,
    zone="+01:00",
    zone_source=ZoneSource.FEED,
    source=Source.FEED,
)
POST = Post(
    aliases=("native:12",),
    source=Source.TEXT,
    page_kind=PageKind.POST,
    native_id="12",
    url=Url(f"{HOME}oak.html"),
    title="Oaks",
    author=Author(name="Odile Varga", raw=" Odile Varga", url=Url(HOME)),
    co_authors=(Author(name=None, raw="guest"),),
    published=MOMENT,
    body=BODY,
    tags=("trees",),
    comment_count_declared=3,
)
COMMENT = Comment(
    post_aliases=("native:12",),
    source=Source.TEXT,
    native_id="7",
    parent_id="5",
    parent_ground=ParentGround.FLATTENED,
    author=Author(name=None, raw="Anonymous", state="anonymous"),
    published=MOMENT,
    body=Body(html="<p>Yes.</p>", text="Yes."),
)


def test_a_post_becomes_a_row_with_its_words_dates_and_ground(rows: Rows) -> None:
    row = rows.post(POST, "hedgerow:12", GROUND, comments=2)
    stored = columnar(POSTS, [row]).to_pylist()[0]
    expected = {
        "post_id": "hedgerow:12",
        "url_surtkey": "net,example,hedgerow)/oak.html",
        "author_name": "Odile Varga",
        "author_name_raw": " Odile Varga",
        "co_author_names": ["guest"],
        "published_at": MOMENT.instant,
        "published_local": MOMENT.local,
        "published_raw": "3. März 2007 12:05",
        "published_precision": "minute",
        "published_tz": "+01:00",
        "published_tz_source": "feed",
        "published_source": "feed",
        "updated_raw": None,
        "word_count": 3,
        "char_count": 13,
        "link_count": 3,
        "image_count": 1,
        "comment_count_declared": 3,
        "comment_count_extracted": 2,
        "capture_id": "page",
        "warc_filename": "a.warc.gz",
        "warc_record_offset": 1234,
        "warc_record_length": 567,
        "payload_digest": "sha1:ABC",
        "captured_at": AT + timedelta(days=5),
        "first_seen_at": AT + timedelta(days=2),
        "last_seen_at": AT + timedelta(days=5),
        "source_url": f"{HOME}oak.html",
        "extractor": "typepad/3",
        "encoding": "cp1252",
        "encoding_source": "meta",
        "parser": "lxml",
        "evidence": ["page", "feed"],
        "field_sources": ["title=text@page"],
        "locator": "#entry-12",
        "revision": 1,
        "state": "present",
    }
    assert {name: stored[name] for name in expected} == expected


def test_a_post_without_body_has_no_counts(rows: Rows) -> None:
    row = rows.post(replace(POST, body=None, url=None), "hedgerow:12", GROUND, comments=None)
    stored = columnar(POSTS, [row]).to_pylist()[0]
    assert stored["url"] == f"{HOME}oak.html"
    for name in ("body_text", "word_count", "char_count", "link_count", "image_count"):
        assert stored[name] is None


def test_numbers_that_no_column_holds_become_null(rows: Rows) -> None:
    post = replace(POST, comment_count_declared=10**12, page_count=70_000)
    stored = columnar(POSTS, [rows.post(post, "hedgerow:12", GROUND, comments=0)]).to_pylist()[0]
    assert (stored["comment_count_declared"], stored["page_count"]) == (None, None)


def test_a_comment_becomes_a_row_with_its_place(rows: Rows) -> None:
    place = Place(post_id="hedgerow:12", root_id="hedgerow:12:c-5", depth=3, position=9)
    row = rows.comment(COMMENT, "hedgerow:12:c-7", place, GROUND)
    stored = columnar(COMMENTS, [row]).to_pylist()[0]
    expected = {
        "comment_id": "hedgerow:12:c-7",
        "post_id": "hedgerow:12",
        "parent_comment_id": None,
        "parent_native_id": "5",
        "parent_ground": "flattened",
        "thread_root_id": "hedgerow:12:c-5",
        "thread_depth": 3,
        "position": 9,
        "author_name": None,
        "author_name_raw": "Anonymous",
        "author_state": "anonymous",
        "id_method": "native",
        "kind": "comment",
        "visibility": "visible",
        "published_at": MOMENT.instant,
        "word_count": 1,
    }
    assert {name: stored[name] for name in expected} == expected


def test_each_link_of_a_body_is_a_row_even_twice_the_same(rows: Rows) -> None:
    found = list(rows.links(BODY.links, GROUND, post_id="hedgerow:12"))
    stored = columnar(LINKS, found).to_pylist()
    assert len({row["link_id"] for row in stored}) == 3
    assert [row["is_internal"] for row in stored] == [False, False, True]
    assert {row["context"] for row in stored} == {"body"}
    assert stored[0]["target_registered_domain"] == "far.example"
    assert [row["target_captured"] for row in stored] == [False] * 3


def test_links_of_a_comment_say_so(rows: Rows) -> None:
    author = Author(name="Per", raw="Per", url=Url("http://per.example/"))
    links = (*BODY.links[:1], *author_link(author))
    found = list(rows.links(links, GROUND, post_id="hedgerow:12", comment_id="hedgerow:12:c-7"))
    assert [row["context"] for row in found] == ["comment", "comment_author"]
    assert found[1]["anchor_text"] == "Per"
    assert author_link(None) == ()
    assert author_link(COMMENT.author) == ()


def test_a_link_around_posts_is_one_row_on_whatever_page_it_stands(rows: Rows) -> None:
    roll = Link(url=Url("http://friend.example/"), text="A friend", context="blogroll")
    one = list(rows.links([roll, roll], Ground(evidence=("page",))))
    other = list(rows.links([replace(roll, position=9)], Ground(evidence=("feed",))))
    assert len({row["link_id"] for row in (*one, *other)}) == 1
    assert columnar(LINKS, other).to_pylist()[0]["source_url"] == f"{HOME}index.rdf"


def test_media_know_whether_their_file_is_held(rows: Rows) -> None:
    stored = columnar(MEDIA, list(rows.media(BODY.media, GROUND, post_id="p"))).to_pylist()
    held, embed = stored
    assert (held["captured"], held["media_capture_id"], held["bytes"]) == (True, "image", 77)
    assert (held["filename"], held["extension"]) == ("Oak Leaf.JPG", "jpg")
    assert (held["width"], held["alt_text"]) == (None, "A leaf")
    assert (embed["captured"], embed["media_capture_id"]) == (False, None)


def test_an_issue_keeps_500_characters_of_what_stood_there(rows: Rows) -> None:
    issue = Issue(
        code="date.unparsed", message="?", severity=Severity.INFO, raw_value="x" * 900,
        capture_id=CaptureId("page"),
    )  # fmt: skip
    row = rows.issue(issue, occurrences=3, first_at=AT, post_id="hedgerow:12")
    stored = columnar(ISSUES, [row]).to_pylist()[0]
    assert len(stored["raw_value"]) == 500
    assert (stored["severity"], stored["occurrences"], stored["first_at"]) == ("info", 3, AT)


def test_a_capture_has_the_names_of_common_crawl() -> None:
    row = _capture(
        "page", 1, "http://www.Hedgerow.example.co.uk/a?b=1",
        record_type=RecordType.REVISIT, truncated=Truncated.TIME, hops_from_seed="LLE",
        duration_ms=12, via=Url(HOME), revisit_of=CaptureId("first"),
    )  # fmt: skip
    stored = columnar(CAPTURES, [row]).to_pylist()[0]
    expected = {
        "url_surtkey": "uk,co,example,hedgerow)/a?b=1",
        "url_host_registered_domain": "example.co.uk",
        "fetch_status": 200,
        "content_mime_type": "text/html",
        "content_charset": "cp1252",
        "content_truncated": "time",
        "record_type": "revisit",
        "revisit_of": "first",
        "depth": 3,
        "extracted": True,
        "page_kind": "post",
        "etag": '"1"',
        "referrer": HOME,
    }
    assert {name: stored[name] for name in expected} == expected


def test_hashes_ignore_white_space_and_unicode_form_and_nothing_else() -> None:
    assert digest("caf\u00e9  au\nlait") == digest("cafe\u0301 au lait")
    assert digest("a", "b") != digest("ab", "")
    assert digest("\ud800") == digest("\ufffd")
    moved = replace(POST, native_id="13", published=None, tags=())
    assert post_hash(moved) == post_hash(POST)
    assert post_hash(replace(POST, title="Elms")) != post_hash(POST)
    assert comment_hash(replace(COMMENT, kind=CommentKind.PINGBACK)) == comment_hash(COMMENT)
    edited = replace(COMMENT, body=Body(html="<p>No.</p>", text="No."))
    assert comment_hash(edited) != comment_hash(COMMENT)


def test_a_post_of_images_only_changes_with_its_images() -> None:
    def photo(name: str) -> Post:
        media = (Media(url=Url(f"{HOME}{name}.jpg")),)
        return replace(POST, body=Body(html="<img>", text="", media=media))

    assert post_hash(photo("a")) != post_hash(photo("b"))
