"""Which sample blog: sizes and switches, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.sample.blog import Blog, Theme
from tests.sample.truth import Truth, tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An invented blog. Equal samples hold the same, to the byte, on every machine.

    `posts` counts the public ones (at least 24, so that every rarity occurs). `traps` plants
    endless spaces beside them; the blog proper stays the same.
    """

    posts: int = 60
    seed: int = 7
    theme: Theme = Theme.KUBRICK
    traps: bool = False

    def blog(self) -> Blog:
        """The blog behind the pages."""
        return Blog(self.posts, self.seed, self.theme, self.traps)

    def truth(self, base_url: str) -> Truth:
        """What a perfect archive of the blog at `base_url` (no final slash) would hold."""
        return tell(self.blog(), base_url)
