"""Lines that name somebody and a date."""

from __future__ import annotations

import pytest

from archiver.bylines import Byline, beside_date, bylines, inside, read
from archiver.normalisers.markup import parse
from archiver.outline import Outline


@pytest.mark.parametrize(
    ("line", "name", "date"),
    [
        (
            "Posted by Wilma Trent at February  9, 2004 06:52 PM",
            "Wilma Trent",
            "February 9, 2004 06:52 PM",
        ),
        ("//Posted by egon at September 15, 2004 11:50 PM", "egon", "September 15, 2004 11:50 PM"),
        ("Posted by Tim in Music at 10:08 PM", "Tim", "10:08 PM"),
        (
            "Posted by: cheap rooms in Rome at May 3, 2006 10:08 PM",
            "cheap rooms in Rome",
            "May 3, 2006 10:08 PM",
        ),
        (
            "Posted by: http://spam.example at October 31, 2004 10:11 AM",
            "http://spam.example",
            "October 31, 2004 10:11 AM",
        ),
        ("Submitted by admin on Tue, 02/26/2008 - 14:05.", "admin", "02/26/2008 - 14:05"),
        ("On Friday 3 May 2008, 14:05 by Paul", "Paul", "3 May 2008, 14:05"),
        ("Comment by Anna — May 3, 2008 @ 4:15 pm", "Anna", "May 3, 2008 @ 4:15 pm"),
        (
            "Nonentity on January 22, 2007 at 1:42 pm said:",
            "Nonentity",
            "January 22, 2007 at 1:42 pm",
        ),
        ("Geschrieben von Enno Jansen am  7.03.06  9:05", "Enno Jansen", "7.03.06 9:05"),
        ("Publié le 3 mai 2008 par Anna", "Anna", "3 mai 2008"),
        ("Par Odile Brun le 3 mars 2008 14h05", "Odile Brun", "3 mars 2008 14h05"),
        (
            "enviado por Juan el 3 de mayo de 2008 a las 10:12 PM",
            "Juan",
            "3 de mayo de 2008 a las 10:12 PM",
        ),
        ("Scritto da Luca il 03.05.08 21:13", "Luca", "03.05.08 21:13"),
        ("Geplaatst door Joost op 3 mei 2008 14:05", "Joost", "3 mei 2008 14:05"),
        ("投稿者 太郎 : 2005年3月 5日 10:15", "太郎", "2005年3月 5日 10:15"),
    ],
)
def test_words_that_say_by_whom_make_an_explicit_byline(line: str, name: str, date: str) -> None:
    reading = read(line)
    assert reading is not None
    assert reading.is_explicit
    assert (reading.name, reading.date.strip()) == (name, date)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Anna says:", "Anna"),
        ("Anna said...", "Anna"),
        ("Elvira dijo...", "Elvira"),
        ("Hauke hat gesagt…", "Hauke"),
        ("By John Smith", "John Smith"),
    ],
)
def test_a_byline_without_a_date_names_somebody(line: str, name: str) -> None:
    reading = read(line)
    assert reading is not None
    assert (reading.name, reading.date, reading.is_explicit) == (name, "", True)


@pytest.mark.parametrize(
    ("line", "name", "date"),
    [
        ("Anna | 3 May 2008", "Anna", "3 May 2008"),
        ("Anna (May 3, 2008 4:00 PM)", "Anna", "May 3, 2008 4:00 PM"),
        ("1. Anna - May 3, 2008 @ 10:00 am", "Anna", "May 3, 2008 @ 10:00 am"),
        ("[ November 9, 2011 ]", "", "November 9, 2011"),
        ("Posted on February 28, 2018 at 10:17 PM in Books", "", "February 28, 2018 at 10:17 PM"),
        ("3 days ago", "", "3 days ago"),
    ],
)
def test_a_bare_line_is_read_but_not_taken_for_certain(line: str, name: str, date: str) -> None:
    reading = read(line)
    assert reading is not None
    assert not reading.is_explicit
    assert (reading.name, reading.date) == (name, date)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Read more",
        "By the time we came home, the lamp had learned to whistle in three keys",
        "It was a long and sunny afternoon, and nobody said anything at all about the mule",
        "Date: 1/Jan 0001",
    ],
)
def test_other_lines_are_no_bylines(line: str) -> None:
    assert read(line) is None


def test_a_long_line_is_only_read_when_it_begins_as_a_byline() -> None:
    sentence = (
        "We met them on May 3, 2008, and after a while it turned out that they had brought" * 2
    )
    assert read(sentence) is None


def _bylines(html: str) -> list[Byline]:
    return bylines(Outline(parse(html).root))


def test_the_link_of_a_name_is_found_and_its_words_are_the_name() -> None:
    found = _bylines(
        "<p>Posted by: <a href='http://b.example/'>Basso, the Second</a> | May 3, 2008 2:22 PM</p>"
    )
    assert [(b.name, b.link is not None) for b in found] == [("Basso, the Second", True)]


def test_name_and_date_on_neighbouring_lines_are_one_byline() -> None:
    found = _bylines("<div>Anna says:</div><div>May 3, 2008 at 4:15 pm</div><p>Hello.</p>")
    assert [(b.name, b.date) for b in found] == [("Anna", "May 3, 2008 at 4:15 pm")]
    assert found[0].end > found[0].first.end


def test_a_date_takes_the_short_marked_up_line_beside_it_as_its_name() -> None:
    found = _bylines(
        "<cite class='fn'>Amy</cite><div>Tuesday, June 19, 2007 at 6:09 pm</div><p>Hi</p>"
    )
    assert [(b.name, b.is_explicit) for b in found] == [("Amy", False)]


def test_bylines_inside_an_element_are_found_by_their_place() -> None:
    page = Outline(
        parse("<p>by Ann on May 1, 2001</p><div id='d'><p>by Bob on May 2, 2001</p></div>").root
    )
    box = next(node for node in page.start if node.get("id") == "d")
    assert [b.name for b in inside(bylines(page), page, box)] == ["Bob"]


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("Sunday, May 3, 2009 - Two shows", "Two shows"),
        ("May 3, 2009", ""),
        ("Two shows", "Two shows"),
    ],
)
def test_what_stands_beside_a_date_is_kept(line: str, rest: str) -> None:
    assert beside_date(line) == rest


def test_a_title_with_a_time_in_it_is_no_date() -> None:
    dated = {b.first.words: b.is_date for b in _bylines("<h3>3AM Musings</h3><h2>May 3, 2004</h2>")}
    assert dated == {"3AM Musings": False, "May 3, 2004": True}
