"""What a server sees of the crawl's manners, by its own clock."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.live.crawling import archiver, rows

POSTS = 8
RETRY_AFTER_S = 3


@dataclass
class Log:
    """When each request arrived, and until when the server asked to be left alone."""

    arrivals: list[tuple[float, str]] = field(default_factory=list)
    silent_from: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


def _home() -> str:
    links = "".join(f'<h2><a href="/2008/03/post-{n}/">Post {n}</a></h2>' for n in range(POSTS))
    return _page("Harbour Notes", links)


def _post(number: str) -> str:
    return _page(
        f"Post {number}",
        f'<div class="post" id="post-{number}"><h2>Post {number}</h2><div class="entry">'
        f"<p>The ferry was late again, for the {number}th time, and nobody on the quay minded;"
        " there was tea, and a dog, and the rain had stopped.</p></div></div>",
    )


def _page(title: str, body: str) -> str:
    generator = '<meta name="generator" content="WordPress 2.9.2">'
    return f"<html><head><title>{title}</title>{generator}</head><body>{body}</body></html>"


@contextmanager
def impatient_server(log: Log) -> Iterator[str]:
    """A blog that answers its fourth request with 429 and asks for patience."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            now = time.monotonic()
            with log.lock:
                log.arrivals.append((now, self.path))
                is_fourth = len(log.arrivals) == 4
                if is_fourth:
                    log.silent_from = now
            if is_fourth:
                self._answer(429, "slow down", ("Retry-After", str(RETRY_AFTER_S)))
            elif self.path == "/":
                self._answer(200, _home())
            elif self.path.startswith("/2008/03/post-"):
                self._answer(200, _post(self.path.strip("/").rpartition("-")[2]))
            else:
                self._answer(404, "no")

        def _answer(self, status: int, text: str, *headers: tuple[str, str]) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers:
                self.send_header(name, value)
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


def test_gaps_and_retry_after_are_kept_and_the_crawl_completes(tmp_path: Path) -> None:
    log, delay_s = Log(), 0.3
    with impatient_server(log) as url:
        ran = archiver("crawl", url, "--output", tmp_path, "--delay", str(delay_s), "--quiet")
    assert ran.code == 0, ran.err
    times = [at for at, _ in log.arrivals]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(gaps) >= delay_s
    deadline = log.silent_from + RETRY_AFTER_S
    assert [at for at in times if log.silent_from < at < deadline] == []
    assert len(rows(tmp_path, "posts")) == POSTS
