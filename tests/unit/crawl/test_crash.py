from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from archiver.crawl import accounts
from archiver.crawl.ledger import UrlState
from tests.unit.crawl import victim

ROOT = Path(__file__).parents[3]
KILLS = 5


def kill_soon(folder: Path, random: Random) -> None:
    """Start the crawl and kill it at some moment of its work."""
    log = folder / "asked.log"
    before = log.stat().st_size if log.exists() else 0
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.crawl.victim", str(folder)], cwd=ROOT
    )
    while process.poll() is None and (not log.exists() or log.stat().st_size == before):
        time.sleep(0.01)
    time.sleep(random.uniform(0.0, 0.15))
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def test_kills_at_random_moments_lose_no_url_and_repeat_little(tmp_path: Path) -> None:
    random = Random(11)
    for _ in range(KILLS):
        kill_soon(tmp_path, random)
    with (tmp_path / "asked.log").open("ab", buffering=0) as log:
        crawl = victim.world(tmp_path, log.fileno())
        (verdict,) = crawl.state.connection.execute("PRAGMA integrity_check").fetchone()
        crawl.run()
    asked = (tmp_path / "asked.log").read_text().split()
    assert verdict == "ok"
    assert set(asked) == victim.urls()
    # In flight, or in a group of a quarter of a second that was not committed yet.
    assert len(asked) - len(set(asked)) <= KILLS * 5
    balance = crawl.gate.close()
    assert balance.difference == 0
    assert balance.counts == {UrlState.CAPTURED: len(victim.urls())}
    assert all(row.tries == 1 for row in accounts.rows(crawl.state))
    crawl.state.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["asked.log", "crawl.sqlite"]
