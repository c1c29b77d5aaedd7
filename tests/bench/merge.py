"""Measures writing and merging the tables of one large blog.

    python -m tests.bench.merge [--comments 400000] [--folder DIR]

Two crawls of an invented blog: the second sees most comments again, some edited, some new, and
misses some, half of them under posts whose comment pages it captured completely.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from archiver.identity import row_id
from pipelines.layout import Layout, new_crawl_id
from pipelines.tables.columnar import Row
from pipelines.tables.footer import open_parquet
from pipelines.tables.latest import fresh
from pipelines.tables.merge import Merge, Observation
from pipelines.tables.rows import digest
from pipelines.tables.writer import CrawlTables

BLOG = "millrace-example-org"
HOME = "http://millrace.example.org/"
START = datetime(2024, 1, 1, tzinfo=UTC)
PER_POST = 80
T = TypeVar("T")
WORDS = ("the", "mill", "race", "runs", "under", "bridge", "old", "heron", "waits", "for", "rain")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=400_000)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="merge-"))
    layout = Layout(folder)
    first = _timed("write first crawl", lambda: _crawl(layout, 0, asked.comments))
    base_dir = fresh(folder / "base")
    _timed("merge first crawl", lambda: Merge(BLOG, [first], None, first.crawl_id).write(base_dir))
    second = _timed("write second crawl", lambda: _crawl(layout, 7, asked.comments))
    base = {name: base_dir / f"{name}.parquet" for name in ("posts", "comments", "links", "media")}
    before = _peak()
    merge = Merge(BLOG, [second], base, second.crawl_id)
    counts = _timed("merge second crawl", lambda: merge.write(fresh(folder / "merged")))
    again = Merge(BLOG, [first, second], None, second.crawl_id)
    _timed("make anew from both crawls", lambda: again.write(fresh(folder / "anew")))
    found = open_parquet(folder / "merged" / "comments.parquet").metadata
    size = (folder / "merged" / "comments.parquet").stat().st_size
    print(f"comments: {counts['comments']}")
    print(f"file: {found.num_rows} rows, {found.num_row_groups} groups, {size / 1e6:.0f} MB")
    print(f"peak memory: {before} MB before the merge, {_peak()} MB after")
    if asked.folder is None:
        shutil.rmtree(folder)


def _timed(what: str, run: Callable[[], T]) -> T:
    began, cpu = time.perf_counter(), time.process_time()
    outcome = run()
    print(f"{what:30} {time.perf_counter() - began:6.1f} s, {time.process_time() - cpu:6.1f} s CPU")
    return outcome


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _crawl(layout: Layout, day: int, comments: int) -> Observation:
    """Write the tables of a crawl without publishing it."""
    at = START + timedelta(days=day)
    crawl_id = new_crawl_id(BLOG, at, f"{day:02x}")
    tables = CrawlTables(layout.working(crawl_id), BLOG)
    for number in range(comments // PER_POST):
        for table, row in _post(crawl_id, at, number, day, comments):
            tables.append(table, row)
    tables.close()
    return Observation(
        crawl_id=crawl_id,
        tables=tables.folder.tables,
        state="complete",
        started_at=at,
        captured_from=at,
        captured_to=at,
    )


def _post(
    crawl_id: str, at: datetime, number: int, day: int, comments: int
) -> Iterator[tuple[str, Row]]:
    post_id = f"{BLOG}:{number * 7919 % 1_000_003:06d}"
    capture_id = f"00000000-0000-4000-{day:04d}-{number:012d}"
    common = _common(crawl_id, at, capture_id, number)
    url = f"{HOME}{number}.html"
    text = _words(number, 150)
    published = datetime(2005, 1, 1, tzinfo=UTC) + timedelta(hours=7 * number)
    yield "captures", {
        "capture_id": capture_id, "crawl_id": crawl_id, "blog_id": BLOG, "url": url,
        "url_surtkey": url, "fetch_time": at, "warc_filename": "a.warc.gz",
        "warc_record_offset": number, "warc_record_length": 1, "fetch_status": 200,
        "extracted": True,
    }  # fmt: skip
    yield "posts", {
        **common, "post_id": post_id, "url": url, "title": _words(number, 5), "word_count": 150,
        "body_text": text, "body_html": f"<p>{text}</p>", "published_at": published,
        "content_hash": digest(text),
    }  # fmt: skip
    yield "coverage", {
        "crawl_id": crawl_id, "blog_id": BLOG, "unit": "post_comments", "unit_key": post_id,
        "complete": number % 2 == 0,
    }  # fmt: skip
    for place in range(PER_POST):
        serial = number * PER_POST + place
        if day and serial % (comments // 300) == 1:
            continue  # missing from the second crawl
        yield from _comment(common, post_id, serial, place, day, comments)
        if day and serial % (comments // 500) == 2:
            yield from _comment(common, post_id, serial + comments, PER_POST + place, day, comments)


def _comment(
    common: Row, post_id: str, serial: int, place: int, day: int, comments: int
) -> Iterator[tuple[str, Row]]:
    edited = " Edited." if day and serial % (comments // 391) == 3 else ""
    text = _words(serial, 45) + edited
    comment_id = f"{post_id}:c-{serial}"
    at = datetime(2005, 1, 1, tzinfo=UTC) + timedelta(minutes=serial)
    yield "comments", {
        **common, "comment_id": comment_id, "post_id": post_id, "native_id": str(serial),
        "position": place + 1, "author_name": f"Reader {serial % 5000}", "kind": "comment",
        "author_name_raw": f"Reader {serial % 5000}", "body_text": text, "visibility": "visible",
        "author_url": f"http://reader{serial % 5000}.example.com/", "word_count": 45,
        "permalink": f"{common['source_url']}#c{serial}", "body_html": f"<p>{text}</p>",
        "published_at": at, "published_local": at.replace(tzinfo=None), "published_precision":
        "minute", "published_raw": f"{at:%d %B %Y at %H:%M}", "content_hash": digest(text),
    }  # fmt: skip
    if serial % 4 == 0:
        yield "links", {
            **common, "link_id": row_id(comment_id, "link"), "post_id": post_id,
            "comment_id": comment_id, "target_url": f"http://far{serial % 999}.example.com/",
            "position": 1, "content_hash": digest(comment_id),
        }  # fmt: skip


def _common(crawl_id: str, at: datetime, capture_id: str, number: int) -> dict[str, object]:
    return {
        "blog_id": BLOG, "crawl_id": crawl_id, "capture_id": capture_id, "captured_at": at,
        "warc_filename": f"{crawl_id}-00001.warc.gz", "warc_record_offset": number * 4000,
        "warc_record_length": 4000, "payload_digest": f"sha1:{number + at.day * 10**9:032d}",
        "source_url": f"{HOME}{number}.html", "extractor": "typepad/1", "confidence": 0.9,
        "evidence": [capture_id], "field_sources": [f"body=text@{capture_id}"],
        "first_crawl_id": crawl_id, "last_crawl_id": crawl_id, "first_seen_at": at,
        "last_seen_at": at, "revision": 1, "revised_at": at, "state": "present",
        "encoding": "utf-8", "encoding_source": "http", "parser": "lxml",
    }  # fmt: skip


def _words(seed: int, count: int) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choices(WORDS, k=count - 1)) + f" {seed}"


if __name__ == "__main__":
    main()
