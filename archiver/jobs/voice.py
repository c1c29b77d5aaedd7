"""What a job says while it works: a live line on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import sys
from time import monotonic

from rich.console import Console
from rich.live import Live
from rich.text import Text

_PLAIN_EVERY_S = 10.0


class Voice:
    """Progress to standard error, outcomes to standard output.

    `quiet` keeps progress to itself; `plain`, or no terminal, makes it one line every ten
    seconds. NO_COLOR is honoured.
    """

    def __init__(self, *, plain: bool = False, quiet: bool = False) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._is_live = self._console.is_terminal and not plain and not quiet
        self._is_quiet = quiet
        self._live: Live | None = None
        self._last_plain = -_PLAIN_EVERY_S

    def progress(self, line: str) -> None:
        """Show where the work stands; calls may come as often as they like."""
        if self._is_quiet:
            return
        if self._is_live:
            if self._live is None:
                self._live = Live(console=self._console, auto_refresh=False, transient=True)
                self._live.start()
            self._live.update(Text(line, no_wrap=True, overflow="ellipsis"), refresh=True)
        elif monotonic() - self._last_plain >= _PLAIN_EVERY_S:
            self._last_plain = monotonic()
            self._console.print(line, soft_wrap=True, markup=False)

    def say(self, line: str) -> None:
        """Say something that stays."""
        self.hush()
        print(line, flush=True)

    def warn(self, line: str) -> None:
        """Say something that stays, to standard error, however quiet the job is."""
        self.hush()
        print(line, file=sys.stderr, flush=True)

    def hush(self) -> None:
        """Take the live line away."""
        if self._live is not None:
            self._live.stop()
            self._live = None
