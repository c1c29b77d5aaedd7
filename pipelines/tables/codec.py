"""Values of `archiver.model` ↔ compact JSON, exactly: times, tuples, enums and None come back.

Fields at their default are left out, so that a value written before a field was added can still
be read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import orjson

from pipelines.tables.columnar import mended

T = TypeVar("T")
_Decoder = Callable[[Any], Any]
_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS
_INT64 = 2**63


def encode(value: object) -> bytes:
    """The dataclass (or tuple of dataclasses) as JSON.

    Lone surrogates become U+FFFD, numbers beyond 64 bits become null: neither has a place in a
    table, and scripts of pages do contain them.
    """
    try:
        return orjson.dumps(value, _sparse, _OPTIONS)
    except orjson.JSONEncodeError:
        return orjson.dumps(_tamed(value), option=_OPTIONS)


def encode_row(row: dict[str, object]) -> bytes:
    """A row as JSON; see `encode`."""
    try:
        return orjson.dumps(row)
    except orjson.JSONEncodeError:
        return orjson.dumps({name: _tamed(value) for name, value in row.items()})


def decode(kind: Callable[..., T], stored: bytes) -> T:
    """The value that was encoded; `kind` is its class."""
    found: T = _decoder(kind)(orjson.loads(stored))
    return found


def decode_many(kind: Callable[..., T], stored: bytes) -> tuple[T, ...]:
    """The tuple of values that was encoded."""
    build = _decoder(kind)
    return tuple(build(item) for item in orjson.loads(stored))


def _sparse(value: Any) -> dict[str, object]:
    return {
        name: held
        for name, default in _defaults(value.__class__)
        if (held := getattr(value, name)) is not default and held != default
    }


@cache
def _defaults(kind: type) -> tuple[tuple[str, object], ...]:
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} cannot be staged")
    return tuple((field.name, field.default) for field in fields(kind))


def _tamed(value: Any) -> Any:
    if is_dataclass(value):
        return {name: _tamed(held) for name, held in _sparse(value).items()}
    if isinstance(value, (tuple, list)):
        return [_tamed(item) for item in value]
    if isinstance(value, str):
        return mended(value)
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        return None
    return value


@cache
def _decoder(kind: Any) -> _Decoder:
    """How JSON becomes a value of an annotated type; the identity where nothing is to be done."""
    if get_origin(kind) in (Union, UnionType):
        (inner,) = (arg for arg in get_args(kind) if arg is not NoneType)
        build = _decoder(inner)
        return build if build is _same else partial(_unless_none, build)
    if get_origin(kind) is tuple:
        build = _decoder(get_args(kind)[0])
        return tuple if build is _same else partial(_each, build)
    kind = getattr(kind, "__supertype__", kind)
    if kind is datetime:
        return datetime.fromisoformat
    if isinstance(kind, type) and is_dataclass(kind):
        return partial(_built, kind, _field_decoders(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return _same


@cache
def _field_decoders(kind: type) -> dict[str, _Decoder]:
    hints = get_type_hints(kind)
    found = {field.name: _decoder(hints[field.name]) for field in fields(kind)}
    return {name: build for name, build in found.items() if build is not _same}


def _same(value: Any) -> Any:
    return value


def _unless_none(build: _Decoder, value: Any) -> Any:
    return None if value is None else build(value)


def _each(build: _Decoder, value: Any) -> Any:
    return tuple(build(item) for item in value)


def _built(kind: type, decoders: dict[str, _Decoder], stored: dict[str, Any]) -> Any:
    for name in decoders.keys() & stored.keys():
        stored[name] = decoders[name](stored[name])
    return kind(**stored)
