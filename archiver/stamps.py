"""Machine dates, and when the zero offset of a WordPress page is a lie."""

from __future__ import annotations

import re

from archiver.drafts import DateDraft
from archiver.model import Source
from archiver.page import Page

_ZERO = re.compile(r"(?:[+-]00:?00|Z)$", re.IGNORECASE)
_WORDPRESS = re.compile(r"WordPress(?:\.com|\s+(\d+)\.(\d+))?", re.IGNORECASE)
_HONEST_PLUGINS = re.compile(rb"yoast|jetpack open graph", re.IGNORECASE)


def stamped(
    page: Page,
    machine: str | None,
    *,
    words: str | None = None,
    is_markup: bool = False,
    source: Source = Source.MACHINE,
) -> DateDraft | None:
    """A date draft of a machine value (and the words beside it); None when there is neither.

    `is_markup` says that a theme wrote the value, not a plugin in the head.
    """
    value = (machine or "").strip()
    if not value and not words:
        return None
    trusted = not _ZERO.search(value) or _zero_is_true(page, value, is_markup)
    return DateDraft(text=words or None, machine=value or None, trust_offset=trusted, source=source)


def _zero_is_true(page: Page, value: str, is_markup: bool) -> bool:
    """Whether an offset of zero means UTC.

    WordPress before 5.3 prints local time with +00:00 in themes, and All in One SEO wrote local
    time with a Z; Yoast and Jetpack convert first.  Source: WordPress 4.9
    wp-includes/functions.php (date_i18n); aioseop_opengraph.php 2.x; wordpress-seo 3-14
    """
    generator = _WORDPRESS.match(page.generator)
    if generator is None and b"/wp-content/" not in page.body:
        return True
    if value[-1] in "zZ":
        return False
    if generator and generator[1] and (int(generator[1]), int(generator[2])) >= (5, 3):
        return True
    return not is_markup and _HONEST_PLUGINS.search(page.body) is not None
