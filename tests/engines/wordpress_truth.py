"""Reads WordPress's own account of its database (`wordpress_site/truth.php`) into a `Truth`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from typing import Any

import orjson

from tests.engines.story.model import HIDDEN
from tests.engines.truth import TrueComment, TruePost, Truth, plain

Row = Mapping[str, Any]
_KINDS = {"post": "entry", "page": "page"}


def read(dump: bytes) -> Truth:
    """Sorts everything in the database into public, protected and secret."""
    content = orjson.loads(dump)
    posts: list[Row] = content["posts"]
    public = {row["id"] for row in posts if row["status"] == "publish"}
    shown = {
        row["id"]: row
        for row in content["comments"]
        if row["approved"] == "1" and row["post"] in public
    }
    held = [row for row in content["comments"] if row["id"] not in shown]
    hidden = [row for row in posts if row["id"] not in public]
    return Truth(
        posts=tuple(_post(row) for row in posts if row["id"] in public),
        comments=tuple(_comment(row, shown) for row in shown.values()),
        protected=tuple(_post(row) for row in posts if row["status"] == "password"),
        secrets=frozenset(word for row in (*held, *hidden) for word in HIDDEN.findall(row["raw"])),
        max_depth=content["max_depth"],
    )


def _post(row: Row) -> TruePost:
    return TruePost(
        native_id=str(row["id"]),
        url=row["url"],
        kind=_KINDS[row["kind"]],
        title=plain(row["title"]),
        author=plain(row["author"]),
        published_at=datetime.fromisoformat(row["utc"]).replace(tzinfo=UTC),
        local=datetime.fromisoformat(row["local"]),
        html=row["html"],
        categories=tuple(sorted(map(plain, row["categories"]))),
        tags=tuple(sorted(map(plain, row["tags"]))),
        comments_open=row["comments_open"],
    )


def _comment(row: Row, shown: Mapping[int, Row]) -> TrueComment:
    return TrueComment(
        native_id=str(row["id"]),
        post=str(row["post"]),
        parent_id=str(row["parent"]) if row["parent"] else None,
        depth=_depth(row, shown),
        kind=row["kind"],
        author=plain(row["author"]) or None,
        author_url=unescape(row["author_url"]) or None,
        published_at=datetime.fromisoformat(row["utc"]).replace(tzinfo=UTC),
        local=datetime.fromisoformat(row["local"]),
        html=row["html"],
    )


def _depth(row: Row, shown: Mapping[int, Row]) -> int:
    depth = 1
    while row["parent"]:
        row, depth = shown[row["parent"]], depth + 1
    return depth
