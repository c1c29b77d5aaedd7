"""Credentials taken out of HTTP heads before they reach an archive that may be published."""

from __future__ import annotations

import re

from pipelines.warc.messages import Message, head_end

REDACTED_FIELDS = (
    "authorization",
    "cookie",
    "cookie2",
    "proxy-authorization",
    "set-cookie",
    "set-cookie2",
)
PLACEHOLDER = b"[redacted]"

# A field with its folded lines; the line end stays, so that the head keeps its shape.
_FIELD = re.compile(
    rb"^([ \t]*)(" + "|".join(REDACTED_FIELDS).encode() + rb")([ \t]*:)"
    rb"[^\n]*?(?:\r?\n[ \t][^\n]*?)*(?=\r?\n|\Z)",
    re.IGNORECASE | re.MULTILINE,
)


def redact_heads(block: bytes) -> tuple[bytes, frozenset[str]]:
    """Heads without bodies, their credential values replaced, and the names of those fields."""
    found: set[str] = set()

    def blank(match: re.Match[bytes]) -> bytes:
        found.add(match[2].decode("ascii").lower())
        return match[1] + match[2] + match[3] + b" " + PLACEHOLDER

    return _FIELD.sub(blank, block), frozenset(found)


def redact(message: Message) -> tuple[Message, frozenset[str]]:
    """The message with its head redacted; the body belongs to the page and stays.

    Without a finding the message itself comes back.
    """
    end = head_end(message)
    head, found = redact_heads(message[:end])
    return (head + message[end:], found) if found else (message, found)
