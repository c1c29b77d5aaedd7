"""The content of the engine lab is worth crawling: what it promises to hold is in it."""

from __future__ import annotations

from collections import Counter

from tests.engines.story import tell
from tests.engines.story.model import HIDDEN, NEXT_PAGE, Status
from tests.engines.story.remarks import CROWDED, DEEPEST


def test_the_story_is_the_same_each_time() -> None:
    assert tell() == tell()


def test_sixty_posts_are_public_and_every_other_one_carries_a_marker() -> None:
    entries = tell().entries
    public = [entry for entry in entries if entry.status is Status.PUBLIC]
    assert sum(entry.kind == "entry" for entry in public) >= 60
    assert not any(HIDDEN.search("".join(entry.parts)) for entry in public)
    assert all(HIDDEN.search("".join(entry.parts)) for entry in entries if entry not in public)
    assert any(entry.parts.count(NEXT_PAGE) > 1 for entry in public)
    assert "" in {entry.title for entry in public}


def test_threads_go_deeper_than_pages_show_and_fill_several_pages() -> None:
    remarks = {remark.key: remark for remark in tell().remarks}
    depths: dict[int, int] = {}
    for key, remark in remarks.items():
        depths[key] = 1 + (depths[remark.parent] if remark.parent else 0)
    assert max(depths.values()) == DEEPEST
    threads = Counter(remark.entry for remark in remarks.values() if remark.parent is None)
    assert max(threads.values()) >= CROWDED


def test_there_are_pings_and_nameless_visitors_and_authors_who_answer() -> None:
    story = tell()
    written = {entry.key: entry.written for entry in story.entries}
    remarks = [remark for remark in story.remarks if remark.status is Status.PUBLIC]
    assert {remark.kind for remark in remarks} == {"comment", "pingback", "trackback"}
    assert any(not remark.name for remark in remarks)
    assert any(remark.login for remark in remarks)
    assert all(remark.written > written[remark.entry] for remark in remarks)
