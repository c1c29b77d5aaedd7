"""`archiver golden`: a page of an archive → a golden page and what was read of it, to be corrected.

What a page holds is written in the words that golden files use; `tests/golden` compares with them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from archiver.config import Blog, blog_id_for
from archiver.errors import ArchiveDamaged
from archiver.extraction import extract
from archiver.identity import Identity
from archiver.model import (
    Author,
    Body,
    Capture,
    CaptureId,
    Comment,
    Document,
    Extraction,
    Issue,
    Moment,
    Post,
    Url,
)
from archiver.page import Page
from archiver.reconcile.moments import Learned
from archiver.reconcile.posts import reconciled_post
from pipelines.warc import reader

Json = dict[str, object]

# Golden pages are read as of this day, unless they say otherwise: "3 days ago" must not move.
CAPTURED_AT = datetime(2024, 2, 29, 12, 0, tzinfo=UTC)
SUFFIXES = (".html", ".xml", ".txt", ".api")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The two files of a golden page and the extractor that claimed it."""

    page: Path
    expectation: Path
    claimed_by: str


def run(source: str, name: str, *, folder: Path, url: str | None = None) -> Written:
    """Write `<folder>/<name>.html` and `.json` from `<warc>#<record id>` or from a saved page.

    `name` is "<platform>/<page>". `url` is needed for a saved page, whose address no record tells.

    Raises:
        ArchiveDamaged: the file or the record does not exist.
    """
    document = _document(source, url)
    page = Page(document)
    address = page.url
    extraction = extract(page, Blog(blog_id=blog_id_for(address), home_url=address))
    written = Written(
        page=folder / f"{name}{_suffix(page)}",
        expectation=folder / f"{name}.json",
        claimed_by=extraction.extractor,
    )
    written.page.parent.mkdir(parents=True, exist_ok=True)
    written.page.write_bytes(document.body)
    skeleton = {
        "url": address,
        "content_type": document.capture.header("content-type") or "text/html",
        "generator_era": page.generator,
        **described(extraction),
        "absent": [],
    }
    words = json.dumps(_stated(skeleton), ensure_ascii=False, indent=2)
    written.expectation.write_text(f"{words}\n", encoding="utf-8")
    return written


def _document(source: str, url: str | None) -> Document:
    path, _, record = source.partition("#")
    if not record:
        return _saved(Path(path), url)
    wanted = record.removeprefix("urn:uuid:").strip("<>")
    for document in reader.documents(Path(path), on_issue=_unheard):
        if document.capture.capture_id == wanted:
            return document
    raise ArchiveDamaged(path, None, f"no response record {wanted}")


def _saved(path: Path, url: str | None) -> Document:
    if not path.is_file():
        raise ArchiveDamaged(path, None, "no such file")
    capture = Capture(
        capture_id=CaptureId("golden"),
        url=Url(url or f"http://blog.example/{path.name}"),
        captured_at=CAPTURED_AT,
        status=200,
        headers=(("content-type", "text/html"),),
    )
    return Document(capture=capture, body=path.read_bytes())


def _unheard(issue: Issue) -> None:
    """What other records lack does not matter here."""


def _suffix(page: Page) -> str:
    if page.is_html:
        return ".html"
    return ".api" if "json" in page.mime else ".xml"


# --- in the words of golden files ---------------------------------------------------------------


def described(extraction: Extraction) -> Json:
    """Posts, comments, links and issues of a page under the names that golden files use."""
    return {
        "page_kind": extraction.page_kind.value,
        "posts": [_post(post) for post in joined(extraction.posts)],
        "comments": [_comment(comment) for comment in extraction.comments],
        "follow": [[follow.url, follow.role.value] for follow in extraction.follow],
        "blog": {
            "title": extraction.blog.title,
            "tagline": extraction.blog.tagline,
            "home_url": extraction.blog.home_url,
            "language": extraction.blog.language,
            "external_comments": list(extraction.blog.external_comments),
        },
        "issues": [issue.code for issue in extraction.issues],
    }


