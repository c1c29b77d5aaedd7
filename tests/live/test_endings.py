"""How a crawl ends when the blog, the server or the operator do not play along."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.live.crawling import ROOT, archiver, crawl, rows


@contextmanager
def answering(status: int, content_type: str, body: bytes) -> Iterator[str]:
    """The address of a server that answers everything alike."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(404 if self.path == "/robots.txt" else status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _nothing_half_published(output: Path) -> bool:
    folders = [output / name for name in ("crawls", "work")]
    return not any(list(folder.iterdir()) for folder in folders if folder.is_dir())


@pytest.mark.parametrize(
    ("status", "content_type", "body", "words"),
    [
        (404, "text/html", b"<h1>Not found</h1>", "HTTP 404"),
        (200, "application/pdf", b"%PDF-1.4 no page", "not a page"),
        (200, "text/html", b"<title>Shop</title><h1>Welcome</h1><p>We sell tea.</p>", "no post"),
        (200, "text/html", b"", "no post"),
    ],
    ids=["missing", "pdf", "no-blog", "empty"],
)
def test_what_is_no_blog_ends_with_the_reason(
    tmp_path: Path, status: int, content_type: str, body: bytes, words: str
) -> None:
    with answering(status, content_type, body) as url:
        ran = crawl(url, tmp_path)
    assert ran.code == 1
    assert words in ran.err
    assert "Traceback" not in ran.err
    assert _nothing_half_published(tmp_path)


def test_a_server_that_refuses_connections_is_named(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ran = crawl(f"http://127.0.0.1:{port}/", tmp_path)
    assert ran.code == 1
    assert "cannot be reached" in ran.err
    assert _nothing_half_published(tmp_path)


def test_an_address_that_is_none_is_a_usage_error(tmp_path: Path) -> None:
    ran = archiver("crawl", "mailto:anna@blog.example", "--output", tmp_path)
    assert ran.code == 2
    assert "not an http(s) address" in ran.err


def test_a_page_budget_makes_a_partial_crawl(blog: str, tmp_path: Path) -> None:
    ran = crawl(f"{blog}/", tmp_path, "--max-pages", "12")
    assert ran.code == 3, ran.err
    (row,) = rows(tmp_path, "crawls")
    assert (row["state"], row["budget_hit"]) == ("partial", "pages")


def test_an_interrupted_crawl_goes_on_where_it_was(blog: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "archiver", "crawl", f"{blog}/", "--output", str(tmp_path)]
    first = subprocess.Popen(
        [*command, "--delay", "0.02", "--plain"], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    time.sleep(3.0)
    first.send_signal(signal.SIGINT)
    _, said = first.communicate(timeout=60)
    assert first.returncode == 3, said
    assert "same command again" in said
    assert not (tmp_path / "crawls").exists()
    second = crawl(f"{blog}/", tmp_path)
    assert second.code == 0, second.err
    assert len(rows(tmp_path, "crawls")) == 1
    assert len(rows(tmp_path, "posts")) >= 24


def test_a_second_run_on_the_same_blog_waits_its_turn(blog: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "archiver", "crawl", f"{blog}/", "--output", str(tmp_path)]
    first = subprocess.Popen([*command, "--delay", "0.1", "--quiet"], cwd=ROOT)
    try:
        time.sleep(2.5)
        assert crawl(f"{blog}/", tmp_path).code == 75
    finally:
        first.kill()
        first.wait()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of three megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"no small file system can be mounted here: {made.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_stops_the_crawl_which_goes_on_when_there_is_room(
    blog: str, small_disk: Path
) -> None:
    output = small_disk / "data"
    first = crawl(f"{blog}/", output, "--quiet")
    assert first.code == 1
    assert "the same command again" in first.err or "run the command again" in first.err
    assert "Traceback" not in first.err
    assert not (output / "crawls").exists()
    subprocess.run(["mount", "-o", "remount,size=80m", small_disk], check=True)
    second = crawl(f"{blog}/", output, "--quiet")
    assert second.code == 0, second.err
    assert len(rows(output, "posts")) >= 24


def test_a_folder_that_cannot_be_written_is_named(blog: str, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file where a folder is wanted")
    ran = crawl(f"{blog}/", taken / "data")
    assert ran.code == 1
    assert str(taken) in ran.err
    assert "Traceback" not in ran.err


def test_scrapy_runs_the_same_job_from_the_checkout(blog: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scrapy", "crawl", "blog", "-a", f"url={blog}/"]
    done = subprocess.run(
        [*command, "-a", f"output={tmp_path}", "-a", "delay=0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "complete" in done.stdout, done.stderr
    assert len(rows(tmp_path, "posts")) >= 24
