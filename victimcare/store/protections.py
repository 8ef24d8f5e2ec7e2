"""Protected locations: for which cases nobody but a custodian may learn where the victim can be found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, text

from victimcare.domain.people import Person
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import STILL_PROTECTED, LocationProtection

PROTECTIONS = LocationProtection.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Protection:
    """A protection that holds now: who alone may open contact details, why, and since when."""

    custodian_id: str
    custodian_name: str
    reason: str
    set_at: datetime

    def withholds_from(self, person: Person) -> bool:
        """Whether this person may not learn where the victim is: everybody but the custodian, whatever their role."""
        return person.id != self.custodian_id


def current(connection: Connection, case_id: int) -> Protection | None:
    """The protection of this case, if there is one now."""
    columns = (PROTECTIONS.c.custodian_id, PEOPLE.c.name, PROTECTIONS.c.reason, PROTECTIONS.c.set_at)
    joined = PROTECTIONS.join(PEOPLE, PEOPLE.c.id == PROTECTIONS.c.custodian_id)
    wanted = select(*columns).select_from(joined).where(PROTECTIONS.c.case_id == case_id, text(STILL_PROTECTED))
    row = connection.execute(wanted).first()
    return Protection(*row) if row else None


def begin(connection: Connection, *, case_id: int, custodian_id: str, reason: str, by: Person, now: datetime) -> None:
    """Protect the location of a case that has no protection now."""
    values = {"case_id": case_id, "custodian_id": custodian_id, "reason": reason, "set_by": by.id, "set_at": now}
    connection.execute(insert(PROTECTIONS).values(**values))


def end(connection: Connection, *, case_id: int, reason: str, by: Person, now: datetime) -> None:
    """End the protection that holds now, if there is one."""
    mine = PROTECTIONS.update().where(PROTECTIONS.c.case_id == case_id, text(STILL_PROTECTED))
    connection.execute(mine.values(lifted_by=by.id, lifted_at=now, lifted_reason=reason))
