"""What readers answered: comments, pingbacks and trackbacks, threaded and paged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

from tests.sample.bodies import smiley
from tests.sample.fragment import Fragment, element, join, words
from tests.sample.prose import Person, World
from tests.sample.timeline import Entry, Status

MAX_DEPTH = 5  # WordPress: thread_comments_depth
PER_PAGE = 20  # WordPress: comments_per_page, counting top-level comments
LATEST = timedelta(days=40)  # nobody answers later than this

# Every long thread begins with a dialogue that runs past MAX_DEPTH, then shows the rarer kinds.
_DIALOGUE, _PINGBACK_AT, _TRACKBACK_AT, _ANONYMOUS_AT = 7, 8, 9, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One answer. `parent` is the comment that it answers; `author` is None for the nameless."""

    native_id: int
    parent: Comment | None
    kind: str  # comment, pingback, trackback
    author: Person | None
    by_post_author: bool
    instant: datetime
    body: Fragment
    approved: bool

    @property
    def depth(self) -> int:
        """1-based depth at which it is shown."""
        return min(self.true_depth, MAX_DEPTH)

    @property
    def true_depth(self) -> int:
        """1-based depth by its parents."""
        return 1 if self.parent is None else self.parent.true_depth + 1

    @property
    def root(self) -> Comment:
        """The top-level comment of its thread."""
        return self if self.parent is None else self.parent.root


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A comment as shown, with what hangs below it; `classes` are those WordPress gives."""

    comment: Comment
    classes: str
    children: tuple[Branch, ...]


def invent(entry: Entry, world: World, seed: int) -> tuple[Comment, ...]:
    """All comments of a post, hidden ones included, oldest first."""
    rng = Random(f"{seed}/thread/{entry.index}")
    delays = sorted(min(rng.expovariate(1 / 90_000), 3.4e6) for _ in range(entry.thread_size))
    thread: list[Comment] = []
    for place, delay in enumerate(delays):
        instant = entry.instant + timedelta(seconds=60 + int(delay) + place)
        thread.append(_comment(entry, world, rng, thread, instant))
    return tuple(thread)


def pages(thread: Sequence[Comment]) -> int:
    """How many comment pages the approved part of a thread fills; 0 without comments."""
    tops = sum(comment.approved and comment.parent is None for comment in thread)
    return -(-tops // PER_PAGE)


def page_of(comment: Comment, thread: Sequence[Comment]) -> int:
    """The 1-based comment page that shows a comment; page 1 is the oldest."""
    tops = [other for other in thread if other.approved and other.parent is None]
    return tops.index(comment.root) // PER_PAGE + 1


def shown(thread: Sequence[Comment], page: int) -> tuple[Branch, ...]:
    """What one comment page shows, as WordPress' walker orders it."""
    approved = [comment for comment in thread if comment.approved]
    below: dict[int | None, list[Comment]] = {}
    for comment in approved:
        below.setdefault(comment.parent.native_id if comment.parent else None, []).append(comment)
    tops = below.get(None, [])[(page - 1) * PER_PAGE : page * PER_PAGE]
    stripes, threads = count(), count()
    return tuple(b for top in tops for b in _grow(top, 1, below, stripes, threads))


def _grow(
    comment: Comment,
    depth: int,
    below: dict[int | None, list[Comment]],
    stripes: Iterator[int],
    threads: Iterator[int],
) -> Iterator[Branch]:
    answers = below.get(comment.native_id, [])
    classes = _classes(comment, depth, next(stripes), threads, bool(answers))
    deeper = min(depth + 1, MAX_DEPTH)
    grown = [b for answer in answers for b in _grow(answer, deeper, below, stripes, threads)]
    # At the maximum depth WordPress prints answers after the comment instead of inside it.
    flat = depth == MAX_DEPTH
    yield Branch(comment=comment, classes=classes, children=() if flat else tuple(grown))
    if flat:
        yield from grown


