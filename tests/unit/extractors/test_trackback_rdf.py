"""TrackBack RDF in HTML comments, however badly written."""

from __future__ import annotations

import pytest

from archiver.drafts import PostDraft
from archiver.extractors.trackback_rdf import TrackbackRdf
from archiver.model import Source
from tests.unit.extractors.reading import page

HEAD = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"


def block(attributes: str) -> str:
    return f"<!--\n{HEAD}\n<rdf:Description\n{attributes} />\n</rdf:RDF>\n-->"


def posts(html: str) -> list[PostDraft]:
    return list(TrackbackRdf().posts(page(html)))


FULL = (
    'rdf:about="http://b.example/1.html"\ntrackback:ping="http://b.example/mt-tb.cgi/9"\ndc:title="T"\n'
    'dc:identifier="http://b.example/1.html"\ndc:subject="Kitchen"\ndc:description="D..."\n'
    'dc:creator="Wilma"\ndc:date="2004-02-09T18:52:07-05:00"'
)


def test_a_block_tells_address_title_author_date_and_category() -> None:
    (draft,) = posts(block(FULL))
    assert (draft.url, draft.title, draft.excerpt) == ("http://b.example/1.html", "T", "D...")
    assert [a.text for a in draft.authors] == ["Wilma"]
    assert draft.categories == ("Kitchen",)
    assert draft.published is not None
    assert (draft.published.machine, draft.published.source) == (
        "2004-02-09T18:52:07-05:00",
        Source.RDF,
    )
    assert draft.source is Source.RDF


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ('dc:title="He said "no" twice"', 'He said "no" twice'),
        ('dc:title="A &amp; B &quot;C&quot;"', 'A & B "C"'),
        ("dc:title='single'", "single"),
        ('dc:title="an --> arrow"', "an --> arrow"),
        ('dc:title="<![CDATA[plain]]>"', "plain"),
        ('dc:title=""', None),
    ],
)
def test_titles_are_read_to_the_quote_before_the_next_name(title: str, read: str | None) -> None:
    (draft,) = posts(
        block(f'rdf:about="http://b.example/1"\n{title}\ntrackback:ping="http://b.example/tb/1"')
    )
    assert draft.title == read


def test_every_block_of_a_listing_is_a_post() -> None:
    html = block(FULL) + "<p>x</p>" + block(FULL.replace("1.html", "2.html"))
    assert [draft.url for draft in posts(html)] == [
        "http://b.example/1.html",
        "http://b.example/2.html",
    ]


def test_serendipitys_feed_address_is_not_the_permalink_and_its_ping_tells_the_number() -> None:
    (draft,) = posts(
        block(
            'rdf:about="http://s.example/feeds/ei_165.rdf"\n'
            'trackback:ping="http://s.example/comment.php?type=trackback&amp;entry_id=165"\n'
            'dc:title="T"\ndc:identifier="http://s.example/a/165-T.html"'
        )
    )
    assert (draft.url, draft.native_id) == ("http://s.example/a/165-T.html", "165")


def test_a_trackback_number_of_movable_type_is_not_the_posts() -> None:
    assert posts(block(FULL))[0].native_id is None


def test_values_may_be_elements() -> None:
    html = (
        f"<!-- {HEAD}<rdf:Description rdf:about='http://b.example/1'><dc:title>T</dc:title>"
        "<trackback:ping rdf:resource='http://b.example/tb/1'/></rdf:Description></rdf:RDF> -->"
    )
    assert [draft.title for draft in posts(html)] == ["T"]


def test_licences_and_descriptions_without_a_ping_are_no_posts() -> None:
    html = (
        f"<!-- {HEAD}<rdf:Description rdf:about='http://b.example/' dc:title='My blog' "
        "/></rdf:RDF> -->"
    )
    assert posts(html) == []
    assert TrackbackRdf().claim(page(html)).score == 0
