# Twisted's client is not annotated.
# mypy: disable-error-code="no-untyped-call"
"""Reads answers as leniently as a browser, on top of Scrapy's and Twisted's parser.

Each override takes something that was seen on real servers and that stock Scrapy fails on.
"""

from __future__ import annotations

from collections.abc import Callable

from scrapy.core.downloader.handlers.http11 import _LenientHTTPClientParser
from twisted.web._newclient import HEADER, STATUS
from twisted.web.http import _DataLoss
from twisted.web.http_headers import InvalidHeaderName

from archiver.crawl.wire import Tap
from pipelines.warc.messages import HEAD_LIMIT, Dechunker, status_line


class ChunkedBody:
    """Twisted's interface of a transfer decoder over the archive's own dechunker.

    The spider's body and the payload digest come from one reading of the framing.
    """

    def __init__(self, deliver: Callable[[bytes], None], finish: Callable[[bytes], None]) -> None:
        self._deliver, self._finish = deliver, finish
        self._dechunker = Dechunker()

    def dataReceived(self, data: bytes) -> None:
        """Deliver what `data` holds of the body."""
        for piece in self._dechunker.feed(data):
            self._deliver(piece)
        if self._dechunker.is_done:
            self._finish(self._dechunker.rest)

    def noMoreData(self) -> None:
        """Raise when the connection ended before the last chunk."""
        if not self._dechunker.is_done:
            raise _DataLoss("the connection ended between two chunks")


class BrowserishParser(_LenientHTTPClientParser):
    """Parser of one answer; tells the tap where interim answers end."""

    # One line may fill the whole head: the protocol bounds the head, not its lines.
    MAX_LENGTH = 2 * HEAD_LIMIT
    _transferDecoders = {b"chunked": ChunkedBody}  # type: ignore[dict-item]  # noqa: RUF012

    tap: Tap
    _has_bad_length = False

    @property
    def is_in_head(self) -> bool:
        """Whether the end of the head is still to come."""
        return self.state in (STATUS, HEADER)

    @property
    def is_last_on_connection(self) -> bool:
        """Whether the server will close, or cannot be trusted with another request."""
        said = b",".join(self.connHeaders.getRawHeaders(b"connection", ())).lower()
        if b"close" in said:
            return True
        return self.response.version < (b"HTTP", 1, 1) and b"keep-alive" not in said

    def lineReceived(self, line: bytes) -> None:
        # Most lines are neither the first of a message nor the first of its fields.
        if self._partialHeader is None and (unusual := self._first_line(line)) is not line:
            if unusual is None:
                return
            line = unusual
        super().lineReceived(line)

    def _first_line(self, line: bytes) -> bytes | None:
        """The line to read instead; None to pass over it."""
        if self.state == STATUS:
            # Blank lines before the status line (RFC 9112, 2.2).
            return line if line.removesuffix(b"\r") else None
        if line[:1] in (b" ", b"\t"):
            # A fold with nothing to fold onto.
            bare = line.lstrip(b" \t")
            return bare if bare.removesuffix(b"\r") else None
        return line

    def statusReceived(self, status: bytes) -> None:
        """Take any spacing, "HTTP/1.1 200OK", "HTTP 200" and "ICY 200 OK"."""
        said = status_line(status)
        if said is not None:
            status = b"HTTP/%d.%d %d %b" % (*said.version, said.status, said.reason)
        super().statusReceived(status)

    def headerReceived(self, name: bytes, value: bytes) -> None:
        """Take "Name : value", pass over names that are none, settle what frames the body."""
        name = name.strip()
        key = name.lower()
        if key == b"transfer-encoding":
            # "gzip, chunked" and "identity" are keys that Twisted's decoder table lacks.
            value = value.rpartition(b",")[2].strip().lower()
            if value != b"chunked":
                return
        elif key == b"content-length" and not self._is_length(value):
            # Contradicting or unreadable lengths: browsers read until the server closes.
            self.connHeaders.removeHeader(b"content-length")
            self._has_bad_length = True
            return
        try:
            super().headerReceived(name, value)
        except InvalidHeaderName:
            return

    def allHeadersReceived(self) -> None:
        if 100 <= self.response.code < 200:
            self.tap.interim_ended(len(self._buffer))
            self._has_bad_length = False
        super().allHeadersReceived()

    def _is_length(self, value: bytes) -> bool:
        known = self.connHeaders.getRawHeaders(b"content-length", ())
        values = {each.strip().lstrip(b"0") or b"0" for each in [*value.split(b","), *known]}
        is_readable = all(each.isdigit() and len(each) < 19 for each in values)
        return is_readable and len(values) == 1 and not self._has_bad_length
