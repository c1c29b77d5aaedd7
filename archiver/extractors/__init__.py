"""The whole contract of an extractor: claim a page, point at its posts, comments and links.

One file per platform or format; `load` finds them, so a new platform needs no other edit.
Platforms find; normalisers understand: an extractor never parses a date or cleans a text.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import ClassVar

from archiver.drafts import BlogDraft, CommentDraft, FollowDraft, PostDraft
from archiver.model import PageKind
from archiver.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """How sure an extractor is that a page is its own, and why.

    0.9 and up: the page names its platform (generator). 0.6-0.9: markup that only this platform
    writes. 0.3-0.6: URL shape or hints. 0: not mine.
    """

    score: float
    because: str = ""


NO_CLAIM = Claim(score=0.0)


class Extractor:
    """Reads one platform. Subclasses override what the platform has; every default is "none".

    `is_host` marks comment services (Disqus, …) and formats that join a platform instead of
    competing with it: what they say of the winner's posts stands beside it, and their comments are
    added. `is_filler` marks what reads any page: its comments count only where nobody else found
    any, and a filler that is no host (the generic reader) is asked only for what others left open.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    is_host: ClassVar[bool] = False
    is_filler: ClassVar[bool] = False

    def claim(self, page: Page) -> Claim:
        """Score of this page; called once per page and extractor, so it must be cheap."""
        raise NotImplementedError

    def kind(self, page: Page) -> PageKind | None:
        """What the page is; None leaves it to the number of posts found."""
        return None

    def posts(self, page: Page) -> Iterable[PostDraft]:
        """Posts in page order: one on a post page, several on a listing."""
        return ()

    def comments(self, page: Page) -> Iterable[CommentDraft]:
        """Comments and pings in page order."""
        return ()

    def follow(self, page: Page) -> Iterable[FollowDraft]:
        """Links worth fetching that only this platform knows: comment pages, feeds, APIs."""
        return ()

    def blog(self, page: Page) -> BlogDraft | None:
        """What the page says of its blog."""
        return None


def _modules() -> Iterator[str]:
    for module in pkgutil.iter_modules(__path__):
        yield f"{__name__}.{module.name}"


@cache
def load() -> tuple[Extractor, ...]:
    """One instance of every extractor in this package, sorted by name."""
    for name in _modules():
        import_module(name)
    found: dict[str, Extractor] = {}
    pending = list(Extractor.__subclasses__())
    while pending:
        cls = pending.pop()
        pending.extend(cls.__subclasses__())
        if "name" in cls.__dict__ and cls.__module__.startswith(__name__):
            found[cls.name] = cls()
    return tuple(found[name] for name in sorted(found))
