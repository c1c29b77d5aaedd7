"""What a perfect archive of the sample blog would hold, and what it must not hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.sample import bodies, media, threads
from tests.sample.blog import Blog
from tests.sample.media import Fate
from tests.sample.threads import Comment
from tests.sample.timeline import BASE, ZONE_NAME, Charset, Entry, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPost:
    """A post that anyone may read. `text` has one paragraph per line pair, pictures left out."""

    native_id: str
    url: str
    title: str
    author: str
    published_at: datetime  # aware, UTC, to the second; Kubrick pages show minutes, feeds seconds
    text: str
    html: str
    language: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    images: tuple[str, ...]  # every size of every picture in the body
    comments_closed: bool
    comment_count: int  # visible ones, pings included, as the page declares it
    comment_pages: int
    part_count: int
    charset: Charset


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicComment:
    """A comment that anyone may read.

    `flattened` means that its depth exceeds the theme's five, so that a page prints it beside
    its parent; only the Atom comment feed tells the parent then.
    """

    native_id: str
    post_id: str
    parent_id: str | None
    kind: str  # comment, pingback, trackback
    author: str | None  # None: nameless, shown as "Anonymous"
    author_url: str | None
    is_post_author: bool
    published_at: datetime  # aware, UTC, to the second; Kubrick pages show minutes
    text: str
    html: str
    depth: int  # as shown, 1-based
    flattened: bool
    page: int  # 1-based comment page; 1 is the oldest


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A post or comment that the public never sees; `secret` is a sentence found only in it."""

    kind: str  # "protected post", "private post", "comment on …", "unapproved comment"
    native_id: str
    post_id: str
    url: str | None  # None where nothing public leads to it
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requisite:
    """A file that a page needs, and whether it is still there."""

    url: str
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Everything, oldest first. Every address begins with the base URL that was asked for."""

    home_url: str
    title: str
    tagline: str
    timezone: str
    posts: tuple[PublicPost, ...]
    pages: tuple[PublicPost, ...]  # not posts: Kubrick shows neither date nor author of these
    comments: tuple[PublicComment, ...]
    hidden: tuple[Hidden, ...]
    requisites: tuple[Requisite, ...]
    disallowed: tuple[str, ...]  # linked, but forbidden by robots.txt
    missing: tuple[str, ...]  # linked, but 404


def tell(blog: Blog, base_url: str) -> Truth:
    """The truth about a blog served at `base_url` (no final slash)."""
    posts: list[PublicPost] = []
    comments: list[PublicComment] = []
    hidden: list[Hidden] = []
    files = set(media.shared(blog.theme))
    for entry in blog.entries:
        hidden += _hidden(blog, entry, base_url)
        if entry.status is Status.PUBLIC:
            thread = blog.thread(entry)
            posts.append(_post(blog, entry, base_url))
            comments += (
                _comment(entry, answer, thread, base_url) for answer in blog.approved(entry)
            )
            files.update(media.needed(blog, entry))
    return Truth(
        home_url=f"{base_url}/",
        title=blog.world.title,
        tagline=blog.world.tagline,
        timezone=ZONE_NAME,
        posts=tuple(posts),
        pages=(_post(blog, blog.about, base_url),),
        comments=tuple(comments),
        hidden=tuple(hidden),
        requisites=tuple(
            Requisite(url=url.replace(BASE, base_url), fate=media.fate(blog, url))
            for url in sorted(files)
        ),
        disallowed=(f"{base_url}/stats/",),
        missing=(base_url + bodies.DEAD_PATH,),
    )


def _post(blog: Blog, entry: Entry, base_url: str) -> PublicPost:
    body, whole = blog.body(entry), blog.body(entry).whole
    return PublicPost(
        native_id=str(entry.native_id),
        url=base_url + entry.path,
        title=entry.title,
        author=entry.author.name,
        published_at=entry.instant,
        text=whole.text,
        html=whole.html.replace(BASE, base_url),
        language=entry.language,
        categories=(entry.category,) if entry.kind == "entry" else (),
        tags=entry.tags if entry.kind == "entry" else (),
        images=tuple(url.replace(BASE, base_url) for photo in body.photos for url in photo.urls),
        comments_closed=not entry.comments_open,
        comment_count=len(blog.approved(entry)),
        comment_pages=threads.pages(blog.thread(entry)),
        part_count=entry.part_count,
        charset=entry.charset,
    )


def _comment(
    entry: Entry, comment: Comment, thread: tuple[Comment, ...], base_url: str
) -> PublicComment:
    return PublicComment(
        native_id=str(comment.native_id),
        post_id=str(entry.native_id),
        parent_id=str(comment.parent.native_id) if comment.parent else None,
        kind=comment.kind,
        author=comment.author.name if comment.author else None,
        author_url=comment.author.url if comment.author else None,
        is_post_author=comment.by_post_author,
        published_at=comment.instant,
        text=comment.body.text,
        html=comment.body.html.replace(BASE, base_url),
        depth=comment.depth,
        flattened=comment.true_depth > threads.MAX_DEPTH,
        page=threads.page_of(comment, thread),
    )


def _hidden(blog: Blog, entry: Entry, base_url: str) -> Iterator[Hidden]:
    post_id = str(entry.native_id)
    if entry.status is not Status.PUBLIC:
        yield Hidden(
            kind=f"{entry.status} post",
            native_id=post_id,
            post_id=post_id,
            url=base_url + entry.path if entry.status is Status.PROTECTED else None,
            secret=bodies.secret(entry),
        )
    for comment in blog.thread(entry):
        if entry.status is Status.PUBLIC and comment.approved:
            continue
        yield Hidden(
            kind=f"comment on {entry.status} post" if comment.approved else "unapproved comment",
            native_id=str(comment.native_id),
            post_id=post_id,
            url=None,
            secret=threads.secret(comment.native_id),
        )
