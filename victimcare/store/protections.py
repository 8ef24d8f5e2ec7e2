"""Protected locations: for which cases nobody but a custodian may learn where the victim can be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, select, text, update

from victimcare.domain.people import Action, CaseHolder, Person, may
from victimcare.store import staff
from victimcare.store.sealed_words import add_sealed, opened_from, sealed_in
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import STILL_PROTECTED, LocationProtection
from victimcare.store.vault import Vault

PROTECTIONS = LocationProtection.__table__  # type: ignore[attr-defined]
_REASON, _WHY_LIFTED = PROTECTIONS.c.sealed_reason, PROTECTIONS.c.sealed_lifted_reason


@dataclass(frozen=True, slots=True)
class Protection:
    """A protection that holds now: who alone may open contact details, why, and since when."""

    id: int
    custodian_id: str
    custodian_name: str
    set_by: str
    sealed_reason: bytes = field(repr=False)
    set_at: datetime

    def withholds_from(self, person: Person) -> bool:
        """Whether this person may not learn where the victim is: everybody but the custodian, whatever their role."""
        return person.id != self.custodian_id

    def reason(self, vault: Vault) -> str:
        """Why it is protected. Raises `DoesNotOpen`."""
        return opened_from(_REASON, self.id, self.sealed_reason, vault)


def current(connection: Connection, case_id: int) -> Protection | None:
    """The protection of this case, if there is one now."""
    row = connection.execute(_CURRENT, {"of_case": case_id}).first()
    return Protection(*row) if row else None


_CURRENT = (
    select(PROTECTIONS.c.id, PROTECTIONS.c.custodian_id, PEOPLE.c.name, PROTECTIONS.c.set_by, _REASON)
    .add_columns(PROTECTIONS.c.set_at)
    .select_from(PROTECTIONS.join(PEOPLE, PEOPLE.c.id == PROTECTIONS.c.custodian_id))
    .where(PROTECTIONS.c.case_id == bindparam("of_case"), text(STILL_PROTECTED))
)
"""Made once: it is asked with nearly every page of a case."""


def custodians_of(connection: Connection, case_ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """Of those of these cases whose location is protected now, the custodian: id and name."""
    joined = PROTECTIONS.join(PEOPLE, PEOPLE.c.id == PROTECTIONS.c.custodian_id)
    columns = (PROTECTIONS.c.case_id, PEOPLE.c.id, PEOPLE.c.name)
    of_these = PROTECTIONS.c.case_id.in_(case_ids) & PROTECTIONS.c.lifted_at.is_(None)
    rows = connection.execute(select(*columns).select_from(joined).where(of_these))
    return {row.case_id: (row.id, row.name) for row in rows}


def may_change(connection: Connection, protection: Protection, *, by: Person, holder: CaseHolder, today: date) -> bool:
    """Whether `by`, who may protect locations, may name another custodian of this case or end it, on a London date.

    The custodian may, and whoever protected it. Another only where the custodian cannot be asked: they are away, work
    here no longer, or do not reach the case any more.
    """
    if by.id in (protection.custodian_id, protection.set_by):
        return True
    them = staff.person(connection, protection.custodian_id)
    reach_it = staff.works_cases(connection, them.id) and may(them, Action.KEEP_CONTACT_DETAILS, holder)
    away = staff.is_away(connection, them.id, from_on=today, until_on=today + timedelta(days=1))
    return away or not reach_it


def begin(
    connection: Connection, *, case_id: int, custodian_id: str, reason: str, by: Person, now: datetime, vault: Vault
) -> None:
    """Protect the location of a case that has no protection now."""
    values = {"case_id": case_id, "custodian_id": custodian_id, "set_by": by.id, "set_at": now}
    add_sealed(connection, PROTECTIONS, values, column=_REASON, words=reason, vault=vault)


def end(connection: Connection, *, case_id: int, reason: str, by: Person, now: datetime, vault: Vault) -> None:
    """End the protection that holds now, if there is one."""
    protection = current(connection, case_id)
    if protection is not None:
        why = sealed_in(_WHY_LIFTED, protection.id, reason, vault)
        lifted = {"lifted_by": by.id, "lifted_at": now, "sealed_lifted_reason": why}
        connection.execute(update(PROTECTIONS).where(PROTECTIONS.c.id == protection.id).values(lifted))
