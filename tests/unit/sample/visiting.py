"""The sample blog in process: answers without a server, and what they show."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin

from lxml import etree, html
from lxml.etree import _Element as Node

from tests.sample import Sample, Truth
from tests.sample.site import Answer, Site
from tests.sample.timeline import BASE

_ADDRESSES = "//a/@href | //link/@href | //script/@src | //img/@src"


def parse(answer: Answer) -> Node:
    """The tree of a page; what is not UTF-8 in it is replaced."""
    return html.document_fromstring(answer.body.decode("utf-8", "replace"))


def values(node: Node, path: str, **namespaces: str) -> list[str]:
    """Attributes or texts at a path."""
    return [str(found) for found in _found(node, path, namespaces)]


def nodes(node: Node, path: str, **namespaces: str) -> list[Node]:
    """Elements at a path."""
    return [found for found in _found(node, path, namespaces) if isinstance(found, Node)]


def _found(node: Node, path: str, namespaces: dict[str, str]) -> list[object]:
    found = node.xpath(path, namespaces=namespaces or None)
    assert isinstance(found, list)
    return list(found)


@dataclass
class Visited:
    """A blog with its truth and everything that links lead to."""

    sample: Sample
    site: Site
    truth: Truth

    def get(self, url: str) -> Answer:
        return self.site.answer(url.removeprefix(BASE).partition("#")[0])

    def tree(self, url: str) -> Node:
        return parse(self.get(url))

    def xml(self, url: str) -> Node:
        return etree.fromstring(self.get(url).body)

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """Every answer that a reader who follows all links gets to see, by target."""
        waiting, seen = deque(["/"]), {"/": self.get("/")}
        while waiting:
            target = waiting.popleft()
            for href in self._links(target, seen[target]):
                found = urljoin(BASE + target, href).partition("#")[0]
                there = found.removeprefix(BASE) or "/"
                if found.startswith(BASE) and there not in seen and "replytocom" not in there:
                    seen[there] = self.get(there)
                    waiting.append(there)
        return seen

    def _links(self, target: str, answer: Answer) -> list[str]:
        if answer.location:
            return [answer.location]
        if not answer.media_type.startswith("text/html") or not answer.body:
            return []
        page = parse(answer)
        sizes = (size for srcset in values(page, "//@srcset") for size in srcset.split(","))
        return [*values(page, _ADDRESSES), *(size.split()[0] for size in sizes)]
