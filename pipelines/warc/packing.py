"""Records as they stand in a file: each a gzip member of its own, to be read by offset alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Protocol

from pipelines.warc.messages import Message


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


try:
    from isal import igzip_lib, isal_zlib
except ImportError:  # it is not built for every platform

    def _at_once(data: bytes) -> bytes:
        return zlib.compress(data, level=6, wbits=31)

    def _compressor() -> _Compressor:
        return zlib.compressobj(level=6, wbits=31)
else:
    # Level 2 costs a tenth of zlib's level 6 and makes files 6 % larger (measured on blog pages).
    def _at_once(data: bytes) -> bytes:
        return igzip_lib.compress(data, 2, igzip_lib.COMP_GZIP)

    def _compressor() -> _Compressor:
        compressor: _Compressor = isal_zlib.compressobj(level=2, wbits=31)
        return compressor


_PIECE_BYTES = 1024 * 1024


def packed(parts: Sequence[Message]) -> Iterator[bytes]:
    """The pieces of one gzip member with the parts in order; never a large part at once."""
    # In one call where it can be: each lets other threads run and then waits for them.
    if sum(map(len, parts)) <= _PIECE_BYTES:
        yield _at_once(b"".join(part[:] for part in parts))
        return
    compressor = _compressor()
    for part in parts:
        for at in range(0, len(part), _PIECE_BYTES):
            yield compressor.compress(part[at : at + _PIECE_BYTES])
    yield compressor.flush()
