"""Comments of unknown templates: the words between bylines."""

from __future__ import annotations

import pytest

from archiver.bylines import bylines
from archiver.normalisers.markup import parse
from archiver.outline import Outline
from archiver.remarks import Discussion, discussion, says_closed


def talk(html: str) -> Discussion:
    page = Outline(parse(f"<html><body>{html}</body></html>").root)
    return discussion(page, bylines(page))


def said(found: Discussion) -> list[tuple[str, str]]:
    texts = (" ".join(parse(r.html).root.xpath("string(.)").split()) for r in found.remarks)
    return [(r.byline.name, words) for r, words in zip(found.remarks, texts, strict=True)]


TWO = [("Ann", "First words."), ("Bob", "Second words.")]


@pytest.mark.parametrize(
    "html",
    [
        "<h3>Comments</h3><div><p>First words.</p>"
        "<span>Posted by: Ann at May 3, 2004 1:00 PM</span></div>"
        "<div><p>Second words.</p><span>Posted by: Bob at May 4, 2004 2:00 PM</span></div>",
        "<h3>Comments</h3><p>First words.</p>"
        "<p class=posted>Posted by: Ann at May 3, 2004 1:00 PM</p>"
        "<p>Second words.</p><p class=posted>Posted by: Bob at May 4, 2004 2:00 PM</p>",
        "<h3>2 comments</h3><p>Ann said on May 3, 2004 1:00 PM:</p><p>First words.</p>"
        "<p>Bob said on May 4, 2004 2:00 PM:</p><p>Second words.</p>",
        "<td><b>Comments</b><br><b>Ann</b> wrote on 3 May 2004, 1:00 PM:<br>First words.<br><br>"
        "<b>Bob</b> wrote on 4 May 2004, 2:00 PM:<br>Second words.<br></td>",
        "<h3>Comments</h3><table><tr><td>Posted by: Ann at May 3, 2004 1:00 PM</td></tr>"
        "<tr><td>First words.</td></tr><tr><td>Posted by: Bob at May 4, 2004 2:00 PM</td></tr>"
        "<tr><td>Second words.</td></tr></table>",
    ],
    ids=["boxes", "byline-behind", "byline-before", "line-breaks", "table-rows"],
)
def test_comments_are_found_however_the_template_lays_them_out(html: str) -> None:
    form = "<h3>Post a comment</h3><form><textarea></textarea></form>"
    assert said(talk(f"<h1>T</h1><p>The text.</p>{html}{form}")) == TWO


def test_the_invitation_to_comment_and_what_follows_it_are_in_no_comment() -> None:
    html = (
        "<h3>Comments</h3><p>Ann said on May 3, 2004 1:00 PM:</p><p>First words.</p>"
        "<p><b>Leave a comment</b></p><p>Be kind.</p>"
    )
    assert said(talk(html)) == [("Ann", "First words.")]


def test_a_page_without_a_heading_for_comments_has_none() -> None:
    found = talk(
        "<p>Posted by Ann on May 3, 2004</p><p>Text.</p><p>Posted by Bob on May 4, 2004</p>"
    )
    assert (found.start, found.remarks) == (None, ())


def test_recent_comments_of_a_sidebar_and_archive_lists_are_no_comments() -> None:
    html = (
        "<h3>Recent Comments</h3><p>Ann on Fences</p><h2>Comments</h2>"
        "<h2>Archives</h2><ul><li>More...</li><li>May 2025</li><li>January 2024</li></ul>"
    )
    assert talk(html).remarks == ()


def test_the_heading_with_the_comments_wins_over_a_count_in_the_byline() -> None:
    html = (
        "<h3>Comments (1)</h3><p>The text comes after this odd line.</p>"
        "<h3>1 Comment</h3><p>Ann said on May 3, 2004 1:00 PM:</p><p>First words.</p>"
    )
    found = talk(html)
    assert found.heading == "1 Comment" or said(found) == [("Ann", "First words.")]


def test_numbers_in_ids_and_anchors_are_the_comments_ids() -> None:
    html = (
        "<h3>Comments</h3><a name='c12'></a><p>First words.</p>"
        "<p>Posted by: Ann at May 3, 2004 1:00 PM</p>"
        "<div id='comment-13'><p>Second words.</p></div>"
        "<p>Posted by: Bob at May 4, 2004 2:00 PM</p>"
    )
    assert [r.native_id for r in talk(html).remarks] == ["12", "13"]


def test_reply_and_permalink_links_at_the_edges_are_no_words() -> None:
    html = (
        "<h3>Comments</h3><p>Ann said on May 3, 2004 1:00 PM:</p><p>First words.</p>"
        "<p><a href='#'>Reply</a></p><p>Bob said on May 4, 2004 2:00 PM:</p><p>Second words.</p>"
        "<p><a href='#'>Permalink</a></p>"
    )
    assert said(talk(html)) == TWO


def test_a_sentence_about_the_entry_in_the_sidebar_is_no_comment() -> None:
    html = (
        "<div id='comments'><h2>1 Comment</h2><div class='c'>"
        "<span class='b'>By Ann on May 3, 2010 1:00 PM</span>"
        "<p>First words.</p></div></div><h2>Leave a comment</h2><form></form>"
        "<div class='w'><p>This page contains a single entry by Sten published on "
        "May 1, 2010 9:00 AM.</p></div>"
    )
    assert said(talk(html)) == [("Ann", "First words.")]


@pytest.mark.parametrize(
    "notice",
    [
        "The comments to this entry are closed.",
        "Comments are closed.",
        "Sorry, the comment form is closed at this time.",
        "Commenting is closed for this article.",
        "Kommentare sind geschlossen.",
        "Les commentaires sont fermés.",
        "Los comentarios están cerrados.",
    ],
)
def test_a_notice_says_that_comments_are_closed(notice: str) -> None:
    page = Outline(parse(f"<p>The text.</p><p>{notice}</p>").root)
    assert says_closed(page)


@pytest.mark.parametrize("words", ["The shop is closed.", "No comments yet", "Comments (3)"])
def test_other_lines_close_nothing(words: str) -> None:
    assert not says_closed(Outline(parse(f"<p>{words}</p>").root))
