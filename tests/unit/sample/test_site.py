"""The pages: every post and comment is found where WordPress would show it, and nothing hidden."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import pytest
from lxml.etree import _Element as Node

from tests.sample import PublicComment, PublicPost, Theme
from tests.sample.timeline import BASE
from tests.unit.sample.visiting import Visited, nodes, values

ATOM = {"a": "http://www.w3.org/2005/Atom", "thr": "http://purl.org/syndication/thread/1.0"}
SHEET_LINK = r"""(?:url\(\s*["']?|@import ["'])([^"')]+)"""
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def read(node: Node) -> str:
    """What a reader sees, with the words of a smiley in place of its picture."""
    words = []
    for part in node.iter():
        words.append(part.get("alt", "") if part.get("class") == "wp-smiley" else part.text or "")
        words.append(part.tail or "" if part is not node else "")
    return squeezed(" ".join(words))


def loose(text: str) -> str:
    """Text without any space: the page's line breaks between elements are its own."""
    return re.sub(r"\s+", "", text)


def comment_pages(visited: Visited, post: PublicPost) -> list[Node]:
    pages = range(1, post.comment_pages + 1)
    return [visited.tree(f"{post.url}comment-page-{page}/") for page in pages]


def comments_of(visited: Visited, post: PublicPost) -> list[PublicComment]:
    return [comment for comment in visited.truth.comments if comment.post_id == post.native_id]


def shown(page: Node) -> list[str]:
    return [id[8:] for id in values(page, "//li[starts-with(@id, 'comment-')]/@id")]


def test_following_links_reaches_every_post_and_page(visited: Visited) -> None:
    reached = {BASE + target for target, answer in visited.answers.items() if answer.status == 200}
    assert {post.url for post in (*visited.truth.posts, *visited.truth.pages)} <= reached


def test_only_what_is_known_to_be_gone_answers_404(visited: Visited) -> None:
    lost = {BASE + target for target, answer in visited.answers.items() if answer.status == 404}
    gone = {found.url for found in visited.truth.requisites if found.fate == "gone"}
    assert lost == gone | set(visited.truth.missing)


def test_nothing_hidden_is_shown_anywhere(visited: Visited) -> None:
    feeds = ["/feed/", "/feed/?paged=5", "/comments/feed/", "/comments/feed/atom/"]
    secrets = [found.secret.encode() for found in visited.truth.hidden]
    feeds += [f"{found.url}feed/" for found in visited.truth.hidden if found.url]
    for body in (
        *(a.body for a in visited.answers.values()),
        *(visited.get(f).body for f in feeds),
    ):
        assert not [secret for secret in secrets if secret in body]


def test_a_protected_post_shows_a_form_and_no_comments(visited: Visited) -> None:
    (protected,) = (found for found in visited.truth.hidden if found.kind == "protected post")
    assert protected.url is not None
    page = visited.tree(protected.url)
    assert nodes(page, "//form[contains(@action, 'wp-pass')]")
    assert "Protected: " in read(page)
    assert not shown(page)


def test_a_private_post_does_not_exist_for_the_public(visited: Visited) -> None:
    private = [found for found in visited.truth.hidden if found.kind == "private post"]
    assert len(private) == 2
    assert {visited.get(f"/?p={found.native_id}").status for found in private} == {404}


def test_a_post_shows_its_title_and_all_its_words(visited: Visited) -> None:
    for post in visited.truth.posts:
        if post.charset in ("misdeclared", "mixed"):
            continue
        parts = [visited.tree(post.url)]
        parts += [visited.tree(f"{post.url}{part}/") for part in range(2, post.part_count + 1)]
        assert squeezed(post.title) in read(parts[0])
        words = loose("".join(read(part) for part in parts))
        for paragraph in post.text.split("\n\n"):
            assert loose(paragraph) in words


