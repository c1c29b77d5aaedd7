"""What the class names of WordPress themes say about an element.

Themes of twenty years agree on few exact names but on the words in them: "comment-author",
"commentauthor", "wp-block-comment-author-name" and "entry-author" all end in what they mean.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Role(StrEnum):
    """What an element may be; an element can have several."""

    NAME = "name"  # exactly a person's name
    AUTHOR = "author"  # holds the author, perhaps with other words
    DATE = "date"
    META = "meta"  # the line with author, date, categories
    BODY = "body"
    TITLE = "title"
    SUMMARY = "summary"
    ASIDE = "aside"  # neither header nor body: reply links, share bars, avatars


_PREFIX = re.compile(
    r"^(?:wp-block-)?(?:comments?|cmt|entry|posts?|single|article|story|blog|the|meta|item|hero)?[-_]*"
)
# "elementor-author-box__name", "elementor-post-info__item--type-date"
_TAIL = re.compile(r"^.*(?:__|--type-)")
_WORDS: dict[Role, str] = {
    Role.NAME: "fn author-name authorname author__name author_name name commenter author-link"
    " author_link authorlink",
    Role.AUTHOR: "author by byline author-vcard user username poster writer vcard posted-by"
    " by-author authors",
    Role.DATE: "date time datetime published posted-on timestamp dateline date-time day-date"
    " postdate when updated ct-meta-date",
    Role.META: "meta metadata metabox info details data postmetadata meta-data header head footer"
    " foot credits utility kicker commentmetadata meta-top meta-info byline-date",
    Role.BODY: "content text body copy message msg entry storycontent entrytext main-content inner"
    " paragraph articlebody content-body content-inner format_text format-text text-content"
    " body-text entrybody postbody postcontent posttext entry-content",
    Role.TITLE: "title headline storytitle posttitle titles",
    Role.SUMMARY: "summary excerpt excerpt__excerpt",
    Role.ASIDE: "reply reply-link edit edit-link says avatar gravatar photo counter num number"
    " awaiting-moderation moderation rating ratings karma respond tools actions permalink-icon",
}
_BY_WORD: dict[str, frozenset[Role]] = {
    name: frozenset(role for role, names in _WORDS.items() if name in names.split())
    for names in _WORDS.values()
    for name in names.split()
}
_NO_ROLES: frozenset[Role] = frozenset()


@lru_cache(maxsize=4096)
def roles(class_names: str) -> frozenset[Role]:
    """All roles that the class attribute of an element suggests."""
    found: set[Role] = set()
    for token in class_names.lower().split():
        for word in (token, _PREFIX.sub("", token), _TAIL.sub("", token)):
            found |= _BY_WORD.get(word, _NO_ROLES)
    return frozenset(found)
