"""Bodies: what is kept, what is left out, and how the words are laid out."""

from __future__ import annotations

import pytest
from lxml import etree, html
from lxml.etree import _Element as Node

from archiver.model import Body
from archiver.normalisers.bodies import clean, plain

BASE = "http://blog.example.com/2008/03/tea.html"


def tree(markup: str) -> Node:
    """The element with id "b" of a page."""
    page = html.document_fromstring(f"<html><body>{markup}</body></html>")
    found = page.find(".//*[@id='b']")
    assert found is not None
    return found


def body(markup: str) -> Body:
    """The body of a string of HTML."""
    return clean(markup, BASE)


def test_words_are_laid_out_as_a_reader_sees_them() -> None:
    found = body(
        "<p>One  <b>two</b>\n three<br>four<br /><br />five</p><div>six</div>seven"
        "<ul><li>eight</li><li>nine</li></ul><blockquote><p>ten</p></blockquote>"
    )
    assert found.text == ("One two three\nfour\n\nfive\n\nsix\nseven\n\neight\nnine\n\nten")


def test_table_cells_are_parted_by_tabs_and_rows_by_lines() -> None:
    found = body("<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>")
    assert found.text == "a\tb\nc\td"


def test_code_keeps_its_blanks_and_lines() -> None:
    found = body("<p>See:</p><pre><code class='language-c'>if (x) {\n    y();\n}</code></pre><p>ok")
    assert found.text == "See:\n\nif (x) {\n    y();\n}\n\nok"
    assert '<pre><code class="language-c">if (x) {\n    y();\n}</code></pre>' in found.html


def test_inline_markup_does_not_part_words() -> None:
    assert body("H<sub>2</sub>O, <i>un</i>believ<b>able</b>").text == "H2O, unbelievable"


def test_hard_blanks_and_indents_collapse() -> None:
    assert body("<p>&nbsp;&nbsp; a&nbsp; b\t c</p>").text == "a b c"


def test_all_kinds_of_the_authors_markup_survive() -> None:
    markup = (
        "<p>a <b>b</b> <em>c</em></p><blockquote><p>d</p></blockquote><ol><li>e</li></ol>"
        "<pre>f</pre><table><tbody><tr><td>g</td></tr></tbody></table>"
        '<figure><img src="http://x.example/h.jpg" alt="h"><figcaption>i</figcaption></figure>'
        '<p><a href="http://x.example/">j</a> <code>k</code> <del>l</del></p>'
    )
    assert body(markup).html == markup


def test_addresses_become_absolute_and_links_are_listed_in_order() -> None:
    found = body(
        '<a href="../02/milk.html#c3" rel="nofollow">milk</a>'
        ' <a href="//x.example/a?b=1&amp;c=2">x</a>'
        ' <a href="#more">more</a> <a name="top">top</a> <a href="javascript:go()">go</a>'
    )
    assert [(link.url, link.text, link.rel, link.position) for link in found.links] == [
        ("http://blog.example.com/2008/02/milk.html#c3", "milk", "nofollow", 1),
        ("http://x.example/a?b=1&c=2", "x", None, 2),
    ]
    assert 'href="http://blog.example.com/2008/03/tea.html#more"' in found.html
    assert found.html.endswith(" top go")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">a</a>',
        '<a href=" jav&#x09;ascript:alert(1)">a</a>',
        '<a href="data:text/html,<script>alert(1)</script>">a</a>',
        '<p style="background:url(javascript:alert(1))" onclick="alert(1)">a</p>',
        "<svg><script>alert(1)</script></svg><math><mtext><style>alert(1)</style></mtext></math>",
        "<form action=http://evil.example><input name=a value=alert></form>",
        '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
        "<style>@import 'alert'</style><link rel=stylesheet href=alert><meta content=alert>",
        '<object data="data:text/html;base64,alert"></object>',
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    ],
)
def test_nothing_that_runs_survives(hostile: str) -> None:
    found = body(f"<p>before</p>{hostile}<p>after</p>")
    assert "alert" not in found.html.replace("alert(1)'&gt;", "")
    assert "before" in found.text
    assert "after" in found.text


def test_hidden_parts_and_html_comments_are_left_out() -> None:
    found = body(
        '<p>seen</p><!-- <rdf:RDF> --><div style="display: none">trackback data</div>'
        '<p hidden>x</p><span style="visibility:hidden">y</span>'
        '<div id="spoiler-3" style="display:none">the butler</div>'
    )
    assert found.text == "seen\n\nthe butler"
    assert "rdf" not in found.html


