"""Rows → sorted Parquet files, checked value by value."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from archiver.errors import ArchiveDamaged, RowInvalid
from archiver.model import Severity
from pipelines.tables.columnar import Row, columnar
from pipelines.tables.facts import COVERAGE, ISSUES
from pipelines.tables.footer import Stamp, open_parquet, version_of
from pipelines.tables.gather import MemorySource, ParquetSource, Source, gather
from pipelines.tables.parts import GROUP_BYTES
from pipelines.tables.schemas import COMMENTS, POSTS, SCHEMA_VERSION
from pipelines.tables.writer import PartWriter

AT = datetime(2024, 1, 1, tzinfo=UTC)
STAMP = Stamp(blog_id="hedgerow", crawl_id="hedgerow--x", tool="archiver test")
POST = {"blog_id": "hedgerow", "post_id": "hedgerow:1", "url": "http://h.example/1",
        "crawl_id": "c", "capture_id": "x"}  # fmt: skip


def _comment(post: int, position: int, **more: object) -> Row:
    return {
        "blog_id": "hedgerow", "comment_id": f"hedgerow:{post:03d}:c-{position}",
        "post_id": f"hedgerow:{post:03d}", "position": position, "crawl_id": "c",
        "capture_id": "x", **more,
    }  # fmt: skip


def _write(path: Path, rows: list[Row], *, run_bytes: int = 1 << 20) -> pa.Table:
    writer = PartWriter(path, COMMENTS, STAMP, run_bytes=run_bytes)
    writer.extend(rows)
    writer.close()
    return pq.read_table(path)


def test_rows_in_any_order_come_out_sorted(tmp_path: Path) -> None:
    rows = [_comment(post, place) for post in range(20) for place in range(5)]
    random.Random(1).shuffle(rows)
    found = _write(tmp_path / "comments.parquet", rows)
    assert found["comment_id"].to_pylist() == sorted(str(row["comment_id"]) for row in rows)


def test_spilled_runs_give_the_same_file_as_memory(tmp_path: Path) -> None:
    chance = random.Random(2)
    rows = [_comment(post, place, body_text=chance.randbytes(40).hex())
            for post in range(60) for place in range(50)]  # fmt: skip
    chance.shuffle(rows)
    whole = _write(tmp_path / "whole.parquet", rows, run_bytes=1 << 30)
    spilled = _write(tmp_path / "spilled.parquet", rows, run_bytes=200_000)
    assert whole.equals(spilled)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["spilled.parquet", "whole.parquet"]


def test_of_rows_with_one_key_the_first_in_order_is_kept_and_the_rest_counted(
    tmp_path: Path,
) -> None:
    writer = PartWriter(tmp_path / "p.parquet", POSTS, STAMP)
    for day, title in ((3, "late"), (1, "early"), (2, "middle")):
        writer.append({**POST, "title": title, "published_at": AT + timedelta(days=day)})
    writer.append({**POST, "post_id": "hedgerow:2"})
    part = writer.close()
    assert (part.rows, part.duplicates) == (2, 2)
    assert pq.read_table(part.path)["title"].to_pylist() == ["early", None]


def test_an_empty_table_has_a_file_with_all_its_columns(tmp_path: Path) -> None:
    found = _write(tmp_path / "none.parquet", [])
    assert (len(found), found.column_names) == (0, list(COMMENTS.names))


def test_a_column_that_no_row_fills_keeps_its_type(tmp_path: Path) -> None:
    found = _write(tmp_path / "c.parquet", [_comment(1, 1)])
    assert found.schema.field("other_ids").type == pa.list_(pa.string())
    assert found.schema.field("published_at").type == pa.timestamp("us", tz="UTC")
    assert found["subject"].null_count == 1


def test_files_are_zstd_with_page_index_statistics_and_footer(tmp_path: Path) -> None:
    _write(tmp_path / "c.parquet", [_comment(1, place) for place in range(100)])
    file = open_parquet(tmp_path / "c.parquet")
    chunks = {
        file.metadata.row_group(0).column(at).path_in_schema: file.metadata.row_group(0).column(at)
        for at in range(file.metadata.num_columns)
    }
    assert {chunk.compression for chunk in chunks.values()} == {"ZSTD"}
    assert chunks["comment_id"].has_offset_index
    assert chunks["comment_id"].has_column_index
    assert chunks["post_id"].statistics.min == "hedgerow:001"
    assert not chunks["body_text"].is_stats_set
    notes = file.schema_arrow.metadata
    assert notes[b"crawl_id"] == b"hedgerow--x"
    assert notes[b"tool"] == b"archiver test"
    assert version_of(tmp_path / "c.parquet") == SCHEMA_VERSION


def test_row_groups_are_closed_by_bytes(tmp_path: Path) -> None:
    body = "oak and elm " * 20_000
    _write(tmp_path / "c.parquet", [_comment(1, n, body_text=f"{n} {body}") for n in range(160)])
    meta = open_parquet(tmp_path / "c.parquet").metadata
    assert meta.num_rows == 160
    sizes = [meta.row_group(at).num_rows * len(body) for at in range(meta.num_row_groups)]
    assert len(sizes) > 1
    assert max(sizes) < 1.5 * GROUP_BYTES


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ({**POST, "shoe_size": 4}, "shoe_size", "no such column"),
        ({**POST, "url": None}, "url", "required"),
        ({**POST, "title": 7}, "title", "must be a string"),
        ({**POST, "word_count": "7"}, "word_count", "tried to convert to int32"),
        ({**POST, "word_count": True}, "word_count", "must not be a bool"),
        ({**POST, "word_count": 2**31}, "word_count", "Value 2147483648"),
        ({**POST, "is_truncated": 1}, "is_truncated", "must be a bool"),
        ({**POST, "published_at": datetime(2024, 1, 1)}, "published_at", "with an offset"),
        ({**POST, "published_local": AT}, "published_local", "without an offset"),
        ({**POST, "captured_at": "2024"}, "captured_at", "datetime"),
        ({**POST, "tags": "oak"}, "tags", "must be a list"),
        ({**POST, "tags": [1]}, "tags", "int"),
    ],
)
def test_a_value_that_does_not_fit_names_table_column_and_row(
    row: Row, column: str, problem: str
) -> None:
    good = {**POST, "post_id": "hedgerow:0"}
    with pytest.raises(RowInvalid, match=problem) as refused:
        columnar(POSTS, [good, row])
    assert (refused.value.table, refused.value.column) == ("posts", column)
    assert "hedgerow:1" in str(refused.value)


def test_an_offset_other_than_utc_is_the_same_instant(tmp_path: Path) -> None:
    local = datetime(2024, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    batch = columnar(POSTS, [{**POST, "published_at": local}])
    assert batch["published_at"][0].as_py() == AT


def test_enums_are_their_words_and_tuples_are_lists() -> None:
    issue = {"issue_id": "i", "crawl_id": "c", "blog_id": "b", "code": "x"}
    batch = columnar(ISSUES, [{**issue, "severity": Severity.WARNING}])
    assert batch["severity"].to_pylist() == ["warning"]
    batch = columnar(POSTS, [{**POST, "tags": ("a", "b")}])
    assert batch["tags"].to_pylist() == [["a", "b"]]


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    batch = columnar(POSTS, [{**POST, "title": "a\ud800", "tags": ["\udfff", "\ud83d\ude00"]}])
    assert batch["title"].to_pylist() == ["a\ufffd"]
    assert batch["tags"].to_pylist() == [["\ufffd", "\U0001f600"]]


def test_units_of_coverage_are_kept_apart_by_kind_and_key(tmp_path: Path) -> None:
    writer = PartWriter(tmp_path / "u.parquet", COVERAGE, STAMP)
    unit = {"crawl_id": "c", "blog_id": "b", "unit_key": "x", "complete": True}
    writer.extend([{**unit, "unit": "feed"}, {**unit, "unit": "sitemap"}, {**unit, "unit": "feed"}])
    assert writer.close().duplicates == 1


def test_gathering_takes_rows_of_several_sources_in_the_wanted_order(tmp_path: Path) -> None:
    schema = pa.schema([("n", pa.int64())])
    path = tmp_path / "n.parquet"
    pq.write_table(pa.table({"n": list(range(100))}, schema), path, row_group_size=7)
    sources: list[Source] = [
        ParquetSource(path, schema),
        MemorySource(pa.table({"n": range(1000, 1100)}, schema)),
    ]
    chance = random.Random(3)
    wanted = [(chance.randrange(2), chance.randrange(100)) for _ in range(500)]
    wanted += [(0, n) for n in range(100)]
    origin, row = (pa.array(part) for part in zip(*wanted, strict=True))
    found = pa.concat_tables(gather(sources, origin, row))["n"].to_pylist()
    assert found == [row + 1000 * origin for origin, row in wanted]


def test_an_older_file_is_read_in_todays_schema(tmp_path: Path) -> None:
    old = pa.schema([("a", pa.int32()), ("dropped", pa.string())])
    new = pa.schema([("added", pa.list_(pa.string())), ("a", pa.int64())])
    pq.write_table(pa.table({"a": [1], "dropped": ["x"]}, old), tmp_path / "old.parquet")
    found = ParquetSource(tmp_path / "old.parquet", new).read(0)
    assert found.schema == new
    assert found.to_pylist() == [{"added": None, "a": 1}]


def test_a_torn_file_is_a_named_error(tmp_path: Path) -> None:
    _write(tmp_path / "c.parquet", [_comment(1, 1)])
    torn = tmp_path / "torn.parquet"
    torn.write_bytes((tmp_path / "c.parquet").read_bytes()[:-50])
    for path in (torn, tmp_path / "absent.parquet"):
        with pytest.raises(ArchiveDamaged, match="not a readable Parquet file"):
            open_parquet(path)