def _classes(
    comment: Comment, depth: int, stripe: int, threads: Iterator[int], answered: bool
) -> str:
    names = [comment.kind]
    if comment.author is not None and comment.author.nicename is not None:
        names += ["byuser", f"comment-author-{comment.author.nicename}"]
    if comment.by_post_author:
        names.append("bypostauthor")
    names.append("odd alt" if stripe % 2 else "even")
    if depth == 1:
        names.append("thread-odd thread-alt" if next(threads) % 2 else "thread-even")
    names.append(f"depth-{depth}")
    return " ".join([*names, "parent"] if answered else names)


def _comment(
    entry: Entry, world: World, rng: Random, earlier: Sequence[Comment], instant: datetime
) -> Comment:
    place, long = len(earlier), entry.thread_size > _ANONYMOUS_AT + 10
    kind = _kind(rng, place, long)
    parent = None if kind != "comment" else _parent(rng, earlier, long)
    by_post_author = kind == "comment" and place > 0 and rng.random() < 0.18
    approved = rng.random() > 0.06 or (long and place <= _ANONYMOUS_AT)
    native_id = entry.first_comment_id + place
    author = entry.author if by_post_author else _author(world, rng, kind)
    if long and place == _ANONYMOUS_AT:
        author, by_post_author = None, False
    said = (
        _ping(entry, world, rng, kind) if kind != "comment" else _words(entry, world, rng, parent)
    )
    if not approved or entry.status is not Status.PUBLIC:
        said += element("p", words(secret(native_id)))
    return Comment(
        native_id=native_id,
        parent=parent,
        kind=kind,
        author=author,
        by_post_author=by_post_author,
        instant=instant,
        body=said,
        approved=approved,
    )


def secret(native_id: int) -> str:
    """The sentence of a hidden comment that must never be found elsewhere."""
    return f"Please keep this to yourself: locker {native_id * 104729}."


def _kind(rng: Random, place: int, long: bool) -> str:
    if long and place <= _ANONYMOUS_AT:
        return {_PINGBACK_AT: "pingback", _TRACKBACK_AT: "trackback"}.get(place, "comment")
    return rng.choices(("comment", "pingback", "trackback"), (92, 5, 3))[0]


def _parent(rng: Random, earlier: Sequence[Comment], long: bool) -> Comment | None:
    if long and 0 < len(earlier) <= _DIALOGUE:
        return earlier[-1]
    # Nobody can answer what is not shown, and pings are not answered.
    open_to_answers = [c for c in earlier[-6:] if c.approved and c.kind == "comment"]
    if not open_to_answers or rng.random() > 0.45:
        return None
    chosen = rng.choice(open_to_answers)
    return chosen if chosen.true_depth < MAX_DEPTH else None


def _author(world: World, rng: Random, kind: str) -> Person | None:
    if kind != "comment":
        return rng.choice(world.pingers)
    return None if rng.random() < 0.04 else rng.choice(world.commenters)


def _words(entry: Entry, world: World, rng: Random, parent: Comment | None) -> Fragment:
    prose = world.languages[entry.language]
    blocks = []
    if parent is not None and rng.random() < 0.15:
        quoted = words(parent.body.text.partition("\n")[0])
        blocks.append(Fragment(f"<blockquote><p>{quoted.html}</p></blockquote>", quoted.text))
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        said = words(prose.say(rng, "comments" if parent is None else "replies"))
        if rng.random() < 0.12:
            said += Fragment("<br />\n", "\n") + words(prose.say(rng, "quotes"))
        if rng.random() < 0.06:
            said += words(" ") + smiley(rng.choice((":)", ";)")))
        blocks.append(element("p", said))
    return join(blocks)


def _ping(entry: Entry, world: World, rng: Random, kind: str) -> Fragment:
    prose = world.languages[entry.language]
    excerpt = element("p", words("[…] ") + words(prose.say(rng, "quotes")) + words(" […]"))
    if kind == "pingback":
        return excerpt
    title = element("p", element("strong", words(prose.say(rng, "openings"))))
    return join((title, excerpt))
