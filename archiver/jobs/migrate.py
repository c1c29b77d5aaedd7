"""`archiver migrate`: the derived tables rewritten in today's schema; crawls stay as they are."""

from __future__ import annotations

from pathlib import Path

from pipelines.layout import Layout
from pipelines.tables import recovery


def run(output: Path) -> int:
    """Finish what a crash left, then rewrite every blog's tables from its crawls; returns 0.

    A run that was cut off goes on where it stopped.

    Raises:
        BlogBusy: another process is working on a blog. StorageFailed: the disk refuses.
    """
    layout = Layout(output)
    notes = [*recovery.recover(layout), *recovery.migrate(layout)]
    for note in notes or [f"no crawl in {output}"]:
        print(note)
    return 0
