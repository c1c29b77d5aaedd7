"""Pages come out as the characters their authors wrote, whatever was declared."""

from __future__ import annotations

import time

import pytest

from archiver.normalisers.charsets import guess
from archiver.normalisers.encodings import Decoded, EncodingSource, decode

HTML = "text/html"

# A few invented sentences in each language, and the charsets its blogs were written in.
TEXTS = {
    "fr": "Le phare s’allume déjà, et la marée monte. À l’été dernier, où êtes-vous allés ? Ça va.",
    "de": "Die Möwen flogen über die Dünen. Draußen war es kühl, und später kamen die Stürme.",
    "es": "¿Quién vio la mañana en el muelle? El año pasado llovió más, según decían los niños.",
    "sv": "Båten låg kvar på ön. Vi åkte hem när vågorna började slå över bryggan på kvällen.",
    "da": "Færgen sejlede på søen, og ørnen fløj højt over åen, mens børnene løb på stranden.",
    "pl": "Łódź stała przy brzegu. Wieczorem przyszła mgła, więc żeglarze poszli spać wcześniej.",
    "cs": "Příliv přišel dříve, než jsme čekali. Loďka se houpala a děti běžely přes písek.",
    "hu": "A hullámok erősen csapódtak a kőhöz. Később hűvös szél fújt, és elült a vihar.",
    "tr": "Deniz feneri sabaha kadar yandı. Güneş doğduğunda balıkçılar çoktan ağları topluyordu.",
    "lt": "Žvejai grįžo į krantą. Vėjas nurimo, o vakare pradėjo lyti, ir visi sugužėjo į troboją.",
    "ru": "Маяк горел всю ночь, и рыбаки вернулись на берег только к утру. Потом пошёл дождь.",
    "uk": "Маяк світив усю ніч, і рибалки повернулися на берег лише вранці. Її човен іще пливе.",
    "bg": "Фарът светеше цяла нощ и рибарите се върнаха на брега чак сутринта. После заваля дъжд.",
    "el": "Ο φάρος έμεινε αναμμένος όλη τη νύχτα και οι ψαράδες γύρισαν στην ακτή το πρωί.",
    "he": "המגדלור דלק כל הלילה והדייגים חזרו לחוף רק בבוקר. אחר כך ירד גשם חזק על הנמל.",
    "ar": "بقيت المنارة مضاءة طوال الليل وعاد الصيادون إلى الشاطئ في الصباح ثم نزل المطر.",
    "th": "ประภาคารส่องแสงตลอดทั้งคืน และชาวประมงกลับมาถึงฝั่งในตอนเช้า จากนั้นฝนก็ตก",
    "ja": "灯台は一晩中光っていて、漁師たちは朝になってから岸に戻ってきた。それから雨が降った。",
    "ko": "등대는 밤새 켜져 있었고 어부들은 아침이 되어서야 해안으로 돌아왔다. 그리고 비가 내렸다.",
    "zh-hans": "灯塔整夜亮着，我们在海边等了很久，渔夫们到了早上才回来。后来下雨了，大家都回家去。",
    "zh-hant": "燈塔整夜亮著，我們在海邊等了很久，漁夫們到了早上才回來。後來下雨了，大家都回家去。",
}
LEGACY = [
    ("fr", "cp1252"), ("de", "cp1252"), ("es", "cp1252"), ("sv", "cp1252"), ("da", "cp1252"),
    ("fr", "mac-roman"), ("pl", "cp1250"), ("pl", "iso8859-2"), ("cs", "cp1250"),
    ("cs", "iso8859-2"), ("hu", "cp1250"), ("tr", "cp1254"), ("lt", "cp1257"),
    ("ru", "cp1251"), ("ru", "koi8-r"), ("ru", "iso8859-5"), ("uk", "cp1251"), ("bg", "cp1251"),
    ("el", "cp1253"), ("he", "cp1255"), ("ar", "cp1256"), ("th", "cp874"),
    ("ja", "cp932"), ("ja", "euc_jp"), ("ko", "cp949"), ("zh-hans", "gb18030"),
    ("zh-hant", "big5hkscs"),
]  # fmt: skip
# Quotes that a charset lacks are written plainly, as authors did.
PLAIN = str.maketrans("’—", "'-")


