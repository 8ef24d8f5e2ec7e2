"""A progress bar on a terminal; nothing where the output goes into a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Tick = Callable[[int, int], None]
"""Told how much is done, and of how much."""


def no_progress(_done: int, _total: int) -> None:
    """Say nothing."""


@contextmanager
def progress_bar(what: str, *, console: Console | None = None) -> Iterator[Tick]:
    """Show how far `what` has come, on standard error if that is a terminal."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield no_progress
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
