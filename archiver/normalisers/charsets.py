"""A guess at the legacy charset of undeclared text, from which letters its high bytes would be.

charset_normalizer takes short cp1252 pages for cp775 and needs milliseconds; a page whose
letters under one charset are just those of one language is decided here, and only the rest is
left to it.
"""

from __future__ import annotations

import re
from codecs import lookup
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

ASCII = bytes(range(128))

_RUN = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 65_536
_PUNCTUATION = frozenset("‘’“”–—…«»©®°·•€™№£§½¼±×\xa0")

# One line per language: its frequent non-ASCII letters, the others, the charsets it was written
# in. The order settles ties, so the charset of most pages comes first.
_LANGUAGES = (
    ("en", "", "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿœšžºª¡¿", "cp1252 mac-roman"),  # names
    ("fr", "éèàêçôûîâùëïœ", "", "cp1252 mac-roman"),
    ("de", "äöüß", "", "cp1252 mac-roman"),
    ("es", "áéíóúñü¿¡", "ºª", "cp1252 mac-roman"),
    ("pt", "áâãàçéêíóôõú", "üºª", "cp1252 mac-roman"),
    ("it", "àèéìòù", "", "cp1252 mac-roman"),
    ("nl", "éëïèóö", "ü", "cp1252"),
    ("sv", "åäö", "é", "cp1252"),
    ("fi", "äö", "å", "cp1252"),
    ("da", "æøå", "é", "cp1252"),
    ("no", "æøå", "é", "cp1252"),
    ("is", "áðéíóúýþæö", "", "cp1252"),
    ("ca", "àçèéíïòóúü", "", "cp1252"),
    ("pl", "ąćęłńóśźż", "", "cp1250 iso8859-2"),
    ("cs", "áčďéěíňóřšťúůýž", "", "cp1250 iso8859-2"),
    ("sk", "áäčďéíĺľňóôŕšťúýž", "", "cp1250 iso8859-2"),
    ("hu", "áéíóöőúüű", "", "cp1250 iso8859-2"),
    ("ro", "ăâîşţ", "", "cp1250 iso8859-2"),
    ("hr", "čšžćđ", "", "cp1250 iso8859-2"),
    ("sl", "čšž", "", "cp1250 iso8859-2"),
    ("tr", "çğıöşü", "âî", "cp1254"),
    ("lt", "ąčęėįšųūž", "", "cp1257"),
    ("lv", "āčēģīķļņšūž", "", "cp1257"),
    ("et", "äõöü", "šž", "cp1257"),
    ("ru", "оеаинтсрвл", "кмдпуяыьгзбчйхжшюцщэфъё", "cp1251 koi8-r iso8859-5 cp866"),
    ("uk", "оанівитерс", "лкудмпяьзгбчхйюжцшщфїєґ", "cp1251 koi8-u"),
    ("bg", "аоиетнрсвл", "дкпмузяъбгчжшщцхфйюь", "cp1251"),
    ("sr", "аоиенрстјв", "кдумлпзбгшчцжљњћхђџф", "cp1251"),
    ("el", "αοιετσνηυρ", "κπμλςδγωχθφβξζψάέήίόύώϊ", "cp1253 iso8859-7"),
    ("he", "יוהלאתמרש", "בםנעדקחפכןטצסגזךףץ", "cp1255"),
    ("ar", "اليمونرتبة", "عدسفكحهقجأشىصخطءئإذضغثزظؤآلا،؟", "cp1256"),
    ("fa", "ایرندهمتوسب", "گکشزفلقعخجحچپآغصطضئذژثظ،؟", "cp1256"),
    ("th", "านรอกเงคมย", "ลวดทสตะปบหแจพชขใไโผซณถศธภฟญฐษฉิีึืุู่้๊๋์ัำ็ๆ", "cp874"),
)
_LATIN = frozenset(("cp1250", "cp1252", "cp1254", "cp1257", "iso8859-2", "mac-roman"))
# What a charset that looks much like a commoner one must do better by.
_RARITY = {"cp1250": 0.15, "cp1254": 0.15, "cp1257": 0.15, "iso8859-2": 0.15} | {
    "mac-roman": 0.25,
    "cp866": 0.25,
}
_SIMPLIFIED = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发"
)
_TRADITIONAL = frozenset(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A Python codec and how well the text fits it, 0 to 1; under 0.5 nothing fits."""

    codec: str
    score: float


def guess(body: bytes, language: str | None = None) -> Guess:
    """The charset whose letters the high bytes of `body` are most likely to be.

    `language` ("ru", from lang="ru-RU") favours the charsets that language was written in.
    """
    runs = _RUN.findall(body)[:_SAMPLE]
    if not runs:
        return Guess(codec="cp1252", score=0.0)
    mean_run = sum(map(len, runs)) / len(runs)
    # Letters between letters: é stands alone in a French word, а Russian word is one long run.
    if mean_run >= 1.8 and (east := _east_asian(body)):
        return east
    single = _single_byte(Counter(b"".join(runs)), mean_run, language)
    return single if single.score >= 0.5 else _last_resort(body, single)


def _single_byte(high: Counter[int], mean_run: float, language: str | None) -> Guess:
    total = high.total()
    best = Guess(codec="cp1252", score=-1.0)
    for index, (name, _, _, codecs) in enumerate(_LANGUAGES):
        for codec in codecs.split():
            weights = _weights(index, codec)
            score = sum(count * weights[byte - 128] for byte, count in high.items()) / total
            is_latin = codec in _LATIN
            score -= 0.5 * (mean_run >= 2.5 if is_latin else mean_run < 1.6)
            score -= _RARITY.get(codec, 0.0)
            score += 0.2 * (name == language)
            if score > best.score:
                best = Guess(codec=codec, score=score)
    return best


@cache
def _weights(index: int, codec: str) -> tuple[float, ...]:
    """What each high byte says for a language in a charset: 1 for its own letters, -1 against."""
    _, common, others, _ = _LANGUAGES[index]

    def weigh(byte: int) -> float:
        char = bytes((byte,)).decode(codec, "replace")
        lower = char.lower()
        if char in common or char in _PUNCTUATION:
            return 1.0
        if char in others:
            return 0.6
        # Text is mostly lower case: KOI8-R read as cp1251 comes out in capitals.
        if lower in common or lower in others:
            return 0.4
        return -0.5 if char.isalpha() else -1.0

    return tuple(weigh(byte) for byte in range(128, 256))


def _east_asian(body: bytes) -> Guess | None:
    """The East Asian charset that the text fits, judged by kana, hangul and common characters."""
    found = [*_japanese(body), *_korean(body), *_chinese(body)]
    return max(found, key=lambda each: each.score, default=None)


def _decoded(body: bytes, codec: str) -> str | None:
    """Non-ASCII text under a codec; None when more than one character in 200 cannot be read."""
    text = body.decode(codec, "replace").translate(_DROP_ASCII)
    return text if text and text.count("\ufffd") * 200 <= len(text) else None


_DROP_ASCII = dict.fromkeys(range(128))


def _share(text: str, first: str, last: str) -> float:
    return sum(first <= char <= last for char in text) / len(text)


def _japanese(body: bytes) -> Iterator[Guess]:
    for codec in ("euc_jp", "cp932"):
        if text := _decoded(body, codec):
            kana = _share(text, "ぁ", "ヺ")
            if kana >= 0.15 and _share(text, "｡", "ﾟ") < 0.1:
                yield Guess(codec=codec, score=0.7 + 0.3 * kana)


def _korean(body: bytes) -> Iterator[Guess]:
    if text := _decoded(body, "cp949"):
        hangul = _share(text, "가", "힣")
        # Chinese read as Korean is half hanja; Korean is nearly all hangul.
        if hangul >= 0.85:
            yield Guess(codec="cp949", score=0.7 + 0.2 * hangul)


def _chinese(body: bytes) -> Iterator[Guess]:
    for codec, common in (("gb18030", _SIMPLIFIED), ("big5hkscs", _TRADITIONAL)):
        if text := _decoded(body, codec):
            share = sum(char in common for char in text) / len(text)
            if share >= 0.06 and _share(text, "一", "龥") >= 0.5:
                yield Guess(codec=codec, score=min(1.0, 0.6 + share))


def _last_resort(body: bytes, fallback: Guess) -> Guess:
    """charset_normalizer's word for text that fits no language here."""
    from charset_normalizer import from_bytes

    match = from_bytes(body[:_SAMPLE]).best()
    if match is None or match.encoding in ("ascii", "utf_8"):
        return Guess(codec="cp1252", score=max(fallback.score, 0.0))
    return Guess(codec=lookup(match.encoding).name, score=max(fallback.score, 0.0))
