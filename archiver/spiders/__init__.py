"""One spider: what differs between crawls is seeds, never code."""

from __future__ import annotations
