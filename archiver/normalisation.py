"""Turns the drafts of one page into values: dates, authors, bodies, counts, addresses.

The only place where drafts meet normalisers; what cannot be understood becomes an issue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from archiver.config import Blog
from archiver.drafts import AuthorDraft, BlogDraft, CommentDraft, Content, DateDraft, PostDraft
from archiver.extractors import Extractor
from archiver.model import (
    Author,
    BlogFacts,
    Body,
    Comment,
    Issue,
    Moment,
    PageKind,
    Post,
    Precision,
    Severity,
    Stage,
    Url,
    ZoneSource,
)
from archiver.nodes import strings
from archiver.normalisers import authors, bodies, counts, dates, languages
from archiver.page import Page
from archiver.urls import permalink_identity, resolve, resolve_any

_LISTINGS = (PageKind.HOME, PageKind.ARCHIVE, PageKind.FEED)
_CANONICAL = strings("//link[@rel='canonical']/@href")
_POST_ANCHOR = re.compile(r"[aep]?0*(\d{2,})$")
_RAW_LIMIT = 500  # characters of a raw value kept in an issue


def post_aliases(native_id: str | None, *urls: str | None) -> tuple[str, ...]:
    """Names of a post, strongest first: its native id, then the identity of each address."""
    names = [f"native:{native_id}"] if native_id else []
    names += [f"url:{_identity(url)}" for url in urls if url]
    return tuple(dict.fromkeys(names))


def _identity(url: str) -> str:
    """Permalink identity; an anchor that names a post among others of one page is part of it."""
    return permalink_identity(url) + _anchor(url)


def _anchor(url: str) -> str:
    """The fragment that names a post on a page of several ("#000269"); "" for any other.

    "/archives/000269.html#000269" is a page of its own already.
    """
    path, _, fragment = url.partition("#")
    number = _POST_ANCHOR.match(fragment)
    return f"#{fragment}" if number and number.group(1) not in path else ""


class Normaliser:
    """Values and issues of one page."""

    def __init__(self, page: Page, blog: Blog) -> None:
        self.page, self.blog_hints = page, blog
        self.issues: list[Issue] = []
        self.language = self._page_language()
        self._note_decoding()

    def issue(
        self,
        code: str,
        message: str,
        *,
        severity: Severity = Severity.WARNING,
        stage: Stage = Stage.EXTRACT,
        field: str | None = None,
        raw: str | None = None,
        post: str | None = None,
        comment: str | None = None,
    ) -> None:
        """Record a doubt about this page."""
        self.issues.append(
            Issue(
                code=code,
                message=message,
                severity=severity,
                stage=stage,
                url=self.page.url,
                field=field,
                raw_value=raw[:_RAW_LIMIT] if raw else None,
                post=post,
                comment=comment,
                capture_id=self.page.capture.capture_id,
            )
        )

    def post(
        self,
        draft: PostDraft,
        reader: Extractor,
        confidence: float,
        kind: PageKind | None,
        *,
        only: bool,
        aliases: tuple[str, ...] = (),
    ) -> Post:
        """The post that a draft describes; `only` says that it is alone on its page.

        `aliases` are given where it is known already which post this is another sighting of.
        """
        page_kind = kind or (PageKind.POST if only else PageKind.ARCHIVE)
        alone = only and page_kind not in _LISTINGS
        url = self._permalink(draft) or (self.page.url if alone else None)
        canonical = self._canonical() if alone else None
        aliases = (
            aliases
            or post_aliases(draft.native_id, url, canonical, self.page.url if alone else None)
            or self._anonymous_alias(draft)
        )
        body = self._body(draft.body, draft.exclude)
        published = self._moment(draft.published, "published", post=aliases[0])
        people = [self._author(author) for author in draft.authors]
        named = [person for person in people if person is not None]
        return Post(
            aliases=aliases,
            source=draft.source,
            page_kind=page_kind,
            native_id=draft.native_id,
            url=url,
            canonical_url=canonical,
            title=bodies.plain(draft.title) or None if draft.title is not None else None,
            title_html=_markup(draft.title, self.page.base_url),
            author=named[0] if named else None,
            co_authors=tuple(named[1:]),
            published=published,
            updated=self._moment(draft.updated, "updated", post=aliases[0]),
            body=body,
            excerpt=_plain_or_none(draft.excerpt),
            language=draft.language or self._text_language(body),
            categories=_distinct(draft.categories),
            tags=_distinct(draft.tags),
            comment_count_declared=counts.count(draft.comment_count or ""),
            count_includes_pings=draft.count_includes_pings,
            trackback_count_declared=counts.count(draft.trackback_count or ""),
            comments_closed=draft.comments_closed,
            prev_url=resolve(self.page.base_url, draft.prev_url),
            next_url=resolve(self.page.base_url, draft.next_url),
            kind=draft.kind,
            page_number=draft.page_number,
            page_count=draft.page_count,
            is_truncated=draft.is_truncated,
            is_protected=draft.is_protected,
            enclosures=self._urls(draft.enclosures),
            extractor=f"{reader.name}/{reader.version}",
            confidence=confidence,
            capture_id=self.page.capture.capture_id,
            locator=_locator(draft.body),
        )

    def comment(
        self,
        draft: CommentDraft,
        reader: Extractor,
        posts: Sequence[Post],
        *,
        confidence: float,
        position: int,
    ) -> Comment:
        """The comment that a draft describes, tied to its post."""
        post = posts[0] if len(posts) == 1 else None
        aliases = self._comment_post(draft, posts)
        post_moment = post.published if post else None
        return Comment(
            post_aliases=aliases,
            source=draft.source,
            native_id=draft.native_id,
            other_ids=draft.other_ids,
            parent_id=draft.parent,
            parent_ground=draft.parent_ground,
            depth=draft.depth,
            position=position,
            page_number=draft.page_number,
            permalink=resolve_any(self.page.base_url, draft.permalink),
            kind=draft.kind,
            author=self._author(draft.author),
            is_post_author=draft.is_post_author,
            published=self._moment(
                draft.published,
                "published",
                post=aliases[0],
                comment=draft.native_id,
                anchor=post_moment,
            ),
            subject=draft.subject,
            body=self._body(draft.body, draft.exclude),
            visibility=draft.visibility,
            extractor=f"{reader.name}/{reader.version}",
            confidence=confidence,
            capture_id=self.page.capture.capture_id,
            locator=_locator(draft.node if draft.node is not None else draft.body),
        )

    def blog(self, platform: Extractor | None, drafts: Iterable[BlogDraft]) -> BlogFacts:
        """What the page says of its blog; the platform's words come before the hosts'."""
        found = list(drafts)
        titles = (_plain_or_none(draft.title) for draft in found)
        homes = (resolve(self.page.base_url, draft.home) for draft in found)
        stated = (draft.language for draft in found)
        return BlogFacts(
            platform=platform.name if platform and not platform.is_filler else None,
            generator=self.page.generator or None,
            title=next(filter(None, titles), None),
            tagline=next(filter(None, (_plain_or_none(d.tagline) for d in found)), None),
            home_url=next(filter(None, homes), None),
            language=next(filter(None, stated), None) or self.language,
            timezone=next(filter(None, (draft.timezone for draft in found)), None),
            feed_urls=self._urls(url for draft in found for url in draft.feeds),
            template=next(filter(None, (draft.template for draft in found)), None),
            external_comments=_distinct(n for draft in found for n in draft.external_comments),
        )

    def aliases(self, draft: PostDraft) -> tuple[str, ...]:
        """The names that a draft itself states for its post."""
        return post_aliases(draft.native_id, self._permalink(draft))

    def note_external(self, service: str, post: Post, comments: Sequence[Comment]) -> None:
        """Record that a service outside the page keeps (more of) a post's comments."""
        self.issue(
            "comments.external",
            f"comments are kept by {service}; this document holds {len(comments)} comments",
            severity=Severity.INFO,
            field="comments",
            raw=service,
            post=post.aliases[0],
        )

    def _permalink(self, draft: PostDraft) -> Url | None:
        """Absolute address of a post; its fragment stays where it is what names the post.

        Movable Type 2 and Radio gave whole months or days one page and each post an anchor.
        """
        absolute = resolve_any(self.page.base_url, draft.url)
        if absolute is None or not absolute.startswith(("http://", "https://")):
            return None
        return absolute if _anchor(absolute) else Url(absolute.partition("#")[0])

    def _comment_post(self, draft: CommentDraft, posts: Sequence[Post]) -> tuple[str, ...]:
        stated = post_aliases(draft.post_native_id, resolve(self.page.base_url, draft.post_url))
        if stated:
            return stated
        if len(posts) == 1:
            return posts[0].aliases
        if posts:
            self.issue(
                "comment.post_unknown",
                "this page holds several posts and the comment does not say which is its own",
                comment=draft.native_id,
            )
        return post_aliases(None, self._canonical(), self.page.url)

    def _body(self, content: Content | None, exclude: tuple[object, ...]) -> Body | None:
        if content is None:
            return None
        return bodies.clean(content, self.page.base_url, exclude=exclude)  # type: ignore[arg-type]

    def _author(self, draft: AuthorDraft | None) -> Author | None:
        return authors.parse(draft, self.page.base_url) if draft is not None else None

    def _moment(
        self,
        draft: DateDraft | None,
        field: str,
        *,
        post: str,
        comment: str | None = None,
        anchor: Moment | None = None,
    ) -> Moment | None:
        if draft is None:
            return None
        moment = dates.resolve(draft, self._hints(anchor))
        if moment is not None and moment.precision is Precision.NONE:
            self.issue(
                "date.unparsed",
                "no date could be read from this text",
                stage=Stage.NORMALISE,
                field=field,
                raw=moment.text,
                post=post,
                comment=comment,
            )
        return moment

    def _hints(self, anchor: Moment | None) -> dates.DateHints:
        hints = self.blog_hints
        stated = (hints.language, self.language)
        return dates.DateHints(
            languages=tuple(dict.fromkeys(name for name in stated if name)),
            zone=hints.timezone,
            zone_source=ZoneSource.CONFIG if hints.timezone else None,
            reference=self.page.captured_at,
            post_local=anchor.local if anchor else None,
        )

    def _page_language(self) -> str | None:
        stated = self.page.tree.get("lang") or self.page.tree.get(
            "{http://www.w3.org/XML/1998/namespace}lang"
        )
        return stated.strip().replace("_", "-") or None if stated else self.blog_hints.language

    def _text_language(self, body: Body | None) -> str | None:
        # Templates declare "en" whatever the blog is written in, so the words come first.
        words = languages.detect(body.text) if body and body.text else None
        return words or self.language

    def _canonical(self) -> Url | None:
        href = next(iter(_CANONICAL(self.page.tree)), None)
        return resolve(self.page.base_url, href)

    def _urls(self, hrefs: Iterable[str]) -> tuple[Url, ...]:
        found = (resolve(self.page.base_url, href) for href in hrefs)
        return tuple(dict.fromkeys(url for url in found if url is not None))

    def _anonymous_alias(self, draft: PostDraft) -> tuple[str, ...]:
        """A post without id and address is known by its place and title."""
        title = _plain_or_none(draft.title) or ""
        self.issue("post.no_permalink", "this post states no address", raw=title)
        return (f"url:{permalink_identity(self.page.url)}#{title[:80]}",)

    def _note_decoding(self) -> None:
        decoded = self.page.decoded
        if decoded.is_mended:
            self.issue(
                "encoding.mended",
                f"bytes of another encoding were mended ({decoded.encoding}, {decoded.source})",
                severity=Severity.INFO,
                stage=Stage.NORMALISE,
            )
        if decoded.mojibake > 0:
            self.issue(
                "encoding.mojibake",
                f"text looks doubly encoded (score {decoded.mojibake:.2f}); kept as it is",
                severity=Severity.INFO,
                stage=Stage.NORMALISE,
            )


def _plain_or_none(content: Content | None) -> str | None:
    return (bodies.plain(content) or None) if content is not None else None


def _markup(content: Content | None, base: str) -> str | None:
    if content is None:
        return None
    return bodies.clean(content, base).html or None


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for value in values if (text := " ".join(value.split()))))


def _locator(content: Content | None) -> str | None:
    """XPath of the node in the tree as parsed; None for strings."""
    node = content[0] if isinstance(content, tuple) and content else content
    if node is None or isinstance(node, str | tuple):
        return None
    return str(node.getroottree().getpath(node))
