"""The id of every post of a crawl: the one it is known by already, else one it gives itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set

from archiver.identity import post_id
from archiver.model import Comment, Post
from archiver.publish.groups import Groups
from archiver.urls import permalink_identity

_NATIVE = "native:"


class Names:
    """Gives ids; a known id goes to one post of the crawl only, and no two posts share one.

    `known` has the post_id of each alias ("native:12", "url:host/path") that earlier crawls know.
    Where several posts claim an id, a native id counts for more than an address.
    """

    def __init__(self, blog_id: str, known: Mapping[str, str], groups: Groups) -> None:
        self._blog_id = blog_id
        self._claimed = _claims(known, {root: groups.aliases(root) for root in groups})
        self._taken = set(self._claimed.values())

    def of_post(self, root: str, post: Post) -> str:
        """The id of the post that stands under a root alias."""
        if root in self._claimed:
            return self._claimed[root]
        address = post.canonical_url or post.url
        identity = permalink_identity(address) if address else post.aliases[0]
        own = _free(post_id(self._blog_id, post.native_id, identity), self._taken)
        self._taken.add(own)
        return own

    def of_comments(self, root: str, found: Iterable[Comment]) -> str:
        """The id of a post of which only comments were seen."""
        if root in self._claimed:
            return self._claimed[root]
        aliases = next((comment.post_aliases for comment in found), ("",))
        native = next((a.removeprefix(_NATIVE) for a in aliases if a.startswith(_NATIVE)), None)
        return post_id(self._blog_id, native, aliases[-1].removeprefix("url:"))


def _claims(known: Mapping[str, str], groups: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Known id by root; native ids are served first, then addresses, each in order of the roots."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for is_native in (True, False):
        for root in sorted(groups.keys() - given.keys()):
            aliases = sorted(a for a in groups[root] if a.startswith(_NATIVE) is is_native)
            wanted = (known[alias] for alias in aliases if alias in known)
            claim = next((name for name in wanted if name not in taken), None)
            if claim is not None:
                given[root] = claim
                taken.add(claim)
    return given


def _free(name: str, taken: Set[str]) -> str:
    number, own = 1, name
    while own in taken:
        number += 1
        own = f"{name}.{number}"
    return own
