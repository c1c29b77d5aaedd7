"""HTTP/1.1 messages as bytes: requests read, answers framed in the various ways servers use."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, replace
from email.utils import formatdate
from hashlib import sha1

from tests.sample.site import Answer
from tests.sample.timeline import BASE

_REASONS = {
    200: "OK",
    301: "Moved Permanently",
    302: "Found",
    304: "Not Modified",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
}
_CHUNK = 4096
_EDITED = "Sat, 01 May 2010 08:30:00 GMT"  # when every file of the sample was last changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request head. Header names are lower-case; of repeated ones the last is kept."""

    method: str
    target: str
    version: str
    headers: dict[str, str]

    @property
    def host(self) -> str:
        """The host and port that the client asked for; "" when it did not say."""
        return self.headers.get("host", "")

    @property
    def takes_gzip(self) -> bool:
        """Whether an answer may be compressed."""
        return "gzip" in self.headers.get("accept-encoding", "")

    @property
    def closes(self) -> bool:
        """Whether the connection ends after the answer."""
        wish = self.headers.get("connection", "").lower()
        return wish == "close" or (self.version == "HTTP/1.0" and wish != "keep-alive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """An answer ready to send but for the parts that differ by request."""

    status: int
    head: bytes  # header lines, without status line, Date and Connection
    body: bytes  # with its codings applied
    etag: str | None = None


def read(head: bytes) -> Request | None:
    """The request of a head without its final empty line; None when it is malformed."""
    first, *lines = head.decode("latin-1").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1.") or "/" not in parts[1]:
        return None
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Request(method=parts[0], target=_origin(parts[1]), version=parts[2], headers=headers)


def frame(answer: Answer, path: str, request: Request) -> Framed:
    """The answer as bytes. Which pages are compressed or chunked is fixed by their path."""
    settled = _settle(answer, f"http://{request.host}")
    temper = zlib.crc32(path.encode())
    body, headers = settled.body, [f"Content-Type: {settled.media_type}"]
    etag = f'"{sha1(body, usedforsecurity=False).hexdigest()[:16]}"' if settled.validators else None
    textual = settled.media_type.startswith("text/")
    if textual:
        headers.append("Vary: Accept-Encoding")
    if textual and body and request.takes_gzip and temper % 3:
        body = gzip.compress(body, compresslevel=6, mtime=0)
        headers.append("Content-Encoding: gzip")
    if settled.location:
        headers.append(f"Location: {settled.location}")
    if etag:
        headers += (f"ETag: {etag}", f"Last-Modified: {_EDITED}")
    if textual and body and request.version == "HTTP/1.1" and temper % 4 == 0:
        body = _chunked(body)
        headers.append("Transfer-Encoding: chunked")
    else:
        headers.append(f"Content-Length: {len(body)}")
    head = "".join(f"{line}\r\n" for line in headers).encode("latin-1")
    return Framed(status=settled.status, head=head, body=body, etag=etag)


def respond(framed: Framed, request: Request, now: float) -> tuple[int, bytes]:
    """Status and the whole message; `now` is seconds since the epoch, for the Date header."""
    status, head, body = framed.status, framed.head, framed.body
    if framed.etag is not None and _unchanged(request, framed.etag):
        status, body = 304, b""
        head = f"ETag: {framed.etag}\r\n".encode()
    if request.method == "HEAD":
        body = b""
    connection = "close" if request.closes else "keep-alive"
    start = (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\n"
        f"Date: {formatdate(now, usegmt=True)}\r\n"
        "Server: Apache/2.2.14 (Unix)\r\nX-Powered-By: PHP/5.2.12\r\n"
        f"Connection: {connection}\r\n"
    )
    return status, start.encode() + head + b"\r\n" + body


def refuse(status: int, now: float) -> bytes:
    """A message for a request that is not served; the connection closes after it."""
    return (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\nDate: {formatdate(now, usegmt=True)}\r\n"
        "Content-Length: 0\r\nConnection: close\r\n\r\n"
    ).encode()


def _origin(target: str) -> str:
    """A target in origin form: proxies' clients send the whole address."""
    if target.startswith("/"):
        return target
    return "/" + target.partition("://")[2].partition("/")[2]


def _settle(answer: Answer, base_url: str) -> Answer:
    """The answer with the blog's real address in it; a sitemap is compressed after that."""
    body, location = answer.body, answer.location
    if answer.media_type.startswith(("text/", "application/x-gzip")):
        body = body.replace(BASE.encode(), base_url.encode("latin-1"))
    if answer.media_type == "application/x-gzip":
        body = gzip.compress(body, mtime=0)
    return replace(answer, body=body, location=location and location.replace(BASE, base_url))


def _unchanged(request: Request, etag: str) -> bool:
    known = request.headers.get("if-none-match")
    if known is not None:
        return etag in known or known == "*"
    return request.headers.get("if-modified-since") == _EDITED


def _chunked(body: bytes) -> bytes:
    pieces = (body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK))
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
