from __future__ import annotations

from datetime import date, datetime

import pytest
from lxml import html

from archiver.crawl.ledger import Lease
from archiver.crawl.novelty import Novelty
from archiver.crawl.traps import Traps
from archiver.model import (
    Body,
    Comment,
    Extraction,
    Follow,
    Media,
    Moment,
    PageKind,
    Post,
    Precision,
    Role,
    Source,
    Url,
)
from pipelines.state import CrawlState

A = "http://anna.example"
TRAPS = Traps(today=date(2024, 6, 15))
EMPTY = html.document_fromstring("<html><body><p>Nothing here.</p></body></html>")


def lease(path: str, role: Role = Role.OTHER, barren: int = 0) -> Lease:
    return Lease(id=1, url=Url(A + path), host="anna.example", role=role, priority=5, barren=barren)


def listing(*ids: str) -> Extraction:
    return Extraction(
        page_kind=PageKind.ARCHIVE,
        extractor="t",
        confidence=1.0,
        posts=tuple(post(native_id=post_id) for post_id in ids),
    )


def post(native_id: str | None = None, text: str = "", picture: str = "", day: int = 0) -> Post:
    body = Body(html="", text=text, media=(Media(url=Url(picture)),) if picture else ())
    local = datetime(2009, 5, day) if day else None
    return Post(
        aliases=(f"native:{native_id}",),
        source=Source.MACHINE,
        page_kind=PageKind.POST,
        native_id=native_id,
        title="A day",
        body=body,
        published=Moment(text="", local=local, precision=Precision.DAY),
    )


def single(of: Post, *comments: str) -> Extraction:
    return Extraction(
        page_kind=PageKind.POST,
        extractor="t",
        confidence=1.0,
        posts=(of,),
        comments=tuple(
            Comment(post_aliases=of.aliases, source=Source.MACHINE, native_id=comment)
            for comment in comments
        ),
    )


def page(text: str) -> html.HtmlElement:
    return html.document_fromstring(f"<html><body>{text}</body></html>")


@pytest.fixture
def asked() -> set[str]:
    return set()


@pytest.fixture
def novelty(state: CrawlState, asked: set[str]) -> Novelty:
    return Novelty(state, TRAPS, asked.__contains__)


def test_a_pager_that_shows_the_same_posts_for_ever_is_closed(novelty: Novelty) -> None:
    fetched = 0
    for number in range(1, 100):
        if novelty.rule_against(Url(f"{A}/page/{number}/"), Role.LISTING, 1):
            break
        fetched += 1
        novelty.observe(lease(f"/page/{number}/", Role.LISTING), listing("1", "2"), EMPTY)
    assert fetched <= 10
    assert novelty.rule_against(Url(f"{A}/page/99/"), Role.LISTING, 1) == "trap.barren-pattern"


def test_a_pager_is_open_as_long_as_it_shows_other_posts(novelty: Novelty) -> None:
    for number in range(1, 100):
        shown = listing(str(number), str(number + 1))
        assert novelty.observe(lease(f"/page/{number}/", Role.LISTING), shown, EMPTY) == 0
    assert novelty.rule_against(Url(f"{A}/page/100/"), Role.LISTING) is None


def test_posts_that_the_feed_has_told_do_not_make_a_pager_barren(novelty: Novelty) -> None:
    novelty.observe(lease("/feed/", Role.FEED), listing(*map(str, range(100))), None)
    for number in range(1, 50):
        shown = listing(str(number), str(number + 1))
        assert novelty.observe(lease(f"/page/{number}/", Role.LISTING), shown, EMPTY) == 0


def test_a_chain_of_barren_pages_ends_whatever_their_patterns(novelty: Novelty) -> None:
    barren = 0
    for number in range(8):
        seen = lease(f"/room{'x' * number}/", barren=barren)
        assert novelty.rule_against(seen.url, seen.role, barren) is None
        barren = novelty.observe(seen, None, EMPTY)
    assert novelty.rule_against(Url(f"{A}/last/"), Role.POST, barren) == "trap.barren-chain"
    assert novelty.rule_against(Url(f"{A}/last/"), Role.POST, 0) is None


