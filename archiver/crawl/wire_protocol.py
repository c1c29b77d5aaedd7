# Twisted's client is not annotated.
# mypy: disable-error-code="no-untyped-call"
"""Twisted's HTTP/1.1 client with a tap on it: every byte of both directions is recorded.

Stands on private names of Scrapy 2.19 and Twisted 26 (`_newclient`, `_pool`), hence the pins in
pyproject.toml and the live test that compares every record with a server's own byte log.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import (
    IAddress,
    IHandshakeListener,
    INegotiated,
    IStreamClientEndpoint,
)
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import HTTP11ClientProtocol, Request
from twisted.web.client import HTTPConnectionPool, _RetryingHTTP11ClientProtocol
from twisted.web.http import _IdentityTransferDecoder
from twisted.web.iweb import IResponse
from zope.interface import implementer

from archiver.crawl.wire import Attempts, Tap
from archiver.crawl.wire_parser import BrowserishParser
from archiver.model import Truncated
from pipelines.warc.messages import HEAD_LIMIT


class HeadTooLarge(Exception):
    """An answer's head did not end within 256 KiB."""


class _TappedTransport:
    """The connection's transport as a request sees it while it is written."""

    def __init__(self, transport: Any, tap: Tap) -> None:
        self._transport, self._tap = transport, tap

    def write(self, data: bytes) -> None:
        self._tap.sent(data)
        self._transport.write(data)

    def writeSequence(self, pieces: Iterable[bytes]) -> None:
        self.write(b"".join(pieces))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _NotedTransport:
    """The connection's transport; notes when it is we who end the connection."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self.was_left = False
        self.write, self.writeSequence = transport.write, transport.writeSequence
        self.pauseProducing = transport.pauseProducing
        self.resumeProducing = transport.resumeProducing

    def loseConnection(self) -> None:
        self.was_left = True
        self._transport.loseConnection()

    def stopProducing(self) -> None:
        self.was_left = True
        self._transport.stopProducing()

    def abortConnection(self) -> None:
        self.was_left = True
        self._transport.abortConnection()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


@implementer(IHandshakeListener)
class TappedProtocol(_LenientHTTP11ClientProtocol):
    """One connection; `attempts` belongs to the request that has it at the moment."""

    attempts: Attempts
    transport: Any
    _tap: Tap | None = None
    _is_tls = False
    _is_secured = False  # TLS stands

    def connectionMade(self) -> None:
        super().connectionMade()
        self._is_tls = INegotiated.providedBy(self.transport)
        self.transport = _NotedTransport(self.transport)

    def request(self, request: Request) -> Deferred[IResponse]:
        """Send a request and record it."""
        tap = self._tap = self.attempts.begin(self.transport.getPeer().host)
        # A tunnel through a proxy becomes TLS after it was connected.
        is_tls = self._is_tls or self.transport.TLS
        tap.was_sent = self._is_secured or not is_tls
        # Through the class: Twisted's own retry sends the same object over another connection.
        request.writeTo = lambda to: Request.writeTo(  # type: ignore[method-assign]
            request, _TappedTransport(to, tap)
        )
        answer = super().request(request)
        # As Scrapy does it: the parser's class is hard-coded, the new one adds no state of its own.
        parser: Any = self._parser
        parser.__class__, parser.tap = BrowserishParser, tap
        return answer

    def handshakeCompleted(self) -> None:
        """TLS stands: what was held back goes out now."""
        self._is_secured = True
        if self._tap is not None:
            self._tap.was_sent = True

    def dataReceived(self, data: bytes) -> None:
        """Record first, then parse."""
        tap, parser = self._tap, self._parser
        if tap is not None and parser is not None:
            tap.came(data)
        super().dataReceived(data)
        if tap is not None and parser is self._parser is not None:
            self._bound_head(tap)

    def _bound_head(self, tap: Tap) -> None:
        parser = self._parser
        if isinstance(parser, BrowserishParser) and parser.is_in_head and tap.received > HEAD_LIMIT:
            tap.cut(Truncated.LENGTH)
            self._giveUp(Failure(HeadTooLarge(f"no end within {HEAD_LIMIT} bytes")))

    def _finishResponse(self, rest: bytes) -> None:
        parser, request = self._parser, self._currentRequest
        if self._tap is not None:
            self._tap.message_ended(surplus=len(rest))
            self._tap = None
        if isinstance(parser, BrowserishParser) and request is not None:
            # Bytes after the message would be read as the next answer.
            request.persistent &= not rest and not parser.is_last_on_connection
        super()._finishResponse(rest)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Decide what the end of the connection means for an answer under way."""
        tap, self._tap = self._tap, None
        decoder = self._parser.bodyDecoder if self._parser is not None else None
        is_until_close = (
            isinstance(decoder, _IdentityTransferDecoder) and decoder.contentLength is None
        )
        super().connectionLost(reason)
        # Where we left ourselves, the handler knows why.
        if tap is not None and not self.transport.was_left:
            if is_until_close and reason.check(ConnectionDone):
                tap.message_ended()
            else:
                tap.cut(Truncated.DISCONNECT)


class _TappedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:
        return TappedProtocol(self._quiescentCallback)


class TappedPool(HTTPConnectionPool):
    """Kept connections, every one of them tapped."""

    _factory = _TappedFactory


class PoolForOneRequest:
    """The pool as one request's agent sees it: connections come bound to its attempts."""

    def __init__(self, pool: TappedPool, attempts: Attempts) -> None:
        self._pool, self._attempts = pool, attempts
        self.persistent = pool.persistent

    def getConnection(
        self, key: Hashable, endpoint: IStreamClientEndpoint
    ) -> Deferred[HTTP11ClientProtocol]:
        """A kept or new connection."""
        return self._pool.getConnection(key, endpoint).addCallback(self._bound)

    def _bound(self, connection: Any) -> Any:
        if isinstance(connection, _RetryingHTTP11ClientProtocol):
            connection._clientProtocol.attempts = self._attempts
            connection._newConnection = self._binding(connection._newConnection)
        else:
            connection.attempts = self._attempts
        return connection

    def _binding(self, connect: Callable[[], Deferred[Any]]) -> Callable[[], Deferred[Any]]:
        return lambda: connect().addCallback(self._bound)
