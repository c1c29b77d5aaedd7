"""WordPress pages of all years, by golden pages and by the traps that themes set."""

from __future__ import annotations

import pytest

from archiver.extractors.wordpress import WordPress
from tests.unit.extractors.reading import Golden, golden, page, read, seen_comment, seen_post

PAGES = list(golden("wordpress"))
EXTRACTOR = WordPress()


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_a_golden_page_is_claimed(case: Golden) -> None:
    assert EXTRACTOR.claim(case.page).score >= 0.6


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_a_golden_page_gives_the_posts_that_its_author_wrote(case: Golden) -> None:
    found = read(EXTRACTOR, case.page)
    assert found.kind == case.expected["page_kind"]
    expected = case.expected["posts"]
    assert len(found.posts) == len(expected)
    for post, wanted in zip(found.posts, expected, strict=True):
        seen = seen_post(post)
        assert seen["text"].startswith(wanted.get("text_starts", ""))
        assert seen["text"].endswith(wanted.get("text_ends", ""))
        stated = {key: value for key, value in wanted.items() if key in seen}
        assert {key: seen[key] for key in stated} == stated


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_a_golden_page_gives_each_comment_once_and_whole(case: Golden) -> None:
    found = read(EXTRACTOR, case.page)
    expected = case.expected["comments"]
    assert [c.native_id for c in found.comments] == [c.get("native_id") for c in expected]
    for comment, wanted in zip(found.comments, expected, strict=True):
        seen = seen_comment(comment)
        assert {key: seen[key] for key in wanted} == wanted


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_words_of_the_template_stand_in_no_body(case: Golden) -> None:
    found = read(EXTRACTOR, case.page)
    texts = [item.body.text for item in (*found.posts, *found.comments) if item.body]
    for words in case.expected["absent"]:
        assert not [text for text in texts if words in text]


SINGLE = """<html><head><meta name="generator" content="{generator}"></head>
<body class="single postid-5"><div id="post-5" class="post hentry"><h1 class="entry-title">T</h1>
<time class="entry-date published" datetime="{stated}">{shown}</time>
<div class="entry-content"><p>Words of the post.</p></div></div>{more}</body></html>"""


def _single(
    generator: str = "WordPress 6.1",
    stated: str = "2009-05-01T10:00:00+02:00",
    shown: str = "May 1, 2009 at 10:00 am",
    more: str = "",
) -> str:
    return SINGLE.format(generator=generator, stated=stated, shown=shown, more=more)


@pytest.mark.parametrize(
    ("generator", "stated", "instant"),
    [
        ("WordPress 5.2.4", "2009-05-01T10:00:00+00:00", None),
        ("WordPress 5.3", "2009-05-01T10:00:00+00:00", "2009-05-01T10:00:00+00:00"),
        ("WordPress 5.3", "2009-05-01T10:00:00Z", None),
        ("WordPress 4.9", "2009-05-01T10:00:00+02:00", "2009-05-01T08:00:00+00:00"),
        ("WordPress", "2009-05-01T10:00:00+00:00", None),
        ("WordPress 4.9", "2009-05-01T08:00:00+00:00", "2009-05-01T08:00:00+00:00"),
    ],
)
def test_a_zero_offset_is_believed_where_it_can_be_true(
    generator: str, stated: str, instant: str | None
) -> None:
    found = read(EXTRACTOR, page(_single(generator, stated)))
    seen = seen_post(found.posts[0])
    assert seen["published_local"] == "2009-05-01T10:00:00"
    assert seen["published_instant"] == instant


