"""Every name under the output folder, and the few durable ways in which files appear there.

    output/
      crawls/<crawl_id>/      immutable truth of one crawl; appears by one rename
      tables/<table>/         latest state per blog and facts per crawl; only *.parquet inside
      work/<crawl_id>/        a crawl under way; work/<crawl_id>.sqlite is its ledger
      staging/                files on their way to tables/
      failed/<crawl_id>/      crawls that had nothing to publish
      state/                  locks and the journals of unfinished publications

No other module builds a path.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from archiver.errors import BlogBusy, StorageFailed

_LONGEST_NAME = 150  # bytes; file systems stop at 255, and suffixes follow
_DRAFT = ".tmp"
_CRAWL_ID = re.compile(r"(?P<blog>[\w%~-][\w%~.-]*)--\d{8}T\d{6}Z-[0-9a-z]+", re.ASCII)
_REMEDIES = {
    errno.ENOSPC: "free some space and run the command again",
    errno.EDQUOT: "raise the quota and run the command again",
    errno.EROFS: "the file system is read-only; choose another --output",
    errno.EACCES: "give the user write permission or choose another --output",
}


def file_name(text: str) -> str:
    """A safe file name, another for every text: all but A-Z a-z 0-9 . _ - becomes %XX."""
    name = quote(text, safe="", errors="surrogatepass").replace("~", "%7E")
    if name.startswith("."):
        name = "%2E" + name[1:]
    if len(name) > _LONGEST_NAME:
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        # "%~" is no escape, so that a shortened name can never be that of another text.
        name = f"{name[: _LONGEST_NAME - 18]}%~{digest}"
    return name or "%00"


def new_crawl_id(blog_id: str, now: datetime, token: str) -> str:
    """Name of a crawl: "anna-example-com--20240601T103000Z-3f2a"; `token` is a few hex digits.

    Raises:
        ValueError: `now` has no offset.
    """
    if now.tzinfo is None:
        raise ValueError("the time of a crawl needs an offset")
    return f"{file_name(blog_id)}--{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{token}"


@contextmanager
def storing(path: Path) -> Iterator[None]:
    """Names the path and a remedy when the disk refuses.

    Raises:
        StorageFailed: in place of the OSError.
    """
    try:
        yield
    except OSError as refusal:
        remedy = _REMEDIES.get(refusal.errno or 0, "check the disk and run the command again")
        raise StorageFailed(path, refusal.strerror or str(refusal), remedy) from refusal


def sync_file(path: Path) -> None:
    """Return when the file's bytes are on disk."""
    _sync(path, os.O_RDONLY)


def sync_dir(path: Path) -> None:
    """Return when the names in a folder are on disk."""
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    with storing(path):
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Return when every file and name below a folder, and the folder's own name, are on disk."""
    for parent, _, names in os.walk(folder):
        for name in names:
            sync_file(Path(parent, name))
        sync_dir(Path(parent))
    sync_dir(folder.parent)


def write_file(path: Path, content: bytes) -> None:
    """Write a whole file by rename: readers see the old or the new one, never a part.

    The temporary file stands beside the target; inside tables/<table>/ nothing may be written so.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}{_DRAFT}")
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    sync_dir(path.parent)


def remove_drafts(folder: Path) -> None:
    """Remove what `write_file` left in a folder when it was cut off."""
    with storing(folder):
        for draft in folder.glob(f".*{_DRAFT}"):
            draft.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class CrawlFolder:
    """The names inside one crawl, under way or published."""

    path: Path

    @property
    def crawl_id(self) -> str:
        return self.path.name

    @property
    def warc(self) -> Path:
        return self.path / "warc"

    @property
    def tables(self) -> Path:
        return self.path / "tables"

    @property
    def manifest(self) -> Path:
        return self.path / "manifest.json"

    @property
    def index(self) -> Path:
        return self.path / "index.cdxj"

    @property
    def urls(self) -> Path:
        """What became of every URL: the crawl's ledger as a table."""
        return self.path / "urls.parquet"

    @property
    def stats(self) -> Path:
        return self.path / "stats.json"

    @property
    def log(self) -> Path:
        return self.path / "log.jsonl"

    @property
    def report(self) -> Path:
        return self.path / "report.html"

    def table(self, table: str) -> Path:
        return self.tables / f"{table}.parquet"

    def warc_file(self, serial: int) -> Path:
        """The WARC file with a serial number from 1; it is gzipped."""
        return self.warc / f"{self.crawl_id}-{serial:05d}.warc.gz"


