"""What a crawl has met so far, for the person who watches: counts, no decisions."""

from __future__ import annotations

from dataclasses import dataclass, field

from archiver.crawl.ledger import Lease, Outcome, UrlState
from archiver.model import Extraction


@dataclass(slots=True)
class Tally:
    """Counts of one run. Posts and comments are told apart by the first name they are seen under,
    so they are close to the rows to come, not equal to them."""

    answers: int = 0
    errors: int = 0
    size_bytes: int = 0
    last_error: str | None = None
    _posts: set[int] = field(default_factory=set)
    _comments: set[int] = field(default_factory=set)

    @property
    def posts(self) -> int:
        """Different posts seen."""
        return len(self._posts)

    @property
    def comments(self) -> int:
        """Different comments and pings seen."""
        return len(self._comments)

    def received(self, size_bytes: int) -> None:
        """An exchange came off the wire."""
        self.size_bytes += size_bytes

    def answered(self, lease: Lease, outcome: Outcome) -> None:
        """A URL was answered."""
        self.answers += 1
        if outcome.state in (UrlState.FAILED, UrlState.PENDING):
            self.errors += 1
            self.last_error = f"{lease.url}: {outcome.error}"

    def read(self, extraction: Extraction) -> None:
        """A page was read."""
        self._posts.update(hash(post.aliases[0]) for post in extraction.posts)
        self._comments.update(
            hash(c.native_id or (c.post_aliases[:1], c.author, c.position))
            for c in extraction.comments
        )
