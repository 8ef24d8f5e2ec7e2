"""Hand cases over to another case officer: each case whole or not at all, every refusal with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import NewEvent, open_for, record_event
from victimcare.domain.allocation import Candidate
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Moment
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.store import cases, staff
from victimcare.store.cases import NoSuchCase
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Reassignment:
    """What became of each case: reassigned references, and refused ones with the reason."""

    to_officer_id: str
    reassigned: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


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
    happened = Moment.instant(now)
    candidate = who_takes(connection, to_officer_id, by=by, today=happened.on)
    details = {"officer": candidate.officer_id, "team": candidate.team_id}
    reassigned, refused = [], []
    for ref in sorted(set(refs)):
        try:
            stored = open_for(connection, ref, by, Action.REASSIGN)
            holder = stored.case.holder.officer_id
            if holder == to_officer_id:
                refused.append((ref, "this officer already holds the case"))
                continue
            if stored.holder.lists is None or stored.holder.lists.bars(to_officer_id):
                refused.append((ref, "this officer is kept from the case: see who may see it"))
                continue
            if (seen_officers or {}).get(ref, holder) != holder:
                refused.append((ref, "somebody else handed it over while you were choosing"))
                continue
            event = NewEvent(EventKind.OFFICER_ASSIGNED, happened, details=details)
            record_event(connection, ref=ref, event=event, by=by, now=now, law=law)
            cases.note_why(connection, stored.id, why, vault)
            reassigned.append(ref)
        except NoSuchCase as refusal:
            refused.append((ref, str(refusal)))
    return Reassignment(to_officer_id, tuple(reassigned), tuple(refused))


def who_takes(connection: Connection, officer_id: str, *, by: Person, today: date) -> Candidate:
    """The officer as somebody whom `by` may hand cases to on `today` (London date). Raises `CannotTakeCases`."""
    found = next(iter(staff.candidates(connection, today=today, officer_ids=[officer_id])), None)
    if found is None or not found.present or (by.team_id and found.team_id != by.team_id):
        raise CannotTakeCases(officer_id)
    return found


class CannotTakeCases(ValueError):
    """The officer chosen cannot take cases now."""

    def __init__(self, officer_id: str) -> None:
        self.officer_id = officer_id
        super().__init__("that officer cannot take cases now: choose somebody of your team who is present")
