"""A publication as a list of renames that may be done again and again: the journal.

A journal is written only when every file it names is on disk. From then on the publication has
happened; whoever finds the journal carries it out.  Paths are relative to the output folder.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from archiver.errors import ArchiveDamaged, CommitConflict
from pipelines.layout import Layout, storing, sync_dir, sync_file, write_file
from pipelines.tables import codec


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A file or folder and the name it is to have."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """`renames` are crawls' folders, `links` facts that stay in them too, `replaces` staged files.

    `crawls` were published when it was written; `removes` are of no use afterwards.
    """

    blogs: tuple[str, ...]
    crawls: tuple[str, ...] = ()
    renames: tuple[Move, ...] = ()
    links: tuple[Move, ...] = ()
    replaces: tuple[Move, ...] = ()
    removes: tuple[str, ...] = ()


def read(path: Path) -> Journal:
    """The journal in a file.

    Raises:
        ArchiveDamaged: it cannot be read.
    """
    try:
        return codec.decode(Journal, path.read_bytes())
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise ArchiveDamaged(path, None, f"no readable journal ({fault})") from fault


def begin(path: Path, journal: Journal) -> None:
    """Write the journal durably: the instant from which the publication has happened."""
    write_file(path, orjson.dumps(asdict(journal)))


def carry_out(layout: Layout, path: Path) -> Journal:
    """Do what a journal says, as far as it is not done, and delete it."""
    journal = read(path)
    root = layout.root
    for move in journal.renames:
        _rename(root / move.source, root / move.target)
    for move in journal.links:
        _link(root / move.source, root / move.target, layout.staging)
    for move in journal.replaces:
        _replace(root / move.source, root / move.target)
    for folder in sorted({(root / m.target).parent for m in (*journal.links, *journal.replaces)}):
        sync_dir(folder)
    for name in journal.removes:
        _remove(root / name)
    with storing(path):
        path.unlink()
    sync_dir(path.parent)
    return journal


def _rename(source: Path, target: Path) -> None:
    if not source.exists():
        if target.exists():
            return
        raise CommitConflict(target.name, f"a folder to publish at {source}", "nothing there")
    with storing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
    sync_dir(target.parent)
    sync_dir(source.parent)


def _link(source: Path, target: Path, staging: Path) -> None:
    if target.exists():
        return
    with storing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:
            # File systems without hard links get a copy, which appears by rename too.
            staging.mkdir(parents=True, exist_ok=True)
            copy = staging / f"{target.parent.name}-{target.name}"
            shutil.copyfile(source, copy)
            sync_file(copy)
            copy.replace(target)


def _replace(source: Path, target: Path) -> None:
    if source.exists():
        with storing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)


def _remove(path: Path) -> None:
    with storing(path):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
