"""The sample blog on a loopback port: HTTP/1.1 with keep-alive and pipelining."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from tests.sample import wire
from tests.sample.site import Site
from tests.sample.wire import Framed, Request

_CACHE_BYTES = 96 * 1024 * 1024
_LONGEST_HEAD = 64 * 1024


@dataclass(slots=True)
class Kept:
    """Framed answers, the least recently used of which go when there are too many bytes."""

    limit: int
    size: int = 0
    answers: OrderedDict[tuple[str, str, str, bool], Framed] = field(default_factory=OrderedDict)

    def get(self, key: tuple[str, str, str, bool], make: Callable[[], Framed]) -> Framed:
        """The answer of a key, made now if it is not kept."""
        found = self.answers.get(key)
        if found is not None:
            self.answers.move_to_end(key)
            return found
        made = self.answers[key] = make()
        self.size += len(made.body)
        while self.size > self.limit and len(self.answers) > 1:
            self.size -= len(self.answers.popitem(last=False)[1].body)
        return made


class Desk:
    """Answers requests and writes down what was asked."""

    def __init__(self, site: Site, hits: IO[str] | None, clock: Callable[[], float]) -> None:
        self.site, self.hits, self.clock = site, hits, clock
        self.kept = Kept(limit=_CACHE_BYTES)

    def answer(self, request: Request) -> bytes:
        """The whole answer to a request."""
        if request.method not in ("GET", "HEAD"):
            self._note(request, 405)
            return wire.refuse(405, self.clock())
        key = (request.host, request.target, request.version, request.takes_gzip)
        framed = self.kept.get(key, lambda: self._frame(request))
        status, message = wire.respond(framed, request, self.clock())
        self._note(request, status)
        return message

    def _frame(self, request: Request) -> Framed:
        path = request.target.partition("?")[0]
        return wire.frame(self.site.answer(request.target), path, request)

    def _note(self, request: Request, status: int) -> None:
        if self.hits is None:
            return
        line = {
            "at_s": time.monotonic(),
            "method": request.method,
            "target": request.target,
            "status": status,
        }
        self.hits.write(json.dumps(line) + "\n")
        self.hits.flush()  # tests read the file while the server runs


class Connection(asyncio.Protocol):
    """One client. Bodies of requests are not read: such a request ends the connection."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.pending = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request head that has come in."""
        assert self.transport is not None
        self.pending += data
        while not self.transport.is_closing():
            head, end, rest = self.pending.partition(b"\r\n\r\n")
            if not end and len(head) < _LONGEST_HEAD:
                return
            self.pending = rest
            request = wire.read(head) if end else None
            if request is None:
                self.transport.write(wire.refuse(400, self.desk.clock()))
                self.transport.close()
                return
            self.transport.write(self.desk.answer(request))
            if request.closes or request.method not in ("GET", "HEAD"):
                self.transport.close()


async def run(
    site: Site, port: int, hits: IO[str] | None, announce: Callable[[str], None], leash: bool
) -> None:
    """Serve until SIGINT or SIGTERM; with `leash` also until standard input ends.

    The leash keeps servers from outliving a test run that was killed.
    """
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, done.set)
    desk = Desk(site, hits, time.time)
    server = await loop.create_server(lambda: Connection(desk), "127.0.0.1", port)
    if leash:
        loop.add_reader(sys.stdin, lambda: None if os.read(0, 1) else done.set())
    announce(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    async with server:
        await done.wait()
