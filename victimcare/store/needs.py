"""Assessments of needs in the database: each is kept, the latest of an agency is what it holds to be so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from victimcare.store.cases import VICTIMS
from victimcare.store.many import insert_rows
from victimcare.store.sealed_words import sealed_in
from victimcare.store.tables import NeedsAssessment
from victimcare.store.vault import Vault

ASSESSMENTS = NeedsAssessment.__table__  # type: ignore[attr-defined]
SUPPORTER = ASSESSMENTS.c.sealed_supporter
LATEST_FIRST = (ASSESSMENTS.c.assessed_on.desc(), ASSESSMENTS.c.id.desc())


@dataclass(frozen=True, slots=True)
class StoredAnswers:
    """What was asked and answered, in codes; `supporter` is a name."""

    agency: str
    stage: str
    assessed_on: date
    language: str
    interpreter: str
    communication: Sequence[str] = ()
    disability: Sequence[str] = ()
    criteria: Sequence[str] = ()
    measures: Sequence[str] = ()
    supporter: str = field(default="", repr=False)


def assessment_row(
    answers: StoredAnswers,
    *,
    case_id: int,
    event_key: str,
    tier_found: str,
    ground_found: str | None,
    by: str,
    at: datetime,
    vault: Vault,
) -> dict[str, Any]:
    """The row of one assessment, the name of the supporter sealed."""
    plain = {
        name: ",".join(value) if isinstance(value, (list, tuple)) else value for name, value in asdict(answers).items()
    }
    named = plain.pop("supporter")
    sealed = {"sealed_supporter": sealed_in(SUPPORTER, event_key, named, vault) if named else None}
    found = {"tier_found": tier_found, "ground_found": ground_found, **sealed}
    return {"case_id": case_id, "event_key": event_key, **plain, **found, "recorded_by": by, "recorded_at": at}


def add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Store these rows."""
    insert_rows(connection, ASSESSMENTS, rows)


def criteria_of_others(connection: Connection, case_id: int, agency: str) -> frozenset[str]:
    """The criteria that the other agencies' latest assessments hold to be met."""
    found: dict[str, str] = {}
    others = (ASSESSMENTS.c.case_id == case_id) & (ASSESSMENTS.c.agency != agency)
    for row in connection.execute(select(ASSESSMENTS).where(others).order_by(*LATEST_FIRST)):
        found.setdefault(row.agency, row.criteria)
    return frozenset(code for codes in found.values() for code in codes.split(",") if code)


def born_on(connection: Connection, victim_id: int) -> date | None:
    """The victim's date of birth, where it is known."""
    known: date | None = connection.execute(select(VICTIMS.c.born_on).where(VICTIMS.c.id == victim_id)).scalar_one()
    return known


def set_language(connection: Connection, victim_id: int, language: str) -> None:
    """Keep the language that the victim understands best."""
    connection.execute(update(VICTIMS).where(VICTIMS.c.id == victim_id).values(language=language))
