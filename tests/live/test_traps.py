"""Endless address spaces cost little, and no real post is skipped for them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from tests.live.crawling import crawl, rows
from tests.sample import Sample, serve, trap_of

MOST_FETCHES = 20  # for each trap


def test_planted_traps_cost_little_and_hide_nothing(tmp_path: Path) -> None:
    sample = Sample(posts=30, traps=True)
    hits = tmp_path / "hits.jsonl"
    with serve(sample, hits=hits) as url:
        ran = crawl(f"{url}/", tmp_path / "data")
        truth = sample.truth(url)
    assert ran.code == 0, ran.err
    asked = [json.loads(line)["target"] for line in hits.read_text("utf-8").splitlines()]
    fetches = Counter(trap for target in asked if (trap := trap_of(target)) is not None)
    assert {trap: n for trap, n in fetches.items() if n > MOST_FETCHES} == {}
    found = {row["native_id"] for row in rows(tmp_path / "data", "posts", ["native_id"])}
    assert {post.native_id for post in truth.posts} <= found
