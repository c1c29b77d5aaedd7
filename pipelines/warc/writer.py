"""Keeps a crawl's exchanges in WARC files and says when each is surely on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from archiver.errors import StorageFailed
from archiver.model import Capture, Exchange, Follow
from pipelines.warc import exchanges
from pipelines.warc.appending import Appender, storage_failed
from pipelines.warc.exchanges import Dedup, NewId
from pipelines.warc.files import Place, new_path
from pipelines.warc.jobs import Job, Jobs
from pipelines.warc.records import Record, manifest, record_ids, resource, warcinfo

FILE_BYTES = 1_000_000_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a crawl's files are called and what their warcinfo records say.

    `host` is any word that tells crawlers apart: the machine's name is nobody's business unless
    the operator gives it. `facts` are warcinfo lines ("software", "operator", "isPartOf", …).
    """

    prefix: str
    facts: Mapping[str, str]
    host: str = "archiver"
    file_bytes: int = FILE_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """A thing of the crawl's own: config, log, report; `uri` is made up ("urn:…")."""

    uri: str
    content_type: str
    content: bytes


def utc_now() -> datetime:
    """The system's clock, aware."""
    return datetime.now(UTC)


class WarcWriter:
    """Takes exchanges from one thread and answers with futures that mean: durable.

    Records are made at once, in the caller's thread, and compressed and written in the writer's
    own, in groups: when there are `sync_every` exchanges or `sync_after_s` has passed. Measured,
    that costs least: compressing page by page slows down the code around it. `record` blocks
    while more than 8 MiB wait, so the disk sets the pace.
    Futures are completed in the writer's thread. After a failed write the file ends with its
    last whole exchange and every later future fails with `StorageFailed`.

    `dedup` is asked, in the caller's thread, for an original to refer to: `exchanges.bundle`.
    """

    def __init__(
        self,
        folder: Path,
        naming: Naming,
        *,
        sync_every: int = 64,
        sync_after_s: float = 0.2,
        redact: bool = False,
        dedup: Dedup | None = None,
        clock: Callable[[], datetime] = utc_now,
        new_id: NewId | None = None,
    ) -> None:
        self._folder, self._naming = folder, naming
        self._redact, self._dedup = redact, dedup
        self._clock, self._new_id = clock, new_id or record_ids()
        self._serial = 0
        self._path: Path | None = None  # of the file that records go to at the moment
        self._warcinfo_ids: list[str] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_failed(folder, error) from error
        self._jobs = Jobs(gather=sync_every, gather_s=sync_after_s)
        self._appender = Appender(folder, self._jobs)

    @property
    def failure(self) -> StorageFailed | None:
        """Why nothing can be written any more; None while all is well."""
        return self._appender.failure

    def record(self, exchange: Exchange) -> Future[Capture]:
        """Keep an exchange; the capture comes, with its place, when it is durable."""
        bundle = exchanges.bundle(
            exchange,
            warcinfo_id=self._warcinfo_id(),
            new_id=self._new_id,
            dedup=self._dedup,
            redact=self._redact,
        )
        return self._submit(
            Job(records=bundle.records, result=lambda at: _placed(bundle.capture, at))
        )

    def outlinks(self, capture: Capture, follow: Iterable[Follow]) -> Future[None]:
        """Keep what a page links to, as a metadata record of its capture."""
        record = exchanges.outlinks(
            capture, follow, warcinfo_id=self._warcinfo_id(), new_id=self._new_id
        )
        return self._submit(Job(records=(record,), result=lambda _: None))

    def artefacts(self, things: Sequence[Artefact]) -> Future[None]:
        """Keep a crawl's own things as resource records that belong to one manifest."""
        records = tuple(self._artefact_records(things))
        return self._submit(Job(records=records, result=lambda _: None))

    def close(self) -> tuple[Path, ...]:
        """Write what waits, give the last file its final name, return all files in order.

        Raises:
            StorageFailed: something could not be written; what was acknowledged is there.
        """
        self._jobs.close()
        self._appender.join()
        if self._appender.failure is not None:
            raise self._appender.failure
        return tuple(self._appender.sealed)

    def _warcinfo_id(self) -> str:
        """The id that the next records name; begins a new file where one is due."""
        path, limit = self._path, self._naming.file_bytes
        if path is None or self._appender.bytes_of(path) >= limit:
            now, naming = self._clock(), self._naming
            path, serial = new_path(self._folder, naming.prefix, now, self._serial, naming.host)
            self._path, self._serial = path, serial + 1
            first = warcinfo(path.name, naming.facts, record_id=self._new_id(), written_at=now)
            self._warcinfo_ids.append(first.record_id)
            self._submit(Job(records=(first,), result=lambda _: None, begins=path))
        return self._warcinfo_ids[-1]

    def _submit(self, job: Job[T]) -> Future[T]:
        if not self._jobs.put(job):
            failure = self._appender.failure or ValueError("the WARC writer is closed")
            job.future.set_exception(failure)
        return job.future

    def _artefact_records(self, things: Sequence[Artefact]) -> Iterator[Record]:
        now, warcinfo_id = self._clock(), self._warcinfo_id()
        first = manifest(
            self._warcinfo_ids, record_id=self._new_id(), warcinfo_id=warcinfo_id, written_at=now
        )
        yield first
        for each in things:
            yield resource(
                each.uri,
                each.content_type,
                each.content,
                record_id=self._new_id(),
                warcinfo_id=warcinfo_id,
                concurrent_to=first.record_id,
                written_at=now,
            )


def _placed(capture: Capture, at: Place) -> Capture:
    return replace(capture, warc_filename=at.filename, warc_offset=at.offset, warc_length=at.length)
