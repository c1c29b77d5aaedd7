"""The sample blog served from a process of its own, for tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.sample.sample import Sample

_ROOT = Path(__file__).parents[2]
_PATIENCE_S = 10


@contextmanager
def serve(sample: Sample, *, hits: Path | None = None, port: int = 0) -> Iterator[str]:
    """The address of the running blog, without a final slash; it stops when the block ends.

    `hits` gets one JSON line per request: at_s (monotonic), method, target, status.

    Raises:
        RuntimeError: the server did not start (its standard error is shown).
    """
    command = [sys.executable, "-m", "tests.sample", "--leash", f"--port={port}"]
    command += [f"--posts={sample.posts}", f"--seed={sample.seed}", f"--theme={sample.theme}"]
    command += ["--traps"] if sample.traps else []
    command += [f"--hits={hits.resolve()}"] if hits else []
    with subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            if not address:
                raise RuntimeError("the sample blog did not start")
            yield address
        finally:
            process.terminate()
            process.wait(_PATIENCE_S)
