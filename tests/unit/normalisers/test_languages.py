"""The language of a text, told by its script and its frequent words."""

from __future__ import annotations

import pytest

from archiver.normalisers.languages import detect


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I think that this is one of the best things you have written, and we all know it."),
        ("de", "Ich finde, dass das einer der besten Texte ist, die du geschrieben hast."),
        ("fr", "Je trouve que c'est un des meilleurs textes que vous avez écrits, et de loin."),
        ("es", "Creo que este es uno de los mejores textos que has escrito y todos lo sabemos."),
        ("it", "Credo che questo sia uno dei testi migliori che hai scritto e lo sappiamo tutti."),
        ("pt", "Acho que este é um dos melhores textos que você escreveu e todos sabemos disso."),
        ("nl", "Ik vind dat dit een van de beste stukken is die je hebt geschreven, en dat klopt."),
        ("sv", "Jag tycker att det här är en av de bästa texterna som du har skrivit."),
        ("da", "Jeg synes, at det er en af de bedste tekster, som du har skrevet, og det er godt."),
        ("nb", "Jeg synes at dette er en av de beste tekstene du har skrevet, og det er bra."),
        ("pl", "Myślę, że to jest jeden z najlepszych tekstów, jakie napisałeś, i to się wie."),
        ("cs", "Myslím, že to je jeden z nejlepších textů, které jsi napsal, a už to tak je."),
        ("hu", "Azt hiszem, hogy ez az egyik legjobb szöveg, amit írtál, és ezt már tudod is."),
        ("tr", "Bence bu yazdığın en iyi yazılardan biri ve bunu hepimiz çok iyi biliyoruz."),
        ("ru", "Я думаю, что это один из лучших текстов, которые ты написал, и мы это знаем."),
        ("uk", "Я думаю, що це один з найкращих текстів, які ти написав, і ми це знаємо."),
        ("ja", "これはあなたが書いた中で一番よい文章の一つだと思います。"),
        ("zh", "我认为这是你写过的最好的文章之一，我们都知道。"),
        ("ko", "이것은 당신이 쓴 가장 좋은 글 가운데 하나라고 생각합니다."),
        ("he", "אני חושב שזה אחד הטקסטים הטובים ביותר שכתבת"),
        ("ar", "أعتقد أن هذا من أفضل ما كتبت في هذه المدونة، وكل من قرأ ذلك عرف هذا"),
        ("fa", "فکر می‌کنم این یکی از بهترین نوشته‌های شما است و ما این را با هم می‌دانیم"),
        ("el", "Νομίζω ότι αυτό είναι ένα από τα καλύτερα κείμενα"),
        ("th", "ฉันคิดว่านี่เป็นหนึ่งในบทความที่ดีที่สุด"),
    ],
)
def test_the_language_of_running_text_is_told(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "lol", "Great post! Thanks", "12 34 56", "http://x.example/"])
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect(text) is None
