"""Compares the tables of a crawl with the database of the engine that was crawled."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from tests.engines.tables import Row, rows, strings
from tests.engines.truth import TrueComment, TruePost, Truth

BODY_F1 = 0.995
_WORD = re.compile(r"\w+")
_TABLES = ("blogs", "posts", "comments", "links", "media")


def compare(truth: Truth, output: Path) -> list[str]:
    """Every difference, one line each; an empty list means that the tables tell the truth.

    `output` is the folder given to `archiver crawl --output`.
    """
    tables = {name: rows(output, name) for name in _TABLES}
    true_posts = {name: post for post in (*truth.posts, *truth.protected) for name in _names(post)}
    posts = {row["post_id"]: _post_name(row, true_posts) for row in tables["posts"]}
    comments = {row["comment_id"]: row["native_id"] for row in tables["comments"]}
    return [
        *_posts(truth, tables["posts"], posts),
        *_comments(truth, tables["comments"], posts, comments),
        *_leaks(truth.secrets, tables),
    ]


def token_f1(left: str, right: str) -> float:
    """Agreement of two texts as bags of words, 0 to 1; without words, of their characters."""
    mine, theirs = _bag(left), _bag(right)
    if not mine or not theirs:
        return float("".join(left.split()) == "".join(right.split()))
    return 2 * (mine & theirs).total() / (mine.total() + theirs.total())


def _bag(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text))


def _names(post: TruePost) -> tuple[str, ...]:
    """What a row may call this post: the engine's number, or else its address."""
    return (post.native_id,) if post.native_id else (_same_url(post.url),)


def _post_name(row: Row, true_posts: Mapping[str, TruePost]) -> str | None:
    """The true name of the post a row is about; None when the database has no such post."""
    url = row["canonical_url"] or row["url"]
    post = true_posts.get(row["native_id"]) or true_posts.get(_same_url(url))
    return post.name if post else None


def _posts(truth: Truth, found: list[Row], names: Mapping[str, str | None]) -> Iterator[str]:
    seen: dict[str | None, list[Row]] = defaultdict(list)
    for row in found:
        seen[names[row["post_id"]]].append(row)
    yield from (
        f"post {row['post_id']} ({row['url']}) is not in the database" for row in seen[None]
    )
    for post in truth.posts:
        yield from _once(f"post {post.name} ({post.url})", seen[post.name])
        for row in seen[post.name][:1]:
            yield from _post(post, row)
    for post in truth.protected:
        for row in seen[post.name]:
            if row["body_text"]:
                yield f"protected post {post.name} has a body: {row['body_text'][:80]!r}"


def _post(post: TruePost, row: Row) -> Iterator[str]:
    yield from _unlike(
        f"post {post.name}",
        {
            "url": (_same_url(post.url), _same_url(row["canonical_url"] or row["url"])),
            "kind": (post.kind, row["post_kind"]),
            "title": (post.title, _squeezed(row["title"])),
            "author": (post.author, row["author_name"]),
            "published_at": (post.published_at, row["published_at"]),
            "published_local": (post.local, row["published_local"]),
            "categories": (sorted(post.categories), sorted(row["categories"] or ())),
            "tags": (sorted(post.tags), sorted(row["tags"] or ())),
        },
    )
    yield from _body(f"post {post.name}", post.text, row["body_text"])


def _comments(
    truth: Truth,
    found: list[Row],
    posts: Mapping[str, str | None],
    natives: Mapping[str, str],
) -> Iterator[str]:
    known = {comment.native_id for comment in truth.comments}
    seen: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        seen[row["native_id"]].append(row)
        if row["native_id"] not in known:
            yield f"comment {row['comment_id']} is not in the database"
    for comment in truth.comments:
        name = f"comment {comment.native_id} on post {comment.post}"
        yield from _once(name, seen[comment.native_id])
        for row in seen[comment.native_id][:1]:
            yield from _comment(name, comment, row, posts.get(row["post_id"]))
            parent = natives.get(row["parent_comment_id"], row["parent_comment_id"])
            hidden_parent = comment.depth > truth.max_depth and parent is None
            if not hidden_parent:
                yield from _unlike(name, {"parent": (comment.parent_id, parent)})


def _comment(name: str, comment: TrueComment, row: Row, post: str | None) -> Iterator[str]:
    yield from _unlike(
        name,
        {
            "post": (comment.post, post),
            "kind": (comment.kind, row["kind"]),
            "author": (comment.author, row["author_name"]),
            "author_url": (_same_url(comment.author_url), _same_url(row["author_url"])),
            "published_at": (comment.published_at, row["published_at"]),
            "published_local": (comment.local, comment.local and row["published_local"]),
            "visibility": ("visible", row["visibility"]),
        },
    )
    yield from _body(name, comment.text, row["body_text"])


def _leaks(secrets: Iterable[str], tables: Mapping[str, list[Row]]) -> Iterator[str]:
    for table, content in tables.items():
        for row in content:
            text = "\n".join(strings(row))
            for secret in sorted(secrets):
                if secret in text:
                    yield f"{table} tells the secret {secret}"


def _once(name: str, found: list[Row]) -> Iterator[str]:
    if len(found) != 1:
        yield f"{name} has {len(found)} rows"


def _unlike(name: str, pairs: Mapping[str, tuple[object, object]]) -> Iterator[str]:
    for field, (true, told) in pairs.items():
        if true != told:
            yield f"{name}: {field} is {told!r}, the database says {true!r}"


def _body(name: str, true: str, told: str | None) -> Iterator[str]:
    score = token_f1(true, told or "")
    if score < BODY_F1:
        yield f"{name}: body F1 {score:.3f}, {(told or '')[:200]!r} for {true[:200]!r}"


def _squeezed(text: str | None) -> str:
    return " ".join((text or "").split())


def _same_url(url: str | None) -> str:
    """Spelling apart: percent-encoding and a final slash say nothing."""
    return unquote(url or "").rstrip("/")
