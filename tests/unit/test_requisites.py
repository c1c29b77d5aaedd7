"""Everything a page needs to look as it did is found, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archiver.model import Capture, CaptureId, Document, Url
from archiver.page import Page
from archiver.requisites import frames_of, of_css, of_page

BASE = "http://tidelines.example/2009/04/ebb.html"


def _page(html: str) -> Page:
    capture = Capture(
        capture_id=CaptureId("1"), url=Url(BASE), captured_at=datetime(2009, 4, 5, tzinfo=UTC)
    )
    return Page(Document(capture=capture, body=html.encode()))


def _names(html: str) -> list[str]:
    return [url.removeprefix("http://tidelines.example/2009/04/") for url in of_page(_page(html))]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<img src=a.jpg>", ["a.jpg"]),
        ("<img src=blank.gif data-src=a.jpg data-original=b.jpg>", ["blank.gif", "a.jpg", "b.jpg"]),
        ("<img data-lazy-src=a.jpg lowsrc=b.gif>", ["a.jpg", "b.gif"]),
        ("<img src=a.jpg srcset='b.jpg 2x, c.jpg 480w'>", ["a.jpg", "b.jpg", "c.jpg"]),
        ("<img data-srcset='b,1.jpg 2x,c.jpg'>", ["b,1.jpg", "c.jpg"]),
        ("<picture><source srcset=a.webp><img src=a.jpg></picture>", ["a.webp", "a.jpg"]),
        ("<noscript><img src=a.jpg></noscript>", ["a.jpg"]),
        ("<input type=image src=go.gif><input type=text src=no.gif>", ["go.gif"]),
        ("<body background=sky.gif><table background=t.gif><td background=d.gif>",
         ["sky.gif", "t.gif", "d.gif"]),
        ("<link rel=stylesheet href=a.css><link rel='alternate stylesheet' href=b.css>",
         ["a.css", "b.css"]),
        ("<link rel='Shortcut Icon' href=favicon.ico><link rel=apple-touch-icon href=t.png>",
         ["favicon.ico", "t.png"]),
        ("<link rel=preload href=a.woff2 as=font>", ["a.woff2"]),
        ("<link rel=alternate type='application/rss+xml' href=feed><link rel=next href=b>", []),
        ("<script src=a.js></script><script>src='b.js'</script>", ["a.js"]),
        ("<audio src=a.mp3></audio><video src=b.mp4 poster=b.jpg><track src=b.vtt></video>",
         ["a.mp3", "b.mp4", "b.jpg", "b.vtt"]),
        ("<object data=a.swf><param name=Movie value=b.swf><embed src=c.swf></object>",
         ["a.swf", "b.swf", "c.swf"]),
        ("<bgsound src=a.mid>", ["a.mid"]),
        ("<svg><image xlink:href=a.png /></svg>", ["a.png"]),
        ("<style>@import 'a.css'; p { background: url(b.png) }</style>", ["a.css", "b.png"]),
        ("<div style='background: url(\"a b.png\")'>", ["a%20b.png"]),
        ("<img src='data:image/gif;base64,R0lG'><img src='about:blank'><img src=''>", []),
        ("<a href=b.html>b</a><iframe src=c.html></iframe><form action=d></form>", []),
        ("<img src=a.jpg><img src=a.jpg><img src='./a.jpg'><img src='a.jpg#x'>", ["a.jpg"]),
    ],
)  # fmt: skip
def test_each_kind_of_requisite_is_found(html: str, expected: list[str]) -> None:
    assert _names(html) == expected


def test_addresses_start_from_the_pages_base() -> None:
    html = (
        "<base href='http://cdn.example/x/'><img src=a.jpg><style>p{background:url(b.png)}</style>"
    )
    assert list(of_page(_page(html))) == [
        "http://cdn.example/x/a.jpg",
        "http://cdn.example/x/b.png",
    ]


def test_frames_are_told_apart() -> None:
    html = "<iframe src=/comments?post=7></iframe><frame src=menu.html><iframe></iframe>"
    assert list(frames_of(_page(html))) == [
        "http://tidelines.example/comments?post=7",
        "http://tidelines.example/2009/04/menu.html",
    ]


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("@import 'a.css' screen; @import url(b.css); @IMPORT \"c.css\";",
         ["a.css", "b.css", "c.css"]),
        ("p { background: URL( 'a.png' ) no-repeat, url(b.png) }", ["a.png", "b.png"]),
        ("@font-face { src: url(a.eot?#iefix) format('eot'), url('a.woff') }", ["a.eot", "a.woff"]),
        ("/* url(a.png) @import 'b.css'; */ p { }", []),
        ("/* open url(a.png)", []),
        ("p::before { content: 'url(a.png)' }", []),
        ("p { background: url(data:image/svg+xml;x,/*) } q { background: url(b.png) }", ["b.png"]),
        ("@namespace svg url(http://www.w3.org/2000/svg); p { color: red }", []),
        (r"p { background: url(a\)b.png) } q { background: url('\62 .png') }",
         ["a)b.png", "b.png"]),
        ("p { background: url() } q { background: url('') }", []),
        ("p { background: url(a.png", ["a.png"]),
        ("@charset 'utf-8'; p { behavior: url(a.htc) }", ["a.htc"]),
        ("p{background:url(a.png)}q{background:url(a.png)}", ["a.png"]),
    ],
)  # fmt: skip
def test_style_sheets_tell_what_they_need(css: str, expected: list[str]) -> None:
    found = of_css(css, "http://tidelines.example/css/main.css")
    assert [url.removeprefix("http://tidelines.example/css/") for url in found] == expected


def test_a_hostile_style_sheet_takes_no_time() -> None:
    for piece in ("url(", "/*", '"', "@import ", "\\", "url('", "@namespace", "url(\\"):
        assert len(list(of_css(piece * 20_000, BASE))) <= 1
