"""`make demo`: crawl the bundled sample blog and show what came out and how to look at it.

The command that it prints at the end is the one that it has just run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tests.sample import Sample, serve

# Double quotes only, so that the shell takes them between single ones.
_DUCKDB = (
    'import duckdb; duckdb.read_parquet("{tables}/posts/*.parquet")'
    '.select("title, author_name, published_at, comment_count_extracted AS comments")'
    '.order("published_at DESC").limit(8).show()'
)
_ARROW = (
    'import pyarrow.dataset as d; print(d.dataset("{tables}/comments")'
    '.to_table(columns=["author_name", "published_at", "body_text"]).slice(0, 3).to_pylist())'
)


def main() -> int:
    """Serve, crawl, report; the exit code is the crawl's, or that of the look at the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("output"))
    output = parser.parse_args().output
    with serve(Sample(posts=60)) as url:
        print(f"the sample blog is at {url}", flush=True)
        crawl = [sys.executable, "-m", "archiver", "crawl", f"{url}/"]
        options = ["--output", str(output), "--delay", "0", "--fresh"]
        code = subprocess.run([*crawl, *options], check=False).returncode
    if code:
        return code
    python = Path(sys.executable)
    here = Path.cwd()
    shown = python.relative_to(here) if python.is_relative_to(here) else python
    for name, template in (("DuckDB", _DUCKDB), ("pyarrow", _ARROW)):
        script = template.format(tables=output / "tables")
        print(f"\nlook at it with {name}:\n\n  {shown} -c '{script}'\n", flush=True)
        code = code or subprocess.run([sys.executable, "-c", script], check=False).returncode
    print(f"\nthe WARC files are in {output / 'crawls'}/*/warc/; `archiver status` lists crawls")
    return code


if __name__ == "__main__":
    sys.exit(main())