def _page(text: str, head: str = "") -> str:
    return f"<html><head><title>x</title>{head}</head><body><p>{text}</p></body></html>"


def _bytes(text: str, codec: str) -> bytes:
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return text.translate(PLAIN).encode(codec)


def _of(found: Decoded) -> tuple[str, str, bool]:
    return found.encoding, found.source.value, found.is_mended


# Declarations


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"\xef\xbb\xbfcaf\xc3\xa9", "text/html; charset=iso-8859-1", ("utf-8", "bom", False)),
        ("\ufeffcafé".encode("utf-16-le"), None, ("utf-16-le", "bom", False)),
        (b"caf\xc3\xa9", "text/html; charset=UTF-8", ("utf-8", "http", False)),
        (b"caf\xe9", 'text/html; charset="ISO-8859-1"', ("cp1252", "http", False)),
        (b"<meta charset=utf-8>caf\xc3\xa9", HTML, ("utf-8", "meta", False)),
        (b"<meta charset='windows-1252'>caf\xe9", HTML, ("cp1252", "meta", False)),
        (
            b'<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=iso-8859-15">caf\xe9',
            HTML,
            ("iso8859-15", "meta", False),
        ),
        (
            b'<?xml version="1.0" encoding="ISO-8859-1"?><a>caf\xe9</a>',
            None,
            ("cp1252", "meta", False),
        ),
        (b"caf\xc3\xa9", HTML, ("utf-8", "utf-8", False)),
        (b"plain", None, ("utf-8", "utf-8", False)),
        (b"plain", "text/html; charset=iso-8859-1", ("cp1252", "http", False)),
    ],
)  # fmt: skip
def test_each_ground_for_an_encoding_is_found_and_named(
    body: bytes, content_type: str | None, expected: tuple[str, str, bool]
) -> None:
    found = decode(body, content_type)
    assert _of(found) == expected
    assert found.text.endswith(("café", "café</a>", "plain"))


def test_http_goes_before_the_pages_own_declaration() -> None:
    body = _page("Łódź", "<meta charset=iso-8859-1>").encode("cp1250")
    found = decode(body, "text/html; charset=windows-1250")
    assert _of(found) == ("cp1250", "http", False)
    assert "Łódź" in found.text


def test_a_declaration_deep_in_the_head_is_found() -> None:
    late = "<style>" + "p { margin: 0 }\n" * 600 + "</style><meta charset=windows-1251>"
    found = decode(_page("Маяк", late).encode("cp1251"), HTML)
    assert _of(found) == ("cp1251", "meta", False)


@pytest.mark.parametrize(
    "head",
    [
        "<!-- <meta charset=windows-1251> -->",
        "</head><body>" + "<br>" * 300 + "<meta charset=windows-1251>",
    ],
)
def test_a_declaration_in_a_comment_or_deep_in_the_body_is_none(head: str) -> None:
    found = decode(_page("déjà où élève", head).encode("cp1252"), HTML)
    assert found.encoding == "cp1252"


@pytest.mark.parametrize(
    "label",
    ["rot13", "unicode_escape", "utf-7", "idna", "undefined", "zlib", "none", "x-unknown", "_"],
)
def test_labels_that_are_no_text_encoding_are_passed_over(label: str) -> None:
    found = decode(b"+ADw-caf\xc3\xa9", f"text/html; charset={label}")
    assert found.text == "+ADw-café"
    assert found.source is EncodingSource.UTF_8


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("x-sjis", "cp932"), ("Shift_JIS", "cp932"), ("x-gbk", "gb18030"), ("gb2312", "gb18030"),
        ("x-euc-jp", "euc_jp"), ("ks_c_5601-1987", "cp949"), ("windows1251", "cp1251"),
        ("x-cp1251", "cp1251"), ("iso-8859-9", "cp1254"), ("latin1", "cp1252"),
        ("us-ascii", "cp1252"), ("koi8", "koi8-r"), ("x-mac-roman", "mac-roman"),
    ],
)  # fmt: skip
def test_labels_mean_what_browsers_take_them_for(label: str, codec: str) -> None:
    assert decode(b"plain", f"text/html; charset={label}").encoding == codec


