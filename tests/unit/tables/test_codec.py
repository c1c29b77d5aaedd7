"""Values come back from storage exactly as they went in."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.model import (
    BlogFacts,
    Capture,
    Comment,
    Extraction,
    Issue,
    Link,
    Media,
    PageKind,
    Post,
    Source,
    Url,
)
from pipelines.tables import codec

_KINDS = (Post, Comment, Issue, Link, Media, BlogFacts, Capture, Extraction)
_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_TIMES = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31))
_PLAIN: dict[type, st.SearchStrategy[object]] = {
    str: _WORDS,
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    datetime: st.one_of(_TIMES, _TIMES.map(lambda at: at.replace(tzinfo=UTC))),
}


def _values(hint: Any) -> st.SearchStrategy[Any]:
    """Anything that fits an annotation of the model and that a table can hold."""
    hint = getattr(hint, "__supertype__", hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_origin(hint) in (Union, UnionType):
        (inner,) = (arg for arg in get_args(hint) if arg is not NoneType)
        return st.none() | _values(inner)
    if get_origin(hint) is tuple:
        parts = [arg for arg in get_args(hint) if arg is not Ellipsis]
        if len(parts) > 1:
            return st.tuples(*map(_values, parts))
        return st.lists(_values(parts[0]), max_size=2).map(tuple)
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    return st.builds(hint, **{name: _values(h) for name, h in get_type_hints(hint).items()})


@pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: kind.__name__)
def test_every_value_of_the_model_makes_the_round_trip(kind: type) -> None:
    @given(_values(kind))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def check(value: object) -> None:
        again = codec.decode(kind, codec.encode(value))
        assert again == value
        assert type(again) is kind

    check()


def test_defaults_take_no_room() -> None:
    post = Post(aliases=("native:1",), source=Source.FEED, page_kind=PageKind.FEED)
    assert codec.encode(post) == b'{"aliases":["native:1"],"source":"feed","page_kind":"feed"}'


def test_lone_surrogates_and_endless_numbers_cost_only_themselves() -> None:
    post = Post(
        aliases=("native:1",),
        source=Source.API,
        page_kind=PageKind.POST,
        title="a\ud800b \ud83d\ude00",
        comment_count_declared=10**30,
        trackback_count_declared=4,
        enclosures=(Url("http://a.example/\udc00"),),
    )
    again = codec.decode(Post, codec.encode(post))
    assert again.title == "a\ufffdb \U0001f600"
    assert (again.comment_count_declared, again.trackback_count_declared) == (None, 4)
    assert again.enclosures == ("http://a.example/\ufffd",)


def test_a_tuple_of_values_makes_the_round_trip() -> None:
    links = (Link(url=Url("http://a.example/")), Link(url=Url("http://b.example/"), text="b"))
    assert codec.decode_many(Link, codec.encode(links)) == links
    assert codec.decode_many(Link, codec.encode(())) == ()


def test_what_is_no_dataclass_is_refused() -> None:
    with pytest.raises(TypeError):
        codec.encode(object())
