"""A crawl that is killed again and again loses nothing."""

from __future__ import annotations

from pathlib import Path

from tests.live.kills import killed_crawl
from tests.sample import Sample


def test_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    toll = killed_crawl(Sample(posts=80), tmp_path, kills=6, seed=3)
    assert toll.code == 0, toll.said
    assert toll.kills > 0
    assert (toll.lost_posts, toll.lost_comments, toll.doubled, toll.damaged_files) == (0, 0, 0, 0)
    # Asked again is only what had no durable record yet: a fifth of a second's worth at most.
    assert toll.refetched_per_kill < 20
