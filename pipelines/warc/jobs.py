"""The queue between a crawl and its WARC files: bounded by bytes, handed over in groups."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Generic, TypeVar

from pipelines.warc.files import Place
from pipelines.warc.records import Record

# The disk sets the pace beyond this; a busy crawl fills it and then pauses for the writer, which
# costs less than taking turns page by page (Python lets one of them run at a time).
WAITING_BYTES = 8 * 1024 * 1024

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Generic[T]):
    """Records to append together, the first of which names them.

    `result` makes of its place what the future gets. `begins` is the path of a new file, into
    which these and all later records go.
    """

    records: tuple[Record, ...]
    result: Callable[[Place], T]
    begins: Path | None = None
    future: Future[T] = field(default_factory=Future)

    def __post_init__(self) -> None:
        # What is queued will be written: nobody can take it back by cancelling the future.
        self.future.set_running_or_notify_cancel()

    @property
    def size_bytes(self) -> int:
        """Memory that waiting costs; mapped files cost none."""
        return sum(len(each.block) for each in self.records if isinstance(each.block, bytes))


class Jobs:
    """Takes jobs from a crawl and gives them to the writing thread, in order, in groups."""

    def __init__(self, *, gather: int, gather_s: float, limit_bytes: int = WAITING_BYTES) -> None:
        self._gather, self._gather_s, self._limit_bytes = gather, gather_s, limit_bytes
        self._waiting: list[Job[Any]] = []
        self._bytes = 0
        self._is_closed = False
        self._changed = threading.Condition()

    def put(self, job: Job[Any]) -> bool:
        """Queue a job, waiting for room; False when the queue is closed."""
        with self._changed:
            while self._bytes > self._limit_bytes and not self._is_closed:
                self._changed.wait()
            if self._is_closed:
                return False
            self._waiting.append(job)
            self._bytes += job.size_bytes
            # A thread switch for each job would cost more than the writing.
            if len(self._waiting) == 1 or self._is_group:
                self._changed.notify_all()
            return True

    def take(self) -> list[Job[Any]]:
        """The next group, waiting until it is large or old enough; empty when all is done."""
        with self._changed:
            while not self._waiting and not self._is_closed:
                self._changed.wait()
            deadline = monotonic() + self._gather_s
            while not self._is_group and not self._is_closed:
                left = deadline - monotonic()
                if left <= 0 or not self._changed.wait(left):
                    break
            group, self._waiting, self._bytes = self._waiting, [], 0
            self._changed.notify_all()
            return group

    def close(self) -> None:
        """Take no more jobs; what waits is still handed over."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    @property
    def _is_group(self) -> bool:
        return len(self._waiting) >= self._gather or self._bytes > self._limit_bytes
