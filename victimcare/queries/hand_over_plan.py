"""A hand-over before it is done: who would get which case, what it makes of each workload, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from victimcare.domain import hand_over
from victimcare.domain.allocation import SPECIALISM_WORDS, Specialism, needs_said
from victimcare.domain.calendar import london_date
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.hand_over import CaseToShare, Taker, refusal, share_out
from victimcare.domain.law import Law
from victimcare.domain.people import NO_LISTS, Action, Person
from victimcare.domain.victim import is_under_18
from victimcare.domain.workload import Weights, share
from victimcare.queries.officer_loads import OfficerLoad, officer_loads, takers, team_tally
from victimcare.queries.scope import visible_cases
from victimcare.store.case_lists import lists_of
from victimcare.store.cases import ASSIGNMENTS, CASES, VICTIMS, NoSuchCase
from victimcare.store.dues import DUES
from victimcare.store.journeys import EVENTS
from victimcare.store.protections import custodians_of
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import OPEN_AND_COUNTED
from victimcare.store.workload import is_not_told, points_of_duty

SHARED = "shared"
"""Instead of an officer's id: each case to whoever of those present has room for it."""


@dataclass(frozen=True, slots=True)
class Move:
    """One case and who would get it. `untrained` are the words for what it needs and they are not trained for.

    `had_it_until` (London date): they held it before, last until then. `custodian`: who alone knows where the victim
    is, and goes on to, where that is somebody else.
    """

    case_id: int
    ref: str
    victim_name: str | None
    crime_type: str
    from_id: str
    from_name: str
    to_id: str
    to_name: str
    untrained: tuple[str, ...]
    had_it_until: date | None
    custodian: str | None


@dataclass(frozen=True, slots=True)
class WorkloadChange:
    """What an officer's workload is and would be (shares of 1), and how many of the cases they would give and get."""

    officer_id: str
    name: str
    before: float
    after: float
    gives: int
    gets: int


@dataclass(frozen=True, slots=True)
class HandOverPlan:
    """What would be done. `tell_by_on` (London date): until when each victim is told who their officer is.

    `found`: the references of cases that the person may hand over, some of which are refused.
    """

    moves: tuple[Move, ...]
    changes: tuple[WorkloadChange, ...]
    refused: tuple[tuple[str, str], ...]
    tell_by_on: date
    found: frozenset[str]

    @property
    def keeps_out(self) -> bool:
        """Whether something is refused because of who may see a case."""
        return any(why == hand_over.MAY_NOT for _, why in self.refused)

    @property
    def case_ids(self) -> tuple[int, ...]:
        """Every case of which more is shown than its reference."""
        return tuple(move.case_id for move in self.moves)


def hand_over_plan(
    connection: Connection,
    *,
    person: Person,
    seen_officers: Mapping[str, str | None],
    to: str,
    today: date,
    law: Law,
    weights: Weights,
    policy: ForcePolicy,
) -> HandOverPlan:
    """What handing over these cases, by reference with who was seen to hold each, would do; nothing is stored.

    `to` is an officer's id or `SHARED`. What the command would refuse (`commands/reassign_cases.py`) is refused here
    in the same words. The figures are of the cases that the supervisor may see.
    """
    tally = team_tally(connection, person=person, today=today, law=law)
    loads = officer_loads(connection, person=person, today=today, tally=tally, weights=weights)
    cases = _cases(connection, person, seen_officers, weights, today)
    wanted = _takers(cases, to, takers(loads))
    ids = [row.id for row, _ in cases.values()]
    lists, held, custodians = lists_of(connection, ids), _held_before(connection, ids), custodians_of(connection, ids)
    moves, refused = [], []
    for ref, seen in sorted(seen_officers.items()):
        if ref not in cases:
            refused.append((ref, str(NoSuchCase(ref))))
            continue
        row, case = cases[ref]
        taker = wanted[ref]
        why_not = _why_not(case, taker, seen, lists.get(row.id, NO_LISTS), shared=to == SHARED)
        if why_not is not None or taker is None:
            refused.append((ref, why_not or hand_over.CANNOT_TAKE))
        else:
            before = held.get((row.id, taker.officer_id))
            moves.append(_move(row, case, taker, before=before, custodian=custodians.get(row.id)))
    tell_by_on = law.calendar.add_working_days(today, policy.tell_of_officer_within)
    changes = _changes(moves, cases, loads)
    return HandOverPlan(tuple(moves), changes, tuple(refused), tell_by_on, frozenset(cases))


_Case = tuple[Any, CaseToShare]


def _takers(cases: Mapping[str, _Case], to: str, present: Sequence[OfficerLoad]) -> Mapping[str, OfficerLoad | None]:
    by_id = {load.officer_id: load for load in present}
    if to != SHARED:
        return dict.fromkeys(cases, by_id.get(to))
    offered = [Taker(load.officer_id, load.points, load.capacity, load.specialisms) for load in present]
    shared = share_out((case for _, case in cases.values()), offered)
    return {ref: by_id.get(taken or "") for ref, taken in shared.items()}


def _why_not(case: CaseToShare, taker: OfficerLoad | None, seen: str | None, lists: Any, *, shared: bool) -> str | None:
    if taker is None:
        return hand_over.NOBODY_LEFT if shared else hand_over.CANNOT_TAKE
    return refusal(holder_id=case.holder_id, taker_id=taker.officer_id, lists=lists, seen_holder_id=seen)


