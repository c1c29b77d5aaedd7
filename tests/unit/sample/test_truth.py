"""The content: deterministic, complete in its rarities, and all invented."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.sample import Sample, Theme, Truth

HERE = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Sample().truth(HERE)


@pytest.fixture(scope="module")
def smallest() -> Truth:
    return Sample(posts=24).truth(HERE)


def test_equal_samples_tell_the_same_truth(truth: Truth) -> None:
    assert Sample().truth(HERE) == truth


def test_another_seed_makes_another_blog(truth: Truth) -> None:
    assert {post.text for post in Sample(seed=8).truth(HERE).posts}.isdisjoint(
        post.text for post in truth.posts
    )


def test_themes_and_traps_leave_the_content_alone(truth: Truth) -> None:
    other = Sample(theme=Theme.HTML5, traps=True).truth(HERE)
    assert (other.posts, other.comments, other.hidden) == (
        truth.posts,
        truth.comments,
        truth.hidden,
    )


def test_a_larger_sample_begins_with_the_smaller_one(truth: Truth) -> None:
    larger = Sample(posts=90).truth(HERE)
    assert larger.posts[:60] == truth.posts
    assert larger.comments[: len(truth.comments)] == truth.comments


def test_a_sample_has_as_many_public_posts_as_asked_for(truth: Truth) -> None:
    assert len(truth.posts) == 60
    assert len(Sample(posts=333).truth(HERE).posts) == 333


def test_a_sample_too_small_for_its_rarities_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 24 posts, not 23"):
        Sample(posts=23).truth(HERE)


def test_ids_and_addresses_are_unique() -> None:
    truth = Sample(posts=1000).truth(HERE)
    for group in (truth.posts, truth.comments):
        assert len({item.native_id for item in group}) == len(group)
    assert len({post.url for post in truth.posts}) == 1000


def test_the_smallest_sample_shows_every_rarity(smallest: Truth) -> None:
    posts, comments = smallest.posts, smallest.comments
    assert {post.language for post in posts} == {"en", "de", "fr", "ja"}
    assert {post.charset for post in posts} == {"utf-8", "misdeclared", "mixed", "undeclared"}
    assert {comment.kind for comment in comments} == {"comment", "pingback", "trackback"}
    assert {comment.depth for comment in comments} == {1, 2, 3, 4, 5}
    assert any(comment.author is None for comment in comments)
    assert any(comment.is_post_author for comment in comments)
    assert any(comment.flattened for comment in comments)
    assert any(post.part_count > 1 for post in posts)
    assert any(post.comment_pages > 1 for post in posts)
    assert any(post.comments_closed and not post.comment_count for post in posts)
    assert any("%" in post.url for post in posts)
    assert {found.fate for found in smallest.requisites} == {"here", "gone", "soft-gone"}
    assert {found.kind for found in smallest.hidden} >= {
        "protected post",
        "private post",
        "unapproved comment",
    }


def test_posts_and_their_comments_come_in_order(truth: Truth) -> None:
    instants = [post.published_at for post in truth.posts]
    assert instants == sorted(instants)
    assert all(instant.utcoffset() == timedelta(0) for instant in instants)
    posts = {post.native_id: post for post in truth.posts}
    for comment in truth.comments:
        assert comment.published_at > posts[comment.post_id].published_at


def test_a_parent_is_an_older_visible_comment_on_the_same_post(truth: Truth) -> None:
    seen: dict[str, str] = {}
    for comment in truth.comments:
        if comment.parent_id is not None:
            assert seen[comment.parent_id] == comment.post_id
        seen[comment.native_id] = comment.post_id


def test_counts_agree_with_the_comments(truth: Truth) -> None:
    for post in truth.posts:
        assert post.comment_count == sum(c.post_id == post.native_id for c in truth.comments)
        last = max((c.page for c in truth.comments if c.post_id == post.native_id), default=0)
        assert post.comment_pages == last


def test_every_address_is_our_own_or_in_a_reserved_domain(truth: Truth) -> None:
    markup = "".join([p.html for p in truth.posts] + [c.html for c in truth.comments])
    found = re.findall(r"""(?:href|src)=["']([^"']+)""", markup)
    found += [comment.author_url for comment in truth.comments if comment.author_url]
    hosts = {urlsplit(address).hostname or "" for address in found}
    assert len(hosts) > 5
    assert all(host == "127.0.0.1" or host.endswith(".example") for host in hosts)


def test_secrets_are_told_nowhere_in_the_public_part(truth: Truth) -> None:
    told = "\n".join([p.text for p in truth.posts] + [c.text for c in truth.comments])
    assert len({found.secret for found in truth.hidden}) == len(truth.hidden) > 5
    assert not [found for found in truth.hidden if found.secret in told]


def test_posts_read_like_posts(truth: Truth) -> None:
    for post in truth.posts:
        assert len(post.text) > 150
        assert not re.search(r"\{\w+\}|\blorem\b", post.text)
        assert post.html.startswith("<p>")


def test_bodies_hold_every_kind_of_block(truth: Truth) -> None:
    markup = "".join(post.html for post in truth.posts)
    for tag in ("blockquote", "ul", "ol", "table", "pre", "code", "img", "em", "strong", "a"):
        assert re.search(rf"<{tag}\b", markup)
    assert "wp-caption" in markup
    assert "srcset" in markup
    assert "&#8217;" in markup
    assert f"{HERE}/?p=" in markup
