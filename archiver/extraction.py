"""extract(page, blog, rules) → Extraction: the one function behind crawls and re-extractions.

Extractors claim the page, the strongest drafts its posts, comments and links exactly as found,
normalisers turn drafts into values, and every doubt becomes an issue. Pure: no network, no disk.

The platform speaks first; hosts (RDF, structured data) add sightings of the same posts, and the
generic reader is asked for what is still missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from lxml.etree import LxmlError

from archiver import follow, witnesses
from archiver.config import Blog
from archiver.drafts import PostDraft
from archiver.extractors import NO_CLAIM, Claim, Extractor, load
from archiver.model import BlogFacts, Comment, Extraction, PageKind, Post, Severity, Source
from archiver.normalisation import Normaliser
from archiver.page import Page

T = TypeVar("T")

# What hostile markup can make an extractor raise; it costs that list, never the run.
_FAULTS = (LxmlError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
_OWN_PAGES = (PageKind.POST, PageKind.COMMENT_PAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """An extractor with its claim on the page."""

    extractor: Extractor
    claim: Claim

    @property
    def label(self) -> str:
        """Name and version as rows store them."""
        return f"{self.extractor.name}/{self.extractor.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The outcome of the claims: one platform at most, the hosts that join it, and the fillers.

    `fillers` read any page and lost to the platform. `rivals` are platforms whose score equals
    the winner's.
    """

    platform: Extractor | None
    claim: Claim
    hosts: tuple[Reader, ...] = ()
    fillers: tuple[Reader, ...] = ()
    rivals: tuple[str, ...] = ()

    @property
    def readers(self) -> tuple[Reader, ...]:
        """The platform, then the hosts."""
        if self.platform is None:
            return self.hosts
        return (Reader(extractor=self.platform, claim=self.claim), *self.hosts)


def claims(page: Page, blog: Blog, extractors: Iterable[Extractor]) -> Claimed:
    """Ask every extractor; the highest score wins, a hint of the blog's platform breaks a tie."""
    hosts = []
    ranked: list[tuple[float, Reader]] = []
    for extractor in extractors:
        claim = extractor.claim(page)
        if claim.score <= 0:
            continue
        reader = Reader(extractor=extractor, claim=claim)
        if extractor.is_host:
            hosts.append(reader)
        else:
            hinted = 0.05 if extractor.name == blog.platform else 0.0
            ranked.append((claim.score + hinted, reader))
    if not ranked:
        return Claimed(platform=None, claim=NO_CLAIM, hosts=tuple(hosts))
    ranked.sort(key=lambda entry: (-entry[0], entry[1].extractor.name))
    score, best = ranked[0]
    return Claimed(
        platform=best.extractor,
        claim=best.claim,
        hosts=tuple(hosts),
        fillers=tuple(reader for _, reader in ranked[1:] if reader.extractor.is_filler),
        rivals=tuple(r.extractor.name for other, r in ranked[1:] if other == score),
    )


def extract(page: Page, blog: Blog, rules: None = None) -> Extraction:
    """Everything the document says of posts, comments, links and its blog.

    `posts` holds one sighting for each post and reader, the platform's first. Never raises for
    what a page contains. `rules` is reserved for rules learned from a blog's feeds; None reads
    with the platform extractors alone.
    """
    claimed = claims(page, blog, load())
    run = _Run(page, Normaliser(page, blog), claimed)
    posts = run.posts()
    sightings = run.sightings(posts)
    comments = run.comments(posts)
    leads = run.survey(posts, comments)
    facts = run.blog_facts(posts, comments)
    return Extraction(
        page_kind=run.kind(posts),
        extractor=run.label,
        confidence=claimed.claim.score,
        posts=(*posts, *(_unnamed(seen, facts) for seen in sightings)),
        comments=tuple(comments),
        follow=leads.follow,
        links=leads.links,
        blog=facts,
        issues=tuple(run.normaliser.issues),
    )


def _unnamed(seen: Post, blog: BlogFacts) -> Post:
    """A witness's post without a title that is only the blog's name: the post has none."""
    if seen.title is None or seen.title != blog.title:
        return seen
    return replace(seen, title=None, title_html=None)


