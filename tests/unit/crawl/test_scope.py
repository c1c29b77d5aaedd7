from __future__ import annotations

import pytest

from archiver.config import Blog
from archiver.crawl.scope import Scope
from archiver.model import BlogId, Role, Url

HOME = "http://www.anna.example/"


def scope(*seeds: str, requisites: bool = True) -> Scope:
    home = Url((seeds or (HOME,))[0])
    blog = Blog(blog_id=BlogId("anna"), home_url=home)
    return Scope.of(blog, [Url(seed) for seed in seeds], requisites=requisites)


def rule(of: Scope, url: str, role: Role = Role.OTHER, via: str | None = HOME) -> str | None:
    return of.judge(Url(url), role, Url(via) if via else None).rule


@pytest.mark.parametrize(
    "url",
    [
        "http://www.anna.example/2004/05/a-day.html",
        "http://anna.example/",
        "https://anna.example/?p=12",
        "https://www.anna.example:443/",
    ],
)
def test_the_blogs_own_host_is_in_scope_with_and_without_www_and_tls(url: str) -> None:
    assert rule(scope(), url) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mailto:anna@anna.example", "scope.scheme"),
        ("javascript:void(0)", "scope.scheme"),
        ("ftp://anna.example/a.zip", "scope.scheme"),
        ("data:image/gif;base64,R0lGOD", "scope.scheme"),
        ("http:///path", "scope.malformed"),
        ("http://anna.example/" + "x" * 2000, "scope.url-length"),
        ("http://bert.example/", "scope.host"),
        ("http://forum.anna.example/", "scope.host"),
        ("http://www.anna.example:8080/", "scope.host"),
        ("http://anna.example.evil.example/", "scope.host"),
    ],
)
def test_what_is_outside_is_refused_by_a_named_rule(url: str, expected: str) -> None:
    assert rule(scope(), url) == expected


def test_blogspot_mirrors_of_all_countries_are_one_blog() -> None:
    assert (
        rule(scope("http://anna.blogspot.com/"), "http://anna.blogspot.co.uk/2009/01/x.html")
        is None
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://blogs.example.com/anna", None),
        ("http://blogs.example.com/anna/2004/x.html", None),
        ("http://blogs.example.com/annabel/", "scope.path"),
        ("http://blogs.example.com/", "scope.path"),
    ],
)
@pytest.mark.parametrize(
    "seed", ["http://blogs.example.com/anna", "http://blogs.example.com/anna/"]
)
def test_a_seed_with_a_path_keeps_pages_inside_it(
    seed: str, url: str, expected: str | None
) -> None:
    assert rule(scope(seed), url, via=seed) == expected


def test_a_seed_that_is_a_file_stands_for_its_folder() -> None:
    of = scope("http://anna.example/blog/index.html")
    assert rule(of, "http://anna.example/blog/archives/1.html") is None
    assert rule(of, "http://anna.example/shop/") == "scope.path"


def test_feeds_and_requisites_of_a_blog_in_a_folder_may_lie_beside_it() -> None:
    seed = "http://blogs.example.com/anna/"
    assert rule(scope(seed), "http://blogs.example.com/feeds/anna.xml", Role.FEED, seed) is None
    assert rule(scope(seed), "http://blogs.example.com/style.css", Role.REQUISITE, seed) is None


def test_requisites_are_fetched_one_hop_off_the_blog() -> None:
    css = "http://cdn.example.net/theme/style.css"
    assert rule(scope(), css, Role.REQUISITE) is None
    assert rule(scope(), "http://cdn.example.net/theme/bg.png", Role.REQUISITE, css) is None
    hop = rule(scope(), "http://other.example.org/bg.png", Role.REQUISITE, css)
    assert hop == "scope.requisite-hop"
    back = rule(scope(), "http://anna.example/bg.png", Role.REQUISITE, css)
    assert back is None


def test_requisites_may_have_long_queries_but_not_endless_ones() -> None:
    assert rule(scope(), "http://cdn.example.net/?" + "q" * 3000, Role.REQUISITE) is None
    endless = rule(scope(), "http://cdn.example.net/?" + "q" * 5000, Role.REQUISITE)
    assert endless == "scope.url-length"


def test_without_requisites_they_are_refused_by_name() -> None:
    off = rule(scope(requisites=False), "http://anna.example/a.png", Role.REQUISITE)
    assert off == "scope.requisites-off"


@pytest.mark.parametrize(
    ("url", "role"),
    [
        ("https://disqus.com/embed/comments/?f=anna", Role.API),
        ("http://anna.disqus.com/a-day/latest.rss", Role.API),
        ("http://www.blogger.com/feeds/123/posts/default", Role.FEED),
        ("http://feeds.feedburner.com/anna", Role.FEED),
        (
            "https://public-api.wordpress.com/rest/v1.1/sites/anna.example/posts/1/replies/",
            Role.API,
        ),
        ("http://www.typepad.com/services/embed.js?asset_id=6a01", Role.API),
    ],
)
def test_services_are_asked_when_an_extractor_names_them(url: str, role: Role) -> None:
    assert rule(scope(), url, role) is None
    assert rule(scope(), url, Role.OTHER) == "scope.host"


def test_a_strangers_comment_page_on_a_blog_host_is_not_ours() -> None:
    url = "http://bert.typepad.com/blog/2005/03/a.html/comments/page/2/"
    assert rule(scope(), url, Role.COMMENT_PAGE) == "scope.host"


def test_services_are_not_followed_further_from_pages_that_are_not_ours() -> None:
    url = "https://disqus.com/embed/comments/?f=bert"
    assert rule(scope(), url, Role.API, "http://bert.example/") == "scope.host"


@pytest.mark.parametrize(
    ("seed", "target"),
    [
        ("http://anna.typepad.com/", "http://www.anna-writes.example/"),
        ("http://blog.anna.example/", "https://anna.example/blog/"),
        ("http://blogs.example.com/anna/", "http://blogs.example.com/people/anna/"),
        ("http://anna.blogspot.com/", "http://anna-two.blogspot.com/"),
    ],
)
def test_a_blog_that_moved_is_followed(seed: str, target: str) -> None:
    moved = scope(seed).moved(Url(seed), Url(target))
    assert rule(moved, target + "2009/01/x.html", via=target) is None
    assert rule(moved, seed, via=target) is None


@pytest.mark.parametrize(
    ("seed", "target"),
    [
        ("http://anna.typepad.com/blog/", "https://www.typepad.com/"),
        ("http://blogs.example.com/anna/", "http://blogs.example.com/"),
        ("http://anna.example.com/", "http://www.example.com/"),
        ("http://anna.blogspot.com/", "https://www.blogger.com/blogin.g?blogspotURL=x"),
        ("http://anna.blogspot.com/", "https://accounts.google.com/"),
    ],
)
def test_a_closed_blog_does_not_lead_to_the_platform_behind_it(seed: str, target: str) -> None:
    before = scope(seed)
    assert before.moved(Url(seed), Url(target)) == before


def test_the_hosts_of_the_blog_are_known_by_name() -> None:
    assert scope().is_home_host("anna.example")
    assert scope().is_home_host("www.anna.example")
    assert not scope().is_home_host("pics.example")
