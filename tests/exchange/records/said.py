"""What a records system says, in few words; and what stands here of it, whatever the order in which it came."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from tests.force import VAULT, a_force
from victimcare.domain.entitlements import assess
from victimcare.domain.event_kinds import EventKind
from victimcare.editions.law import published_law
from victimcare.exchange.records.importing import RecordsReport, import_records
from victimcare.store import cases, identities
from victimcare.store.contact_points import POINTS
from victimcare.store.database import Database
from victimcare.store.source_records import RECORDS

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
Said = dict[str, Any]


def crime(ref: str = "C1", version: int = 1, **more: Any) -> Said:
    said = {"crime_type": "Burglary", "area": "Luton"}
    moments = {"reported_at": "2026-05-18T09:00:00Z", "recorded_at": "2026-05-18T10:00:00Z"}
    return _said("crime", ref, version, said | moments | more)


def victim(ref: str = "V1", version: int = 1, *, crime: str = "C1", **more: Any) -> Said:
    return _said("victim", ref, version, {"crime": crime, "name": "Wren Sample"} | more)


def suspect(ref: str = "S1", version: int = 1, *, crime: str = "C1", label: str = "Suspect 1") -> Said:
    return _said("suspect", ref, version, {"crime": crime, "label": label})


def officer(ref: str = "O1", version: int = 1, **more: Any) -> Said:
    return _said("officer", ref, version, {"name": "Rowan Example", "team": "Luton A"} | more)


def arrest(ref: str = "E1", version: int = 1, *, crime: str = "C1", suspect: str = "S1", **more: Any) -> Said:
    said = {"event": "suspect_arrested", "crime": crime, "suspect": suspect, "happened_at": "2026-05-20"}
    return _said("event", ref, version, said | more)


def vps(ref: str = "E2", version: int = 1, *, victim: str = "V1", **more: Any) -> Said:
    said = {"event": "vps_offered", "victim": victim, "happened_at": "2026-05-21", "details": {"point": "report"}}
    return _said("event", ref, version, said | more)


def contact(ref: str = "K1", version: int = 1, *, victim: str = "V1", **more: Any) -> Said:
    said = {"victim": victim, "reached": True, "channel": "phone", "happened_at": "2026-05-22T09:00:00Z"}
    return _said("contact", ref, version, said | more)


def needs(ref: str = "N1", version: int = 1, *, victim: str = "V1", **more: Any) -> Said:
    return _said("needs", ref, version, {"victim": victim, "assessed_on": "2026-05-19", "stage": "report"} | more)


def referral(ref: str = "R1", version: int = 1, *, victim: str = "V1", **more: Any) -> Said:
    return _said("referral", ref, version, {"victim": victim, "step": "offered", "happened_at": "2026-05-23"} | more)


def _said(kind: str, ref: str, version: int, fields: Said) -> Said:
    return {"kind": kind, "source": "rms", "id": ref, "version": version, **fields}


def lines(path: Path, *said: Said) -> Path:
    """A file of JSON Lines of these records."""
    path.write_text("".join(f"{json.dumps(one)}\n" for one in said), "utf-8")
    return path


@dataclass(frozen=True)
class Records:
    """A small force into which records come."""

    database: Database
    folder: Path

    def take(self, *said: Said, at: datetime = NOW, **options: Any) -> RecordsReport:
        """Import these records from one file."""
        return self.read(lines(self.folder / "records.jsonl", *said), at=at, **options)

    def read(self, *paths: Path, at: datetime = NOW, **options: Any) -> RecordsReport:
        """Import these files."""
        options = {"rejects_path": self.folder / "rejects.csv"} | options
        return import_records(self.database, paths, law=published_law(), vault=VAULT, now=at, **options)

    def rejects(self) -> list[list[str]]:
        """The rows of the reject file below its header: line, field and reason."""
        rows = (self.folder / "rejects.csv").read_text("utf-8").splitlines()[1:]
        return [row.split(",", 3)[1:] for row in rows]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def ref(self, victim: str = "V1") -> str:
        """The case of this victim."""
        with self.database.reading() as connection:
            wanted = select(cases.CASES.c.ref).join(RECORDS, RECORDS.c.case_id == cases.CASES.c.id)
            of = (RECORDS.c.kind == "victim") & (RECORDS.c.source_id == victim)
            return str(connection.execute(wanted.where(of)).scalar_one())

    def stored(self, victim: str = "V1") -> cases.StoredCase:
        """The case of this victim as it stands."""
        with self.database.reading() as connection:
            return cases.look_at(connection, self.ref(victim))

    def standing(self) -> Any:
        """All that stands here of what was said: by victim, what happened, what is owed, who they are, how reached.

        Not in which steps it came to be: that is the history, and depends on what came when.
        """
        with self.database.reading() as connection:
            kept = connection.execute(select(RECORDS).where(RECORDS.c.kind == "victim")).all()
            found = {row.source_id: self._of(connection, row.case_id) for row in kept if row.case_id}
            states = connection.execute(
                select(RECORDS.c.kind, RECORDS.c.source_id, RECORDS.c.version, RECORDS.c.state, RECORDS.c.waits_for)
            )
            return found, sorted(map(str, states.all()))

    def _of(self, connection: Any, case_id: int) -> Any:
        law = published_law()
        ref = connection.execute(select(cases.CASES.c.ref).where(cases.CASES.c.id == case_id)).scalar_one()
        stored = cases.look_at(connection, ref)
        chains = [chain for chain in stored.case.journey.chains().values() if chain.happened]
        told = (chain for chain in chains if chain.root.kind not in _OURS)
        happened = sorted(
            (c.root.kind.value, c.is_history, str(c.current.happened), str(c.current.received), str(c.current.subject))
            for c in told
        )
        owed = sorted(
            (one.rule.id, one.owed_by, str(one.started_on), str(one.due_on), one.standing_on(NOW.date()).value)
            for one in assess(stored.case.journey, law.code, law.calendar)
        )
        points = connection.execute(
            select(POINTS.c.kind, POINTS.c.safety, POINTS.c.sealed, POINTS.c.id).where(
                POINTS.c.case_id == case_id, POINTS.c.safety != "do_not_use"
            )
        )
        reached = sorted((row.kind, row.safety, VAULT.open(row.sealed, row_id=row.id)) for row in points)
        details = sorted(str(sorted(c.current.details.items())) for c in chains if c.root.kind not in _OURS)
        return happened, details, owed, identities.known(connection, stored.victim_id), reached


_OURS = (EventKind.OFFICER_ASSIGNED, EventKind.VICTIM_CORRECTED)


def small_force(url: str, folder: Path) -> Records:
    """The force of tests/force.py."""
    return Records(a_force(url).database, folder)


def emptied(records: Records, tables: Iterable[str]) -> None:
    """Throw all cases away."""
    with records.database.writing() as connection:
        for table in tables:
            connection.execute(text(f"DELETE FROM {table}"))
