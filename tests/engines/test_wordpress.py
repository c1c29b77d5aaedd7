"""Crawls a real WordPress with the program and asks its database whether the tables are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.compare import compare
from tests.engines.crawling import crawl
from tests.engines.wordpress import PLAIN, Variant, wordpress

pytestmark = [pytest.mark.engines, pytest.mark.slow, pytest.mark.usefixtures("wordpress_packages")]

VARIANTS = (
    Variant(theme="twentytwentythree", locale="en_US"),
    Variant(theme="twentytwentythree", locale="de_DE", permalinks=PLAIN),
    Variant(theme="twentytwentytwo", locale="en_US"),
    Variant(theme="twentytwentytwo", locale="de_DE"),
    Variant(theme="twentytwentyone", locale="en_US", permalinks=PLAIN),
    Variant(theme="twentytwentyone", locale="de_DE"),
    Variant(theme="quayside", locale="en_US"),
    Variant(theme="quayside", locale="de_DE", permalinks=PLAIN),
)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_the_tables_of_a_crawl_equal_the_database(variant: Variant, tmp_path: Path) -> None:
    with wordpress(variant) as site:
        crawl(site.url, tmp_path)
        differences = compare(site.truth(), tmp_path)
    assert not differences, "\n".join([f"{len(differences)} differences", *differences[:60]])
