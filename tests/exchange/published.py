"""Small files as data.police.uk publishes them, made by hand."""

import gzip
from pathlib import Path

_PLACE = "Bedfordshire Police,Bedfordshire Police,-0.47,52.30,On or near Sample Road,E01017540"
_BEGINNING = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name"
STREET_HEADER = f"{_BEGINNING},Crime type,Last outcome category,Context"
OUTCOMES_HEADER = f"{_BEGINNING},Outcome type"


def crime_id(name: str) -> str:
    """A Crime ID of the usual length that says which crime is meant."""
    return name.ljust(64, "0")


def street(
    name: str,
    month: str,
    *,
    crime_type: str = "Burglary",
    district: str = "Luton",
    last_outcome: str = "Under investigation",
) -> str:
    """A row of a street file; no name, no Crime ID."""
    ref = crime_id(name) if name else ""
    return f"{ref},{month},{_PLACE},{district} 001A,{crime_type},{last_outcome},"


def outcome(name: str, month: str, words: str = "Suspect charged") -> str:
    """A row of an outcomes file."""
    return f"{crime_id(name)},{month},{_PLACE},Luton 001A,{words}"


def street_file(folder: Path, month: str, *rows: str, packed: bool = False) -> Path:
    """Write a month's street file."""
    return _write(folder / f"{month}-bedfordshire-street.csv", STREET_HEADER, rows, packed)


def outcomes_file(folder: Path, month: str, *rows: str, packed: bool = False) -> Path:
    """Write a month's outcomes file."""
    return _write(folder / f"{month}-bedfordshire-outcomes.csv", OUTCOMES_HEADER, rows, packed)


def _write(path: Path, header: str, rows: tuple[str, ...], packed: bool) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    words = "".join(f"{line}\n" for line in (header, *rows)).encode()
    if packed:
        path = path.with_name(f"{path.name}.gz")
        path.write_bytes(gzip.compress(words))
    else:
        path.write_bytes(words)
    return path