class _Run:
    """One extraction under way; shields the run from an extractor that trips over a page."""

    def __init__(self, page: Page, normaliser: Normaliser, claimed: Claimed) -> None:
        self.page, self.normaliser, self.claimed = page, normaliser, claimed
        self.readers = claimed.readers
        self.label = self.readers[0].label if self.readers else "none/0"
        self._kinds: dict[str, PageKind | None] = {}
        self._seen: dict[str, list[PostDraft]] = {}
        if claimed.rivals:
            normaliser.issue(
                "extract.claim_tie",
                f"{self.label} and {', '.join(claimed.rivals)} claim this page equally",
            )

    def posts(self) -> list[Post]:
        """Posts of the platform; where it has none, of the fillers and then of the hosts."""
        platform = self.readers[:1] if self.claimed.platform else ()
        for reader in (*platform, *self.claimed.fillers):
            found = self._read_posts(reader, self._drafts(reader))
            if found:
                return found
        for reader in self.claimed.hosts:
            drafts = [d for d in self._drafts(reader) if witnesses.stands_alone(d)]
            found = self._read_posts(reader, drafts)
            if found:
                return found
        return []

    def sightings(self, posts: list[Post]) -> list[Post]:
        """What hosts say of the same posts, and the fillers where a post's own page lacks much."""
        found: list[Post] = []
        readers = self.claimed.hosts
        own = len(posts) == 1 and posts[0].page_kind in _OWN_PAGES
        if own and not witnesses.is_complete(posts[0]):
            readers = (*readers, *self.claimed.fillers)
        for reader in readers:
            drafts = self._drafts(reader) if reader.label != posts_label(posts) else []
            for draft in drafts:
                found.extend(self._sighting(reader, draft, posts, is_only=_is_only(draft, drafts)))
        return found

    def _sighting(
        self, reader: Reader, draft: PostDraft, posts: list[Post], *, is_only: bool
    ) -> list[Post]:
        aliases = self.normaliser.aliases(draft)
        post = witnesses.subject(draft, aliases, posts, is_only=is_only)
        if post is None:
            # RDF stands beside a post's text; other data may tell of posts elsewhere.
            alone = bool(posts) and draft.source is Source.RDF and len(posts) > 1 and aliases
            return self._read_posts(reader, [draft], PageKind.ARCHIVE) if alone else []
        known = post.aliases
        if draft.source is Source.RDF:
            known = tuple(dict.fromkeys((*known, *aliases)))
        draft = witnesses.missing(draft, post)
        kind = post.page_kind
        seen = self.normaliser.post(
            draft, reader.extractor, reader.claim.score, kind, only=True, aliases=known
        )
        return [replace(seen, page_number=post.page_number)]

    def comments(self, posts: list[Post]) -> list[Comment]:
        """Comments of the platform, then those of the hosts; of a filler where nobody has any."""
        found: list[Comment] = []
        for reader in self.readers:
            if not reader.extractor.is_filler:
                self._add_comments(reader, posts, found)
        if len(posts) == 1 and posts[0].page_kind in _OWN_PAGES:
            guessing = [r for r in self.readers if r.extractor.is_filler]
            guessing.sort(key=lambda reader: not reader.extractor.is_host)
            # A platform that shows no comments mostly has none; its own count says otherwise.
            fillers = self.claimed.fillers if posts[0].comment_count_declared else ()
            for reader in (*guessing, *fillers):
                if not found:
                    self._add_comments(reader, posts, found)
        return found

    def _add_comments(self, reader: Reader, posts: list[Post], found: list[Comment]) -> None:
        read = reader.extractor.comments
        for draft in self._shielded(reader.extractor, "comments", lambda: read(self.page)):
            found.append(
                self.normaliser.comment(
                    draft,
                    reader.extractor,
                    posts,
                    confidence=reader.claim.score,
                    position=len(found) + 1,
                )
            )

    def _drafts(self, reader: Reader) -> list[PostDraft]:
        if reader.label not in self._seen:
            self._seen[reader.label] = self._shielded(
                reader.extractor, "posts", lambda: reader.extractor.posts(self.page)
            )
        return self._seen[reader.label]

    def _read_posts(
        self, reader: Reader, drafts: list[PostDraft], kind: PageKind | None = None
    ) -> list[Post]:
        if not drafts:
            return []
        kind = kind or self._kind_of(reader)
        return [
            self.normaliser.post(
                draft, reader.extractor, reader.claim.score, kind, only=len(drafts) == 1
            )
            for draft in drafts
        ]

    def _kind_of(self, reader: Reader) -> PageKind | None:
        if reader.label not in self._kinds:
            self._kinds[reader.label] = self._one(
                reader.extractor, "kind", lambda: reader.extractor.kind(self.page)
            )
        return self._kinds[reader.label]

    def kind(self, posts: list[Post]) -> PageKind:
        """The platform's word, else what the posts say, else the fillers' word."""
        sure = [reader for reader in self.readers if not reader.extractor.is_filler]
        for reader in sure:
            kind = self._kind_of(reader)
            if kind is not None:
                return kind
        if posts:
            return posts[0].page_kind
        guessing = [r for r in (*self.readers, *self.claimed.fillers) if r.extractor.is_filler]
        kinds = (self._kind_of(reader) for reader in guessing)
        return next((kind for kind in kinds if kind is not None), PageKind.OTHER)

    def survey(self, posts: list[Post], comments: list[Comment]) -> follow.Survey:
        """Where the page leads, platform knowledge included."""
        drafts = [
            draft
            for reader in (r.extractor for r in self.readers)
            for draft in self._shielded(reader, "links", partial(reader.follow, self.page))
        ]
        return follow.survey(self.page, drafts, posts, comments)

    def blog_facts(self, posts: list[Post], comments: list[Comment]) -> BlogFacts:
        """What the page says of its blog; comments that are kept elsewhere become issues."""
        drafts = [
            draft
            for reader in (r.extractor for r in self.readers)
            if (draft := self._one(reader, "blog", partial(reader.blog, self.page))) is not None
        ]
        facts = self.normaliser.blog(self.claimed.platform, drafts)
        if len(posts) == 1 and posts[0].page_kind in _OWN_PAGES:
            for service in facts.external_comments:
                self.normaliser.note_external(service, posts[0], comments)
        return facts

    def _shielded(self, reader: Extractor, what: str, read: Callable[[], Iterable[T]]) -> list[T]:
        found: list[T] = []
        try:
            for draft in read():
                found.append(draft)
        except _FAULTS as fault:
            self._failed(reader, what, fault)
        return found

    def _one(self, reader: Extractor, what: str, read: Callable[[], T | None]) -> T | None:
        try:
            return read()
        except _FAULTS as fault:
            self._failed(reader, what, fault)
            return None

    def _failed(self, reader: Extractor, what: str, fault: Exception) -> None:
        self.normaliser.issue(
            "extract.failed",
            f"{reader.name} could not read the {what}: {type(fault).__name__}: {fault}",
            severity=Severity.ERROR,
        )


def posts_label(posts: list[Post]) -> str:
    """Who read these posts; "" for none."""
    return posts[0].extractor if posts else ""


def _is_only(draft: PostDraft, drafts: list[PostDraft]) -> bool:
    """Whether a reader saw no other post than this from the same source."""
    return sum(other.source is draft.source for other in drafts) == 1
