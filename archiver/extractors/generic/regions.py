"""Which elements of an unknown page are furniture, and how much a line says."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.etree import _Element as Node

from archiver.outline import Line, Outline

_NAMES = ("class", "id", "role", "itemprop")
_FRAMES = ("body", "html", "main", "article")
_FURNITURE_TAGS = frozenset({"nav", "aside", "footer", "form", "fieldset", "select", "address"})
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:side-?bar\w*|foot(?:er)?|nav(?:bar|igation|ig)?|menu|breadcrumbs?|blogroll|widgets?|related\w*"
    r"|share\w*|sharing|social\w*|pager|pagination|archives?-?(?:list|nav)|tag-?cloud|advert\w*|ads?|banner|masthead|copyright"
    r"|rss|subscribe|newsletter|popular|recent\w*|login|search\w*|credits?|meta-?nav|linklist|calendar|rightcol|leftcol"
    r"|right-?column|left-?column|secondary|tertiary|extra|disclaimer|cookie\w*|skip\w*|postnav\w*|post-?nav\w*"
    r"|hidden|noprint|sponsor\w*|promo\w*|toolbar|sns\w*|byline|posted|post-?meta|entry-?meta|post-?footer|entry-?footer)"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"(?:^|[\s_-])(?:respond|reply|comments?|commentlist|comments?-?(?:list|area|form|block|section|body|content|text|author|thread|meta)s?"
    r"|trackbacks?|pings?|disqus_thread|replies)(?=$|[\s_-])",
    re.IGNORECASE,
)
# Templates wrap the text itself in "widget" and "sidebar-left"; below these names it is safe.
_TEXT = re.compile(
    r"(?:^|\s)(?:hentry|h-entry|(?:entry|post|article|story|asset)[-_]?(?:content|body|text)|storycontent|blogbody|blogpost|e-content"
    r"|article_?content|post_?text)(?=$|\s)",
    re.IGNORECASE,
)
_MAIN_SHARE = 0.4  # of a page's words: an element with more is no furniture, whatever its name
_CONTENT = re.compile(
    r"(?:^|[\s_-])(?:(?:entry|post|article|story|blog|content|page|main|body|text|news)-?(?:content|body|text|entry|post|main|copy|inner)"
    r"|entry(?:text|body|content)?|storycontent|blogbody|hentry|post|article|story|asset-?(?:body|content)|e-content|markdown|prose)"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)


def hint(node: Node) -> str:
    """The names by which a template tells what an element is."""
    names = [value for name in _NAMES if (value := node.get(name))]
    return " ".join(names) if names else ""


@lru_cache(maxsize=4096)  # a page and its siblings repeat the same few names
def _names_furniture(names: str) -> bool:
    return bool(names) and _FURNITURE.search(names) is not None and not _CONTENT.search(names)


@lru_cache(maxsize=4096)
def _names_talk(names: str) -> bool:
    return bool(names) and _TALK.search(names) is not None


@lru_cache(maxsize=4096)
def _names_text(names: str) -> bool:
    return bool(names) and _TEXT.search(names) is not None


def is_furniture(node: Node) -> bool:
    """Whether an element is by its tag or names not the text of a page."""
    if node.tag in _FURNITURE_TAGS:
        return True
    return node.tag not in _FRAMES and _names_furniture(hint(node))


def is_talk(node: Node) -> bool:
    """Whether an element is by its names the comments or a part of them."""
    return node.tag not in _FRAMES and _names_talk(hint(node))


def is_content(node: Node) -> bool:
    """Whether a template says that an element holds the text of an entry."""
    return _CONTENT.search(hint(node)) is not None


class Regions:
    """Furniture of one page, each element judged once."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self._judged: dict[Node, bool] = {}
        self._talk: dict[Node, bool] = {}
        self._main = _MAIN_SHARE * len(outline.text)

    def is_outside(self, node: Node | None) -> bool:
        """Whether an element is furniture or stands in some."""
        if node is None:
            return False
        judged = self._judged.get(node)
        if judged is None:
            judged = self.in_talk(node)
            if not judged and not _names_text(hint(node)):
                named = is_furniture(node) and self.outline.size(node) < self._main
                judged = named or self.is_outside(node.getparent())
            self._judged[node] = judged
        return judged

    def in_talk(self, node: Node | None) -> bool:
        """Whether an element stands among the comments."""
        if node is None:
            return False
        judged = self._talk.get(node)
        if judged is None:
            judged = is_talk(node) or self.in_talk(node.getparent())
            self._talk[node] = judged
        return judged

    def worth(self, line: Line) -> float:
        """How much a line speaks for the text (positive) or for furniture (negative)."""
        if self.is_outside(line.box):
            return -25.0
        if line.heading is not None:
            return -2.0
        size = len(line.words)
        share = line.link_share
        if share > 0.6:
            return -8.0 - min(size, 40) * share
        said = size * (1 - share)
        if line.box.tag in ("p", "blockquote", "pre", "code"):
            return min(said, 600) + 4.0
        return min(said, 600) - 14.0
