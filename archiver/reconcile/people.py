"""One author out of many statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archiver.model import Author


def believed(people: Sequence[Author | None]) -> Author | None:
    """The first author that states a name or a raw text; its address from whoever knows it."""
    stated = [person for person in people if person is not None and person.raw]
    if not stated:
        return None
    best = next((person for person in stated if person.name), stated[0])
    if best.url is not None:
        return best
    url = next((p.url for p in stated if p.url and p.name == best.name), None)
    return replace(best, url=url)
