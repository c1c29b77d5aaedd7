"""A crawl to be killed: `python -m … FOLDER` crawls a small web and logs every request."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from random import Random

from archiver.config import Politeness
from archiver.crawl.gate import Rules
from archiver.model import Role
from tests.unit.crawl.world import Reply, World, plan_for

HOME = "http://anna.example/"
SIZE = 300


def site(url: str, now: float) -> Reply:
    """A front page, posts that lead to the next ones, and a picture on each."""
    if url == HOME:
        return Reply(links=((f"{HOME}p/0.html", Role.POST),))
    if "/p/" not in url:
        return Reply(status=404)
    number = int(url.rpartition("/")[2].removesuffix(".html"))
    following = [n for n in (2 * number + 1, 2 * number + 2) if n < SIZE]
    return Reply(
        posts=(str(number),), links=tuple((f"{HOME}p/{n}.html", Role.POST) for n in following)
    )


def urls() -> set[str]:
    """Every URL that a whole crawl asks for."""
    return {HOME, f"{HOME}robots.txt", *(f"{HOME}p/{n}.html" for n in range(SIZE))}


def world(folder: Path, log: int, pause_s: float = 0.0) -> World:
    """The crawl in a folder; each request is in the log before its answer is known."""

    def logged(url: str, now: float) -> Reply:
        os.write(log, f"{url}\n".encode())
        time.sleep(pause_s)
        return site(url, now)

    return World(
        folder / "crawl.sqlite",
        plan_for(HOME, output=folder, politeness=Politeness(delay_s=0.1)),
        logged,
        rules=Rules(random=Random(1)),
        latency_s=0.02,
    )


if __name__ == "__main__":
    where = Path(sys.argv[1])
    descriptor = os.open(where / "asked.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    crawl = world(where, descriptor, pause_s=0.002)
    crawl.run()
    crawl.gate.close()
