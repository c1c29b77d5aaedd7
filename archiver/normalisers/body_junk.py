"""What stands inside bodies but is not the author's: share bars, related posts, hidden parts.

The names are in `body_junk.txt`, each group with where it was seen; the addresses of share buttons
in `body_shares.txt`; the words of links that end an excerpt in `body_more.txt`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

_FAMILIES = re.compile(
    r"(?:sharedaddy|shareaholic|addtoany|a2a|essb|sfsi|heateor|swp|wprp|nrelate|nr|yarpp|crp"
    r"|wp-polls|jp-relatedposts|sociable|ssb-|dpsp|wpdevart)[_-]\w"
)
# Containers that plugins wrap around the whole text: their name is in a family, their text is not.
_WRAPPERS = frozenset(("wprt-container", "nr_content", "swp-content-locator"))


@lru_cache(maxsize=8192)  # a page repeats the same few dozen class attributes
def is_junk(names: str) -> bool:
    """Whether a class or id attribute says that an element is not the author's."""
    known = _names()
    for name in names.lower().split():
        if name in known or (_FAMILIES.match(name) and name not in _WRAPPERS):
            return True
    return False


# Hidden until a reader unfolds it: the author's words all the same.
_UNFOLDS = re.compile(r"spoiler|toggle|collaps|expand|extended|fulltext|more", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@lru_cache(maxsize=8192)
def is_hiding(style: str, names: str) -> bool:
    """Whether a style attribute hides its element for good; `names` are its class and id."""
    return _HIDDEN.search(style) is not None and _UNFOLDS.search(names) is None


@cache
def _names() -> frozenset[str]:
    return frozenset(name for line in _lines("body_junk.txt") for name in line.split())


@cache
def _more() -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{'|'.join(_lines('body_more.txt'))})\W*", re.IGNORECASE)


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@lru_cache(maxsize=4096)
def is_share_link(url: str) -> bool:
    """Whether a link only passes the page on to a network."""
    return _shares().search(url) is not None


@cache
def _shares() -> re.Pattern[str]:
    return re.compile("|".join(_lines("body_shares.txt")), re.IGNORECASE)


def is_more_link(words: str) -> bool:
    """Whether the words of a link only say that the text goes on elsewhere."""
    return len(words) <= 200 and _more().fullmatch(words) is not None
