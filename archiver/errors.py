"""The exceptions of the program: its own faults and the operator's, never the web's.

ArchiverError
├── ConfigError       a setting is wrong: file, key, problem
├── ArchiveDamaged    a WARC, WACZ or table cannot be read: path, offset, problem
├── CaptureLost       bytes that were promised are not there: url, reason
├── CommitConflict    somebody else changed what we were about to publish
├── CrawlUnusable     the crawl ended without anything worth publishing: url, reason, remedy
├── StorageFailed     the disk refused: path, reason, remedy
├── BlogBusy          another process works on the blog: blog, its process id
├── RowInvalid        a row does not fit its table: table, column, row id, problem
└── MissingExtra      an optional package is needed: name, command

What the web does wrong is data and becomes an `Issue` row (see `archiver.model`).
"""

from __future__ import annotations

from pathlib import Path


class ArchiverError(Exception):
    """Root of every exception that this program raises on purpose; the message says what to do."""


class ConfigError(ArchiverError):
    """A setting is wrong; names the file (or "command line"), the key and the problem."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"{file}: {key}: {problem}")
        self.file, self.key, self.problem = file, key, problem


class ArchiveDamaged(ArchiverError):
    """An archive file cannot be read at a place; `offset` is in bytes, None when unknown."""

    def __init__(self, path: Path | str, offset: int | None, problem: str) -> None:
        place = "" if offset is None else f" at byte {offset}"
        super().__init__(f"{path}{place}: {problem}")
        self.path, self.offset, self.problem = str(path), offset, problem


class CaptureLost(ArchiverError):
    """Bytes of an exchange did not reach the archive."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url, self.reason = url, reason


class CommitConflict(ArchiverError):
    """A table or crawl changed under a commit."""

    def __init__(self, table: str, expected: str, found: str) -> None:
        super().__init__(f"{table}: expected {expected}, found {found}")
        self.table, self.expected, self.found = table, expected, found


class CrawlUnusable(ArchiverError):
    """Nothing of a crawl or import can be published: what happened and what to try."""

    def __init__(self, url: str, reason: str, remedy: str) -> None:
        super().__init__(f"{url}: {reason}. {remedy}")
        self.url, self.reason, self.remedy = url, reason, remedy


class StorageFailed(ArchiverError):
    """The disk refused a write (full, read-only, gone): nothing acknowledged is lost."""

    def __init__(self, path: Path | str, reason: str, remedy: str) -> None:
        super().__init__(f"{path}: {reason}. {remedy}")
        self.path, self.reason, self.remedy = str(path), reason, remedy


class BlogBusy(ArchiverError):
    """Another process holds the blog's lock; `holder` is its process id, "" when unknown."""

    def __init__(self, blog_id: str, holder: str) -> None:
        who = f"process {holder}" if holder else "another process"
        super().__init__(f"{blog_id}: {who} is working on this blog; run the command again later")
        self.blog_id, self.holder = blog_id, holder


class RowInvalid(ArchiverError):
    """A row does not fit its table: a fault of the program, never of the web."""

    def __init__(self, table: str, column: str, row_id: str, problem: str) -> None:
        super().__init__(f"{table}.{column}: {problem} (row {row_id})")
        self.table, self.column, self.row_id, self.problem = table, column, row_id, problem


class MissingExtra(ArchiverError):
    """An optional package is not installed; `command` installs it."""

    def __init__(self, name: str, command: str) -> None:
        super().__init__(f"{name} is not installed; run: {command}")
        self.name, self.command = name, command
