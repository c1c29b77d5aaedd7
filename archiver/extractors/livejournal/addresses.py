"""What an address of a journal says: which journal, which entry, which view of its comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from archiver.urls import host

# Sites that run LiveJournal's code; Dreamwidth has an extractor of its own.
_SITES = (
    "livejournal.com",
    "dreamwidth.org",
    "insanejournal.com",
    "journalfen.net",
    "deadjournal.com",
    "greatestjournal.com",
    "scribbld.com",
    "scribbld.net",
    "inksome.com",
    "blurty.com",
    "lj.rossia.org",
)
_SHARED_HOSTS = frozenset({"users", "community", "communities", "syndicated", "www", "m", ""})
_ENTRY = re.compile(r"/(\d+)\.html$")
_NAMED_ENTRY = re.compile(r"/\d{4}/\d\d/\d\d/[\w-]*[a-z][\w-]*\.html$")
_JOURNAL = re.compile(r"^/(?:users/|community/|~)?([A-Za-z][\w-]*)(?:/|$)")
# Lists of what other journals wrote, and pages that are no journal.
_FOREIGN = re.compile(
    r"^(?:/(?:users/|community/|~)?[\w-]+)?/(?:friends|friendsfriends|read|network)(?:/|$)"
    r"|^(?:/(?:users/|community/|~)?[\w-]+)?/(?:profile|data|icons|memories|pics|calendar)(?:/|$)"
    r"|/misc/adult_|/journal/adult_|/tools/|\.bml$"
)


@dataclass(frozen=True)
class Address:
    """The parts of a URL that a journal understands."""

    url: str

    @cached_property
    def site(self) -> str | None:
        """The service, where the host tells it."""
        name = host(self.url)
        return next((s for s in _SITES if name == s or name.endswith(f".{s}")), None)

    @cached_property
    def journal(self) -> str | None:
        """User name of the journal: of the host, or of the path on hosts that many share."""
        name = host(self.url)
        if self.site and name != self.site:
            label = name.removesuffix(f".{self.site}").rpartition(".")[2]
            if label not in _SHARED_HOSTS:
                return label.replace("-", "_")
        if "journal" in self.query:
            return self.query["journal"]
        match = _JOURNAL.match(self.path) if self.site else None
        return match.group(1) if match else None

    @cached_property
    def base(self) -> str:
        """Address of the entry without its view: the canonical one of all its views."""
        bare = self.url.partition("#")[0].partition("?")[0]
        if self.entry is None or _ENTRY.search(self.path):
            return bare
        return f"{bare}?journal={self.journal or ''}&itemid={self.entry}"

    def view(self, words: str) -> str:
        """Address of a view of the entry, such as "thread=123" or "view=flat&page=2"."""
        return f"{self.base}{'&' if '?' in self.base else '?'}{words}"

    @cached_property
    def path(self) -> str:
        """Path of the URL."""
        return urlsplit(self.url).path

    @cached_property
    def query(self) -> dict[str, str]:
        """Query of the URL."""
        return dict(parse_qsl(urlsplit(self.url).query))

    @cached_property
    def entry(self) -> str | None:
        """Public number of the entry (itemid * 256 + a random byte)."""
        match = _ENTRY.search(self.path)
        if match:
            return match.group(1)
        if self.path.endswith(("talkread.bml", "__rpc_get_thread")):
            return self.query.get("itemid")
        return None

    @cached_property
    def is_entry(self) -> bool:
        """Whether one entry is meant, by number or by name."""
        return self.entry is not None or _NAMED_ENTRY.search(self.path) is not None

    @cached_property
    def is_foreign(self) -> bool:
        """Lists of other people's entries, forms, profiles, warnings: nothing of this journal."""
        is_form = self.query.get("mode") == "reply" or "replyto" in self.query
        return is_form or (not self.is_entry and _FOREIGN.search(self.path) is not None)

    @cached_property
    def thread(self) -> str | None:
        """The comment whose thread alone is shown."""
        return self.query.get("thread")

    @cached_property
    def page(self) -> int | None:
        """1-based page of comments."""
        number = self.query.get("page", "")
        return int(number) if number.isdigit() else None

    @cached_property
    def is_flat(self) -> bool:
        """Whether comments stand in order of time, without their tree."""
        return self.query.get("view") == "flat"

    @cached_property
    def is_expanded(self) -> bool:
        """Whether this view was asked for to see what others collapse."""
        styles = (self.query.get("format"), self.query.get("style"))
        return self.is_flat or "light" in styles or self.thread is not None
