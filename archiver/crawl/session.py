"""One crawl under way: its folder, lock, state, gate, WARC writer and staging, opened together.

Everything that lives as long as the crawl is made here and passed down; a session that was cut
off is opened again by the same plan and goes on.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from archiver import __version__
from archiver.config import CrawlPlan
from archiver.crawl.gate import Gate, steady_clock
from archiver.crawl.ledger import Lease, Outcome, UrlState
from archiver.crawl.retry import Answer
from archiver.crawl.tally import Tally
from archiver.crawl.visit import Visit
from archiver.errors import StorageFailed
from archiver.model import (
    Capture,
    CaptureId,
    Document,
    Exchange,
    Follow,
    RecordType,
    Role,
)
from archiver.publish.documents import stage
from archiver.reading import Reading, read, unread
from archiver.requisites import of_css, of_page
from pipelines.layout import BlogLock, CrawlFolder, Layout, new_crawl_id, storing
from pipelines.state import CrawlState
from pipelines.tables.staging import Staging
from pipelines.warc import http
from pipelines.warc.mend import mend, unfinished
from pipelines.warc.writer import Naming, WarcWriter

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """An exchange whose page was not read yet, and the promise of its capture."""

    exchange: Exchange
    durable: Future[Capture]


class Session:
    """The parts of one crawl; close it with `close`, whatever happened."""

    def __init__(
        self,
        plan: CrawlPlan,
        folder: CrawlFolder,
        state: CrawlState,
        stack: ExitStack,
        lock: BlogLock,
    ) -> None:
        self.plan, self.folder, self.state, self.lock = plan, folder, state, lock
        self.started_at = datetime.now(UTC)
        self.failure: StorageFailed | None = None
        self.staging = Staging(state.connection)
        self.gate = Gate(plan, state, clock=steady_clock())
        self.tally = Tally()
        self.writer = WarcWriter(folder.warc, _naming(plan, folder), redact=plan.redact)
        self._stack = stack
        self._kept: dict[CaptureId, _Kept] = {}
        self._crawler: Any = None
        self.is_own = False  # whether the spider opened it, and no job of ours will publish it
        self.is_resumed = False  # whether an earlier run of this crawl was cut off
        self._is_closed = False

    @classmethod
    def open(cls, plan: CrawlPlan, *, fresh: bool = False) -> Session:
        """A new crawl, or the blog's latest unfinished one; its seeds are in the ledger.

        Raises:
            BlogBusy: another process is crawling this blog. StorageFailed: the disk refuses.
        """
        layout = Layout(plan.output)
        with ExitStack() as stack:
            lock = stack.enter_context(layout.lock(plan.blog.blog_id))
            folder = _unfinished(layout, plan) if not fresh else None
            is_resumed = folder is not None
            if folder is None:
                folder = _new_folder(layout, plan)
            _mend(folder)
            state = CrawlState.open(layout.ledger(folder.crawl_id))
            stack.callback(state.abandon)
            session = cls(plan, folder, state, stack.pop_all(), lock)
        session.is_resumed = is_resumed
        session.gate.seed(plan.seeds)
        return session

    @property
    def crawl_id(self) -> str:
        """The crawl's id, which is its folder's name."""
        return self.folder.crawl_id

    def attach(self, crawler: Any) -> None:
        """Let Scrapy's components find the session and the addresses that may be reached."""
        crawler.archive = self
        crawler.addresses = self.gate.addresses
        self._crawler = crawler

    def record(self, exchange: Exchange) -> None:
        """Take an exchange from the wire handler; the page is read when the spider asks."""
        durable = self.writer.record(exchange)
        self._kept[exchange.capture_id] = _Kept(exchange=exchange, durable=durable)
        self.tally.received(len(exchange.response))

    def visit(self, lease: Lease, answer: Answer, capture_id: CaptureId | None) -> Visit:
        """Decide on an answer, read its page, and promise its capture."""
        outcome = self.gate.answer(lease, answer)
        kept = self._kept.pop(capture_id, None) if capture_id is not None else None
        self.tally.answered(lease, outcome)
        if kept is None:
            return Visit(lease=lease, outcome=outcome)
        reading, requisites = self.read(_document(kept.exchange), lease, outcome)
        return Visit(
            lease=lease,
            outcome=outcome,
            durable=asyncio.wrap_future(kept.durable),
            reading=reading,
            requisites=requisites,
        )

    def read(
        self, document: Document, lease: Lease, outcome: Outcome
    ) -> tuple[Reading | None, tuple[Follow, ...]]:
        """What a kept answer shows, and the files it needs; nothing of any other answer."""
        if outcome.state is not UrlState.CAPTURED or not document.body:
            return None, ()
        try:
            return self._read(document, lease)
        except Exception as fault:  # the edge of the job: one page must not end the crawl
            self._unread(document, fault)
            return None, ()

    def keep(self, visit: Visit) -> None:
        """Stage what a visit brought and acknowledge its URL, in one transaction.

        Raises:
            StorageFailed: the state cannot be written.
        """
        if self.failure is not None:
            raise self.failure
        capture, reading = visit.capture, visit.reading
        with self.state.unit():
            if capture is not None:
                self.keep_capture(capture, visit)
            if visit.outcome.state is UrlState.CAPTURED:
                self.gate.learn(
                    visit.lease,
                    reading.extraction if reading else None,
                    reading.page.tree if reading else None,
                    visit.requisites,
                )
            capture_id = capture.capture_id if capture is not None else None
            is_revisit = capture is not None and capture.record_type is RecordType.REVISIT
            self.gate.settle(visit.lease, visit.outcome, capture_id, is_revisit=is_revisit)
        if reading is not None:
            self.tally.read(reading.extraction)

    def keep_capture(self, capture: Capture, visit: Visit | None = None) -> None:
        """Stage a capture; a request that nothing answered is in the archive only."""
        if capture.record_type is RecordType.REQUEST:
            return
        with self.state.unit():
            stage(
                self.staging,
                capture,
                visit.reading if visit is not None else None,
                blog_id=self.plan.blog.blog_id,
                crawl_id=self.crawl_id,
                via_rule=visit.lease.role if visit is not None else None,
            )

    def keep_outlinks(self, capture: Capture, follow: Iterable[Follow]) -> None:
        """Keep what a page links to beside its capture; lost with the process, never waited for."""
        links = tuple(follow)
        if links:
            self.writer.outlinks(capture, links)

    def stop(self, failure: StorageFailed) -> None:
        """End the crawl because nothing can be kept any more; it stays resumable."""
        if self.failure is None:
            self.failure = failure
            log.warning("crawl.storage_failed crawl=%s reason=%s", self.crawl_id, failure)
            if self._crawler is not None and self._crawler.engine is not None:
                closing = self._crawler.engine.close_spider_async(reason="storage")
                self._closing = asyncio.ensure_future(closing)

    @property
    def elapsed_s(self) -> float:
        """How long this run has lasted."""
        return (datetime.now(UTC) - self.started_at).total_seconds()

    def abandon(self) -> None:
        """End this run, the crawl to be resumed: the archive keeps what it has, state is saved."""
        if self._is_closed:
            return
        with suppress(StorageFailed):
            self.gate.close()
        with suppress(StorageFailed):
            self.writer.close()
        self.close()

    def close(self) -> None:
        """Let go of lock and state as they are; what was not acknowledged will be asked again."""
        self._is_closed = True
        self._stack.close()

    def _unread(self, document: Document, fault: Exception) -> None:
        capture = document.capture
        log.exception("page.unread url=%s", capture.url)
        with self.state.unit():
            self.staging.note([unread(capture, fault)], capture.captured_at)

    def _read(self, document: Document, lease: Lease) -> tuple[Reading | None, tuple[Follow, ...]]:
        if lease.role is Role.REQUISITE:
            return None, _of_style_sheet(document)
        if not self.gate.scope.holds(lease.url) and lease.role in (Role.OTHER, Role.LISTING):
            return None, ()
        reading = read(document, self.plan.blog)
        if reading is None:
            return None, ()
        urls = of_page(reading.page)
        return reading, tuple(Follow(url=url, role=Role.REQUISITE) for url in urls)


