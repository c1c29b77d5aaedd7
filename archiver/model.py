"""The values that travel between the parts: plain frozen data, no I/O, no parsing.

Drafts (values exactly as found on a page) are in `archiver.drafts`; here are the values that
normalisers made of them. Every `*_at` and `instant` is an aware UTC datetime.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from mmap import mmap
from typing import NewType

Url = NewType("Url", str)
Surt = NewType("Surt", str)
CaptureId = NewType("CaptureId", str)  # bare uuid of the WARC-Record-ID
BlogId = NewType("BlogId", str)


class Truncated(StrEnum):
    """Why a capture is shorter than the server meant.  Source: WARC 1.1, 5.13."""

    LENGTH = "length"
    TIME = "time"
    DISCONNECT = "disconnect"
    UNSPECIFIED = "unspecified"


class RecordType(StrEnum):
    """WARC record types that can hold a page; `REQUEST` alone means that nothing came back."""

    REQUEST = "request"
    RESPONSE = "response"
    REVISIT = "revisit"
    RESOURCE = "resource"


class PageKind(StrEnum):
    """What a capture turned out to be."""

    HOME = "home"
    ARCHIVE = "archive"
    POST = "post"
    COMMENT_PAGE = "comment_page"
    FEED = "feed"
    MEDIA = "media"
    OTHER = "other"


class Role(StrEnum):
    """Why a link is worth following; the crawl orders its queue by it."""

    POST = "post"
    COMMENT_PAGE = "comment_page"
    FEED = "feed"
    API = "api"
    SITEMAP = "sitemap"
    LISTING = "listing"
    REQUISITE = "requisite"
    OTHER = "other"


class Source(StrEnum):
    """Where on a page or in which document a value was read."""

    API = "api"
    FEED = "feed"
    ID = "id"  # an instant hidden in an id or URL
    RDF = "rdf"  # trackback RDF in an HTML comment
    MACHINE = "machine"  # datetime=, title=, content= attributes, JSON-LD
    TEXT = "text"  # what a reader sees
    META = "meta"  # <meta>, OpenGraph, <title>


class Precision(StrEnum):
    """How exactly a moment was stated."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    NONE = "none"


class ZoneSource(StrEnum):
    """What the offset of a moment rests on."""

    PAGE = "page"
    FEED = "feed"
    CONFIG = "config"
    ASSUMED = "assumed"


class ParentGround(StrEnum):
    """What a comment's parent rests on; `NONE` when it has no parent or none is shown."""

    EXPLICIT = "explicit"
    NESTING = "nesting"
    DEPTH = "depth"
    FLATTENED = "flattened"  # at the platform's maximum depth the true parent is not shown
    NONE = "none"


class CommentKind(StrEnum):
    COMMENT = "comment"
    TRACKBACK = "trackback"
    PINGBACK = "pingback"


