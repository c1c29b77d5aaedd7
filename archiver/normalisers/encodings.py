"""Bytes to characters: what the page declares where that can be true, what the bytes say else.

Stored bytes are never repaired; what was read into them is told by `source` and `is_mended`.
"""

from __future__ import annotations

import re
from codecs import charmap_decode
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

from archiver.normalisers.charsets import ASCII, guess


class EncodingSource(StrEnum):
    """What the choice of the encoding rests on."""

    BOM = "bom"
    HTTP = "http"
    META = "meta"
    UTF_8 = "utf-8"  # the bytes are valid UTF-8, whatever was or was not declared
    SNIFFED = "sniffed"
    MIXED = "mixed"  # UTF-8 and a single-byte charset in one document


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A document as characters, without NUL.

    `encoding` is a Python codec; of a mixed document the single-byte one. `is_mended` says that
    bytes were read against it or became U+FFFD. `mojibake` is the share (0 to 1) of non-ASCII
    characters that look as if they had been decoded wrongly before they were stored.
    """

    text: str
    encoding: str
    source: EncodingSource
    is_mended: bool = False
    mojibake: float = 0.0


# Labels of the Encoding Standard, and common slips, that Python has no codec name for.
_LABELS = {
    "ansi": "cp1252",
    "dos-874": "cp874",
    "gbk2312": "gb18030",
    "iso-8859-8-i": "cp1255",
    "iso-8859-8": "cp1255",
    "iso-latin-1": "cp1252",
    "koi": "koi8-r",
    "koi8": "koi8-r",
    "koi8-ru": "koi8-u",
    "unicode": "utf-8",
    "utf-8mb4": "utf-8",
    "utf8mb4": "utf-8",
    "visual": "cp1255",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-roman": "mac-roman",
    "x-user-defined": "cp1252",
    "x-x-big5": "big5hkscs",
}
_SINGLE_BYTE = frozenset(
    {"koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp437", "cp850", "cp866", "cp874"}
    | {f"cp125{number}" for number in range(9)}
    | {f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 10, 13, 14, 15, 16)}
)
_MULTI_BYTE = frozenset(
    {"utf-8", "utf-16-le", "utf-16-be", "gb18030", "hz", "big5hkscs", "cp949"}
    | {"cp932", "euc_jp", "euc_jis_2004", "euc_jisx0213", "shift_jis_2004", "iso2022_jp"}
)
# Of all that Python calls a codec only these: "rot13" or "unicode_escape" name no page's text.
_CODECS = _SINGLE_BYTE | _MULTI_BYTE
_LATIN = frozenset(("cp1250", "cp1252", "cp1254", "iso8859-2", "iso8859-15"))
_ESCAPED = ("iso2022_jp", "hz")  # seven-bit charsets: their text is valid ASCII, and so UTF-8

_CODE_PAGE = re.compile(r"(?:windows|win|cp)[-_ ]?(\d{3,4})")
_HEAD_LIMIT = 65_536
_HEAD_END = re.compile(rb"</head|<body", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META = re.compile(rb"<meta\b[^<>]*>", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.+\-]+)", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml\b[^>]*?encoding\s*=\s*[\"']\s*([A-Za-z0-9_:.\-]+)")
_LANGUAGE = re.compile(
    rb"<(?:html|rss|feed|body)\b[^<>]*?\blang\s*=\s*[\"']?([A-Za-z]{2})\b"
    rb"|content-language[\"']?\s+content\s*=\s*[\"']?([A-Za-z]{2})\b|<language>\s*([A-Za-z]{2})\b",
    re.IGNORECASE,
)
# Well-formed UTF-8 beyond ASCII.  Source: Unicode 15, table 3-7
_LONG_SEQUENCE = (
    rb"\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|" + _LONG_SEQUENCE)
# What Latin text does not hold by chance: UTF-8 for Latin-1 letters and signs ("Ã©", "Â»"), for
# general punctuation and signs ("â€™"), kana and emoji. Others are: "CAFÉ»", "ÉTÉ…", and before a
# French closing quote "été »" with its no-break space, which is a Chinese character in UTF-8.
_UNLIKELY_LATIN = re.compile(
    rb"[\xc2\xc3][\x80-\xbf]|\xe2[\x80-\x84][\x80-\xbf]|\xe3[\x80-\x83][\x80-\xbf]"
    rb"|\xef\xbb\xbf|\xef\xbf\xbd|\xf0\x9f[\x80-\xbf]{2}"
)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_NON_ASCII_RUN = re.compile("[^\x00-\x7f]+")
_MOJIBAKE = re.compile(
    "[ÃÂ][\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|â(?:€[^ ]?|„¢)|ï»¿|ï¿½|\ufffd"
    "|(?:[РС][\x80-\xbfЂ-ЏѐђѓєѕіїјљњћќўџҐґ‚-›†‡•…‰€№™]){2,}"
)


def decode(body: bytes, content_type: str | None) -> Decoded:
    """The text of a document and how its encoding was found. Never raises.

    BOM, then HTTP charset, then the document's own declaration (the whole head is searched);
    a declaration that the bytes contradict gives way to strict UTF-8, to the next declaration,
    to a mix of two encodings, or to a guess.  Source: WHATWG Encoding and HTML 13.2.3.2
    """
    text, encoding, source, is_mended = _decode(body, content_type)
    if "\0" in text:
        text = text.replace("\0", "")
    return Decoded(
        text=text,
        encoding=encoding,
        source=source,
        is_mended=is_mended,
        mojibake=_mojibake(text),
    )


_Reading = tuple[str, str, EncodingSource, bool]
_Declared = tuple[str, EncodingSource]


def _decode(body: bytes, content_type: str | None) -> _Reading:
    marked, bom = read_bom(body)
    if marked is not None and bom is not None:
        body = body[len(bom) :]
        if marked != "utf-8":
            text = body.decode(marked, "replace")
            return text, marked, EncodingSource.BOM, "\ufffd" in text
    elif wide := _wide(body):
        text = body.decode(wide, "replace")
        return text, wide, EncodingSource.SNIFFED, "\ufffd" in text
    head = _head(body)
    declared = _declared(head, content_type)
    if marked is not None:
        declared.insert(0, ("utf-8", EncodingSource.BOM))
    utf_8 = _utf_8(body)
    if utf_8 is not None:
        return _as_utf_8(body, utf_8, declared)
    return _as_legacy(body, declared, _language(head))


def _utf_8(body: bytes) -> str | None:
    """Strict UTF-8; a last character cut in two is forgiven (truncated captures)."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start and error.start >= len(body) - 3 and error.reason.startswith("unexpected"):
            return body[: error.start].decode("utf-8") + "\ufffd"
    return None


