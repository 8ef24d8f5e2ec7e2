"""Hand cases over to another case officer: each case whole or not at all, every refusal with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import NewEvent, open_for, record_event
from victimcare.domain import hand_over
from victimcare.domain.allocation import Candidate
from victimcare.domain.calendar import london_date
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Moment
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.editions.workload import published_weights
from victimcare.store import cases, staff
from victimcare.store.cases import NoSuchCase
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Reassignment:
    """What became of each case: reassigned references, and refused ones with the reason."""

    to_officer_id: str
    reassigned: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SharedOut:
    """The same of cases that went to several: each reassigned reference with who took the case."""

    reassigned: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, str], ...]

    @property
    def by_officer(self) -> Mapping[str, int]:
        """How many each took, by their ids in order."""
        return dict(sorted(Counter(officer_id for _, officer_id in self.reassigned).items()))


def reassign_cases(
    connection: Connection,
    *,
    refs: Sequence[str],
    to_officer_id: str,
    why: str,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
    seen_officers: Mapping[str, str] | None = None,
) -> Reassignment:
    """Assign each case to the officer. Raises `CannotTakeCases` when they are away, inactive or in another team.

    `why` is kept with the assignment, sealed, and is no part of the journey. `seen_officers` is who held each case, by
    reference, when `by` chose it: one that has changed hands is refused.
    """
    who_takes(connection, to_officer_id, by=by, today=london_date(now))
    takers = dict.fromkeys(refs, to_officer_id)
    how = _How(why, by, now, law, vault, seen_officers or {})
    done = _hand_over(connection, takers, how)
    return Reassignment(to_officer_id, tuple(ref for ref, _ in done.reassigned), done.refused)


def share_out_cases(
    connection: Connection,
    *,
    takers: Mapping[str, str],
    why: str,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
    seen_officers: Mapping[str, str],
) -> SharedOut:
    """Assign each case, by its reference, to an officer of its own, as `reassign_cases`; who is away now takes none."""
    return _hand_over(connection, takers, _How(why, by, now, law, vault, seen_officers))


@dataclass(frozen=True, slots=True)
class _How:
    why: str
    by: Person
    now: datetime
    law: Law
    vault: Vault
    seen_officers: Mapping[str, str]


def _hand_over(connection: Connection, takers: Mapping[str, str], how: _How) -> SharedOut:
    """In the order of the references, whoever takes them: two who do this at once never wait for each other."""
    candidates = {one: _candidate(connection, one, how) for one in sorted(set(takers.values()))}
    reassigned, refused = [], []
    for ref, taker_id in sorted(takers.items()):
        candidate = candidates[taker_id]
        try:
            stored = open_for(connection, ref, how.by, Action.REASSIGN)
        except NoSuchCase as refusal:
            refused.append((ref, str(refusal)))
            continue
        why_not = (
            hand_over.CANNOT_TAKE
            if candidate is None
            else hand_over.refusal(
                holder_id=stored.case.holder.officer_id,
                taker_id=taker_id,
                lists=stored.holder.lists,
                seen_holder_id=how.seen_officers.get(ref),
            )
        )
        if candidate is None or why_not is not None:
            refused.append((ref, str(why_not)))
            continue
        _assign(connection, stored, candidate, how)
        reassigned.append((ref, taker_id))
    return SharedOut(tuple(reassigned), tuple(refused))


def _assign(connection: Connection, stored: cases.StoredCase, candidate: Candidate, how: _How) -> None:
    details = {"officer": candidate.officer_id, "team": candidate.team_id}
    event = NewEvent(EventKind.OFFICER_ASSIGNED, Moment.instant(how.now), details=details)
    record_event(connection, ref=stored.case.ref, event=event, by=how.by, now=how.now, law=how.law)
    cases.note_why(connection, stored.id, how.why, how.vault)


def _candidate(connection: Connection, officer_id: str, how: _How) -> Candidate | None:
    try:
        return who_takes(connection, officer_id, by=how.by, today=london_date(how.now))
    except CannotTakeCases:
        return None


def who_takes(connection: Connection, officer_id: str, *, by: Person, today: date) -> Candidate:
    """The officer as somebody whom `by` may hand cases to on `today` (London date). Raises `CannotTakeCases`."""
    if not staff.goes_on_working(connection, officer_id):
        raise CannotTakeCases(officer_id)
    found = next(
        iter(staff.candidates(connection, today=today, weights=published_weights(), officer_ids=[officer_id])), None
    )
    if found is None or not found.present or (by.team_id and found.team_id != by.team_id):
        raise CannotTakeCases(officer_id)
    return found


class CannotTakeCases(ValueError):
    """The officer chosen cannot take cases now."""

    def __init__(self, officer_id: str) -> None:
        self.officer_id = officer_id
        super().__init__(hand_over.CANNOT_TAKE)
