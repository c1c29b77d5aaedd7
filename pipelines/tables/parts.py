"""One Parquet file being written: compression, row groups by bytes, Bloom filters, page index."""

from __future__ import annotations

import inspect
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.layout import storing
from pipelines.tables.columns import Table
from pipelines.tables.footer import Stamp, stamped

GROUP_BYTES = 16 * 1024 * 1024
# Values of these columns are long and never compared: statistics and dictionaries only cost.
_PROSE = frozenset({"body_text", "body_html", "config_json", "excerpt", "title_html", "message"})
# Nearly every value differs: a dictionary would be built and thrown away.
_DISTINCT = frozenset(
    {"post_id", "comment_id", "link_id", "media_id", "native_id", "content_hash", "permalink"}
)
_HAS_BLOOM = "bloom_filter_options" in inspect.signature(pq.ParquetWriter.__init__).parameters


class PartFile:
    """Writes Arrow tables, already in order, into one file; memory is bounded by a row group.

    `total_rows` sizes the Bloom filters (0: none are written).
    """

    def __init__(self, path: Path, table: Table, stamp: Stamp, total_rows: int) -> None:
        self.path, self.table = path, table
        self.schema = stamped(table, stamp)
        self.rows = 0
        self._held: list[pa.Table] = []
        self._held_rows = self._held_bytes = 0
        with storing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(path, self.schema, **_options(table, total_rows))

    def write(self, rows: pa.Table) -> None:
        """Add rows; a group goes to disk when it is full."""
        self._held.append(rows)
        self._held_rows += rows.num_rows
        self._held_bytes += rows.nbytes
        if self._held_bytes >= GROUP_BYTES or self._held_rows >= self.table.group_rows:
            self._flush()

    def close(self) -> None:
        """Finish the file; it is complete but not yet synced."""
        if self._held_rows:
            self._flush()
        with storing(self.path):
            self._writer.close()

    def _flush(self) -> None:
        group = pa.concat_tables(self._held).cast(self.schema)
        with storing(self.path):
            self._writer.write_table(group, row_group_size=self.table.group_rows)
        self.rows += group.num_rows
        self._held.clear()
        self._held_rows = self._held_bytes = 0


def _options(table: Table, total_rows: int) -> dict[str, object]:
    compared = [name for name in table.names if name not in _PROSE]
    # In tables of what hangs on a post, its id repeats.
    distinct = _DISTINCT - {name for name in table.order[:2] if name not in table.key}
    options: dict[str, object] = {
        "compression": "zstd",
        "compression_level": 3,
        "write_page_index": True,
        "write_statistics": compared,
        "use_dictionary": [name for name in compared if name not in distinct],
    }
    if _HAS_BLOOM and total_rows:
        sized = {"ndv": min(total_rows, table.group_rows), "fpp": 0.05}
        options["bloom_filter_options"] = dict.fromkeys((*table.key[-1:], *table.digests), sized)
    return options
