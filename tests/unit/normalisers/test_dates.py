"""Dates as blogs print them: what is read, what stays in doubt, what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archiver.drafts import DateDraft
from archiver.model import Moment, Precision, Source, ZoneSource
from archiver.normalisers.dates import (
    DateHints,
    order_agreeing,
    order_evidence,
    parse,
    resolve,
)

CAPTURED = datetime(2010, 6, 15, 12, 0, tzinfo=UTC)
HINTS = DateHints(reference=CAPTURED)
BY_LANGUAGE = Path(__file__).with_name("dates_by_language.tsv")


def local(text: str, **hints: object) -> str | None:
    """The wall clock of a text, to the precision it states; None when it states none."""
    moment = parse(text, DateHints(reference=CAPTURED, **hints))  # type: ignore[arg-type]
    return shown(moment)


def shown(moment: Moment | None) -> str | None:
    if moment is None or moment.local is None:
        return None
    length = {"second": 19, "minute": 16, "day": 10, "month": 7, "year": 4}[moment.precision]
    return moment.local.isoformat(" ")[:length]


def by_language() -> list[tuple[str, str, str]]:
    lines = BY_LANGUAGE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(language, day, text) for language, day, text in rows]


@pytest.mark.parametrize("language", sorted({row[0] for row in by_language()}))
def test_every_month_of_a_language_is_read_as_cldr_writes_it(language: str) -> None:
    rows = [row for row in by_language() if row[0] == language]
    read = {text: local(text, languages=(language,)) for _, _, text in rows}
    assert read == {text: f"{day} 21:05:00" for _, day, text in rows}


def test_more_than_forty_languages_are_known() -> None:
    assert len({row[0] for row in by_language()}) >= 40


def test_months_are_read_without_knowing_the_language() -> None:
    texts = [(text, f"{day} 21:05:00") for _, day, text in by_language() if day[5:7] not in "06 07"]
    # Listopad is October in Croatian and November in Polish; some noon words need their language.
    unread = [text for text, expected in texts if local(text) != expected]
    assert len(unread) <= 0.01 * len(texts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Posted by Vera at February  9, 2005 06:52 PM in CATS | Permalink", "2005-02-09 18:52"),
        (
            "This entry was posted on Friday, October 3rd, 2008 at 2:20 am and is filed under Tea",
            "2008-10-03 02:20",
        ),
        ("1:13 PM, June 28, 2005", "2005-06-28 13:13"),
        ("Par Luc le jeudi, février 26 2008, 14:05", "2008-02-26 14:05"),
        ("Mon Feb  4 14:05:33 2008", "2008-02-04 14:05:33"),
        ("March  7, 2008", "2008-03-07"),
        ("February 26, 2008  3:12 PM", "2008-02-26 15:12"),
        ("Jan. 2nd, 2009", "2009-01-02"),
        ("le 3 mars 2007 à 14h05", "2007-03-03 14:05"),
        ("5 de marzo de 2008 a las 10:31", "2008-03-05 10:31"),
        ("a las 10:31 de la tarde del 5 de marzo de 2008", "2008-03-05 22:31"),
        ("5. März 2008 um 14.05 Uhr", "2008-03-05 14:05"),
        ("Thursday, 01 December 2005 at 01:09 PM", "2005-12-01 13:09"),
        ("Jan 19, 2006 5:09:24 PM", "2006-01-19 17:09:24"),
        ("Monday, April 27, 2009 at 9:18AM", "2009-04-27 09:18"),
        ("10-Mar-04", "2004-03-10"),
        ("12 May 08", "2008-05-12"),
        ("2008. gada 5. marts", "2008-03-05"),
        ("2008 m. kovo 5 d.", "2008-03-05"),
        ("2008. március 5.", "2008-03-05"),
        ("ngày 5 tháng 3 năm 2008", "2008-03-05"),
        ("Tháng Ba 5, 2008", "2008-03-05"),
        ("mar. 4 mars 2008", "2008-03-04"),
        ("d'abril 5 del 2008", "2008-04-05"),
        ("MAYIS 5, 2008", "2008-05-05"),
        ("5 fevrier 2008", "2008-02-05"),
        ("March 2008", "2008-03"),
        ("03/2008", "2008-03"),
        ("2008", "2008"),
    ],
)
def test_dates_are_found_in_the_words_of_templates(text: str, expected: str) -> None:
    assert local(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2005年3月 5日 12:34", "2005-03-05 12:34"),
        ("2005年3月5日(土) 午後2時05分", "2005-03-05 14:05"),
        ("平成20年3月5日", "2008-03-05"),
        ("民國97年3月5日", "2008-03-05"),
        ("3月 5th, 2008", "2008-03-05"),
        ("三月 5th, 2008", "2008-03-05"),
        ("2008년 3월 5일 오후 2:05", "2008-03-05 14:05"),
        ("２００８年３月５日", "2008-03-05"),
        ("٥ مارس ٢٠٠٨", "2008-03-05"),
        ("๕ มีนาคม ๒๕๕๑", "2008-03-05"),
        ("5 มี.ค. 2551", "2008-03-05"),
        ("۱۲ اسفند ۱۳۸۶", "2008-03-02"),
        ("1387/05/12", "2008-08-02"),
        ("5 במרץ 2008", "2008-03-05"),
    ],
)
def test_other_digits_and_calendars_are_understood(text: str, expected: str) -> None:
    assert local(text) == expected


@pytest.mark.parametrize(
    ("text", "languages", "expected"),
    [
        ("5. mars 2008 2:05 EM", (), "2008-03-05 14:05"),
        ("5. mars 2008 2:05 EH", (), "2008-03-05 14:05"),
        ("5. mars 2008 2:05 em", ("sv",), "2008-03-05 14:05"),
        ("5 de março de 2008 às 10:31 em Política", (), "2008-03-05 10:31"),
        ("2008. március 5. du. 2:05", ("hu",), "2008-03-05 14:05"),
        ("5 Mart 2008 ÖS 2:05", (), "2008-03-05 14:05"),
        ("March 5, 2008 12:05 AM", (), "2008-03-05 00:05"),
        ("March 5, 2008 12:05 p.m.", (), "2008-03-05 12:05"),
        ("5 March 2008, 24:00", (), "2008-03-06 00:00"),
    ],
)
def test_noon_words_count_where_they_are_noon_words(
    text: str, languages: tuple[str, ...], expected: str
) -> None:
    assert local(text, languages=languages) == expected


@pytest.mark.parametrize(
    ("text", "order", "languages", "expected", "ambiguous"),
    [
        ("28/01/08 21:53", None, (), "2008-01-28 21:53", False),
        ("02/26/2008", None, ("de",), "2008-02-26", False),
        ("Wed, 02/06/2008 - 14:05.", None, ("fr",), "2008-02-06 14:05", False),
        ("Wed, 06/02/2008 - 14:05.", None, ("en-US",), "2008-02-06 14:05", False),
        ("05.03.08 14:05", None, (), "2008-03-05 14:05", True),
        ("12/05/08 @ 08:16", None, ("en-US",), "2008-12-05 08:16", True),
        ("12/05/08 @ 08:16", None, ("en-GB",), "2008-05-12 08:16", True),
        ("12/05/08 @ 08:16", "dmy", ("en-US",), "2008-05-12 08:16", False),
        ("12/05/08 @ 08:16", "mdy", ("es",), "2008-12-05 08:16", False),
        ("28/01/08", "mdy", (), "2008-01-28", False),
        ("08-05-12", "ymd", (), "2008-05-12", False),
        ("99-05-12", None, (), "1999-05-12", False),
        ("04/04/2008", None, (), "2008-04-04", False),
        ("12. 5. 2008", None, ("cs",), "2008-05-12", True),
    ],
)
def test_day_and_month_are_told_apart_or_called_ambiguous(
    text: str,
    order: str | None,
    languages: tuple[str, ...],
    expected: str,
    ambiguous: bool,
) -> None:
    hints = DateHints(reference=CAPTURED, order=order, languages=languages)  # type: ignore[arg-type]
    moment = parse(text, hints)
    assert (shown(moment), moment.ambiguous) == (expected, ambiguous)


def test_nothing_is_written_before_its_post_or_after_its_capture() -> None:
    after_capture = DateHints(reference=CAPTURED, languages=("en-US",))
    before_post = DateHints(post_local=datetime(2008, 4, 2), languages=("en-US",))
    assert shown(parse("08/05/10", after_capture)) == "2010-05-08"
    assert parse("08/05/10", after_capture).ambiguous is False
    assert shown(parse("03/05/08", before_post)) == "2008-05-03"
    assert parse("05/06/08", before_post).ambiguous is True


def test_a_site_proves_its_order_with_one_day_above_twelve() -> None:
    assert order_evidence(["03/04/2008", "05/04/2008", "17/04/2008"]) == "dmy"
    assert order_evidence(["03/04/2008", "04/17/2008 at 10:00"]) == "mdy"
    assert order_evidence(["03/04/2008", "05/04/2008"]) is None
    assert order_evidence(["17/04/2008", "04/17/2008"]) is None
    assert order_evidence(["04/04/2008", "March 5, 2008"]) is None
    assert order_evidence(["Thu, 04/03/2008"]) == "mdy"


def test_a_date_known_from_a_feed_tells_the_order_of_a_page() -> None:
    assert order_agreeing("10/05/2017", date(2017, 10, 5)) == "mdy"
    assert order_agreeing("10/05/2017 at 11:30 PM", date(2017, 5, 11)) == "dmy"
    assert order_agreeing("10/10/2017", date(2017, 10, 10)) is None
    assert order_agreeing("October 5, 2017", date(2017, 10, 5)) is None


@pytest.mark.parametrize(
    ("text", "instant", "zone"),
    [
        ("2009-05-04 10:51 am (UTC)", "2009-05-04T10:51:00+00:00", "UTC"),
        ("January 1 2004, 09:57:17 UTC", "2004-01-01T09:57:17+00:00", "UTC"),
        ("Tue, 01 Jan 2008 00:00:00 +0200", "2007-12-31T22:00:00+00:00", "+02:00"),
        ("Tue, 1 Jan 08 9:05:00 EST", "2008-01-01T14:05:00+00:00", "-05:00"),
        ("Tue, 01 Jan 2008 00:00:00 XYZ", None, None),
        ("15. Januar 2009 11:22:33 MEZ", "2009-01-15T10:22:33+00:00", "+01:00"),
        ("May 3, 2008 10:00 GMT+2", "2008-05-03T08:00:00+00:00", "+02:00"),
        ("May 3, 2008 10:00-11:00", None, None),
    ],
)
def test_a_zone_counts_only_where_the_text_states_it(
    text: str, instant: str | None, zone: str | None
) -> None:
    moment = parse(text, HINTS)
    assert (moment.instant.isoformat() if moment.instant else None, moment.zone) == (instant, zone)
    assert moment.local is not None


@pytest.mark.parametrize(
    ("machine", "expected", "precision", "zone"),
    [
        ("2008-03-05T14:05:33+01:00", "2008-03-05 14:05:33", Precision.SECOND, "+01:00"),
        ("2008-03-05T14:05Z", "2008-03-05 14:05", Precision.MINUTE, "UTC"),
        ("20080305T140533Z", "2008-03-05 14:05:33", Precision.SECOND, "UTC"),
        ("2008-03-05 14:05:33.25 -0800", "2008-03-05 14:05:33", Precision.SECOND, "-08:00"),
        ("2008-03-05T14:05:33−08", "2008-03-05 14:05:33", Precision.SECOND, "-08:00"),
        ("2008-03-05T24:00:00", "2008-03-06 00:00:00", Precision.SECOND, None),
        ("2008-03-05T14:05:33+99:00", "2008-03-05 14:05:33", Precision.SECOND, None),
        ("2008-03-05", "2008-03-05", Precision.DAY, None),
        ("20080305", "2008-03-05", Precision.DAY, None),
        ("2008-W10-3", "2008-03-05", Precision.DAY, None),
        ("2008-065", "2008-03-05", Precision.DAY, None),
        ("2008-03", "2008-03", Precision.MONTH, None),
        ("2008", "2008", Precision.YEAR, None),
        ("20080305140533", "2008-03-05 14:05:33", Precision.SECOND, None),
        ("1204725933", "2008-03-05 14:05:33", Precision.SECOND, "UTC"),
        ("1204725933.25", "2008-03-05 14:05:33", Precision.SECOND, "UTC"),
        ("1204725933250", "2008-03-05 14:05:33", Precision.SECOND, "UTC"),
        ("Wed, 5 March 2008 14:05:33 GMT", "2008-03-05 14:05:33", Precision.SECOND, "UTC"),
    ],
)
def test_machine_values_are_read_in_all_their_forms(
    machine: str, expected: str, precision: Precision, zone: str | None
) -> None:
    moment = resolve(DateDraft(machine=machine), HINTS)
    assert moment is not None
    assert (shown(moment), moment.precision, moment.zone) == (expected, precision, zone)
    assert moment.source is Source.MACHINE
    assert (moment.instant is not None) == (zone is not None)


@pytest.mark.parametrize(
    "text",
    [
        "February 31, 2008",
        "30.02.2008",
        "0000-00-00",
        "2008-00-05",
        "2008/05/00",
        "0000-00-00T00:00:00+00:00",
        "November 30, -0001",
        "January 1, 1970",
        "1899-12-30",
        "January 1, 2050",
        "13/14/2008",
        "25:61",
        "hello",
        "3.5 stars",
        "version 192.168.12.12",
        "",
        "   ",
    ],
)
def test_what_is_no_date_of_a_blog_has_neither_instant_nor_clock(text: str) -> None:
    moment = parse(text, HINTS)
    assert (moment.instant, moment.local, moment.precision) == (None, None, Precision.NONE)
    assert moment.text == " ".join(text.split())


def test_a_year_less_date_takes_its_year_from_the_post() -> None:
    hints = DateHints(reference=CAPTURED, post_local=datetime(2007, 11, 3, 9, 30))
    same_year = parse("Nov 27, 12:27 PM", hints)
    next_year = parse("Jan 02, 12:27 PM", hints)
    same_day = parse("03/11 08:00", DateHints(post_local=hints.post_local, order="dmy"))
    assert (shown(same_year), same_year.year_inferred) == ("2007-11-27 12:27", True)
    assert (shown(next_year), next_year.year_inferred) == ("2008-01-02 12:27", True)
    assert shown(same_day) == "2007-11-03 08:00"


def test_a_year_less_date_without_its_post_stays_open() -> None:
    assert parse("Oct 27, 12:27 PM", HINTS).precision is Precision.NONE


def test_a_named_weekday_chooses_the_year_of_a_year_less_date() -> None:
    post = datetime(2005, 2, 1)
    assert local("Tuesday, March 6", post_local=post) == "2007-03-06"
    assert local("February 29", post_local=post) == "2008-02-29"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 years ago", "2007"),
        ("vor 2 Tagen", "2010-06-13"),
        ("il y a 3 semaines", "2010-05"),
        ("hace un año", "2009"),
        ("3 週間前", "2010-05"),
        ("2年前", "2008"),
        ("1 year, 2 months ago", "2009-04"),
        ("год назад", "2009"),
        ("2 dagen geleden", "2010-06-13"),
        ("5 hours ago", "2010-06-15"),
        ("about 10 minutes ago", "2010-06-15 11:50"),
        ("2d ago", "2010-06-13"),
        ("yesterday at 5:30 PM", "2010-06-14 17:30"),
        ("gestern", "2010-06-14"),
    ],
)
def test_times_ago_count_from_the_capture_with_their_own_precision(
    text: str, expected: str
) -> None:
    assert local(text) == expected


def test_times_ago_mean_nothing_without_a_capture_time() -> None:
    assert parse("3 years ago").precision is Precision.NONE


def test_a_zone_hint_gives_the_instant_with_daylight_saving_of_that_day() -> None:
    hints = DateHints(zone="Europe/Paris", zone_source=ZoneSource.CONFIG)
    winter = parse("January 5, 2008 14:05", hints)
    summer = parse("July 5, 2008 14:05", hints)
    day = parse("July 5, 2008", hints)
    assert winter.instant == datetime(2008, 1, 5, 13, 5, tzinfo=UTC)
    assert summer.instant == datetime(2008, 7, 5, 12, 5, tzinfo=UTC)
    assert (summer.zone, summer.zone_source) == ("Europe/Paris", ZoneSource.CONFIG)
    assert (day.instant, day.zone) == (None, None)


def test_an_unknown_zone_hint_is_no_zone() -> None:
    moment = parse("July 5, 2008 14:05", DateHints(zone="Mars/Olympus"))
    assert (moment.instant, moment.zone, shown(moment)) == (None, None, "2008-07-05 14:05")


def test_a_date_header_above_gives_a_time_its_day() -> None:
    draft = DateDraft(text="Posted by Vera at 10:08 PM in Tea", day_text="Friday, March 7, 2008")
    moment = resolve(draft, HINTS)
    assert moment is not None
    assert shown(moment) == "2008-03-07 22:08"
    assert moment.text == "Friday, March 7, 2008 Posted by Vera at 10:08 PM in Tea"
    assert moment.source is Source.TEXT


def test_a_full_date_needs_no_header() -> None:
    moment = resolve(DateDraft(text="March 8, 2008 1:00 AM", day_text="March 7, 2008"), HINTS)
    assert moment is not None
    assert (shown(moment), moment.text) == ("2008-03-08 01:00", "March 8, 2008 1:00 AM")


def test_a_header_alone_is_a_day() -> None:
    assert shown(resolve(DateDraft(day_text="March 7, 2008"), HINTS)) == "2008-03-07"
    assert shown(resolve(DateDraft(text="soon", day_text="March 7, 2008"), HINTS)) == "2008-03-07"


def test_a_header_gives_a_year_less_date_its_year() -> None:
    draft = DateDraft(text="Mar 7, 10:08 PM", day_text="Friday, March 7, 2008")
    assert shown(resolve(draft, HINTS)) == "2008-03-07 22:08"


def test_a_machine_value_wins_and_the_words_are_kept() -> None:
    draft = DateDraft(text="March 5, 2008 2:05 PM", machine="2008-03-05T14:05:33+01:00")
    moment = resolve(draft, HINTS)
    assert moment is not None
    assert moment.instant == datetime(2008, 3, 5, 13, 5, 33, tzinfo=UTC)
    assert moment.text == "March 5, 2008 2:05 PM"
    assert (moment.zone, moment.zone_source) == ("+01:00", ZoneSource.PAGE)


def test_words_beside_a_utc_instant_show_the_offset() -> None:
    draft = DateDraft(text="September 3, 2008 at 2:03 am", machine="2008-09-03T00:03:24Z")
    moment = resolve(draft, HINTS)
    assert moment is not None
    assert moment.instant == datetime(2008, 9, 3, 0, 3, 24, tzinfo=UTC)
    assert (shown(moment), moment.zone) == ("2008-09-03 02:03:24", "+02:00")


def test_words_that_cannot_be_the_same_time_do_not_move_an_instant() -> None:
    draft = DateDraft(text="September 3, 2008 at 2:11 am", machine="2008-09-03T00:03:24Z")
    moment = resolve(draft, HINTS)
    assert moment is not None
    assert (shown(moment), moment.zone) == ("2008-09-03 00:03:24", "UTC")


def test_an_offset_known_to_lie_leaves_a_wall_clock() -> None:
    draft = DateDraft(machine="2008-09-03T02:03:24+00:00", trust_offset=False)
    moment = resolve(draft, HINTS)
    assert moment is not None
    assert (moment.instant, moment.zone, shown(moment)) == (None, None, "2008-09-03 02:03:24")
    placed = resolve(draft, DateHints(zone="+02:00", zone_source=ZoneSource.FEED))
    assert placed is not None
    assert placed.instant == datetime(2008, 9, 3, 0, 3, 24, tzinfo=UTC)


def test_an_epoch_is_an_instant_and_the_words_are_its_clock() -> None:
    draft = DateDraft(
        text="9:50 AM", day_text="March 5, 2008", epoch_ms=1_204_739_433_000, source=Source.ID
    )
    moment = resolve(draft, HINTS)
    assert moment is not None
    assert moment.instant == datetime(2008, 3, 5, 17, 50, 33, tzinfo=UTC)
    assert (shown(moment), moment.zone) == ("2008-03-05 09:50:33", "-08:00")
    assert moment.source is Source.ID


def test_a_feed_instant_takes_the_blogs_own_clock_where_its_zone_is_known() -> None:
    draft = DateDraft(machine="Wed, 05 Mar 2008 23:30:00 +0000", source=Source.FEED)
    bare = resolve(draft, HINTS)
    placed = resolve(draft, DateHints(zone="Europe/Berlin", zone_source=ZoneSource.CONFIG))
    assert bare is not None
    assert placed is not None
    assert (shown(bare), bare.zone_source) == ("2008-03-05 23:30:00", ZoneSource.FEED)
    assert (shown(placed), placed.zone) == ("2008-03-06 00:30:00", "Europe/Berlin")
    assert placed.instant == bare.instant


def test_words_add_the_time_to_a_machine_day() -> None:
    draft = DateDraft(text="March 5, 2008, 2:05 PM", machine="2008-03-05")
    assert shown(resolve(draft, HINTS)) == "2008-03-05 14:05"
    other = DateDraft(text="April 5, 2008, 2:05 PM", machine="2008-03-05")
    assert shown(resolve(other, HINTS)) == "2008-03-05"


def test_an_unusable_machine_value_gives_way_to_the_words() -> None:
    draft = DateDraft(text="March 5, 2008", machine="0000-00-00T00:00:00+00:00")
    assert shown(resolve(draft, HINTS)) == "2008-03-05"


def test_an_empty_draft_is_no_moment() -> None:
    assert resolve(DateDraft(), HINTS) is None
    assert resolve(DateDraft(text="  ", machine=""), HINTS) is None
