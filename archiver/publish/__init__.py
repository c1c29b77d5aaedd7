"""A finished crawl's sightings → tables: where documents become rows.

Goes through the sightings post by post, so that memory does not grow with the blog.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from archiver.config import Blog
from archiver.identity import comment_id
from archiver.model import Comment, CommentKind, Issue
from archiver.publish.absent import Seen, absent, whole_blog
from archiver.publish.blogs import blog_row
from archiver.publish.coverage import count_issues, coverage, post_missing
from archiver.publish.evidence import learned
from archiver.publish.groups import grouped
from archiver.publish.names import Names
from archiver.reconcile.comments import Placed, reconciled_comments
from archiver.reconcile.moments import Learned
from archiver.reconcile.posts import Reconciled, reconciled_post
from pipelines.tables.rows import Ground, Place, Rows, author_link
from pipelines.tables.staging import Staging
from pipelines.tables.writer import CrawlTables

_NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What publication made of the sightings; `hints` go into the manifest for the next crawl."""

    posts: int
    comments: int
    declared_comments: int
    hints: Mapping[str, object]


@dataclass(slots=True)
class _Tally:
    posts: int = 0
    comments: int = 0
    declared: int = 0
    ids: set[str] = field(default_factory=set)
    authors: Counter[str] = field(default_factory=Counter)


def tabulate(
    staging: Staging,
    tables: CrawlTables,
    blog: Blog,
    *,
    issues: Iterable[Issue] = (),
    names: Mapping[str, str] = _NOBODY,
    unanswered: Iterable[str] = (),
    is_complete: bool,
) -> Outcome:
    """Fill a crawl's tables from its sightings; `issues` are those of the crawl itself.

    `names` has the post_id of every alias that earlier crawls know. `unanswered` are URLs that
    the crawl discovered and holds no answer of. `is_complete` says that nothing that should have
    been fetched was left out; only then do the coverage rows claim completeness.
    """
    groups = grouped(staging)
    maker = _Maker(
        staging, tables, blog, Names(blog.blog_id, names, groups), is_complete=is_complete
    )
    known = learned(staging, groups.values())
    posts_of: dict[str, str] = {}
    for root, numbers in sorted(groups.items()):
        made = maker.one_post(root, numbers, known)
        posts_of.update((alias, made) for alias in groups.aliases(root))
    maker.rest(posts_of, issues)
    maker.lacking(names, Seen(posts=maker.tally.ids, aliases=posts_of.keys()), unanswered)
    tally = maker.tally
    tables.append(
        "blogs",
        blog_row(
            staging,
            blog,
            tables.folder.crawl_id,
            known,
            authors=[name for name, _ in tally.authors.most_common()],
        ),
    )
    return Outcome(
        posts=tally.posts,
        comments=tally.comments,
        declared_comments=tally.declared,
        hints=_hints(known),
    )