def _move(
    row: Any, case: CaseToShare, taker: OfficerLoad, *, before: datetime | None, custodian: tuple[str, str] | None
) -> Move:
    custodian_id, custodian_name = custodian or (taker.officer_id, "")
    missing = sorted(SPECIALISM_WORDS[need] for need in case.needs - taker.specialisms)
    return Move(
        case_id=row.id,
        ref=row.ref,
        victim_name=row.victim_name,
        crime_type=row.crime_type,
        from_id=row.officer_id,
        from_name=row.officer_name,
        to_id=taker.officer_id,
        to_name=taker.name,
        untrained=tuple(missing),
        had_it_until=london_date(before) if before else None,
        custodian=custodian_name if custodian_id != taker.officer_id else None,
    )


def _changes(
    moves: Iterable[Move], cases: Mapping[str, _Case], loads: Iterable[OfficerLoad]
) -> tuple[WorkloadChange, ...]:
    """Of everybody who would give or get a case, those who would get some first."""
    more: dict[str, int] = {}
    gives: dict[str, int] = {}
    gets: dict[str, int] = {}
    for move in moves:
        case = cases[move.ref][1]
        more[move.from_id] = more.get(move.from_id, 0) - case.points_now
        more[move.to_id] = more.get(move.to_id, 0) + case.points
        gives[move.from_id] = gives.get(move.from_id, 0) + 1
        gets[move.to_id] = gets.get(move.to_id, 0) + 1
    changed = [
        WorkloadChange(
            officer_id=load.officer_id,
            name=load.name,
            before=load.workload,
            after=share(load.points + more[load.officer_id], load.capacity),
            gives=gives.get(load.officer_id, 0),
            gets=gets.get(load.officer_id, 0),
        )
        for load in loads
        if load.officer_id in more
    ]
    return tuple(sorted(changed, key=lambda change: (-change.gets, change.name)))


def _cases(
    connection: Connection, person: Person, refs: Iterable[str], weights: Weights, today: date
) -> Mapping[str, _Case]:
    """Those of the references that the person may hand over, with what each weighs now and would with somebody new."""
    names = (VICTIMS.c.name.label("victim_name"), VICTIMS.c.born_on, PEOPLE.c.name.label("officer_name"))
    columns = (CASES.c.id, CASES.c.ref, CASES.c.officer_id, CASES.c.crime_type, CASES.c.status, *names)
    joined = CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id).join(PEOPLE, PEOPLE.c.id == CASES.c.officer_id)
    theirs = CASES.c.ref.in_(list(refs)) & visible_cases(person, Action.REASSIGN)
    rows = connection.execute(select(*columns).select_from(joined).where(theirs)).all()
    ids = [row.id for row in rows]
    duties, not_told = _points_of_duties(connection, ids, weights), _not_told(connection, ids)
    needs = _needs(connection, ids)
    lists = lists_of(connection, ids)
    found = {}
    for row in rows:
        is_child = row.born_on is not None and is_under_18(row.born_on, today)
        open_now = row.status == "open"
        points = duties.get(row.id, 0)
        case = CaseToShare(
            ref=row.ref,
            holder_id=row.officer_id,
            points_now=points + (weights.victim_not_told if open_now and row.id in not_told else 0),
            points=points + (weights.victim_not_told if open_now else 0),
            needs=needs.get(row.id, frozenset()) | ({Specialism.CHILD} if is_child else frozenset()),
            lists=lists.get(row.id, NO_LISTS),
        )
        found[row.ref] = (row, case)
    return found


def _points_of_duties(connection: Connection, case_ids: Sequence[int], weights: Weights) -> Mapping[int, int]:
    of_cases = text(OPEN_AND_COUNTED) & DUES.c.case_id.in_(case_ids)
    wanted = select(DUES.c.case_id, func.sum(points_of_duty(weights)).label("points")).where(of_cases)
    return {row.case_id: int(row.points) for row in connection.execute(wanted.group_by(DUES.c.case_id))}


def _not_told(connection: Connection, case_ids: Sequence[int]) -> frozenset[int]:
    of_cases = is_not_told() & ASSIGNMENTS.c.case_id.in_(case_ids)
    return frozenset(connection.execute(select(ASSIGNMENTS.c.case_id).where(of_cases)).scalars())


def _held_before(connection: Connection, case_ids: Sequence[int]) -> Mapping[tuple[int, str], datetime]:
    """Until when each officer held each case who holds it no more."""
    ended = ASSIGNMENTS.c.case_id.in_(case_ids) & ASSIGNMENTS.c.until_at.is_not(None)
    wanted = select(ASSIGNMENTS.c.case_id, ASSIGNMENTS.c.officer_id, ASSIGNMENTS.c.until_at).where(ended)
    rows = connection.execute(wanted.order_by(ASSIGNMENTS.c.until_at))
    return {(row.case_id, row.officer_id): row.until_at for row in rows}


def _needs(connection: Connection, case_ids: Sequence[int]) -> Mapping[int, frozenset[Specialism]]:
    """What each case needed of its officer when it was recorded, as far as that was said."""
    assigned = (EVENTS.c.kind == EventKind.OFFICER_ASSIGNED.value) & EVENTS.c.case_id.in_(case_ids)
    needs: dict[int, frozenset[Specialism]] = {}
    for row in connection.execute(select(EVENTS.c.case_id, EVENTS.c.details).where(assigned)):
        said = needs_said(str(json.loads(row.details or "{}").get("why", "")))
        needs[row.case_id] = needs.get(row.case_id, frozenset()) | said
    return needs
