"""Rows on disk: schemas, writing, publication by one rename, and the history across crawls."""

from __future__ import annotations
