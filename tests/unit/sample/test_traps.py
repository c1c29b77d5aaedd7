"""The traps: endless, recognisable, and apart from the blog proper."""

from __future__ import annotations

from collections import deque
from urllib.parse import urljoin

import pytest

from tests.sample import Sample, Trap, trap_of
from tests.sample.site import Answer, Site
from tests.sample.timeline import BASE
from tests.unit.sample.visiting import parse, values

ENDLESS = [
    Trap.CALENDAR,
    Trap.SESSION_PATH,
    Trap.SESSION_QUERY,
    Trap.TAG_COMBINATION,
    Trap.PATH_LOOP,
    Trap.PAGER,
]


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(Sample(traps=True).blog())


def links(target: str, answer: Answer) -> list[str]:
    """Targets of the page's links inside the blog."""
    if not answer.body or not answer.media_type.startswith("text/html"):
        return []
    hrefs = values(parse(answer), "//a/@href")
    found = (urljoin(BASE + target, href).partition("#")[0] for href in hrefs)
    return [url.removeprefix(BASE) for url in found if url.startswith(f"{BASE}/")]


@pytest.mark.parametrize("trap", ENDLESS)
def test_a_trap_always_leads_to_somewhere_new(site: Site, trap: Trap) -> None:
    start = "/tag/boats/" if trap is Trap.TAG_COMBINATION else "/"
    waiting = deque(t for t in links(start, site.answer(start)) if trap_of(t) is trap)
    seen: set[str] = set()
    while len(seen) < 40:
        target = waiting.popleft()
        answer = site.answer(target)
        assert answer.status in (200, 301, 302)
        seen.add(target)
        waiting += (t for t in links(target, answer) if trap_of(t) is trap and t not in seen)


def test_every_page_shows_the_way_into_every_trap(site: Site) -> None:
    post = next(e.path for e in site.blog.listed if site.blog.approved(e) and e.comments_open)
    baited = {
        trap_of(target)
        for page in (post, "/tag/boats/")
        for target in links(page, site.answer(page))
    }
    assert baited >= set(Trap)


def test_the_redirect_loop_never_arrives(site: Site) -> None:
    location: str | None = "/turn/left/"
    for _ in range(10):
        assert location is not None
        answer = site.answer(location.removeprefix(BASE))
        assert answer.status == 302
        location = answer.location


def test_without_traps_their_addresses_do_not_exist() -> None:
    site = Site(Sample().blog())
    session = "0123456789abcdef" * 2
    for target in ("/a/b/", "/turn/left/", "/guestbook/", "/calendar/2030/01/", f"/s/{session}/"):
        assert trap_of(target) is not None
        assert site.answer(target).status == 404
    assert not [t for t in links("/", site.answer("/")) if trap_of(t)]


def test_no_address_of_the_blog_proper_lies_in_a_trap() -> None:
    truth = Sample(posts=300).truth("")
    assert not [post.url for post in truth.posts if trap_of(post.url)]
    assert not [found.url for found in truth.requisites if trap_of(found.url)]


def test_a_session_copy_shows_the_same_post(site: Site) -> None:
    entry = next(e for e in site.blog.listed if e.charset == "utf-8")
    copy = site.answer(f"/s/{'0' * 32}{entry.path}").body.decode()
    assert f'id="post-{entry.native_id}"' in copy
    assert f'<link rel="canonical" href="{entry.url}" />' in copy


def test_a_session_copy_keeps_the_bytes_of_a_misdeclared_page(site: Site) -> None:
    entry = next(e for e in site.blog.listed if e.charset == "misdeclared")
    copy = site.answer(f"/s/{'0' * 32}{entry.path}")
    assert copy.media_type == "text/html; charset=ISO-8859-1"
    assert f'id="post-{entry.native_id}"' in copy.body.decode("cp1252")
