"""SIGKILLs a crawl at random instants, starts it again each time, and adds up what was lost.

Run: python -m tests.live.kills [--posts 400] [--kills 100] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.live.crawling import ROOT, rows
from tests.sample import Sample, Truth, serve

_LONGEST_RUN_S = 4.0


@dataclass(frozen=True, slots=True)
class Toll:
    """What a crawl with kills came to."""

    kills: int
    code: int
    said: str
    requests: int
    refetched: int
    lost_posts: int
    lost_comments: int
    doubled: int
    damaged_files: int

    @property
    def refetched_per_kill(self) -> float:
        """Requests made again for each kill; what was under way at a kill must be asked again."""
        return self.refetched / max(1, self.kills)


def killed_crawl(sample: Sample, output: Path, *, kills: int, seed: int) -> Toll:
    """Crawl with that many kills, then to the end."""
    chance = random.Random(seed)
    hits = output / "hits.jsonl"
    with serve(sample, hits=hits) as url:
        command = [sys.executable, "-m", "archiver", "crawl", f"{url}/", "--delay", "0", "--quiet"]
        command += ["--output", str(output / "data")]
        done = 0
        while True:
            run = subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            wait_s = chance.uniform(0.7, _LONGEST_RUN_S) if done < kills else None
            try:
                said, _ = run.communicate(timeout=wait_s)
                break
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                run.communicate()
                done += 1
        return _toll(sample.truth(url), output, hits, done, run.returncode, said)


def _toll(truth: Truth, output: Path, hits: Path, kills: int, code: int, said: str) -> Toll:
    asked = Counter(
        (line["method"], line["target"])
        for line in map(json.loads, hits.read_text("utf-8").splitlines())
    )
    posts = [row["native_id"] for row in rows(output / "data", "posts", ["native_id"])]
    comments = [row["native_id"] for row in rows(output / "data", "comments", ["native_id"])]
    files = list((output / "data" / "crawls").glob("*/warc/*.warc.gz"))
    broken = [
        path for path in files if subprocess.run(["gzip", "-t", path], check=False).returncode
    ]
    return Toll(
        kills=kills,
        code=code,
        said=said,
        requests=asked.total(),
        refetched=asked.total() - len(asked),
        lost_posts=len({post.native_id for post in truth.posts} - set(posts)),
        lost_comments=len({comment.native_id for comment in truth.comments} - set(comments)),
        doubled=len(posts) - len(set(posts)) + len(comments) - len(set(comments)),
        damaged_files=len(broken),
    )


def main() -> int:
    """Print the toll; 0 when nothing was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=400)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sample = Sample(posts=given.posts)
        toll = killed_crawl(sample, Path(folder), kills=given.kills, seed=given.seed)
    print(toll)
    return int(bool(toll.code or toll.lost_posts or toll.lost_comments or toll.doubled))


if __name__ == "__main__":
    sys.exit(main())
