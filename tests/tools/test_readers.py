"""Other people's readers open the output with default arguments and agree on what is in it.

The folder holds a blog whose id looks like a number, columns that are null throughout, and
crawls of two schema versions.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from archiver.config import blog_id_for
from pipelines.tables import recovery
from pipelines.tables.schemas import TABLES
from tests.unit.tables.crashing import AFTER, BEFORE
from tests.unit.tables.crawling import START, Desk, everywhere
from tests.unit.tables.test_recovery import grown_old

NUMERIC = blog_id_for("http://2004/")
Records = list[dict[str, object]]
SAMPLE = ("post_id", "blog_id", "state", "revision", "first_seen_at", "tags", "excerpt")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("output")
    Desk(root).crawl(10, BEFORE, everywhere("oak", "elm"))
    grown_old(Desk(root).layout)
    recovery.recover(Desk(root).layout)
    Desk(root).crawl(20, AFTER, everywhere("oak", "fir"))
    Desk(root, NUMERIC).crawl(10, BEFORE)
    return root


def _duckdb(files: str) -> Records:
    base = duckdb.connect()
    found = base.sql(f"SELECT {', '.join(SAMPLE)} FROM read_parquet('{files}')")
    rows: Records = found.to_arrow_table().to_pylist()
    base.close()
    return rows


def _polars(files: str) -> Records:
    return pl.read_parquet(files).select(SAMPLE).to_dicts()


def _polars_scan(files: str) -> Records:
    return pl.scan_parquet(files).select(SAMPLE).collect().to_dicts()


def _pandas(files: str) -> Records:
    frame = pd.read_parquet(Path(files).parent)[list(SAMPLE)]
    rows: Records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{**row, "tags": _listed(row["tags"])} for row in rows]


def _pyarrow(files: str) -> Records:
    rows: Records = pq.read_table(Path(files).parent).select(SAMPLE).to_pylist()
    return rows


def _dataset(files: str) -> Records:
    rows: Records = ds.dataset(Path(files).parent).to_table(columns=list(SAMPLE)).to_pylist()
    return rows


def _hugging_face(files: str) -> Records:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its imports warn, and that is not ours
        datasets = pytest.importorskip("datasets")
        cache = Path(files).parents[2] / "cache"
        found = datasets.load_dataset(
            "parquet", data_files=files, split="train", cache_dir=str(cache)
        )
        rows: Records = found.select_columns(list(SAMPLE)).to_list()
    return rows


READERS: Sequence[Callable[[str], Records]] = (
    _duckdb, _polars, _polars_scan, _pandas, _pyarrow, _dataset, _hugging_face,
)  # fmt: skip


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__.strip("_"))
def test_every_reader_sees_the_same_posts(output: Path, read: Callable[[str], Records]) -> None:
    rows = {
        str(row["post_id"]): row for row in read(str(output / "tables" / "posts" / "*.parquet"))
    }
    hedgerow = "hedgerow-example-net"
    assert {key: (row["state"], row["revision"]) for key, row in rows.items()} == {
        f"{hedgerow}:oak": ("present", 2),
        f"{hedgerow}:elm": ("gone", 1),
        f"{hedgerow}:fir": ("present", 1),
        f"{NUMERIC}:oak": ("present", 1),
        f"{NUMERIC}:elm": ("present", 1),
    }
    oak = rows[f"{NUMERIC}:oak"]
    assert (oak["blog_id"], oak["excerpt"], _listed(oak["tags"])) == (NUMERIC, None, [])
    seen = oak["first_seen_at"]
    assert isinstance(seen, datetime)
    assert seen.astimezone(UTC) == START.replace(day=11)


def _listed(value: object) -> list[object]:
    return [] if value is None else list(value)  # type: ignore[call-overload]


@pytest.mark.parametrize("table", TABLES)
def test_every_table_opens_in_every_reader(output: Path, table: str) -> None:
    folder = output / "tables" / table
    files = str(folder / "*.parquet")
    base = duckdb.connect()
    (counted,) = base.execute(f"SELECT count(*) FROM '{files}'").fetchall()
    base.close()
    counts = {
        counted[0],
        pl.read_parquet(files).height,
        pl.scan_parquet(folder).collect().height,
        len(pd.read_parquet(folder)),
        pq.read_table(folder).num_rows,
        ds.dataset(folder).count_rows(),
    }
    assert len(counts) == 1
    columns = [
        pl.read_parquet(files).columns,
        list(pd.read_parquet(folder).columns),
        pq.read_table(folder).column_names,
    ]
    assert columns == [list(TABLES[table].names)] * 3


def test_the_dataset_card_loads_every_table_by_name(output: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        datasets = pytest.importorskip("datasets")
        for table in ("posts", "comments", "coverage"):
            found = datasets.load_dataset(
                str(output / "tables"), table, split="train", cache_dir=str(output / "cache")
            )
            assert found.column_names == list(TABLES[table].names)


def test_all_versions_of_crawls_of_two_schemas_open_by_name(output: Path) -> None:
    files = str(output / "crawls" / "*" / "tables" / "comments.parquet")
    base = duckdb.connect()
    found = base.execute(
        f"SELECT count(*), count(locator) FROM read_parquet('{files}', union_by_name = true)"
    )
    assert found.fetchall() == [(3 + 2 + 3, 0)]
    base.close()
    assert pl.scan_parquet(files, missing_columns="insert").select("comment_id").collect().height
