"""Names out of the words around them; addresses out of redirectors."""

from __future__ import annotations

import pytest

from archiver.drafts import AuthorDraft
from archiver.normalisers.authors import parse

BASE = "http://blog.example.com/2008/03/tea.html"


def name(text: str) -> str | None:
    """The name in a text; None when there is none."""
    author = parse(AuthorDraft(text=text), BASE)
    return author.name if author else None


def url(href: str, title: str | None = None) -> str | None:
    """Where a name with this link leads."""
    author = parse(AuthorDraft(text="Vera", href=href, title=title), BASE)
    assert author is not None
    return author.url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Posted by: Vera Holm", "Vera Holm"),
        ("By Vera Holm", "Vera Holm"),
        ("Comment by Vera", "Vera"),
        ("Comment from: Vera [Member] · http://vera.example.org/", "Vera"),
        ("Submitted by Vera", "Vera"),
        ("Geschrieben von Jörg", "Jörg"),
        ("Von Jörg", "Jörg"),
        ("Posté par Luc", "Luc"),
        ("Publicado por Ana", "Ana"),
        ("Lo dijo Ana", "Ana"),
        ("Scritto da Gino", "Gino"),
        ("Автор: Иван", "Иван"),
        ("投稿者: 春子", "春子"),
        ("نوشته شده توسط مینا", "مینا"),
    ],
)
def test_bylines_are_taken_off_in_front(text: str, expected: str) -> None:
    assert name(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vera says:", "vera"),
        ("Vera Says:", "Vera"),
        ("vera said...", "vera"),
        ("vera wrote:", "vera"),
        ("Ana ha dicho:", "Ana"),
        ("Ana dijo...", "Ana"),
        ("Jörg hat gesagt…", "Jörg"),
        ("Jörg schrieb", "Jörg"),
        ("Luc a dit…", "Luc"),
        ("Rui disse...", "Rui"),
        ("Gino ha detto...", "Gino"),
        ("Kees zei…", "Kees"),
        ("Åsa sa...", "Åsa"),
        ("Iwona pisze:", "Iwona"),
        ("Jana řekl(a)...", "Jana"),
        ("Иван пишет:", "Иван"),
        ("Ayşe dedi ki...", "Ayşe"),
        ("春子 より:", "春子"),
    ],
)
def test_words_for_speaking_are_taken_off_behind(text: str, expected: str) -> None:
    assert name(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Edward Said",
        "Di Stefano",
        "De Souza",
        "Says Who",
        "R2D2",
        "Agent 007",
        "John 3:16",
        "8 of 9",
        "Vera Holm Jr.",
        "Alexander Longn...",  # a platform that cuts names says so
        "Day, Vera",
        "3. Bob",
        "Smith & Sons",
    ],
)
def test_parts_of_real_names_stay(text: str) -> None:
    assert name(text) == text


def test_a_name_that_is_also_a_verb_keeps_itself() -> None:
    assert name("Edward Said said…") == "Edward Said"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Posted by Vera at February  9, 2005 06:52 PM", "Vera"),
        ("Posted by Vera in Tea Time at 10:08 PM", "Vera"),
        ("Comment by Vera — June 3, 2008 @ 2:20 am", "Vera"),
        ("Vera on March 3, 2008 at 2:20", "Vera"),
        ("Vera | 09/25/2013 at 01:20 PM", "Vera"),
        ("Jörg am 3. März 2008 um 14:05", "Jörg"),
        ("3. On 2008-03-05, 14:05 by Vera", "Vera"),
        ("Le mercredi 5 mars 2008, 14:05 par Luc", "Luc"),
    ],
)
def test_dates_beside_a_name_are_taken_off(text: str, expected: str) -> None:
    assert name(text) == expected


