from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def _install(engine: str) -> None:
    """Installs an engine when it is missing; skips with the reason when that cannot be done."""
    script = Path(__file__).with_name("install.sh")
    environment = {**os.environ, "PYTHON": sys.executable}
    done = subprocess.run(
        [script, engine], capture_output=True, text=True, check=False, timeout=1200, env=environment
    )
    if done.returncode:
        pytest.skip((done.stderr or done.stdout).strip().splitlines()[-1])


@pytest.fixture(scope="session")
def wordpress_packages() -> None:
    _install("wordpress")


@pytest.fixture(scope="session")
def pelican_programs() -> None:
    _install("pelican")
