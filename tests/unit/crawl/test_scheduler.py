from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
HOME = "http://anna.example/"


def run(scenario: str, folder: Path) -> dict[str, Any]:
    """Crawl a scenario with Scrapy's own engine in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.crawl.engine", scenario, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    result: dict[str, Any] = json.loads(done.stdout)
    assert result["difference"] == 0
    return result


def gaps(result: dict[str, Any]) -> list[float]:
    times = [at for at, _, _ in result["asked"]]
    return [after - before for before, after in pairwise(times)]


def test_the_engine_fetches_what_the_gate_lends_and_keeps_the_gap(tmp_path: Path) -> None:
    result = run("plain", tmp_path)
    paths = [url.removeprefix(HOME) for _, url, _ in result["asked"]]
    assert paths == ["robots.txt", "", *(f"{n}.html" for n in range(6))]
    assert set(result["states"].values()) == {"captured"}
    assert min(gaps(result)) >= 0.1
    # The engine's own heartbeat of five seconds must not be what wakes it.
    assert max(gaps(result)) < 1.0


def test_a_request_names_the_page_that_it_was_found_on(tmp_path: Path) -> None:
    result = run("plain", tmp_path)
    referers = [referer for _, _, referer in result["asked"]]
    assert referers == [None, None, *[HOME] * 6]


def test_the_engine_stays_alive_while_a_host_asks_for_patience(tmp_path: Path) -> None:
    result = run("retry-after", tmp_path)
    throttled = next(at for at, url, _ in result["asked"] if url.endswith("/0.html"))
    after = [at - throttled for at, _, _ in result["asked"] if at > throttled]
    assert min(after) >= 1.0
    assert min(after) < 2.0
    assert set(result["states"].values()) == {"captured"}


def test_each_hop_of_a_redirect_is_asked_for_by_the_ledger(tmp_path: Path) -> None:
    result = run("redirect", tmp_path)
    assert result["states"] == {
        HOME: "redirect",
        f"{HOME}robots.txt": "captured",
        f"{HOME}blog/": "captured",
        f"{HOME}blog/1.html": "captured",
    }


def test_refused_connections_end_the_crawl_with_a_failed_seed(tmp_path: Path) -> None:
    result = run("refused-connections", tmp_path)
    assert result["states"][HOME] == "failed"
    assert sum(url == HOME for _, url, _ in result["asked"]) == 3


@pytest.mark.parametrize("scenario", ["page-budget", "time-budget"])
def test_a_spent_budget_ends_the_crawl(tmp_path: Path, scenario: str) -> None:
    result = run(scenario, tmp_path)
    assert "budget" in result["states"].values()
    assert result["seconds"] < 4