def test_the_parts_of_a_long_post_link_to_each_other(visited: Visited) -> None:
    long = [post for post in visited.truth.posts if post.part_count == 3]
    assert long
    for post in long:
        assert f"{post.url}2/" in values(visited.tree(post.url), "//a/@href")
        assert visited.get(f"{post.url}4/").status == 404


def test_comment_pages_add_up_to_the_truth(visited: Visited) -> None:
    for post in visited.truth.posts:
        found = Counter(id for page in comment_pages(visited, post) for id in shown(page))
        assert found == Counter(comment.native_id for comment in comments_of(visited, post))


def test_the_permalink_shows_the_newest_comment_page(visited: Visited) -> None:
    for post in visited.truth.posts:
        if post.comment_pages:
            assert shown(visited.tree(post.url)) == shown(comment_pages(visited, post)[-1])
        assert visited.get(f"{post.url}comment-page-{post.comment_pages + 1}/").status == 404


def test_comment_pages_link_to_the_older_and_the_newer_one(visited: Visited) -> None:
    post = max(visited.truth.posts, key=lambda post: post.comment_pages)
    last = post.comment_pages
    assert last > 1
    assert f"{post.url}comment-page-{last - 1}/#comments" in values(
        visited.tree(post.url), "//a/@href"
    )
    before_last = comment_pages(visited, post)[last - 2]
    assert f"{post.url}#comments" in values(before_last, "//a/@href")


def test_a_comment_stands_below_its_parent_unless_too_deep(visited: Visited) -> None:
    flattened = 0
    for post in visited.truth.posts:
        printed = {
            node.get("id", "")[8:]: node
            for page in comment_pages(visited, post)
            for node in nodes(page, "//li[starts-with(@id, 'comment-')]")
        }
        for comment in comments_of(visited, post):
            node = printed[comment.native_id]
            above = next(iter(values(node, "ancestor::li[1]/@id")), None)
            assert f"depth-{comment.depth}" in node.get("class", "").split()
            assert comment.kind in node.get("class", "").split()
            assert ("bypostauthor" in node.get("class", "")) == comment.is_post_author
            flattened += comment.flattened
            if not comment.flattened:
                assert above == (f"comment-{comment.parent_id}" if comment.parent_id else None)
    assert flattened


def test_a_comment_shows_its_author_and_words(visited: Visited) -> None:
    for post in visited.truth.posts:
        if post.charset == "misdeclared":
            continue
        for page in comment_pages(visited, post):
            for comment in comments_of(visited, post):
                for node in nodes(page, f"//*[@id='div-comment-{comment.native_id}']"):
                    assert loose(comment.text) in loose(read(node))
                    (author,) = nodes(node, ".//*[@class='fn']")
                    assert read(author) == (comment.author or "Anonymous")
                    assert values(author, "a/@href") == (
                        [comment.author_url] if comment.author_url else []
                    )


def test_comments_are_dated_by_the_blogs_clock(visited: Visited) -> None:
    zone = ZoneInfo(visited.truth.timezone)
    by_id = {comment.native_id: comment for comment in visited.truth.comments}
    for post in visited.truth.posts:
        for node in nodes(visited.tree(post.url), "//*[starts-with(@id, 'div-comment-')]"):
            comment = by_id[node.get("id", "")[12:]]
            if visited.sample.theme is Theme.HTML5:
                (stated,) = values(node, ".//time/@datetime")
                assert datetime.fromisoformat(stated) == comment.published_at
            else:
                (words,) = values(node, "div[@class='comment-meta commentmetadata']/a/text()")
                read_as = datetime.strptime(words, "%B %d, %Y at %I:%M %p").replace(tzinfo=zone)
                assert read_as == comment.published_at.replace(second=0)


