"""Posts and comments of unknown pages, and pages that hold none."""

from __future__ import annotations

from textwrap import dedent

import pytest

from archiver.extractors.generic import Generic
from archiver.model import PageKind
from tests.unit.extractors.reading import Read, page, read

TEXT = (
    "<p>It was not my mule, and I want that written down before anybody comes home.</p>"
    "<p>The rope was mine, and the gate, and I suppose the idea of the thing as well.</p>"
)


def reading(html: str, url: str = "http://blog.example/mule") -> Read:
    return read(Generic(), page(f"<html><body>{dedent(html)}</body></html>", url))


def with_title(title: str, html: str, url: str = "http://blog.example/mule") -> Read:
    return read(
        Generic(), page(f"<html><head><title>{title}</title></head><body>{html}</body></html>", url)
    )


def test_a_signed_text_under_a_heading_is_a_post() -> None:
    found = reading(f"<h1>The mule</h1><p>Posted by Ezekiel on March 14, 2002</p><div>{TEXT}</div>")
    assert found.kind is PageKind.POST
    (post,) = found.posts
    assert (post.title, post.author and post.author.name) == ("The mule", "Ezekiel")
    assert post.published is not None
    assert post.published.text == "March 14, 2002"
    assert post.body is not None
    assert post.body.text.startswith("It was not my mule")
    assert post.body.text.endswith("as well.")


def test_the_title_is_the_heading_that_the_pages_own_title_repeats() -> None:
    html = (
        "<h1><a href='/'>Salt Road</a></h1><h2>News</h2><h2>The mule</h2>"
        f"<p>by Ezekiel, March 14, 2002</p>{TEXT}"
    )
    assert with_title("Salt Road: The mule", html).posts[0].title == "The mule"


def test_a_title_beside_a_date_is_told_from_the_address() -> None:
    html = (
        f"<div>Sunday, March 17, 2002 - Two mules</div><div>{TEXT}</div>"
        "<p>posted by Ezekiel at 3:53 PM</p>"
    )
    (post,) = with_title("Salt Road", html, "http://blog.example/2002/03/two-mules.html").posts
    assert post.title == "Two mules"
    assert post.published is not None
    assert post.published.local is not None
    assert post.published.local.isoformat() == "2002-03-17T15:53:00"


def test_the_day_in_a_permalink_is_the_last_resort() -> None:
    (post,) = reading(f"<h1>The mule</h1>{TEXT}", "http://blog.example/2002/03/14/mule").posts
    assert post.published is not None
    assert post.published.local is not None
    assert post.published.local.date().isoformat() == "2002-03-14"


@pytest.mark.parametrize(
    "furniture",
    [
        "<div class='sidebar'>"
        "<p>I am the writer of this blog and I live by the sea with two dogs.</p></div>",
        "<div id='footer'>"
        "<p>All the words on this page are mine, and the rope is mine as well.</p></div>",
        "<div class='related'><h3>More</h3><p>"
        "<a href='/x'>Something else entirely</a> for you to read</p></div>",
        "<form><p>Write something kind here, please, and press the button when "
        "you are done.</p></form>",
        "<p>Filed under: <a href='/c'>Animals</a></p>",
        "<p>Share this</p>",
    ],
)
def test_what_frames_a_text_is_no_part_of_it(furniture: str) -> None:
    html = (
        f"<h1>The mule</h1><p>Posted by Ezekiel on March 14, 2002</p><div>{TEXT}{furniture}</div>"
    )
    (post,) = reading(html).posts
    assert post.body is not None
    assert post.body.text.endswith("of the thing as well.")


def test_short_last_sentences_of_the_author_are_kept() -> None:
    html = (
        "<h1>The mule</h1><p>Posted by Ezekiel on March 14, 2002</p>"
        f"<div>{TEXT}<p>In the end it sang.</p><p>Next day, too.</p></div>"
    )
    (post,) = reading(html).posts
    assert post.body is not None
    assert post.body.text.endswith("In the end it sang.\n\nNext day, too.")


def test_lists_of_links_between_heading_and_signature_are_the_authors() -> None:
    links = "".join(
        f"<li><a href='http://mule{n}.example/'>Mule number {n}</a></li>" for n in range(6)
    )
    html = (
        f"<div><h2>Mules</h2><p>{'Here are all the mules that I know of. ' * 3}</p>"
        f"<ul>{links}</ul><p>Posted by Ezekiel at March 14, 2002 9:00 PM</p></div>"
    )
    (post,) = reading(html).posts
    assert post.body is not None
    assert len(post.body.links) == 6


def test_comments_are_mined_and_leave_the_body_alone() -> None:
    talk = "<h3>1 comment</h3><p>Hagar wrote on March 15, 2002 7:00 AM:</p><p>Whose was it?</p>"
    found = reading(f"<h1>The mule</h1><p>by Ezekiel, March 14, 2002</p><div>{TEXT}</div>{talk}")
    assert [(c.author and c.author.name, c.body and c.body.text) for c in found.comments] == [
        ("Hagar", "Whose was it?")
    ]
    assert found.posts[0].body is not None
    assert "Whose" not in found.posts[0].body.text


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>About us</h1>{TEXT}",
        f"<h1>About us</h1>{TEXT}<h3>Archives</h3><ul><li><a href='/a'>March 2002</a></li></ul>",
        "<h1>Contact</h1>"
        "<p>Write to us about ropes, gates and all that comes with them.</p><form></form>",
        "<h1>Photo 3 of 12</h1><img src='3.jpg'><p>The pier</p>",
        "<ul><li>May 3, 2002 <a href='/1'>One</a></li>"
        "<li>May 4, 2002 <a href='/2'>Two, with a long title</a></li>"
        "<li>May 5, 2002 <a href='/3'>Three</a></li></ul>",
        "",
    ],
    ids=["about", "about-with-archives", "contact", "album", "list-of-titles", "empty"],
)
def test_other_pages_are_no_posts(html: str) -> None:
    found = reading(html)
    assert found.posts == ()
    assert found.comments == ()


@pytest.mark.parametrize(
    "title", ["404 Not Found", "Index of /blog", "Error 500", "Page not found - Salt Road"]
)
def test_pages_that_say_that_they_are_errors_are_no_posts(title: str) -> None:
    html = f"<h1>The mule</h1><p>Posted by Ezekiel on March 14, 2002</p>{TEXT}"
    assert with_title(title, html).posts == ()


def test_entries_of_a_listing_need_a_link_a_text_and_a_date_of_their_own() -> None:
    def entry(number: int) -> str:
        return (
            f"<div><h2><a href='/{number}'>Mule {number}</a>"
            f"</h2>{TEXT}<p>Posted by Ezekiel on March {number}, 2002 | {number} comments</p></div>"
        )

    found = reading(f"<h1><a href='/'>Salt Road</a></h1>{entry(3)}{entry(2)}")
    assert found.kind is PageKind.ARCHIVE
    assert [(p.title, p.url, p.comment_count_declared) for p in found.posts] == [
        ("Mule 3", "http://blog.example/3", 3),
        ("Mule 2", "http://blog.example/2", 2),
    ]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "application/json"}, '{"a": 1}'),
        ({"content-type": "text/xml"}, "<rss version='2.0'></rss>"),
        ({"content-type": "text/html"}, "<?xml version='1.0'?><rss version='2.0'></rss>"),
    ],
)
def test_documents_that_are_no_pages_are_not_claimed(headers: dict[str, str], body: str) -> None:
    assert Generic().claim(page(body, headers=headers)).score == 0
