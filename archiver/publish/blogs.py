"""The row of `blogs` that one crawl writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from archiver.config import Blog
from archiver.model import BlogFacts
from archiver.reconcile.moments import Learned
from archiver.urls import host, registered_domain
from pipelines.tables.columnar import Row
from pipelines.tables.staging import Staging


def blog_row(
    staging: Staging,
    blog: Blog,
    crawl_id: str,
    learned: Learned,
    *,
    authors: Sequence[str],
) -> Row:
    """What most pages say of the blog, and what the crawl found."""
    facts = list(staging.facts())
    captured = [row["fetch_time"] for row in staging.captures()]
    known = [at for at in captured if isinstance(at, datetime)]
    zone = learned.zone.name if learned.zone else None
    title = _commonest(facts, "title")
    return {
        "blog_id": blog.blog_id,
        "collection": blog.collection,
        "title": title,
        "tagline": _commonest(facts, "tagline"),
        "home_url": blog.home_url,
        "host": host(blog.home_url) or None,
        "registered_domain": registered_domain(blog.home_url) or None,
        "platform": blog.platform or _platform(facts),
        "generator_raw": _commonest(facts, "generator"),
        "template": _commonest(facts, "template"),
        "language": blog.language or _commonest(facts, "language"),
        "timezone": blog.timezone or _commonest(facts, "timezone") or zone,
        "timezone_source": "config" if blog.timezone else ("feed" if zone else None),
        "authors": list(authors),
        "feed_urls": sorted({url for fact, _ in facts for url in fact.feed_urls})[:50],
        "external_comments": sorted({s for fact, _ in facts for s in fact.external_comments}),
        "site_state": "alive",
        "license_url": _commonest(facts, "license_url"),
        "tags": list(blog.tags),
        "first_crawl_id": crawl_id,
        "last_crawl_id": crawl_id,
        "first_seen_at": min(known, default=None),
        "last_seen_at": max(known, default=None),
        "revision": 1,
        "state": "present",
    }


def _commonest(facts: list[tuple[BlogFacts, int]], name: str) -> str | None:
    count: Counter[str] = Counter()
    for fact, pages in facts:
        value = getattr(fact, name)
        if value:
            count[str(value)] += pages
    return count.most_common(1)[0][0] if count else None


def _platform(facts: list[tuple[BlogFacts, int]]) -> str | None:
    """The platform of most pages; formats that every platform has do not count."""
    named = [(f, n) for f, n in facts if f.platform not in (None, "feeds", "sitemaps", "generic")]
    return _commonest(named, "platform")
