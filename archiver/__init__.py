"""Archive legacy blogs: byte-exact WARC, tables of posts and comments, and the proof of both."""

from __future__ import annotations

__version__ = "0.1.0"