def test_news_ends_a_chain(novelty: Novelty) -> None:
    assert novelty.observe(lease("/a/", barren=7), listing("1"), EMPTY) == 0


@pytest.mark.parametrize("role", [Role.POST, Role.API, Role.FEED, Role.COMMENT_PAGE])
def test_what_is_asked_once_per_post_is_not_closed_by_the_empty_ones(
    novelty: Novelty, role: Role
) -> None:
    for number in range(50):
        novelty.observe(lease(f"/?feed=rss2&p={number}", role), None, None)
    assert novelty.rule_against(Url(f"{A}/?feed=rss2&p=99"), role) is None
    assert novelty.rule_against(Url(f"{A}/?feed=rss2&p=99"), Role.OTHER) == "trap.barren-pattern"


def test_listings_on_fruitful_pages_may_be_empty_more_often(novelty: Novelty) -> None:
    for month in range(1, 13):
        novelty.observe(lease(f"/list/{month}/", Role.LISTING), None, EMPTY)
    assert novelty.rule_against(Url(f"{A}/list/13/"), Role.LISTING, 0) is None
    assert novelty.rule_against(Url(f"{A}/list/13/"), Role.LISTING, 1) == "trap.barren-pattern"


def test_pages_without_posts_are_fruitful_by_their_text(novelty: Novelty) -> None:
    words = "one two three four five six seven eight nine ten eleven twelve"
    for number, word in enumerate(words.split()):
        essay = page(f"<p>{word} is what this page is about, at some length: {word * 30}</p>")
        assert novelty.observe(lease(f"/essays/{number}.html"), None, essay) == 0


def test_numbers_menus_and_scripts_are_no_news(novelty: Novelty) -> None:
    for number in range(12):
        calendar = page(
            f"<script>var now = '{'x' * 90}{chr(97 + number)}';</script>"
            f"<h1>Days of {2000 + number}</h1><ul><li>About this blog and me</li></ul>"
            f"<table><tr><td>{number}</td></tr></table>"
        )
        novelty.observe(lease(f"/days/{2000 + number}/"), None, calendar)
    assert novelty.rule_against(Url(f"{A}/days/2031/"), Role.OTHER) == "trap.barren-pattern"


def test_pages_with_other_pictures_are_fruitful(novelty: Novelty) -> None:
    for number in range(12):
        picture = page(f"<img src='/photos/{number}.jpg'><img src='/counter.gif?{number}'>")
        assert novelty.observe(lease(f"/photo/{number}"), None, picture) == 0
    counter = page("<img src='/counter.gif?99'>")
    assert novelty.observe(lease("/photo/99"), None, counter) == 1


def test_a_calendar_that_poses_as_posts_is_seen_through(novelty: Novelty) -> None:
    months = ("January", "February", "March", "April", "May", "June", "July", "August")
    for number, month in enumerate(months):
        posed = single(post(text=f"{month} {2000 + number}: no entries"))
        novelty.observe(lease(f"/cal/{number}/"), posed, EMPTY)
    assert novelty.observe(lease("/cal/9/"), single(post(text="May 1999: no entries")), EMPTY) == 1


def test_photo_posts_without_words_are_told_apart_by_their_picture(novelty: Novelty) -> None:
    for number in range(12):
        shown = single(post(picture=f"{A}/{number}.jpg"))
        assert novelty.observe(lease(f"/day{number}/"), shown, EMPTY) == 0


def test_a_second_view_of_every_post_is_closed(novelty: Novelty, asked: set[str]) -> None:
    words = ["tea", "milk", "bread", "salt", "oil", "rice", "plums", "figs", "oats", "rye"]
    for number, word in enumerate(words):
        asked.add(f"{A}/{word}-day/")
        novelty.observe(lease(f"/{word}-day/", Role.POST), single(post(str(number))), EMPTY)
    fetched = 0
    for number, word in enumerate(words):
        if novelty.rule_against(Url(f"{A}/{word}-day/print/"), Role.OTHER):
            break
        fetched += 1
        novelty.observe(lease(f"/{word}-day/print/"), single(post(str(number))), EMPTY)
    assert fetched == 8
    assert novelty.rule_against(Url(f"{A}/figs-day/print/"), Role.OTHER) == "trap.duplicate-view"
    assert novelty.rule_against(Url(f"{A}/figs-day/print/"), Role.LISTING) is None
    assert novelty.rule_against(Url(f"{A}/figs-day/"), Role.OTHER) is None


