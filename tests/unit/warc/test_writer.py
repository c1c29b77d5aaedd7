"""The writer: places, rotation, promises kept through full disks and kills."""

from __future__ import annotations

import gzip
import random
import re
import resource
import signal
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from archiver.errors import StorageFailed
from archiver.model import Capture, CaptureId, Exchange, Follow, RecordType, Role, Url
from pipelines.warc.files import Place
from pipelines.warc.jobs import Job, Jobs
from pipelines.warc.mend import mend
from pipelines.warc.records import Record
from pipelines.warc.writer import Artefact, Naming, WarcWriter

NOW = datetime(2004, 5, 6, 7, 8, 9, tzinfo=UTC)
NAMING = Naming(prefix="tides", facts={"software": "test/1"}, host="pier")


def exchange(number: int, body: bytes = b"<p>ebb</p>") -> Exchange:
    return Exchange(
        capture_id=CaptureId(f"00000000-0000-4000-8000-{number:012d}"),
        url=Url(f"http://tidelines.example/{number}"),
        method="GET",
        started_at=NOW,
        duration_ms=5,
        request=b"GET /%d HTTP/1.1\r\nHost: tidelines.example\r\n\r\n" % number,
        response=b"HTTP/1.1 200 OK\r\n\r\n" + body,
    )


def noise(number: int, size: int = 5_000) -> bytes:
    return random.Random(number).randbytes(size)


def numbered() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"99999999-9999-4999-8999-{next(numbers):012d}"


def writer(folder: Path, naming: Naming = NAMING, **options: object) -> WarcWriter:
    settings = {"clock": lambda: NOW, "new_id": numbered(), "sync_after_s": 0.01, **options}
    return WarcWriter(folder, naming, **settings)  # type: ignore[arg-type]


def blocks(path: Path) -> list[tuple[str, bytes]]:
    """Type and whole text of each gzip member; fails where one is not whole."""
    data, found = path.read_bytes(), []
    while data:
        inflater = zlib.decompressobj(wbits=31)
        record = inflater.decompress(data) + inflater.flush()
        assert inflater.eof
        kind = re.search(rb"WARC-Type: (\w+)\r\n", record)
        assert kind is not None
        found.append((kind[1].decode(), record))
        data = inflater.unused_data
    return found


def at(folder: Path, capture: Capture) -> bytes:
    """The record that a capture points at."""
    assert capture.warc_filename is not None
    assert capture.warc_offset is not None
    assert capture.warc_length is not None
    data = (folder / capture.warc_filename).read_bytes()
    return gzip.decompress(data[capture.warc_offset :][: capture.warc_length])


