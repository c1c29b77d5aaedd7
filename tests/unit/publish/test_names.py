"""Which id a post of a crawl gets, given what earlier crawls know."""

from __future__ import annotations

from archiver.identity import Identity
from archiver.model import Comment, PageKind, Post, Source, Url
from archiver.publish.groups import Groups
from archiver.publish.names import Names

BLOG = "hedgerow-example-net"
OAK = Url("http://hedgerow.example.net/2007/oak.html")
OAK_NAME = "url:hedgerow.example.net/2007/oak.html"


def _groups(*sets: tuple[str, ...]) -> Groups:
    identity = Identity()
    for names in sets:
        identity.join(names)
    groups = Groups(identity)
    for number, names in enumerate(sets):
        groups.add(number, names)
    return groups


def _post(*aliases: str, native: str | None = None, url: Url | None = None) -> Post:
    return Post(
        aliases=aliases, source=Source.TEXT, page_kind=PageKind.POST, native_id=native, url=url
    )


def test_a_post_known_by_its_address_keeps_its_id_when_its_native_id_is_learned() -> None:
    groups = _groups(("native:12", OAK_NAME))
    names = Names(BLOG, {OAK_NAME: f"{BLOG}:0a1b"}, groups)
    post = _post("native:12", OAK_NAME, native="12", url=OAK)
    assert names.of_post(next(iter(groups)), post) == f"{BLOG}:0a1b"


def test_an_unknown_post_is_named_by_its_native_id() -> None:
    groups = _groups(("native:12", OAK_NAME))
    names = Names(BLOG, {"native:13": f"{BLOG}:13"}, groups)
    post = _post("native:12", OAK_NAME, native="12", url=OAK)
    assert names.of_post(next(iter(groups)), post) == f"{BLOG}:12"


def test_of_two_posts_that_claim_an_id_the_native_id_wins() -> None:
    groups = _groups(("native:12", "url:hedgerow.example.net/moved"), ("native:99", OAK_NAME))
    names = Names(BLOG, {"native:12": f"{BLOG}:0a1b", OAK_NAME: f"{BLOG}:0a1b"}, groups)
    moved = _post("native:12", native="12")
    newcomer = _post("native:99", OAK_NAME, native="99", url=OAK)
    assert names.of_post("native:12", moved) == f"{BLOG}:0a1b"
    assert names.of_post("native:99", newcomer) == f"{BLOG}:99"


def test_an_own_id_that_another_post_was_given_gets_a_number() -> None:
    first = Names(BLOG, {}, _groups((OAK_NAME,))).of_post(OAK_NAME, _post(OAK_NAME, url=OAK))
    groups = _groups(("native:12", "url:hedgerow.example.net/moved"), (OAK_NAME,))
    names = Names(BLOG, {"native:12": first}, groups)
    assert names.of_post("native:12", _post("native:12", native="12")) == first
    assert names.of_post(OAK_NAME, _post(OAK_NAME, url=OAK)) == f"{first}.2"


def test_comments_alone_go_to_the_post_that_is_known_at_their_address() -> None:
    groups = _groups((OAK_NAME,))
    comment = Comment(post_aliases=(OAK_NAME,), source=Source.TEXT)
    known = Names(BLOG, {OAK_NAME: f"{BLOG}:12"}, groups)
    assert known.of_comments(OAK_NAME, [comment]) == f"{BLOG}:12"
    unknown = Names(BLOG, {}, groups).of_comments(OAK_NAME, [comment])
    assert unknown == Names(BLOG, {}, groups).of_post(OAK_NAME, _post(OAK_NAME, url=OAK))
