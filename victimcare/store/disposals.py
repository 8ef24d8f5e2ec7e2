"""Runs of the retention rules in the database, what they propose, and what was decided."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from victimcare.store.cases import CASES
from victimcare.store.database import is_sqlite
from victimcare.store.kept_records import DISPOSALS
from victimcare.store.sealed_words import opened_from, sealed_in
from victimcare.store.tables import STANDING_DISPOSAL, ErasureCertificate, RetentionRun
from victimcare.store.vault import Vault

RUNS = RetentionRun.__table__  # type: ignore[attr-defined]
CERTIFICATES = ErasureCertificate.__table__  # type: ignore[attr-defined]
_REASON = DISPOSALS.c.sealed_reason


@dataclass(frozen=True, slots=True)
class Proposal:
    """That a case is due by a rule."""

    case_id: int
    rule: str
    trigger_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as it is stored, loaded to write to it."""

    id: int
    found: int
    state: str
    first_agreed_by: str | None


def add_run(
    connection: Connection, *, at: datetime, cases: int, found: int, cap: int, counts: Mapping[str, int], state: str
) -> int:
    """Store a run; one that still waited for two people is replaced by it. Its number."""
    waiting = RUNS.c.state == "over_cap"
    connection.execute(update(RUNS).where(waiting).values(state="replaced"))
    values = {"at": at, "cases": cases, "found": found, "cap": cap, "counts": json.dumps(counts, sort_keys=True)}
    added = insert(RUNS).values(**values, state=state).returning(RUNS.c.id)
    return int(connection.execute(added).scalar_one())


def load_run(connection: Connection, run_id: int) -> StoredRun:
    """A run that waits for two people, locked until the transaction ends. Raises `NoSuchRun`."""
    columns = (RUNS.c.id, RUNS.c.found, RUNS.c.state, RUNS.c.first_agreed_by)
    wanted = select(*columns).where(RUNS.c.id == run_id, RUNS.c.state == "over_cap")
    row = connection.execute(wanted.with_for_update()).first()
    if row is None:
        raise NoSuchRun
    return StoredRun(*row)


def agree(connection: Connection, run: StoredRun, *, by: str, at: datetime) -> None:
    """Note that somebody agrees; the second releases the run."""
    first = {"first_agreed_by": by, "first_agreed_at": at}
    second = {"agreed_by": by, "agreed_at": at, "state": "agreed"}
    values = second if run.first_agreed_by else first
    connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(values))


def propose(connection: Connection, run_id: int, proposals: Sequence[Proposal]) -> None:
    """Store what a run proposes, but for what another has proposed meanwhile."""
    standing = set(connection.execute(select(DISPOSALS.c.case_id).where(text(STANDING_DISPOSAL))).scalars())
    rows = [
        {"run_id": run_id, "case_id": p.case_id, "rule": p.rule, "trigger_on": p.trigger_on, "due_on": p.due_on}
        for p in proposals
        if p.case_id not in standing
    ]
    if rows:
        connection.execute(insert(DISPOSALS), [{**row, "state": "proposed"} for row in rows])


def standing_of(connection: Connection, case_id: int, *states: str) -> Any:
    """The disposal of a case that stands in one of these states; None where there is none."""
    wanted = select(DISPOSALS).where(DISPOSALS.c.case_id == case_id, text(STANDING_DISPOSAL))
    return connection.execute(wanted.where(DISPOSALS.c.state.in_(states)).with_for_update()).first()


def load(connection: Connection, disposal_id: int) -> Any:
    """The disposal with its case's row, both locked. Raises `NoSuchDisposal`."""
    joined = DISPOSALS.join(CASES, CASES.c.id == DISPOSALS.c.case_id)
    case = (CASES.c.ref, CASES.c.officer_id, CASES.c.team_id, CASES.c.victim_id, CASES.c.crime_id)
    wanted = select(DISPOSALS, *case).select_from(joined).where(DISPOSALS.c.id == disposal_id)
    row = connection.execute(wanted.with_for_update()).first()
    if row is None:
        raise NoSuchDisposal
    return row


def decide(
    connection: Connection,
    disposal_id: int,
    *,
    state: str,
    reason: str,
    by: str,
    at: datetime,
    vault: Vault,
    **more: Any,
) -> None:
    """Write what was decided, and why, sealed."""
    values = {"state": state, "decided_by": by, "decided_at": at, **more}
    values["sealed_reason"] = sealed_in(_REASON, disposal_id, reason, vault)
    connection.execute(update(DISPOSALS).where(DISPOSALS.c.id == disposal_id).values(values))


def move(connection: Connection, disposal_id: int, state: str, **more: Any) -> None:
    """Write that a disposal came to this state."""
    connection.execute(update(DISPOSALS).where(DISPOSALS.c.id == disposal_id).values(state=state, **more))


def hide(connection: Connection, case_id: int, on: date | None) -> None:
    """From this day there is no such case for anybody; with None there is one again."""
    connection.execute(update(CASES).where(CASES.c.id == case_id).values(disposed_on=on))


def reason_of(row: Any, vault: Vault) -> str:
    """Why it was decided so. Raises `DoesNotOpen`."""
    return opened_from(_REASON, row.id, row.sealed_reason, vault)


def to_erase(connection: Connection, *, today: date, limit: int) -> list[int]:
    """The disposals that can be undone no more, oldest first."""
    due = (DISPOSALS.c.state == "disposed") & (DISPOSALS.c.erase_from_on <= today)
    return list(connection.execute(select(DISPOSALS.c.id).where(due).order_by(DISPOSALS.c.id).limit(limit)).scalars())


def certify(
    connection: Connection, row: Any, *, counts: Mapping[str, int], backups_until_on: date, at: datetime
) -> None:
    """Store the certificate of a disposal that `load` gave: who and when and how many rows, and nothing they held."""
    agreed = connection.execute(select(RUNS.c.first_agreed_by, RUNS.c.agreed_by).where(RUNS.c.id == row.run_id)).one()
    certificate = {
        "disposal_id": row.id,
        "case_ref": row.ref,
        "team_id": row.team_id,
        "rule": row.rule,
        "disposed_by": row.decided_by,
        "disposed_at": row.decided_at,
        "run_agreed_by": ",".join(filter(None, agreed)) or None,
        "erased_at": at,
        "backups_until_on": backups_until_on,
        "counts": json.dumps(counts, sort_keys=True),
    }
    connection.execute(insert(CERTIFICATES).values(certificate))


def hold_back_others(connection: Connection) -> None:
    """Let no second run begin while this one is written."""
    if not is_sqlite(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('victimcare retention'))"))


class NoSuchRun(LookupError):
    """No run of this number waits for two people."""

    def __init__(self) -> None:
        super().__init__("this run waits for nobody now: a later one may have taken its place")


class NoSuchDisposal(LookupError):
    """There is no such disposal that this person may decide about now."""

    def __init__(self) -> None:
        super().__init__("there is no such disposal, or it can be undone no more")
