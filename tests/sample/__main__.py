"""python -m tests.sample: serve the sample blog on loopback; its address is the first line."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import ExitStack
from pathlib import Path

from tests.sample.blog import Theme
from tests.sample.sample import Sample
from tests.sample.server import run
from tests.sample.site import Site


def main() -> None:
    """Parse the command line and serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m tests.sample", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--posts", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--theme", type=Theme, choices=list(Theme), default=Theme.KUBRICK)
    parser.add_argument("--traps", action="store_true", help="plant endless spaces")
    parser.add_argument("--hits", type=Path, help="append one JSON line per request")
    parser.add_argument("--leash", action="store_true", help="stop when standard input ends")
    given = parser.parse_args()
    sample = Sample(posts=given.posts, seed=given.seed, theme=given.theme, traps=given.traps)
    with ExitStack() as stack:
        hits = stack.enter_context(given.hits.open("a", encoding="utf-8")) if given.hits else None
        site = Site(sample.blog())
        asyncio.run(run(site, given.port, hits, lambda url: print(url, flush=True), given.leash))


if __name__ == "__main__":
    main()
