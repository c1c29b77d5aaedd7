"""Private servers for one test: started in the foreground, watched until ready, always stopped."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# Debian keeps servers where an ordinary user's PATH does not look.
_SEARCH_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
_PATIENCE_S = 60.0


class EngineFailed(Exception):
    """A program of the engine lab did not do its work; the message ends with its own words."""


def program(*names: str) -> str:
    """The path of the first of these programs (globs allowed) that the machine has.

    Raises: EngineFailed when it has none.
    """
    for name in names:
        for folder in map(Path, filter(None, _SEARCH_PATH.split(os.pathsep))):
            found = [path for path in sorted(folder.glob(name)) if shutil.which(path)]
            if found:
                return str(found[-1])
    raise EngineFailed(f"none of these programs is installed: {', '.join(names)}")


def free_port() -> int:
    """A TCP port on loopback that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Somebody accepts connections on this loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def listens(path: Path) -> bool:
    """Somebody accepts connections on this Unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def run(command: Sequence[str], *, stdin: bytes = b"") -> bytes:
    """What a finished program printed.

    Raises: EngineFailed when it ends with an error.
    """
    done = subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=300)
    if done.returncode:
        words = (done.stderr or done.stdout).decode(errors="replace")[-2000:]
        raise EngineFailed(f"{command[0]} ended with {done.returncode}: {words}")
    return done.stdout


@contextmanager
def daemon(command: Sequence[str], *, log: Path, ready: Callable[[], bool]) -> Iterator[None]:
    """Keeps a server running inside the block; its output goes to `log`.

    Raises: EngineFailed when it ends or is not ready within a minute.
    """
    with log.open("wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT)
        try:
            _wait(process, command[0], log, ready)
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(
    process: subprocess.Popen[bytes], name: str, log: Path, ready: Callable[[], bool]
) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            words = log.read_text(errors="replace")[-2000:]
            raise EngineFailed(f"{name} did not start: {words}")
        time.sleep(0.05)
