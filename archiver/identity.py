"""Which names mean the same post: aliases joined by being seen together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


class Identity:
    """Union of post aliases ("native:12", "url:host/path"); memory grows with posts, not pages.

    Two names are one post when one document states both, or when one address redirects to the
    other. The root of a group is its smallest member, so the outcome does not depend on order.
    """

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def join(self, aliases: Iterable[str]) -> None:
        """State that all these names mean one post."""
        names = iter(aliases)
        first = next(names, None)
        if first is None:
            return
        root = self.root(first)
        for name in names:
            other = self.root(name)
            low, high = sorted((root, other))
            self._parent[high] = low
            root = low

    def root(self, alias: str) -> str:
        """The name that stands for the group; the alias itself when it is new."""
        path = []
        while (parent := self._parent.setdefault(alias, alias)) != alias:
            path.append(alias)
            alias = parent
        for seen in path:
            self._parent[seen] = alias
        return alias

    def __contains__(self, alias: str) -> bool:
        return alias in self._parent


def post_id(blog_id: str, native_id: str | None, identity: str) -> str:
    """`<blog_id>:<native id>`, or 16 hex digits of the permalink identity's sha256."""
    return f"{blog_id}:{native_id or _digest(identity)}"


def comment_id(of_post: str, native_id: str | None, fingerprint: str) -> str:
    """`<post_id>:c-<native id>`, or 16 hex digits of what the comment says.

    Ids are scoped by post because some templates count comments from 1 on every page.
    """
    return f"{of_post}:c-{native_id or _digest(fingerprint)}"


def row_id(*parts: str) -> str:
    """24 hex digits that stay the same for the same parts."""
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