class Visibility(StrEnum):
    VISIBLE = "visible"
    DELETED = "deleted_placeholder"
    SPAM = "spam_placeholder"
    SCREENED = "screened_placeholder"
    TRUNCATED = "truncated"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Stage(StrEnum):
    FETCH = "fetch"
    EXTRACT = "extract"
    NORMALISE = "normalise"
    WRITE = "write"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The exact bytes of one request and its answer, as they crossed the wire inside TLS.

    `response` is the final message with its transfer coding, as received; interim 1xx messages
    are in `interim`. Empty `response` means that nothing came back. A large one is a mapped
    temporary file, to be read like bytes. `surplus_bytes` followed the message and are not in it.
    """

    capture_id: CaptureId
    url: Url
    method: str
    started_at: datetime
    duration_ms: int
    request: bytes
    response: bytes | mmap
    interim: bytes = b""
    surplus_bytes: int = 0
    ip_address: str | None = None
    truncated: Truncated | None = None
    error: str | None = None
    via: str | None = None
    hops_from_seed: str = ""  # Heritrix letters: L link, E embed, R redirect, P prerequisite


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One exchange kept: where its record is, and what HTTP said.

    `warc_*` is None while the record is on its way to disk. `headers` are as sent, in order,
    decoded as Latin-1. `length_bytes` is the compressed length of the record.
    """

    capture_id: CaptureId
    url: Url
    captured_at: datetime
    record_type: RecordType = RecordType.RESPONSE
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    payload_digest: str | None = None  # "sha1:BASE32" over the entity body, transfer coding removed
    payload_length: int | None = None  # bytes of the decoded payload
    truncated: Truncated | None = None
    ip_address: str | None = None
    duration_ms: int | None = None
    revisit_of: CaptureId | None = None
    via: str | None = None
    hops_from_seed: str = ""
    warc_filename: str | None = None
    warc_offset: int | None = None
    warc_length: int | None = None

    def header(self, name: str) -> str | None:
        """First value of a header, case-insensitive; None when absent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A capture with its payload, transfer and content codings removed."""

    capture: Capture
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date as written and what is sure about it.

    `instant` only where the offset is known; `local` is the wall clock as shown (naive). `zone`
    is an IANA name or ±hh:mm. `ambiguous` means that day and month could be swapped.
    """

    text: str
    instant: datetime | None = None
    local: datetime | None = None
    precision: Precision = Precision.NONE
    zone: str | None = None
    zone_source: ZoneSource | None = None
    source: Source = Source.TEXT
    ambiguous: bool = False
    year_inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person as named: `name` is None for states such as "Anonymous", `raw` is never lost."""

    name: str | None
    raw: str | None
    url: Url | None = None
    profile_id: str | None = None
    state: str | None = None  # "anonymous", "not verified", "visitor", "member" …


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link element: absolute target, words, relation and where on the page it stood."""

    url: Url
    text: str = ""
    rel: str | None = None
    context: str = "body"  # body comment comment_author nav sidebar blogroll trackback
    position: int = 0  # 1-based inside its context
    locator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One use of an image, sound, film, document or embed."""

    url: Url
    kind: str = "image"  # image audio video document embed
    alt: str | None = None
    title: str | None = None
    caption: str | None = None
    width: int | None = None
    height: int | None = None
    embed_provider: str | None = None
    embed_id: str | None = None
    thumbnail_of: Url | None = None  # what a linked thumbnail points at
    position: int = 0
    locator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Cleaned text of a post or comment: sanitised HTML fragment, plain text, links, media."""

    html: str
    text: str
    links: tuple[Link, ...] = ()
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A recorded doubt or loss about one page or field; `code` is stable and documented."""

    code: str
    message: str
    severity: Severity = Severity.WARNING
    stage: Stage = Stage.EXTRACT
    url: str | None = None
    field: str | None = None
    raw_value: str | None = None
    post: str | None = None  # first alias of the post
    comment: str | None = None  # native id of the comment
    capture_id: CaptureId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post as one document shows it; several such sightings are reconciled into one row.

    `aliases` are the names under which the document knows the post, strongest first:
    "native:<id>" and "url:<permalink identity>" (see `urls.permalink_identity`).
    """

    aliases: tuple[str, ...]
    source: Source
    page_kind: PageKind
    native_id: str | None = None
    url: Url | None = None
    canonical_url: Url | None = None  # as the page states it
    title: str | None = None
    title_html: str | None = None
    author: Author | None = None
    co_authors: tuple[Author, ...] = ()
    published: Moment | None = None
    updated: Moment | None = None
    body: Body | None = None
    excerpt: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    comment_count_declared: int | None = None
    count_includes_pings: bool | None = None
    trackback_count_declared: int | None = None
    comments_closed: bool | None = None
    prev_url: Url | None = None
    next_url: Url | None = None
    kind: str = "entry"  # entry page link photo quote
    page_number: int = 1  # part of a multi-page post
    page_count: int | None = None
    is_truncated: bool | None = None  # only an excerpt stood here
    is_protected: bool = False  # password form instead of a body
    enclosures: tuple[Url, ...] = ()
    extractor: str = ""
    confidence: float = 1.0
    capture_id: CaptureId | None = None
    locator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment or ping as one document shows it; sightings are reconciled into one row.

    `post_aliases` name its post as the document does. `parent_id` is the parent's native id.
    `page_number` is None where comments are not paged. `position` is 1-based on the page.
    """

    post_aliases: tuple[str, ...]
    source: Source
    native_id: str | None = None
    other_ids: tuple[str, ...] = ()
    parent_id: str | None = None
    parent_ground: ParentGround = ParentGround.NONE
    depth: int | None = None  # 0 = top level
    position: int = 0
    page_number: int | None = None
    permalink: Url | None = None
    kind: CommentKind = CommentKind.COMMENT
    author: Author | None = None
    is_post_author: bool | None = None
    published: Moment | None = None
    subject: str | None = None
    body: Body | None = None
    visibility: Visibility = Visibility.VISIBLE
    extractor: str = ""
    confidence: float = 1.0
    capture_id: CaptureId | None = None
    locator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A URL worth fetching, with the reason."""

    url: Url
    role: Role
    post: str | None = None  # first alias of the post that it belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogFacts:
    """What one page tells about its blog."""

    platform: str | None = None
    generator: str | None = None
    title: str | None = None
    tagline: str | None = None
    home_url: Url | None = None
    language: str | None = None
    timezone: str | None = None
    feed_urls: tuple[Url, ...] = ()
    license_url: str | None = None
    template: str | None = None
    external_comments: tuple[str, ...] = ()  # services that hold comments elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """Everything `extract` read from one document."""

    page_kind: PageKind
    extractor: str
    confidence: float
    posts: tuple[Post, ...] = ()
    comments: tuple[Comment, ...] = ()
    follow: tuple[Follow, ...] = ()
    links: tuple[Link, ...] = ()  # outside posts and comments
    issues: tuple[Issue, ...] = ()
    blog: BlogFacts = BlogFacts()
