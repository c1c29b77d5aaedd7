"""urls.parquet of a crawl: its ledger as a table, every discovered URL with its one fate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.layout import storing

SCHEMA = pa.schema(
    [
        ("url", pa.string()),
        ("host", pa.string()),
        ("state", pa.string()),
        ("rule", pa.string()),
        ("role", pa.string()),
        ("priority", pa.int32()),
        ("depth", pa.int32()),
        ("hops", pa.string()),
        ("via", pa.string()),
        ("tries", pa.int32()),
        ("status", pa.int32()),
        ("last_error", pa.string()),
        ("next_try_at", pa.float64()),
        ("size_bytes", pa.int64()),
        ("capture_id", pa.string()),
        ("redirect_to", pa.string()),
        ("seen_at", pa.float64()),
        ("done_at", pa.float64()),
    ]
)
_BATCH = 10_000


def write(path: Path, rows: Iterable[Mapping[str, object]]) -> int:
    """Write the ledger's rows in order; returns how many.

    Raises:
        StorageFailed: the disk refuses.
    """
    count = 0
    with storing(path), pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for batch in _batches(rows):
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=SCHEMA))
            count += len(batch)
    return count


def _batches(rows: Iterable[Mapping[str, object]]) -> Iterator[list[Mapping[str, object]]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        yield batch
