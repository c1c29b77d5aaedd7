"""Milliseconds of one core to read a post page with its comments, beside lxml's bare parse.

The page is the sample blog's, with about 30 comments, its list of archives grown to 50 KB.
trafilatura runs beside them where it is installed. Run: python tests/bench/extraction.py [ROUNDS]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from archiver.config import Blog  # noqa: E402 - run as a script from anywhere
from archiver.model import BlogId, Capture, CaptureId, Document, Url  # noqa: E402
from archiver.reading import read  # noqa: E402
from tests.sample import Sample, Theme  # noqa: E402
from tests.sample.pages import Pages  # noqa: E402

SIZE = 50_000  # bytes
COMMENTS = 30
URL = Url("http://blog.example/2008/05/a-post/")


def page(theme: Theme) -> bytes:
    """The sample's page whose comments come nearest to 30, its sidebar widened to 50 KB."""
    blog = Sample(posts=200, theme=theme).blog()
    pages = Pages(blog)
    made = (pages.single(entry, "/", page=1).encode() for entry in blog.listed)
    found = min(made, key=lambda body: abs(_shown(body) - COMMENTS))
    link = b'<li><a href="http://blog.example/archive/%d/">An entry of long ago</a></li>\n'
    links = b"".join(link % number for number in range(max(0, SIZE - len(found)) // 76))
    before, mark, after = found.rpartition(b"</body>")
    return before + b'<ul class="archive">' + links + b"</ul>" + mark + after


def _shown(body: bytes) -> int:
    return body.count(b'id="comment-') - body.count(b'id="comment-form')


def _timed(rounds: int, work: Callable[[], object]) -> float:
    """Median milliseconds of CPU."""
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return 1000 * statistics.median(taken)


def _rows(body: bytes, rounds: int) -> dict[str, float]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    headers = (("Content-Type", "text/html; charset=UTF-8"),)
    capture = Capture(
        capture_id=CaptureId("x"), url=URL, captured_at=at, status=200, headers=headers
    )
    document = Document(capture=capture, body=body)
    blog = Blog(blog_id=BlogId("b"), home_url=Url("http://blog.example/"))
    reading = read(document, blog)
    assert reading is not None
    shown = len(reading.extraction.comments)
    print(f"{len(body) / 1000:.0f} KB, {shown} comments, {reading.extraction.extractor}")
    rows = {
        "lxml parse": _timed(rounds, lambda: etree.fromstring(body, etree.HTMLParser())),
        "archiver read": _timed(rounds, lambda: read(document, blog)),
    }
    with suppress(ImportError):
        trafilatura = import_module("trafilatura")
        text = body.decode()
        rows["trafilatura"] = _timed(
            rounds, lambda: trafilatura.extract(text, include_comments=True)
        )
    return rows


def main(rounds: int) -> None:
    """Print each theme's figures, and how they compare to the bare parse."""
    for theme in Theme:
        rows = _rows(page(theme), rounds)
        for name, taken in rows.items():
            ratio = taken / rows["lxml parse"]
            print(f"  {theme.value:8} {name:14} {taken:7.2f} ms  {ratio:6.1f} x the bare parse")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 101)
