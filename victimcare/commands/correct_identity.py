"""Correct what is known of a victim: the old is kept, and what follows for their tier goes into the journey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection

from victimcare.commands.contact_access import note_change
from victimcare.commands.record_event import NewEvent, open_for, record_event
from victimcare.domain.calendar import london_date
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.identity import BORN_ON, FIELDS, Identity, TierPutRight, differing, tiers_put_right
from victimcare.domain.journey import Correction, Moment, Value
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.store import cases, identities, notes
from victimcare.store.cases import CaseChanged
from victimcare.store.identities import Corrected
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class IdentityPutRight:
    """What is right, why it was wrong (a code of `WHY_CORRECTED`), since when where it changed, and words on it."""

    right: Identity
    reason: str
    changed_on: date | None = None
    note: str = field(default="", repr=False)


def identity_events(
    connection: Connection, *, ref: str, put_right: IdentityPutRight, now: datetime, law: Law
) -> list[NewEvent]:
    """The events that the correction is, first that it was made. Raises `NoSuchCase`, `NothingCorrected`."""
    return _events(connection, cases.look_at(connection, ref), put_right, now, law)


def correct_identity(
    connection: Connection,
    *,
    ref: str,
    put_right: IdentityPutRight,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
    seen_version: int | None = None,
) -> str:
    """Correct it and return the key of the event that says so.

    Raises `NothingCorrected` and what `record_event` raises.
    """
    stored = open_for(connection, ref, by, Action.RECORD_EVENT)
    if seen_version is not None and seen_version != stored.case.version:
        raise CaseChanged(ref)
    first, *more = _events(connection, stored, put_right, now, law)
    key = record_event(connection, ref=ref, event=first, by=by, now=now, law=law)
    for event in more:
        record_event(connection, ref=ref, event=event, by=by, now=now, law=law)
    told = notes.what_tells_location(connection, case_id=stored.id, words=put_right.note, vault=vault)
    identities.correct(
        connection,
        victim_id=stored.victim_id,
        corrected=Corrected(identities.known(connection, stored.victim_id), put_right.right, put_right.note),
        event_key=key,
        contains_location=bool(told),
        by=by.id,
        at=now,
        vault=vault,
    )
    note_change(connection, stored, what="correct identity", by=by, now=now)
    return key


def _events(
    connection: Connection, stored: cases.StoredCase, put_right: IdentityPutRight, now: datetime, law: Law
) -> list[NewEvent]:
    what = differing(identities.known(connection, stored.victim_id), put_right.right)
    if not what:
        raise NothingCorrected
    words = ", ".join(FIELDS[name].lower() for name in what)
    details: dict[str, Value] = {"what": words, "reason": put_right.reason}
    if put_right.changed_on:
        details["changed_on"] = put_right.changed_on
    happened = Moment.instant(now)
    events = [NewEvent(EventKind.VICTIM_CORRECTED, happened, details=details)]
    if BORN_ON in what:
        edition = law.code.on(london_date(now))
        tiers = tiers_put_right(
            stored.case.journey.chains().values(),
            edition.grounds,
            default_tier=edition.default_tier,
            born_on=put_right.right.born_on,
            today=london_date(now),
        )
        events += [_event(tier, happened) for tier in tiers]
    return events


def _event(tier: TierPutRight, now: Moment) -> NewEvent:
    found: Mapping[str, Value] = tier.details()
    event = NewEvent(EventKind.NEEDS_ASSESSED, now, details=found)
    if tier.corrects is None:
        return event
    was = tier.corrects
    return replace(event, happened=was.current.happened, corrects=was.versions[-1], correction=Correction.AMENDS)


class NothingCorrected(ValueError):
    """What is said to be right is what was known."""

    def __init__(self) -> None:
        super().__init__("nothing is different from what is known: put it right below")
