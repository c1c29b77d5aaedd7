"""A legacy blog to crawl: invented people, posts and comments on WordPress' real markup.

`Sample` says which blog, `Sample.truth` what a perfect archive of it holds, `serve` runs it.
"""

from __future__ import annotations

from tests.sample.blog import Theme
from tests.sample.media import Fate
from tests.sample.sample import Sample
from tests.sample.serving import serve
from tests.sample.traps import Trap, trap_of
from tests.sample.truth import Hidden, PublicComment, PublicPost, Requisite, Truth

__all__ = [
    "Fate",
    "Hidden",
    "PublicComment",
    "PublicPost",
    "Requisite",
    "Sample",
    "Theme",
    "Trap",
    "Truth",
    "serve",
    "trap_of",
]
