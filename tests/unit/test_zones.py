"""A blog's zone is learned from moments known both ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from archiver.zones import Pair, learn


def _pairs(zone: str, *days: tuple[int, int, int]) -> list[Pair]:
    found = []
    for year, month, day in days:
        instant = datetime(year, month, day, 15, 30, 12, tzinfo=UTC)
        local = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0)
        found.append((instant, local))
    return found


def test_summer_and_winter_posts_prove_a_zone_with_its_clock_changes() -> None:
    zone = learn(_pairs("America/New_York", (2008, 1, 5), (2008, 7, 5), (2009, 2, 1), (2009, 8, 1)))
    assert zone is not None
    assert zone.name == "America/New_York"
    assert zone.offset(datetime(2008, 6, 1, 12)) == timedelta(hours=-4)
    assert zone.offset(datetime(2008, 12, 1, 12)) == timedelta(hours=-5)


def test_winter_posts_alone_say_nothing_about_summer() -> None:
    zone = learn(_pairs("America/New_York", (2008, 1, 5), (2008, 1, 9), (2008, 2, 1)))
    assert zone is not None
    assert zone.offset(datetime(2008, 1, 20, 12)) == timedelta(hours=-5)
    assert zone.offset(datetime(2008, 7, 20, 12)) is None


def test_a_server_that_changed_its_clock_is_believed_only_near_the_evidence() -> None:
    pairs = _pairs("Etc/GMT-4", (2005, 3, 1), (2005, 3, 9)) + _pairs("UTC", (2009, 3, 1))
    zone = learn(pairs)
    assert zone is not None
    assert zone.name is None
    assert zone.offset(datetime(2005, 3, 5, 12)) == timedelta(hours=4)
    assert zone.offset(datetime(2007, 3, 5, 12)) is None


def test_two_pairs_prove_nothing() -> None:
    assert learn(_pairs("UTC", (2008, 1, 5), (2008, 7, 5))) is None


def test_a_wrong_day_is_no_evidence() -> None:
    instant = datetime(2008, 1, 5, 12, tzinfo=UTC)
    assert learn([(instant, datetime(2008, 5, 1, 12))] * 5) is None


def test_each_era_of_a_blog_that_moved_has_its_own_zone() -> None:
    before = _pairs("America/Los_Angeles", (2004, 1, 5), (2004, 7, 5), (2005, 1, 5), (2005, 7, 5))
    after = _pairs("Europe/Berlin", (2008, 1, 5), (2008, 7, 5), (2009, 1, 5), (2009, 7, 5))
    zone = learn(before + after)
    assert zone is not None
    assert zone.name is None
    assert zone.offset(datetime(2004, 10, 5, 12)) == timedelta(hours=-7)
    assert zone.offset(datetime(2008, 10, 5, 12)) == timedelta(hours=2)
    assert zone.offset(datetime(2006, 12, 5, 12)) is None  # between the eras: when did it move?