class _Maker:
    """Makes the rows of one crawl and counts them."""

    def __init__(
        self,
        staging: Staging,
        tables: CrawlTables,
        blog: Blog,
        names: Names,
        *,
        is_complete: bool,
    ) -> None:
        self.staging, self.tables, self.is_complete = staging, tables, is_complete
        self.names = names
        self.blog_id = blog.blog_id
        self.rows = Rows(
            blog_id=blog.blog_id,
            crawl_id=tables.folder.crawl_id,
            home_url=blog.home_url,
            captures=staging,
        )
        self.tally = _Tally()

    def one_post(self, root: str, numbers: list[int], known: Learned) -> str:
        """Rows of one post and all that hangs on it; returns its post_id."""
        sightings = list(self.staging.posts(numbers))
        found = list(self.staging.comments(numbers))
        placed = reconciled_comments(found, known)
        self.tally.comments += len(placed)
        if not sightings:
            of_post = self.names.of_comments(root, found)
            if found:
                self._issue(post_missing(found[0]), of_post)
            self._comments(placed, of_post)
            return of_post
        reconciled = reconciled_post(sightings, known)
        of_post = self.names.of_post(root, reconciled.post)
        self._post(reconciled, placed, of_post)
        self._comments(placed, of_post)
        for row in coverage(
            self.staging,
            self.rows,
            reconciled.post,
            sightings,
            placed,
            of_post,
            is_complete=self.is_complete,
        ):
            self.tables.append("coverage", row)
        return of_post

    def rest(self, posts_of: Mapping[str, str], issues: Iterable[Issue]) -> None:
        """Captures, links around posts, and issues."""
        for row in self.staging.captures():
            self.tables.append("captures", row)
        for capture_id, links in self.staging.links():
            for row in self.rows.links(links, Ground(evidence=(capture_id,))):
                self.tables.append("links", row)
        for issue, occurrences, first_at in self.staging.issues():
            self.tables.append(
                "issues",
                self.rows.issue(
                    issue,
                    occurrences=occurrences,
                    first_at=first_at,
                    post_id=posts_of.get(issue.post or ""),
                ),
            )
        for issue in issues:
            self.tables.append("issues", self.rows.issue(issue))

    def lacking(self, names: Mapping[str, str], seen: Seen, unanswered: Iterable[str]) -> None:
        """Coverage of known posts that are not there, and of the blog as a whole."""
        common = {"crawl_id": self.rows.crawl_id, "blog_id": self.blog_id}
        for row in absent(self.staging, names, seen, unanswered, common):
            self.tables.append("coverage", row)
        times = [row["fetch_time"] for row in self.staging.captures()]
        since = min((at for at in times if isinstance(at, datetime)), default=None)
        self.tables.append(
            "coverage", whole_blog(names, seen, common, since, is_complete=self.is_complete)
        )

    def _post(self, reconciled: Reconciled, placed: list[Placed], of_post: str) -> None:
        post = reconciled.post
        ground = Ground(
            evidence=reconciled.evidence,
            sources=reconciled.sources,
            extractor=post.extractor,
            confidence=post.confidence,
            locator=post.locator,
        )
        self.tables.append("posts", self.rows.post(post, of_post, ground, comments=len(placed)))
        self.tally.posts += 1
        self.tally.ids.add(of_post)
        self.tally.declared += post.comment_count_declared or 0
        if post.author is not None and post.author.name:
            self.tally.authors[post.author.name] += 1
        if post.body is not None:
            for row in self.rows.links(post.body.links, ground, post_id=of_post):
                self.tables.append("links", row)
            for row in self.rows.media(post.body.media, ground, post_id=of_post):
                self.tables.append("media", row)
        for issue in (*reconciled.issues, *count_issues(post, placed)):
            self._issue(issue, of_post)

    def _comments(self, placed: list[Placed], of_post: str) -> None:
        ids = _comment_ids(of_post, placed)
        for at, item in enumerate(placed):
            comment = item.comment
            ground = Ground(
                evidence=item.evidence,
                sources=item.sources,
                extractor=comment.extractor,
                confidence=comment.confidence,
                locator=comment.locator,
            )
            place = Place(
                post_id=of_post,
                parent_id=ids[item.parent] if item.parent is not None else None,
                root_id=ids[item.root],
                depth=item.depth,
                position=item.position,
            )
            self.tables.append("comments", self.rows.comment(comment, ids[at], place, ground))
            self._inside_comment(comment, ground, of_post, ids[at])
            for issue in item.issues:
                self._issue(issue, of_post, ids[at])

    def _inside_comment(
        self, comment: Comment, ground: Ground, of_post: str, of_comment: str
    ) -> None:
        body = comment.body
        name = "comment_author" if comment.kind is CommentKind.COMMENT else "trackback"
        links = (*(body.links if body else ()), *author_link(comment.author, name))
        for row in self.rows.links(links, ground, post_id=of_post, comment_id=of_comment):
            self.tables.append("links", row)
        media = body.media if body else ()
        for row in self.rows.media(media, ground, post_id=of_post, comment_id=of_comment):
            self.tables.append("media", row)

    def _issue(self, issue: Issue, of_post: str, of_comment: str | None = None) -> None:
        self.tables.append("issues", self.rows.issue(issue, post_id=of_post, comment_id=of_comment))


def _comment_ids(of_post: str, placed: list[Placed]) -> list[str]:
    """The id of each comment in order; equal comments without native ids get a running number."""
    seen: Counter[str] = Counter()
    ids = []
    for item in placed:
        name = comment_id(of_post, item.comment.native_id, item.fingerprint)
        seen[name] += 1
        ids.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return ids


def _hints(known: Learned) -> dict[str, object]:
    zone = known.zone
    return {
        "timezone": zone.name if zone else None,
        "date_order": str(known.order) if known.order else None,
    }
