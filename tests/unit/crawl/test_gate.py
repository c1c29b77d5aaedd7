from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random

import pytest

from archiver.config import Budget, Politeness
from archiver.crawl import accounts
from archiver.crawl.gate import Rules
from archiver.crawl.ledger import UrlState
from archiver.crawl.retry import Fault, RetryPolicy
from archiver.model import Follow, Role, Url
from tests.unit.crawl.world import Reply, World, site_of

A = "http://anna.example/"
Crawl = Callable[..., World]
POSTS = tuple(f"{A}2004/05/day-{n}.html" for n in range(5))
BLOG = {A: Reply(links=tuple((url, Role.POST) for url in POSTS))} | {
    url: Reply(posts=(str(n),)) for n, url in enumerate(POSTS)
}
NO_ROBOTS = {"politeness": Politeness(obey_robots=False)}


def robots(text: str) -> Reply:
    return Reply(body=text.encode())


def assert_balanced(world: World) -> None:
    balance = world.gate.close()
    assert balance.difference == 0
    assert balance.open == 0
    assert balance.counts == {s: n for s, n in world.gate.frontier.counts.items() if n}


def test_every_url_of_a_crawl_ends_in_one_state(crawl: Crawl) -> None:
    links = (
        (POSTS[0], Role.POST),
        (f"{A}gone", Role.OTHER),
        (f"{A}old", Role.OTHER),
        (f"{A}broken", Role.OTHER),
        ("http://bert.example/", Role.OTHER),
        (f"{POSTS[0]}?share=email", Role.OTHER),
        (f"{A}shut/x", Role.OTHER),
        ("http://127.0.0.1/x.png", Role.REQUISITE),
        ("http://pics.example/a.png", Role.REQUISITE),
    )
    pages = {
        A: Reply(links=links),
        f"{A}robots.txt": robots("User-agent: *\nDisallow: /shut/"),
        POSTS[0]: Reply(posts=("1",)),
        f"{A}old": Reply(status=301, location="/gone"),
        f"{A}broken": Reply(status=500),
        "http://pics.example/a.png": Reply(fault=Fault.CONNECT),
    }
    world = crawl(site_of(pages), A)
    world.run()
    assert world.states() == {
        A: "captured",
        f"{A}robots.txt": "captured",
        POSTS[0]: "captured",
        f"{A}gone": "captured",
        f"{A}old": "redirect",
        f"{A}broken": "failed HTTP 500",
        "http://bert.example/": "refused scope.host",
        f"{POSTS[0]}?share=email": "refused wp.share",
        f"{A}shut/x": "refused robots.disallow",
        "http://127.0.0.1/x.png": "refused address.private",
        "http://pics.example/robots.txt": "captured",
        "http://pics.example/a.png": "failed connect",
    }
    assert_balanced(world)


def test_each_url_is_asked_for_once(crawl: Crawl) -> None:
    world = crawl(site_of(BLOG), A)
    world.run()
    assert sorted(url for _, url in world.asked) == sorted([A, f"{A}robots.txt", *POSTS])


def test_posts_come_before_pictures_and_pictures_before_the_archives_tail(crawl: Crawl) -> None:
    pages = BLOG | {
        A: Reply(links=((f"{A}page/2/", Role.LISTING), (f"{A}a.png", Role.REQUISITE))),
        f"{A}page/2/": Reply(links=((f"{A}page/3/", Role.LISTING), (POSTS[0], Role.POST))),
        f"{A}page/3/": Reply(links=((POSTS[1], Role.POST),)),
    }
    world = crawl(site_of(pages), A)
    world.run()
    order = [url.removeprefix(A) for _, url in world.asked]
    assert order == [
        "robots.txt",
        "",
        "page/2/",
        POSTS[0].removeprefix(A),
        "a.png",
        "page/3/",
        POSTS[1].removeprefix(A),
    ]


@pytest.mark.parametrize("latency", [0.05, 0.9, 3.0])
def test_requests_to_one_host_keep_their_distance(crawl: Crawl, latency: float) -> None:
    world = crawl(site_of(BLOG), A, latency_s=latency)
    world.run()
    times = world.times("anna.example")
    gaps = [after - before for before, after in pairwise(times)]
    assert len(gaps) == 6
    assert min(gaps) >= max(1.0, latency)
    assert max(gaps) < max(1.0, latency) + 0.2


