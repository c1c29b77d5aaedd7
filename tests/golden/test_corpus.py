"""Real saved pages that name their generator are claimed by that platform alone.

The pages are other people's and are not part of the project; without them this is skipped.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.config import Blog
from archiver.extraction import claims
from archiver.extractors import load
from archiver.model import BlogId, Capture, CaptureId, Document, Url
from archiver.page import Page

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
GENERATORS = {
    "wordpress": r"WordPress",
    "blogger": r"blogger",
    "typepad": r"https?://www\.typepad\.com",
    "movabletype": r"(?:Movable Type|https?://www\.movabletype\.org)",
    "drupal": r"Drupal",
    "serendipity": r"Serendipity",
    "ghost": r"Ghost",
    "hugo": r"Hugo",
    "jekyll": r"Jekyll",
    "posterous": r"Posterous",
    "b2evolution": r"b2evolution",
}


def _platform(generator: str) -> str | None:
    for name, pattern in GENERATORS.items():
        if re.match(pattern, generator, re.IGNORECASE):
            return name
    return None


def _rows() -> list[tuple[str, str, str]]:
    index = CORPUS / "index.jsonl"
    if not index.exists():
        return []
    rows = [json.loads(line) for line in index.read_text("utf-8").splitlines()]
    return [(row["file"], row["url"] or "", row["generator"] or "") for row in rows]


ROWS = [row for row in _rows() if _platform(row[2])]


@pytest.mark.skipif(not ROWS, reason=f"no corpus of real pages at {CORPUS}")
@pytest.mark.parametrize(("file", "url", "generator"), ROWS, ids=[row[0] for row in ROWS])
def test_a_page_that_names_its_generator_is_claimed_by_it_alone(
    file: str, url: str, generator: str
) -> None:
    address = url if "://" in url else f"http://corpus.invalid/{file}"
    capture = Capture(
        capture_id=CaptureId(file),
        url=Url(address),
        captured_at=datetime(2026, 9, 1, tzinfo=UTC),
        status=200,
        headers=(("content-type", "text/html"),),
    )
    page = Page(Document(capture=capture, body=(CORPUS / file).read_bytes()))
    if not page.is_html:
        pytest.skip("a feed: its generator is not the page's template")
    claimed = claims(page, Blog(blog_id=BlogId("blog"), home_url=Url(address)), load())
    names = {extractor.name for extractor in load()}
    expected = _platform(generator)
    assert claimed.platform is not None
    assert claimed.platform.name == (expected if expected in names else "generic")
    assert claimed.rivals == ()
