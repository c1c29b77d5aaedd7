"""What a WordPress page says of its blog."""

from __future__ import annotations

import re

from lxml.etree import _Element as Node

from archiver.drafts import BlogDraft
from archiver.extractors.wordpress.facts import Facts
from archiver.extractors.wordpress.index import Sign
from archiver.extractors.wordpress.prose import words

_THEME = re.compile(rb"/wp-content/themes/(?:pub/|premium/|vip/)?([\w.-]+)")
_HEADERS = ("header", "masthead", "headerimg", "branding", "blog-header")


def blog(facts: Facts) -> BlogDraft:
    """Draft of the blog's name, address and theme."""
    theme = _THEME.search(facts.page.body)
    homes = [link for link in facts.anchors if link.get("rel") == "home"]
    title = facts.index.first(Sign.SITE)
    if title is None:
        title = next((link for link in homes if words(link)), None)
    named = title if title is not None else _header_title(facts.tree)
    services = (("disqus", b'id="disqus_thread"'), ("intensedebate", b"intensedebate.com/"))
    return BlogDraft(
        title=named if named is not None else facts.metas.get("og:site_name"),
        tagline=facts.index.first(Sign.TAGLINE),
        home=homes[0].get("href") if homes else None,
        template=theme[1].decode("ascii") if theme else None,
        external_comments=tuple(name for name, sign in services if sign in facts.page.body),
    )


def _header_title(tree: Node) -> Node | None:
    """The first h1 in a box that themes call header."""
    for heading in tree.iter("h1"):
        boxes = (above.get("id", "") for above in heading.iterancestors())
        if words(heading) and any(box in _HEADERS for box in boxes):
            return heading
    return None
