"""The server itself, over bare sockets: one thread for each connection, one log line for each
exchange with the exact bytes of both directions.

Run as a program: prints its ports as one line of JSON and serves until its input ends.
"""

from __future__ import annotations

import base64
import json
import socket
import ssl
import sys
import threading
import time
from pathlib import Path
from typing import IO

from tests.live.hostile.cases import Case, Ending, cases
from tests.live.hostile.proxy import RESET

_SEGMENT_PAUSE_S = 0.002


class HostileServer:
    """Serves every case under its name, to any method and query, origin-form or absolute."""

    def __init__(self, log: IO[str], context: ssl.SSLContext | None = None) -> None:
        self._cases = cases()
        self._log, self._lock = log, threading.Lock()
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            while (request := _request(connection)) and self._answer(connection, request):
                pass
            if isinstance(connection, ssl.SSLSocket):
                connection.unwrap()
        except OSError:
            pass
        finally:
            connection.close()

    def _answer(self, connection: socket.socket, request: bytes) -> bool:
        """Play one case; whether the connection goes on."""
        name = request.split(b" ")[1].partition(b"?")[0].rpartition(b"/")[2].decode()
        case = self._cases[name]
        sent = b""
        try:
            for piece in case.pieces:
                connection.sendall(piece)
                sent += piece
                if len(case.pieces) < 200:
                    time.sleep(_SEGMENT_PAUSE_S)
            return self._end(connection, case)
        finally:
            entry = {
                "case": name,
                "request": base64.b64encode(request).decode(),
                "sent": base64.b64encode(sent).decode(),
            }
            with self._lock:
                self._log.write(json.dumps(entry) + "\n")
                self._log.flush()

    def _end(self, connection: socket.socket, case: Case) -> bool:
        if case.ending is Ending.RESET:
            time.sleep(0.3)  # or the reset would overtake the bytes before it
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            connection.close()
            raise ConnectionResetError
        elif case.ending is Ending.HANG:
            connection.recv(1)
        return case.ending is Ending.KEEP


def _request(connection: socket.socket) -> bytes:
    """One whole request; empty when the client has left."""
    request = b""
    while b"\r\n\r\n" not in request:
        data = connection.recv(65_536)
        if not data:
            return b""
        request += data
    head, _, body = request.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def main(folder: Path) -> None:
    """Serve plain and TLS; `folder` holds cert.pem and key.pem and gets log.jsonl."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (folder / "log.jsonl").open("w", encoding="ascii") as log:
        ports = {
            "http": HostileServer(log).port,
            "https": HostileServer(log, context).port,
        }
        print(json.dumps(ports), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
