"""Scores extraction against saved pages whose feeds or exports tell the truth.

    python tests/bench/corpus.py [--corpus ../shared/corpus] [--site NAME] [--misses]

Every page is read by itself, as `archiver extract` does; what a blog's other pages prove (time
zone, order of day and month) is learned from those other pages only, never from the page that is
scored.  Figures are averages over sites, so that one big blog does not drown the rest.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any

from _likeness import (
    alike,
    begins,
    f1,
    folded,
    said_name,
    same_day,
    same_minute,
    true_author,
    words,
)

from archiver import zones
from archiver.config import Blog, blog_id_for
from archiver.extraction import extract
from archiver.jobs.golden import joined
from archiver.model import (
    Capture,
    CaptureId,
    Comment,
    CommentKind,
    Document,
    Extraction,
    Moment,
    PageKind,
    Post,
    Precision,
    Url,
)
from archiver.normalisers import bodies, dates
from archiver.page import Page
from archiver.reconcile.moments import Learned, settled

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
CAPTURED_AT = datetime(2026, 9, 1, tzinfo=UTC)
_CUT = re.compile(r"(?:\[?(?:…|\.\.\.|&hellip;)\]?|Continue reading.*|read more.*)\s*$", re.I)


@dataclass
class Read:
    """A page read, with its truth."""

    row: dict[str, Any]
    page: Page
    extraction: Extraction
    took_ms: float
    posts: list[Post]


@dataclass
class Tally:
    """Numbers of one site: name of the measure → scores between 0 and 1."""

    scores: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    misses: list[str] = field(default_factory=list)

    def add(self, name: str, score: float, row: dict[str, Any], note: str = "") -> None:
        self.scores[name].append(float(score))
        if score < 0.95:
            self.misses.append(f"{name:16} {score:.2f} {row['file']}  {note}")


def main() -> int:
    """Score and print; 0 unless the corpus is missing."""
    options = _options()
    index = options.corpus / "index.jsonl"
    if not index.exists():
        print(f"no corpus at {options.corpus}: nothing to score")
        return 0
    rows = [json.loads(line) for line in index.read_text("utf-8").splitlines()]
    reads = [_read(options.corpus, row) for row in rows if options.site in row["site"]]
    tallies = scored(reads)
    report(reads, tallies, misses=options.misses)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--site", default="", help="only sites whose name contains this")
    parser.add_argument("--misses", action="store_true", help="print what was missed")
    return parser.parse_args()


def _read(corpus: Path, row: dict[str, Any]) -> Read:
    stated = row["url"] or row["file"]
    url = stated if "://" in stated else f"http://corpus.invalid/{stated.lstrip(chr(47))}"
    capture = Capture(
        capture_id=CaptureId(row["file"]),
        url=Url(url),
        captured_at=CAPTURED_AT,
        status=200,
        headers=(("content-type", "text/html"),),
    )
    page = Page(Document(capture=capture, body=(corpus / row["file"]).read_bytes()))
    blog = Blog(blog_id=blog_id_for(url), home_url=Url(url))
    began = time.process_time()
    extraction = extract(page, blog)
    took_ms = (time.process_time() - began) * 1000
    return Read(row, page, extraction, took_ms, list(joined(extraction.posts)))


# --- what other pages prove --------------------------------------------------------------------


def _instant(text: str | None) -> datetime | None:
    """An aware instant of the truth; None where it states no offset."""
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text) if "," in text else datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def _evidence(read: Read) -> Iterator[tuple[Moment, datetime]]:
    """Moments of a page whose true instants are known."""
    truth = read.row.get("post")
    post = _own_post(read)
    if truth and post and post.published and (known := _instant(truth["date"])):
        yield post.published, known
    for comment, stated in _pairs(read):
        if comment.published and (known := _instant(stated["date"])):
            yield comment.published, known


def _learned(others: Iterable[Read]) -> Learned:
    found = [pair for read in others for pair in _evidence(read)]
    orders = Counter(
        order
        for moment, known in found
        if (order := dates.order_agreeing(moment.text, known.date())) is not None
    )
    order = orders.most_common(1)[0][0] if orders else None
    pairs = [
        (known, local)
        for moment, known in found
        if (local := settled(moment, order).local) is not None
        and moment.precision in (Precision.MINUTE, Precision.SECOND)
    ]
    return Learned(zone=zones.learn(pairs), order=order)


# --- scores -------------------------------------------------------------------------------------


def scored(reads: list[Read]) -> dict[str, Tally]:
    """Tally by "platform site"."""
    sites: dict[str, list[Read]] = defaultdict(list)
    for read in reads:
        sites[read.row["site"]].append(read)
    tallies: dict[str, Tally] = {}
    for name, group in sites.items():
        for at, read in enumerate(group):
            tally = tallies.setdefault(f"{read.row['platform']} {name}", Tally())
            learned = _learned(group[:at] + group[at + 1 :])
            _score_post(read, learned, tally)
            _score_comments(read, learned, tally)
    return tallies


def _own_post(read: Read) -> Post | None:
    """The page's post: the only one, or on a listing the one with the truth's title."""
    truth = read.row.get("post") or {}
    if len(read.posts) == 1:
        return read.posts[0]
    titled = [p for p in read.posts if folded(p.title) == folded(truth.get("title"))]
    return titled[0] if titled else None


def _score_post(read: Read, learned: Learned, tally: Tally) -> None:
    truth, row = read.row.get("post"), read.row
    if not truth:
        return
    post = _own_post(read)
    tally.add("post found", post is not None, row)
    if post is None:
        return
    if truth.get("title"):
        same = folded(post.title) == folded(unescape(truth["title"]))
        tally.add("title", same, row, f"{post.title!r} for {truth['title']!r}")
    author = true_author(truth.get("author"))
    if author and _shows(read, author):
        named = (post.author.name or post.author.raw) if post.author else None
        tally.add("author", folded(named) == folded(author), row, f"{named!r} for {author!r}")
    if (known := _instant(truth.get("date"))) and known.year > 1995:
        right = same_day(post.published, known, learned)
        tally.add("local day", right, row, f"{post.published} for {truth['date']}")
    _score_body(read, post, truth, tally)


def _score_body(read: Read, post: Post, truth: dict[str, Any], tally: Tally) -> None:
    wanted = words(bodies.clean(truth.get("html") or "", read.page.base_url).text)
    if len(wanted) < 12:
        return
    found = words(post.body.text if post.body else "")
    cut = _CUT.search(bodies.plain(truth["html"])) is not None or (
        len(wanted) < 100 and len(found) > 1.5 * len(wanted) and begins(found, wanted)
    )
    if cut:
        return
    score = f1(found, wanted)
    tally.add("body F1", score, read.row, f"{len(found)} words for {len(wanted)}")
    tally.scores["body >= .95"].append(score >= 0.95)
    tally.add("leak", _leak(read, post, wanted), read.row) if read.row.get("comments") else None


def _leak(read: Read, post: Post, wanted: list[str]) -> float:
    """Share of comments (of some length) whose words stand in the post's body."""
    text = " ".join(words(post.body.text if post.body else ""))
    own = " ".join(wanted)
    told = [" ".join(words(c["text"]))[:200] for c in read.row["comments"]]
    told = [words for words in told if len(words) > 40 and words not in own]
    return 1 - sum(words in text for words in told) / len(told) if told else 1.0


