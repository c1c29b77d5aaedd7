"""Which document's word counts for which field of a post."""

from __future__ import annotations

from itertools import permutations

import pytest

from archiver.model import Author, Body, CaptureId, PageKind, Post, Source
from archiver.reconcile.moments import Learned
from archiver.reconcile.posts import reconciled_post


def seen(source: Source, kind: PageKind, **fields: object) -> Post:
    name = f"{source.value}-{kind.value}"
    return Post(
        aliases=("native:1",), source=source, page_kind=kind, capture_id=CaptureId(name), **fields
    )  # type: ignore[arg-type]


def titled(source: Source, kind: PageKind) -> Post:
    return seen(source, kind, title=f"{source.value} on {kind.value}")


OWN, LISTING, FEED = PageKind.POST, PageKind.ARCHIVE, PageKind.FEED
BELIEVED = [
    titled(Source.TEXT, OWN),
    titled(Source.API, PageKind.OTHER),
    titled(Source.FEED, FEED),
    titled(Source.TEXT, LISTING),
    titled(Source.RDF, OWN),
    titled(Source.MACHINE, OWN),
    titled(Source.META, OWN),
]


@pytest.mark.parametrize("first", range(len(BELIEVED)))
def test_visible_words_come_before_hidden_ones_and_the_head_comes_last(first: int) -> None:
    left = BELIEVED[first:]
    assert reconciled_post(left[::-1], Learned()).post.title == left[0].title


def test_a_hidden_witness_fills_what_visible_words_leave_open() -> None:
    page = seen(Source.TEXT, OWN, body=Body(html="<p>t</p>", text="t"))
    rdf = seen(Source.RDF, OWN, title="Told by RDF", author=Author(name="Wilma", raw="Wilma"))
    head = seen(Source.META, OWN, title="From the head | Blog")
    found = reconciled_post([head, rdf, page], Learned())
    assert found.post.title == "Told by RDF"
    assert found.post.author == Author(name="Wilma", raw="Wilma")
    assert found.post.body == Body(html="<p>t</p>", text="t")
    assert "title=rdf@rdf-post" in found.sources


def test_the_outcome_does_not_depend_on_the_order_of_the_sightings() -> None:
    outcomes = {reconciled_post(list(p), Learned()).post.title for p in permutations(BELIEVED[:4])}
    assert outcomes == {"text on post"}