def test_hosts_are_asked_side_by_side(crawl: Crawl) -> None:
    pictures = tuple((f"http://p{n}.example/a.png", Role.REQUISITE) for n in range(4))
    world = crawl(site_of({A: Reply(links=pictures)}), A, plan=NO_ROBOTS)
    world.run()
    assert len({at for at, url in world.asked if "/p" in url}) == 1


def test_retry_after_holds_the_whole_host_and_the_crawl_completes(crawl: Crawl) -> None:
    throttled: list[float] = []

    def site(url: str, now: float) -> Reply:
        if url == POSTS[2] and not throttled:
            throttled.append(now)
            return Reply(status=429, retry_after="300")
        return BLOG.get(url, Reply(status=404))

    world = crawl(site, A)
    world.run()
    (start,) = throttled
    assert [at for at in world.times("anna.example") if start < at < start + 300] == []
    assert world.count(POSTS[2]) == 2
    assert world.gate.frontier.counts[UrlState.CAPTURED] == 7
    assert_balanced(world)


def test_a_hold_is_kept_over_a_restart(crawl: Crawl) -> None:
    throttled: list[float] = []

    def site(url: str, now: float) -> Reply:
        if url == POSTS[2] and not throttled:
            throttled.append(now)
            return Reply(status=503, retry_after="300")
        return BLOG.get(url, Reply(status=404))

    world = crawl(site, A)
    world.run(until=lambda: world.gate.frontier.counts[UrlState.CAPTURED] == 4)
    world.now += 5
    world.state.commit()
    world.die()
    world.open()
    world.run()
    assert [
        at for at in world.times("anna.example") if throttled[0] < at < throttled[0] + 300
    ] == []
    assert_balanced(world)


def test_an_outage_costs_no_url(crawl: Crawl) -> None:
    def site(url: str, now: float) -> Reply:
        is_down = 3 < now - world_start < 120
        return Reply(fault=Fault.CONNECT) if is_down else BLOG.get(url, Reply(status=404))

    world = crawl(site, A)
    world_start = world.now
    world.run()
    assert world.gate.frontier.counts[UrlState.CAPTURED] == 7
    assert world.gate.frontier.counts[UrlState.FAILED] == 0


def test_a_host_that_stays_down_is_given_up_and_takes_what_waits_with_it(crawl: Crawl) -> None:
    def site(url: str, now: float) -> Reply:
        if url in (A, f"{A}robots.txt"):
            return BLOG.get(url, Reply(status=404))
        return Reply(fault=Fault.TIMEOUT)

    world = crawl(site, A)
    world.run()
    assert {state for url, state in world.states().items() if url in POSTS} == {"failed timeout"}
    assert world.count("day-") == 10
    assert_balanced(world)


def test_a_seed_that_nobody_answers_fails_with_its_reason(crawl: Crawl) -> None:
    world = crawl(lambda url, now: Reply(fault=Fault.LOOKUP), A)
    world.run()
    assert world.states() == {A: "failed lookup", f"{A}robots.txt": "failed lookup"}
    assert world.count("robots.txt") == 3
    assert_balanced(world)


def test_a_block_by_403_is_waited_out(crawl: Crawl) -> None:
    def site(url: str, now: float) -> Reply:
        blocked = 2 < now - world_start < 30
        return Reply(status=403) if blocked else BLOG.get(url, Reply(status=404))

    world = crawl(site, A)
    world_start = world.now
    world.run()
    rows = {row.url: row.status for row in accounts.rows(world.state)}
    assert [rows[Url(url)] for url in POSTS[2:]] == [200, 200, 200]


def test_a_crawl_delay_is_kept(crawl: Crawl) -> None:
    pages = BLOG | {f"{A}robots.txt": robots("User-agent: *\nCrawl-delay: 7")}
    world = crawl(site_of(pages), A)
    world.run()
    times = world.times("anna.example")[1:]
    assert min(b - a for a, b in pairwise(times)) >= 7


def test_robots_txt_is_asked_for_before_anything_else_of_an_origin(crawl: Crawl) -> None:
    pages = {A: Reply(links=(("http://p.example/a.png", Role.REQUISITE), (POSTS[0], Role.POST)))}
    world = crawl(site_of(pages), A)
    world.run()
    for host in ("anna.example", "p.example"):
        assert next(url for _, url in world.asked if host in url) == f"http://{host}/robots.txt"


