"""What a person may set: frozen, with polite defaults."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archiver.errors import ConfigError
from archiver.model import BlogId, Url
from archiver.urls import canonical, host, resolve

USER_AGENT = "archiver/0.1 (+https://github.com/archiver-project/archiver; legacy-blog archiving)"
# "localhost:8000" names a port, "mailto:anna" a scheme.
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blog:
    """One site with its hints; every hint may be None, which means: find out."""

    blog_id: BlogId
    home_url: Url
    collection: str | None = None
    platform: str | None = None
    timezone: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How a crawl treats a server: obey robots.txt, one request at a time per host, 1 s apart."""

    delay_s: float = 1.0
    jitter: bool = False
    concurrency_per_host: int = 1
    concurrency: int = 8
    obey_robots: bool = True
    allow_private: bool = False
    user_agent: str = USER_AGENT
    timeout_s: float = 60.0
    max_tries: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Where a crawl stops; None means no bound."""

    max_pages: int | None = None
    max_bytes: int | None = None
    max_time_s: float | None = None
    max_document_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlPlan:
    """Everything one crawl of one blog needs to know."""

    blog: Blog
    seeds: tuple[Url, ...]
    output: Path
    address: str = ""  # as a person gave it
    politeness: Politeness = field(default_factory=Politeness)
    budget: Budget = field(default_factory=Budget)
    redact: bool = False
    requisites: bool = True


def blog_id_for(url: str) -> BlogId:
    """A slug with at least one letter, made of host, port and path ("blog-example-com-anna").

    Raises:
        ConfigError: the URL has no host.
    """
    name = host(url)
    if not name:
        raise ConfigError("command line", "URL", f"{url!r} is not an http(s) address")
    rest = re.sub(r"^[a-z]+://[^/:]+", "", canonical(url).lower().partition("?")[0])
    slug = re.sub(r"[^a-z0-9]+", "-", f"{name.removeprefix('www.')}{rest}").strip("-")[:80]
    # A numeric-looking id would be read as a number by some table readers.
    return BlogId(slug if re.search(r"[a-z]", slug) else f"blog-{slug}")


def plan_for(
    url: str,
    output: Path,
    *,
    platform: str | None = None,
    timezone: str | None = None,
    redact: bool = False,
    politeness: Politeness | None = None,
    budget: Budget | None = None,
) -> CrawlPlan:
    """The plan of one crawl from what a person gave; a missing scheme is http.

    Raises:
        ConfigError: the address, the platform or the time zone is unusable.
    """
    address = url if _SCHEME.match(url) else f"http://{url}"
    seed = resolve(address, address)
    if seed is None:
        raise ConfigError("command line", "URL", f"{url!r} is not an http(s) address")
    if timezone is not None and not _is_zone(timezone):
        raise ConfigError("command line", "--timezone", f"{timezone!r} is no IANA zone name")
    blog = Blog(blog_id=blog_id_for(seed), home_url=seed, platform=platform, timezone=timezone)
    return CrawlPlan(
        blog=blog,
        seeds=(seed,),
        address=url,
        output=output,
        redact=redact,
        politeness=politeness or Politeness(),
        budget=budget or Budget(),
    )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True
