"""The files that somebody named, or that lie in the folders that they named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path


def files_at(
    paths: Iterable[Path], *, in_folder: Callable[[Path], list[Path]], nothing: Callable[[Path], Exception]
) -> list[Path]:
    """Each file once, in the order of their names; `in_folder` says which of a folder are meant.

    Raises what `nothing` makes of a path that does not exist, or a folder without such files.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        files = [path] if path.is_file() else in_folder(path)
        if not files:
            raise nothing(path)
        found.update((file.resolve(), file) for file in files)
    return sorted(found.values(), key=lambda file: (file.name, str(file)))
