"""WARC records spelled as bytes, with ids and dates pinned: what tests read and damage."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b32encode
from collections.abc import Iterable

DATE = "2009-04-05T06:07:08Z"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
PAGE = b"<html><head><title>Tidelines</title></head><body><p>Low water at noon.</p></body></html>"


def uuid(number: int) -> str:
    """A record id that tells its number."""
    return f"00000000-0000-4000-8000-{number:012d}"


def sha1(data: bytes) -> str:
    """A digest as WARC headers spell it."""
    return "sha1:" + b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def record(
    kind: str,
    number: int,
    block: bytes = b"",
    *,
    url: str | None = None,
    version: str = "WARC/1.1",
    drop: Iterable[str] = (),
    end: bytes = b"\r\n\r\n",
    **fields: str | None,
) -> bytes:
    """One record. `fields` are named with underscores and replace or add; None drops one."""
    values: dict[str, str | None] = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{uuid(number)}>",
        "WARC-Date": DATE,
        "WARC-Target-URI": url,
        "Content-Type": "application/http;msgtype=response" if kind == "response" else None,
        "WARC-Block-Digest": sha1(block),
        "Content-Length": str(len(block)),
    }
    for name, value in fields.items():
        values[name.replace("_", "-")] = value
    lines = [f"{name}: {value}" for name, value in values.items() if value is not None]
    return "\r\n".join([version, *lines]).encode() + b"\r\n\r\n" + block + end


def response(
    number: int,
    body: bytes = PAGE,
    *,
    head: bytes = HEAD,
    payload: bytes | None = None,
    url: str | None = None,
    **fields: str | None,
) -> bytes:
    """A response record; its payload digest is that of `payload`, the body unless given."""
    stated = {"WARC_Payload_Digest": sha1(body if payload is None else payload), **fields}
    address = url or f"http://tidelines.example/{number}"
    return record("response", number, head + b"\r\n" + body, url=address, **stated)


def revisit(
    number: int, head: bytes = b"", *, url: str | None = None, **fields: str | None
) -> bytes:
    """A revisit record of the identical-payload profile, without references unless given."""
    stated = {
        "WARC_Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "Content_Type": "application/http;msgtype=response" if head else None,
        **fields,
    }
    address = url or f"http://tidelines.example/{number}"
    return record("revisit", number, head + b"\r\n" if head else b"", url=address, **stated)


def chunked(body: bytes, size: int = 16) -> bytes:
    """The body in chunks."""
    chunks = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in chunks) + b"0\r\n\r\n"


def packed(*records: bytes) -> bytes:
    """One gzip member for each record."""
    return b"".join(gzip.compress(each, mtime=0) for each in records)
