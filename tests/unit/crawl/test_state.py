from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from archiver.errors import StorageFailed
from pipelines.state import CrawlState


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def numbers(path: Path) -> list[int]:
    """What another process would read."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT n FROM numbers ORDER BY n").fetchall()
    connection.close()
    return [n for (n,) in rows]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counted(tmp_path: Path, clock: Clock) -> CrawlState:
    state = CrawlState.open(tmp_path / "crawl.sqlite", clock=clock)
    with state.unit() as connection:
        connection.execute("CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
    state.commit()
    return state


def write(state: CrawlState, n: int) -> None:
    with state.unit() as connection:
        connection.execute("INSERT INTO numbers VALUES (?)", (n,))


def write_and_break(state: CrawlState, n: int) -> None:
    with state.unit():
        write(state, n)
        raise ZeroDivisionError


def test_units_are_committed_together_a_quarter_of_a_second_after_the_first(
    counted: CrawlState, clock: Clock
) -> None:
    write(counted, 1)
    clock.now += 0.2
    write(counted, 2)
    assert numbers(counted.path) == []
    clock.now += 0.1
    counted.commit_if_due()
    assert numbers(counted.path) == [1, 2]
    counted.close()


def test_a_timer_without_anything_to_commit_does_nothing(counted: CrawlState, clock: Clock) -> None:
    clock.now += 10
    counted.commit_if_due()
    assert not counted.connection.in_transaction
    counted.close()


def test_an_error_undoes_its_own_unit_and_spares_the_others(counted: CrawlState) -> None:
    write(counted, 1)
    with pytest.raises(ZeroDivisionError):
        write_and_break(counted, 2)
    write(counted, 3)
    counted.commit()
    assert numbers(counted.path) == [1, 3]
    assert counted.undone == 1
    counted.close()


def test_an_error_in_an_inner_unit_undoes_the_outer_one(counted: CrawlState) -> None:
    def nest() -> None:
        with counted.unit():
            write(counted, 1)
            write_and_break(counted, 2)

    with pytest.raises(ZeroDivisionError):
        nest()
    counted.commit()
    assert numbers(counted.path) == []
    counted.close()


def test_a_commit_inside_a_unit_is_refused(counted: CrawlState) -> None:
    with pytest.raises(RuntimeError, match="split"), counted.unit():
        counted.commit()
    counted.close()


def test_a_file_copied_mid_way_holds_whole_groups_only(counted: CrawlState, tmp_path: Path) -> None:
    write(counted, 1)
    counted.commit()
    write(counted, 2)
    copies = tmp_path / "copy"
    copies.mkdir()
    for file in tmp_path.glob("crawl.sqlite*"):
        shutil.copy(file, copies)
    assert numbers(copies / "crawl.sqlite") == [1]
    counted.close()


def test_closing_commits_and_leaves_one_file(counted: CrawlState, tmp_path: Path) -> None:
    write(counted, 1)
    counted.close()
    assert [file.name for file in tmp_path.iterdir()] == ["crawl.sqlite"]
    assert numbers(counted.path) == [1]


def test_abandoning_loses_what_was_not_committed(counted: CrawlState) -> None:
    write(counted, 1)
    counted.abandon()
    assert numbers(counted.path) == []


def test_a_full_disk_is_named_with_a_remedy(counted: CrawlState) -> None:
    (pages,) = counted.connection.execute("PRAGMA page_count").fetchone()
    counted.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFailed, match=r"full.*free some space"), counted.unit() as connection:
        connection.execute("CREATE TABLE more AS SELECT randomblob(1000000)")
    counted.close()


def test_a_missing_folder_is_named_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="folder exists"):
        CrawlState.open(tmp_path / "nowhere" / "crawl.sqlite")


def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "crawl.sqlite"
    path.write_bytes(b"this is not a database, but long enough to be read as one" * 20)
    with pytest.raises(StorageFailed, match="--fresh"):
        CrawlState.open(path)


def test_wrong_sql_is_no_fault_of_the_disk(counted: CrawlState) -> None:
    with pytest.raises(sqlite3.OperationalError), counted.unit() as connection:
        connection.execute("SELECT nothing FROM nowhere")
    counted.close()


def test_a_reader_sees_what_a_running_crawl_has_committed(counted: CrawlState) -> None:
    write(counted, 1)
    counted.commit()
    write(counted, 2)
    reader = CrawlState.read(counted.path)
    assert reader.connection.execute("SELECT n FROM numbers").fetchall() == [(1,)]
    with pytest.raises(StorageFailed, match="readonly"), reader.unit() as connection:
        connection.execute("INSERT INTO numbers VALUES (9)")
    reader.close()
    counted.close()
