"""JSON answers of services: loaded once, and looked into without trusting their shape."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from archiver.page import Page

Fields = dict[str, Any]


def loaded(page: Page) -> object:
    """The JSON of a document; None where it is none."""
    head = page.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith((b"{", b"[")):
        return None
    return decoded(page.body)


def decoded(text: str | bytes) -> object:
    """The value of a JSON text; None where it is none."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def listed(value: object, *names: str) -> list[Fields]:
    """The objects in the list that a path of names leads to; [] where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def inner(value: object, name: str) -> Fields:
    """The object under a name; {} where there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def words(value: object) -> str | None:
    """A string or number as text; None for everything else and for ""."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value) or None


def parameter(page: Page, name: str) -> str | None:
    """A query parameter of the page's address."""
    try:
        found = parse_qs(urlsplit(page.url).query).get(name)
    except ValueError:
        return None
    return found[0] if found else None
