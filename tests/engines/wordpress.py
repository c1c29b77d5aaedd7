"""A real WordPress on loopback: Debian's own, with a private database, filled with the story.

with wordpress(Variant(theme="twentytwentyone", locale="de_DE")) as site:
    site.url, site.truth()
"""

from __future__ import annotations

import dataclasses
import getpass
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template

import orjson

from tests.engines import wordpress_truth
from tests.engines.daemons import EngineFailed, answers, daemon, free_port, listens, program, run
from tests.engines.story import tell, words
from tests.engines.truth import Truth

PRETTY = "/%year%/%monthnum%/%day%/%postname%/"
PLAIN = ""  # ?p=N
TIMEZONE = "America/New_York"
_PARTS = Path(__file__).parent / "wordpress_site"
_DEBIAN = Path("/usr/share/wordpress")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What differs between two WordPress blogs with the same content.

    `theme` is the folder name of one of Debian's themes or of our own "quayside", which is
    shaped like those of 2005; `permalinks` is WordPress's own pattern.
    """

    theme: str = "twentytwentythree"
    locale: str = "en_US"
    permalinks: str = PRETTY

    def __str__(self) -> str:
        return f"{self.theme}-{self.locale}-{'pretty' if self.permalinks else 'plain'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running blog; `url` ends with a slash."""

    url: str
    home: Path

    def truth(self) -> Truth:
        """What the database holds now, rendered by WordPress."""
        return wordpress_truth.read(_php(self.home, "truth.php"))


@contextmanager
def wordpress(variant: Variant) -> Iterator[Site]:
    """Installs, fills and serves a WordPress of its own; nothing is left behind.

    Raises: EngineFailed when one of its programs is missing or fails, or a page broke.
    """
    with tempfile.TemporaryDirectory(prefix="lab-") as folder, ExitStack() as servers:
        home, port = Path(folder), free_port()
        site = Site(url=f"http://127.0.0.1:{port}/", home=home)
        _lay_out(site, port, variant)
        servers.enter_context(_database(home))
        run(
            [
                program("mariadb", "mysql"),
                "-uroot",
                f"-S{home}/db.sock",
                "-eCREATE DATABASE wordpress",
            ]
        )
        _php(home, "install.php", variant.locale)
        _php(home, "seed.php", str(_write_story(home, variant)))
        servers.enter_context(_php_server(home))
        servers.enter_context(_web_server(home, port))
        yield site
        _check(home / "php-errors.log")


def _check(log: Path) -> None:
    """A blog that broke in the lab's hands is no truth to compare with."""
    if log.exists() and "PHP Fatal" in (complaint := log.read_text(errors="replace")):
        raise EngineFailed(f"WordPress broke while it was crawled: {complaint[:2000]}")


def _lay_out(site: Site, port: int, variant: Variant) -> None:
    """Copies WordPress: its files find their configuration beside themselves, links resolved."""
    docroot = site.home / "docroot"
    shutil.copytree(_DEBIAN, docroot, ignore=shutil.ignore_patterns(".htaccess"))
    shutil.copy(_PARTS / "wp-config.php", docroot)
    shutil.copytree(_PARTS / "themes", docroot / "wp-content" / "themes", dirs_exist_ok=True)
    plugins = docroot / "wp-content" / "mu-plugins"
    plugins.mkdir()
    shutil.copy(_PARTS / "offline.php", plugins)
    settings = {"database_socket": f"{site.home}/db.sock", "url": site.url.rstrip("/")}
    (site.home / "lab.json").write_bytes(orjson.dumps(settings))
    names = {
        "home": site.home,
        "docroot": docroot,
        "port": port,
        "user": getpass.getuser(),
        "fallback": "/index.php?$args" if variant.permalinks else "=404",
    }
    for name in ("nginx.conf", "php-fpm.conf"):
        template = Template((_PARTS / name).read_text())
        (site.home / name).write_text(template.substitute(names))


def _write_story(home: Path, variant: Variant) -> Path:
    settings = {"timezone": TIMEZONE, **dataclasses.asdict(variant)}
    authors = [
        dict(zip(("login", "name", "site"), author, strict=True)) for author in words.AUTHORS
    ]
    story = dataclasses.asdict(tell())
    content = {"settings": settings, "authors": authors, "pictures": words.PICTURES, **story}
    path = home / "story.json"
    path.write_bytes(orjson.dumps(content))
    return path


def _php(home: Path, script: str, *arguments: str) -> bytes:
    return run([program("php"), str(_PARTS / script), str(home / "docroot"), *arguments])


@contextmanager
def _database(home: Path) -> Iterator[None]:
    user = f"--user={getpass.getuser()}"
    data = f"--datadir={home}/db"
    run([
        program("mariadb-install-db"), "--no-defaults", user, data,
        "--auth-root-authentication-method=normal", "--skip-test-db",
    ])  # fmt: skip
    # Safe against a power cut is not what a test's database has to be.
    command = [
        program("mariadbd"), "--no-defaults", user, data, f"--socket={home}/db.sock",
        f"--pid-file={home}/db.pid", "--skip-networking", "--skip-log-bin",
        "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync",
        "--innodb-buffer-pool-size=64M",
    ]  # fmt: skip
    socket = home / "db.sock"
    with daemon(command, log=home / "db.log", ready=lambda: listens(socket)):
        yield


@contextmanager
def _php_server(home: Path) -> Iterator[None]:
    # -R: the lab's own pages may be run by root, which is who CI is.
    command = [program("php-fpm*"), "-R", "-F", "-y", str(home / "php-fpm.conf")]
    with daemon(command, log=home / "php.out", ready=lambda: listens(home / "php.sock")):
        yield


@contextmanager
def _web_server(home: Path, port: int) -> Iterator[None]:
    command = [program("nginx"), "-p", str(home), "-c", str(home / "nginx.conf")]
    with daemon(command, log=home / "nginx.out", ready=lambda: answers(port)):
        yield
