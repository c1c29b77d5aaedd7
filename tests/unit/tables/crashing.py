"""Kills publications and reports what recovery makes of the ruins, as JSON lines.

    python -m tests.unit.tables.crashing steps FOLDER         before each change of the file system
    python -m tests.unit.tables.crashing times FOLDER KILLS   kill -9 at seeded random instants

Every publication runs in a fork, so that what dies is a whole process.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pipelines.tables import manifest, recovery
from tests.unit.tables.crawling import Desk, Shown, everywhere

BEFORE = {"oak": Shown("Oaks.", {"1": "Yes.", "2": "No."}), "elm": Shown("Elms.", {"3": "Hm."})}
AFTER = {"oak": Shown("Oaks, mostly.", {"1": "Yes."}), "fir": Shown("Firs.", {"4": "New."})}
_CHANGES = {"os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"}


def main() -> None:
    """Run one of the two kinds."""
    kind, folder = sys.argv[1], Path(sys.argv[2])
    if kind == "steps":
        _steps(folder)
    else:
        _times(folder, int(sys.argv[3]))


def _steps(folder: Path) -> None:
    _in_fork(partial(_first, folder / "template"))
    for number in range(1, 1_000):
        root = folder / f"run{number}"
        shutil.copytree(folder / "template", root)
        survived = _in_fork(partial(_killed_at, root, number)) == 0
        _in_fork(partial(_report, root))
        shutil.rmtree(root)
        if survived:
            return


def _times(folder: Path, kills: int) -> None:
    chance = random.Random(7)
    began = time.monotonic()
    _in_fork(partial(_first, folder / "timing"))
    _in_fork(partial(_second, folder / "timing"))
    span = (time.monotonic() - began) / 2
    for number in range(kills):
        root = folder / f"run{number}"
        _in_fork(partial(_first, root))
        _in_fork(partial(_second, root), kill_after_s=chance.uniform(0.1, 1.1) * span)
        _in_fork(partial(_report, root))
        shutil.rmtree(root)


def _in_fork(work: Callable[[], None], kill_after_s: float | None = None) -> int:
    """The wait status of a fork that did the work; 0 when it ended by itself."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as fault:
            print(json.dumps({"fault": repr(fault)}), flush=True)
            os._exit(1)
        sys.stdout.flush()
        os._exit(0)
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _first(root: Path) -> None:
    Desk(root).crawl(10, BEFORE, everywhere("oak", "elm"))


def _second(root: Path) -> None:
    Desk(root).crawl(20, AFTER, everywhere("oak", "fir"))


def _killed_at(root: Path, number: int) -> None:
    changes = iter(range(1, 1_000_000))

    def count(event: str, args: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(args[1], str) and "w" in args[1]
        if (event in _CHANGES or writes) and next(changes) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    _second(root)


def _report(root: Path) -> None:
    """Recover, then tell what a reader finds, and what a second attempt makes of it."""
    desk = Desk(root)
    notes = recovery.recover(desk.layout)
    found = _seen(desk)
    if len(desk.layout.crawl_ids()) == 1:
        _second(root)
    print(json.dumps({"notes": notes, "found": found, "finally": _seen(desk)}), flush=True)


def _seen(desk: Desk) -> dict[str, object]:
    layout = desk.layout
    crawls = layout.crawl_ids()
    left = [
        str(p.relative_to(layout.root)) for p in (*layout.journaled(), *layout.staging.glob("*"))
    ]
    facts = {
        table: sorted(p.stem for p in (layout.tables / table).iterdir())
        for table in ("crawls", "captures", "issues", "coverage")
    }
    return {
        "crawls": len(crawls),
        "posts": desk.history("posts"),
        "comments": desk.history("comments"),
        "left": left,
        "facts_agree": all(names == crawls for names in facts.values()),
        "damaged": [str(d) for name in crawls for d in manifest.damaged(layout.crawl(name))],
    }


if __name__ == "__main__":
    main()
