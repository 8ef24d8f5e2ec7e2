"""A case that is due for disposal by the rules of the force, proposed and disposed of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

from sqlalchemy import select

from tests.web.casework import PEOPLE, Casework
from victimcare.commands.dispose_of_case import dispose_of_case
from victimcare.domain.event_kinds import EventKind
from victimcare.editions.retention import published_retention
from victimcare.store import cases, disposals
from victimcare.store.disposals import Proposal
from victimcare.store.kept_records import DISPOSALS

LONG_AGO = datetime(2024, 5, 13, 9, tzinfo=UTC)
_numbers = count(1)
REASON = "It is an invented reason"


def due_case(casework: Casework, *, proposed: bool = True) -> str:
    """A case that was void two years ago; its reference."""
    ref = casework.case(f"Wren Long Ago {next(_numbers)}", at=LONG_AGO)
    casework.record(ref, EventKind.CASE_VOIDED, LONG_AGO, reason="duplicate", second_person="supervisor")
    if proposed:
        propose(casework, ref)
    return ref


def propose(casework: Casework, ref: str) -> int:
    """Have the rules propose to dispose of it; the number of the disposal."""
    run_id = a_run(casework, state="proposed")
    with casework.site.database.writing() as connection:
        case_id = cases.load(connection, ref).id
        due = Proposal(case_id, "KEEP-VOID", LONG_AGO.date(), date(2025, 5, 13))
        disposals.propose(connection, run_id, [due])
        return int(disposals.standing_of(connection, case_id, "proposed").id)


def a_run(casework: Casework, *, state: str = "over_cap", found: int = 999) -> int:
    """A run of the rules; its number."""
    with casework.site.database.writing() as connection:
        how = {"cases": 1_000, "found": found, "cap": 5, "counts": {"KEEP-VOID": found}, "state": state}
        return disposals.add_run(connection, at=casework.site.clock.now, **how)


def disposed_case(casework: Casework) -> tuple[str, int]:
    """A case that was disposed of; its reference, and the number of its disposal."""
    ref = due_case(casework)
    with casework.site.database.writing() as connection:
        how = {"by": PEOPLE["supervisor"], "now": casework.site.clock.now, "vault": casework.vault}
        dispose_of_case(connection, ref=ref, reason=REASON, policy=published_retention(), **how)
        newest = select(DISPOSALS.c.id).where(DISPOSALS.c.state == "disposed").order_by(DISPOSALS.c.id.desc())
        return ref, int(connection.execute(newest.limit(1)).scalar_one())
