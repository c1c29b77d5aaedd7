"""Comment services: named, read where they are static, and never trusted."""

from __future__ import annotations

import pytest

from archiver.extractors.comment_hosts import CommentHosts
from archiver.model import Role, Visibility
from tests.unit.extractors.reading import page

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("html", "service"),
    [
        ("<div id='disqus_thread'></div>", "disqus"),
        ("<script src='http://x.disqus.com/embed.js'></script>", "disqus"),
        ("<script src='http://www.intensedebate.com/js/a.js'></script>", "intensedebate"),
        ("<script src='http://www.haloscan.com/load/porch'></script>", "haloscan"),
        ("<script src='http://zor.livefyre.com/a.js'></script>", "livefyre"),
        ("<fb:comments href='x'></fb:comments>", "facebook"),
        ("<script data-isso='//c.example/'></script>", "isso"),
        ("<script src='https://utteranc.es/client.js'></script>", "utterances"),
        ("<script src='https://giscus.app/client.js'></script>", "giscus"),
    ],
)
def test_a_service_is_named_by_what_only_it_has(html: str, service: str) -> None:
    found = page(f"<html><body>{html}</body></html>")
    assert CommentHosts().blog(found).external_comments == (service,)
    assert CommentHosts().claim(found).score > 0


@pytest.mark.parametrize(
    "html",
    [
        "<p>I moved from Disqus to Isso.</p>",
        "<div class='fb-like'></div>",
        "<p>livefyre is shut</p>",
    ],
)
def test_a_mention_is_no_service(html: str) -> None:
    assert CommentHosts().claim(page(f"<html><body>{html}</body></html>")).score == 0


def test_an_isso_thread_leads_to_its_api() -> None:
    html = (
        "<html><script data-isso='//c.example/' src='//c.example/js/embed.min.js'></script>"
        "<section id='isso-thread' data-isso-id='/2014/a b/'></section></html>"
    )
    (link,) = CommentHosts().follow(page(html))
    assert (link.href, link.role) == ("//c.example/?uri=%2F2014%2Fa%20b%2F", Role.API)


def test_an_isso_thread_without_a_name_is_that_of_the_pages_path() -> None:
    html = "<html><script data-isso='/isso'></script><section id='isso-thread'></section></html>"
    (link,) = CommentHosts().follow(page(html, "http://b.example/2014/x/?p=1"))
    assert link.href == "/isso/?uri=%2F2014%2Fx%2F"


@pytest.mark.parametrize(
    "answer",
    [
        '{"total_replies": 1, "replies": "none"}',
        '{"total_replies": 1, "replies": [1, null, {"id": {}, "text": [], "created": "x"}]}',
        '{"total_replies": 1',
        "[]",
    ],
)
def test_answers_of_an_unexpected_shape_do_no_harm(answer: str) -> None:
    found = list(CommentHosts().comments(page(answer, "http://c.example/?uri=%2Fa", JSON)))
    assert [comment.body for comment in found if comment.body] == []


def test_deleted_disqus_posts_stay_as_placeholders_and_spam_does_not() -> None:
    posts = (
        '{"id":"1","message":"","isDeleted":true,"raw_message":""},'
        '{"id":"2","message":"<p>x</p>","isSpam":true,"raw_message":"x"},'
        '{"id":"3","message":"<p>y</p>","createdAt":"2013-05-01T11:13:05","raw_message":"y"}'
    )
    html = (
        '<html><script type="text/json" '
        f'id="disqus-threadData">{{"response":{{"posts":[{posts}]}}}}</script></html>'
    )
    found = list(
        CommentHosts().comments(
            page(html, "https://disqus.com/embed/comments/?t_u=http%3A%2F%2Fb.example%2F1")
        )
    )
    assert [(c.native_id, c.visibility) for c in found] == [
        ("1", Visibility.DELETED),
        ("3", Visibility.VISIBLE),
    ]
    assert found[1].published is not None
    assert found[1].published.machine == "2013-05-01T11:13:05Z"
    assert found[1].post_url == "http://b.example/1"
