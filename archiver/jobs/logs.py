"""A run's log: JSON lines in the crawl's folder, warnings on standard error."""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

_NOISY = ("scrapy", "twisted", "asyncio", "charset_normalizer")


class Log:
    """The handlers of one run; `end` closes the file and may be called twice."""

    def __init__(self, handlers: list[logging.Handler]) -> None:
        self._handlers = handlers

    def end(self) -> None:
        """Take the handlers away."""
        root = logging.getLogger()
        for handler in self._handlers:
            root.removeHandler(handler)
            # The lines still held in memory do not fit a full disk; the error that ends the run
            # is the one to tell.
            with suppress(OSError):
                handler.close()
        self._handlers.clear()


def begin(path: Path) -> Log:
    """Log everything from INFO on to a file of JSON lines, errors to standard error too."""
    to_file = logging.FileHandler(path, encoding="utf-8", delay=True)
    to_file.setFormatter(_JsonLine())
    to_file.setLevel(logging.INFO)
    to_person = logging.StreamHandler()
    to_person.setLevel(logging.ERROR)
    to_person.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.raiseExceptions = False  # a full disk must not be told once for each log line
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    quieten()
    handlers: list[logging.Handler] = [to_file, to_person]
    for handler in handlers:
        root.addHandler(handler)
    return Log(handlers)


def quieten() -> None:
    """Hear only warnings of libraries; Scrapy resets its own level when a process is made."""
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


class _JsonLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
