"""Which bytes a declared payload digest covers: writers of WARC files do not agree."""

from __future__ import annotations

from enum import StrEnum

from pipelines.warc import declared, http
from pipelines.warc.messages import Message, entity


class Convention(StrEnum):
    """What a payload digest was computed over.  Source: iipc/warc-specifications issue 22"""

    ENTITY = "the entity body (the standard)"
    CHUNKED = "the chunked bytes (as wget, wpull and warcio do)"
    DECODED = "the body without its content coding"


def convention(block: Message, answer: http.Answer, stated: declared.Digest) -> Convention | None:
    """The convention under which a digest is right; None when it is wrong under each."""
    algorithm, body_at = stated[0], answer.body_at

    def is_of(is_chunked: bool) -> bool:
        pieces = entity(block, body_at, is_chunked)
        return declared.digest_of(algorithm, pieces) == stated

    if is_of(answer.is_chunked):
        return Convention.ENTITY
    if answer.is_chunked and is_of(False):
        return Convention.CHUNKED
    if declared.digest_of(algorithm, (answer.body,)) == stated:
        return Convention.DECODED
    return None
