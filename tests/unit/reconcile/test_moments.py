"""One moment out of several statements."""

from __future__ import annotations

from datetime import UTC, datetime

from archiver.model import Moment, Precision, Source, ZoneSource
from archiver.reconcile.moments import believed, disagreements
from archiver.zones import learn

PAGE = Moment(
    text="March 3, 2008 at 9:15 am",
    local=datetime(2008, 3, 3, 9, 15),
    precision=Precision.MINUTE,
    source=Source.TEXT,
)
FEED = Moment(
    text="Mon, 03 Mar 2008 14:15:42 +0000",
    instant=datetime(2008, 3, 3, 14, 15, 42, tzinfo=UTC),
    local=datetime(2008, 3, 3, 14, 15, 42),
    precision=Precision.SECOND,
    zone="+00:00",
    zone_source=ZoneSource.FEED,
    source=Source.FEED,
)
NEW_YORK = [
    (datetime(2008, month, 1, 14, tzinfo=UTC), datetime(2008, month, 1, hour))
    for month, hour in ((1, 9), (2, 9), (7, 10), (8, 10))
]


def test_the_feed_gives_the_instant_and_the_page_the_wall_clock() -> None:
    moment = believed([PAGE, FEED], None)
    assert moment is not None
    assert moment.instant == FEED.instant
    assert moment.local == datetime(2008, 3, 3, 9, 15, 42)
    assert (moment.zone, moment.zone_source) == ("-05:00", ZoneSource.FEED)
    assert moment.text == PAGE.text


def test_a_bare_wall_clock_gets_no_instant_without_a_ground() -> None:
    moment = believed([PAGE], None)
    assert moment is not None
    assert moment.instant is None


def test_a_learned_zone_is_a_ground() -> None:
    moment = believed([PAGE], learn(NEW_YORK))
    assert moment is not None
    assert moment.instant == datetime(2008, 3, 3, 14, 15, tzinfo=UTC)
    assert moment.zone_source is ZoneSource.FEED


def test_a_feed_of_another_day_does_not_take_the_pages_words() -> None:
    other = Moment(
        text="2011",
        instant=datetime(2011, 1, 1, tzinfo=UTC),
        precision=Precision.SECOND,
        source=Source.FEED,
    )
    moment = believed([PAGE, other], None)
    assert moment is not None
    assert moment.text == "2011"


def test_two_instants_that_differ_are_an_issue() -> None:
    later = Moment(
        text="2008-03-03T15:15:42+00:00",
        instant=datetime(2008, 3, 3, 15, 15, 42, tzinfo=UTC),
        precision=Precision.SECOND,
        source=Source.MACHINE,
    )
    assert [issue.code for issue in disagreements([FEED, later], "published")] == [
        "date.disagreement"
    ]
    assert disagreements([FEED, PAGE], "published") == []


def _machine(zone: str, instant: datetime) -> Moment:
    return Moment(
        text=f"2008-07-03T09:15{zone}",
        instant=instant,
        local=datetime(2008, 7, 3, 9, 15),
        precision=Precision.MINUTE,
        zone=zone,
        zone_source=ZoneSource.PAGE,
        source=Source.MACHINE,
    )


def test_a_page_that_prints_todays_offset_on_an_old_post_is_corrected_by_the_feeds() -> None:
    moment = believed(
        [_machine("-05:00", datetime(2008, 7, 3, 14, 15, tzinfo=UTC))], learn(NEW_YORK)
    )
    assert moment is not None
    assert moment.instant == datetime(2008, 7, 3, 13, 15, tzinfo=UTC)
    assert moment.zone_source is ZoneSource.FEED


def test_a_page_that_prints_utc_is_not_corrected() -> None:
    stated = _machine("+00:00", datetime(2008, 7, 3, 9, 15, tzinfo=UTC))
    moment = believed([stated], learn(NEW_YORK))
    assert moment is not None
    assert moment.instant == stated.instant
