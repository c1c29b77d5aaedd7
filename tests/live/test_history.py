"""Three crawls and an older archive of one blog: the history that they prove, row by row."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pyarrow.parquet as pq
import pytest

from tests.live.crawling import archiver, crawl, rows


@dataclass(frozen=True)
class Entry:
    """A post: its text, its comments by id, and whether its markup states its id."""

    text: str
    comments: Mapping[str, str]
    has_id: bool = True


OAK_TEXT = "The oak behind the mill lost a branch in the storm, and nobody saw it fall."
ELM_TEXT = "Elms are rare in this valley now; the last one stands beside the ferry house."
FIR_TEXT = "The fir on the green was cut for the fair, as it is done every seventh winter."
ASH_TEXT = "We planted an ash where the shed was, and it has not stopped raining since then."
OAK_EDITED = OAK_TEXT.replace("nobody saw", "everybody heard")

BEFORE = {"1": Entry("The oak behind the mill is still whole.", {"11": "I like that old tree."})}
FIRST = {
    "1": Entry(OAK_TEXT, {"11": "I like that old tree.", "12": "What a pity it fell."}),
    "2": Entry(ELM_TEXT, {"21": "There is another one in our garden."}, has_id=False),
    "3": Entry(ASH_TEXT, {}),
    "4": Entry(FIR_TEXT, {}),
}
SECOND = {
    "1": Entry(OAK_EDITED, {"11": "I like that old tree.", "13": "We heard it at the farm."}),
    "2": Entry(ELM_TEXT, {"21": "There is another one in our garden."}),
}
LAST = {
    "1": Entry(OAK_EDITED, dict(FIRST["1"].comments) | {"13": "We heard it at the farm."}),
    "2": Entry(ELM_TEXT, {"21": "There is another one in our garden."}),
    "3": Entry(ASH_TEXT, {}),
}


class Blog:
    """A small WordPress blog whose posts can be exchanged while it runs."""

    def __init__(self) -> None:
        self.entries: Mapping[str, Entry] = {}

    def answer(self, path: str) -> tuple[int, str]:
        """Status and page of a path."""
        if path == "/":
            items = "".join(_entry(number, entry) for number, entry in self.entries.items())
            # A link that nobody takes away when the post behind it is deleted.
            favourite = '<p><a href="/2008/05/post-4/">My favourite</a></p>'
            return 200, _page("Valley Notes", items + favourite)
        number = path.strip("/").rpartition("-")[2]
        if path != f"/2008/05/post-{number}/" or number not in self.entries:
            return 404, _page("Not found", "<p>There is nothing here.</p>")
        entry = self.entries[number]
        return 200, _page(f"Post {number}", _entry(number, entry) + _comments(entry))


def _page(title: str, content: str) -> str:
    return (
        '<!DOCTYPE html><html><head><meta name="generator" content="WordPress 2.7">'
        f'<title>{title}</title></head><body><div id="content">{content}</div></body></html>'
    )


def _entry(number: str, entry: Entry) -> str:
    name = f' id="post-{number}"' if entry.has_id else ""
    return (
        f'<div class="post hentry"{name}><h2><a href="/2008/05/post-{number}/"'
        f' rel="bookmark">Post number {number}</a></h2>'
        f"<small>May {number}, 2008 by Odile Varga</small>"
        f'<div class="entry"><p>{escape(entry.text)}</p></div></div>'
    )


def _comments(entry: Entry) -> str:
    items = "".join(
        f'<li class="comment" id="comment-{name}"><div class="comment-author vcard">'
        f'<cite class="fn">Reader {name}</cite> <span class="says">says:</span></div>'
        f'<div class="comment-meta commentmetadata"><a href="#comment-{name}">'
        f"May 9, 2008 at 10:{name} am</a></div><p>{escape(text)}</p></li>"
        for name, text in entry.comments.items()
    )
    count = f"{len(entry.comments)} Responses"
    return f'<h3 id="comments">{count}</h3><ol class="commentlist">{items}</ol>' if items else ""


@contextmanager
def _serving(blog: Blog) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, page = blog.answer(self.path)
            body = page.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the test reads the archive instead."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@dataclass(frozen=True)
class Told:
    """The output folder after all crawls, the blog's id, and the state after each step."""

    output: Path
    blog_id: str
    steps: tuple[dict[str, str], ...]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Crawls before, first, second, a partial one and last; "before" is imported at the end."""
    output, older = tmp_path_factory.mktemp("history"), tmp_path_factory.mktemp("older")
    blog, steps = Blog(), []
    with _serving(blog) as url:
        blog.entries = BEFORE
        assert crawl(url, older).code == 0
        for entries, options, code in (
            (FIRST, (), 0),
            (SECOND, (), 0),
            ({"1": SECOND["1"]}, ("--max-pages", "2"), 3),
            (LAST, (), 0),
        ):
            blog.entries = entries
            ran = crawl(url, output, *options)
            assert ran.code == code, ran.err
            steps.append(_states(output))
    (warc,) = (older / "crawls").glob("*/warc")
    kept = output / "older-warc"
    shutil.copytree(warc, kept)
    imported = archiver("extract", kept, "--output", output, "--blog-url", url, "--plain")
    assert imported.code == 0, imported.err
    steps.append(_states(output))
    (blog_id,) = {row["blog_id"] for row in rows(output, "posts")}
    return Told(output=output, blog_id=blog_id, steps=tuple(steps))


def _states(output: Path) -> dict[str, str]:
    """ "present r2" by number of every post and comment."""
    posts = {row["url"].strip("/").rpartition("-")[2]: row for row in rows(output, "posts")}
    found = posts | {row["native_id"]: row for row in rows(output, "comments")}
    return {name: f"{row['state']} r{row['revision']}" for name, row in found.items()}


def test_the_first_crawl_makes_every_row_present(told: Told) -> None:
    assert told.steps[0] == dict.fromkeys(["1", "2", "3", "4", "11", "12", "21"], "present r1")


def test_a_full_crawl_tells_edits_additions_and_deletions(told: Told) -> None:
    assert told.steps[1] == {
        "1": "present r2", "2": "present r1", "3": "gone r1", "4": "gone r1",
        "11": "present r1", "12": "gone r1", "13": "present r1", "21": "present r1",
    }  # fmt: skip


def test_a_deleted_post_that_is_still_linked_is_proved_gone_by_its_own_page(told: Told) -> None:
    fir = _id(told, "4")
    found = [row for row in rows(told.output, "coverage") if row["unit_key"] == fir]
    by_crawl = {row["crawl_id"]: row for row in found if row["unit"] == "post"}
    proofs = [(by_crawl[name]["complete"], by_crawl[name]["reason"]) for name in sorted(by_crawl)]
    assert proofs == [
        (True, None),
        (True, "the page answers 404"),
        (False, "the post's own page was not answered"),  # the budget came before it
        (True, "the page answers 404"),
        (True, "the page answers 404"),  # the older archive, from before the post was written
    ]


def test_a_post_keeps_its_id_when_a_later_crawl_learns_its_native_id(told: Told) -> None:
    elm = [row for row in rows(told.output, "posts") if row["url"].endswith("/post-2/")]
    assert [row["native_id"] for row in elm] == ["2"]
    assert elm[0]["post_id"] != f"{told.blog_id}:2"
    assert elm[0]["first_crawl_id"] != elm[0]["last_crawl_id"]
    assert _of_posts(told, "2") == {elm[0]["post_id"]}


def _id(told: Told, number: str) -> str:
    (post_id,) = _of_posts(told, number)
    return post_id


def _of_posts(told: Told, number: str) -> set[str]:
    """Every id that any crawl gave to a post."""
    files = sorted(told.output.glob("crawls/*/tables/posts.parquet"))
    found = [row for path in files for row in pq.read_table(path).to_pylist()]
    return {row["post_id"] for row in found if row["url"].endswith(f"/post-{number}/")}


def test_a_partial_crawl_makes_nothing_gone(told: Told) -> None:
    assert told.steps[2] == told.steps[1]


def test_what_is_shown_again_is_present_again_and_no_new_version(told: Told) -> None:
    assert told.steps[3] == {
        "1": "present r2", "2": "present r1", "3": "present r1", "4": "gone r1",
        "11": "present r1", "12": "present r1", "13": "present r1", "21": "present r1",
    }  # fmt: skip


def test_an_older_archive_imported_last_adds_the_past_and_changes_nothing_newer(
    told: Told,
) -> None:
    assert told.steps[4] == told.steps[3] | {"1": "present r3"}
    (oak,) = (row for row in rows(told.output, "posts") if row["native_id"] == "1")
    assert "everybody heard" in oak["body_text"]
    assert oak["first_crawl_id"] != oak["last_crawl_id"]
    assert oak["first_seen_at"] == min(_captured(told.output))


def _captured(output: Path) -> list[object]:
    files = output.glob("crawls/*/tables/posts.parquet")
    return [at for path in files for at in pq.read_table(path)["first_seen_at"].to_pylist()]


def test_the_history_command_tells_every_version_and_miss_in_order(told: Told) -> None:
    oak = archiver("history", f"{told.blog_id}:1", "--output", told.output)
    assert oak.code == 0, oak.err
    assert "-The oak behind the mill lost a branch in the storm, and nobody saw it fall." in oak.out
    assert "+The oak behind the mill lost a branch in the storm, and everybody heard it" in oak.out
    assert [line.split()[2] for line in oak.out.splitlines() if line[:2] == "20"] == ["present"] * 5
    ash = archiver("history", f"{told.blog_id}:3", "--output", told.output)
    states = [line.split()[2] for line in ash.out.splitlines() if line[:2] == "20"]
    assert states == ["present", "gone", "present"]
    lost = archiver("history", f"{told.blog_id}:1:c-12", "--output", told.output)
    states = [line.split()[2] for line in lost.out.splitlines() if line[:2] == "20"]
    assert states == ["present", "gone", "present"]


def test_show_prints_the_markup_and_the_headers_of_a_row(told: Told) -> None:
    shown = archiver("show", f"{told.blog_id}:1:c-13", "--output", told.output)
    assert shown.code == 0, shown.err
    assert "comment_id: " in shown.out
    assert "Content-Type: text/html; charset=utf-8" in shown.out
    assert '<li class="comment" id="comment-13">' in shown.out
    assert archiver("show", "nobody:1", "--output", told.output).code == 2


def test_every_row_of_every_crawl_follows_from_its_records(told: Told) -> None:
    verified = archiver("verify", "--rows", "--output", told.output, "--plain")
    assert verified.code == 0, verified.out
    assert verified.out.count("holds") == 5


def test_making_the_tables_anew_changes_no_state(told: Told) -> None:
    assert archiver("migrate", "--output", told.output).code == 0
    assert _states(told.output) == told.steps[4]
