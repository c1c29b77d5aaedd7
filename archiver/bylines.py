"""Lines that name somebody and a date: "Posted by NAME at DATE", "NAME says:", "DATE | NAME".

Almost every template of the 2000s begins or ends an entry or a comment with such a line, in the
blog's language.  Here words are read; what belongs to a byline is found by `archiver.remarks`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from lxml.etree import _Element as Node

from archiver.nodes import classes, text
from archiver.normalisers.date_clock import find_clock
from archiver.normalisers.date_day import find_day
from archiver.normalisers.date_relative import find_ago
from archiver.normalisers.date_wall import flatten
from archiver.outline import Line, Outline

_LONGEST = 220  # characters of a line that says so ("Posted by"); of others:
_LONGEST_BARE = 100
_LONGEST_NAME = 60
_FIRST_YEAR, _LAST_YEAR = 1990, 2099  # "1/Jan 0001" is an unset date, "1776" is history

_BY = (
    r"(?:(?:(?:view\s+)?(?:all|more)\s+(?:posts|articles|entries)|posted|written|published|comment(?:ed)?|submitted|left|added|contributed|said|blogged|sent"
    r"|entry|article|story|review|text|words)\s*(?:by|from)\b|by\b"
    r"|(?:comment|trackback|pingback)\s+(?:by|from)\b|(?:author|from|name|poster)\s*:"
    r"|(?:geschrieben|verfasst|verfaßt|veröffentlicht|erstellt|gepostet|eingestellt|kommentar)\s+von\b|von\b"
    r"|(?:rédigé|écrit|publié|posté|envoyé|proposé|commentaire)\s*(?:par|de)\b|par\b|auteur\s*:"
    r"|(?:lo\s+)?(?:dijo|escribió|publicó)\b|(?:enviado|publicado|escrito|comentado|postado|por|autor)\s*(?:por\b|:)|por\b"
    r"|(?:scritto|pubblicato|inviato|postato|commento)\s+(?:da|di)\b|di\b(?=\s+[A-ZÀ-Ý])|da\b(?=\s+[A-ZÀ-Ý])"
    r"|(?:geplaatst|geschreven|gepost)\s+door\b|door\b"
    r"|(?:skrevet|lagt\s+inn|postet|skrivet|postat|inlagt|publisert|publicerat)\s+a[fv]\b"
    r"|(?:napsal|vložil|autor)\s*:?|(?:dodał|napisał|autor)\s*:?|(?:kirjoittanut|lähettänyt)\s*:?"
    r"|(?:автор|написал|опубликовал)\s*:?|(?:投稿者|作者|発言者|글쓴이|作成者)\s*[::]?|posted\s+by\s*[::]?)"
)
_SAID_VERBS = (
    r"says|said|wrote|writes|comments|commented|replied|responds|responded|adds|added|thinks"
    r"|dit|a\s+dit|a\s+écrit|écrit|dice|dijo|ha\s+dicho|escribió|ha\s+escrito|comentó"
    r"|disse|escreveu|diz|comentou|ha\s+scritto|ha\s+detto|scrive"
    r"|schrieb|schreibt|sagt|sagte|meint|meinte|hat\s+gesagt|hat\s+geschrieben|kommentierte"
    r"|schreef|zegt|zei|skrev|skriver|säger|sier|siger|sa|kirjoitti|sanoo"
    r"|napsal|píše|říká|napisał|pisze|mówi|пишет|написал|сказал|говорит|írta|spune|a\s+spus|さんの発言"
)
_LEAD = re.compile(rf"^[\W_]{{0,4}}(?P<by>{_BY})\s*(?P<colon>[::])?\s*", re.IGNORECASE)
_TAIL = re.compile(rf"^[\W_]{{0,6}}(?:{_BY})\s*[::]?\s*(?P<name>\S.*)$", re.IGNORECASE)
_MIDDLE = re.compile(rf"(?:^|\s)(?:{_BY})\s*[::]?\s+(?P<name>\S.*)$", re.IGNORECASE)
_SAID = re.compile(
    rf"^(?P<name>.{{1,{_LONGEST_NAME}}}?)\s+(?:{_SAID_VERBS})\b(?P<rest>.*)$", re.IGNORECASE
)
_SAYING = re.compile(rf"^\W*(?:{_SAID_VERBS})\W*$", re.IGNORECASE)
_SAID_END = re.compile(r"^[\s:.,…—–|-]*(?:on|at|am|le|el|il|op|den)?[\s:.,…—–|-]*$", re.IGNORECASE)
# What stands between a name and a date.
_CONNECTOR = re.compile(
    r"(?:^|[\s,.|:;·•–—(\[/-]+)(?:(?:at|on|am|um|le|à|el|a\s+las|il|alle|op|om|den|dne|kl\.?|em|às|en|posted"
    r"|published|written|date|time|the|dnia|o|på|v|в|の|さん|publicado|publié|posté|publicada|pubblicato"
    r"|veröffentlicht|erstellt|geschrieben|geplaatst|skrevet|опубликовано|,)[\s:]*)*$",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"\s+(?:in|under|to|unter|dans|into|filed)\s+.*$", re.IGNORECASE)
_NAME_END = re.compile(
    r"\s*[|•·»–—(\[]|\s+-\s+|\s{3,}|,\s+(?=\d)|\s+::|\s+@\s+|\.\s+(?=[A-Z]\w+\s+\w+)|:\s*$"
)
_STRIPPED = ' \t|-–—:,;·•»«()[]<>"“”„*#~/=@'
_ORDINAL = re.compile(r"^#?\d{1,4}\s*[.):]\s+(?=\D)")
# Cheap tests before the dear ones: most lines of a page are neither.
_DIGIT = re.compile(r"\d")
_MAYBE_DATED = re.compile(
    r"\d{1,2}[:.h/-]\s?\d|(?<!\d)(?:19|20)\d\d(?!\d)|\d\s*[年月日时時]|['’]\d\d\b|\d\s*[ap]\.?m\b"
    r"|\d\D{0,3}[^\W\d]{3,}|[^\W\d]{3,}\D{0,2}\d",
    re.IGNORECASE,
)
_IS_DATE = re.compile(r"\d{4}|\d\D+\d")
_VERB_TAIL = 24  # characters at a line's end in which "says:" stands, where no date follows
_MAYBE_NAMED = re.compile(rf"\b(?:{_SAID_VERBS})\b", re.IGNORECASE)
_NO_NAME = re.compile(
    r"^(?:posted|published|written|updated|last\s+\w+|date|time|comments?|permalink|permanent\s+link|link|#?\d+"
    r"|am|pm|at|on|in|filed|categor\w+|tags?|reply|archives?|home|main|today|yesterday|edited|modified"
    r"|erstellt|veröffentlicht|geschrieben|publié|publicado|pubblicato|the|a|and|no\.?|entry|created|submitted"
    r"|comment|anonymous\s+on|posté|publié|veröffentlicht\s+am|\W*)$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"author|name|user|commenter|poster|fn\b|nick|vcard|byline|who", re.IGNORECASE)
_NAME_TAGS = frozenset({"cite", "b", "strong", "a", "h3", "h4", "h5", "h6", "dt", "em", "i"})


@dataclass(frozen=True, slots=True)
class Reading:
    """Name and date of a line, either may be ""; `is_explicit` when words such as "by" say so."""

    name: str
    date: str
    is_explicit: bool


@dataclass(frozen=True, slots=True)
class Byline:
    """A reading with its lines [first, last] and the link that the name is in."""

    first: Line
    last: Line
    name: str
    date: str
    is_explicit: bool
    link: Node | None

    @property
    def is_date(self) -> bool:
        """Whether its lines are a date and name nobody; "3AM Musings" may be a title."""
        return not self.name and not self.is_explicit and _IS_DATE.search(self.date) is not None

    @property
    def start(self) -> int:
        """First character of its lines in the outline."""
        return self.first.start

    @property
    def end(self) -> int:
        """Character after its lines."""
        return self.last.end


_START = attrgetter("start")


def read(words: str) -> Reading | None:
    """What a line says of who and when; None when it is no byline."""
    size = len(words)
    if not 2 <= size <= _LONGEST or (size > _LONGEST_BARE and not _LEAD.match(words)):
        return None
    plain = flatten(words)
    span = _date_span(plain) if _DIGIT.search(plain) and _MAYBE_DATED.search(plain) else None
    return _read_dated(plain, *span) if span else _read_undated(plain)


def beside_date(words: str) -> str:
    """What a line says besides its date ("Sunday, May 3, 2009 - Two shows" → "Two shows")."""
    plain = flatten(words)
    span = _date_span(plain) if _MAYBE_DATED.search(plain) else None
    if span is None:
        return plain
    rest = f"{_without_weekday(plain[: span[0]])} {plain[span[1] :]}"
    return rest.strip(_STRIPPED)


def _date_span(plain: str) -> tuple[int, int] | None:
    """Where the date (and time) of a line stands."""
    clock = find_clock(plain)
    rest = plain
    if clock:
        rest = plain[: clock.start] + " " * (clock.end - clock.start) + plain[clock.end :]
    day = find_day(rest)
    if day is not None and day.year is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        day = None
    if day is not None and (day.is_full or clock or len(plain) <= 40):
        if clock and min(abs(clock.start - day.end), abs(day.start - clock.end)) <= 40:
            return min(day.start, clock.start), max(day.end, clock.end)
        return day.start, day.end
    if clock is not None and day is None:
        return clock.start, clock.end
    ago = re.search(r"\d", plain)
    if ago and len(plain) <= _LONGEST_BARE and find_ago(plain):
        return ago.start(), len(plain)
    return None


def _read_undated(plain: str) -> Reading | None:
    lead = _LEAD.match(plain)
    if lead:
        name = _name(_TOPIC.sub("", _upto_end(plain[lead.end() :])))
        # Without a date, "By the river" is a sentence; a name has few words.
        if name and len(name.split()) <= 5 and len(plain) - lead.end() < 80:
            return Reading(name, "", True)
        return None
    said = _SAID.match(plain) if _MAYBE_NAMED.search(plain[-_VERB_TAIL:]) else None
    if said and _SAID_END.match(said["rest"]):
        name = _name(said["name"])
        return Reading(name, "", True) if name else None
    return None


def _read_dated(plain: str, start: int, end: int) -> Reading | None:
    before, date, after = plain[:start], plain[start:end], plain[end:]
    lead = _LEAD.match(plain)
    if lead and lead.end() <= start:
        return Reading(_led(before[lead.end() :], bool(lead["colon"])), date, True)
    said = _SAID.match(before) or _SAID.match(after.lstrip(_STRIPPED))
    if said and (name := _name(said["name"])):
        return Reading(name, date, True)
    if _SAYING.match(after) and (name := _led(before, True)):
        return Reading(name, date, True)  # "NAME on DATE said:"
    tail = _TAIL.match(after) or _MIDDLE.search(after)
    if tail and (name := _name(_TOPIC.sub("", _upto_end(tail["name"])))):
        return Reading(name, date, True)
    middle = _MIDDLE.search(before)
    if middle and (name := _led(middle["name"], False)):
        return Reading(name, date, True)
    connected = _CONNECTOR.search(_without_weekday(before))
    name = _name(_without_weekday(before)[: connected.start()]) if connected else ""
    if not name and re.match(r"\s*[|·•–—,(-]", after):
        name = _name(_upto_end(after.lstrip(_STRIPPED)))
    return Reading(name, date, False)


def _led(words: str, has_colon: bool) -> str:
    """The name between "posted by" and the date; "in CATEGORY" is none of it.

    Comments put a colon after "by", and a commenter may well be called "cheap rooms in Rome".
    """
    words = _without_weekday(words)
    connected = _CONNECTOR.search(words)
    name = words[: connected.start()] if connected else words
    if not has_colon:
        name = _TOPIC.sub("", name)
    return _name(_upto_end(name))


def _upto_end(words: str) -> str:
    end = _NAME_END.search(words)
    return words[: end.start()] if end and end.start() else words


def _without_weekday(words: str) -> str:
    """Words without a weekday before the date, which is no part of a name."""
    last = re.search(r"([^\W\d]+)\.?,?\s*$", words)
    if last and _is_weekday(last[1]):
        return words[: last.start()]
    return words


def _is_weekday(word: str) -> bool:
    from archiver.normalisers.date_words import fold, lexicon

    return fold(word) in lexicon().weekdays


def _name(words: str) -> str:
    name = _ORDINAL.sub("", words.strip(_STRIPPED)).strip()
    if not name or len(name) > _LONGEST_NAME or _NO_NAME.match(name):
        return ""
    return name


def bylines(outline: Outline, first: int = 0, last: int | None = None) -> list[Byline]:
    """Bylines among the lines [first, last), those of two neighbouring lines joined."""
    lines = outline.lines[first:last]
    return list(_joined(outline, lines, [read(line.words) for line in lines]))


def inside(found: Sequence[Byline], outline: Outline, node: Node) -> list[Byline]:
    """Those bylines, given in page order, that stand in an element."""
    low, high = outline.start.get(node, 0), outline.end.get(node, 0)
    begin = bisect_left(found, low, key=_START)
    end = bisect_right(found, high, lo=begin, key=_START)
    return [byline for byline in found[begin:end] if byline.end <= high]


def _joined(
    outline: Outline, lines: Sequence[Line], readings: list[Reading | None]
) -> Iterator[Byline]:
    at = 0
    while at < len(lines):
        reading, line = readings[at], lines[at]
        if reading is None:
            at += 1
            continue
        following = readings[at + 1] if at + 1 < len(lines) else None
        found = _byline(line, line, reading)
        if following is not None and _complete(reading, following):
            joined = Reading(
                reading.name or following.name,
                reading.date or following.date,
                reading.is_explicit or following.is_explicit,
            )
            found = _byline(line, lines[at + 1], joined)
            at += 1
        elif not reading.name:
            found = _with_neighbour(lines, readings, at, found)
            at = max(at, found.last.index - lines[0].index)
        yield found
        at += 1


def _complete(one: Reading, other: Reading) -> bool:
    """Whether two neighbouring lines are name and date of the same thing."""
    return bool(one.name) != bool(other.name) and bool(one.date) != bool(other.date)


def _with_neighbour(
    lines: Sequence[Line], readings: Sequence[Reading | None], at: int, found: Byline
) -> Byline:
    """A date on its own line takes a short line beside it that is marked up as a name."""
    for near in (at - 1, at + 1):
        if not 0 <= near < len(lines) or readings[near] is not None:
            continue
        line = lines[near]
        name = "" if line.words.rstrip(" .:").isdecimal() else _name(line.words.rstrip(" :"))
        if name and len(name) <= 40 and _looks_named(line):
            first, last = sorted((line, lines[at]), key=lambda each: each.index)
            link = next(iter(line.anchors), None)
            return replace(found, first=first, last=last, name=name, link=link)
    return found


def _looks_named(line: Line) -> bool:
    box = line.box
    hints = " ".join((*classes(box), box.get("itemprop") or "", box.get("rel") or ""))
    return bool(_NAMED.search(hints)) or (box.tag in _NAME_TAGS and line.heading is None)


def _byline(first: Line, last: Line, reading: Reading) -> Byline:
    link = next((a for line in (first, last) for a in line.anchors if _is_of(a, reading)), None)
    name = reading.name
    if link is not None:
        name = _name(text(link)) or name
    return Byline(first, last, name, reading.date, reading.is_explicit, link)


def _is_of(link: Node, reading: Reading) -> bool:
    """Whether a link's words are the name: its beginning counts, since names may hold anything."""
    words = flatten(text(link)).strip(_STRIPPED)
    return (
        bool(words)
        and bool(reading.name)
        and (words.startswith(reading.name) or reading.name.startswith(words))
    )