@pytest.mark.parametrize(
    ("text", "expected_name", "state"),
    [
        ("Anonymous", None, "anonymous"),
        ("(Anonymous)", None, "anonymous"),
        ("Anónimo dijo...", None, "anonymous"),
        ("Anonyme", None, "anonymous"),
        ("匿名", None, "anonymous"),
        ("Anonymous [Visitor]", None, "anonymous"),
        ("Bob (not verified)", "Bob", "not verified"),
        ("Bob (nicht überprüft)", "Bob", "not verified"),
        ("Bob [Visitor]", "Bob", "visitor"),
        ("Bob [Member]", "Bob", "member"),
        ("Bob (Post author)", "Bob", None),
        ("Bob (the builder)", "Bob (the builder)", None),
    ],
)
def test_states_are_told_from_names_and_kept_raw(
    text: str, expected_name: str | None, state: str | None
) -> None:
    author = parse(AuthorDraft(text=text), BASE)
    assert author is not None
    assert (author.name, author.state, author.raw) == (expected_name, state, text)


def test_entities_are_resolved_twice_and_not_a_third_time() -> None:
    assert name("Tom &amp;amp; Jerry") == "Tom & Jerry"
    assert name("&amp;amp;lt;b&amp;amp;gt;") == "&lt;b&gt;"


def test_a_draft_without_anybody_is_nobody() -> None:
    assert parse(AuthorDraft(), BASE) is None
    assert parse(AuthorDraft(text="  "), BASE) is None
    assert parse(AuthorDraft(text="Posted by:"), BASE) is None


def test_a_link_without_words_is_somebody() -> None:
    author = parse(AuthorDraft(href="http://vera.example.org/"), BASE)
    assert author is not None
    assert (author.name, author.url) == (None, "http://vera.example.org/")


@pytest.mark.parametrize(
    ("href", "title", "expected"),
    [
        ("http://vera.example.org/", None, "http://vera.example.org/"),
        ("www.vera.example.org", None, "http://www.vera.example.org"),
        (
            "/mt/mt-comments.cgi?__mode=red;id=5",
            "http://vera.example.org/",
            "http://vera.example.org/",
        ),
        ("/mt/feedback.cgi?__mode=red&id=5", None, None),
        ("/go.php?url=http%3A%2F%2Fvera.example.org%2F", None, "http://vera.example.org/"),
        (
            "http://www.google.com/url?q=http://vera.example.org/a",
            None,
            "http://vera.example.org/a",
        ),
        (
            "http://vera.example.org/out?url=http://x.example/",
            None,
            "http://vera.example.org/out?url=http://x.example/",
        ),
        ("http://", None, None),
        ("http://none", None, None),
        ("#comment-5", None, None),
        ("javascript:void(0)", None, None),
        ("mailto:vera@example.org", None, None),
        ("", None, None),
    ],
)
def test_links_lead_to_the_person_or_nowhere(
    href: str, title: str | None, expected: str | None
) -> None:
    assert url(href, title) == expected


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("http://www.blogger.com/profile/01234567890123456789", "01234567890123456789"),
        ("http://profile.typepad.com/6p00d8341c0000000000", "6p00d8341c0000000000"),
        ("http://vera-holm.livejournal.com/", "vera-holm"),
        ("http://users.livejournal.com/vera_holm/", "vera_holm"),
        ("http://vera.example.org/profile/123", None),
    ],
)
def test_profile_addresses_give_the_platforms_id(href: str, expected: str | None) -> None:
    author = parse(AuthorDraft(text="Vera", href=href), BASE)
    assert author is not None
    assert author.profile_id == expected


def test_a_stated_profile_id_comes_first() -> None:
    author = parse(AuthorDraft(text="Vera", profile_id="6p1"), BASE)
    assert author is not None
    assert author.profile_id == "6p1"


@pytest.mark.parametrize(
    "text",
    [
        "Vera Holm (vera@example.org)",
        "vera@example.org (Vera Holm)",
        "Vera Holm <vera@example.org>",
    ],
)
def test_an_address_beside_a_name_is_taken_off(text: str) -> None:
    author = parse(AuthorDraft(text=text), BASE)
    assert author is not None
    assert author.name == "Vera Holm"
    assert "example.org" not in (author.raw or "")


def test_an_address_typed_as_a_name_is_not_kept_whole() -> None:
    author = parse(AuthorDraft(text="vera@example.org"), BASE)
    assert author is not None
    assert (author.name, author.raw) == ("vera", "vera@…")
