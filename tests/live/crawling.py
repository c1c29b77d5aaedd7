"""Runs the program as a person does, and reads what it made."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def archiver(*arguments: str | Path, timeout_s: float = 300) -> Ran:
    """`archiver …` in a process of its own, from the checkout."""
    command = [
        sys.executable,
        "-W",
        "error::ResourceWarning",
        "-m",
        "archiver",
        *map(str, arguments),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "250"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=timeout_s, env=environment, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def crawl(url: str, output: Path, *options: str) -> Ran:
    """`archiver crawl` without a delay; loopback seeds are allowed by themselves."""
    return archiver("crawl", url, "--output", output, "--delay", "0", "--plain", *options)


def rows(output: Path, table: str, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """All rows of a table of the latest state."""
    files = sorted((output / "tables" / table).glob("*.parquet"))
    found: list[dict[str, Any]] = []
    for path in files:
        found += pq.read_table(path, columns=list(columns) if columns else None).to_pylist()
    return found


def the_crawl(output: Path) -> Path:
    """The folder of the only published crawl."""
    (folder,) = (output / "crawls").iterdir()
    return folder
