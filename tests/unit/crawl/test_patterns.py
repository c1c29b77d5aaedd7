from __future__ import annotations

import pytest

from archiver.crawl.patterns import FactFilter, pattern_of, views_of

A = "http://anna.example"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("/calendar/2009/05/", "/calendar/2031/12/"),
        ("/?page=2", "/?page=117"),
        ("/list?b=2&a=1", "/list?a=9&b=8"),
        ("/s/0123456789abcdef/x", "/s/fedcba9876543210/x"),
        ("/x?key=Xa92kfPq81Lm30Zt", "/x?key=9sKd82jJf02mcX7Q"),
        ("/a/b/a/", "/a/b/a/b/a/b/"),
        ("/x", "/x"),
    ],
)
def test_urls_that_differ_in_what_is_counted_share_a_pattern(left: str, right: str) -> None:
    assert pattern_of(A + left) == pattern_of(A + right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("/2009/05/a-day/", "/2009/05/a-night/"),
        ("/calendar/2009/05/", "/archive/2009/05/"),
        ("/?page=2", "/?post=2"),
        ("/category/tea/page/2/", "/category/milk/page/2/"),
        ("/a/b/", "/a/b/a/"),
    ],
)
def test_urls_that_differ_in_words_do_not(left: str, right: str) -> None:
    assert pattern_of(A + left) != pattern_of(A + right)


@pytest.mark.parametrize("url", ["http://[bad/1", "", "mailto:a@b", "http://anna.example:x/2"])
def test_what_is_no_url_still_has_a_pattern(url: str) -> None:
    assert pattern_of(url) == pattern_of(url.replace("1", "7").replace("2", "8"))


def test_www_and_tls_make_no_other_pattern() -> None:
    assert pattern_of("https://www.anna.example/p/1") == pattern_of("http://anna.example/p/2")


def test_the_views_of_a_url_name_the_plain_page_behind_each() -> None:
    assert views_of(f"{A}/m/2009/x/print/?style=light&p=3") == {
        "view:?style=light": f"{A}/m/2009/x/print/?p=3",
        "view:?p=#": f"{A}/m/2009/x/print/?style=light",
        "view:m/": f"{A}/2009/x/print/",
        "view:/print": f"{A}/m/2009/x/",
    }


def test_a_permalink_has_no_views() -> None:
    assert views_of(f"{A}/2009/05/a-day-out/") == {}
    assert views_of(f"{A}/about") == {}


def test_a_fact_is_new_once() -> None:
    seen = FactFilter()
    assert [seen.add(fact) for fact in ("a", "b", "a", "\udce9")] == [True, True, False, True]


def test_few_of_a_hundred_thousand_new_facts_are_taken_for_old() -> None:
    seen = FactFilter()
    assert sum(not seen.add(f"fact {n}") for n in range(100_000)) < 10
