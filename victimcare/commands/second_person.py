"""Decisions that take two people: nobody agrees what they asked for themselves, or what they hold."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from victimcare.domain.case import EventRefused
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, DutyNamed, Journey
from victimcare.domain.people import Person, Role
from victimcare.store import cases
from victimcare.store.journeys import recorders_of

_ASKED_BY_THEMSELVES = "you asked for this yourself: somebody else must decide"
_HELD_BY_THEMSELVES = "you are the case officer of this case: somebody else must decide"


def refuse_own_decision(
    connection: Connection,
    stored: cases.StoredCase,
    *,
    kind: EventKind,
    duties: Sequence[DutyNamed],
    correction: Correction | None,
    by: Person,
) -> None:
    """Raise `EventRefused` where `by` would agree alone. What the system records, others have decided elsewhere."""
    if by.role is Role.SYSTEM or correction is Correction.NEVER_HAPPENED:
        return
    if kind is EventKind.VERDICT_DECIDED:
        if by.id == stored.case.holder.officer_id:
            raise EventRefused(kind, "verdict", _HELD_BY_THEMSELVES)
        return
    if kind is EventKind.GOOD_REASON_AGREED:
        requests = _requests_for(duties, stored.case.journey)
    elif kind is EventKind.CASE_VOIDED:
        requests = {e.key for e in stored.case.journey.events if e.kind is EventKind.CASE_VOID_REQUESTED}
    else:
        return
    if not requests:
        raise EventRefused(kind, "decision", "nobody has asked for this")
    if by.id in {asker for key, asker in recorders_of(connection, stored.id).items() if key in requests}:
        raise EventRefused(kind, "decision", _ASKED_BY_THEMSELVES)
    if by.id == stored.case.holder.officer_id:
        raise EventRefused(kind, "decision", _HELD_BY_THEMSELVES)


def _requests_for(duties: Sequence[DutyNamed], journey: Journey) -> set[str]:
    """Every request for a good reason that names one of these duties, in whatever version."""
    root_of = {version: chain.key for chain in journey.chains().values() for version in chain.versions}
    decided = {(duty.rule, root_of.get(duty.start)) for duty in duties}
    return {
        recorded.key
        for recorded in journey.events
        if recorded.kind is EventKind.GOOD_REASON_REQUESTED
        for duty in recorded.duties
        if (duty.rule, root_of.get(duty.start)) in decided
    }