@pytest.mark.parametrize(
    ("body", "least", "most"),
    [
        ('<meta name="generator" content="WordPress 2.7">', 0.9, 1.0),
        ('<meta name="generator" content="WordPress.com">', 0.9, 1.0),
        ("<link rel='https://api.w.org/' href='/wp-json/'>", 0.9, 1.0),
        ('<link rel="stylesheet" href="/wp-content/themes/x/style.css">', 0.6, 0.9),
        ('<form action="/wp-comments-post.php"></form>', 0.6, 0.9),
        ('<p><img src="http://other.example/wp-content/uploads/a.jpg"></p>', 0.0, 0.0),
        ('<a href="http://other.example/wp-content/uploads/a.pdf">a</a>', 0.0, 0.0),
        ('<meta name="generator" content="Movable Type 3.2">', 0.0, 0.0),
        ("", 0.0, 0.0),
    ],
)
def test_a_claim_rests_on_what_only_wordpress_writes(body: str, least: float, most: float) -> None:
    assert least <= EXTRACTOR.claim(page(f"<html><body>{body}</body></html>")).score <= most


def _thread(*rows: str) -> str:
    return _single(more=f'<div id="comments"><ol class="commentlist">{"".join(rows)}</ol></div>')


def _row(number: int, depth: int, inner: str = "", reply: bool = True) -> str:
    answer = f'<a class="comment-reply-link" href="?replytocom={number}#respond">Reply</a>'
    return (
        f'<li class="comment depth-{depth}" id="comment-{number}"><div class="comment-body">'
        f'<cite class="fn">N{number}</cite> <a href="#comment-{number}">May 2, 2009 at 3:0{depth}'
        f" pm</a><p>Words {number}.</p>{answer if reply else ''}</div>"
        f"{f'<ul class=children>{inner}</ul>' if inner else ''}</li>"
    )


def _parents(body: str) -> dict[str | None, tuple[str | None, str]]:
    found = read(EXTRACTOR, page(body)).comments
    return {c.native_id: (c.parent_id, c.parent_ground.value) for c in found}


def test_later_answers_at_the_deepest_level_have_no_sure_parent() -> None:
    deepest = _row(3, 3, reply=False) + _row(4, 3, reply=False)
    body = _thread(_row(1, 1, _row(2, 2, deepest)), _row(5, 1))
    assert _parents(body) == {
        "1": (None, "none"),
        "2": ("1", "nesting"),
        "3": ("2", "nesting"),
        "4": ("2", "flattened"),
        "5": (None, "none"),
    }


def test_siblings_that_can_be_answered_are_sure_of_their_parent() -> None:
    body = _thread(_row(1, 1, _row(2, 2) + _row(3, 2)))
    assert _parents(body)["3"] == ("1", "nesting")


def test_a_closed_thread_hides_parents_at_the_default_depth_only() -> None:
    flat = _row(2, 2, reply=False) + _row(3, 2, reply=False)
    assert _parents(_thread(_row(1, 1, flat, reply=False)))["3"] == ("1", "nesting")


def test_a_list_of_recent_comments_beside_the_page_is_no_thread() -> None:
    aside = (
        '<div id="sidebar" class="widget"><ul><li id="comment-9"><a href="/x/#comment-9">Ann</a>'
        " on a post</li></ul></div>"
    )
    assert read(EXTRACTOR, page(_single(more=aside))).comments == ()


def test_comments_that_bear_no_number_at_all_are_still_read() -> None:
    rows = (
        "<li><strong>Ann</strong> wrote on 2 May 2009: <p>First words.</p></li>"
        "<li><strong>Bob</strong> wrote on 3 May 2009: <p>Second words.</p></li>"
    )
    found = read(EXTRACTOR, page(_thread(rows))).comments
    assert [(c.native_id, c.author and c.author.name, c.body and c.body.text) for c in found] == [
        (None, "Ann", "First words."),
        (None, "Bob", "Second words."),
    ]


def test_a_body_never_holds_the_answers_to_it() -> None:
    found = read(EXTRACTOR, page(_thread(_row(1, 1, _row(2, 2, _row(3, 3))))))
    assert [c.body.text for c in found.comments if c.body] == ["Words 1.", "Words 2.", "Words 3."]