def test_several_requests_at_once_wait_for_robots_txt_together(crawl: Crawl) -> None:
    pages = BLOG | {f"{A}robots.txt": robots("User-agent: *\nDisallow: /2004/")}
    plan = {"politeness": Politeness(concurrency_per_host=4, delay_s=0.0)}
    world = crawl(site_of(pages), A, *POSTS, plan=plan)
    world.run()
    assert [url for _, url in world.asked] == [f"{A}robots.txt", A]
    assert_balanced(world)


def test_robots_txt_is_left_alone_when_it_is_not_obeyed(crawl: Crawl) -> None:
    pages = BLOG | {f"{A}robots.txt": robots("User-agent: *\nDisallow: /")}
    world = crawl(site_of(pages), A, plan=NO_ROBOTS)
    world.run()
    assert world.count("robots.txt") == 0
    assert world.gate.frontier.counts[UrlState.CAPTURED] == 6


def test_a_robots_txt_that_cannot_be_read_closes_the_origin(crawl: Crawl) -> None:
    pages = BLOG | {f"{A}robots.txt": Reply(status=500)}
    world = crawl(site_of(pages), A)
    world.run()
    assert world.states() == {
        A: "refused robots.unreachable",
        f"{A}robots.txt": "failed HTTP 500",
    }
    assert world.count("robots.txt") == 5


def test_a_robots_txt_that_recovers_is_obeyed(crawl: Crawl) -> None:
    asked: list[float] = []

    def site(url: str, now: float) -> Reply:
        if url.endswith("robots.txt"):
            asked.append(now)
            return Reply(status=503) if len(asked) < 3 else robots("User-agent: *\nDisallow: /2004")
        return BLOG.get(url, Reply(status=404))

    world = crawl(site, A)
    world.run()
    assert world.states()[A] == "captured"
    assert world.states()[POSTS[0]] == "refused robots.disallow"


@pytest.mark.parametrize("hops", [1, 5])
def test_redirects_of_robots_txt_are_followed_even_to_other_hosts(crawl: Crawl, hops: int) -> None:
    chain = [f"{A}robots.txt", *(f"http://h{n}.example/robots.txt" for n in range(hops))]
    pages = BLOG | {here: Reply(status=301, location=there) for here, there in pairwise(chain)}
    pages[chain[-1]] = robots("User-agent: *\nDisallow: /2004")
    world = crawl(site_of(pages), A)
    world.run()
    assert world.states()[POSTS[0]] == "refused robots.disallow"
    assert_balanced(world)


def test_a_robots_txt_behind_more_redirects_counts_as_none(crawl: Crawl) -> None:
    chain = [f"{A}robots.txt", *(f"{A}r{n}" for n in range(8))]
    pages = BLOG | {here: Reply(status=302, location=there) for here, there in pairwise(chain)}
    world = crawl(site_of(pages), A)
    world.run()
    assert world.states()[POSTS[0]] == "captured"
    assert_balanced(world)


def test_a_robots_txt_that_redirects_to_the_front_page_rules_nothing(crawl: Crawl) -> None:
    pages = BLOG | {f"{A}robots.txt": Reply(status=302, location="/")}
    world = crawl(site_of(pages), A)
    world.run()
    assert world.count(A) == 7
    assert world.gate.frontier.counts[UrlState.CAPTURED] == 6
    assert_balanced(world)


@pytest.mark.parametrize("moment", range(1, 12))
def test_a_crash_around_such_a_redirect_is_survived(crawl: Crawl, moment: int) -> None:
    pages = BLOG | {f"{A}robots.txt": Reply(status=302, location="/")}
    world = crawl(site_of(pages), A)
    steps = iter(range(moment))
    world.run(until=lambda: next(steps, None) is None)
    world.state.commit()
    world.die()
    world.open()
    world.run()
    assert world.gate.frontier.counts[UrlState.CAPTURED] == 6
    assert_balanced(world)


def test_one_robots_txt_can_rule_two_origins(crawl: Crawl) -> None:
    tls = A.replace("http", "https")
    pages = BLOG | {
        f"{A}robots.txt": Reply(status=301, location=f"{tls}robots.txt"),
        f"{tls}robots.txt": robots("User-agent: *\nDisallow: /x"),
        tls: Reply(),
        A: Reply(links=((tls, Role.OTHER), (f"{A}x", Role.OTHER), (f"{tls}x", Role.OTHER))),
    }
    world = crawl(site_of(pages), A)
    world.run()
    assert world.count("robots.txt") == 2
    assert world.states()[f"{A}x"] == world.states()[f"{tls}x"] == "refused robots.disallow"