def _score_comments(read: Read, learned: Learned, tally: Tally) -> None:
    row = read.row
    truths = row.get("comments") or []
    whole = (row.get("comments_source") or "").startswith("all")
    found = _kept(read.extraction.comments)
    if whole and truths:
        pairs = list(_pairs(read))
        tally.add("c. recall", len(pairs) / len(truths), row, f"{len(pairs)} of {len(truths)}")
        tally.add("c. precision", len(pairs) / max(1, len(found)), row, f"{len(found)} found")
    for comment, truth in _pairs(read) if whole else ():
        named, true_name = said_name(comment), unescape(truth["author"] or "")
        same = folded(named) == folded(true_name)
        tally.add("c. author", same, row, f"{named!r} for {true_name!r}")
        like = alike(comment.body.text if comment.body else "", truth["text"])
        tally.scores["c. body >= .95"].append(like >= 0.95)
        if like < 0.95:
            words = comment.body.text if comment.body else ""
            tally.misses.append(
                f"c. body {like:.2f} {row['file']} {words[:70]!r} for {truth['text'][:70]!r}"
            )
        known = _instant(truth["date"])
        if known:
            tally.add(
                "c. minute",
                same_minute(comment.published, known, learned),
                row,
                f"{comment.published} for {known}",
            )


