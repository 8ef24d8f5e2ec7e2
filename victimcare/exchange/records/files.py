"""Files of records, whatever their form: JSON Lines or CSV, in the schema's own names or by a force's profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from victimcare.exchange.records import csv_files
from victimcare.exchange.records.lines import (
    FileRefused,
    Line,
    NothingToRead,
    Place,
    check_readable,
    find_files,
    is_csv,
    reading,
)
from victimcare.exchange.records.profiles import Profile
from victimcare.exchange.records.reading import Bad, PassedOver, Read, read_json


def readable_files(paths: Sequence[Path], profile: Profile | None) -> tuple[list[Path], list[FileRefused], int]:
    """The files that can be read to their end, those that cannot, and how many lines the former have.

    Nothing is stored of any file before all have been read once. What a folder holds beside the exports of a profile
    is passed over; a file that was named is not. Raises `NothingToRead`.
    """
    found, refused, lines = [], [], 0
    named = {path.resolve() for path in paths}
    for path in find_files(paths):
        if profile is not None and not profile.reads(path):
            if path.resolve() in named:
                refused.append(FileRefused(path, f"the profile {profile.name} has no export of a file of this name"))
            continue
        try:
            count = check_readable(path)
            next(iter(records_in(path, profile)), None)
        except FileRefused as refusal:
            refused.append(refusal)
            continue
        found.append(path)
        lines += count
    if profile is not None and not found and not refused:
        raise NothingToRead(paths[0], f"no file there has a name that the profile {profile.name} reads")
    return found, refused, lines


def records_in(path: Path, profile: Profile | None) -> Iterator[Read | Bad | PassedOver]:
    """Every record of the file in order, and every line that is none, or is passed over. Raises `FileRefused`."""
    with reading(path) as lines:
        if profile is not None:
            yield from profile.records_in(path, lines)
        elif is_csv(path):
            yield from csv_files.records_in(path, lines)
        else:
            yield from _json_lines(path, lines)


def _json_lines(path: Path, lines: Iterable[Line]) -> Iterator[Read | Bad]:
    for line in lines:
        if line.raw is None or line.raw.strip():
            yield read_json(Place(str(path), line.number), line)
