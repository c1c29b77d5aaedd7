"""What belongs to a blog: which URLs may be fetched, by address, role and where they stood."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from archiver.config import Blog
from archiver.model import Role, Url
from archiver.urls import host, registered_domain, site_host

_LONGEST_PAGE_URL = 2_000
_LONGEST_URL = 4_000  # requisites and services carry long queries
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Where other people's servers hold a blog's comments or feeds. A platform's own blog hosts are
# not named: a link to a stranger's comment page there is no part of this blog.
_COMMENT_SERVICES = re.compile(
    r"^https?://(?:"
    r"(?:[\w-]+\.)*(?:disqus\.com|intensedebate\.com|haloscan\.com|js-kit\.com|livefyre\.com"
    r"|fyre\.co|commento\.io|webmention\.io|echoenabled\.com)/"
    r"|(?:www\.)?(?:draft\.)?blogger\.com/(?:feeds/|comment)"
    r"|public-api\.wordpress\.com/"
    r"|(?:www|profile)\.typepad\.com/(?:t/|services/|[\w./-]*(?:embed|thread)\.js)"
    r"|api\.github\.com/repos/[^/]+/[^/]+/issues"
    r")",
    re.IGNORECASE,
)
_FEED_SERVICES = re.compile(
    r"^https?://(?:"
    r"feeds?2?\.feedburner\.com/|(?:www\.)?feedburner\.com/|feedproxy\.google\.com/"
    r"|feeds\.feedblitz\.com/|(?:www\.)?blogger\.com/feeds/"
    r")",
    re.IGNORECASE,
)
# Where platforms send readers of blogs that are closed, private or adult.
_PLATFORM_FRONTS = re.compile(
    r"(?:accounts\.|login\.)?(?:blogger|google|typepad|sixapart|wordpress|livejournal|dreamwidth"
    r"|tumblr|medium|xanga|myspace|yahoo|squarespace|vox|posterous|live|facebook)\.com"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a URL may be fetched; `rule` names the refusal.

    `instead` is an address to take in its place, where a rule only takes something off it.
    """

    rule: str | None = None
    instead: Url | None = None

    @property
    def allowed(self) -> bool:
        """Whether no rule objects."""
        return self.rule is None


ALLOWED = Verdict()


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A part of the web: a site's host and port, and the folder under which everything counts."""

    site: str
    port: int | None = None  # None for 80 and 443
    folder: str = "/"

    @classmethod
    def of(cls, url: str) -> Area:
        """The site of a URL, down to the folder that the URL names.

        A last segment without a dot is a folder ("/anna" is the blog of anna), with one a file.
        """
        path = urlsplit(url).path or "/"
        folder, _, last = path.rpartition("/")
        if last and "." not in last:
            folder = path
        return cls(site=site_host(url), port=_port(url), folder=f"{folder.rstrip('/')}/")

    def is_site_of(self, url: str) -> bool:
        """Whether a URL is on the same site, any folder."""
        return site_host(url) == self.site and _port(url) == self.port

    def holds(self, url: str) -> bool:
        """Whether a URL is on the site and inside the folder."""
        if not self.is_site_of(url):
            return False
        path = urlsplit(url).path or "/"
        return self.folder == "/" or f"{path}/".startswith(self.folder)


@dataclass(frozen=True, slots=True)
class Scope:
    """The areas of one blog and the rules for what lies outside them."""

    areas: tuple[Area, ...]
    requisites: bool = True

    @classmethod
    def of(cls, blog: Blog, seeds: Iterable[Url], *, requisites: bool = True) -> Scope:
        """The areas that a blog's home address and its seeds name."""
        areas = dict.fromkeys(Area.of(url) for url in (blog.home_url, *seeds))
        return cls(areas=tuple(areas), requisites=requisites)

    def holds(self, url: str) -> bool:
        """Whether a URL is inside the blog."""
        return any(area.holds(url) for area in self.areas)

    def is_home_host(self, name: str) -> bool:
        """Whether a host serves the blog itself."""
        return any(area.site == site_host(f"http://{name}/") for area in self.areas)

    def judge(self, url: Url, role: Role, via: Url | None = None) -> Verdict:
        """The verdict on a canonical URL found on the page `via`; pure."""
        if not url.startswith(("http://", "https://")):
            return Verdict(rule="scope.scheme")
        if not _has_server(url):
            return Verdict(rule="scope.malformed")
        if len(url) > (_LONGEST_PAGE_URL if _is_page(role) else _LONGEST_URL):
            return Verdict(rule="scope.url-length")
        if role is Role.REQUISITE:
            return self._judge_requisite(url, via)
        if self.holds(url) or self._is_served_for_us(url, role, via):
            return ALLOWED
        elsewhere = any(area.is_site_of(url) for area in self.areas)
        return Verdict(rule="scope.path" if elsewhere else "scope.host")

    def _judge_requisite(self, url: Url, via: Url | None) -> Verdict:
        if not self.requisites:
            return Verdict(rule="scope.requisites-off")
        # One hop off the blog, and from a foreign style sheet to its own neighbours.
        if via is None or self.holds(via) or self.holds(url) or site_host(via) == site_host(url):
            return ALLOWED
        return Verdict(rule="scope.requisite-hop")

    def _is_served_for_us(self, url: Url, role: Role, via: Url | None) -> bool:
        if via is not None and not self.holds(via) and site_host(via) != site_host(url):
            return False
        if role is Role.FEED:
            own_site = any(area.is_site_of(url) for area in self.areas)
            return own_site or _FEED_SERVICES.match(url) is not None
        if role in (Role.API, Role.COMMENT_PAGE):
            own_site = role is Role.API and any(area.is_site_of(url) for area in self.areas)
            return own_site or _COMMENT_SERVICES.match(url) is not None
        return False

    def moved(self, seed: Url, target: Url) -> Scope:
        """The scope after a seed redirected: a blog that moved is followed if it is still a blog.

        Not followed: to the front page of its own host or of the platform that it lived under
        ("anna.example.com" to "www.example.com"): that is where closed blogs are sent.
        """
        if self.holds(target) or not host(target):
            return self
        area = Area.of(target)
        old = site_host(seed)
        is_above = area.site in (old, registered_domain(seed)) or old.endswith(f".{area.site}")
        if area.folder == "/" and (is_above or _PLATFORM_FRONTS.fullmatch(area.site)):
            return self
        return replace(self, areas=(*self.areas, area))


def _is_page(role: Role) -> bool:
    return role not in (Role.REQUISITE, Role.API, Role.FEED)


def _has_server(url: str) -> bool:
    """Whether a URL names a host and, if any, a port that can be connected to."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _port(url: str) -> int | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return None if port == _DEFAULT_PORTS.get(parts.scheme) else port
