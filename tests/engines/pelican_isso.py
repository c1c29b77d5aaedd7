"""A static blog made by Pelican with its comments in Isso, both real, both on loopback.

with pelican_isso(theme="notmyidea") as site:
    site.url, site.truth()
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import Any

import orjson

from tests.engines.daemons import answers, daemon, free_port, run
from tests.engines.pelican_sources import threads, write_sources
from tests.engines.story import tell
from tests.engines.story.model import HIDDEN
from tests.engines.truth import TrueComment, TruePost, Truth, plain

TIMEZONE = "America/New_York"
THEMES = ("simple", "notmyidea")
_HERE = Path(__file__).parent
_PARTS = _HERE / "pelican_site"
_BIN = _HERE / ".venv" / "bin"  # made by install.sh

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running blog; `url` ends with a slash. Its comments are on a port of their own."""

    url: str
    isso_url: str
    home: Path

    def truth(self) -> Truth:
        """What Pelican rendered and Isso's database holds."""
        script = str(_PARTS / "isso_truth.py")
        rows = orjson.loads(run([str(_BIN / "python"), script, str(self.home / "isso.cfg")]))
        posts = orjson.loads((self.home / "pelican.json").read_bytes())
        return _truth(self.url.rstrip("/"), posts, rows)


@contextmanager
def pelican_isso(theme: str) -> Iterator[Site]:
    """Builds and serves the story; nothing is left behind.

    Raises: EngineFailed when one of the programs is missing or fails.
    """
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        home, port, isso_port = Path(folder), free_port(), free_port()
        site = Site(
            url=f"http://127.0.0.1:{port}/", isso_url=f"http://127.0.0.1:{isso_port}/", home=home
        )
        _build(site, theme)
        _fill_isso(site, isso_port)
        isso = [str(_BIN / "isso"), "-c", str(home / "isso.cfg"), "run"]
        web = [
            str(_BIN / "python"), "-m", "http.server", "--protocol", "HTTP/1.1",
            "--bind", "127.0.0.1", "--directory", str(home / "public"), str(port),
        ]  # fmt: skip
        with (
            daemon(web, log=home / "web.log", ready=lambda: answers(port)),
            daemon(isso, log=home / "isso.log", ready=lambda: answers(isso_port)),
        ):
            yield site


def _build(site: Site, theme: str) -> None:
    shutil.copytree(_PARTS, site.home, dirs_exist_ok=True)
    write_sources(tell(), site.home / "content")
    settings = {"url": site.url, "isso_url": site.isso_url, "theme": theme, "timezone": TIMEZONE}
    (site.home / "lab.json").write_bytes(orjson.dumps(settings))
    run([str(_BIN / "pelican"), "-s", str(site.home / "pelicanconf.py"), "--fatal", "errors"])


def _fill_isso(site: Site, port: int) -> None:
    names = {"home": site.home, "url": site.url, "isso_port": port}
    config = site.home / "isso.cfg"
    config.write_text(Template(config.read_text()).substitute(names))
    comments = site.home / "comments.json"
    comments.write_bytes(orjson.dumps(list(threads(tell(), TIMEZONE))))
    run([str(_BIN / "python"), str(_PARTS / "isso_seed.py"), str(config), str(comments)])


def _truth(base: str, posts: list[Row], comments: list[Row]) -> Truth:
    public = [_post(row) for row in posts if row["status"] == "public"]
    urls = {post.url for post in public}
    shown = [row for row in comments if row["mode"] == 1 and base + row["uri"] in urls]
    hidden = [row["html"] for row in comments if row not in shown]
    hidden += [row["html"] for row in posts if row["status"] != "public"]
    return Truth(
        posts=tuple(public),
        comments=tuple(_comment(base, row) for row in shown),
        protected=(),
        secrets=frozenset(word for text in hidden for word in HIDDEN.findall(text)),
        max_depth=2,  # Isso keeps answers to answers below the first comment
    )


def _post(row: Row) -> TruePost:
    written = datetime.fromisoformat(row["date"])
    return TruePost(
        native_id=None,
        url=row["url"],
        kind=row["kind"],
        title=plain(row["title"]),
        author=row["author"],
        published_at=written.astimezone(UTC),
        local=written.replace(tzinfo=None),
        html=row["html"],
        categories=(row["category"],) if row["category"] else (),
        tags=tuple(sorted(row["tags"])),
    )


def _comment(base: str, row: Row) -> TrueComment:
    return TrueComment(
        native_id=str(row["id"]),
        post=base + row["uri"],
        parent_id=str(row["parent"]) if row["parent"] else None,
        depth=2 if row["parent"] else 1,
        kind="comment",
        author=row["author"],
        author_url=row["website"],
        published_at=datetime.fromtimestamp(row["created"], UTC),
        local=None,
        html=row["html"],
    )
