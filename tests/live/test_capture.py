"""Every exchange of a crawl against a hostile server is in the WARC file, byte for byte."""

from __future__ import annotations

import hashlib
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from twisted.internet.address import IPv4Address
from warcio.archiveiterator import ArchiveIterator

from archiver.crawl.addresses import AddressPolicy
from archiver.crawl.wire_guard import Guard, GuardedReactor
from archiver.model import Truncated
from tests.live.hostile.cases import MAX_BYTES, TEXT, TIMEOUT_S, WGET_DIFFERS, Case, cases
from tests.live.hostile.harness import (
    Kept,
    Seen,
    Server,
    crawl,
    hostile_server,
    program,
    records,
)

CASES = cases()
LIMITS = {"DOWNLOAD_MAXSIZE": MAX_BYTES, "DOWNLOAD_TIMEOUT": TIMEOUT_S}


def at_once(count: int) -> dict[str, Any]:
    return {**LIMITS, "CONCURRENT_REQUESTS": count, "CONCURRENT_REQUESTS_PER_DOMAIN": count}


def everything(server: Server, scheme: str, tag: str) -> list[list[str]]:
    return [
        [case.method, server.url(case.name, scheme, f"?{tag}"), case.body.decode()]
        for case in CASES.values()
    ]


def expected(case: Case, seen: Seen) -> bytes:
    """The final message among the bytes that the server sent, or was still sending."""
    sent = b"".join(case.pieces) if case.is_prefix else seen.sent
    return sent[case.interim : len(sent) - case.surplus]


def by_target(kept: list[Kept], kind: str) -> dict[str, list[Kept]]:
    found: dict[str, list[Kept]] = defaultdict(list)
    for record in kept:
        if record.type == kind:
            found[record["WARC-Target-URI"]].append(record)
    return found


def sent_again(kept: list[Kept]) -> list[Kept]:
    return [each for each in kept if each.type == "metadata" and b"sent again" in each.block]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with hostile_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("proxy")
    with program("proxy", folder) as port:
        yield f"http://127.0.0.1:{port.strip()}", folder / "seen.txt"


def check_every_byte(server: Server, scheme: str, tag: str, kept: list[Kept]) -> None:
    requests, responses = by_target(kept, "request"), by_target(kept, "response")
    seen = [each for each in server.seen() if each.request.split(b" ")[1].endswith(tag.encode())]
    assert {each.case for each in seen} == set(CASES)
    for each in seen:
        case = CASES[each.case]
        url = server.url(case.name, scheme, f"?{tag}")
        assert {record.block for record in requests[url]} == {each.request}, case.name
        message = expected(case, each)
        found = responses.pop(url, [])
        assert len(found) == bool(message), case.name
        for record in found:
            assert record.get("WARC-Truncated") == case.truncated, case.name
            if case.is_prefix:
                assert record.block, case.name
                assert message.startswith(record.block), case.name
            else:
                assert record.block == message, case.name
    assert responses == {}
    # Beyond what the server saw there are only attempts over connections that it had closed.
    unseen = sum(len(records) for records in requests.values()) - len(seen)
    assert 0 <= unseen <= len(sent_again(kept))


def check_deliveries(server: Server, scheme: str, tag: str, outcomes: dict[str, Any]) -> None:
    for case in CASES.values():
        outcome = outcomes[server.url(case.name, scheme, f"?{tag}")]
        wanted = None if case.delivered is None else hashlib.sha256(case.delivered).hexdigest()
        assert outcome.get("sha256") == wanted, (case.name, outcome)


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "count"), [("http", 1), ("http", 8), ("https", 8)])
def test_every_exchange_is_kept_byte_for_byte_and_answers_are_delivered(
    server: Server, tmp_path: Path, scheme: str, count: int
) -> None:
    tag = f"{scheme}{count}"
    outcomes = crawl(tmp_path, everything(server, scheme, tag), settings=at_once(count))
    kept = records(tmp_path / "warc")
    check_every_byte(server, scheme, tag, kept)
    check_deliveries(server, scheme, tag, outcomes)
    assert len(CASES) >= 40


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_changes_nothing_that_is_kept(
    server: Server, proxy: tuple[str, Path], tmp_path: Path, scheme: str
) -> None:
    address, log = proxy
    tag = f"proxied-{scheme}"
    meta = {"proxy": address}
    urls = everything(server, scheme, tag)
    crawl(tmp_path, urls, settings=at_once(4), meta=meta)
    kept = records(tmp_path / "warc")
    check_every_byte(server, scheme, tag, kept)
    assert all(record.get("WARC-IP-Address") is None for record in kept)
    methods = {
        line.split()[0]
        for line in log.read_text().splitlines()
        if str(server.ports[scheme]) in line
    }
    assert methods
    assert methods <= ({"CONNECT"} if scheme == "https" else {"GET", "POST", "HEAD"})


