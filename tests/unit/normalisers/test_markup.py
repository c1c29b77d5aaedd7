"""Every page becomes a tree with all of its text, and the reading that made it is named."""

from __future__ import annotations

import random
import time

import pytest
from lxml import etree
from lxml.etree import _Element as Node

from archiver.normalisers.markup import Parser, parse, parse_xml


def _html(text: str) -> tuple[str, Parser]:
    found = parse(text)
    assert found.root.tag == "html"
    return etree.tostring(found.root, encoding="unicode"), found.parser


def _text(node: Node) -> str:
    return " ".join("".join(str(part) for part in node.itertext()).split())


def _first(node: Node, path: str) -> str:
    found = node.find(path)
    assert found is not None
    return found.text or ""


# What libxml2 reads well


def test_a_sound_page_is_read_by_lxml() -> None:
    text = "<html><head><title>Ebb</title></head><body><p>Café</p></body></html>"
    assert _html(text) == (text, Parser.LXML)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("just words", "just words"),
        ("<li>one<li>two", "onetwo"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "abc"),
        ("<p>a<b>b<p>c</b>d", "abcd"),
        ("<frameset><frame src=a></frameset>", ""),
        ("<o:p>office</o:p>", "office"),
        ("a\0b\x01c\x0cd\x7f", "abc d"),
        ("a &nbsp;&eacute;&#8217;&bogus; b", "a é’&bogus; b"),
        ("<p>lone \ud800 surrogate</p>", "lone ? surrogate"),
    ],
)
def test_tag_soup_keeps_its_words(text: str, expected: str) -> None:
    found = parse(text)
    assert _text(found.root) == expected
    assert found.parser is Parser.LXML


@pytest.mark.parametrize("declared", ["iso-8859-1", "utf-16", "shift_jis"])
def test_encodings_named_in_the_text_no_longer_matter(declared: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{declared}"?><html><head><meta charset="{declared}">'
        "</head><body>été 東</body></html>"
    )
    assert _text(parse(text).root) == "été 東"


def test_what_stands_after_the_end_of_the_page_is_part_of_it() -> None:
    text = "<html><body><p>post</p></body></html><div>comment</div><!-- cached -->"
    html, parser = _html(text)
    assert html == "<html><body><p>post</p><div>comment</div><!-- cached --></body></html>"
    assert parser is Parser.LXML


def test_a_page_inside_a_page_is_one_page() -> None:
    text = (
        "<html><head></head><body class=a><p>1</p></body><body id=b><p>2</p></body></html>"
        "<html><head><title>x</title></head><body><p>3</p></body></html>"
    )
    found = parse(text)
    assert len(found.root.xpath("//body")) == 1
    assert found.root.xpath("//body/p/text()") == ["1", "2", "3"]


def test_every_text_of_a_tree_can_be_put_into_another() -> None:
    text = "a" + "".join(map(chr, range(1, 32))) + "\x7f\x85\ufffe\uffff\ud800&#1;&#x0;&#xffff;"
    for node in parse(f"<p title='{text.replace(chr(39), '')}'>{text}<b>b</b>{text}").root.iter():
        node.text, node.tail = node.text, node.tail
        for name, value in node.attrib.items():
            node.set(name, value)


def test_nothing_is_added_to_the_tree() -> None:
    for text in (
        "<p>a",
        "<html><body></body></html>",
        "<html><head><title>x</title></head></html>",
    ):
        assert "archived" not in _html(text)[0]


# What libxml2 would lose


@pytest.mark.parametrize(
    "text",
    [
        "<body><p>one</p><!-- never closed <p>two</p><p>three</p>",
        "<body><p>one</p><!-- closed --><!-- not > two<p>three</p>",
        "<head><title>one<body><p>two</p><p>three</p>",
        "<body>one<form><textarea name=c><p>two</p></form><p>three</p>",
        "<body>one<plaintext><p>two</p><p>three</p>",
        "<body>one<xmp><p>two</p><p>three</p>",
        "<body>one<iframe src=x><p>two</p><p>three</p>",
        "<head><style>p { }<body><p>one</p><p>two</p><p>three</p>",
        "<body><p>one</p><p>two</p><p>three</p><a href='cut",
    ],
)
def test_markup_that_hides_the_rest_of_the_page_is_closed(text: str) -> None:
    found = parse(text)
    assert found.parser is Parser.LXML_MENDED
    assert _text(found.root).endswith("three")
    assert found.root.xpath("//p")


def test_a_comment_that_is_closed_stays_a_comment() -> None:
    found = parse("<p>a</p><!-- <p>hidden</p> --><p>b</p>")
    assert (_text(found.root), found.parser) == ("ab", Parser.LXML)


def test_nesting_deeper_than_libxml2_goes_is_read() -> None:
    found = parse("<body>" + "<div>" * 400 + "deep" + "</div>" * 400 + "<p>tail</p>")
    assert found.parser is Parser.LXML_MENDED
    assert _text(found.root) == "deeptail"
    assert found.root.xpath("string(/html/body/p)") == "tail"


def test_a_font_that_each_comment_leaves_open_does_not_bury_the_last_one() -> None:
    comments = "".join(f"<div id=c{n}><font size=2>words {n}</div>" for n in range(1500))
    open_tags = "".join(f"<font color=red>words {n}<br>" for n in range(1500))
    for text in (comments, open_tags):
        found = parse(f"<body>{text}<p>end</p>")
        assert _text(found.root).endswith("end")
        assert "words 1499" in _text(found.root)
        assert max(len(list(node.iterancestors())) for node in found.root.iter()) < 300


