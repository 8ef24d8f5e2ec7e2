"""Legal holds in the database: for which cases nothing may be disposed of, and why, in sealed words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select, text, update

from victimcare.domain.people import Person
from victimcare.store.sealed_words import add_sealed, opened_from, sealed_in
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import STANDING_HOLD, LegalHold
from victimcare.store.vault import Vault

HOLDS = LegalHold.__table__  # type: ignore[attr-defined]
_REASON, _WHY_LIFTED = HOLDS.c.sealed_reason, HOLDS.c.sealed_lifted_reason
STANDING = select(HOLDS.c.case_id).where(text(STANDING_HOLD))
"""The ids of the cases that must stay."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold that stands: who placed it, when."""

    id: int
    placed_by: str
    placed_at: datetime
    sealed_reason: bytes = field(repr=False)

    def reason(self, vault: Vault) -> str:
        """Why. Raises `DoesNotOpen`."""
        return opened_from(_REASON, self.id, self.sealed_reason, vault)


def current(connection: Connection, case_id: int) -> Hold | None:
    """The hold of this case, if there is one now."""
    joined = HOLDS.join(PEOPLE, PEOPLE.c.id == HOLDS.c.placed_by)
    columns = (HOLDS.c.id, PEOPLE.c.name, HOLDS.c.placed_at, _REASON)
    wanted = select(*columns).select_from(joined).where(HOLDS.c.case_id == case_id, text(STANDING_HOLD))
    row = connection.execute(wanted).first()
    return Hold(*row) if row else None


def place(connection: Connection, *, case_id: int, reason: str, by: Person, now: datetime, vault: Vault) -> None:
    """Hold a case that is not held now."""
    values = {"case_id": case_id, "placed_by": by.id, "placed_at": now}
    add_sealed(connection, HOLDS, values, column=_REASON, words=reason, vault=vault)


def lift(connection: Connection, hold: Hold, *, reason: str, by: Person, now: datetime, vault: Vault) -> None:
    """End the hold."""
    why = sealed_in(_WHY_LIFTED, hold.id, reason, vault)
    lifted = {"lifted_by": by.id, "lifted_at": now, "sealed_lifted_reason": why}
    connection.execute(update(HOLDS).where(HOLDS.c.id == hold.id).values(lifted))
