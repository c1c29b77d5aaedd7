"""A small HTTP proxy: tunnels CONNECT, forwards absolute-form requests byte by byte.

Run as a program: prints its port and serves until its input ends. Counts what it saw in
`seen.txt` of the given folder: one line for each connection, "CONNECT host:port" or "GET url".
"""

from __future__ import annotations

import select
import socket
import struct
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

RESET = struct.pack("ii", 1, 0)  # linger for no time: closing sends RST


def _serve(client: socket.socket, seen: Path, lock: threading.Lock) -> None:
    with client:
        first = b""
        while b"\r\n\r\n" not in first:
            data = client.recv(65_536)
            if not data:
                return
            first += data
        method, target = first.split(b" ", 2)[:2]
        with lock, seen.open("a", encoding="ascii") as lines:
            lines.write(f"{method.decode()} {target.decode()}\n")
        is_tunnel = method == b"CONNECT"
        address = urlsplit(f"//{target.decode()}" if is_tunnel else target.decode())
        with socket.create_connection((address.hostname, address.port or 80)) as server:
            if is_tunnel:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                server.sendall(first)
            _relay(client, server)


def _relay(client: socket.socket, server: socket.socket) -> None:
    """Pass bytes both ways; an end passes as an end and a reset as a reset."""
    sinks = {client: server, server: client}
    try:
        while sinks:
            for source in select.select(list(sinks), [], [])[0]:
                data = source.recv(65_536)
                if data:
                    sinks[source].sendall(data)
                else:
                    sinks.pop(source).shutdown(socket.SHUT_WR)
    except OSError:
        for end in (client, server):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def main(folder: Path) -> None:
    """Serve on a free port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    lock = threading.Lock()

    def accept() -> None:
        while True:
            client, _ = listener.accept()
            threading.Thread(
                target=_serve, args=(client, folder / "seen.txt", lock), daemon=True
            ).start()

    threading.Thread(target=accept, daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
