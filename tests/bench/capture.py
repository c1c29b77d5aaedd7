"""CPU of fetching a URL list with capture and WARC, against bare Scrapy on the same list.

    python tests/bench/capture.py [--pages N] [--pairs N] [--gzip]

Pairs run interleaved against one loopback server; the figure is the median of the ratios of each
pair, CPU of the whole crawling process with all its threads, after imports. Bar: 1.30. With
--gzip the server sends what most blogs send; both sides then decode, ours with its own
middleware.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

BAR = 1.30
PAGE_BYTES = 53_000
KINDS = 50


def pages(is_coded: bool = False) -> list[bytes]:
    """Answers with pages of pseudo-words, the frequent ones short, that compress about 4:1.

    335 real blog pages, 49 kB in the mean, compress 3.9:1 with isal's level 2.
    """
    chance = random.Random(2004)
    words = ["".join(chance.choices("abcdefghilmnoprstuvw", k=2 + rank.bit_length() // 2))
             for rank in range(1, 4000)]  # fmt: skip
    weights = [1 / rank for rank in range(1, 4000)]
    answers = []
    for number in range(KINDS):
        body = f"<!DOCTYPE html><meta charset=utf-8><title>{number}</title>".encode()
        while len(body) < PAGE_BYTES:
            text = " ".join(chance.choices(words, weights, k=40))
            at = f"/archives/2004/{chance.randint(1, 12):02d}/post.html#c{len(body)}"
            body += f"""<div class="comment" id="c{len(body)}"><p>{text}</p>
<p class="posted">Posted by: <a href="/members/{chance.choice(words)}/">{chance.choice(words)}</a>
at <a href="{at}" title="permanent link to this comment">May {len(body) % 31}, 2004</a></p></div>
""".encode()
        coding = "Content-Encoding: gzip\r\n" if is_coded else ""
        body = gzip.compress(body) if is_coded else body
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{coding}Content-Length: {len(body)}"
        answers.append(head.encode() + b"\r\n\r\n" + body)
    return answers


class Answering(asyncio.Protocol):
    """Answers each request with a page; as fast as asyncio can."""

    def __init__(self, answers: list[bytes]) -> None:
        self._answers, self._waiting = answers, b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            request, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            number = int(request.split(b" ", 2)[1].rpartition(b"/")[2].removesuffix(b".html"))
            self._transport.write(self._answers[number % KINDS])


async def serve(is_coded: bool) -> None:
    """Serve until standard input ends."""
    answers = pages(is_coded)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Answering(answers), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def crawl(port: int, count: int, archive: str | None) -> None:
    """Fetch the list in this process and print the CPU and wall seconds that it took."""
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess

    import archiver.crawl.handler  # noqa: F401 - imports are not what is measured
    from archiver.crawl.addresses import AddressPolicy
    from pipelines.warc.writer import Naming, WarcWriter

    class ListSpider(Spider):
        name = "list"

        async def start(self) -> AsyncIterator[Any]:
            for number in range(count):
                yield Request(f"http://127.0.0.1:{port}/{number}.html", dont_filter=True)

        def parse(self, response: Any) -> None:
            pass

    settings: dict[str, Any] = {
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
        "CONCURRENT_REQUESTS": 8,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": False,
    }
    writer = None
    if archive is not None:
        settings["DOWNLOAD_HANDLERS"] = {"http": "archiver.crawl.handler.WireHandler"}
        settings["DOWNLOADER_MIDDLEWARES"] = {
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            "archiver.crawl.compression.BoundedCompression": 590,
        }
        writer = WarcWriter(Path(archive), Naming(prefix="bench", facts={"software": "bench"}))
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(ListSpider)
    if writer is not None:
        crawler.archive = writer  # type: ignore[attr-defined]
        crawler.addresses = AddressPolicy((), allow_private=True)  # type: ignore[attr-defined]
    process.crawl(crawler)
    cpu, wall = time.process_time(), time.perf_counter()
    process.start()
    if writer is not None:
        writer.close()
    figures = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    assert crawler.stats is not None
    assert crawler.stats.get_value("response_received_count") == count
    print(json.dumps(figures), flush=True)


def run(port: int, count: int, archive: Path | None) -> dict[str, float]:
    """One crawl in a fresh process."""
    command = [sys.executable, __file__, "--crawl", str(port), "--pages", str(count)]
    if archive is not None:
        command += ["--archive", str(archive)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def compare(count: int, pairs: int, is_coded: bool) -> float:
    """Print every pair and return the median ratio."""
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", *(["--gzip"] if is_coded else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    ratios = []
    try:
        port = int(server.stdout.readline())
        for number in range(pairs):
            with tempfile.TemporaryDirectory() as folder:
                # Who goes first changes, so that neither always meets the colder machine.
                order = [None, Path(folder)] if number % 2 else [Path(folder), None]
                took = {archive is not None: run(port, count, archive) for archive in order}
            ratios.append(took[True]["cpu_s"] / took[False]["cpu_s"])
            print(
                f"pair {number + 1}: bare {1000 * took[False]['cpu_s'] / count:.2f} ms CPU/page,"
                f" with capture and WARC {1000 * took[True]['cpu_s'] / count:.2f}:"
                f" {ratios[-1]:.2f} x"
                f"  (wall {took[False]['wall_s']:.1f} / {took[True]['wall_s']:.1f} s)",
                flush=True,
            )
    finally:
        server.kill()
        server.wait()
    return statistics.median(ratios)


def main() -> int:
    """Compare, or be one of the processes compared."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2500)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--crawl", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--archive", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.gzip))
    elif options.crawl:
        crawl(options.crawl, options.pages, options.archive)
    else:
        ratio = compare(options.pages, options.pairs, options.gzip)
        print(f"median of {options.pairs}: {ratio:.2f} x (bar {BAR:.2f} x)")
        return 0 if ratio <= BAR else 1
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    sys.exit(main())