@pytest.mark.parametrize(
    "junk",
    [
        '<div class="sharedaddy sd-sharing-enabled"><h3>Share this:</h3></div>',
        '<div id="jp-post-flair">Like this</div>',
        '<div class="jp-relatedposts">Related</div>',
        '<div class="wpcnt"><div class="wpa">About these ads</div></div>',
        '<div class="addtoany_share_save_container">Share</div>',
        '<div class="shareaholic-canvas">Share</div>',
        '<div class="post-ratings">5 votes</div>',
        '<p class="feedflare"><a href="http://f.example/">Add</a></p>',
        '<div class="page-links">Pages: 1 2</div>',
        '<h3 class="related_post_title">Related</h3><ul class="related_post"><li>x</li></ul>',
        '<p><a href="http://twitter.com/share?url=x">Tweet</a></p>',
        '<a class="comment-reply-link" href="#">Reply</a>',
        "<form><input type=submit value=Vote> Vote</form>",
    ],
)
def test_what_plugins_hang_on_to_a_text_is_left_out(junk: str) -> None:
    found = body(f"<p>Tea is good.</p>{junk}")
    assert (found.text, found.links) == ("Tea is good.", ())


def test_a_box_of_nothing_but_share_buttons_goes_with_its_label() -> None:
    buttons = (
        '<a href="https://twitter.com/share?url=x">Tweet</a> 74'
        ' <a href="http://www.facebook.com/sharer.php?u=x">Like</a>'
    )
    bar = f"<div><p>Did you like it? Tell your friends:</p><div>{buttons}</div></div>"
    assert body(f"<p>Tea is good.</p>{bar}").text == "Tea is good."
    kept = f'<p>See <a href="http://x.example/">x</a> and {buttons}</p>'
    assert body(kept).text == "See x and 74"


def test_words_like_share_and_related_are_no_reason_to_drop_anything() -> None:
    found = body('<div class="share"><p class="related">mine</p></div>')
    assert found.text == "mine"


def test_the_link_that_ends_an_excerpt_is_left_out() -> None:
    stub = '<p>Tea is <a href="/2008/03/tea.html#more-3">Continue reading &rarr;</a></p>'
    foreign = '<p>Tea is <a href="http://news.example.org/tea">Read more</a></p>'
    inner = '<p>Tea. <a href="/2008/03/tea.html">Read more</a> about milk.</p>'
    assert body(stub).text == "Tea is"
    assert body(stub).links == ()
    assert body(foreign).text == "Tea is Read more"
    assert body(inner).text == "Tea. Read more about milk."


def test_smileys_are_words_and_pictures_are_not() -> None:
    found = body(
        '<p>Ha <img src="/wp-includes/images/smilies/icon_smile.gif" alt=":)" class="wp-smiley">'
        ' <img src="/tea.jpg" alt="a cup of tea"> <img class="emoji" alt="☕" src="x.png"></p>'
    )
    assert found.text == "Ha :) ☕"
    assert [(m.url, m.alt) for m in found.media] == [
        ("http://blog.example.com/tea.jpg", "a cup of tea")
    ]


@pytest.mark.parametrize(
    "image",
    [
        '<img src="data:image/gif;base64,R0" data-src="/t.jpg">',
        '<img src="/blank.gif" data-lazy-src="/t.jpg">',
        '<img src="/grey.gif" data-original="/t.jpg"><noscript><img src="/t.jpg"></noscript>',
        '<img src="data:image/gif;base64,R0"><noscript><img src="/t.jpg"></noscript>',
        '<img srcset="/s.jpg 100w, /t.jpg 800w, /m.jpg 300w">',
        '<img src="/t.jpg" srcset="/huge.jpg 2x">',
    ],
)
def test_lazy_images_are_found_once(image: str) -> None:
    found = body(f"<p>{image}</p>")
    assert [medium.url for medium in found.media] == ["http://blog.example.com/t.jpg"]
    assert '<img src="http://blog.example.com/t.jpg">' in found.html


def test_counting_pixels_are_no_media() -> None:
    found = body(
        '<img src="http://c.example/1.gif" width="1" height="1">'
        '<img src="http://feeds.feedburner.com/~r/tea/~4/123">'
    )
    assert (found.media, found.html) == ((), "")


def test_an_image_tells_its_size_caption_and_full_size() -> None:
    found = body(
        '<div class="wp-caption"><a href="/tea-big.jpg"><img src="/tea.jpg" width="300px"'
        ' height="200" title="Tea"></a><p class="wp-caption-text">A cup</p></div>'
    )
    (image,) = found.media
    assert (image.width, image.height, image.title, image.caption) == (300, 200, "Tea", "A cup")
    assert image.thumbnail_of == "http://blog.example.com/tea-big.jpg"


