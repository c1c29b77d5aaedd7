"""Declared comment counts in the words of many templates."""

from __future__ import annotations

import pytest

from archiver.normalisers.counts import count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("41 Responses to “Tea”", 41),
        ("Comments (3)", 3),
        ("Comment [12]", 12),
        ("88 comments:", 88),
        ("1,204 Comments", 1204),
        ("1.204 Kommentare", 1204),
        ("1 204 commentaires", 1204),
        ("One thought on “Tea”", 1),
        ("5 thoughts on “Tea”", 5),
        ("3 comentarios:", 3),
        ("3 comentários:", 3),
        ("1 commentaire", 1),
        ("Un commentaire", 1),
        ("Kommentare (2)", 2),
        ("Kommentare: 3", 3),
        ("6 Antworten auf „Tee“", 6),
        ("2 commenti:", 2),
        ("2 reacties", 2),
        ("3 kommentarer:", 3),
        ("12 kommenttia", 12),
        ("5 komentarzy:", 5),
        ("5 komentářů", 5),
        ("5 megjegyzés:", 5),
        ("3 комментария:", 3),
        ("5 yorum:", 5),
        ("5 σχόλια:", 5),
        ("3 תגובות:", 3),
        ("תגובה אחת:", 1),
        ("٣ تعليقات", 3),
        ("コメント (3)", 3),
        ("コメント（3）", 3),
        ("3件のコメント", 3),
        ("3 条评论", 3),
        ("댓글 3개", 3),
        ("3 nhận xét:", 3),
        ("Posted in Tea 2008 | 9 Comments »", 9),
        ("TrackBack (1)", 1),
        ("(5)", 5),
        ("5", 5),
    ],
)
def test_counts_are_read_in_many_languages(text: str, expected: int) -> None:
    assert count(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "No comments",
        "No Responses to “Tea”",
        "0 Comments",
        "Keine Kommentare:",
        "Aucun commentaire",
        "Sin comentarios",
        "No hay comentarios:",
        "Nenhum comentário:",
        "Nessun commento",
        "Geen reacties",
        "Inga kommentarer",
        "Ei kommentteja:",
        "Brak komentarzy:",
        "Нет комментариев",
        "Комментариев нет:",
        "Yorum yok",
        "コメントはありません",
        "Không có nhận xét nào:",
    ],
)
def test_words_for_none_are_zero(text: str) -> None:
    assert count(text) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7 Responses to “10 things”", 7),
        ('7 Responses to "10 comments I love"', 7),
        ("12 replies to '3 ways'", 12),
        ("One thought on “5 ways”", 1),
        ("No Responses to “12 comments”", 0),
        ("Responses to 10 things", None),
        ("Comments on 10 things: 3", None),
        ("Comments Off on 10 things", None),
        ("10 Things — 4 comments", 4),
        ("“10 Things” 4 comments", 4),
    ],
)
def test_the_number_never_comes_from_the_title(text: str, expected: int | None) -> None:
    assert count(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Leave a comment",
        "Leave a Reply",
        "Laisser un commentaire",
        "Lascia un commento",
        "Comments are closed.",
        "% Comments",
        "Page 2 | Comments",
        "hello",
    ],
)
def test_what_states_no_number_is_none(text: str) -> None:
    assert count(text) is None