def test_a_robots_txt_that_waits_for_a_dead_host_does_not_wait_for_ever(crawl: Crawl) -> None:
    def site(url: str, now: float) -> Reply:
        if "dead.example" in url:
            return Reply(fault=Fault.LOOKUP)
        if url == f"{A}robots.txt":
            return Reply(status=301, location="http://dead.example/robots.txt")
        return BLOG.get(url, Reply(status=404))

    world = crawl(site, A)
    world.run()
    assert world.states()[A] == "failed the host never answered"
    assert_balanced(world)


def test_all_who_wait_for_a_host_are_released_when_it_is_given_up(crawl: Crawl) -> None:
    def site(url: str, now: float) -> Reply:
        if "dead.example" in url:
            return Reply(fault=Fault.LOOKUP)
        if url.endswith("robots.txt"):
            scheme = "http" if "anna" in url else "https"
            return Reply(status=301, location=f"{scheme}://dead.example/robots.txt")
        return Reply(status=404)

    world = crawl(site, A, "http://bert.example/")
    world.run()
    assert world.states()["http://bert.example/"] == "failed the host never answered"
    assert_balanced(world)


def test_sitemaps_that_robots_txt_names_are_fetched(crawl: Crawl) -> None:
    pages = BLOG | {
        f"{A}robots.txt": robots(f"Sitemap: {A}sitemap.xml\nSitemap: http://b.example/s")
    }
    world = crawl(site_of(pages), A)
    world.run()
    assert world.count("sitemap.xml") == 1
    assert world.states()["http://b.example/s"] == "refused scope.host"


def test_a_redirect_hop_is_a_url_of_its_own_in_the_same_role(crawl: Crawl) -> None:
    pages = BLOG | {
        A: Reply(links=((f"{A}?p=1", Role.POST),)),
        f"{A}?p=1": Reply(status=301, location="/2004/05/day-0.html"),
    }
    world = crawl(site_of(pages), A)
    world.run()
    rows = {row.url: row for row in accounts.rows(world.state)}
    assert rows[Url(f"{A}?p=1")].redirect_to == POSTS[0]
    hop = rows[Url(POSTS[0])]
    assert (hop.role, hop.hops, hop.via) == (Role.POST, "LR", f"{A}?p=1")


def test_a_picture_may_redirect_to_another_host(crawl: Crawl) -> None:
    pages = {
        A: Reply(links=(("http://p.example/a.png", Role.REQUISITE),)),
        "http://p.example/a.png": Reply(status=302, location="http://cdn.example/a.png"),
        "http://cdn.example/a.png": Reply(),
    }
    world = crawl(site_of(pages), A)
    world.run()
    assert world.states()["http://cdn.example/a.png"] == "captured"


@pytest.mark.parametrize("lag", [0.0, 50.0])
def test_redirects_in_a_circle_end_by_a_named_rule(crawl: Crawl, lag: float) -> None:
    pages = BLOG | {
        A: Reply(links=((f"{A}left", Role.OTHER), (f"{A}self", Role.OTHER))),
        f"{A}left": Reply(status=302, location="/right"),
        f"{A}right": Reply(status=302, location="/left"),
        f"{A}self": Reply(status=302, location="/self"),
    }
    world = crawl(site_of(pages), A, settle_lag_s=lag)
    world.run()
    states = world.states()
    assert states[f"{A}left"] == "redirect"
    assert states[f"{A}right"] == states[f"{A}self"] == "refused trap.redirect-loop"
    assert_balanced(world)


def test_redirects_without_end_are_cut(crawl: Crawl) -> None:
    def site(url: str, now: float) -> Reply:
        if "/turn/" in url:
            return Reply(status=302, location=f"/turn/{int(url.rpartition('/')[2]) + 1}")
        return {A: Reply(links=((f"{A}turn/1", Role.OTHER),))}.get(url, Reply(status=404))

    world = crawl(site, A)
    world.run()
    assert world.count("/turn/") <= 11
    assert_balanced(world)


@pytest.mark.parametrize("location", ["http://[bad/", "mailto:anna@anna.example", ""])
def test_a_redirect_to_nowhere_is_kept_as_it_is(crawl: Crawl, location: str) -> None:
    world = crawl(site_of({A: Reply(status=302, location=location)}), A)
    world.run()
    assert world.states()[A] == "captured"


