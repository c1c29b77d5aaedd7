"""Scrapy's responses and failures in the words of the gate."""

from __future__ import annotations

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost, SSLError

from archiver.crawl.addresses import AddressRefused
from archiver.crawl.retry import Answer, Fault

# First match wins; what is not named here broke on the wire.
_FAULTS: tuple[tuple[type[BaseException], Fault], ...] = (
    (AddressRefused, Fault.ADDRESS),
    (CannotResolveHostError, Fault.LOOKUP),
    (DownloadConnectionRefusedError, Fault.CONNECT),
    (DownloadTimeoutError, Fault.TIMEOUT),
    (DownloadCancelledError, Fault.TOO_LARGE),
    (ResponseDataLossError, Fault.BROKEN),
    (DownloadFailedError, Fault.BROKEN),
    (ConnectionDone, Fault.BROKEN),
    (ConnectionLost, Fault.BROKEN),
    (SSLError, Fault.CONNECT),
    (ConnectError, Fault.CONNECT),
    (UnsupportedURLSchemeError, Fault.UNUSABLE),
    (NotSupported, Fault.UNUSABLE),
    (IgnoreRequest, Fault.UNUSABLE),
)


def answer_of(response: Response, request: Request, *, now: float) -> Answer:
    """What a response means to the gate; `now` stands in where the sending was not noted."""
    return Answer(
        status=response.status,
        location=_header(response, "Location"),
        retry_after=_header(response, "Retry-After"),
        sent_at=_sent_at(request, now),
        size_bytes=len(response.body),
        is_torn="dataloss" in response.flags,
        body=response.body,
    )


def answer_of_failure(failure: BaseException, request: Request, *, now: float) -> Answer:
    """What a failed download means to the gate."""
    fault = next((fault for kind, fault in _FAULTS if isinstance(failure, kind)), Fault.BROKEN)
    # A capture means that bytes went out, whatever came of them.
    was_sent = "capture_id" in request.meta
    return Answer(
        fault=fault,
        error=f"{type(failure).__name__}: {failure}"[:500],
        sent_at=_sent_at(request, now) if was_sent else None,
    )


def _sent_at(request: Request, now: float) -> float:
    sent_at = request.meta.get("sent_at")
    return float(sent_at) if sent_at is not None else now


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value is not None else None
