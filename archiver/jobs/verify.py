"""`archiver verify`: every row read again from its record; damage named with the rows it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pyarrow.parquet as pq

from archiver.config import Blog
from archiver.errors import ArchiveDamaged, ConfigError
from archiver.jobs.voice import Voice
from archiver.model import BlogId, CaptureId, Document, Issue, Url
from archiver.publish import tabulate
from archiver.publish.coverage import POST_NOT_HELD
from archiver.publish.documents import stage
from archiver.reading import read
from pipelines.layout import CrawlFolder, Layout
from pipelines.state import CrawlState
from pipelines.tables import manifest
from pipelines.tables.names import names_in
from pipelines.tables.schemas import TABLES
from pipelines.tables.staging import Staging
from pipelines.tables.writer import CrawlTables
from pipelines.warc import reader

_CHECKED = ("posts", "comments", "links", "media")
_OK, _DIFFERENT = 0, 4
_SHOWN = 20
_EVERY = 100


@dataclass(slots=True)
class Verdict:
    """What re-reading a crawl found; `lost` and `different` hold (table, row id)."""

    crawl_id: str
    captures: int = 0
    rows: int = 0
    damaged: dict[str, str] = field(default_factory=dict)  # capture id → problem
    files: list[tuple[str, str]] = field(default_factory=list)  # (path, problem)
    lost: list[tuple[str, str]] = field(default_factory=list)
    different: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_proved(self) -> bool:
        """Whether every record is there and every row follows from it."""
        return not (self.damaged or self.files or self.lost or self.different)


def run(output: Path, crawl_ids: tuple[str, ...], *, rows: bool, plain: bool, quiet: bool) -> int:
    """Verify some crawls, or all; returns 0, or 4 when something does not hold.

    Raises:
        ConfigError: there is no such crawl.
    """
    layout, voice = Layout(output), Voice(plain=plain, quiet=quiet)
    known = layout.crawl_ids()
    for name in crawl_ids:
        if name not in known:
            raise ConfigError("command line", "CRAWL_ID", f"no crawl {name!r} in {output}")
    verdicts = [verify(layout, name, rows=rows, voice=voice) for name in crawl_ids or known]
    for verdict in verdicts:
        for line in _told(verdict):
            voice.say(line)
    return _OK if all(verdict.is_proved for verdict in verdicts) else _DIFFERENT


def verify(layout: Layout, crawl_id: str, *, rows: bool, voice: Voice) -> Verdict:
    """Check the files of a crawl against its manifest, its records, and (`rows`) its rows."""
    folder = layout.crawl(crawl_id)
    verdict = Verdict(crawl_id=crawl_id)
    verdict.files = [pair for pair in manifest.damaged(folder) if not pair[0].startswith("warc/")]
    with ExitStack() as stack:
        again = _Again(folder, stack) if rows else None
        known = {(str(i["capture_id"]), i["code"]) for i in _table(folder, "issues")}
        for capture in _table(folder, "captures"):
            verdict.captures += 1
            document = _reread(folder, capture, known, verdict)
            if again is not None and document is not None:
                again.take(document, capture)
            if verdict.captures % _EVERY == 0:
                voice.progress(f"{crawl_id}: {verdict.captures} records read again")
        if again is not None:
            _compare(folder, again.tables(), verdict)
    return verdict


class _Again:
    """The crawl's pages read once more into tables of their own, in a temporary folder."""

    def __init__(self, folder: CrawlFolder, stack: ExitStack) -> None:
        place = Path(stack.enter_context(TemporaryDirectory(prefix="archiver-verify-")))
        self._folder = CrawlFolder(place / folder.crawl_id)
        self._folder.path.mkdir()
        self._state = CrawlState.open(place / "state.sqlite")
        stack.callback(self._state.abandon)
        self._staging = Staging(self._state.connection)
        self._blog = _blog(folder)
        self._names = _names(folder)

    def take(self, document: Document, capture: Mapping[str, Any]) -> None:
        """Read a document as the crawl did; what it did not read stays unread."""
        reading = read(document, self._blog) if capture["extracted"] else None
        with self._state.unit():
            stage(
                self._staging,
                document.capture,
                reading,
                blog_id=self._blog.blog_id,
                crawl_id=self._folder.crawl_id,
                via_rule=capture["via_rule"],
            )

    def tables(self) -> CrawlFolder:
        """The tables made of what was taken."""
        tables = CrawlTables(self._folder, self._blog.blog_id)
        tabulate(self._staging, tables, self._blog, names=self._names, is_complete=False)
        tables.close()
        return self._folder


