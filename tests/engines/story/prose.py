"""Sentences and paragraphs out of the vocabulary."""

from __future__ import annotations

import random

from tests.engines.story import words


def sentence(chance: random.Random) -> str:
    """One sentence without markup, now and then in another script."""
    if chance.random() < 0.12:
        return chance.choice(words.FOREIGN)
    pools = (words.SUBJECTS, words.VERBS, words.OBJECTS, words.ENDINGS)
    text = " ".join(chance.choice(pool) for pool in pools)
    return text[0].upper() + text[1:] + chance.choice((".", ".", "!", "?", "..."))


def paragraph(chance: random.Random, sentences: int = 4) -> str:
    """Several sentences, joined by spaces."""
    return " ".join(sentence(chance) for _ in range(sentences))