def test_nesting_without_any_limit_is_read_by_beautifulsoup() -> None:
    text = "<body>" + "".join(f"<div class='c{n}'>{n} " for n in range(3000)) + "<p>tail</p>"
    found = parse(text)
    assert found.parser is Parser.HTML_PARSER
    words = _text(found.root).split()
    assert words == [*map(str, range(3000)), "tail"]
    assert found.root.xpath("count(//div)") == 3000
    assert max(len(list(node.iterancestors())) for node in found.root.iter()) < 500


def test_a_text_of_ten_megabytes_is_not_dropped() -> None:
    found = parse("<body>" + "word " * 2_200_000 + "<p>tail</p>")
    assert found.root.xpath("string(//p)") == "tail"
    assert len(_text(found.root)) > 10_000_000


@pytest.mark.parametrize("text", ["", " \n ", "\t"])
def test_a_page_without_anything_is_an_empty_html(text: str) -> None:
    assert _html(text) == ("<html/>", Parser.EMPTY)


@pytest.mark.parametrize(
    "text", ["<", "<!", "</", "<a", '<a href="', "<?php", "<!DOCTYPE", "<![CDATA[", "&", "<!-->"]
)
def test_fragments_of_markup_do_no_harm(text: str) -> None:
    assert _html(text)[0].startswith("<html")


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", '<a b="', "<!--", "<title>", "<![CDATA[", "&", "&a", "<?", "</p", "<b><p>"],
)
def test_hostile_markup_takes_no_time(piece: str) -> None:
    text = piece * 20_000
    start = time.perf_counter()
    assert parse(text).root.tag == "html"
    parse_xml(text.encode())
    assert time.perf_counter() - start < 5


def test_random_markup_never_raises() -> None:
    source = random.Random(11)
    pieces = ["<", ">", "<!--", "-->", "<p>", "</p>", "<div ", "='", '"', "x", "&", "\0", "</html>"]
    pieces += [
        "<table>",
        "<td>",
        "<script>",
        "<title>",
        "<plaintext>",
        "]]>",
        "<![if",
        "é",
        "<svg>",
    ]
    for _ in range(400):
        text = "".join(source.choices(pieces, k=source.randrange(1, 40)))
        assert parse(text).root.tag == "html"


# XML


def _xml(body: bytes, content_type: str | None = None) -> Node:
    root = parse_xml(body, content_type)
    assert root is not None
    return root


def test_a_sound_feed_is_read_with_its_namespaces_and_cdata() -> None:
    root = _xml(
        b'<?xml version="1.0" encoding="iso-8859-1"?><rss xmlns:x="urn:x"><a>caf\xe9</a>'
        b"<x:b><![CDATA[<p>&nbsp;&</p>]]></x:b></rss>"
    )
    assert _first(root, "a") == "café"
    assert _first(root, "{urn:x}b") == "<p>&nbsp;&</p>"


@pytest.mark.parametrize(
    "body",
    [
        b"\r\n\r\n<?xml version='1.0'?><rss><title>Ebb &amp; flow</title></rss>",
        b"\xef\xbb\xbf <?xml version='1.0'?><rss><title>Ebb &amp; flow</title></rss>",
        b"<b>Warning</b>: mysql in /x.php<br /><rss><title>Ebb & flow</title></rss>",
        b"<rss><title>Ebb & flow</title><item><title>cut",
        b"<rss><title>Ebb & flow\x0b</title></rss><script src='stats.js'></script>",
        b'<?xml version="1.0" encoding="utf-16"?><rss><title>Ebb &amp; flow</title></rss>',
        b"<export><title>Ebb & flow</title></export>",
        b"<!DOCTYPE rss SYSTEM 'rss-0.91.dtd'><rss><title>Ebb&nbsp;&amp; flow</title></rss>",
    ],
)
def test_broken_feeds_are_read_all_the_same(body: bytes) -> None:
    assert _first(_xml(body), "title").replace("\xa0", " ") == "Ebb & flow"


def test_html_entities_become_characters_except_inside_cdata() -> None:
    root = _xml(b"<rss><a>caf&eacute;&nbsp;&bogus; R&D</a><b><![CDATA[&eacute;]]></b></rss>")
    assert _first(root, "a") == "café\xa0&bogus; R&D"
    assert _first(root, "b") == "&eacute;"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<rss><a>Möwe</a></rss>".encode("cp1252"), None),
        ('<?xml version="1.0" encoding="utf-8"?><rss><a>Möwe</a></rss>'.encode("cp1252"), None),
        ("<rss><a>Möwe</a></rss>".encode("cp1252"), "text/xml; charset=iso-8859-1"),
        ("<rss><a>Möwe</a></rss>".encode("utf-16"), None),
    ],
)
def test_feeds_in_undeclared_or_wrongly_declared_encodings_are_read(
    body: bytes, content_type: str | None
) -> None:
    assert _first(_xml(body, content_type), "a") == "Möwe"


def test_entities_are_neither_expanded_nor_fetched() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE r [<!ENTITY l0 "ha">{laughs}]><rss><a>&l9;</a></rss>'
    file = '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]><rss><a>&f;</a></rss>'
    for body in (bomb, file):
        assert len(_text(_xml(body.encode()))) < 20


@pytest.mark.parametrize("body", [b"", b"words", b"\0\0\0\0", b"<", b"\xff\xfe", b"<html><br>"])
def test_what_is_no_xml_is_none(body: bytes) -> None:
    assert parse_xml(body) is None
