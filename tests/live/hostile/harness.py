"""Starts the hostile server and crawls against it; reads back logs, records and outcomes."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from warcio.archiveiterator import ArchiveIterator


@dataclass(frozen=True, slots=True)
class Seen:
    """One exchange as the server saw it."""

    case: str
    request: bytes
    sent: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """One WARC record: its fields and its block."""

    fields: tuple[tuple[str, str], ...]
    block: bytes

    def __getitem__(self, name: str) -> str:
        return dict(self.fields)[name]

    def get(self, name: str) -> str | None:
        """First value of a field; None when absent."""
        return dict(self.fields).get(name)

    @property
    def type(self) -> str:
        """WARC-Type."""
        return self["WARC-Type"]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its ports and its log."""

    ports: dict[str, int]
    log: Path

    def url(self, case: str, scheme: str = "http", query: str = "") -> str:
        """Address of a case."""
        return f"{scheme}://127.0.0.1:{self.ports[scheme]}/{case}{query}"

    def seen(self) -> list[Seen]:
        """Every exchange so far, in the order in which they ended."""
        entries = (json.loads(line) for line in self.log.read_text().splitlines())
        return [
            Seen(e["case"], base64.b64decode(e["request"]), base64.b64decode(e["sent"]))
            for e in entries
        ]


@contextmanager
def program(module: str, folder: Path) -> Iterator[str]:
    """A module of this package running as a program; gives the line that it prints first."""
    folder.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-m", f"tests.live.hostile.{module}", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline()
        finally:
            process.kill()


@contextmanager
def hostile_server(folder: Path) -> Iterator[Server]:
    """The server, plain and TLS, on free ports."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_certificate(folder)
    with program("server", folder) as line:
        yield Server(json.loads(line), folder / "log.jsonl")


def crawl(folder: Path, urls: list[Any], **orders: Any) -> dict[str, Any]:
    """Crawl the URLs in a process of its own; outcomes by URL."""
    folder.mkdir(parents=True, exist_ok=True)
    orders |= {"urls": urls, "folder": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.live.hostile.crawl"],
        input=json.dumps(orders),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    (folder / "crawl.log").write_text(done.stderr)
    told = json.loads((folder / "outcomes.json").read_text())
    assert told["spider_errors"] == []
    outcomes: dict[str, Any] = told["outcomes"]
    return outcomes


def records(folder: Path) -> list[Kept]:
    """Every record of a folder's WARC files, read by somebody else's reader."""
    kept: list[Kept] = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                fields = tuple(record.rec_headers.headers)
                kept.append(Kept(fields, record.raw_stream.read()))
    return kept


def _write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
