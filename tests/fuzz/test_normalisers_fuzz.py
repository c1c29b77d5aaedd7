"""Whatever a page holds, the normalisers answer; and what templates print, they read back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from archiver.drafts import AuthorDraft, DateDraft
from archiver.model import Moment, Precision, Source
from archiver.normalisers import authors, bodies, counts, dates, languages
from archiver.normalisers.body_policy import KEPT
from archiver.normalisers.dates import DateHints

BASE = "http://blog.example.com/2008/03/tea.html"
CAPTURED = datetime(2010, 6, 15, 12, 0, tzinfo=UTC)

# Pieces of dates and of other texts, so that random texts come near to what templates print.
PIECES = st.sampled_from(
    (
        "3", "12", "31", "2008", "08", "99", "0", "24:00", "7:05", "PM", "14h05", "March", "mars",
        "März", "marca", "3月", "5日",
        "2008年", "T", "Z", "+0200", "UTC", "am", "ago", "vor",
        "Tagen", "hours", "years", "yesterday", "Posted", "by", "at", "on", "|", ",", ".", "/", "-",
        "'",
        "(", ")", "st", "de", "tháng", "۱۳۸۷", "اسفند", "พ.ค.", "١٢", "listopada", "Mon", "mar",
        "1e9",
        "1204725933", "2008-03-05", "00:00", "الساعة",
        "午後", "年",
    )
)  # fmt: skip
DATE_LIKE = st.lists(PIECES, max_size=9).map(" ".join) | st.lists(PIECES, max_size=7).map("".join)
TEXTS = st.text(max_size=60) | DATE_LIKE
HINTS = st.builds(
    DateHints,
    languages=st.sampled_from([(), ("en",), ("de-AT",), ("hu", "en"), ("ja",), ("xx",)]),
    order=st.sampled_from([None, "dmy", "mdy", "ymd"]),
    zone=st.sampled_from([None, "Europe/Paris", "+05:30", "nowhere", "America/Sao_Paulo"]),
    reference=st.sampled_from([None, CAPTURED]),
    post_local=st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)),
)


def check(moment: Moment) -> None:
    """What holds for every moment."""
    assert (moment.local is None) == (moment.precision is Precision.NONE)
    if moment.instant is not None:
        assert moment.instant.tzinfo is UTC
        assert moment.zone
        assert moment.zone_source is not None
        assert moment.precision in (Precision.SECOND, Precision.MINUTE)
    if moment.local is not None:
        assert 1971 <= moment.local.year <= 2101
        if moment.precision in (Precision.DAY, Precision.MONTH, Precision.YEAR):
            assert moment.local.time().isoformat() == "00:00:00"


@given(text=TEXTS, hints=HINTS)
def test_any_text_gives_a_moment_that_keeps_its_promises(text: str, hints: DateHints) -> None:
    moment = dates.parse(text, hints)
    check(moment)
    assert moment == dates.parse(text, hints)


@given(
    draft=st.builds(
        DateDraft,
        text=st.none() | TEXTS,
        machine=st.none() | TEXTS,
        day_text=st.none() | TEXTS,
        epoch_ms=st.none() | st.integers(-(10**18), 10**18),
        trust_offset=st.booleans(),
        source=st.sampled_from(Source),
    ),
    hints=HINTS,
)
def test_any_draft_of_a_date_is_resolved(draft: DateDraft, hints: DateHints) -> None:
    moment = dates.resolve(draft, hints)
    if moment is not None:
        check(moment)
        assert moment.text


WALL_CLOCKS = st.datetimes(datetime(1995, 1, 1), datetime(2009, 12, 31)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
TEMPLATES = st.sampled_from(
    (
        "%A, %B %d, %Y at %I:%M %p",
        "Posted by Vera at %B %d, %Y %I:%M %p in Tea | Permalink",
        "%d %b %Y %H:%M",
        "%H:%M, %d. %B %Y",
        "%Y-%m-%d %H:%M",
        "%Y年%m月%d日 %H:%M",
        "%a %b %d %H:%M:00 %Y",
        "%a, %d %b %Y %H:%M:00",
        "This entry was posted on %A, %B %d, %Y at %I:%M %p and is filed under Tea.",
    )
)


@given(moment=WALL_CLOCKS, template=TEMPLATES)
def test_what_a_template_prints_is_read_back(moment: datetime, template: str) -> None:
    assert dates.parse(moment.strftime(template)).local == moment


@given(moment=WALL_CLOCKS, order=st.sampled_from(("dmy", "mdy")), mark=st.sampled_from("/.-"))
def test_numbers_are_read_in_the_order_that_the_site_uses(
    moment: datetime, order: str, mark: str
) -> None:
    day, month = f"{moment:%d}", f"{moment:%m}"
    text = mark.join((day, month) if order == "dmy" else (month, day)) + f"{mark}{moment:%Y %H:%M}"
    hints = DateHints(order="dmy" if order == "dmy" else "mdy")
    assert dates.parse(text, hints).local == moment


@given(moment=WALL_CLOCKS, minutes=st.integers(-56, 56).map(lambda quarters: 15 * quarters))
def test_iso_values_keep_their_instant(moment: datetime, minutes: int) -> None:
    sign = "-" if minutes < 0 else "+"
    offset = f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    found = dates.resolve(DateDraft(machine=f"{moment:%Y-%m-%dT%H:%M:%S}{offset}"))
    assert found is not None
    assert found.local == moment
    assert found.instant == (moment - timedelta(minutes=minutes)).replace(tzinfo=UTC)


@given(st.lists(TEXTS, max_size=6))
def test_any_texts_give_an_order_or_none(texts: list[str]) -> None:
    assert dates.order_evidence(texts) in (None, "dmy", "mdy", "ymd")


ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w")


@given(
    text=st.none() | TEXTS | st.emails(),
    href=st.none() | st.text(max_size=40) | st.emails().map("mailto:{}".format),
    title=st.none() | st.text(max_size=40),
)
def test_any_draft_of_an_author_is_understood(
    text: str | None, href: str | None, title: str | None
) -> None:
    author = authors.parse(AuthorDraft(text=text, href=href, title=title), BASE)
    if author is not None:
        assert author.url is None or author.url.startswith(("http://", "https://"))
        assert author.name is None or author.name == " ".join(author.name.split())
        assert author.name != ""


@given(st.emails())
def test_no_address_of_a_commenter_is_kept(address: str) -> None:
    author = authors.parse(AuthorDraft(text=f"{address} says:", href=f"mailto:{address}"), BASE)
    assert author is None or not ADDRESS.search(f"{author.name} {author.raw} {author.url}")


TAGS = (
    "p", "b", "i", "a", "div", "span", "br", "img", "pre", "li", "ul", "td", "table", "script",
    "style", "object", "embed", "iframe", "form", "wbr", "font",
)  # fmt: skip
ATTRIBUTES = (
    'href="/x"', 'href="javascript:x"', 'src="y.gif"', 'class="sharedaddy"', 'style="display:none"',
    'onclick="x"', 'data-src="z.jpg"', 'srcset="a 1x, b 2x"', 'alt=":)"', "hidden", 'width="1"',
)  # fmt: skip
MARKUP = st.lists(
    st.builds("<{} {}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES))
    | st.builds("</{}>".format, st.sampled_from(TAGS))
    | st.sampled_from(["<!-- c -->", "<!--", "]]>", "<", "&", "&amp;lt;", "\x00", "&#0;", "\ud7ff"])
    | st.text(max_size=12),
    max_size=14,
).map("".join)


@given(MARKUP)
def test_any_markup_gives_a_body_that_is_clean_and_stays_so(markup: str) -> None:
    body = bodies.clean(markup, BASE)
    again = bodies.clean(body.html, BASE)
    assert again.html == bodies.clean(again.html, BASE).html
    for element in html.fromstring(f"<div>{body.html}</div>").iter():
        assert element.tag in KEPT
        assert all(name in KEPT[element.tag] for name in element.attrib)
        assert not element.get("href", "").startswith(("javascript:", "data:"))
    assert body.text == body.text.strip()
    assert "\n\n\n" not in body.text or "<pre" in body.html
    assert all(link.url for link in body.links)
    assert [medium.position for medium in body.media] == list(range(1, len(body.media) + 1))


@given(MARKUP)
def test_reading_a_body_leaves_the_tree_as_it_was(markup: str) -> None:
    clean = markup.replace("\x00", "")
    page = html.document_fromstring(f"<html><body><div>{clean}</div></body></html>")
    before = etree.tostring(page)
    bodies.clean(page, BASE, exclude=tuple(page.iter("b")))
    assert etree.tostring(page) == before


@given(st.text(max_size=80) | MARKUP)
def test_any_title_is_one_line(text: str) -> None:
    words = bodies.plain(text)
    assert words == " ".join(words.split())


@given(st.text(max_size=80), st.integers(0, 99_999))
def test_any_words_of_a_count_are_understood(text: str, number: int) -> None:
    found = counts.count(text)
    assert found is None or found >= 0
    assert counts.count(f"{number} Responses to “{text}”") == number
    assert counts.count(f"Kommentare ({number})") == number


@given(st.text(max_size=300))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert languages.detect(text) is None or languages.detect(f"{text} ") is not None
