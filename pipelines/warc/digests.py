"""Digests as WARC records and CDXJ lines spell them."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Iterable
from mmap import mmap


def sha1(pieces: Iterable[bytes | mmap | memoryview]) -> str:
    """ "sha1:" and upper-case Base32, over the pieces in order.

    Source: WARC 1.1, 5.8; sha1 because indexes and replay tools look captures up by it.
    """
    digest = hashlib.sha1(usedforsecurity=False)
    for piece in pieces:
        digest.update(piece)
    return f"sha1:{b32encode(digest.digest()).decode('ascii')}"
