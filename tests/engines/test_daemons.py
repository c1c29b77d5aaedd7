"""The lab says why a server of its own did not start, and leaves none behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines.daemons import EngineFailed, answers, daemon, free_port, program, run


def server(port: int) -> list[str]:
    return [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]


def test_a_daemon_answers_inside_its_block_and_not_after(tmp_path: Path) -> None:
    port = free_port()
    with daemon(server(port), log=tmp_path / "log", ready=lambda: answers(port)):
        assert answers(port)
    assert not answers(port)


def test_a_daemon_that_dies_is_reported_with_its_own_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('the kettle is broken')"]
    with (
        pytest.raises(EngineFailed, match="the kettle is broken"),
        daemon(command, log=tmp_path / "log", ready=lambda: False),
    ):
        pytest.fail("the block must not run")


def test_a_failed_program_is_reported_with_its_own_words() -> None:
    with pytest.raises(EngineFailed, match="ended with 1: no tea"):
        run([sys.executable, "-c", "raise SystemExit('no tea')"])
    assert run([sys.executable, "-c", "print('tea')"]) == b"tea\n"


def test_a_program_is_found_by_the_first_name_that_exists() -> None:
    assert subprocess.run([program("no-such-program", "sh"), "-c", "exit 0"], check=True)
    with pytest.raises(EngineFailed, match="no-such-program"):
        program("no-such-program")
