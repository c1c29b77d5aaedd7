"""Values that record headers declare, read in every spelling seen: digests, ids, dates, URIs."""

from __future__ import annotations

import hashlib
import re
from base64 import b32decode, b32encode, b64decode
from binascii import Error as EncodingError
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from mmap import mmap

# label → digest size; "sha-256" and "SHA1" are spelled so by some writers.
_ALGORITHMS = {"md5": 16, "sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64}
_WARC_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?)?)?"
    r"(Z|[+-]\d\d:?\d\d)?"
)
_ARC_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)?)?)?\d*")

Digest = tuple[str, bytes]


def digest(text: str | None) -> Digest | None:
    """Algorithm and value of "sha1:BASE32" (hex and Base64 too); None when it is no digest."""
    label, _, value = (text or "").strip().partition(":")
    algorithm = label.lower().replace("-", "")
    size = _ALGORITHMS.get(algorithm)
    value = value.strip()
    if size is None or not value.isascii():
        return None
    try:
        if len(value) == 2 * size:
            return algorithm, bytes.fromhex(value)
        if len(value.rstrip("=")) == -(-size * 8 // 5):
            padded = value.rstrip("=").upper()
            raw = b32decode(padded + "=" * (-len(padded) % 8))
        else:
            raw = b64decode(value, validate=True)
    except (EncodingError, ValueError):
        return None
    return (algorithm, raw) if len(raw) == size else None


def spelled(found: Digest) -> str:
    """A digest as this project writes it: sha1 in Base32, the others in hex."""
    algorithm, raw = found
    value = b32encode(raw).decode("ascii") if algorithm == "sha1" else raw.hex()
    return f"{algorithm}:{value}"


def digest_of(algorithm: str, pieces: Iterable[bytes | mmap | memoryview]) -> Digest:
    """The digest of the pieces in order, by an algorithm that `digest` returned."""
    state = hashlib.new(algorithm, usedforsecurity=False)
    for piece in pieces:
        state.update(piece)
    return algorithm, state.digest()


def bare_id(text: str | None) -> str | None:
    """A record id without brackets and "urn:uuid:"; None when there is none."""
    bare = (text or "").strip().removeprefix("<").removesuffix(">").strip()
    return re.sub(r"(?i)\Aurn:uuid:", "", bare) or None


def uri(text: str | None) -> str | None:
    """A URI without the brackets that WARC 1.0's grammar put around it (wget still does)."""
    bare = (text or "").strip()
    if bare.startswith("<") and bare.endswith(">"):
        bare = bare[1:-1].strip()
    return bare or None


def moment(text: str | None) -> datetime | None:
    """A WARC-Date, the 14 digits of ARC, or an HTTP date as an instant in UTC; None if none.

    Parts that are missing are taken as the earliest: "2016" is the start of that year.
    """
    text = (text or "").strip()
    if found := _WARC_DATE.fullmatch(text):
        *parts, fraction, zone = found.groups()
    elif found := _ARC_DATE.fullmatch(text):
        parts, fraction, zone = [*found.groups()], None, None
    else:
        return _http_date(text)
    year, month, day, hour, minute, second = (int(part) if part else None for part in parts)
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        at = datetime(
            year or 1,
            month or 1,
            day or 1,
            hour or 0,
            minute or 0,
            min(second or 0, 59),
            micros,
            UTC,
        )
        return at - _offset(zone)
    except (ValueError, OverflowError):
        return None


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone == "Z":
        return timedelta()
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
