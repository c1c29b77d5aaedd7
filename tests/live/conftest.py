"""One crawl of the sample blog, shared by the tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.live.crawling import Ran, crawl
from tests.sample import Sample, Theme, Truth, serve


@dataclass(frozen=True, slots=True)
class Crawled:
    """A finished crawl: what was served, where the output is, and how the command ended."""

    truth: Truth
    output: Path
    ran: Ran


@pytest.fixture(scope="session", params=list(Theme), ids=str)
def crawled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """The sample blog in one of its themes, crawled once."""
    output = tmp_path_factory.mktemp(f"crawl-{request.param}")
    sample = Sample(posts=40, theme=request.param)
    with serve(sample) as url:
        ran = crawl(f"{url}/", output)
        return Crawled(truth=sample.truth(url), output=output, ran=ran)


@pytest.fixture
def blog(tmp_path: Path) -> Iterator[str]:
    """The address of a small sample blog that runs while the test does."""
    with serve(Sample(posts=24), hits=tmp_path / "hits.jsonl") as url:
        yield url