@pytest.mark.parametrize(
    ("markup", "provider", "native"),
    [
        (
            '<object><param name="movie" value="http://www.youtube.com/v/abcdefghijk&hl=en">'
            '<embed src="http://www.youtube.com/v/abcdefghijk&hl=en"></embed></object>',
            "youtube",
            "abcdefghijk",
        ),
        (
            '<iframe src="//www.youtube.com/embed/abcdefghijk?rel=0"></iframe>',
            "youtube",
            "abcdefghijk",
        ),
        ('<iframe src="//player.vimeo.com/video/12345"></iframe>', "vimeo", "12345"),
        (
            '<embed src="http://video.google.com/googleplayer.swf?docId=-123456&hl=en">',
            "google-video",
            "-123456",
        ),
        (
            '<embed src="http://www.dailymotion.com/swf/x4abcd">',
            "dailymotion",
            "x4abcd",
        ),
        (
            '<iframe src="https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/99">'
            "</iframe>",
            "soundcloud",
            "99",
        ),
        ('<script src="https://gist.github.com/vera/0a1b2c.js"></script>', "github-gist", "0a1b2c"),
        ('<iframe src="http://widget.example.org/x"></iframe>', "widget.example.org", None),
    ],
)
def test_embeds_become_links_and_are_named(markup: str, provider: str, native: str | None) -> None:
    found = body(f"<p>Look:</p>{markup}<p>Nice.</p>")
    (embed,) = found.media
    assert (embed.kind, embed.embed_provider, embed.embed_id) == ("embed", provider, native)
    assert found.text == "Look:\n\nNice."
    assert "<a href=" in found.html
    assert not {"<iframe", "<object", "<embed", "<script"} & set(found.html.split())


def test_players_of_files_are_audio_and_video() -> None:
    found = body(
        '<video poster="p.jpg"><source src="/tea.mp4">No video.</video>'
        '<audio src="/tea.mp3"></audio> <a href="/tea.pdf">notes</a>'
    )
    assert [(m.kind, m.url.rpartition("/")[2]) for m in found.media] == [
        ("video", "tea.mp4"),
        ("audio", "tea.mp3"),
        ("document", "tea.pdf"),
    ]
    assert found.text == "notes"


def test_text_after_an_embed_that_was_never_closed_is_kept() -> None:
    found = body('<p><embed src="http://x.example/a.swf"> and so <b>on</b></p>')
    assert found.text == "and so on"


def test_an_address_that_a_proxy_hid_is_shown_again() -> None:
    key = 0x2A
    secret = bytes([key, *(ord(letter) ^ key for letter in "tea@example.org")]).hex()
    found = body(f'<p>Write <a class="__cf_email__" data-cfemail="{secret}">[email]</a>.</p>')
    assert found.text == "Write tea@example.org."


def test_the_shared_tree_is_not_changed() -> None:
    node = tree(
        '<div id="b"><p>One <a href="x">two</a><script>x</script></p><!-- c --><img data-src="y">'
        '<div class="sharedaddy">s</div> tail</div>'
    )
    before = etree.tostring(node.getroottree())
    clean(node, BASE, exclude=tuple(node.iter("a")))
    assert etree.tostring(node.getroottree()) == before


def test_excluded_nodes_go_and_the_text_after_them_stays() -> None:
    node = tree(
        '<li id="b"><cite>Vera</cite> says:<small>date</small><p>Nice.</p> Bye <i>x</i></li>'
    )
    found = clean(node, BASE, exclude=(node[0], node[1]))
    assert found.text == "says:\n\nNice.\n\nBye x"


def test_bars_between_excluded_nodes_go_with_them() -> None:
    node = tree('<div id="b"><p>Nice.</p><a>Permalink</a> | <a>Reply</a></div>')
    assert clean(node, BASE, exclude=(node[1], node[2])).text == "Nice."


def test_sibling_nodes_are_read_with_the_text_between_them() -> None:
    node = tree('<div id="b"><h3>T</h3>one <b>two</b> three<br>four <p>five</p> footer</div>')
    heading, bold, line, paragraph = node
    assert clean((bold, line), BASE).text == "two three\nfour"
    assert clean((heading, bold, line, paragraph), BASE, exclude=(heading,)).text == (
        "one two three\nfour\n\nfive"
    )


def test_the_chosen_node_is_read_whatever_it_is_called() -> None:
    assert clean(tree('<div id="b" class="related-posts">mine</div>'), BASE).text == "mine"


def test_nodes_tell_where_their_links_stood() -> None:
    found = clean(tree('<div id="b"><p>a <a href="x">b</a></p></div>'), BASE)
    assert found.links[0].locator == "/html/body/div/p/a"
    assert body('<a href="x">b</a>').links[0].locator is None


def test_very_deep_markup_keeps_its_words() -> None:
    found = body("<b>" * 3000 + "deep" + "</b>" * 3000)
    assert "deep" in found.text


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Tea &amp; Milk", "Tea & Milk"),
        ("  Tea\n and <em>Milk</em> ", "Tea and Milk"),
        ("5 < 6", "5 < 6"),
        ('<img src="t.png" alt="Tea">', "Tea"),
        ("", ""),
    ],
)
def test_titles_are_one_line_of_words(title: str, expected: str) -> None:
    assert plain(title) == expected


def test_a_title_node_is_read_without_its_tools() -> None:
    node = tree('<h2 id="b"><a href="x">Tea</a> <span class="edit-link">Edit</span></h2>')
    assert plain(node) == "Tea"