def test_a_date_that_only_says_ago_is_taken_from_its_title() -> None:
    row = (
        '<li class="comment depth-1" id="comment-1"><cite>Ann</cite> <small><a href="#comment-1"'
        ' title="May 2, 2009 at 3:15 pm">15 years ago</a></small><p>Hm.</p></li>'
    )
    found = read(EXTRACTOR, page(_thread(row))).comments[0]
    assert seen_comment(found)["published_local"] == "2009-05-02T15:15:00"


def _leads(body: str, url: str = "http://b.example/2009/05/a-post/") -> set[tuple[str, str]]:
    return {(lead.href, lead.role.value) for lead in EXTRACTOR.follow(page(body, url))}


def test_a_page_leads_to_all_pages_of_its_comments() -> None:
    more = '<div id="comments"><a href="/2009/05/a-post/comment-page-3/#comments">Older</a></div>'
    assert {
        ("/2009/05/a-post/comment-page-1/", "comment_page"),
        (
            "/2009/05/a-post/comment-page-2/",
            "comment_page",
        ),
    } <= _leads(_single(more=more))


def test_a_page_leads_to_the_api_that_it_names() -> None:
    body = _single(more='<link rel="https://api.w.org/" href="http://b.example/wp-json/">')
    base = "http://b.example/wp-json/wp/v2"
    assert {
        ("http://b.example/wp-json/", "api"),
        (f"{base}/posts?per_page=100&page=1&_embed=author,wp:term", "api"),
        (f"{base}/comments?per_page=100&page=1&order=asc", "api"),
    } <= _leads(body)


def test_the_api_is_found_without_pretty_links_too() -> None:
    href = "http://b.example/index.php?rest_route=/"
    body = _single(more=f'<link rel="https://api.w.org/" href="{href}">')
    wanted = f"{href}wp/v2/comments&per_page=100&page=1&order=asc"
    assert (wanted, "api") in _leads(body)


def test_a_threaded_page_of_an_old_version_leads_to_the_feed_that_states_parents() -> None:
    body = _thread(_row(1, 1, _row(2, 2))).replace("WordPress 6.1", "WordPress 3.0")
    assert {
        ("http://b.example/2009/05/a-post/feed/", "feed"),
        ("http://b.example/2009/05/a-post/feed/atom/", "feed"),
    } <= _leads(body)


def test_parts_of_a_post_lead_to_each_other() -> None:
    more = '<div class="page-links">Pages: 1 <a href="/2009/05/a-post/2/">2</a></div>'
    assert ("/2009/05/a-post/2/", "post") in _leads(_single(more=more))


def test_a_page_that_does_not_exist_holds_no_post() -> None:
    body = '<html><body class="error404"><div class="post"><h2>Not Found</h2><p>Sorry.</p></div>'
    found = read(EXTRACTOR, page(body))
    assert (found.kind, found.posts) == ("other", ())


def test_a_listing_without_boxes_gives_each_text_its_own_heading() -> None:
    body = (
        '<html><body class="home"><div id="content"><h2><a href="/b/">B</a></h2>'
        '<h4>Posted July 12th, 2007 by eric</h4><div class="entry"><p>Text B.</p></div>'
        '<h2><a href="/a/">A</a></h2><h4>Posted July 11th, 2007 by ann</h4>'
        '<div class="entry"><p>Text A.</p></div></div></body></html>'
    )
    found = read(EXTRACTOR, page(body, "http://b.example/"))
    assert [(p.title, p.url, p.body.text if p.body else None) for p in found.posts] == [
        ("B", "http://b.example/b/", "Text B."),
        ("A", "http://b.example/a/", "Text A."),
    ]
    assert [p.published.local.day for p in found.posts if p.published and p.published.local] == [
        12,
        11,
    ]


@pytest.mark.parametrize(
    "body", ["", "<", "\x00", "<li id=comment-1>", "<html><body class=single>"]
)
def test_scraps_of_markup_do_no_harm(body: str) -> None:
    found = page(body)
    read(EXTRACTOR, found)
    list(EXTRACTOR.follow(found))
    EXTRACTOR.blog(found)