class BlogLock:
    """Proof that this process alone writes about a blog; freed by the kernel when it dies."""

    def __init__(self, path: Path, blog_id: str) -> None:
        self.path, self.blog_id = path, blog_id
        self._descriptor: int | None = None

    def __enter__(self) -> BlogLock:
        """Take the lock.

        Raises:
            BlogBusy: another process holds it.
        """
        with storing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise BlogBusy(self.blog_id, holder) from held
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        self._descriptor = descriptor
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock now."""
        return self._descriptor is not None


@dataclass(frozen=True, slots=True)
class Layout:
    """The names under one output folder."""

    root: Path

    @property
    def crawls(self) -> Path:
        return self.root / "crawls"

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def tables(self) -> Path:
        return self.root / "tables"

    @property
    def staging(self) -> Path:
        return self.root / "staging"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def failed(self) -> Path:
        """Where crawls go that had nothing to publish."""
        return self.root / "failed"

    @property
    def journals(self) -> Path:
        return self.state / "publish"

    def crawl(self, crawl_id: str) -> CrawlFolder:
        """A published crawl."""
        return CrawlFolder(self.crawls / _crawl_name(crawl_id))

    def working(self, crawl_id: str) -> CrawlFolder:
        """A crawl under way."""
        return CrawlFolder(self.work / _crawl_name(crawl_id))

    def ledger(self, crawl_id: str) -> Path:
        """The SQLite file of a crawl under way: its URLs and staged sightings."""
        return self.work / f"{_crawl_name(crawl_id)}.sqlite"

    def import_state(self, crawl_id: str) -> Path:
        """The SQLite file of an import under way: its staged sightings; imports do not resume."""
        return self.work / f"{_crawl_name(crawl_id)}.import.sqlite"

    def latest(self, table: str, blog_id: str) -> Path:
        """The latest state of a blog in one table."""
        return self.tables / table / f"{file_name(blog_id)}.parquet"

    def fact(self, table: str, crawl_id: str) -> Path:
        """The facts of one crawl in one table."""
        return self.tables / table / f"{_crawl_name(crawl_id)}.parquet"

    def journal(self, blog_id: str) -> Path:
        """What a publication about a blog still has to do, should it be cut off.

        One per blog: several processes may publish different blogs into one folder.
        """
        return self.journals / f"{file_name(blog_id)}.json"

    def staged(self, blog_id: str) -> Path:
        """Where new files of a blog wait for their rename; on the file system of `tables`."""
        return self.staging / file_name(blog_id)

    def lock(self, blog_id: str) -> BlogLock:
        """The lock of a blog, to be taken with `with`."""
        return BlogLock(self.state / "locks" / f"{file_name(blog_id)}.lock", blog_id)

    def lock_of(self, staged: Path) -> BlogLock:
        """The lock of the blog that a folder of `staging` belongs to."""
        return BlogLock(self.state / "locks" / f"{staged.name}.lock", staged.name)

    @property
    def migration(self) -> Path:
        """Where a change of schema prepares its files; "+" is in no blog's name."""
        return self.staging / "+migration"

    @property
    def migration_journal(self) -> Path:
        """The journal of a change of schema."""
        return self.journals / "+migration.json"

    def crawl_ids(self, blog_id: str | None = None) -> list[str]:
        """Published crawls, sorted by name; of one blog, or of all."""
        return _crawl_ids(self.crawls, blog_id)

    def working_ids(self, blog_id: str | None = None) -> list[str]:
        """Crawls under way or cut off, sorted by name; of one blog, or of all."""
        return _crawl_ids(self.work, blog_id)

    def journaled(self) -> list[Path]:
        """Journals of publications that are unfinished."""
        return sorted(self.journals.glob("*.json")) if self.journals.is_dir() else []


def _crawl_name(crawl_id: str) -> str:
    """Crawl ids are safe names already; anything else is escaped like any text."""
    return crawl_id if _CRAWL_ID.fullmatch(crawl_id) else file_name(crawl_id)


def _crawl_ids(folder: Path, blog_id: str | None) -> list[str]:
    if not folder.is_dir():
        return []
    wanted = None if blog_id is None else file_name(blog_id)
    names = sorted(entry.name for entry in os.scandir(folder) if entry.is_dir())
    matches = ((name, _CRAWL_ID.fullmatch(name)) for name in names)
    return [name for name, match in matches if match and wanted in (None, match["blog"])]


def set_aside(layout: Layout, crawl_id: str) -> Path:
    """Move a crawl that had nothing to publish to failed/; returns where it is now."""
    target = layout.failed / _crawl_name(crawl_id)
    with storing(target):
        layout.failed.mkdir(parents=True, exist_ok=True)
        layout.working(crawl_id).path.rename(target)
    drop_ledger(layout, crawl_id)
    return target


def discard(layout: Layout, crawl_id: str) -> None:
    """Remove the working folder and ledger of a run that left nothing worth keeping."""
    with storing(layout.work):
        shutil.rmtree(layout.working(crawl_id).path, ignore_errors=True)
    drop_ledger(layout, crawl_id)


def drop_ledger(layout: Layout, crawl_id: str) -> None:
    """Remove the SQLite files of a crawl or import that is no longer under way."""
    for state in (layout.ledger(crawl_id), layout.import_state(crawl_id)):
        for end in ("", "-wal", "-shm"):
            state.with_name(f"{state.name}{end}").unlink(missing_ok=True)
