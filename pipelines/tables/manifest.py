"""manifest.json of a crawl: what it is, and every file with size, hash and rows. Written last.

`tables/crawls.parquet` is not listed: its row holds the manifest's own hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import orjson

from archiver.errors import ArchiveDamaged
from pipelines.layout import CrawlFolder, storing
from pipelines.tables import codec
from pipelines.tables.footer import open_parquet

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFact:
    """One file of a crawl; `path` is relative to its folder, `rows` None unless a table."""

    path: str
    bytes: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a published crawl consists of. `hints` is what it learned for the next crawl."""

    crawl_id: str
    blog_id: str
    state: str
    started_at: datetime
    schema_version: str
    mode: str | None = None
    finished_at: datetime | None = None
    captured_from: datetime | None = None
    captured_to: datetime | None = None
    config_sha256: str | None = None
    tools: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    hints: Mapping[str, object] = field(default_factory=dict)
    files: tuple[FileFact, ...] = ()
    format: int = FORMAT

    def written(self) -> bytes:
        """The bytes of manifest.json."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read(folder: CrawlFolder) -> Manifest:
    """The manifest of a crawl.

    Raises:
        ArchiveDamaged: it is missing or unreadable.
    """
    try:
        return codec.decode(Manifest, folder.manifest.read_bytes())
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise ArchiveDamaged(folder.manifest, None, f"no readable manifest ({fault})") from fault


def file_facts(folder: CrawlFolder) -> Iterator[FileFact]:
    """Size, hash and rows of every file that the manifest names, by path."""
    unlisted = {folder.manifest, folder.table("crawls")}
    for path in sorted(folder.path.rglob("*")):
        if path.is_file() and path not in unlisted:
            rows = open_parquet(path).metadata.num_rows if path.suffix == ".parquet" else None
            yield FileFact(
                path=path.relative_to(folder.path).as_posix(),
                bytes=path.stat().st_size,
                sha256=sha256_of(path),
                rows=rows,
            )


def damaged(folder: CrawlFolder) -> Iterator[tuple[str, str]]:
    """(path, problem) of every file of a published crawl that is not as the manifest says."""
    for fact in read(folder).files:
        path = folder.path / fact.path
        if not path.is_file():
            yield fact.path, "missing"
        elif path.stat().st_size != fact.bytes:
            yield fact.path, f"{path.stat().st_size} bytes instead of {fact.bytes}"
        elif sha256_of(path) != fact.sha256:
            yield fact.path, "content differs from its sha256"


def sha256_of(path: Path) -> str:
    """Hash of a file's bytes, hex."""
    with storing(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_of_bytes(content: bytes) -> str:
    """Hash of bytes, hex."""
    return hashlib.sha256(content).hexdigest()
