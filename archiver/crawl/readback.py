"""Captures that a dead run left unacknowledged: read back from its archive, not fetched again."""

from __future__ import annotations

from archiver.crawl.admission import ledger_key
from archiver.crawl.retry import Answer
from archiver.crawl.session import Session
from archiver.crawl.visit import Visit
from archiver.model import Document, Issue
from pipelines.warc import reader


def read_back(session: Session) -> int:
    """Take in captures that are on disk but were never acknowledged; returns how many.

    Their bytes were durable when the run died, their rows were not: what the crawl would have
    made of the answer is made of the record.
    """
    issues: list[Issue] = []
    taken = 0
    files = sorted(session.folder.warc.glob("*.warc.gz"))
    for document in reader.documents(files, on_issue=issues.append) if files else ():
        if session.staging.capture(document.capture.capture_id) is None:
            _take(session, document)
            taken += 1
    session.state.commit()
    return taken


def _take(session: Session, document: Document) -> None:
    capture = document.capture
    gate = session.gate
    lease = gate.frontier.waiting(ledger_key(capture.url))
    if lease is None:
        session.keep_capture(capture)
        return
    gate.frontier.lease(lease)
    answer = Answer(
        status=capture.status,
        location=capture.header("location"),
        retry_after=capture.header("retry-after"),
        size_bytes=len(document.body),
        is_torn=capture.truncated is not None,
        body=document.body,
    )
    outcome = gate.answer(lease, answer)
    reading, requisites = session.read(document, lease, outcome)
    session.keep(
        Visit(
            lease=lease,
            outcome=outcome,
            reading=reading,
            requisites=requisites,
            capture=capture,
        )
    )