def joined(posts: Iterable[Post], learned: Learned | None = None) -> Iterator[Post]:
    """One post for each group of sightings that share a name, in page order."""
    sightings = list(posts)
    identity = Identity()
    for post in sightings:
        identity.join(post.aliases)
    groups: dict[str, list[Post]] = {}
    for post in sightings:
        groups.setdefault(identity.root(post.aliases[0]), []).append(post)
    for group in groups.values():
        merged = reconciled_post(group, learned or Learned()).post
        # A row joins the parts of a post from several pages; here one page is described.
        shown = group[0]
        yield replace(
            merged,
            is_truncated=shown.is_truncated,
            page_number=shown.page_number,
            page_count=shown.page_count,
        )


def _post(post: Post) -> Json:
    return {
        "native_id": post.native_id,
        "url": post.url,
        "title": post.title,
        **_person(post.author),
        "co_authors": [author.name for author in post.co_authors],
        **_moment("published", post.published),
        **_moment("updated", post.updated),
        **_body(post.body),
        "excerpt": post.excerpt,
        "language": post.language,
        "categories": list(post.categories),
        "tags": list(post.tags),
        "comment_count_declared": post.comment_count_declared,
        "trackback_count_declared": post.trackback_count_declared,
        "comments_closed": post.comments_closed,
        "prev_url": post.prev_url,
        "next_url": post.next_url,
        "kind": post.kind,
        "page_number": post.page_number,
        "page_count": post.page_count,
        "is_truncated": post.is_truncated,
        "is_protected": post.is_protected,
        "enclosures": list(post.enclosures),
    }


def _comment(comment: Comment) -> Json:
    return {
        "native_id": comment.native_id,
        "other_ids": list(comment.other_ids),
        "parent_id": comment.parent_id,
        "parent_ground": comment.parent_ground.value,
        "kind": comment.kind.value,
        **_person(comment.author),
        "is_post_author": comment.is_post_author,
        **_moment("published", comment.published),
        "depth": comment.depth,
        "page_number": comment.page_number,
        "permalink": comment.permalink,
        "post_aliases": list(comment.post_aliases),
        "subject": comment.subject,
        **_body(comment.body),
        "visibility": comment.visibility.value,
        "extractor": comment.extractor.partition("/")[0],
    }


def _person(author: Author | None) -> Json:
    return {
        "author": author.name if author else None,
        "author_raw": author.raw if author else None,
        "author_url": author.url if author else None,
        "author_state": author.state if author else None,
        "author_profile_id": author.profile_id if author else None,
    }


def _moment(name: str, moment: Moment | None) -> Json:
    return {
        f"{name}_local": _iso(moment.local if moment else None),
        f"{name}_instant": _iso(moment.instant if moment else None),
        f"{name}_text": moment.text if moment else None,
        f"{name}_precision": moment.precision.value if moment else None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _body(body: Body | None) -> Json:
    return {
        "text": body.text if body else "",
        "html": body.html if body else "",
        "links": [link.url for link in body.links] if body else [],
        "images": [media.url for media in body.media] if body else [],
    }


_USUAL: dict[str, tuple[object, ...]] = {
    "kind": ("entry", "comment"),
    "parent_ground": ("none",),
    "visibility": ("visible",),
    "page_number": (1,),
    "page_count": (1,),
}
_LEFT_OUT = frozenset({"html", "published_text", "updated_text", "published_precision"})
_LEFT_OUT_TOO = frozenset({"updated_precision", "author_raw", "post_aliases", "extractor"})


def _stated(value: object) -> object:
    """A skeleton without what says nothing: empty fields, and those that repeat others."""
    if isinstance(value, dict):
        return {
            name: _stated(held)
            for name, held in value.items()
            if name not in _LEFT_OUT | _LEFT_OUT_TOO
            and held is not None
            and held is not False
            and held not in ("", [])
            and held not in _USUAL.get(name, ())
        }
    if isinstance(value, list):
        return [_stated(held) for held in value]
    return value
