"""`make bench`, or `python -m bench deadlines imports` for some of it."""

from __future__ import annotations

import platform
import sqlite3
import sys
from importlib import import_module
from importlib.util import find_spec

from rich.console import Console
from rich.table import Table

from bench.measuring import Measured

MODULES = ("deadlines", "imports", "records", "pages", "jobs", "every_job", "board", "replays", "traffic")
"""Each has a function `measure()` that gives its lines."""


def main(names: list[str]) -> None:
    """Measure, and print the table. A measurement is not a test: a missed aim does not fail."""
    unknown = set(names) - set(MODULES)
    if unknown:
        sys.exit(f"there is no measurement {', '.join(sorted(unknown))}; there are {', '.join(MODULES)}")
    measured = [
        line
        for name in names or MODULES
        if find_spec(f"bench.{name}")
        for line in import_module(f"bench.{name}").measure()
    ]
    Console(width=140 if not sys.stdout.isatty() else None).print(_table(measured))


def _table(measured: list[Measured]) -> Table:
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.machine()}"
    table = Table(title=f"victimcare, measured ({versions})", title_justify="left")
    for heading in ("What", "Took", "Against", "Ratio", "Aim, at most", "Kept"):
        table.add_column(heading, justify="right" if heading in ("Ratio", "Aim, at most") else "left")
    for line in measured:
        figures = f"{line.ratio:.2f}", f"{line.aim:g}"
        table.add_row(line.what, line.took, line.against, *figures, "yes" if line.kept else "no")
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
