"""`archiver status`: crawls under way and published, with their counts; the ledger of one crawl."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from archiver.crawl import accounts
from archiver.errors import ConfigError
from pipelines.layout import Layout
from pipelines.state import CrawlState
from pipelines.tables import recovery

_COLUMNS = (
    "crawl_id",
    "state",
    "posts_found",
    "comments_found",
    "declared_comments",
    "captures",
    "issues_error",
    "issues_warning",
    "finish_reason",
)


def run(output: Path, *, urls: str | None = None) -> int:
    """Print the crawls of a data folder, or every URL of one crawl as JSON lines.

    Raises:
        ConfigError: there is no such crawl.
    """
    layout = Layout(output)
    if urls is not None:
        for line in _ledger(layout, urls):
            print(line)
        return 0
    for note in recovery.recover(layout):
        print(note)
    table = Table(*(name.replace("_", " ") for name in _COLUMNS), highlight=False)
    for crawl_id in layout.crawl_ids():
        path = layout.crawl(crawl_id).table("crawls")
        for row in pq.read_table(path, columns=list(_COLUMNS)).to_pylist():
            table.add_row(*("" if row[name] is None else str(row[name]) for name in _COLUMNS))
    for crawl_id in layout.working_ids():
        table.add_row(crawl_id, *_under_way(layout, crawl_id))
    Console(width=None if Console().is_terminal else 200).print(table)
    return 0


def _under_way(layout: Layout, crawl_id: str) -> Iterator[str]:
    path = layout.ledger(crawl_id)
    if not path.is_file():
        yield "unfinished import"
        return
    state = CrawlState.read(path)
    counts = accounts.counts(state)
    state.abandon()
    done = sum(n for name, n in counts.items() if name not in ("pending", "leased"))
    yield "unfinished"
    yield from ("", "", "", "", "", "")
    yield f"{done} URLs done, {sum(counts.values()) - done} to go"


def _ledger(layout: Layout, crawl_id: str) -> Iterator[str]:
    published = layout.crawl(crawl_id).urls
    if published.is_file():
        for row in pq.read_table(published).to_pylist():
            yield json.dumps(row, ensure_ascii=False, default=str)
        return
    path = layout.ledger(crawl_id)
    if not path.is_file():
        known = ", ".join((*layout.crawl_ids(), *layout.working_ids())) or "none"
        raise ConfigError("command line", "--urls", f"no crawl {crawl_id!r}; known: {known}")
    state = CrawlState.read(path)
    try:
        for line in accounts.rows(state):
            yield json.dumps(asdict(line), ensure_ascii=False)
    finally:
        state.abandon()
