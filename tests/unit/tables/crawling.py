"""Publishes crawls of an invented blog from a few words: what was shown, and where one looked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

import pyarrow.parquet as pq

from archiver.model import (
    Author,
    Body,
    Capture,
    CaptureId,
    Comment,
    Link,
    Media,
    Moment,
    Post,
    Precision,
    Source,
    Url,
)
from archiver.model import PageKind as Kind
from pipelines.layout import Layout, new_crawl_id
from pipelines.tables.captures import Reading, capture_row
from pipelines.tables.columnar import Row
from pipelines.tables.commits import About, Commit, publish
from pipelines.tables.rows import Ground, Place, Rows
from pipelines.tables.writer import CrawlTables

BLOG = "hedgerow-example-net"
HOME = "http://hedgerow.example.net/"
START = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Shown:
    """A post as a crawl shows it: its text (None: an excerpt only) and its comments by id."""

    text: str | None
    comments: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Looked:
    """Units that a crawl captured completely, and posts whose own page failed."""

    blog: bool = False
    months: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    failed_posts: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


def everywhere(*posts: str) -> Looked:
    """The blog's list, and all comment pages of these posts."""
    return Looked(blog=True, comments=posts)


class Held:
    """The captures of one invented crawl."""

    def __init__(self, rows: Mapping[str, Row]) -> None:
        self.rows = rows

    def capture(self, capture_id: str) -> Row | None:
        return self.rows.get(capture_id)

    def capture_of(self, url: str) -> Row | None:
        return next((row for row in self.rows.values() if row["url"] == url), None)


class Desk:
    """An output folder and the crawls that are published into it."""

    def __init__(self, root: Path, blog_id: str = BLOG) -> None:
        self.layout = Layout(root)
        self.blog_id = blog_id

    def crawl(
        self,
        day: int,
        posts: Mapping[str, Shown],
        looked: Looked | None = None,
        *,
        state: str = "complete",
        started_day: int | None = None,
        extractor: str = "typepad/1",
    ) -> Commit:
        """Publish what was captured on a day; `started_day` is when an import of it ran."""
        tables, row = self.prepared(
            day, posts, looked, state=state, started_day=started_day, extractor=extractor
        )
        with self.layout.lock(self.blog_id) as lock:
            return publish(self.layout, lock, tables, row, About())

    def prepared(
        self,
        day: int,
        posts: Mapping[str, Shown],
        looked: Looked | None = None,
        *,
        state: str = "complete",
        started_day: int | None = None,
        extractor: str = "typepad/1",
    ) -> tuple[CrawlTables, Row]:
        """The tables of a crawl, not yet published, and its row."""
        at = START + timedelta(days=day)
        started = START + timedelta(days=day if started_day is None else started_day)
        token = f"{day:02x}{0 if started_day is None else started_day:02x}"
        crawl_id = new_crawl_id(self.blog_id, started, token)
        tables = CrawlTables(self.layout.working(crawl_id), self.blog_id)
        warc = tables.folder.warc_file(1)
        warc.parent.mkdir(parents=True, exist_ok=True)
        warc.write_bytes(b"stands for a WARC file")
        captures = {
            f"{name}-{token}": self._capture(crawl_id, f"{name}-{token}", name, at, shown)
            for name, shown in posts.items()
        }
        rows = Rows(blog_id=self.blog_id, crawl_id=crawl_id, home_url=HOME, captures=Held(captures))
        for row in captures.values():
            tables.append("captures", row)
        for name, shown in posts.items():
            ground = Ground(evidence=(f"{name}-{token}",), extractor=extractor, confidence=0.9)
            _append_post(tables, rows, self.blog_id, name, shown, ground)
        for row in _coverage(crawl_id, self.blog_id, looked or Looked()):
            tables.append("coverage", row)
        tables.append("blogs", {"blog_id": self.blog_id, "home_url": HOME, "title": "Hedgerow"})
        return tables, {
            "crawl_id": crawl_id,
            "blog_id": self.blog_id,
            "state": state,
            "started_at": started,
            "captured_from": at,
        }

    def sidebar_link(self, tables: CrawlTables, day: int, url: str, words: str) -> Row:
        """The row of a link in the sidebar of the page of "oak", as a crawl shows it."""
        crawl_id = tables.folder.crawl_id
        capture_id = f"oak-{crawl_id.rpartition('-')[2]}"
        at = START + timedelta(days=day)
        capture = self._capture(crawl_id, capture_id, "oak", at, Shown("Oaks."))
        rows = Rows(
            blog_id=self.blog_id, crawl_id=crawl_id, home_url=HOME,
            captures=Held({capture_id: capture}),
        )  # fmt: skip
        link = Link(url=Url(url), text=words, context="blogroll")
        (row,) = rows.links([link], Ground(evidence=(capture_id,)))
        return row

    def _capture(
        self, crawl_id: str, capture_id: str, name: str, at: datetime, shown: Shown
    ) -> Row:
        content = crc32(repr((shown.text, sorted(shown.comments.items()))).encode())
        capture = Capture(
            capture_id=CaptureId(capture_id),
            url=Url(f"{HOME}{name}.html"),
            captured_at=at,
            status=200,
            payload_digest=f"sha1:{content:08X}",
            payload_length=100,
            warc_filename="a.warc.gz",
            warc_offset=0,
            warc_length=100,
        )
        reading = Reading(page_kind=Kind.POST, extractor="typepad/1", encoding="utf-8")
        return capture_row(capture, blog_id=self.blog_id, crawl_id=crawl_id, reading=reading)

    def latest(self, table: str) -> dict[str, dict[str, object]]:
        """The latest state of a table, by the last part of its key."""
        found = pq.read_table(self.layout.latest(table, self.blog_id)).to_pylist()
        return {str(row[_KEYS[table]]).removeprefix(f"{self.blog_id}:"): row for row in found}

    def history(self, table: str) -> dict[str, str]:
        """State, revision, day of first and last sighting of every row: "present r1 d0-d3"."""
        return {key: _told(row) for key, row in self.latest(table).items()}


