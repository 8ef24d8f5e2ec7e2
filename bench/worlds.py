"""Databases to measure on: every published crime with a demonstration on top, once and ten times as large.

They are built once and kept in `data/bench/`; delete the folder to build them anew. The published files are looked for
in the folder that VICTIMCARE_BENCH_DATA names, else beside the checkout.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile

from victimcare.domain.quarter import Quarter
from victimcare.editions.law import published_law
from victimcare.exchange.demonstration.build import Plan, build_demonstration
from victimcare.exchange.police_uk import import_police_uk
from victimcare.exchange.progress import progress_bar
from victimcare.store.database import Database
from victimcare.store.migrate import upgrade
from victimcare.store.vault import Vault

AT = datetime(2023, 5, 2, 9, tzinfo=UTC)
"""The instant as of which the worlds are built: the Tuesday after the last published month."""
QUARTERS = tuple(Quarter(2021, 2).next(count) for count in range(8))
"""Those of the published months, of which the first begins a month before them."""

_ROOT = Path(__file__).resolve().parent.parent
_KEPT = _ROOT / "data" / "bench"
_COPIES = 9
_INVENTED_VICTIMS = 10_000

# How each column of a copied row differs from the original; the others are the same. {n} is the copy's number.
_ID, _NAME = "{column} + {n} * 100000000", "{column} || '~{n}'"
_COPIED: dict[str, dict[str, str]] = {
    "team": {"id": _NAME, "duty_supervisor_id": _NAME},
    "person": {"id": _NAME, "team_id": _NAME},
    "crime": {"id": _ID, "source_ref": _NAME},
    "victim": {"id": _ID},
    "victim_case": {"id": _ID, "ref": _NAME, "crime_id": _ID, "victim_id": _ID, "officer_id": _NAME, "team_id": _NAME},
    "assignment": {"id": _ID, "case_id": _ID, "officer_id": _NAME, "team_id": _NAME},
    "journey_event": {
        "id": _ID,
        "key": _NAME,
        "case_id": _ID,
        "corrects": _NAME,
        "crime_event_key": _NAME,
        "recorded_by": _NAME,
    },
    "due": {
        "case_id": _ID,
        "start_key": _NAME,
        "ended_by": _NAME,
        "officer_id": _NAME,
        "team_id": _NAME,
        "holder_id": _NAME,
        "holder_team_id": _NAME,
    },
    "breach": {
        "id": _ID,
        "case_id": _ID,
        "start_key": _NAME,
        "officer_id": _NAME,
        "team_id": _NAME,
        "supervisor_id": _NAME,
        "overturned_by": _NAME,
    },
}


def published_files() -> Path:
    """The folder of the published files; the program ends with a sentence where there is none."""
    named = os.environ.get("VICTIMCARE_BENCH_DATA")
    folder = Path(named) if named else _ROOT.parent / "shared" / "data" / "police-uk"
    if not folder.is_dir():
        sys.exit(f"{folder}: the published files are not there; name their folder in VICTIMCARE_BENCH_DATA")
    return folder


def world() -> Path:
    """The SQLite file of a force: a demonstration's officers and journeys, and every published crime with a victim."""
    file = _KEPT / "one.db"
    if not file.exists():
        _build(file)
    upgrade(f"sqlite:///{file}", vault=_vault)
    return file


def ten_worlds() -> Path:
    """The same ten times, each copy with officers of its own: ten forces in one database."""
    file = _KEPT / "ten.db"
    if not file.exists():
        _multiply(world(), file)
    upgrade(f"sqlite:///{file}", vault=_vault)
    return file


def _build(file: Path) -> None:
    unfinished = _unfinished(file)
    url = f"sqlite:///{unfinished}"
    upgrade(url)
    database = Database(url)
    law, plan = published_law(), Plan(AT, victims=_INVENTED_VICTIMS)
    with progress_bar("Building a force to measure on") as progress:
        build_demonstration(database, plan, law=law, vault=_vault(), progress=progress)
    with progress_bar("Giving it every published crime") as progress:
        import_police_uk(database, [published_files()], law=law, now=AT, progress=progress)
    database.close()
    _finish(unfinished, file)


def _multiply(original: Path, file: Path) -> None:
    unfinished = _unfinished(file)
    copyfile(original, unfinished)
    connection = sqlite3.connect(unfinished, isolation_level=None)
    connection.execute("PRAGMA synchronous = off")
    with progress_bar("Building ten forces to measure on") as progress:
        for n in range(1, _COPIES + 1):
            connection.execute("BEGIN")
            for table, differs in _COPIED.items():
                _copy(connection, table, differs, n)
            connection.execute("COMMIT")
            progress(n, _COPIES)
    connection.close()
    _finish(unfinished, file)


def _copy(connection: sqlite3.Connection, table: str, differs: dict[str, str], n: int) -> None:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    cells = ", ".join(differs.get(column, "{column}").format(column=f'"{column}"', n=n) for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    first = "id NOT LIKE '%~%'" if "id" in differs and differs["id"] == _NAME else f"{_key(differs)} < 100000000"
    connection.execute(f"INSERT INTO {table} ({names}) SELECT {cells} FROM {table} WHERE {first}")


def _key(differs: dict[str, str]) -> str:
    return "id" if "id" in differs else "case_id"


def _vault() -> Vault:
    """What the words of these worlds are sealed with."""
    return Vault(bytes(32))


def _unfinished(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".unfinished-{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    return unfinished


def _finish(unfinished: Path, file: Path) -> None:
    with sqlite3.connect(unfinished) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    unfinished.rename(file)
