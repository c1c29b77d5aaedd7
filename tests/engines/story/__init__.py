"""The content every engine of the lab is filled with: one invented blog, the same at each run.

It holds what has broken blog readers before: titles without words, several scripts, posts in
parts, threads deeper than the page shows, nameless visitors, pings, and things that must stay
hidden. Hidden texts carry a marker word (`HIDDEN`), so that a leak can be found anywhere.
"""

from __future__ import annotations

import random

from tests.engines.story import entries, remarks
from tests.engines.story.model import Story


def tell(seed: int = 2004) -> Story:
    """The whole blog; the same seed gives the same story."""
    chance = random.Random(seed)
    written = (*entries.public(chance), *entries.pages(chance), *entries.hidden(chance))
    return Story(entries=written, remarks=tuple(remarks.below_all(chance, written)))