_KEYS = {"posts": "post_id", "comments": "comment_id", "links": "target_url", "blogs": "blog_id"}


def _told(row: Mapping[str, object]) -> str:
    def day(name: str) -> str:
        value = row[name]
        return f"d{(value - START).days}" if isinstance(value, datetime) else "?"

    gone = f" since {day('gone_detected_at')}" if row["gone_detected_at"] else ""
    seen = f"{day('first_seen_at')}-{day('last_seen_at')}"
    return f"{row['state']}{gone} r{row['revision']} {seen}"


def _append_post(
    tables: CrawlTables, rows: Rows, blog_id: str, name: str, shown: Shown, ground: Ground
) -> None:
    post_id = f"{blog_id}:{name}"
    post = _post(name, shown)
    tables.append("posts", rows.post(post, post_id, ground, comments=len(shown.comments)))
    if post.body:
        for row in rows.links(post.body.links, ground, post_id=post_id):
            tables.append("links", row)
        for row in rows.media(post.body.media, ground, post_id=post_id):
            tables.append("media", row)
    for position, (key, text) in enumerate(shown.comments.items(), 1):
        comment = Comment(
            post_aliases=post.aliases,
            source=Source.TEXT,
            native_id=key,
            position=position,
            author=Author(name="Odile Varga", raw="Odile Varga"),
            body=Body(html=f"<p>{text}</p>", text=text),
        )
        place = Place(post_id=post_id, position=position)
        tables.append("comments", rows.comment(comment, f"{post_id}:c-{key}", place, ground))


def _post(name: str, shown: Shown) -> Post:
    links = tuple(Link(url=Url(url), text="there", position=i) for i, url in enumerate(shown.links))
    media = (Media(url=Url(f"{HOME}{name}.jpg")),)
    written = datetime(2007, 3, 1, 12) + timedelta(days=len(name))
    return Post(
        aliases=(f"native:{name}",),
        source=Source.TEXT,
        page_kind=Kind.POST,
        native_id=name,
        url=Url(f"{HOME}{name}.html"),
        title=f"About {name}",
        published=Moment(text="1 March", local=written, precision=Precision.MINUTE),
        body=Body(html=f"<p>{shown.text}</p>", text=shown.text, links=links, media=media)
        if shown.text is not None
        else None,
        is_truncated=shown.text is None,
    )


def _coverage(crawl_id: str, blog_id: str, looked: Looked) -> list[Row]:
    units = [("month", key, True) for key in looked.months]
    units += [("post", f"{blog_id}:{key}", True) for key in looked.posts]
    units += [("post", f"{blog_id}:{key}", False) for key in looked.failed_posts]
    units += [("post_comments", f"{blog_id}:{key}", True) for key in looked.comments]
    units += [("blog", blog_id, True)] if looked.blog else []
    return [
        {"crawl_id": crawl_id, "blog_id": blog_id, "unit": unit, "unit_key": key, "complete": whole}
        for unit, key, whole in units
    ]
