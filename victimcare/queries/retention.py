"""What is due for disposal, what was disposed of and can be had back, and certificates of what was erased."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, false, or_, select

from victimcare.domain.people import Action, Person, Scope, scope_of
from victimcare.domain.retention import Review, review
from victimcare.editions.retention import published_retention
from victimcare.queries.scope import case_row, not_barred
from victimcare.store import legal_holds
from victimcare.store.cases import CASES
from victimcare.store.disposals import CERTIFICATES, RUNS
from victimcare.store.kept_records import DISPOSALS, kept_records
from victimcare.store.staff import PEOPLE
from victimcare.store.vault import Vault

CERTIFICATES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class WaitingRun:
    """A run that found more than it may propose: how many by rule, and whether this person agreed already."""

    id: int
    at: datetime
    cases: int
    found: int
    cap: int
    counts: Mapping[str, int]
    first_agreed_by: str | None
    is_theirs: bool


@dataclass(frozen=True, slots=True)
class ProposedCase:
    """A case of the team that is due."""

    case_id: int
    ref: str
    rule: str
    trigger_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class DisposedCase:
    """A case of the team that nobody finds any more; until the day before `erase_from_on` it can be had back."""

    id: int
    case_id: int
    ref: str
    rule: str
    decided_by: str
    decided_at: datetime
    erase_from_on: date


@dataclass(frozen=True, slots=True)
class Certificate:
    """That a case was erased."""

    ref: str
    rule: str
    disposed_by: str
    disposed_at: datetime
    erased_at: datetime
    backups_until_on: date
    rows: int
    agreed_by: str


@dataclass(frozen=True, slots=True)
class RetentionPage:
    """All of it, for one team; runs are of the whole force."""

    run: WaitingRun | None
    proposed: tuple[ProposedCase, ...]
    disposed: tuple[DisposedCase, ...]
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True)
class CaseRetention:
    """How long one case is kept: what the rules say of it today, its hold, and whether somebody must decide."""

    case_id: int
    review: Review
    proposed: bool
    held_since: datetime | None
    held_by: str
    why_held: str


def retention_page(connection: Connection, *, person: Person) -> RetentionPage:
    """What the person's team has to decide about; nothing for those who do not review records."""
    if scope_of(person, Action.REVIEW_RECORDS) is None:
        return RetentionPage(None, (), (), ())
    names = {row.id: row.name for row in connection.execute(select(PEOPLE.c.id, PEOPLE.c.name))}
    return RetentionPage(
        _waiting_run(connection, person, names),
        tuple(ProposedCase(*row) for row in connection.execute(_of_team(person, "proposed", *_PROPOSED))),
        tuple(_disposed(row, names) for row in connection.execute(_of_team(person, "disposed", *_DISPOSED))),
        tuple(_certificate(row, names) for row in connection.execute(_certificates(person))),
    )


def case_retention(connection: Connection, *, person: Person, ref: str, today: date, vault: Vault) -> CaseRetention:
    """How long this case is kept. Raises `NoSuchCase`, `DoesNotOpen`."""
    row = case_row(connection, person, ref, Action.REVIEW_RECORDS)
    (case,) = kept_records(connection, [row.id])
    hold = legal_holds.current(connection, row.id)
    proposed = select(DISPOSALS.c.id).where(DISPOSALS.c.case_id == row.id, DISPOSALS.c.state == "proposed")
    return CaseRetention(
        row.id,
        review(case.record, published_retention(), today=today),
        proposed=connection.execute(proposed).first() is not None,
        held_since=hold.placed_at if hold else None,
        held_by=hold.placed_by if hold else "",
        why_held=hold.reason(vault) if hold else "",
    )


_PROPOSED = (CASES.c.id, CASES.c.ref, DISPOSALS.c.rule, DISPOSALS.c.trigger_on, DISPOSALS.c.due_on)
_DISPOSED = (
    DISPOSALS.c.id,
    DISPOSALS.c.case_id,
    CASES.c.ref,
    DISPOSALS.c.rule,
    DISPOSALS.c.decided_by,
    DISPOSALS.c.decided_at,
    DISPOSALS.c.erase_from_on,
)


def _of_team(person: Person, state: str, *columns: Any) -> Select[Any]:
    joined = DISPOSALS.join(CASES, CASES.c.id == DISPOSALS.c.case_id)
    wanted = select(*columns).select_from(joined).where(DISPOSALS.c.state == state, _theirs(person))
    return wanted.order_by(DISPOSALS.c.due_on, CASES.c.ref)


def _theirs(person: Person) -> ColumnElement[bool]:
    """Of their team, disposed of or not: `visible_cases` has none that is."""
    scope = scope_of(person, Action.REVIEW_RECORDS)
    if scope is not Scope.TEAM:
        return false()
    return or_(CASES.c.team_id == person.team_id, CASES.c.officer_id == person.id) & not_barred(person)


def _waiting_run(connection: Connection, person: Person, names: Mapping[str, str]) -> WaitingRun | None:
    row = connection.execute(select(RUNS).where(RUNS.c.state == "over_cap").order_by(RUNS.c.id.desc())).first()
    if row is None:
        return None
    first = row.first_agreed_by
    counts = json.loads(row.counts)
    by = names.get(first) if first else None
    return WaitingRun(row.id, row.at, row.cases, row.found, row.cap, counts, by, first == person.id)


def _disposed(row: Any, names: Mapping[str, str]) -> DisposedCase:
    by = names.get(row.decided_by, row.decided_by)
    return DisposedCase(row.id, row.case_id, row.ref, row.rule, by, row.decided_at, row.erase_from_on)


def _certificates(person: Person) -> Select[Any]:
    of_team = CERTIFICATES.c.team_id == person.team_id
    return select(CERTIFICATES).where(of_team).order_by(CERTIFICATES.c.erased_at.desc()).limit(CERTIFICATES_SHOWN)


def _certificate(row: Any, names: Mapping[str, str]) -> Certificate:
    agreed = (row.run_agreed_by or "").split(",")
    return Certificate(
        ref=row.case_ref,
        rule=row.rule,
        disposed_by=names.get(row.disposed_by, row.disposed_by),
        disposed_at=row.disposed_at,
        erased_at=row.erased_at,
        backups_until_on=row.backups_until_on,
        rows=sum(json.loads(row.counts).values()),
        agreed_by=" and ".join(names.get(person, person) for person in agreed if person),
    )
