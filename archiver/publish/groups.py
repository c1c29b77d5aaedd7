"""Which alias sets of a crawl's sightings mean one post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archiver.identity import Identity
from archiver.urls import permalink_identity, resolve
from pipelines.tables.staging import Staging

_SHARED_TARGET = 5  # more redirects than this to one place say nothing about identity


class Groups(dict[str, list[int]]):
    """Alias sets of one post each, by the post's root alias."""

    def __init__(self, identity: Identity) -> None:
        super().__init__()
        self._aliases: dict[str, set[str]] = defaultdict(set)
        self._identity = identity

    def add(self, number: int, names: tuple[str, ...]) -> None:
        """Put an alias set to its post."""
        root = self._identity.root(names[0])
        self.setdefault(root, []).append(number)
        self._aliases[root].update(names)

    def aliases(self, root: str) -> set[str]:
        """Every name under which the post was seen."""
        return self._aliases[root]


def grouped(staging: Staging) -> Groups:
    """The posts of a crawl, each with the numbers of its alias sets."""
    identity = Identity()
    sets = [(number, names) for number, names in staging.alias_sets() if names]
    for _, names in sets:
        identity.join(names)
    for names in _redirected(staging, identity):
        identity.join(names)
    groups = Groups(identity)
    for number, names in sets:
        groups.add(number, names)
    return groups


def _redirected(staging: Staging, identity: Identity) -> Iterator[tuple[str, str]]:
    """Pairs of post names joined by a redirect; many redirects to one place are no identity."""
    targets: dict[str, set[str]] = defaultdict(set)
    for row in staging.captures():
        location = row.get("fetch_redirect")
        if location:
            source = f"url:{permalink_identity(str(row['url']))}"
            target = f"url:{permalink_identity(_target(str(row['url']), str(location)))}"
            if target in identity and source != target:
                targets[target].add(source)
    for target, sources in targets.items():
        if len(sources) <= _SHARED_TARGET:
            yield from ((source, target) for source in sources)


def _target(base: str, location: str) -> str:
    return resolve(base, location) or location
