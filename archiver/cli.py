"""The command line: each command is one job; whatever is slow to import is imported inside it.

Exit codes: 0 all complete · 1 something failed · 2 wrong usage or configuration · 3 stopped
early, what is there can be used or resumed · 4 the ledger does not balance or a check failed ·
75 another run holds the blog.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from archiver import __version__
from archiver.config import USER_AGENT, Budget, CrawlPlan, Politeness, plan_for
from archiver.errors import ArchiverError, BlogBusy, ConfigError

FAILED, MISUSED, BUSY = 1, 2, 75

_output = click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("output"),
    show_default=True,
    help="Data folder.",
)
_voice = [
    click.option("--plain", is_flag=True, help="Plain lines instead of a live display."),
    click.option("--quiet", is_flag=True, help="Print only errors and the outcome."),
]


class _Commands(click.Group):
    """Turns the program's own exceptions into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as fault:
            click.echo(f"archiver: {fault}", err=True)
            sys.exit(MISUSED)
        except BlogBusy as busy:
            click.echo(f"archiver: {busy}", err=True)
            sys.exit(BUSY)
        except ArchiverError as fault:
            click.echo(f"archiver: {fault}", err=True)
            sys.exit(FAILED)


def _with_voice(command: Any) -> Any:
    for option in reversed(_voice):
        command = option(command)
    return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="archiver")
def main() -> None:
    """Archive legacy blogs without loss: WARC, tables of posts and comments, and the proof."""


@main.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@_output
@click.option("--max-pages", type=click.IntRange(1), help="Stop after this many pages.")
@click.option("--max-time", type=click.FloatRange(0.1), metavar="S", help="Stop after S seconds.")
@click.option("--max-bytes", type=click.IntRange(1), metavar="N", help="Stop after N bytes.")
@click.option("--delay", type=click.FloatRange(0), default=1.0, show_default=True, metavar="S",
              help="Seconds between two requests to one host.")  # fmt: skip
@click.option("--concurrency", type=click.IntRange(1), default=8, show_default=True,
              help="Requests at once over all hosts; each host gets one at a time.")  # fmt: skip
@click.option("--user-agent", default=USER_AGENT, show_default=True)
@click.option("--no-robots", is_flag=True, help="Do not obey robots.txt.")
@click.option(
    "--allow-private", is_flag=True, help="Let redirects and links reach private addresses."
)
@click.option("--platform", metavar="NAME", help="The blog's platform, where pages do not say.")
@click.option("--timezone", metavar="ZONE", help="The blog's zone, where nothing states it.")
@click.option(
    "--redact", is_flag=True, help="Keep cookies and credentials out of everything written."
)
@click.option("--resume/--fresh", default=None,
              help="Go on with an unfinished crawl (default), or begin anew.")  # fmt: skip
@_with_voice
def crawl(urls: tuple[str, ...], output: Path, **options: Any) -> None:
    """Crawl blogs into WARC files and tables.

    An interrupted crawl goes on where it was when the same command is given again.
    """
    from archiver.jobs.crawl import run

    plans = [_plan(url, output, options) for url in urls]
    sys.exit(
        run(
            plans,
            fresh=options["resume"] is False,
            plain=options["plain"],
            quiet=options["quiet"],
        )
    )


def _plan(url: str, output: Path, options: dict[str, Any]) -> CrawlPlan:
    return plan_for(
        url,
        output,
        platform=options["platform"],
        timezone=options["timezone"],
        redact=options["redact"],
        politeness=Politeness(
            delay_s=options["delay"],
            concurrency=options["concurrency"],
            user_agent=options["user_agent"],
            obey_robots=not options["no_robots"],
            allow_private=options["allow_private"],
        ),
        budget=Budget(
            max_pages=options["max_pages"],
            max_time_s=options["max_time"],
            max_bytes=options["max_bytes"],
        ),
    )


@main.command()
@click.argument("archives", nargs=-1, required=True, metavar="WARC...",
                type=click.Path(exists=True, path_type=Path))  # fmt: skip
@_output
@click.option("--blog-url", help="The blog to read; without it every blog in the files is read.")
@click.option("--platform", metavar="NAME", help="The blog's platform, where pages do not say.")
@click.option("--timezone", metavar="ZONE", help="The blog's zone, where nothing states it.")
@_with_voice
def extract(archives: tuple[Path, ...], output: Path, **options: Any) -> None:
    """Read WARC, ARC or WACZ files (or folders of them) into the same tables."""
    from archiver.jobs.extract import run

    sys.exit(run(list(archives), output, **options))


@main.command()
@_output
@click.option(
    "--urls", metavar="CRAWL_ID", help="Every URL of a crawl with its fate, as JSON lines."
)
def status(output: Path, urls: str | None) -> None:
    """List crawls, finished and unfinished, with their counts."""
    from archiver.jobs.status import run

    sys.exit(run(output, urls=urls))


@main.command()
@click.argument("crawl_ids", nargs=-1, metavar="[CRAWL_ID...]")
@_output
@click.option("--rows", is_flag=True, help="Also make every row again from its records.")
@_with_voice
def verify(crawl_ids: tuple[str, ...], output: Path, **options: Any) -> None:
    """Read every record again; name damage and the rows that hang on it."""
    from archiver.jobs.verify import run

    sys.exit(run(output, crawl_ids, **options))


@main.command()
@click.argument("row_id", metavar="ID")
@_output
def history(row_id: str, output: Path) -> None:
    """Show every version of a post or comment, and what changed."""
    from archiver.jobs.history import run

    sys.exit(run(output, row_id))


@main.command()
@click.argument("row_id", metavar="ID")
@_output
def show(row_id: str, output: Path) -> None:
    """Show a row, its record's headers and the markup that it came from."""
    from archiver.jobs.show import run

    sys.exit(run(output, row_id))


@main.command()
@_output
def migrate(output: Path) -> None:
    """Rewrite the tables from the crawls in today's schema."""
    from archiver.jobs.migrate import run

    sys.exit(run(output))


@main.command()
@_output
@click.option("--to", "target", type=click.Path(file_okay=False, path_type=Path),
              help="Folder for the release; default: exports/ in the data folder.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["parquet", "csv", "jsonl", "sqlite"]),
              default="parquet", show_default=True)  # fmt: skip
@click.option("--redact-authors", is_flag=True, help="Leave out who wrote posts and comments.")
def export(output: Path, target: Path | None, form: str, **options: Any) -> None:
    """Write one frozen release of all tables, with a snapshot id and checksums."""
    from archiver.jobs.export import Format, run

    sys.exit(run(output, target, Format(form), **options))
