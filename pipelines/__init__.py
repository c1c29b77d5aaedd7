"""Keeps bytes (WARC) and rows (Parquet); knows nothing of HTML."""

from __future__ import annotations
