"""Every golden page: one test for each expected field, and none for what nobody expects.

`<platform>/<name>.json` beside the page tells what must come out of it; see README.md.  Pages are
read by `archiver.extraction.extract`, so that normalisers and second readers take part.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from archiver.config import Blog
from archiver.extraction import claims, extract
from archiver.extractors import load
from archiver.jobs.golden import CAPTURED_AT, SUFFIXES, described
from archiver.model import BlogId, Capture, CaptureId, Document, Extraction, Url
from archiver.page import Page

FOLDER = Path(__file__).parent
HOSTS = {extractor.name for extractor in load() if extractor.is_host}
# Posts and comments are compared field by field, the rest as wholes.
WHOLES = ("page_kind", "blog", "follow", "issues")
META = {"url", "content_type", "headers", "status", "generator_era", "captured_at", "hints"}
META |= {"posts", "comments", "absent", "claimed_by", "via"}


@dataclass(frozen=True)
class Golden:
    """A golden page and what is expected of it."""

    path: Path

    @property
    def name(self) -> str:
        return f"{self.platform}/{self.path.stem}"

    @property
    def platform(self) -> str:
        return self.path.parent.name

    @property
    def expected(self) -> dict:
        return _expectation(self.path)


@cache
def _expectation(path: Path) -> dict:
    return json.loads(path.read_text("utf-8"))


def _goldens() -> list[Golden]:
    return [Golden(path) for path in sorted(FOLDER.glob("*/*.json"))]


GOLDENS = _goldens()


@cache
def _page(golden: Golden) -> Page:
    expected = golden.expected
    body = next(p for s in SUFFIXES if (p := golden.path.with_suffix(s)).exists())
    stamp = expected.get("captured_at")
    headers = {"content-type": expected["content_type"], **expected.get("headers", {})}
    capture = Capture(
        capture_id=CaptureId("00000000-0000-4000-8000-000000000000"),
        url=Url(expected["url"]),
        captured_at=datetime.fromisoformat(stamp) if stamp else CAPTURED_AT,
        status=expected.get("status", 200),
        headers=tuple(headers.items()),
        via=expected.get("via"),
    )
    return Page(Document(capture=capture, body=body.read_bytes()))


def _blog(golden: Golden) -> Blog:
    home = "/".join(golden.expected["url"].split("/")[:3])
    hints = golden.expected.get("hints", {})
    return Blog(blog_id=BlogId("blog"), home_url=Url(f"{home}/"), **hints)


@cache
def _extraction(golden: Golden) -> Extraction:
    return extract(_page(golden), _blog(golden))


@cache
def _seen(golden: Golden) -> dict:
    return described(_extraction(golden))


def _fields() -> Iterator[tuple[Golden, str, int, str]]:
    for golden in GOLDENS:
        for kind in ("posts", "comments"):
            for at, item in enumerate(golden.expected.get(kind, [])):
                for name in item:
                    yield golden, kind, at, name


def _label(value: object) -> str:
    return value.name if isinstance(value, Golden) else str(value)


pages = pytest.mark.parametrize("golden", GOLDENS, ids=_label)


@pytest.mark.parametrize(
    ("golden", "kind", "at", "field"),
    list(_fields()),
    ids=[f"{g.name}-{k}-{a + 1}-{f}" for g, k, a, f in _fields()],
)
def test_a_field_is_what_the_page_says(golden: Golden, kind: str, at: int, field: str) -> None:
    seen, wanted = _seen(golden)[kind], golden.expected[kind][at][field]
    assert at < len(seen), f"only {len(seen)} {kind} were found"
    found = seen[at]
    if field == "text_starts":
        assert found["text"][: len(wanted)] == wanted
    elif field == "text_ends":
        assert found["text"][-len(wanted) :] == wanted
    elif field == "html_has":
        assert [part for part in wanted if part not in found["html"]] == []
    else:
        assert found[field] == wanted


@pages
def test_nothing_is_found_that_the_page_does_not_hold(golden: Golden) -> None:
    seen, expected = _seen(golden), golden.expected
    found = {kind: len(seen[kind]) for kind in ("posts", "comments")}
    assert found == {kind: len(expected.get(kind, [])) for kind in ("posts", "comments")}


@pages
def test_template_words_are_in_no_body(golden: Golden) -> None:
    bodies = [item["text"] for kind in ("posts", "comments") for item in _seen(golden)[kind]]
    found = {words for words in golden.expected.get("absent", []) for t in bodies if words in t}
    assert found == set()


@pages
def test_the_page_as_a_whole_is_understood(golden: Golden) -> None:
    seen, expected = _seen(golden), golden.expected
    for name in WHOLES:
        wanted = expected.get(name)
        if name == "follow" and wanted is not None:
            assert [link for link in wanted if link not in seen["follow"]] == []
        elif name == "blog" and wanted is not None:
            assert {key: seen["blog"][key] for key in wanted} == wanted
        elif name == "issues" and wanted is not None:
            assert not Counter(wanted) - Counter(seen["issues"])
        elif wanted is not None:
            assert seen[name] == wanted
    assert "extract.failed" not in seen["issues"]


@pages
def test_a_page_is_claimed_by_its_platform_alone(golden: Golden) -> None:
    claimed = claims(_page(golden), _blog(golden), load())
    if golden.platform in HOSTS:
        assert golden.platform in {reader.extractor.name for reader in claimed.hosts}
        wanted = golden.expected.get("claimed_by")
        assert wanted is None or (claimed.platform and claimed.platform.name) == wanted
        return
    assert claimed.platform is not None
    assert claimed.platform.name == golden.platform
    assert claimed.rivals == ()


@pages
def test_an_expectation_uses_known_names(golden: Golden) -> None:
    assert set(golden.expected) - META - set(WHOLES) == set()
