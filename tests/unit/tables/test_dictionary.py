"""Files, docs page, schema.json, views and dataset card say the same."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from archiver.model import (
    CommentKind,
    PageKind,
    ParentGround,
    Precision,
    Severity,
    Stage,
    Truncated,
    Visibility,
    ZoneSource,
)
from archiver.normalisers.encodings import EncodingSource
from archiver.normalisers.markup import Parser
from pipelines.tables import dictionary
from pipelines.tables.columns import HISTORY, PROVENANCE, Table
from pipelines.tables.schemas import COMMENTS, LINKS, MEDIA, POSTS, SCHEMA_VERSION, TABLES
from tests.unit.tables.crashing import AFTER, BEFORE
from tests.unit.tables.crawling import Desk

ROOT = Path(__file__).parents[3]
SAFE = {
    "string", "list<element: string>", "int16", "int32", "int64", "float", "double", "bool",
    "timestamp[us, tz=UTC]", "timestamp[us]",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("output"))
    desk.crawl(1, BEFORE)
    desk.crawl(2, AFTER)
    return desk


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_only_types_that_every_reader_shares_are_used(table: Table) -> None:
    assert {str(column.type) for column in table.columns} <= SAFE


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_is_described_once(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert all(column.description.endswith((".", "…")) for column in table.columns)
    assert set(table.key) <= set(table.required)
    assert set(table.order) <= set(table.names)


@pytest.mark.parametrize("table", [POSTS, COMMENTS, LINKS, MEDIA], ids=lambda table: table.name)
def test_every_row_of_content_has_history_and_provenance(table: Table) -> None:
    assert {column.name for column in (*HISTORY, *PROVENANCE)} <= set(table.names)


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        ("posts", "published_precision", Precision),
        ("posts", "published_tz_source", ZoneSource),
        ("comments", "kind", CommentKind),
        ("comments", "visibility", Visibility),
        ("comments", "parent_ground", ParentGround),
        ("captures", "page_kind", PageKind),
        ("captures", "content_truncated", Truncated),
        ("issues", "severity", Severity),
        ("issues", "stage", Stage),
    ],
)
def test_closed_sets_are_those_of_the_model(
    table: str, column: str, values: type[Precision]
) -> None:
    (found,) = (c for c in TABLES[table].columns if c.name == column)
    assert set(found.values) == set(values)


def test_the_footer_of_every_file_says_what_schema_json_says(desk: Desk) -> None:
    said = orjson.loads((desk.layout.tables / "schema.json").read_bytes())
    assert said["version"] == SCHEMA_VERSION
    assert set(said["tables"]) == set(TABLES)
    for name, table in said["tables"].items():
        for path in (desk.layout.tables / name).iterdir():
            schema = pq.read_schema(path)
            note = orjson.loads(schema.metadata[b"archiver.schema"])
            assert note == {"table": name, "version": SCHEMA_VERSION}
            assert [_told(field) for field in schema] == table["columns"]


def _told(field: pa.Field) -> dict[str, object]:
    notes = {key.decode(): value.decode() for key, value in field.metadata.items()}
    notes.pop("PARQUET:field_id", None)
    told: dict[str, object] = {
        "name": field.name,
        "type": str(field.type),
        "description": notes["description"],
        "required": not field.nullable,
    }
    if "unit" in notes:
        told["unit"] = notes["unit"]
    if "values" in notes:
        told["values"] = notes["values"].split("|")
    return told


def test_the_docs_page_is_the_one_that_is_generated() -> None:
    page = (ROOT / "docs" / "analysts" / "tables.md").read_text("utf-8")
    assert page == dictionary.page(), "run: python -m pipelines.tables.dictionary > that page"


def test_the_docs_page_has_a_line_for_every_column() -> None:
    sections = dictionary.page().split("\n## ")[1:]
    for table, section in zip(TABLES.values(), sections, strict=True):
        lines = [line for line in section.splitlines() if line.startswith(("| `", "| **`"))]
        assert [line.strip("|* ").split("`")[1] for line in lines] == list(table.names)


def test_the_views_open_in_duckdb(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.layout.root)
    base = duckdb.connect()
    base.execute((desk.layout.tables / "views.sql").read_text("utf-8"))
    for name in TABLES:
        assert base.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] >= 0
    assert base.execute("SELECT count(*) FROM posts").fetchall() == [(3,)]
    assert base.execute("SELECT count(*) FROM post_versions").fetchall() == [(4,)]
    base.close()


def test_the_dataset_card_names_every_table_and_its_files(desk: Desk) -> None:
    card = (desk.layout.tables / "README.md").read_text("utf-8")
    _, head, _ = card.split("---\n", 2)
    configs = re.findall(r"- config_name: (\w+)\n  data_files: (.+)\n", head)
    assert [name for name, _ in configs] == list(TABLES)
    for _, files in configs:
        assert list(desk.layout.tables.glob(files))


def test_what_is_written_beside_the_tables_is_not_rewritten_without_need(desk: Desk) -> None:
    before = (desk.layout.tables / "schema.json").stat().st_mtime_ns
    dictionary.refresh(desk.layout)
    assert (desk.layout.tables / "schema.json").stat().st_mtime_ns == before


def test_the_ways_of_reading_are_those_of_decoder_and_parser() -> None:
    columns = {column.name: column for column in POSTS.columns}
    assert set(columns["encoding_source"].values) == set(EncodingSource)
    assert set(columns["parser"].values) == set(Parser)
