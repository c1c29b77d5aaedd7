"""Feeds of all platforms, and WordPress' own API: posts and comments as machines read them."""

from __future__ import annotations

import pytest

from archiver.extractors import Extractor
from archiver.extractors.feeds import Feeds
from archiver.extractors.wordpress import WordPress
from archiver.extractors.wordpress_api import WordPressApi
from archiver.urls import resolve
from tests.unit.extractors.reading import Golden, golden, page, read, seen_comment, seen_post

READERS: dict[str, Extractor] = {"feeds": Feeds(), "wordpress_api": WordPressApi()}
CASES = [(name, case) for name in READERS for case in golden(name)]
every_case = pytest.mark.parametrize(
    ("reader", "case"), CASES, ids=[f"{name}/{case.name}" for name, case in CASES]
)


@every_case
def test_a_golden_document_is_claimed_by_its_reader_alone(reader: str, case: Golden) -> None:
    scores = {name: one.claim(case.page).score for name, one in READERS.items()}
    assert scores.pop(reader) >= 0.9
    assert set(scores.values()) == {0.0}
    assert WordPress().claim(case.page).score == 0.0


@every_case
def test_posts_are_as_the_document_states_them(reader: str, case: Golden) -> None:
    found = read(READERS[reader], case.page).posts
    assert len(found) == len(case.expected["posts"])
    for post, wanted in zip(found, case.expected["posts"], strict=True):
        seen = seen_post(post)
        assert {key: seen[key] for key in wanted} == wanted


@every_case
def test_comments_are_as_the_document_states_them(reader: str, case: Golden) -> None:
    found = read(READERS[reader], case.page).comments
    assert [comment.native_id for comment in found] == [
        wanted["native_id"] for wanted in case.expected["comments"]
    ]
    for comment, wanted in zip(found, case.expected["comments"], strict=True):
        seen = seen_comment(comment)
        assert {key: seen[key] for key in wanted} == wanted


@every_case
def test_a_document_leads_to_comment_feeds_and_further_pages(reader: str, case: Golden) -> None:
    leads = READERS[reader].follow(case.page)
    found = [[resolve(case.page.url, lead.href), lead.role.value] for lead in leads]
    assert found == case.expected["follow"]


@every_case
def test_no_text_holds_what_is_not_the_authors(reader: str, case: Golden) -> None:
    found = read(READERS[reader], case.page)
    texts = [item.body.text for item in (*found.posts, *found.comments) if item.body]
    for words in case.expected["absent"]:
        assert not [text for text in texts if words in text]


WP_FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title>
<atom:link href="http://b.example/feed/{own}" rel="self" type="application/rss+xml" />
<generator>https://wordpress.org/?v=5.9</generator>
<item><title>A</title><link>http://b.example/a/</link></item></channel></rss>"""
XML = {"content-type": "application/rss+xml"}


def _leads(body: str, url: str) -> list[str]:
    return [lead.href for lead in Feeds().follow(page(body, url, XML))]


def test_a_wordpress_feed_leads_to_its_next_page() -> None:
    body = WP_FEED.format(own="?paged=2")
    assert _leads(body, "http://b.example/feed/?paged=2") == ["http://b.example/feed/?paged=3"]


def test_a_copy_that_answers_every_page_alike_is_not_followed_for_ever() -> None:
    body = WP_FEED.format(own="")
    assert _leads(body, "http://b.example/feed/?paged=2") == []


def test_an_empty_page_of_a_feed_leads_nowhere() -> None:
    body = WP_FEED.format(own="?paged=9").replace("<item>", "<!--").replace("</item>", "-->")
    assert _leads(body, "http://b.example/feed/?paged=9") == []


def test_a_feed_of_comments_without_comments_is_no_feed_of_posts() -> None:
    body = """<rss version="2.0"><channel><title>Comments on: Soup</title>
    <generator>http://wordpress.org/?v=3.0</generator><item><title>By: X</title>
    <description>Hm.</description></item></channel></rss>"""
    found = read(Feeds(), page(body, "http://b.example/soup/feed/", XML))
    assert found.posts == ()
    assert [comment.author.name for comment in found.comments if comment.author] == ["X"]


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html><body><pre>&lt;rss&gt;</pre></body></html>",
        '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"></html>',
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>',
        '<?xml version="1.0"?><oembed><version>1.0</version></oembed>',
        "",
        "{}",
    ],
)
def test_other_documents_are_no_feeds(body: str) -> None:
    assert Feeds().claim(page(body, headers={"content-type": "application/xml"})).score == 0.0


def test_a_feed_cut_short_still_gives_its_whole_entries() -> None:
    body = WP_FEED.format(own="").replace("</channel></rss>", "<item><title>B</title><link>http:/")
    found = read(Feeds(), page(body, "http://b.example/feed/", XML))
    assert found.posts[0].title == "A"


def test_an_answer_that_is_an_error_holds_no_posts() -> None:
    body = '{"code":"rest_post_invalid_page_number","message":"No.","data":{"status":400}}'
    answer = page(
        body, "http://b.example/wp-json/wp/v2/posts?page=9", {"content-type": "application/json"}
    )
    assert WordPressApi().claim(answer).score > 0.9
    found = read(WordPressApi(), answer)
    assert found.posts == ()
    assert list(WordPressApi().follow(answer)) == []


def test_the_index_of_the_api_names_the_time_zone_of_the_blog() -> None:
    body = """{"name":"Small Weights","description":"Scales","url":"https://w.example",
    "home":"https://w.example","gmt_offset":"1","timezone_string":"Europe/Berlin",
    "namespaces":["wp/v2"],"routes":{}}"""
    index = page(body, "https://w.example/wp-json/", {"content-type": "application/json"})
    assert WordPressApi().claim(index).score > 0.9
    told = WordPressApi().blog(index)
    assert told is not None
    assert (told.title, told.timezone) == ("Small Weights", "Europe/Berlin")
