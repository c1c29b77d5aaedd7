"""All that is looked up once per page: its facts, comment boxes and post boxes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from archiver.extractors.wordpress.boxes import Box, find_boxes
from archiver.extractors.wordpress.entries import Entry, Finder
from archiver.extractors.wordpress.facts import Facts
from archiver.extractors.wordpress.headlines import headline
from archiver.page import Page


@dataclass(frozen=True)
class Study:
    """One page under study; each part is made when first asked for."""

    facts: Facts

    @cached_property
    def boxes(self) -> list[Box]:
        """Its comments, in page order."""
        return find_boxes(self.facts.index)

    @cached_property
    def finder(self) -> Finder:
        """Its posts."""
        comments = {part for box in self.boxes for part in box.parts}
        return Finder(self.facts.tree, self.facts.index, comments)

    @cached_property
    def main(self) -> Entry | None:
        """The post that the page is about, None on a listing."""
        if not self.facts.is_single:
            return None
        found = headline(self.facts, self.finder.zones)
        return self.finder.main(self.facts.post_number, found)


@lru_cache(maxsize=4)  # one page for each thread: it is asked five things, then never again
def study(page: Page) -> Study:
    """The study of a page, the same object for the same page."""
    return Study(Facts(page))