def test_a_seed_that_moved_takes_the_scope_along(crawl: Crawl) -> None:
    new = "http://www.anna-writes.example/"
    pages = {
        A: Reply(status=301, location=new),
        new: Reply(links=((f"{new}a", Role.POST),)),
        f"{new}a": Reply(links=((f"{new}b", Role.POST),)),
        f"{new}b": Reply(),
    }
    world = crawl(site_of(pages), A)
    world.run(until=lambda: world.count(f"{new}a") == 1)
    world.now += 60
    world.state.commit()
    world.die()
    world.open()
    world.run()
    assert world.states()[f"{new}b"] == "captured"


def test_what_robots_txt_forbids_after_a_redirect_is_forbidden_too(crawl: Crawl) -> None:
    pages = BLOG | {
        f"{A}robots.txt": robots("User-agent: *\nDisallow: /shut"),
        A: Reply(links=((f"{A}door", Role.OTHER),)),
        f"{A}door": Reply(status=302, location="/shut/room"),
    }
    world = crawl(site_of(pages), A)
    world.run()
    assert world.states()[f"{A}shut/room"] == "refused robots.disallow"
    assert world.count("shut") == 0


def test_a_page_budget_ends_pages_and_still_fetches_their_pictures(crawl: Crawl) -> None:
    pages = BLOG | {
        A: Reply(links=(*((url, Role.POST) for url in POSTS), (f"{A}a.png", Role.REQUISITE)))
    }
    world = crawl(site_of(pages), A, plan={"budget": Budget(max_pages=3)})
    world.run()
    assert world.count("day-") == 2
    assert world.count("a.png") == 1
    assert world.states()[POSTS[4]] == "budget budget.pages"
    assert_balanced(world)


@pytest.mark.parametrize(
    ("budget", "rule"),
    [(Budget(max_bytes=9), "budget.bytes"), (Budget(max_time_s=2.5), "budget.time")],
)
def test_a_byte_or_time_budget_ends_everything(crawl: Crawl, budget: Budget, rule: str) -> None:
    pages = BLOG | {f"{A}robots.txt": robots("#")}
    world = crawl(site_of(pages), A, plan={"budget": budget})
    world.run()
    assert world.gate.close().difference == 0
    assert rule in accounts.reasons(world.state)
    assert world.gate.frontier.counts[UrlState.CAPTURED] < 6


def test_a_larger_budget_takes_up_where_the_smaller_one_stopped(crawl: Crawl) -> None:
    world = crawl(site_of(BLOG), A, plan={"budget": Budget(max_pages=3)})
    world.run()
    world.gate.close()
    world.die()
    world.plan = world.plan.__class__(
        blog=world.plan.blog, seeds=world.plan.seeds, output=world.plan.output
    )
    world.open()
    world.run()
    assert {world.count(url) for url in POSTS} == {1}
    assert_balanced(world)


def test_a_stopped_crawl_leaves_urls_open_for_the_next_run(crawl: Crawl) -> None:
    world = crawl(site_of(BLOG), A)
    world.run(until=lambda: world.count("day-") == 2)
    balance = world.gate.close()
    assert balance.open > 0
    assert balance.difference == balance.open


@pytest.mark.parametrize("moment", range(1, 40, 3))
def test_a_crash_at_any_moment_loses_no_url_and_repeats_only_what_was_in_flight(
    crawl: Crawl, moment: int
) -> None:
    world = crawl(site_of(BLOG), A)
    steps = iter(range(moment))
    world.run(until=lambda: next(steps, None) is None)
    lent = world.gate.frontier.counts[UrlState.LEASED]
    uncommitted = world.state.connection.in_transaction
    world.die()
    world.open()
    world.run()
    asked = [url for _, url in world.asked]
    assert set(asked) == {A, f"{A}robots.txt", *POSTS}
    # The open group is at most a quarter of a second old: one request at this pace.
    assert len(asked) - len(set(asked)) <= lent + uncommitted
    assert_balanced(world)


