"""Addresses: what is one resource, what is one post, what cannot be fetched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import urls


@pytest.mark.parametrize(
    ("base", "href", "expected"),
    [
        ("http://a.example/b/c.html", "../d", "http://a.example/d"),
        ("http://a.example/", " /x\n y ", "http://a.example/x%20y"),
        ("http://a.example/", "//cdn.example/i.png#frag", "http://cdn.example/i.png"),
        ("http://a.example/", "mailto:anna@b.example", None),
        ("http://a.example/", "javascript:void(0)", None),
        ("http://a.example/", "http://[::1", None),
        ("http://a.example/", "http://b.example:99999/", None),
        ("http://a.example/", "http://two words/", None),
        ("http://a.example/", "", None),
        ("http://a.example/", "/grüße", "http://a.example/gr%C3%BC%C3%9Fe"),
    ],
)
def test_an_href_resolves_to_what_a_browser_would_fetch(
    base: str, href: str, expected: str | None
) -> None:
    assert urls.resolve(base, href) == expected


@pytest.mark.parametrize(
    "variant",
    [
        "http://www.blog.example/2008/03/tea/",
        "https://blog.example/2008/03/tea",
        "http://blog.example/2008/03/tea/comment-page-2/#comment-9",
        "http://blog.example/2008/03/tea/?replytocom=12#respond",
        "http://blog.example/2008/03/tea/index.html",
        "http://blog.example:80/2008/03/tea/?utm_source=feed",
    ],
)
def test_views_of_a_post_share_its_identity(variant: str) -> None:
    assert urls.permalink_identity(variant) == "blog.example/2008/03/tea"


def test_query_permalinks_stay_apart() -> None:
    assert urls.permalink_identity("http://b.example/?p=1") != urls.permalink_identity(
        "http://b.example/?p=2"
    )


def test_country_mirrors_of_blogspot_are_one_site() -> None:
    assert urls.same_site("http://tea.blogspot.co.uk/x", "https://tea.blogspot.com/y")


def test_hosts_under_one_suffix_have_different_registered_domains() -> None:
    assert urls.registered_domain("http://anna.blog.example.co.uk/") == "example.co.uk"
    assert urls.registered_domain("127.0.0.1") == "127.0.0.1"


@given(st.text())
def test_no_text_makes_an_address_function_raise(text: str) -> None:
    urls.resolve("http://a.example/", text)
    urls.permalink_identity(f"http://a.example/{text}")
    urls.surt_key(text)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_canonical_form_is_stable(text: str) -> None:
    once = urls.canonical(f"http://A.example/{text}")
    assert urls.canonical(once) == once


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("http://blog.example/a/../b", "http://blog.example/a/../b"),
        ("http://blog.example:99999/a", None),
        ("/a/./b/../c", "http://blog.example:8000/a/c"),
        ("/a?", "http://blog.example:8000/a"),
        ("/a;", "http://blog.example:8000/a"),
        ("/.a", "http://blog.example:8000/.a"),
        ("/a//b?c=/../d", "http://blog.example:8000/a//b?c=/../d"),
    ],
)
def test_plain_addresses_resolve_as_urljoin_has_them(href: str, expected: str | None) -> None:
    assert urls.resolve("http://blog.example:8000/x/y?z", href) == expected