def test_another_page_of_a_posts_comments_is_no_duplicate(novelty: Novelty) -> None:
    novelty.observe(lease("/a-day/", Role.POST), single(post("1"), "c1"), EMPTY)
    second = lease("/a-day/?page=2", Role.COMMENT_PAGE)
    assert novelty.observe(second, single(post("1"), "c2"), EMPTY) == 0
    assert novelty.observe(second, single(post("1"), "c1"), EMPTY) == 1


def test_links_to_posts_of_another_form_are_news_and_to_its_own_form_are_not(
    novelty: Novelty,
) -> None:
    def leads_to(path: str) -> Extraction:
        return Extraction(
            page_kind=PageKind.OTHER,
            extractor="t",
            confidence=1.0,
            follow=(Follow(url=Url(A + path), role=Role.POST),),
        )

    assert novelty.observe(lease("/cal/1/"), leads_to("/2009/05/a-day/"), EMPTY) == 0
    assert novelty.observe(lease("/cal/2/"), leads_to("/cal/3/"), EMPTY) == 1


def test_tags_are_combined_only_when_each_is_a_tag_of_the_blog(novelty: Novelty) -> None:
    def judge(path: str) -> str | None:
        return novelty.rule_against(Url(A + path), Role.LISTING)

    assert judge("/tag/new+york/") is None
    assert [judge(f"/tag/{tag}/") for tag in ("tea", "milk")] == [None, None]
    assert judge("/tag/tea+milk/") == "trap.tag-combination"
    assert judge("/tag/tea+york/") is None
    assert judge("/tag/tea/milk/page/2/") == "trap.tag-combination"


def test_empty_calendars_far_from_the_posts_are_closed_at_once(novelty: Novelty) -> None:
    novelty.observe(lease("/", Role.LISTING), single(post("1", day=3)), EMPTY)
    far, near = Url(f"{A}/cal/2003/01/"), Url(f"{A}/cal/2008/08/")
    assert novelty.rule_against(far, Role.LISTING, 1) == "trap.calendar-range"
    assert novelty.rule_against(far, Role.LISTING, 0) is None
    assert novelty.rule_against(near, Role.LISTING, 1) is None


def test_all_forms_of_a_sites_calendar_count_as_one(novelty: Novelty) -> None:
    for month in range(1, 9):
        form = f"/cal/2009/{month:02}/" if month % 2 else f"/?m=2009{month:02}"
        novelty.observe(lease(form, Role.LISTING), None, EMPTY)
    closed = novelty.rule_against(Url(f"{A}/days/2009/09/"), Role.LISTING, 1)
    assert closed == "trap.barren-pattern"


def test_what_was_closed_stays_closed_after_a_restart(state: CrawlState, novelty: Novelty) -> None:
    for number in range(8):
        novelty.observe(lease(f"/guests?page={number}"), None, EMPTY)
    again = Novelty(state, TRAPS, lambda url: False)
    assert again.rule_against(Url(f"{A}/guests?page=9"), Role.OTHER) == "trap.barren-pattern"


def test_a_rule_that_is_off_closes_nothing(state: CrawlState) -> None:
    off = Traps(
        today=date(2024, 6, 15), disabled=frozenset({"trap.barren-pattern", "trap.barren-chain"})
    )
    novelty = Novelty(state, off, lambda url: False)
    for number in range(20):
        novelty.observe(lease(f"/guests?page={number}", barren=number), None, EMPTY)
    assert novelty.rule_against(Url(f"{A}/guests?page=99"), Role.OTHER, 20) is None


def test_requisites_and_sitemaps_are_never_closed(novelty: Novelty) -> None:
    for number in range(20):
        novelty.observe(lease(f"/img?id={number}", Role.REQUISITE), None, None)
    assert novelty.rule_against(Url(f"{A}/img?id=99"), Role.REQUISITE, 20) is None
    assert novelty.rule_against(Url(f"{A}/sitemap?page=99"), Role.SITEMAP, 20) is None
