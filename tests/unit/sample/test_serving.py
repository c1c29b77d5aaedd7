"""The server: real HTTP/1.1 on loopback, in a process of its own."""

from __future__ import annotations

import gzip
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.sample import Sample, serve
from tests.sample.site import Site
from tests.sample.timeline import BASE

SAMPLE = Sample(posts=24)


@pytest.fixture(scope="module")
def hits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sample") / "hits.jsonl"


@pytest.fixture(scope="module")
def address(hits: Path) -> Iterator[str]:
    with serve(SAMPLE, hits=hits) as base_url:
        yield base_url


@pytest.fixture
def line(address: str) -> Iterator[HTTPConnection]:
    connection = HTTPConnection(address.removeprefix("http://"), timeout=5)
    yield connection
    connection.close()


def ask(
    line: HTTPConnection, target: str, method: str = "GET", **headers: str
) -> tuple[HTTPResponse, bytes]:
    line.request(method, target, headers={k.replace("_", "-"): v for k, v in headers.items()})
    response = line.getresponse()
    return response, response.read()


def raw(address: str, message: bytes) -> bytes:
    """What comes back for these bytes until the server closes."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(message)
        received = b""
        while data := line.recv(65536):
            received += data
        return received


def test_many_requests_share_one_connection(line: HTTPConnection) -> None:
    ask(line, "/")
    local = line.sock.getsockname()
    for target in ("/feed/", "/nowhere/", "/?p=4", "/favicon.ico"):
        ask(line, target)
        assert line.sock.getsockname() == local


def test_pages_carry_the_address_that_was_asked(address: str, line: HTTPConnection) -> None:
    _, body = ask(line, "/")
    assert address.encode() in body
    assert BASE.encode() not in body
    _, elsewhere = ask(line, "/", Host="blog.example:8080")
    assert b"http://blog.example:8080/feed/" in elsewhere
    response, _ = ask(line, "/?p=4", Host="blog.example")
    assert (response.getheader("Location") or "").startswith("http://blog.example/2008/01/")


def test_served_bytes_are_the_sites_bytes(address: str, line: HTTPConnection) -> None:
    site = Site(SAMPLE.blog())
    for entry in site.blog.listed:
        _, body = ask(line, entry.path)
        assert body == site.answer(entry.path).body.replace(BASE.encode(), address.encode())


def test_some_pages_are_compressed_and_some_chunked(line: HTTPConnection) -> None:
    codings = set()
    for entry in Site(SAMPLE.blog()).blog.listed:
        plain, wanted = ask(line, entry.path)
        response, body = ask(line, entry.path, Accept_Encoding="gzip, deflate")
        assert plain.getheader("Content-Encoding") is None
        compressed = response.getheader("Content-Encoding") == "gzip"
        assert (gzip.decompress(body) if compressed else body) == wanted
        codings.add((compressed, response.getheader("Transfer-Encoding")))
    assert codings == {(False, None), (False, "chunked"), (True, None), (True, "chunked")}


def test_head_sends_the_head_alone(line: HTTPConnection) -> None:
    response, body = ask(line, "/favicon.ico", "HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.getheader("Content-Length") or 0) > 100
    assert ask(line, "/about/")[0].status == 200


@pytest.mark.parametrize("target", ["/feed/", "/wp-content/themes/default/style.css"])
def test_an_unchanged_file_is_not_sent_again(line: HTTPConnection, target: str) -> None:
    first, body = ask(line, target)
    tag = first.getheader("ETag") or ""
    date = first.getheader("Last-Modified") or ""
    assert body
    for headers in ({"If_None_Match": tag}, {"If_Modified_Since": date}):
        again, nothing = ask(line, target, **headers)
        assert (again.status, nothing, again.getheader("ETag")) == (304, b"", tag)
    changed, body = ask(line, target, If_None_Match='"another"')
    assert changed.status == 200
    assert body


def test_pages_without_validators_are_always_sent(line: HTTPConnection) -> None:
    response, _ = ask(line, "/")
    assert response.getheader("ETag") is None


def test_an_http_1_0_client_gets_a_length_and_an_end(address: str) -> None:
    for path in ("/", "/about/", "/page/2/"):
        answer = raw(address, f"GET {path} HTTP/1.0\r\nHost: a.example\r\n\r\n".encode())
        head, _, body = answer.partition(b"\r\n\r\n")
        assert b"Connection: close" in head
        assert b"chunked" not in head
        assert f"Content-Length: {len(body)}".encode() in head


def test_pipelined_requests_are_answered_in_order(address: str) -> None:
    ask_two = b"GET /robots.txt HTTP/1.1\r\nHost: a.example\r\n\r\n"
    ask_two += b"GET /nowhere/ HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"
    answer = raw(address, ask_two)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.count(b"HTTP/1.1 ") == 2
    assert b"HTTP/1.1 404 Not Found\r\n" in answer


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (b"POST /wp-comments-post.php HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", b"405"),
        (b"good morning\r\n\r\n", b"400"),
        (b"GET / HTTP/9\r\n\r\n", b"400"),
        (b"x" * 70_000, b"400"),
    ],
)
def test_other_requests_are_refused_and_the_line_closed(
    address: str, message: bytes, status: bytes
) -> None:
    assert raw(address, message).startswith(b"HTTP/1.1 " + status)


def test_every_request_is_written_down(address: str, line: HTTPConnection, hits: Path) -> None:
    before = len(hits.read_text().splitlines())
    ask(line, "/?p=4")
    ask(line, "/nowhere/?x=%C3%A4", "HEAD")
    written = [json.loads(entry) for entry in hits.read_text().splitlines()[before:]]
    assert [(hit["method"], hit["target"], hit["status"]) for hit in written] == [
        ("GET", "/?p=4", 301),
        ("HEAD", "/nowhere/?x=%C3%A4", 404),
    ]
    assert 0 < written[0]["at_s"] <= written[1]["at_s"]


def test_two_runs_serve_the_same_bytes_and_stop_with_their_block(line: HTTPConnection) -> None:
    with serve(SAMPLE) as other:
        second = HTTPConnection(other.removeprefix("http://"), timeout=5)
        for target in ("/", "/feed/", "/wp-content/avatars/00000000.png"):
            assert (
                ask(second, target, Host="same.example")[1]
                == ask(line, target, Host="same.example")[1]
            )
        second.close()
    with pytest.raises(ConnectionRefusedError):
        second.connect()


def test_a_server_that_cannot_start_says_so(address: str) -> None:
    taken = int(address.rpartition(":")[2])
    with pytest.raises(RuntimeError, match="did not start"), serve(SAMPLE, port=taken):
        raise AssertionError("two servers on one port")


def test_a_server_does_not_outlive_a_test_run_that_was_killed() -> None:
    script = (
        "import signal; from tests.sample import Sample, serve\n"
        "with serve(Sample()) as url:\n    print(url, flush=True); signal.pause()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout is not None
        port = int(killed.stdout.readline().rpartition(":")[2])
        killed.kill()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.02)
    raise AssertionError("the server still answers")
