"""Who answers whom: parents from nesting, and where WordPress hides them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.etree import _Element as Node

from archiver.extractors.wordpress.boxes import Box
from archiver.model import ParentGround

_DEPTH = re.compile(r"\bdepth-(\d+)\b")
_DEFAULT_LIMIT = 5  # thread_comments_depth.  Source: WordPress 6.1 wp-admin/includes/schema.php


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a comment stands in its thread; depth 0 is the top level."""

    parent: str | None
    ground: ParentGround
    depth: int


def places(
    boxes: Sequence[Box],
    above: Sequence[int | None],
    numbers: Sequence[str | None],
    answerable: Sequence[bool],
) -> list[Place]:
    """The places of all comments of a page, in page order; `above` are their `parents`.

    At the deepest level core prints answers as siblings of what they answer, without a reply
    link; only the first of such siblings surely answers the comment around them.
    Source: WordPress 6.1 class-walker-comment.php, display_element()
    """
    depths = _depths(boxes, above)
    above = _by_depth(above, depths)
    limit = _limit(depths, answerable)
    first_seen: set[int] = set()
    found = []
    for at, parent in enumerate(above):
        ground = ParentGround.NONE
        if parent is not None:
            is_first = parent not in first_seen
            first_seen.add(parent)
            hidden = depths[at] == limit and not is_first and not answerable[at]
            ground = ParentGround.FLATTENED if hidden else ParentGround.NESTING
        number = numbers[parent] if parent is not None else None
        found.append(
            Place(
                parent=number,
                ground=ground if number else ParentGround.NONE,
                depth=depths[at],
            )
        )
    return found


def parents(boxes: Sequence[Box]) -> list[int | None]:
    """For each box the index of the nearest earlier box around it."""
    owner: dict[Node, int] = {}
    for at, box in enumerate(boxes):
        for node in (*box.parts, *box.marks):
            owner.setdefault(node, at)
    found: list[int | None] = []
    for at, box in enumerate(boxes):
        around = (owner[node] for node in box.parts[0].iterancestors() if node in owner)
        found.append(next((index for index in around if index < at), None))
    return found


def _depths(boxes: Sequence[Box], above: Sequence[int | None]) -> list[int]:
    depths: list[int] = []
    for box, parent in zip(boxes, above, strict=True):
        stated = next((d for m in box.marks if (d := _DEPTH.search(m.get("class", "")))), None)
        nested = 0 if parent is None else depths[parent] + 1
        depths.append(int(stated[1]) - 1 if stated and int(stated[1]) > 0 else nested)
    return depths


def _by_depth(above: Sequence[int | None], depths: Sequence[int]) -> list[int | None]:
    """Parents by stated depth where the nesting contradicts it.

    Block themes put the deepest answers into the <li> of what they answer, without a list;
    parsers close that <li> and all that follows moves up.
    Source: WordPress 6.1 wp-includes/blocks/comment-template.php
    """
    last: dict[int, int] = {}
    found: list[int | None] = []
    for at, (parent, depth) in enumerate(zip(above, depths, strict=True)):
        fits = depths[parent] == depth - 1 if parent is not None else depth == 0
        found.append(parent if fits else last.get(depth - 1))
        last[depth] = at
    return found


def _limit(depths: Sequence[int], answerable: Sequence[bool]) -> int | None:
    """The depth at which this page hides parents; None when nothing says that it does.

    Where comments are closed no comment has a reply link: then only core's default tells.
    """
    deepest = max(depths, default=0)
    if deepest == 0:
        return None
    if any(answerable):
        at_limit = [a for a, depth in zip(answerable, depths, strict=True) if depth == deepest]
        return None if any(at_limit) else deepest
    return deepest if deepest + 1 >= _DEFAULT_LIMIT else None