def _blog(folder: CrawlFolder) -> Blog:
    (row,) = _table(folder, "blogs")
    config = next(_table(folder, "crawls")).get("config_json")
    hints: dict[str, Any] = {}
    if config:
        hints = orjson.loads(config)["blog"]
    return Blog(
        blog_id=BlogId(row["blog_id"]),
        home_url=Url(row["home_url"]),
        platform=hints.get("platform"),
        timezone=hints.get("timezone"),
        language=hints.get("language"),
    )


def _names(folder: CrawlFolder) -> dict[str, str]:
    """The ids that the crawl gave, by alias: earlier crawls may have named its posts."""
    missing = {
        str(issue["raw_value"]): str(issue["post_id"])
        for issue in _table(folder, "issues")
        if issue["code"] == POST_NOT_HELD and issue["raw_value"] and issue["post_id"]
    }
    return missing | names_in(folder.table("posts"))


def _reread(
    folder: CrawlFolder,
    capture: Mapping[str, Any],
    known: Set[tuple[str, str]],
    verdict: Verdict,
) -> Document | None:
    """The document behind a row of captures; damage that the crawl did not know is noted."""
    capture_id = str(capture["capture_id"])
    path = archive_file(folder, str(capture["warc_filename"]))
    heard: list[Issue] = []
    try:
        if path is None:
            raise ArchiveDamaged(capture["warc_filename"], None, "the file is not there")
        offset = int(capture["warc_record_offset"])
        document = reader.read_at(path, offset, on_issue=heard.append)
    except ArchiveDamaged as damage:
        verdict.damaged[capture_id] = str(damage)
        return None
    found = document.capture
    new = [issue.message for issue in heard if (capture_id, issue.code) not in known]
    if found.capture_id != CaptureId(capture_id):
        new.append(f"{path.name}: another record ({found.capture_id}) stands at its place")
    elif found.payload_digest != capture["content_digest"]:
        new.append(f"{path.name}: the payload's digest is {found.payload_digest}")
    if new:
        verdict.damaged[capture_id] = "; ".join(new)
        return None
    return with_body(folder, capture, document)


def with_body(folder: CrawlFolder, capture: Mapping[str, Any], document: Document) -> Document:
    """A revisit joined with the payload of its original, where this crawl holds that."""
    original_id = capture["revisit_of"]
    if not original_id or document.body:
        return document
    for row in _table(folder, "captures"):
        path = archive_file(folder, str(row["warc_filename"]))
        if row["capture_id"] == original_id and path is not None:
            original = reader.read_at(path, int(row["warc_record_offset"]))
            return reader.with_body_of(document.capture, original)
    return document


def archive_file(folder: CrawlFolder, name: str) -> Path | None:
    """The WARC file of that name: in the crawl, or where an import read it."""
    own = folder.warc / name
    if own.is_file():
        return own
    for seed in next(_table(folder, "crawls"))["seeds"] or ():
        given = Path(seed)
        for path in (given, given / name):
            if path.name == name and path.is_file():
                return path
    return None


def _compare(folder: CrawlFolder, again: CrawlFolder, verdict: Verdict) -> None:
    """Rows on damaged records are lost; all others must be equal, value by value."""
    for name in _CHECKED:
        key = TABLES[name].key[0]
        made = {row[key]: row for row in _table(again, name)}
        for row in _table(folder, name):
            verdict.rows += 1
            if verdict.damaged.keys() & {row["capture_id"], *(row["evidence"] or ())}:
                verdict.lost.append((name, row[key]))
            elif made.get(row[key]) != row:
                verdict.different.append((name, row[key]))


def _table(folder: CrawlFolder, name: str) -> Iterator[dict[str, Any]]:
    for batch in pq.ParquetFile(folder.table(name)).iter_batches(4096):
        yield from batch.to_pylist()


def _told(verdict: Verdict) -> Iterator[str]:
    outcome = "holds" if verdict.is_proved else "DOES NOT HOLD"
    yield f"{verdict.crawl_id}: {verdict.captures} records, {verdict.rows} rows: {outcome}"
    for path, problem in verdict.files:
        yield f"  file {path}: {problem}"
    for capture_id, problem in list(verdict.damaged.items())[:_SHOWN]:
        yield f"  record {capture_id}: {problem}"
    for word, rows in (("lost with its record", verdict.lost), ("differs", verdict.different)):
        for table, row_id in rows:
            yield f"  {table} {row_id}: {word}"
