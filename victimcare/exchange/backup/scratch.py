"""Folders for what is not finished: whoever is killed leaves nothing behind for good."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".unfinished-"


@contextmanager
def scratch_in(folder: Path) -> Iterator[Path]:
    """A folder inside `folder` that nobody else reads, gone at the end.

    What somebody who was killed left there is taken away first: nobody holds it any more.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{_PREFIX}*"):
        if (held := _hold(left)) is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(held)
    made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    held = _hold(made)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        if held is not None:
            os.close(held)


def keep(finished: Path, name: Path) -> None:
    """Give what is finished its name: it is there whole or not at all, also after a power cut."""
    with finished.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(finished, name)
    sync_folder(name.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in it lie on the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _hold(folder: Path) -> int | None:
    """The folder held as long as this process lives, or None where somebody else holds it."""
    try:
        opened = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(opened)
        return None
    return opened