def test_utf_16_declared_in_readable_markup_is_utf_8() -> None:
    found = decode(_page("café", "<meta charset=utf-16>").encode(), HTML)
    assert _of(found) == ("utf-8", "meta", False)


def test_utf_16_without_a_mark_is_seen_by_its_nul_bytes() -> None:
    for codec in ("utf-16-le", "utf-16-be"):
        found = decode(_page("café").encode(codec), HTML)
        assert _of(found) == (codec, "sniffed", False)
        assert "café" in found.text


# Declarations that the bytes contradict


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "windows-1251", "gb2312", "shift_jis", "koi8-r", "big5"]
)
def test_valid_utf_8_is_utf_8_whatever_was_declared(label: str) -> None:
    text = "Il était déjà là, où l’été s’achève — “voilà”."
    found = decode(_page(text).encode(), f"text/html; charset={label}")
    assert _of(found) == ("utf-8", "utf-8", False)
    assert text in found.text


@pytest.mark.parametrize("text", ["CAFÉ» et", "L’ÉTÉ… et", "CAFÉ®", "un été\xa0»", "là\xa0» où"])
def test_letters_before_a_sign_in_cp1252_are_not_taken_for_utf_8(text: str) -> None:
    found = decode(_page(text).encode("cp1252"), "text/html; charset=iso-8859-1")
    assert text in found.text


def test_two_chinese_characters_that_are_valid_utf_8_by_chance_stay_chinese() -> None:
    found = decode(_page("联通").encode("gb18030"), "text/html; charset=gb2312")
    assert "联通" in found.text


def test_declared_utf_8_that_is_not_gives_way_to_the_pages_own_word() -> None:
    text = TEXTS["ru"]
    body = _page(text, "<meta charset=windows-1251>").encode("cp1251")
    found = decode(body, "text/html; charset=utf-8")
    assert _of(found) == ("cp1251", "meta", False)
    assert text in found.text


@pytest.mark.parametrize(("language", "codec"), LEGACY)
def test_declared_utf_8_that_is_not_is_read_as_what_it_is(language: str, codec: str) -> None:
    body = _bytes(_page(TEXTS[language] * 3), codec)
    found = decode(body, "text/html; charset=utf-8")
    assert found.text.translate(PLAIN) == _page(TEXTS[language] * 3).translate(PLAIN)
    assert found.source in (EncodingSource.SNIFFED, EncodingSource.MIXED)


def test_a_few_unreadable_bytes_do_not_change_a_declared_encoding() -> None:
    text = TEXTS["ja"] * 8
    body = _page(text).encode("euc_jp").replace(b"</p>", b"\xff</p>")
    found = decode(body, "text/html; charset=euc-jp")
    assert _of(found) == ("euc_jp", "http", True)
    assert text in found.text


def test_bytes_that_windows_1252_leaves_out_do_no_harm() -> None:
    found = decode(b"caf\xe9 \x81\x8d\x9d", "text/html; charset=iso-8859-1")
    assert found.text == "café \x81\x8d\x9d"
    assert not found.is_mended


def test_a_character_cut_in_two_at_the_end_does_not_cost_the_page() -> None:
    body = _page("é" * 100).encode() + "é".encode()[:1]
    found = decode(body, "text/html; charset=utf-8")
    assert _of(found) == ("utf-8", "http", True)
    assert found.text.count("é") == 100


# Mixtures


