"""Records of a force's own system, as a first import brings them, against writing the same rows with the driver alone.

Each size is taken by a process of its own, which says at the end how much memory it had at most.
"""

from __future__ import annotations

import json
import random
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.measuring import Measured, Took, both, in_words
from victimcare.editions.law import published_law
from victimcare.exchange.progress import progress_bar
from victimcare.exchange.records.importing import import_records
from victimcare.store import installation
from victimcare.store.database import Database
from victimcare.store.migrate import upgrade
from victimcare.store.vault import Vault

SMALL, LARGE = 10_000, 100_000
_NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
_AREAS = ("Luton", "Bedford Borough")
_OFFICERS_OF_AN_AREA = 40
_PRAGMAS = ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "secure_delete = on")
_TABLES = (
    *("team", "person", "crime", "victim", "victim_case", "assignment", "journey_event", "due", "breach"),
    *("needs_assessment", "contact_point", "contact_hash", "victim_name_key", "source_record", "audit"),
    "audit_subject",
)


def measure() -> list[Measured]:
    """The first import, the same again, and how its memory grows with the file."""
    with TemporaryDirectory(prefix="victimcare-bench-") as folder:
        small, large = (_in_a_process(Path(folder) / str(size), size) for size in (SMALL, LARGE))
        rows = _rows(Path(folder) / str(LARGE) / "made.db")
        raw = Path(folder) / "raw.db"
        upgrade(f"sqlite:///{raw}")
        least = both(lambda: _write(raw, rows))
    against = f"raw executemany of {sum(map(len, rows.values())):,} rows"
    first, again = (Took(*large[name]) for name in ("first", "again"))
    peaks = [found["peak"] / 1024 for found in (small, large)]
    growth = Measured(
        f"memory at most, {LARGE:,} records",
        f"{peaks[1]:.0f} MB",
        f"{SMALL:,}: {peaks[0]:.0f} MB",
        peaks[1] / peaks[0],
        1.25,
    )
    return [
        *_lines(f"{LARGE:,} records in", first, against, least, aim=3),
        *_lines("the same records again", again, against, least, aim=3),
        growth,
    ]


def _lines(what: str, took: Took, against: str, least: Took, *, aim: float) -> list[Measured]:
    return [
        Measured(
            f"{what}{how}",
            f"{in_words(mine)}, {LARGE / mine:,.0f} a second",
            f"{against}, {in_words(its)}",
            mine / its,
            aim,
        )
        for how, mine, its in (("", took.clock, least.clock), (", processor time", took.processor, least.processor))
    ]


def said(crime: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """A recorded crime with one victim, or two, and what happened to them in the first days."""
    ref, day = f"40/{crime}/26", chance.randrange(1, 28)
    yield _record(
        "crime", ref, crime_type="Burglary", area=chance.choice(_AREAS), reported_at=_day(day), recorded_at=_day(day)
    )
    yield _record("suspect", f"S{crime}", crime=ref, label="Suspect 1")
    for number in range(1 + (chance.random() < 0.2)):
        victim = f"{ref}/{number}"
        phone = f"07700 900{chance.randrange(1000):03}"
        yield _record("victim", victim, crime=ref, name="Wren Sample", born_on="1980-01-02", phone=phone)
        yield _record("needs", f"N{victim}", victim=victim, assessed_on=_day(day), stage="report")
        offered = {"event": "vps_offered", "details": {"point": "report"}}
        yield _record("event", f"E{victim}", victim=victim, happened_at=_day(day + 1), **offered)
        reached = {"reached": True, "channel": "phone"}
        yield _record("contact", f"K{victim}", victim=victim, happened_at=_day(day + 2), **reached)
        yield _record("referral", f"R{victim}", victim=victim, step="offered", happened_at=_day(day + 2))
    arrest = {"event": "suspect_arrested", "suspect": f"S{crime}"}
    yield _record("event", f"A{crime}", crime=ref, happened_at=_day(day + 3), **arrest)


def _record(kind: str, ref: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "source": "rms", "id": ref, "version": 1, **fields}


def _day(day: int) -> str:
    return f"2026-05-{day:02}"


def _in_a_process(folder: Path, size: int) -> dict[str, Any]:
    folder.mkdir()
    command = [sys.executable, "-m", "bench.records", str(folder), str(size)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def _once(folder: Path, size: int) -> dict[str, Any]:
    """Take so many records in, twice; seconds on the clock and of the processor, and the most memory in KB."""
    chance, file = random.Random(7), folder / "records.jsonl"
    records = (one for crime in count(1) for one in said(crime, chance))
    with file.open("w") as lines:
        lines.writelines(f"{json.dumps(one)}\n" for one in islice(records, size))
    database = _force(f"sqlite:///{folder / 'made.db'}")
    times = [both(lambda: _import(database, file)) for _ in range(2)]
    database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {name: (took.clock, took.processor) for name, took in zip(("first", "again"), times, strict=True)} | {
        "peak": peak
    }


def _force(url: str) -> Database:
    upgrade(url)
    database = Database(url)
    teams, people = [], []
    for number, area in enumerate(_AREAS):
        team = f"team-{number}"
        teams.append({"id": team, "name": f"{area} A", "area": area, "duty_supervisor_id": f"supervisor-{number}"})
        people.append(
            {"id": f"supervisor-{number}", "name": "Supervisor Example", "role": "supervisor", "team_id": team}
        )
        officers = ({"id": f"officer-{number}-{n}", "role": "officer"} for n in range(_OFFICERS_OF_AN_AREA))
        people += [officer | {"name": "Officer Example", "team_id": team} for officer in officers]
    with database.writing() as connection:
        installation.add_staff(connection, teams=teams, people=[{"capacity": 100_000, **each} for each in people])
    return database


def _import(database: Database, file: Path) -> None:
    with progress_bar("Importing") as progress:
        report = import_records(
            database, [file], law=published_law(), vault=Vault(bytes(32)), now=_NOW, progress=progress
        )
    assert report.is_whole, report.as_json()


def _rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(file) as connection:
        rows = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in _TABLES}
    connection.close()
    return rows


def _write(file: Path, rows: dict[str, list[tuple[object, ...]]]) -> None:
    connection = sqlite3.connect(file)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    for table, of_table in rows.items():
        marks = ", ".join("?" * len(of_table[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", of_table)
    connection.commit()
    connection.close()


if __name__ == "__main__":
    print(json.dumps(_once(Path(sys.argv[1]), int(sys.argv[2]))))