def _wide(body: bytes) -> str | None:
    """UTF-16 without a BOM: every other byte of markup is NUL."""
    start = body[:64]
    if b"\0" not in start or len(start) < 8:
        return None
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if 5 * max(even, odd) < 2 * len(start) or 10 * min(even, odd) > len(start):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _head(body: bytes) -> bytes:
    end = _HEAD_END.search(body, 0, _HEAD_LIMIT)
    # Browsers look at the first 1,024 bytes even if the head ends before.
    head = body[: max(end.start(), 1024) if end else _HEAD_LIMIT]
    return _COMMENT.sub(b"", head) if b"<!--" in head else head


def _declared(head: bytes, content_type: str | None) -> list[_Declared]:
    """Usable declarations, the strongest first."""
    found: list[_Declared] = []
    if content_type and (codec := _http(content_type)):
        found.append((codec, EncodingSource.HTTP))
    tags = _META.findall(head)
    labels = [label[1] for tag in tags if (label := _CHARSET.search(tag))][:1]
    if declaration := _XML.match(head):
        labels.append(declaration[1])
    for each in labels:
        if codec := _codec(each.decode("ascii"), is_in_markup=True):
            found.append((codec, EncodingSource.META))
    return found


def _http(content_type: str) -> str | None:
    if codec := http_content_type_encoding(content_type):
        return codec if codec in _CODECS else None
    label = _CHARSET.search(content_type.encode("ascii", "replace"))
    return _codec(label[1].decode("ascii")) if label else None


@cache
def _codec(label: str, is_in_markup: bool = False) -> str | None:
    """The codec that browsers use for a label; None for labels of no text encoding."""
    label = label.strip().lower()
    codec = _LABELS.get(label) or resolve_encoding(label)
    if codec is None and label.startswith("x-"):
        codec = resolve_encoding(label[2:])
    if codec is None and (number := _CODE_PAGE.fullmatch(label)):
        codec = resolve_encoding(f"cp{number[1]}")
    if codec in ("utf-8-sig", "utf-16", "utf-32") or (
        # Markup that could be read to this point is not UTF-16.  Source: WHATWG HTML 13.2.3.2
        is_in_markup and codec in ("utf-16-le", "utf-16-be")
    ):
        return "utf-8"
    return codec if codec in _CODECS else None


def _language(head: bytes) -> str | None:
    found = _LANGUAGE.search(head)
    return next(part for part in found.groups() if part).decode("ascii").lower() if found else None


