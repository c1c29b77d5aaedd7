"""An HTTP answer kept in a record, read as leniently as by a browser: head, payload, body."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.warc.codings import unpack
from pipelines.warc.messages import ChunkingError, Dechunker, Head, Message, head, head_end

BODY_LIMIT = 64 * 1024 * 1024

_PIECE = 1024 * 1024
_FIRST_CHUNK = re.compile(rb"[ \t]*[0-9a-fA-F]{1,15}[ \t]*(?:;[^\n]*)?(?:\r?\n|\Z)")
_FIELD_LINE = re.compile(rb"[!#-'*+\-.0-9A-Z^-z|~]+[ \t]*:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a message: a stable code and the words."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a response block holds; `body` has neither transfer nor content coding.

    `status` is None and `headers` are empty where the block has no head. `body_at` is where the
    stored body begins. `is_unframed` says that the chunks that the head announces are not there,
    and `is_chunked` that they are.
    """

    status: int | None
    headers: tuple[tuple[str, str], ...]
    body_at: int
    body: bytes
    is_chunked: bool = False
    is_unframed: bool = False
    problems: tuple[Problem, ...] = ()


def read(block: Message, limit: int = BODY_LIMIT) -> Answer:
    """The final response in a block; interim 1xx ones before it are passed over. Never raises.

    Of the body at most `limit` bytes are read.
    """
    said, body_at = _final_head(block)
    payload = block[body_at : body_at + limit + _PIECE]
    is_unframed = False
    problems: list[Problem] = []
    if said.is_chunked:
        payload, is_unframed, problem = _dechunked(payload)
        problems += [problem] if problem else []
    unpacked = unpack(payload, _codings(said), limit)
    if unpacked.problem:
        problems.append(Problem(code=unpacked.code, message=unpacked.problem))
    is_coded = unpacked.body is not payload
    if not said.is_chunked and (missing := _missing(said, payload, is_coded)):
        problems.append(missing)
    return Answer(
        status=said.status,
        headers=said.fields,
        body_at=body_at,
        body=unpacked.body,
        is_chunked=said.is_chunked and not is_unframed,
        is_unframed=is_unframed,
        problems=tuple(problems),
    )


def _final_head(block: Message) -> tuple[Head, int]:
    """Head and body offset of the final response; no head and 0 where the block is a bare body."""
    end = head_end(block)
    said = head(block[:end])
    while said.status in range(102, 200) or said.status == 100:
        rest = block[end:]
        if not rest.startswith(b"HTTP/"):
            break
        after = head_end(rest)
        said, end = head(rest[:after]), end + after
    if said.status is not None:
        return said, end
    if end < len(block) and _FIELD_LINE.match(block[:256].lstrip()):
        # Fields without a status line: seen in ARC files of the 1990s.
        return Head(status=None, fields=head(b"-\n" + block[:end].lstrip()).fields), end
    return Head(status=None, fields=()), 0


def _dechunked(raw: bytes) -> tuple[bytes, bool, Problem | None]:
    """Payload, whether there were no chunks at all, and what is wrong with the chunks."""
    if not _FIRST_CHUNK.match(raw):
        # pywb, browsertrix and warcio's capture store bodies without the framing.
        return raw, bool(raw), None
    dechunker = Dechunker()
    pieces: list[bytes] = []
    try:
        for at in range(0, len(raw), _PIECE):
            for piece in dechunker.feed(raw[at : at + _PIECE]):
                pieces.append(piece)
            if dechunker.is_done:
                return b"".join(pieces), False, None
    except ChunkingError as error:
        return b"".join(pieces), False, Problem(code="http.chunks_broken", message=str(error))
    problem = Problem(code="http.body_cut", message="the last chunk is missing")
    return b"".join(pieces), False, problem


def _codings(said: Head) -> list[str]:
    """Content codings, then transfer codings other than chunked, in the order applied."""
    names = ",".join((*said.values("content-encoding"), *said.values("transfer-encoding")))
    return [name for name in names.split(",") if name.strip().lower() != "chunked"]


def _missing(said: Head, payload: bytes, is_coded: bool) -> Problem | None:
    """A body shorter than Content-Length.

    None at all answers HEAD; one stored without the coding that its head names has a length of
    its own.
    """
    declared = next(iter(said.values("content-length")), "")[:15]
    if not (declared.isascii() and declared.isdigit()) or not payload or said.status == 304:
        return None
    if len(payload) >= int(declared) or (not is_coded and any(said.values("content-encoding"))):
        return None
    message = f"Content-Length says {declared} bytes, {len(payload)} are there"
    return Problem(code="http.body_cut", message=message)