def test_a_capture_points_at_its_record_and_files_open_with_a_warcinfo(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    promises = [warc.record(exchange(number, noise(number))) for number in range(3)]
    (path,) = warc.close()
    assert path.name == "tides-20040506070809-00000-pier.warc.gz"
    for number, promise in enumerate(promises):
        record = at(tmp_path, promise.result())
        assert promise.result().capture_id.encode() in record
        assert record.endswith(noise(number) + b"\r\n\r\n")
    kinds = [kind for kind, _ in blocks(path)]
    assert kinds == ["warcinfo", *["response", "request", "metadata"] * 3]
    info = blocks(path)[0][1]
    assert b"WARC-Filename: tides-20040506070809-00000-pier.warc.gz\r\n" in info
    assert b"software: test/1\r\n" in info


def test_the_same_clock_and_ids_give_the_same_file(tmp_path: Path) -> None:
    made = []
    for name in ("one", "other"):
        warc = writer(tmp_path / name)
        warc.record(exchange(1))
        made.append(warc.close()[0].read_bytes())
    assert made[0] == made[1]


def test_a_file_is_open_until_closed_and_no_crawl_leaves_an_empty_one(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    warc.record(exchange(1)).result()
    (growing,) = tmp_path.iterdir()
    assert growing.name == "tides-20040506070809-00000-pier.warc.gz.open"
    warc.close()
    assert [each.suffix for each in tmp_path.iterdir()] == [".gz"]
    assert writer(tmp_path / "nothing").close() == ()


def test_a_full_file_is_followed_by_another_and_exchanges_stay_together(tmp_path: Path) -> None:
    naming = Naming(prefix="tides", facts={}, file_bytes=20_000)
    warc = writer(tmp_path, naming)
    for number in range(12):
        warc.record(exchange(number, noise(number))).result()
    paths = warc.close()
    assert len(paths) == 3
    for path in paths:
        info, *rest = blocks(path)
        assert info[0] == "warcinfo"
        assert [kind for kind, _ in rest] == ["response", "request", "metadata"] * 4
        info_id = re.search(rb"WARC-Record-ID: (\S+)", info[1])
        assert info_id is not None
        assert all(b"WARC-Warcinfo-ID: " + info_id[1] in record for _, record in rest)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    taken = [
        tmp_path / "tides-20040506070809-00000-pier.warc.gz",
        tmp_path / "tides-20040506070809-00001-pier.warc.gz.open",
    ]
    for path in taken:
        path.write_bytes(b"precious")
    warc = writer(tmp_path)
    warc.record(exchange(1))
    assert warc.close()[0].name == "tides-20040506070809-00002-pier.warc.gz"
    assert [path.read_bytes() for path in taken] == [b"precious"] * 2


def test_a_prefix_cannot_leave_the_folder(tmp_path: Path) -> None:
    warc = writer(tmp_path / "in", Naming(prefix="../../etc/x", facts={}, host="a/b"))
    warc.record(exchange(1))
    assert warc.close()[0].parent == tmp_path / "in"


def test_outlinks_and_artefacts_are_kept_beside_the_captures(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    capture = warc.record(exchange(1)).result()
    warc.outlinks(capture, [Follow(url=Url("http://tidelines.example/2"), role=Role.POST)])
    things = [Artefact(uri="urn:x:config", content_type="application/json", content=b"{}")]
    warc.artefacts(things).result()
    (path,) = warc.close()
    links, manifest, resource = [record for _, record in blocks(path)[-3:]]
    assert b"outlink: http://tidelines.example/2 L post\r\n" in links
    assert f"WARC-Concurrent-To: <urn:uuid:{capture.capture_id}>".encode() in links
    assert b"warcinfo: <urn:uuid:99999999-9999-4999-8999-000000000001>\r\n" in manifest
    assert b"WARC-Target-URI: urn:x:config\r\n" in resource
    manifest_id = re.search(rb"WARC-Record-ID: (\S+)", manifest)
    assert manifest_id is not None
    assert b"WARC-Concurrent-To: " + manifest_id[1] in resource


def test_a_known_payload_becomes_a_revisit(tmp_path: Path) -> None:
    known: dict[str | None, Capture] = {}
    warc = writer(tmp_path, dedup=lambda capture: known.get(capture.payload_digest))
    first = warc.record(exchange(1, noise(1))).result()
    known[first.payload_digest] = first
    second = warc.record(exchange(2, noise(1))).result()
    warc.close()
    assert second.record_type is RecordType.REVISIT
    assert second.revisit_of == first.capture_id
    assert noise(1) not in at(tmp_path, second)


@contextmanager
def a_disk_of(size: int) -> Iterator[None]:
    """Files cannot grow beyond `size` bytes: the system itself refuses, in the midst of a write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 1, 700, 5_000, 16_001, 17_500, 23_000, 60_000])
@pytest.mark.parametrize("is_waiting", [True, False], ids=["one by one", "in groups"])
def test_a_full_disk_leaves_whole_exchanges_and_breaks_no_promise(
    tmp_path: Path, size: int, is_waiting: bool
) -> None:
    warc = writer(tmp_path)
    promises: list[Future[Capture]] = []
    with a_disk_of(size):
        for number in range(15):
            promises.append(warc.record(exchange(number, noise(number))))
            if is_waiting:
                promises[-1].exception()
        kept = [promise.result() for promise in promises if promise.exception() is None]
        failed = [promise.exception() for promise in promises if promise.exception()]
        with pytest.raises(StorageFailed, match="resumes"):
            warc.close()
    assert failed
    assert all(isinstance(error, StorageFailed) for error in failed)
    assert isinstance(warc.failure, StorageFailed)
    assert max(size - 1_000, 0) // 6_000 <= len(kept) <= size // 5_000
    found = [record for path in tmp_path.iterdir() for record in blocks(path)]
    assert [kind for kind, _ in found[1:]] == ["response", "request", "metadata"] * len(kept)
    for number, capture in enumerate(kept):
        assert at(tmp_path, capture).endswith(noise(number) + b"\r\n\r\n")


def test_a_folder_that_cannot_be_made_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed, match="Not a directory"):
        writer(tmp_path / "file" / "warc")


def test_a_closed_writer_takes_nothing_more(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    warc.close()
    assert isinstance(warc.record(exchange(1)).exception(), ValueError)


_KILLED = """
import sys
from pathlib import Path
from tests.unit.warc.test_writer import exchange, noise
from pipelines.warc.writer import Naming, WarcWriter

warc = WarcWriter(Path(sys.argv[1]), Naming(prefix="tides", facts={}), sync_after_s=0.005)
number = 0
def told(promise):
    print(promise.result().url, flush=True)
while True:
    warc.record(exchange(number, noise(number))).add_done_callback(told)
    number += 1
"""


def test_what_was_promised_is_there_after_a_kill(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    promised = [process.stdout.readline().strip() for _ in range(100)]
    process.send_signal(signal.SIGKILL)
    promised += process.stdout.read().split("\n")[:-1]
    process.wait()
    process.stdout.close()
    (growing,) = tmp_path.iterdir()
    report = mend(growing)
    assert report.path is not None
    kept = b"".join(record for kind, record in blocks(report.path) if kind == "response")
    assert len(promised) >= 100
    assert all(f"WARC-Target-URI: {url}\r\n".encode() in kept for url in promised)


def test_a_crawl_waits_while_too_much_waits_for_the_disk() -> None:
    jobs = Jobs(gather=100, gather_s=0.01, limit_bytes=1_000)
    record = Record(record_id="x", header=b"", block=bytes(600))

    def job() -> Job[Place]:
        return Job(records=(record,), result=lambda place: place)

    assert jobs.put(job())
    assert jobs.put(job())
    late = threading.Thread(target=jobs.put, args=(job(),))
    late.start()
    late.join(0.2)
    assert late.is_alive()
    assert len(jobs.take()) == 2
    late.join(5)
    assert not late.is_alive()
    assert len(jobs.take()) == 1
    jobs.close()
    assert jobs.take() == []
    assert not jobs.put(job())