def _as_utf_8(body: bytes, text: str, declared: list[_Declared]) -> _Reading:
    """The reading of a document whose bytes are valid UTF-8."""
    if body.isascii() and (escaped := _escaped(body, declared)):
        return escaped
    is_mended = text.endswith("\ufffd") and not body.endswith("\ufffd".encode())
    utf_8 = next((source for codec, source in declared if codec == "utf-8"), None)
    if utf_8 is not None:
        return text, "utf-8", utf_8, is_mended
    if not declared:
        return text, "utf-8", EncodingSource.UTF_8, is_mended
    codec, source = declared[0]
    if body.isascii():
        return text, codec, source, False
    if _is_meant_as(codec, body) and (other := _strict(body, codec)) is not None:
        return other, codec, source, False
    return text, "utf-8", EncodingSource.UTF_8, is_mended


def _escaped(body: bytes, declared: list[_Declared]) -> _Reading | None:
    """Seven-bit Japanese and Chinese, whose bytes are all ASCII."""
    for codec, source in declared:
        if codec in _ESCAPED:
            text = body.decode(codec, "replace")
            return text, codec, source, "\ufffd" in text
    if b"\x1b$B" in body or b"\x1b$@" in body:
        text = body.decode("iso2022_jp", "replace")
        return text, "iso2022_jp", EncodingSource.SNIFFED, "\ufffd" in text
    return None


def _is_meant_as(codec: str, body: bytes) -> bool:
    """Whether bytes that are valid UTF-8 can be so by chance in the declared charset."""
    if codec in _LATIN:
        return _UNLIKELY_LATIN.search(body) is None and len(_SEQUENCE.findall(body)) < 3
    needed = 2 if codec in _SINGLE_BYTE else 5
    return len(_SEQUENCE.findall(body)) < needed


def _as_legacy(body: bytes, declared: list[_Declared], language: str | None) -> _Reading:
    """The reading of a document that is not valid UTF-8 as a whole."""
    legacy = [each for each in declared if each[0] != "utf-8"]
    high = b" ".join(_HIGH_RUN.findall(body))
    has_islands = _UNLIKELY_LATIN.search(high) is not None
    sequences = len(_SEQUENCE.findall(high))
    strays = len(_SEQUENCE.sub(b"", high).translate(None, ASCII))
    if sequences > strays and (len(legacy) < len(declared) or sequences > 2 * strays):
        return _mixed(body, _SEQUENCE, legacy, language)
    for codec, source in legacy:
        if codec in _LATIN and has_islands:
            return _mixed(body, _UNLIKELY_LATIN, legacy, language)
        if (text := _strict(body, codec)) is not None:
            return text, codec, source, False
    for codec, source in legacy:
        text = body.decode(codec, "replace")
        if text.count("\ufffd") * 50 <= len(high):
            return text, codec, source, True
    guessed = guess(body, language).codec
    if guessed in _LATIN and has_islands:
        return _mixed(body, _UNLIKELY_LATIN, legacy, language)
    if (text := _strict(body, guessed)) is not None:
        return text, guessed, EncodingSource.SNIFFED, False
    return body.decode(guessed, "replace"), guessed, EncodingSource.SNIFFED, True


def _strict(body: bytes, codec: str) -> str | None:
    if codec in _LATIN:
        return charmap_decode(body, "strict", _table(codec))[0]
    try:
        return body.decode(codec)
    except UnicodeDecodeError:
        return None


@cache
def _table(codec: str) -> str:
    """All 256 characters of a single-byte charset; its unused bytes are control characters.

    Source: WHATWG Encoding, index windows-1252 (0x81 is U+0081, where Python's codec fails)
    """
    return "".join(
        chr(byte) if (char := bytes((byte,)).decode(codec, "replace")) == "\ufffd" else char
        for byte in range(256)
    )


def _mixed(
    body: bytes, islands: re.Pattern[bytes], legacy: list[_Declared], language: str | None
) -> _Reading:
    """UTF-8 where the bytes are UTF-8, a single-byte charset for all the others."""
    singles = [codec for codec, _ in legacy if codec in _SINGLE_BYTE]
    codec = singles[0] if singles else guess(islands.sub(b"", body), language).codec
    codec = codec if codec in _SINGLE_BYTE else "cp1252"
    table = [char.encode("utf-8") for char in _table(codec)]

    def mended(run: re.Match[bytes]) -> bytes:
        pieces, at = [], 0
        for island in islands.finditer(run[0]):
            pieces += [*(table[byte] for byte in run[0][at : island.start()]), island[0]]
            at = island.end()
        return b"".join([*pieces, *(table[byte] for byte in run[0][at:])])

    return _HIGH_RUN.sub(mended, body).decode("utf-8"), codec, EncodingSource.MIXED, True


def _mojibake(text: str) -> float:
    if text.isascii() or not any(lead in text for lead in "ÃÂâïРС\ufffd"):
        return 0.0
    runs = _NON_ASCII_RUN.findall(text)
    damaged = sum(len(found[0]) for found in _MOJIBAKE.finditer(" ".join(runs)))
    return damaged / sum(map(len, runs))
