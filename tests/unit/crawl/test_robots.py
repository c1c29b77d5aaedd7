from __future__ import annotations

import pytest

from archiver.config import USER_AGENT
from archiver.crawl.robots import (
    Robots,
    RobotsFile,
    Ruling,
    product_token,
    readable,
    robots_url,
    ruling_on,
)
from archiver.model import Url
from pipelines.state import CrawlState

A = "http://anna.example"
NOW = 1_000_000.0


def allows(text: str, path: str, agent: str = "archiver") -> bool:
    return RobotsFile(Ruling.RULES, text.encode(), agent).allows(A + path)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /private/", "/private/a", False),
        ("Disallow: /private/", "/privately", True),
        ("Disallow:", "/anything", True),
        ("Disallow: /", "/anything", False),
        ("Disallow: /", "/robots.txt", True),
        ("Disallow: /*.gif$", "/a/b.gif", False),
        ("Disallow: /*.gif$", "/a/b.gif?x=1", True),
        ("Disallow: /a*z", "/a/long/way/z/and/on", False),
        ("Disallow: /fish$", "/fish", False),
        ("Disallow: /fish$", "/fishes", True),
        ("Disallow: /*?replytocom=", "/x/?replytocom=3", False),
        ("Disallow: /p\nAllow: /public", "/public/a", True),
        ("Allow: /p\nDisallow: /public", "/public/a", False),
        ("Allow: /page\nDisallow: /page", "/page", True),
        ("Disallow: /Case", "/case", True),
        ("Disallow: /a%C3%A4", "/aä", False),
        ("Disallow: /a%3cd.html", "/a%3Cd.html", False),
    ],
)
def test_paths_are_matched_as_the_rfc_says(rules: str, path: str, allowed: bool) -> None:
    assert allows(f"User-agent: *\n{rules}\n", path) is allowed


def test_the_group_that_names_the_crawler_counts_alone() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: Archiver\nDisallow: /shut\n"
    assert allows(text, "/open")
    assert not allows(text, "/shut")
    assert not allows(text, "/open", agent="otherbot")


def test_groups_of_one_name_are_one_group_and_names_share_a_group() -> None:
    text = (
        "User-agent: archiver\nDisallow: /a\n\nUser-agent: x\nUser-agent: archiver\nDisallow: /b\n"
    )
    assert not allows(text, "/a")
    assert not allows(text, "/b")


def test_a_byte_order_mark_comments_and_mac_line_ends_do_no_harm() -> None:
    text = "\ufeffUser-agent: * # all\rDisallow: /shut # really\r"
    assert not allows(text, "/shut")
    assert allows(text, "/open")


def test_a_page_of_html_or_of_bytes_rules_nothing() -> None:
    assert allows("<html><body>Not found</body></html>", "/x")
    assert RobotsFile(Ruling.RULES, b"\xff\xfe\x00garbage\x00", "archiver").allows(f"{A}/x")


def test_a_crawl_delay_counts_up_to_a_minute() -> None:
    def delay(value: str) -> float:
        text = f"User-agent: *\nCrawl-delay: {value}\n"
        return RobotsFile(Ruling.RULES, text.encode(), "archiver").delay_s

    assert [delay(v) for v in ("10", "2.5", "86400", "soon", "-1")] == [10.0, 2.5, 60.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("status", "ruling"),
    [
        (200, Ruling.RULES),
        (204, Ruling.RULES),
        (302, Ruling.OPEN),
        (401, Ruling.OPEN),
        (403, Ruling.OPEN),
        (404, Ruling.OPEN),
        (410, Ruling.OPEN),
        (429, Ruling.CLOSED),
        (500, Ruling.CLOSED),
        (503, Ruling.CLOSED),
        (None, Ruling.DEAD),
    ],
)
def test_the_status_decides_what_a_robots_txt_means(status: int | None, ruling: Ruling) -> None:
    assert ruling_on(status) is ruling


def test_only_whole_lines_within_500_kib_are_read() -> None:
    head = b"User-agent: *\nDisallow: /first\n"
    long = head + b"# padding\n" * 60_000 + b"Disallow: /last\n"
    kept = readable(long)
    assert len(kept) <= 500 * 1024
    assert kept.endswith(b"padding")
    file = RobotsFile(Ruling.RULES, kept, "archiver")
    assert (file.allows(f"{A}/first"), file.allows(f"{A}/last")) == (False, True)


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        (USER_AGENT, "archiver"),
        ("Mozilla/5.0 (compatible; annabot/2.1; +http://anna.example/bot)", "annabot"),
        ("annabot", "annabot"),
        ("", "*"),
    ],
)
def test_rules_are_looked_up_by_the_crawlers_own_name(agent: str, token: str) -> None:
    assert product_token(agent) == token


def test_each_origin_has_its_own_file() -> None:
    assert robots_url("https://anna.example:8443/a/b?c") == "https://anna.example:8443/robots.txt"


def test_a_ruling_outlives_the_process_for_a_day(state: CrawlState) -> None:
    robots = Robots(state, USER_AGENT, NOW)
    url = robots.asked_for(A)
    assert robots.conclude(url, Ruling.RULES, b"User-agent: *\nDisallow: /shut", NOW) == {A}
    later = Robots(state, USER_AGENT, NOW + 3600).of(A)
    assert later is not None
    assert not later.allows(f"{A}/shut")
    assert Robots(state, USER_AGENT, NOW + 90_000).of(A) is None


@pytest.mark.parametrize("ruling", [Ruling.CLOSED, Ruling.DEAD])
def test_a_host_that_did_not_answer_is_asked_again_by_a_later_run(
    state: CrawlState, ruling: Ruling
) -> None:
    robots = Robots(state, USER_AGENT, NOW)
    robots.conclude(robots.asked_for(A), ruling, b"", NOW)
    file = robots.of(A)
    assert file is not None
    assert not file.allows(f"{A}/x")
    assert Robots(state, USER_AGENT, NOW + 1).of(A) is None


def test_five_redirects_are_followed_and_no_sixth(state: CrawlState) -> None:
    robots = Robots(state, USER_AGENT, NOW)
    at = robots.asked_for(A)
    for hop in range(5):
        target = Url(f"{A}/r{hop}")
        assert robots.moved(at, target)
        at = target
    assert not robots.moved(at, Url(f"{A}/r5"))
    assert robots.conclude(at, Ruling.OPEN, b"", NOW) == {A}


def test_two_origins_can_wait_for_one_file(state: CrawlState) -> None:
    robots = Robots(state, USER_AGENT, NOW)
    tls = A.replace("http", "https")
    there = robots.asked_for(tls)
    robots.moved(robots.asked_for(A), there)
    assert robots.waiting_for(there) == {A, tls}
    assert robots.conclude(there, Ruling.OPEN, b"", NOW) == {A, tls}
    assert robots.awaited() == ()


def test_sitemaps_are_read_as_written() -> None:
    text = b"Sitemap: http://anna.example/sitemap.xml\nsitemap: /other.xml\n"
    file = RobotsFile(Ruling.RULES, text, "archiver")
    assert file.sitemaps == ("http://anna.example/sitemap.xml", "/other.xml")
