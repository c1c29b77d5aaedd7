"""Pages per second and CPU per page of `archiver crawl` beside a bare Scrapy spider.

Both crawl the same sample blog on loopback in turns; the archiver also writes WARC files,
extracts posts and comments, and writes the tables. Run: python tests/bench/crawl.py [ROUNDS]
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.sample import Sample, serve  # noqa: E402 - run as a script from anywhere

POSTS = 200
BARE = """
import sys
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor

class Bare(Spider):
    name = "bare"
    links = LinkExtractor(deny=r"replytocom|/trackback/")
    async def start(self):
        yield Request(sys.argv[1])
    def parse(self, response):
        if "html" in response.headers.get("Content-Type", b"").decode():
            for link in self.links.extract_links(response):
                if link.url.startswith(sys.argv[1]):
                    yield Request(link.url)

process = CrawlerProcess({"LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": True})
process.crawl(Bare)
process.start()
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: answers that the server gave, wall and CPU seconds of the whole process."""

    pages: int
    wall_s: float
    cpu_s: float

    @property
    def cpu_ms_per_page(self) -> float:
        return 1000 * self.cpu_s / self.pages

    @property
    def pages_per_s(self) -> float:
        return self.pages / self.wall_s


def _timed(command: list[str], hits: Path) -> Run:
    before = _hits(hits)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - started
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return Run(pages=_hits(hits) - before, wall_s=wall, cpu_s=cpu)


def _hits(path: Path) -> int:
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return sum(json.loads(line)["status"] < 600 for line in lines)


def main(rounds: int) -> None:
    """Print both and their ratios, medians over the rounds."""
    ours: list[Run] = []
    bare: list[Run] = []
    with tempfile.TemporaryDirectory() as folder:
        hits = Path(folder, "hits.jsonl")
        script = Path(folder, "bare.py")
        script.write_text(BARE, "utf-8")
        with serve(Sample(posts=POSTS), hits=hits) as url:
            for number in range(rounds):
                output = Path(folder, f"output-{number}")
                options = ["--output", str(output), "--delay", "0", "--quiet", "--concurrency", "8"]
                command = [sys.executable, "-m", "archiver", "crawl", f"{url}/", *options]
                ours.append(_timed(command, hits))
                bare.append(_timed([sys.executable, str(script), f"{url}/"], hits))
    for name, runs in (("archiver crawl", ours), ("bare Scrapy", bare)):
        pages = statistics.median(run.pages for run in runs)
        speed = statistics.median(run.pages_per_s for run in runs)
        cpu = statistics.median(run.cpu_ms_per_page for run in runs)
        print(f"{name:15} {pages:6.0f} pages  {speed:7.1f} pages/s  {cpu:6.2f} ms CPU/page")
    speed = statistics.median(
        a.pages_per_s / b.pages_per_s for a, b in zip(ours, bare, strict=True)
    )
    pairs = zip(ours, bare, strict=True)
    cpu = statistics.median(a.cpu_ms_per_page / b.cpu_ms_per_page for a, b in pairs)
    print(f"ratio archiver / bare, {rounds} pairs: speed {speed:.2f}, CPU per page {cpu:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