def _kept(comments: Iterable[Comment]) -> list[Comment]:
    """Each comment once."""
    seen: dict[str, Comment] = {}
    for at, comment in enumerate(comments):
        seen.setdefault(comment.native_id or f"#{at}", comment)
    return list(seen.values())


def _pairs(read: Read) -> Iterator[tuple[Comment, dict[str, Any]]]:
    """Comments with their truths: by id, else by their words."""
    left = _kept(read.extraction.comments)
    for truth in read.row.get("comments") or []:
        match = _match(left, truth)
        if match is not None:
            left.remove(match)
            yield match, truth


def _match(left: list[Comment], truth: dict[str, Any]) -> Comment | None:
    native = truth.get("id")
    for comment in left:
        if native and native in (comment.native_id, *comment.other_ids):
            return comment
    if any(comment.native_id for comment in left) and native:
        return None
    close = [
        (alike(comment.body.text if comment.body else "", truth["text"]), at)
        for at, comment in enumerate(left)
    ]
    best = max(close, default=(0.0, 0))
    return left[best[1]] if best[0] > 0.6 else None


def _shows(read: Read, name: str) -> bool:
    """Whether a page says a name outside its comments, where the author is one of many."""
    wanted = folded(name)
    said = [c.author.raw or "" for c in read.extraction.comments if c.author]
    said += [c.body.text for c in read.extraction.comments if c.body]
    among = sum(folded(words).count(wanted) for words in said)
    return folded(read.page.outline.text).count(wanted) > among


# --- report -------------------------------------------------------------------------------------

MEASURES = (
    "post found", "title", "author", "local day", "body F1", "body >= .95", "leak",
    "c. recall", "c. precision", "c. author", "c. body >= .95", "c. minute",
)  # fmt: skip


def report(reads: list[Read], tallies: dict[str, Tally], *, misses: bool) -> None:
    """Table by site, averages over sites, and what a page costs."""
    print(f"{'':52}" + " ".join(f"{name[:11]:>11}" for name in MEASURES))
    for site, tally in sorted(tallies.items()):
        if tally.scores:
            print(f"{site[:52]:52}" + " ".join(_cell(tally.scores.get(n)) for n in MEASURES))
    print(f"{'average over sites':52}" + " ".join(_macro(tallies, n) for n in MEASURES))
    if misses:
        for site, tally in sorted(tallies.items()):
            for line in tally.misses:
                print(f"{site}: {line}")
    _report_claims(reads)
    spent = [read.took_ms for read in reads]
    size = statistics.mean(len(read.page.body) for read in reads) / 1024
    print(
        f"{len(reads)} pages of {size:.0f} KB: mean {statistics.mean(spent):.1f} ms, "
        f"median {statistics.median(spent):.1f} ms, worst {max(spent):.0f} ms"
    )


def _cell(scores: list[float] | None) -> str:
    return f"{statistics.mean(scores):7.3f}/{len(scores):<3d}" if scores else f"{'':11}"


def _macro(tallies: dict[str, Tally], name: str) -> str:
    means = [statistics.mean(t.scores[name]) for t in tallies.values() if t.scores.get(name)]
    return f"{statistics.mean(means):7.3f}/{len(means):<3d}" if means else f"{'':11}"


def _report_claims(reads: list[Read]) -> None:
    claims = Counter((r.row["platform"] or "?", r.extraction.extractor) for r in reads)
    kinds = Counter((r.row["kind"], str(r.extraction.page_kind)) for r in reads)
    for (platform, extractor), count in sorted(claims.items()):
        print(f"  {platform:40} {extractor:20} {count}")
    print("  kinds:", ", ".join(f"{a}→{b} {n}" for (a, b), n in sorted(kinds.items(), key=str)))
    failed = Counter(i.code for r in reads for i in r.extraction.issues)
    print("  issues:", dict(failed.most_common(12)))
    pings = sum(c.kind is not CommentKind.COMMENT for r in reads for c in r.extraction.comments)
    listings = sum(r.extraction.page_kind is PageKind.ARCHIVE for r in reads)
    print(f"  {pings} pings, {listings} listings")


if __name__ == "__main__":
    sys.exit(main())