def test_records_of_one_exchange_are_linked_and_share_date_and_address(
    server: Server, tmp_path: Path
) -> None:
    url = server.url("early-hints")
    outcome = crawl(tmp_path, [["GET", url]], meta={"via": "http://example.org/", "hops": "LE"})[
        url
    ]
    info, response, request, metadata = records(tmp_path / "warc")
    capture = f"<urn:uuid:{outcome['capture_id']}>"
    assert [info.type, response.type, request.type, metadata.type] == [
        "warcinfo", "response", "request", "metadata",
    ]  # fmt: skip
    assert response["WARC-Record-ID"] == capture
    assert response.get("WARC-Concurrent-To") is None
    assert request["WARC-Concurrent-To"] == metadata["WARC-Concurrent-To"] == capture
    assert {each["WARC-Date"] for each in (response, request, metadata)} == {response["WARC-Date"]}
    assert {each["WARC-Warcinfo-ID"] for each in (response, request, metadata)} == {
        info["WARC-Record-ID"]
    }
    assert response["WARC-IP-Address"] == request["WARC-IP-Address"] == "127.0.0.1"
    lines = metadata.block.decode().split("\r\n")
    assert lines[:2] == ["via: http://example.org/", "hopsFromSeed: LE"]
    assert lines[2].startswith("fetchTimeMs: ")
    assert lines[3].startswith("interim-responses-base64: SFRUUC8xLjEgMTAz")


def test_redirects_are_kept_one_by_one_with_the_page_that_redirected(
    server: Server, tmp_path: Path
) -> None:
    start = server.url("redirect-301", query="?chain")
    loop = server.url("redirect-loop", query="?chain")
    settings = {"REDIRECT_ENABLED": True, "REDIRECT_MAX_TIMES": 7}
    meta = {"handle_httpstatus_all": False, "handle_httpstatus_list": [404]}
    outcomes = crawl(tmp_path, [["GET", start], ["GET", loop]], settings=settings, meta=meta)
    kept = by_target(records(tmp_path / "warc"), "metadata")
    assert outcomes[start]["status"] == 200
    assert outcomes[loop]["error"] == "IgnoreRequest"
    hops = {
        url.rpartition("/")[2]: record.block.decode().split("\r\n")[:2]
        for url, (record, *_) in kept.items()
        if not url.endswith("?chain")
    }
    assert hops["redirect-302"] == [f"via: {start}", "hopsFromSeed: R"]
    assert hops["plain"] == [f"via: {server.url('redirect-308')}", "hopsFromSeed: RRRRR"]


def test_a_kept_connection_that_the_server_closed_is_recorded_as_an_attempt_of_its_own(
    server: Server, tmp_path: Path
) -> None:
    urls = [["GET", server.url("closes-silently", query=f"?stale{n}")] for n in range(30)]
    outcomes = crawl(tmp_path, urls, settings=at_once(1))
    kept = records(tmp_path / "warc")
    sent = {each.request for each in server.seen() if b"?stale" in each.request}
    responses, requests = by_target(kept, "response"), by_target(kept, "request")
    assert all(outcome["status"] == 200 for outcome in outcomes.values())
    assert all(len(found) == 1 for found in responses.values())
    assert len(responses) == len(sent) == 30
    repeated = [url for url, found in requests.items() if len(found) == 2]
    assert all(record.block in sent for found in requests.values() for record in found)
    assert len(sent_again(kept)) == len(repeated)


def test_the_answers_are_those_that_wget_keeps(server: Server, tmp_path: Path) -> None:
    if which("wget") is None:
        pytest.skip("wget is not installed")
    shared = [
        case
        for case in CASES.values()
        if case.method == "GET"
        and case.delivered is not None
        and not case.is_prefix
        and case.name not in WGET_DIFFERS
    ]
    urls = [server.url(case.name, query="?wget") for case in shared]
    (tmp_path / "urls").write_text("\n".join(urls))
    command = ["wget", "-q", "-i", "urls", "--warc-file", "wget", "--no-warc-compression",
               "--max-redirect=0", "--tries=1", "--timeout=10", "--content-on-error",
               "--no-config", "--no-proxy", "--no-http-keep-alive", "-O", "discarded"]  # fmt: skip
    subprocess.run(command, cwd=tmp_path, check=False, timeout=120)
    theirs: dict[str, bytes] = {}
    with (tmp_path / "wget.warc").open("rb") as file:
        for record in ArchiveIterator(file, no_record_parse=True):
            if record.rec_type == "response":
                url = record.rec_headers.get_header("WARC-Target-URI").strip("<>")
                theirs[url] = record.raw_stream.read()
    crawl(tmp_path / "ours", [["GET", url] for url in urls], settings=LIMITS)
    ours = by_target(records(tmp_path / "ours" / "warc"), "response")
    assert {url: found[0].block for url, found in ours.items()} == theirs
    assert len(theirs) == len(shared) >= 50


