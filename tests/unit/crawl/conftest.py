"""What the crawl's tests share: a state file and a web to crawl."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archiver.crawl.frontier import Frontier
from pipelines.state import CrawlState
from tests.unit.crawl.world import Site, World, plan_for


@pytest.fixture
def state(tmp_path: Path) -> Iterator[CrawlState]:
    opened = CrawlState.open(tmp_path / "crawl.sqlite")
    yield opened
    opened.abandon()


@pytest.fixture
def frontier(state: CrawlState) -> Frontier:
    return Frontier(state)


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Makes a world around a site and its seeds; `plan` and `world` options as keywords."""
    opened: list[World] = []

    def make(site: Site, *seeds: str, plan: dict[str, Any] | None = None, **world: Any) -> World:
        plans = plan_for(*seeds, output=tmp_path, **(plan or {}))
        opened.append(World(tmp_path / f"crawl{len(opened)}.sqlite", plans, site, **world))
        return opened[-1]

    yield make
    for world in opened:
        world.state.abandon()