def test_traps_end_soon_and_posts_are_all_found(crawl: Crawl) -> None:
    def site(url: str, now: float) -> Reply:
        path = url.removeprefix(A)
        if path.startswith("calendar/"):
            year, month = (int(part) for part in path.split("/")[1:3])
            after = (year + month // 12, month % 12 + 1)
            before = (year - (month == 1), (month - 2) % 12 + 1)
            months = (f"{A}calendar/{y}/{m:02}/" for y, m in (before, after))
            return Reply(links=tuple((each, Role.LISTING) for each in months))
        if path.startswith("guests"):
            page = int(path.partition("=")[2] or 1)
            return Reply(links=((f"{A}guests?page={page + 1}", Role.OTHER),))
        if path.startswith("rooms/"):
            return Reply(links=((f"{url}rooms/", Role.OTHER), (f"{url}doors/", Role.OTHER)))
        if url in BLOG:
            traps = (
                (f"{A}calendar/2023/10/", Role.LISTING),
                (f"{A}guests", Role.OTHER),
                (f"{A}rooms/", Role.OTHER),
                (f"{url}?replytocom=1", Role.OTHER),
                (f"{A}tag/tea/", Role.LISTING),
                (f"{A}tag/milk/", Role.LISTING),
                (f"{A}tag/tea+milk/", Role.LISTING),
                (f"{A}s/{hash(url) & 0xFFFFFFFF:032x}/2004/05/day-0.html", Role.OTHER),
            )
            return Reply(links=BLOG[url].links + traps, posts=BLOG[url].posts)
        return Reply(status=404)

    world = crawl(site, A)
    world.run()
    assert {world.count(url) for url in POSTS} == {1}
    for space in ("calendar/", "guests", "rooms", "replytocom", "tea+milk", "/s/"):
        assert world.count(space) <= 20, space
    assert_balanced(world)


def test_a_lifted_rule_lets_its_urls_in_while_the_crawl_runs(crawl: Crawl) -> None:
    pages = BLOG | {A: Reply(links=((f"{A}?share=email", Role.OTHER), (POSTS[0], Role.POST)))}
    world = crawl(site_of(pages), A)
    world.run(until=lambda: world.count("day-0") == 1)
    assert world.gate.switch_off("wp.share") == 1
    world.run()
    assert world.count("share=") == 1
    assert_balanced(world)


def test_seeds_are_put_in_once(crawl: Crawl) -> None:
    world = crawl(site_of(BLOG), A, A)
    world.gate.seed([Url(A), Url("HTTP://ANNA.example:80/")])
    assert world.gate.frontier.counts[UrlState.PENDING] == 1


SHAPES = (
    "http://anna.example/" + "x" * 100_000,
    "data:text/plain,\udce9",
    "http://[bad/",
    "http://anna.example:port/",
    "javascript:void(0)",
    "",
    "http://",
)


@pytest.mark.parametrize("role", Role)
def test_links_of_any_shape_are_kept_and_refused_by_name(crawl: Crawl, role: Role) -> None:
    links = tuple((shape, role) for shape in SHAPES)
    pages = {A: Reply(links=((f"{A}page/2/", Role.LISTING), *links))}
    pages[f"{A}page/2/"] = Reply(links=links)
    world = crawl(site_of(pages), A)
    world.run()
    assert accounts.reasons(world.state) == {
        "scope.malformed": 3,
        "scope.scheme": 3,
        "scope.url-length": 1,
    }
    assert max(len(row.url) for row in accounts.rows(world.state)) < 1_100
    assert_balanced(world)


def test_characters_that_are_none_are_replaced_in_the_ledger(crawl: Crawl) -> None:
    world = crawl(site_of(BLOG), A)
    world.gate.discover([Follow(url=Url(f"{A}\udce9"), role=Role.OTHER)])
    assert list(world.states()) == [f"{A}%EF%BF%BD"]


def test_a_known_link_costs_no_look_into_the_ledger(crawl: Crawl) -> None:
    world = crawl(site_of(BLOG), A)
    links = [Follow(url=Url(url), role=Role.POST) for url in POSTS]
    world.gate.discover(links)
    before = world.state.connection.total_changes
    statements: list[str] = []
    world.state.connection.set_trace_callback(statements.append)
    assert world.gate.discover(links) == 0
    assert (world.state.connection.total_changes, statements) == (before, [])


def test_a_link_that_is_seen_in_a_better_role_moves_up(crawl: Crawl) -> None:
    world = crawl(site_of(BLOG), A)
    world.gate.discover([Follow(url=Url(POSTS[0]), role=Role.OTHER)])
    world.gate.discover([Follow(url=Url(POSTS[0]), role=Role.POST)])
    (row,) = accounts.rows(world.state)
    assert row.role is Role.POST


def test_fewer_tries_can_be_asked_for(crawl: Crawl) -> None:
    rules = Rules(retries=RetryPolicy(max_tries=2), random=Random(1))
    pages = BLOG | {POSTS[0]: Reply(status=500)}
    world = crawl(site_of(pages), A, rules=rules)
    world.run()
    assert world.count("day-0") == 2
