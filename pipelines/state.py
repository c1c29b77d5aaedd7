"""The working state of one crawl: one SQLite file, one connection, commits in groups.

The URL ledger and the staged rows share the connection, so that a page's rows and the
acknowledgement of its URL become durable together or not at all.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archiver.errors import StorageFailed

_GROUP_S = 0.25
_BUSY_MS = 5_000
_REMEDIES = {
    "SQLITE_FULL": "free some space and run the command again",
    "SQLITE_READONLY": "give the user write permission or choose another --output",
    "SQLITE_CANTOPEN": "check that the folder exists and may be written",
    "SQLITE_BUSY": "another process is writing to this crawl; wait for it to end",
}


class CrawlState:
    """One crawl's SQLite: groups units of work into commits, about four a second.

    Not for use by several threads: whatever writes here runs in the reactor's thread.
    """

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self.connection = connection
        self._clock = clock
        self._is_in_unit = False
        self.undone = 0  # units that were rolled back: what memory holds about them is wrong
        self._oldest: float | None = None  # when the first uncommitted unit was written

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], float] = time.monotonic) -> CrawlState:
        """The state in a file, made when it is not there.

        WAL with synchronous=NORMAL: a killed process loses at most the open group, a power cut
        at most the latest groups. Both leave URLs pending that are already in the WARC, which
        costs a second fetch and never a loss.

        Raises:
            StorageFailed: the file cannot be opened or written.
        """
        with refusals(path):
            connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA cache_size = -16000")  # KiB
        return cls(path, connection, clock=clock)

    @classmethod
    def read(cls, path: Path) -> CrawlState:
        """The state for reading only; another process may be writing it.

        Raises:
            StorageFailed: there is no such file, or it cannot be read.
        """
        with refusals(path):
            uri = f"{path.absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(uri, uri=True, isolation_level=None)
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1")
        return cls(path, connection)

    @contextmanager
    def unit(self) -> Iterator[sqlite3.Connection]:
        """Writes that belong together: all of them reach one commit, or none when an error leaves.

        A unit inside a unit is part of it. The commit may come later, with other units. Nothing
        may be awaited inside.

        Raises:
            StorageFailed: the disk refused.
        """
        if self._is_in_unit:
            yield self.connection
            return
        with refusals(self.path):
            self._begin()
            try:
                yield self.connection
            except BaseException:
                self._undo()
                raise
            self.connection.execute("RELEASE unit")
            self._is_in_unit = False
            self.commit_if_due()

    def _begin(self) -> None:
        if not self.connection.in_transaction:
            self.connection.execute("BEGIN IMMEDIATE")
            self._oldest = self._clock()
        self.connection.execute("SAVEPOINT unit")
        self._is_in_unit = True

    def _undo(self) -> None:
        self._is_in_unit = False
        self.undone += 1
        # A full disk makes SQLite roll back the whole transaction by itself.
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK TO unit")
            self.connection.execute("RELEASE unit")

    def commit_if_due(self) -> None:
        """Commit when the oldest uncommitted unit is a quarter second old; for a timer."""
        if self._oldest is not None and self._clock() - self._oldest >= _GROUP_S:
            self.commit()

    def commit(self) -> None:
        """Make every finished unit durable against the death of this process.

        Raises:
            StorageFailed: the disk refused; the group stays open and is lost with the process.
        """
        if self._is_in_unit:
            raise RuntimeError("a commit inside a unit would split it")
        if self.connection.in_transaction:
            with refusals(self.path):
                self.connection.execute("COMMIT")
        self._oldest = None

    def close(self) -> None:
        """Commit and close; the last connection folds the write-ahead log into the file."""
        try:
            self.commit()
        finally:
            self.connection.close()

    def abandon(self) -> None:
        """Close without committing the open group, as a dying process would."""
        self.connection.close()


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Names the path and a remedy when SQLite cannot do its work.

    Raises:
        StorageFailed: in place of sqlite3's operational errors.
    """
    try:
        yield
    except sqlite3.OperationalError as refusal:
        name = getattr(refusal, "sqlite_errorname", "SQLITE_IOERR")
        if name == "SQLITE_ERROR":  # wrong SQL: our fault, not the disk's
            raise
        family = next((code for code in _REMEDIES if name.startswith(code)), "")
        remedy = _REMEDIES.get(family, "check the disk and run the command again")
        raise StorageFailed(path, str(refusal), remedy) from refusal
    except sqlite3.DatabaseError as damage:
        if isinstance(damage, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        raise StorageFailed(
            path, str(damage), "the file is damaged; start with --fresh"
        ) from damage
