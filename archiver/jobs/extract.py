"""`archiver extract`: WARC, ARC and WACZ files → the same tables that a crawl makes."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from archiver import __version__
from archiver.config import Blog, blog_id_for, plan_for
from archiver.errors import CrawlUnusable
from archiver.jobs.voice import Voice
from archiver.model import Document, Issue, Url
from archiver.publish import tabulate
from archiver.publish.documents import stage
from archiver.publish.twins import warn_of_twins
from archiver.reading import Reading, is_readable, read, unread
from archiver.urls import site_host
from pipelines.layout import BlogLock, Layout, discard, new_crawl_id, storing
from pipelines.state import CrawlState
from pipelines.tables import commits, recovery
from pipelines.tables.names import known_posts
from pipelines.tables.staging import Staging
from pipelines.tables.writer import CrawlTables
from pipelines.warc import reader

log = logging.getLogger(__name__)

_MOST_BLOGS = 200  # more sites than this in one import are not read separately
_PROGRESS_EVERY = 200


@dataclass(slots=True)
class _Import:
    """The reading of one blog out of the files."""

    blog: Blog
    crawl_id: str
    lock: BlogLock
    state: CrawlState
    staging: Staging
    posts: int = 0
    captures: int = 0
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))


def run(
    archives: Sequence[Path],
    output: Path,
    *,
    blog_url: str | None = None,
    platform: str | None = None,
    timezone: str | None = None,
    plain: bool = False,
    quiet: bool = False,
) -> int:
    """Read the files and publish one import per blog found in them; returns the exit code.

    Raises:
        ArchiveDamaged: a file is no archive at all. CrawlUnusable: no post was found.
    """
    voice = Voice(plain=plain, quiet=quiet)
    layout = Layout(output)
    for note in recovery.recover(layout):
        voice.say(note)
    issues: list[Issue] = []
    with ExitStack() as stack:
        named = _named(archives, blog_url, platform, timezone)
        imports = {site: _begin(layout, blog, stack) for site, blog in named.items()}
        main_site = next(iter(imports))
        for count, document in enumerate(reader.documents(archives, on_issue=issues.append), 1):
            _take(imports, document, main_site, is_only=blog_url is not None)
            if count % _PROGRESS_EVERY == 0:
                voice.progress(_line(count, imports.values()))
        return _finish(layout, imports, issues, archives, voice)


def _named(
    archives: Sequence[Path], blog_url: str | None, platform: str | None, timezone: str | None
) -> dict[str, Blog]:
    """The blogs to read, by site, the largest first."""
    if blog_url is not None:
        plan = plan_for(blog_url, Path(), platform=platform, timezone=timezone)
        return {site_host(plan.blog.home_url): plan.blog}
    pages: Counter[str] = Counter()
    homes: dict[str, str] = {}
    for document in reader.documents(archives, on_issue=lambda _: None):
        if is_readable(document):
            url = document.capture.url
            pages[site_host(url)] += 1
            homes.setdefault(site_host(url), url)
    if not pages:
        raise CrawlUnusable(
            ", ".join(map(str, archives)),
            "no readable page in these files",
            "Check that they are WARC, ARC or WACZ files that hold HTML or feeds",
        )
    return {
        site: Blog(
            blog_id=blog_id_for(_home(homes[site])),
            home_url=Url(_home(homes[site])),
            platform=platform,
            timezone=timezone,
        )
        for site, _ in pages.most_common(_MOST_BLOGS)
    }


def _home(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/"


def _begin(layout: Layout, blog: Blog, stack: ExitStack) -> _Import:
    """An import of one blog; nothing of it is left behind unless it is published."""
    lock = stack.enter_context(layout.lock(blog.blog_id))
    for stale in layout.working_ids(blog.blog_id):
        if layout.import_state(stale).is_file():  # an import that was killed is begun anew
            discard(layout, stale)
    crawl_id = new_crawl_id(blog.blog_id, datetime.now(UTC), uuid4().hex[:4])
    with storing(layout.work):
        layout.working(crawl_id).path.mkdir(parents=True, exist_ok=True)
    stack.callback(discard, layout, crawl_id)
    state = CrawlState.open(layout.import_state(crawl_id))
    stack.callback(state.abandon)
    staging = Staging(state.connection)
    return _Import(blog=blog, crawl_id=crawl_id, lock=lock, state=state, staging=staging)


def _take(
    imports: dict[str, _Import], document: Document, main_site: str, *, is_only: bool
) -> None:
    """Stage one document with the blog that it belongs to, or with the main one."""
    site = site_host(document.capture.url)
    target = imports.get(site) or imports[main_site]
    belongs = site in imports or not is_only
    reading = _read(document, target) if belongs else None
    with target.state.unit():
        stage(
            target.staging,
            document.capture,
            reading,
            blog_id=target.blog.blog_id,
            crawl_id=target.crawl_id,
        )
    target.captures += 1
    if reading is not None:
        target.posts += len(reading.extraction.posts)


def _read(document: Document, target: _Import) -> Reading | None:
    try:
        return read(document, target.blog)
    except Exception as fault:  # the edge of the job: one page must not end the run
        log.exception("page.unread url=%s", document.capture.url)
        with target.state.unit():
            target.staging.note([unread(document.capture, fault)], document.capture.captured_at)
        return None


def _finish(
    layout: Layout,
    imports: dict[str, _Import],
    issues: list[Issue],
    archives: Sequence[Path],
    voice: Voice,
) -> int:
    """Publish every blog that has posts; captures of sites without any go with the largest."""
    blogs = [found for found in imports.values() if found.posts]
    others = [found for found in imports.values() if not found.posts]
    if not blogs:
        raise CrawlUnusable(
            ", ".join(map(str, archives)),
            f"no post found in {sum(found.captures for found in others)} documents",
            "If these are pages of a blog, name its platform with --platform",
        )
    largest = max(blogs, key=lambda found: found.captures)
    for found in others:
        with largest.state.unit():
            for row in found.staging.captures():
                mine = {"blog_id": largest.blog.blog_id, "crawl_id": largest.crawl_id}
                largest.staging.stage({**row, **mine})
    for found in blogs:
        outcome = _publish(layout, found, issues if found is largest else [], archives)
        voice.say(outcome)
    voice.say(f"tables: {layout.tables}")
    return 0


def _publish(
    layout: Layout, found: _Import, issues: Iterable[Issue], archives: Sequence[Path]
) -> str:
    tables = CrawlTables(layout.working(found.crawl_id), found.blog.blog_id)
    made = tabulate(
        found.staging,
        tables,
        found.blog,
        issues=issues,
        names=known_posts(layout, found.blog.blog_id),
        is_complete=False,
    )
    found.state.close()
    finished = datetime.now(UTC)
    commit = commits.publish(
        layout,
        found.lock,
        tables,
        {
            "started_at": found.started_at,
            "finished_at": finished,
            "duration_s": (finished - found.started_at).total_seconds(),
            "state": "complete",
            "finish_reason": "finished",
            "mode": "import",
            "trigger": "manual",
            "seeds": [str(path.resolve()) for path in archives],
            "tool_version": __version__,
            "responses": found.captures,
            "posts_found": made.posts,
            "comments_found": made.comments,
            "declared_comments": made.declared_comments,
        },
        commits.About(tools={"archiver": __version__}, hints=made.hints),
    )
    warn_of_twins(commit.parts.values())
    return f"{found.blog.blog_id}: {made.posts} posts, {made.comments} comments"


def _line(documents: int, imports: Iterable[_Import]) -> str:
    posts = sum(found.posts for found in imports)
    return f"{documents} documents read, {posts} sightings of posts"