def test_a_post_is_dated_by_the_blogs_clock(visited: Visited) -> None:
    zone = ZoneInfo(visited.truth.timezone)
    for post in visited.truth.posts:
        page = visited.tree(post.url)
        if visited.sample.theme is Theme.HTML5:
            (stated,) = values(page, "//time[contains(@class, 'entry-date')]/@datetime")
            assert datetime.fromisoformat(stated) == post.published_at
        else:
            words = read(nodes(page, "//p[@class='postmetadata alt']")[0])
            found = re.search(r"on \w+, (\w+ \d+)\w\w, (\d+) at (\S+ [ap]m) and", words)
            assert found is not None
            stated = " ".join(found.groups())
            read_as = datetime.strptime(stated, "%B %d %Y %I:%M %p").replace(tzinfo=zone)
            assert read_as == post.published_at.replace(second=0)


def test_closed_comments_are_said_to_be_closed(visited: Visited) -> None:
    closed = [p for p in visited.truth.posts if p.comments_closed and not p.comment_count]
    assert closed
    for post in closed:
        notes = nodes(visited.tree(post.url), "//p[@class='nocomments' or @class='no-comments']")
        assert [read(note) for note in notes] == ["Comments are closed."]


@pytest.mark.parametrize("kind", ["home", "category", "tag", "month", "year", "author"])
def test_the_pages_of_an_archive_add_up_to_its_posts(visited: Visited, kind: str) -> None:
    blog = visited.site.blog
    archives = [a for a in blog.archives.values() if a.kind == kind]
    listed = {archive.path: archive.entries for archive in archives} or {"/": blog.listed}
    for path, entries in listed.items():
        found: list[str] = []
        url: str | None = BASE + path
        while url is not None:
            page = visited.tree(url)
            found += values(page, "//*[starts-with(@id, 'post-')]//a[@rel='bookmark'][1]/@href")
            url = next(iter(values(page, "//a[contains(., 'Older')]/@href")), None)
        assert list(dict.fromkeys(found)) == [entry.url for entry in entries]


def test_paged_feeds_add_up_to_all_posts_with_their_instants(visited: Visited) -> None:
    found = {}
    for number in range(1, 8):
        for item in visited.xml(f"/feed/?paged={number}").iter("item"):
            stamp = parsedate_to_datetime(item.findtext("pubDate", ""))
            found[item.findtext("link", "")] = (stamp, item.findtext(CONTENT, ""))
    assert visited.get("/feed/?paged=8").status == 404
    posts = {post.url: post for post in visited.truth.posts}
    assert {url: found[url][0] for url in posts} == {u: p.published_at for u, p in posts.items()}
    assert all(loose(posts[url].html) == loose(unfolded(found[url][1])) for url in posts)


def unfolded(markup: str) -> str:
    return re.sub(r'<p><span id="more-\d+"></span></p>', "", markup)


def test_the_atom_feed_counts_answers(visited: Visited) -> None:
    counts = {post.url: str(post.comment_count) for post in visited.truth.posts}
    for entry in visited.xml("/feed/atom/").findall("a:entry", ATOM):
        (url,) = values(entry, "a:link[@rel='alternate']/@href", **ATOM)
        assert entry.findtext("thr:total", None, ATOM) == counts[url]


def test_the_comment_feed_holds_the_newest_comments_of_all(visited: Visited) -> None:
    newest = sorted(visited.truth.comments, key=lambda c: c.published_at, reverse=True)[:10]
    items = list(visited.xml("/comments/feed/").iter("item"))
    assert [item.findtext("guid", "").rpartition("-")[2] for item in items] == [
        comment.native_id for comment in newest
    ]
    assert [parsedate_to_datetime(item.findtext("pubDate", "")) for item in items] == [
        comment.published_at for comment in newest
    ]


def test_a_posts_atom_feed_tells_true_parents(visited: Visited) -> None:
    for post in visited.truth.posts:
        parents = {c.native_id: c.parent_id for c in comments_of(visited, post)}
        for entry in visited.xml(f"{post.url}feed/atom/").findall("a:entry", ATOM):
            (ref,) = values(entry, "thr:in-reply-to/@ref", **ATOM)
            told = ref.rpartition("#comment-")[2] if "#" in ref else None
            assert told == parents[(entry.findtext("a:id", None, ATOM) or "").rpartition("-")[2]]


