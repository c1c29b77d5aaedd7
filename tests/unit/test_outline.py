"""Pages as lines of words, and runs of lines cut out as HTML."""

from __future__ import annotations

from lxml.etree import _Element as Node

from archiver.normalisers.markup import parse
from archiver.outline import Outline


def outline(html: str) -> Outline:
    return Outline(parse(html).root)


def words(html: str) -> list[str]:
    return [line.words for line in outline(html).lines]


def test_blocks_and_line_breaks_end_a_line_and_inline_elements_do_not() -> None:
    html = "<p>one <b>two</b> three<br>four</p><div>five<ul><li>six</li></ul>seven</div>"
    assert words(html) == ["one two three", "four", "five", "six", "seven"]


def test_cells_of_a_table_are_lines_of_their_own() -> None:
    assert words("<table><tr><td>a</td><td>b</td></tr></table>") == ["a", "b"]


def test_scripts_styles_and_comments_say_nothing() -> None:
    html = "<p>seen</p><script>var a</script><style>p{}</style><!-- hidden --><p>too</p>"
    assert words(html) == ["seen", "too"]


def test_whitespace_is_made_single_and_blank_lines_are_none() -> None:
    assert words("<div>\n\n  a \n b </div><p> </p>") == ["a b"]


def test_a_line_knows_its_heading_its_links_and_how_much_of_it_they_are() -> None:
    line, other = outline(
        "<h2><a href='/x'>All of it</a></h2><p>half <a href='/y'>half</a></p>"
    ).lines
    assert line.heading is not None
    assert line.heading.tag == "h2"
    assert line.link_share == 1
    assert other.heading is None
    assert [a.get("href") for a in other.anchors] == ["/y"]
    assert 0.3 < other.link_share < 0.6


def test_the_box_of_a_line_is_the_smallest_element_with_all_its_words() -> None:
    boxes = [line.box.tag for line in outline("<p><b>all</b></p><p><b>some</b> more</p>").lines]
    assert boxes == ["b", "p"]


def test_a_link_without_an_address_is_no_link() -> None:
    assert outline("<p><a name='c1'>here</a></p>").lines[0].anchors == ()


def _cut(html: str, first: str, last: str) -> str:
    found = outline(html)
    begin = next(line for line in found.lines if line.words == first)
    end = next(line for line in found.lines if line.words == last)
    return found.html(begin.start, end.end)


def test_whole_elements_are_cut_out_as_they_are() -> None:
    html = "<div><p>a</p><p class='k'>b <i>c</i></p><p>d</p></div>"
    assert _cut(html, "b c", "d") == '<p class="k">b <i>c</i></p><p>d</p>'


def test_loose_text_between_line_breaks_is_cut_by_the_character() -> None:
    html = "<td>before<br>one &amp; two<br><b>three</b><br>after</td>"
    assert _cut(f"<table><tr>{html}</tr></table>", "one & two", "three") == (
        "one &amp; two<br><b>three</b>"
    )


def test_paragraphs_that_a_cut_goes_through_stay_paragraphs() -> None:
    assert _cut("<div><p>a<br>b</p><div>c<br>d</div></div>", "b", "c") == "<p>b</p>c"


def test_an_image_at_the_edge_of_a_run_belongs_to_it() -> None:
    found = outline("<div><h1>t</h1><img src='x.png'><p>a</p></div>")
    assert '<img src="x.png">' in found.html(found.lines[0].end, found.lines[1].end)


def test_anchors_know_where_they_stand() -> None:
    found = outline("<p>ab</p><a name='c7'></a><p>cd</p>")
    place = {node.get("name"): at for node, at in found.anchored.items()}
    assert place == {"c7": 2}


def test_an_element_outside_the_outline_has_no_words() -> None:
    found = outline("<p>a</p>")
    stranger: Node = parse("<p>b</p>").root
    assert found.words(stranger) == ""
    assert found.size(stranger) == 0


def test_very_deep_markup_is_walked_without_recursion() -> None:
    assert words("<div>" * 1500 + "deep" + "</div>" * 1500) == ["deep"]


def test_words_behind_scripts_and_comments_belong_to_a_run() -> None:
    html = "<td>one<br>two <!-- x --> and <script>y</script> a half<br>three</td>"
    table = f"<table><tr>{html}</tr></table>"
    assert _cut(table, "two and a half", "two and a half").split() == ["two", "and", "a", "half"]
