"""JSON-LD, microdata, hAtom, h-entry and the head: what machines are told of a post."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from archiver.drafts import CommentDraft, PostDraft
from archiver.extractors.structured import Structured
from archiver.model import ParentGround, Source
from archiver.normalisers import bodies
from tests.unit.extractors.reading import page


def posts(html: str, url: str = "http://blog.example/lamp") -> list[PostDraft]:
    return list(Structured().posts(page(html, url)))


def comments(html: str) -> list[CommentDraft]:
    return list(Structured().comments(page(html)))


def ld(value: object) -> str:
    return f'<html><script type="application/ld+json">{json.dumps(value)}</script></html>'


def names(draft: PostDraft) -> Sequence[str | None]:
    return [author.text for author in draft.authors]


def said(draft: PostDraft) -> str:
    return bodies.plain(draft.title) if draft.title is not None else ""


ARTICLE = {
    "@type": "BlogPosting",
    "headline": "The lamp",
    "url": "http://blog.example/lamp",
    "datePublished": "2019-02-14T08:05:00+02:00",
    "author": {"@type": "Person", "name": "Nell", "url": "http://nell.example/"},
}


@pytest.mark.parametrize(
    "value",
    [
        ARTICLE,
        [ARTICLE],
        {"@graph": [{"@type": "WebSite", "name": "Lamps"}, ARTICLE]},
        {"@type": "Blog", "blogPost": [ARTICLE]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {**ARTICLE, "@type": ["Article", "http://schema.org/BlogPosting"]},
    ],
    ids=["object", "list", "graph", "blog", "main-entity", "several-types"],
)
def test_a_json_ld_post_is_found_wherever_it_stands(value: object) -> None:
    (draft,) = posts(ld(value))
    assert (draft.title, draft.url, names(draft)) == (
        "The lamp",
        "http://blog.example/lamp",
        ["Nell"],
    )
    assert draft.published is not None
    assert draft.published.machine == "2019-02-14T08:05:00+02:00"
    assert draft.source is Source.MACHINE


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"Article","headline":"The lamp",}',
        '<!-- {"@type":"Article","headline":"The lamp"} -->',
        '//<![CDATA[\n{"@type":"Article","headline":"The lamp"}\n//]]>',
        '{"@type":"Article","headline":"The lamp","description":"two\nlines"}',
        '{"@type":"Article","headline":"The lamp"} {"more": 1}',
    ],
    ids=["trailing-comma", "html-comment", "cdata", "line-break", "second-value"],
)
def test_broken_json_is_read_as_far_as_it_goes(script: str) -> None:
    drafts = posts(f'<script type="application/ld+json">{script}</script>')
    assert [draft.title for draft in drafts] == ["The lamp"]


@pytest.mark.parametrize("script", ["", "{", "null", '"text"', "[[[[]]]]", '{"@type": {"a": []}}'])
def test_json_that_holds_no_post_yields_none(script: str) -> None:
    assert posts(f'<script type="application/ld+json">{script}</script>') == []


def test_an_author_may_be_a_reference_a_list_or_a_string() -> None:
    people = [{"@id": "#nell"}, "Otto", {"@type": "Person", "name": "Una"}]
    graph = {"@graph": [{"@id": "#nell", "name": "Nell"}, {**ARTICLE, "author": people}]}
    assert names(posts(ld(graph))[0]) == ["Nell", "Otto", "Una"]


def test_replies_in_json_ld_name_their_parents() -> None:
    reply = {"@type": "Comment", "@id": "#c-2", "text": "Two", "parentItem": {"@id": "#c-1"}}
    nested = {"@type": "Comment", "@id": "#c-3", "text": "Three"}
    first = {"@type": "Comment", "@id": "#c-1", "text": "One", "comment": nested}
    found = comments(ld({**ARTICLE, "comment": [first, reply]}))
    assert [(c.native_id, c.parent, c.parent_ground) for c in found] == [
        ("1", None, ParentGround.NONE),
        ("3", "1", ParentGround.NESTING),
        ("2", "1", ParentGround.EXPLICIT),
    ]


def test_plain_words_of_a_json_ld_comment_keep_their_lines_and_signs() -> None:
    (comment,) = comments(ld({**ARTICLE, "comment": {"@type": "Comment", "text": "a < b\nc"}}))
    assert comment.body is not None
    assert bodies.clean(comment.body, "").text == "a < b\nc"


def test_properties_of_nested_items_are_not_the_posts() -> None:
    html = (
        "<div itemscope itemtype='http://schema.org/BlogPosting'><h1 itemprop='headline'>Mine</h1>"
        "<div itemprop='publisher' itemscope itemtype='http://schema.org/Organization'>"
        "<b itemprop='name'>Press</b>"
        "<i itemprop='datePublished' content='1999-01-01'></i></div></div>"
    )
    (draft,) = posts(html)
    assert draft.published is None
    assert said(draft) == "Mine"


def test_hatom_takes_the_outermost_entries_and_no_comments_for_posts() -> None:
    html = (
        "<div class='hentry'><h1 class='entry-title'>A</h1><div class='entry-content'>text</div>"
        "<abbr class='published' title='2007-11-21T15:04:05-05:00'>Nov 21</abbr>"
        "<ol><li class='comment hentry'><h4 class='entry-title'>B</h4></li></ol></div>"
    )
    (draft,) = posts(html)
    assert said(draft) == "A"
    assert draft.published is not None
    assert draft.published.machine == "2007-11-21T15:04:05-05:00"


def test_serialisations_of_one_post_fill_each_others_gaps() -> None:
    html = ld({"@type": "Article", "headline": "The lamp"}).replace(
        "</html>",
        "<div class='hentry'><h1 class='entry-title'>Lamp!</h1><a rel='tag'>light</a>"
        "<span class='author vcard'><b class='fn'>Nell</b></span></div></html>",
    )
    (draft,) = posts(html)
    assert (draft.title, names(draft), draft.tags) == ("The lamp", ["Nell"], ("light",))


def test_what_only_the_head_says_is_a_witness_of_its_own() -> None:
    html = (
        "<meta property='og:title' content='Wet ink | The Blotter'>"
        "<meta property='og:site_name' content='The Blotter'>"
        "<meta property='article:published_time' content='2015-09-30T06:00:00Z'>"
        "<meta name='author' content='Ciro'>"
        "<meta property='article:author' content='https://facebook.example/ciro'>"
    )
    (draft,) = posts(html)
    assert (draft.title, names(draft), draft.source) == ("Wet ink", ["Ciro"], Source.META)


@pytest.mark.parametrize(
    ("generator", "machine", "is_trusted"),
    [
        ("WordPress 4.9.8", "2018-01-05T21:30:00+00:00", False),
        ("WordPress 4.9.8", "2018-01-05T21:30:00-05:00", True),
        ("WordPress 5.3.2", "2018-01-05T21:30:00+00:00", True),
        ("WordPress 6.1", "2018-01-05T21:30:00Z", False),
        ("Movable Type 4.2", "2018-01-05T21:30:00+00:00", True),
        ("", "2018-01-05T21:30:00Z", True),
    ],
)
def test_a_zero_offset_is_believed_only_of_who_means_it(
    generator: str, machine: str, is_trusted: bool
) -> None:
    html = (
        f"<meta name='generator' content='{generator}'><div class='hentry'>"
        f"<h1 class='entry-title'>A</h1><time class='published' datetime='{machine}'>x</time></div>"
    )
    (draft,) = posts(html)
    assert draft.published is not None
    assert draft.published.trust_offset is is_trusted


def test_feeds_that_carry_markup_are_not_claimed() -> None:
    feed = (
        "<?xml version='1.0'?><rss><item>&lt;div class='hentry'&gt; itemtype og:title</item></rss>"
    )
    assert Structured().claim(page(feed, headers={"content-type": "text/html"})).score == 0