def test_credentials_are_blanked_everywhere_when_redaction_is_on(
    server: Server, tmp_path: Path
) -> None:
    url = server.url("case-and-order", query="?secret")
    headers = {"Cookie": "session=hush-hush", "Authorization": "Basic aHVzaC1odXNo"}
    crawl(tmp_path, [["GET", url]], headers=headers, redact=True)
    kept = records(tmp_path / "warc")
    everything_kept = b"".join(record.block for record in kept)
    for secret in (b"hush-hush", b"aHVzaC1odXNo", b"a=1", b"b=2"):
        assert secret not in everything_kept
    response, request = (by_target(kept, kind)[url][0].block for kind in ("response", "request"))
    assert response.count(b"Set-Cookie: [redacted]\r\n") == 2
    assert b"Cookie: [redacted]\r\n" in request
    assert response.endswith(TEXT)
    note = by_target(kept, "metadata")[url][0].block
    assert b"redacted: values of authorization, cookie, set-cookie were replaced" in note


def test_private_addresses_are_refused_on_every_hop_and_for_every_spelling(
    server: Server, tmp_path: Path, proxy: tuple[str, Path]
) -> None:
    port = server.ports["http"]
    hosts = ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0"]  # noqa: S104
    urls = [f"http://{host}:{port}/plain?refused" for host in hosts]
    outcomes = crawl(tmp_path / "direct", [["GET", url] for url in urls], allow_private=False)
    assert {url: outcomes[url].get("error") for url in urls} == dict.fromkeys(
        urls, "AddressRefused"
    )
    proxied = crawl(
        tmp_path / "proxied",
        [["GET", url] for url in urls],
        allow_private=False,
        meta={"proxy": proxy[0]},
    )
    assert {proxied[url].get("error") for url in urls} == {"AddressRefused"}
    assert not any(b"?refused" in each.request for each in server.seen())
    assert records(tmp_path / "direct" / "warc") == []


def test_a_permitted_seed_cannot_redirect_to_another_private_address(
    server: Server, tmp_path: Path
) -> None:
    url = server.url("redirect-inside", query="?seed")
    outcome = crawl(
        tmp_path,
        [["GET", url]],
        allow_private=False,
        seeds=[url],
        settings={"REDIRECT_ENABLED": True},
        meta={"handle_httpstatus_all": False},
    )[url]
    assert outcome["error"] == "AddressRefused"
    assert "127.0.0.1" in outcome["message"]
    kept = records(tmp_path / "warc")
    assert [record.type for record in kept] == ["warcinfo", "response", "request", "metadata"]


def test_a_name_is_connected_to_only_at_the_addresses_that_passed() -> None:
    offered = ["127.0.0.1", "169.254.169.254", "93.184.215.14", "::1"]
    passed: list[str] = []

    class Resolver:
        def resolveHostName(self, receiver: Any, *_: Any) -> None:
            receiver.resolutionBegan(None)
            for address in offered:
                receiver.addressResolved(IPv4Address("TCP", address, 80))
            receiver.resolutionComplete()

    class Receiver:
        def resolutionBegan(self, _: Any) -> None:
            pass

        def addressResolved(self, address: Any) -> None:
            passed.append(address.host)

        def resolutionComplete(self) -> None:
            passed.append("complete")

    class Reactor:
        nameResolver = Resolver()

    guard = Guard(AddressPolicy(()))
    guarded = GuardedReactor(Reactor(), guard).nameResolver
    guarded.resolveHostName(Receiver(), "rebinding.example", 80)
    assert passed == ["93.184.215.14", "complete"]
    assert guard.refused is not None
    assert guard.refused.host == "rebinding.example"


def test_a_request_that_tls_held_back_is_not_recorded_as_sent(
    server: Server, tmp_path: Path
) -> None:
    url = f"https://127.0.0.1:{server.ports['http']}/plain"
    outcome = crawl(tmp_path, [["GET", url]], settings=LIMITS)[url]
    assert outcome["capture_id"] is None
    assert records(tmp_path / "warc") == []


def test_truncation_reasons_cover_the_whole_vocabulary() -> None:
    assert {case.truncated for case in CASES.values()} == {None, *Truncated}
