"""Names of posts."""

from __future__ import annotations

from itertools import permutations

from archiver.identity import Identity, comment_id, post_id


def test_names_seen_together_are_one_post_whatever_the_order() -> None:
    facts = [("native:7", "url:b/p"), ("url:b/p", "url:b/?p=7"), ("url:b/other",)]
    for order in permutations(facts):
        identity = Identity()
        for names in order:
            identity.join(names)
        assert identity.root("url:b/?p=7") == identity.root("native:7") == "native:7"
        assert identity.root("url:b/other") == "url:b/other"


def test_ids_are_native_where_the_platform_has_one_and_stable_where_not() -> None:
    assert post_id("blog", "7", "b/p") == "blog:7"
    assert (
        post_id("blog", None, "b/p") == post_id("blog", None, "b/p") != post_id("blog", None, "b/q")
    )
    assert comment_id("blog:7", "3", "x") == "blog:7:c-3"