def _document(exchange: Exchange) -> Document:
    answer = http.read(exchange.response)
    return Document(
        capture=Capture(
            capture_id=exchange.capture_id,
            url=exchange.url,
            captured_at=exchange.started_at,
            status=answer.status,
            headers=answer.headers,
        ),
        body=answer.body,
    )


def _of_style_sheet(document: Document) -> tuple[Follow, ...]:
    mime = (document.capture.header("content-type") or "").lower()
    if "css" not in mime and not document.capture.url.partition("?")[0].endswith(".css"):
        return ()
    text = document.body.decode("utf-8", "replace")
    return tuple(Follow(url=url, role=Role.REQUISITE) for url in of_css(text, document.capture.url))


def _unfinished(layout: Layout, plan: CrawlPlan) -> CrawlFolder | None:
    """The blog's latest crawl that was cut off."""
    names = layout.working_ids(plan.blog.blog_id)
    resumable = [name for name in names if layout.ledger(name).is_file()]
    return layout.working(resumable[-1]) if resumable else None


def _new_folder(layout: Layout, plan: CrawlPlan) -> CrawlFolder:
    crawl_id = new_crawl_id(plan.blog.blog_id, datetime.now(UTC), uuid4().hex[:4])
    folder = layout.working(crawl_id)
    with storing(folder.warc):
        folder.warc.mkdir(parents=True, exist_ok=True)
    return folder


def _mend(folder: CrawlFolder) -> None:
    """Seal WARC files that a dead writer left open, before a new one is begun."""
    for path in unfinished(folder.warc):
        report = mend(path)
        log.info("warc.mended file=%s cut_bytes=%d", path.name, report.cut_bytes)


def _naming(plan: CrawlPlan, folder: CrawlFolder) -> Naming:
    return Naming(
        prefix=plan.blog.blog_id,
        facts={
            "software": f"archiver/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "isPartOf": folder.crawl_id,
            "http-header-user-agent": plan.politeness.user_agent,
            "robots": "obey" if plan.politeness.obey_robots else "ignore",
        },
    )


def config_json(plan: CrawlPlan) -> str:
    """The plan as JSON, for the archive and the tables."""
    return json.dumps(asdict(plan), default=str, sort_keys=True)
