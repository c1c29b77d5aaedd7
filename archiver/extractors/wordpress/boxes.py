"""Which elements of a WordPress page are one comment each.

Core prints the comment's number as an id (`comment-N`, `li-comment-N`, `div-comment-N`), often on
several nested elements, sometimes on an empty anchor; only hand-made themes print none.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml.etree import _Element as Node

from archiver.extractors.wordpress.index import Index, Sign, comment_number, signs
from archiver.extractors.wordpress.prose import is_element, words

_ROWS = frozenset(("li", "dd", "article", "tr"))
_LISTS = frozenset(("ol", "ul", "dl", "body", "table", "tbody", "form"))
_COMMENTS = frozenset((Sign.COMMENTS, Sign.LIST, Sign.COMMENT))
_Owners = dict[Node, set[str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The elements of one comment: usually one, several where a theme puts no box around them.

    `marks` are the elements that bear its number, outermost first.
    """

    native_id: str | None
    parts: tuple[Node, ...]
    marks: tuple[Node, ...]


def find_boxes(index: Index) -> list[Box]:
    """The boxes of all comments and pings, in page order; nested ones follow their parents."""
    groups = _groups(index)
    if not groups:
        return [Box(native_id=None, parts=(node,), marks=(node,)) for node in _unmarked(index)]
    tops = [next((node for node in nodes if _says(node)), nodes[0]) for _, nodes in groups]
    loose = any(top.tag == "dt" or not _says(top) for top in tops)
    owners = _owners(groups) if loose else {}
    found = []
    for (number, nodes), top in zip(groups, tops, strict=True):
        parts = _parts(top, owners, number) if loose else (top,)
        after = top.getnext()
        if after is not None and after.tag == "cite":
            parts = (*parts, after)
        found.append(Box(native_id=number, parts=parts, marks=tuple(nodes)))
    return found


def _groups(index: Index) -> list[tuple[str | None, list[Node]]]:
    """Marked elements by comment number, in page order; pings without a number stand alone."""
    numbered: dict[str, list[Node]] = {}
    asides: dict[Node | None, bool] = {}
    for number, node in index.marks:
        if number in numbered:
            numbered[number].append(node)
        else:
            parent = node.getparent()
            if parent not in asides:
                asides[parent] = _is_aside(node)
            if not asides[parent]:
                numbered[number] = [node]
    found: list[tuple[str | None, list[Node]]] = list(numbered.items())
    pings = [node for node in index.pings if words(node) and not _is_aside(node)]
    if not pings:
        return found
    held = {above for nodes in numbered.values() for n in nodes for above in n.iterancestors()}
    held.update(node for nodes in numbered.values() for node in nodes)
    bare = [(None, [node]) for node in pings if node not in held]
    if not bare or not found:
        return [*found, *bare]
    return _in_page_order([*found, *bare])


def _in_page_order(
    groups: list[tuple[str | None, list[Node]]],
) -> list[tuple[str | None, list[Node]]]:
    top = groups[0][1][0].getroottree().getroot()
    order = {node: at for at, node in enumerate(top.iter())}
    return sorted(groups, key=lambda group: order[group[1][0]])


def _is_aside(node: Node) -> bool:
    """Whether a mark belongs to a list of recent comments beside the page."""
    for above in (node, *node.iterancestors()):
        if above.tag == "aside":
            return True
        said = signs(above.get("class", "")) if above.tag in ("li", "ul", "div") else ()
        if Sign.ZONE in said and _COMMENTS.isdisjoint(said):
            return True
    return False


def _says(node: Node) -> bool:
    """Whether an element holds words; one with inner boxes always does."""
    return len(node) > 2 or any(len(child) for child in node) or bool(words(node))


def _owners(groups: list[tuple[str | None, list[Node]]]) -> _Owners:
    """For every ancestor of a mark, the numbers found under it."""
    owners: _Owners = {}
    for number, nodes in groups:
        for node in nodes:
            for above in node.iterancestors():
                owners.setdefault(above, set()).add(number)
    return owners


def _parts(top: Node, owners: _Owners, number: str | None) -> tuple[Node, ...]:
    if top.tag == "dt":
        return (top, *_until_next(top, owners, number))
    if _says(top):
        return (top,)
    grown = _grown(top, owners)
    return (grown,) if grown is not top else (top, *_until_next(top, owners, number))


def _grown(anchor: Node, owners: _Owners) -> Node:
    """The widest box around an empty anchor that holds no other comment, or its list item."""
    box = anchor
    for above in anchor.iterancestors():
        if above.tag in _LISTS or above.get("id") == "comments":
            break
        if len(owners.get(above, ())) > 1:
            if above.tag in _ROWS and box is anchor and above[0] is anchor:
                box = above
            break
        box = above
        if above.tag in _ROWS:
            break
    return box


def _until_next(node: Node, owners: _Owners, number: str | None) -> list[Node]:
    """The siblings after `node` up to the next comment, heading or form."""
    found: list[Node] = []
    for sibling in node.itersiblings():
        if not is_element(sibling):
            continue
        if node.tag == "dt" and sibling.tag != "dd":
            break
        other = comment_number(sibling)
        if sibling in owners or sibling.tag == "form" or (other and other != number):
            break
        found.append(sibling)
    return found


def _unmarked(index: Index) -> list[Node]:
    """List items or boxes of class "comment" where a theme prints no numbers."""
    lists = {*index.by_sign.get(Sign.LIST, ()), *index.by_sign.get(Sign.COMMENTS, ())}
    rows = [row for top in lists if top.tag in ("ol", "ul") for row in top if row.tag == "li"]
    named = [
        node
        for node in index.by_sign.get(Sign.COMMENT, ())
        if node.tag in ("li", "div", "article") and not lists.isdisjoint(node.iterancestors())
    ]
    found = [node for node in dict.fromkeys((*rows, *named)) if words(node)]
    items = [node for node in found if node.tag == "li"]
    if items:
        return items
    kept: list[Node] = []
    for node in found:
        if not any(above in kept for above in node.iterancestors()):
            kept.append(node)
    return kept
