"""Posts that earlier crawls know and this one did not find: the ground for calling them gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from archiver.urls import permalink_identity
from pipelines.tables.columnar import Row
from pipelines.tables.staging import Staging

_GONE = (404, 410)
_ANSWERED = range(200, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the crawl made: ids of its posts, and every alias under which it saw one."""

    posts: Set[str]
    aliases: Set[str]


def absent(
    staging: Staging,
    known: Mapping[str, str],
    seen: Seen,
    unanswered: Iterable[str],
    common: Row,
) -> Iterator[Row]:
    """One coverage row for each known post that is not there although its page was asked for.

    Complete where every answer of its addresses was 404 or 410. Any other answer, or none
    (`unanswered` are URLs), proves nothing: the row is incomplete and keeps the post from being
    called gone. Posts whose pages nothing asked for have no row.
    """
    answers = _answers(staging, known)
    silent = {known.get(f"url:{permalink_identity(url)}") for url in unanswered}
    renamed = {known[alias] for alias in seen.aliases & known.keys()}
    for of_post in sorted({*answers, *renamed, *(silent - {None})} - seen.posts, key=str):
        if of_post is None:
            continue
        found = answers.get(of_post, [])
        doubt = _doubt(found, is_silent=of_post in silent, is_renamed=of_post in renamed)
        times = [at for row in found if isinstance(at := row.get("fetch_time"), datetime)]
        yield {
            **common,
            "unit": "post",
            "unit_key": of_post,
            "expected": 1,
            "expected_source": "previous_crawl",
            "found": 0,
            "missing": 1,
            "extra": 0,
            "ratio": 0.0,
            "complete": doubt is None,
            "captured_at": min(times, default=None),
            "reason": doubt or f"the page answers {found[0]['fetch_status']}",
        }


def whole_blog(
    known: Mapping[str, str], seen: Seen, common: Row, since: datetime | None, *, is_complete: bool
) -> Row:
    """The coverage row of the blog itself: complete where nothing that it shows was left out.

    A blog that does not show most of its known posts any more may have been rebuilt without its
    old lists, and lists prove nothing then.
    """
    expected = set(known.values())
    missing, kept = expected - seen.posts, expected & seen.posts
    doubt = None if is_complete else "not everything that the blog shows was captured"
    if is_complete and len(missing) > len(kept):
        doubt = "the blog does not list most of its known posts"
    return {
        **common,
        "unit": "blog",
        "unit_key": common["blog_id"],
        "expected": len(expected) if expected else None,
        "expected_source": "previous_crawl" if expected else "none",
        "found": len(seen.posts),
        "missing": len(missing) if expected else None,
        "extra": len(seen.posts - expected) if expected else None,
        "ratio": len(kept) / len(expected) if expected else None,
        "complete": doubt is None,
        "captured_at": since,
        "reason": doubt,
    }


def _answers(staging: Staging, known: Mapping[str, str]) -> dict[str | None, list[Row]]:
    found: dict[str | None, list[Row]] = defaultdict(list)
    for row in staging.captures() if known else ():
        of_post = known.get(f"url:{permalink_identity(str(row['url']))}")
        if of_post is not None and row.get("fetch_status") in _ANSWERED:
            found[of_post].append(row)
    return found


def _doubt(found: list[Row], *, is_silent: bool, is_renamed: bool) -> str | None:
    """Why a post cannot be called gone; None where it can."""
    if is_renamed:
        return "the post was seen as part of another"
    if is_silent and not found:
        return "the post's own page was not answered"
    others = sorted({str(row["fetch_status"]) for row in found} - set(map(str, _GONE)))
    if others:
        return f"the post's own page answered {', '.join(others)} and shows no post"
    return None