@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", None])
def test_a_template_and_comments_in_different_encodings_are_both_read(label: str | None) -> None:
    template, comment = "Précédent « Été » Suivant", "Déjà vu à Orléans — l’été"
    body = template.encode() + b"<p>" + comment.encode("cp1252")
    found = decode(body, f"text/html; charset={label}" if label else HTML)
    assert found.text == f"{template}<p>{comment}"
    assert _of(found) == ("cp1252", "mixed", True)


def test_cyrillic_strays_in_a_utf_8_page_are_read_as_cyrillic() -> None:
    body = _page(TEXTS["ru"] * 5).encode() + "<p>ночью шёл дождь и рыбаки спали".encode("cp1251")
    found = decode(body, "text/html; charset=utf-8")
    assert found.text.endswith("ночью шёл дождь и рыбаки спали")
    assert _of(found) == ("cp1251", "mixed", True)


# Nothing declared


@pytest.mark.parametrize(("language", "codec"), LEGACY)
def test_undeclared_legacy_text_is_read_in_its_language(language: str, codec: str) -> None:
    found = decode(_bytes(_page(TEXTS[language]), codec), HTML)
    assert found.text.translate(PLAIN) == _page(TEXTS[language]).translate(PLAIN)
    assert found.source is EncodingSource.SNIFFED


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("The harbour master’s “quiet” day — £5, café.", "cp1252"),
        ("The harbour master’s “quiet” day—café.", "mac-roman"),
        ("It’s late.", "cp1252"),
        ("caf\xe9", "cp1252"),
        ("50\xa0kg", "cp1252"),
    ],
)
def test_english_with_a_few_signs_is_read(text: str, codec: str) -> None:
    assert text in decode(_bytes(_page(text), codec), HTML).text


def test_the_pages_language_settles_what_its_letters_leave_open() -> None:
    body = '<html lang="cs"><p>è</p>'.encode("cp1252")
    assert "č" in decode(body, HTML).text
    assert "è" in decode(body.replace(b"cs", b"en"), HTML).text


def test_seven_bit_japanese_is_seen_by_its_escapes() -> None:
    found = decode(_page(TEXTS["ja"]).encode("iso2022_jp"), HTML)
    assert _of(found) == ("iso2022_jp", "sniffed", False)
    assert TEXTS["ja"] in found.text


def test_bytes_that_fit_nothing_are_still_text() -> None:
    found = decode(bytes(range(128, 256)) * 20, None)
    assert len(found.text) > 100
    assert guess(b"", None).codec == "cp1252"


@pytest.mark.parametrize("body", [b"", b"\0", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3"])
def test_the_smallest_bodies_are_decoded(body: bytes) -> None:
    assert "\0" not in decode(body, "text/html; charset=utf-8").text


def test_nul_bytes_are_removed() -> None:
    assert decode(b"ti\0de\0", "text/html; charset=utf-8").text == "tide"


# Mojibake


@pytest.mark.parametrize(
    "text", ["lâ€™Ã©tÃ© Ã  la mer â€œcalmeâ€\x9d", "РњР°СЏРє РіРѕСЂРµР»", "ï¿½", "caf\ufffd"]
)
def test_text_damaged_before_it_was_stored_is_scored_and_left_alone(text: str) -> None:
    found = decode(text.encode(), "text/html; charset=utf-8")
    assert found.text == text
    assert found.mojibake > 0.5
    assert not found.is_mended


@pytest.mark.parametrize("language", TEXTS)
def test_sound_text_has_no_mojibake(language: str) -> None:
    text = TEXTS[language] + " « Ça » NÃO Â PÂTÉ"
    assert decode(text.encode(), HTML).mojibake == 0


def test_a_page_of_fifty_kilobytes_takes_less_than_a_millisecond() -> None:
    body = _page("Die Möwen flogen über die Dünen. " * 1500).encode()
    decode(body, "text/html; charset=utf-8")
    times = []
    for _ in range(30):
        start = time.perf_counter()
        decode(body, "text/html; charset=utf-8")
        times.append(time.perf_counter() - start)
    assert len(body) > 50_000
    assert min(times) < 0.001
