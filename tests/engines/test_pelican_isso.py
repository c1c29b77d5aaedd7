"""Crawls a real static blog whose comments live in another service."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.compare import compare
from tests.engines.crawling import crawl
from tests.engines.pelican_isso import THEMES, pelican_isso

pytestmark = [pytest.mark.engines, pytest.mark.slow, pytest.mark.usefixtures("pelican_programs")]


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="the comment service on another port is not asked yet, so its comments are missing",
)
@pytest.mark.parametrize("theme", THEMES)
def test_the_tables_of_a_crawl_equal_the_sources_and_the_comment_service(
    theme: str, tmp_path: Path
) -> None:
    with pelican_isso(theme) as site:
        crawl(site.url, tmp_path)
        differences = compare(site.truth(), tmp_path)
    assert not differences, "\n".join([f"{len(differences)} differences", *differences[:60]])