def test_sitemaps_name_every_post(visited: Visited) -> None:
    children = values(visited.xml("/sitemap.xml"), "//*[local-name()='loc']/text()")
    assert [child.rpartition("/")[2] for child in children] == [
        "sitemap-misc.xml",
        "sitemap-posts-1.xml.gz",
    ]
    named = {
        url
        for child in children
        for url in values(visited.xml(child), "//*[local-name()='loc']/text()")
    }
    assert {post.url for post in (*visited.truth.posts, *visited.truth.pages)} <= named


def test_the_requisites_are_what_pages_and_sheets_refer_to(visited: Visited) -> None:
    files = {BASE + t for t in visited.answers if re.search(r"\.(css|js|png|gif|ico)(\?|$)", t)}
    sheets = [url for url in files if ".css" in url]
    while sheets:
        sheet = sheets.pop()
        for path in re.findall(
            r"""(?:url\(\s*["']?|@import ["'])([^"')]+)""", styles(visited, sheet)
        ):
            url = f"{sheet.rpartition('/')[0]}/{path}".replace("/css/../", "/")
            files.add(url)
            sheets += [url] if url.endswith(".css") else []
    files.update(re.findall(r'url\("([^"]+)"\)', visited.get("/").body.decode()))
    assert files == {found.url for found in visited.truth.requisites}


def styles(visited: Visited, url: str) -> str:
    answer = visited.get(url)
    assert answer.media_type == "text/css"
    return answer.body.decode()


def test_files_answer_as_their_fate_says(visited: Visited) -> None:
    for found in visited.truth.requisites:
        answer = visited.get(found.url)
        assert answer.status == (404 if found.fate == "gone" else 200)
        is_page = answer.media_type.startswith("text/html")
        assert is_page == (found.fate != "here")
        if ".png" in found.url and not is_page:
            assert answer.body.startswith(b"\x89PNG\r\n\x1a\n")


def test_misdeclared_pages_are_windows_1252(visited: Visited) -> None:
    pages = [post for post in visited.truth.posts if post.charset == "misdeclared"]
    assert pages
    for post in pages:
        answer = visited.get(post.url)
        assert answer.media_type == "text/html; charset=ISO-8859-1"
        assert b"charset=ISO-8859-1" in answer.body or b'charset="ISO-8859-1"' in answer.body
        assert re.search(rb"[\x80-\x9f]", answer.body)
        answer.body.decode("cp1252")


def test_the_mixed_page_is_utf8_but_for_one_sentence(visited: Visited) -> None:
    (post,) = (post for post in visited.truth.posts if post.charset == "mixed")
    body = visited.get(post.url).body
    with pytest.raises(UnicodeDecodeError):
        body.decode()
    sentence = next(s for s in post.text.splitlines() if "small miracle" in s)[-57:]
    assert body.replace(sentence.encode("cp1252"), sentence.encode()).decode()


def test_the_undeclared_page_says_nothing_of_its_encoding(visited: Visited) -> None:
    (post,) = (post for post in visited.truth.posts if post.charset == "undeclared")
    answer = visited.get(post.url)
    assert answer.media_type == "text/html"
    assert b"charset" not in answer.body
    assert not answer.body.isascii()


def test_old_addresses_lead_to_the_permalink(visited: Visited) -> None:
    for post in visited.truth.posts:
        answer = visited.get(f"/?p={post.native_id}")
        assert (answer.status, answer.location) == (301, post.url)
        slashless = visited.get(post.url.rstrip("/"))
        assert (slashless.status, slashless.location) == (301, post.url)


def test_robots_txt_forbids_something_that_pages_link_to(visited: Visited) -> None:
    robots = visited.get("/robots.txt").body.decode()
    for url in visited.truth.disallowed:
        assert f"Disallow: {url.removeprefix(BASE)}\n" in robots
        assert url.removeprefix(BASE) in visited.answers
    assert f"Sitemap: {BASE}/sitemap.xml" in robots
