"""The thread that appends to a crawl's WARC files and completes futures once bytes are safe."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archiver.errors import StorageFailed
from pipelines.warc.files import GrowingFile
from pipelines.warc.jobs import Job, Jobs
from pipelines.warc.packing import packed

_REMEDY = "Free space or choose another folder, then start the same command again: it resumes"


def storage_failed(folder: Path, error: OSError) -> StorageFailed:
    """What to tell an operator whose disk refuses."""
    failure = StorageFailed(folder, error.strerror or str(error), _REMEDY)
    failure.__cause__ = error
    return failure


@dataclass(frozen=True, slots=True)
class _Added:
    """A job in the growing file, up to `end`, and what its future gets when it is safe."""

    job: Job[Any]
    end: int
    result: Any


class Appender:
    """Appends groups of jobs and syncs after each group.

    After the first failure the growing file ends with its last whole job, and every job that is
    not safe fails with `failure`.
    """

    def __init__(self, folder: Path, jobs: Jobs) -> None:
        self._folder, self._jobs = folder, jobs
        self._file: GrowingFile | None = None
        self._added: list[_Added] = []  # since the last sync
        self._whole = 0  # end of the last job that was in the growing file at the last sync
        self.sealed: list[Path] = []
        self.failure: StorageFailed | None = None
        self._thread = threading.Thread(target=self._run, name="warc-writer", daemon=True)
        self._thread.start()

    def bytes_of(self, path: Path) -> int:
        """How much the growing file holds; 0 when it is another one. From any thread."""
        file = self._file
        return file.end if file is not None and file.path == path else 0

    def join(self) -> None:
        """Wait until the closed queue is empty and the last file has its final name."""
        self._thread.join()

    def _run(self) -> None:
        while group := self._jobs.take():
            try:
                if self.failure is None:
                    self._append(group)
            except OSError as error:
                self._stop(error)
            for job in group:
                if not job.future.done():
                    job.future.set_exception(self.failure or RuntimeError("not written"))
        try:
            self._seal()
        except OSError as error:
            self.failure = self.failure or storage_failed(self._folder, error)

    def _append(self, group: list[Job[Any]]) -> None:
        for job in group:
            if job.begins is not None:
                self._seal()
                self._file, self._whole = GrowingFile(job.begins), 0
            assert self._file is not None  # noqa: S101 - a writer's first job begins a file
            places = [self._file.append(packed(record.parts())) for record in job.records]
            self._added.append(_Added(job, self._file.end, job.result(places[0])))
        self._sync()

    def _sync(self) -> None:
        """Make everything added safe, and say so."""
        if self._file is not None:
            self._file.sync()
            self._whole = self._file.size
        for added in self._added:
            added.job.future.set_result(added.result)
        self._added.clear()

    def _seal(self) -> None:
        """Give the growing file its final name; one without a whole job disappears."""
        if self._file is None:
            return
        self._sync()
        file, self._file = self._file, None
        if self._whole:
            self.sealed.append(file.seal())
        else:
            file.discard()

    def _stop(self, error: OSError) -> None:
        """Leave whole jobs only, and keep the promises that can still be kept."""
        self.failure = storage_failed(self._folder, error)
        if self._file is None:
            return
        written = self._file.size
        self._added = [added for added in self._added if added.end <= written]
        end = self._added[-1].end if self._added else self._whole
        try:
            self._file.cut_back(end)
            self._sync()
        except OSError:
            self._added.clear()
            with suppress(OSError):
                self._file.cut_back(self._whole)
