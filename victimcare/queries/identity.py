"""What was known of the victim of a case before it was corrected, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, select

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.identity import Identity, differing
from victimcare.domain.kinds.case import WHY_CORRECTED
from victimcare.domain.people import Action, Person
from victimcare.queries.scope import case_row
from victimcare.store import identities, protections
from victimcare.store.identities import CORRECTIONS
from victimcare.store.journeys import EVENTS, event_of
from victimcare.store.staff import PEOPLE
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class IdentityCorrected:
    """One correction: what it was and what it is. `changed_on` (London date) is set where it had been so until then.

    `note` is None where it tells a location that is protected from whoever asks.
    """

    at: datetime
    by: str
    why: str
    changed_on: date | None
    before: Identity = field(repr=False)
    after: Identity = field(repr=False)
    note: str | None = field(repr=False)

    @property
    def what(self) -> tuple[str, ...]:
        """The names of the fields that it put right."""
        return differing(self.before, self.after)


def identity_corrections(
    connection: Connection, *, person: Person, ref: str, vault: Vault
) -> tuple[IdentityCorrected, ...]:
    """Every correction of what is known of the victim of this case, the latest first.

    Raises `NoSuchCase`, `DoesNotOpen`.
    """
    case = case_row(connection, person, ref, Action.SEE_FILE)
    protection = protections.current(connection, case.id)
    withheld = protection is not None and protection.withholds_from(person)
    joined = CORRECTIONS.join(PEOPLE, PEOPLE.c.id == CORRECTIONS.c.recorded_by)
    columns = (CORRECTIONS, PEOPLE.c.name.label("by"))
    made = select(*columns).select_from(joined).where(CORRECTIONS.c.victim_id == case.victim_id)
    rows = connection.execute(made.order_by(CORRECTIONS.c.recorded_at.desc(), CORRECTIONS.c.id)).all()
    kind = EventKind.VICTIM_CORRECTED.value
    told = select(EVENTS).where(EVENTS.c.case_id == case.id, EVENTS.c.kind == kind)
    events = {row.key: event_of(row) for row in connection.execute(told)} if rows else {}
    found = []
    for row in rows:
        corrected, details = identities.opened(row.id, row.sealed, vault), events[row.event_key].details
        changed_on = details.get("changed_on")
        found.append(
            IdentityCorrected(
                at=row.recorded_at,
                by=row.by,
                why=WHY_CORRECTED.get(str(details["reason"]), str(details["reason"])),
                changed_on=changed_on if isinstance(changed_on, date) else None,
                before=corrected.before,
                after=corrected.after,
                note=None if withheld and row.contains_location else corrected.note,
            )
        )
    return tuple(found)
