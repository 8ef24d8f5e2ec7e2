"""Who a victim is, in the database: what is known now in plain, what was known before sealed."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from victimcare.domain.identity import Identity
from victimcare.store import victim_names
from victimcare.store.cases import VICTIMS, victim_row
from victimcare.store.tables import IdentityCorrection
from victimcare.store.vault import DoesNotOpen, Vault

CORRECTIONS = IdentityCorrection.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was known of a victim before a correction and after it, and the note on it."""

    before: Identity = field(repr=False)
    after: Identity = field(repr=False)
    note: str = field(repr=False)


def known(connection: Connection, victim_id: int) -> Identity:
    """What is known of the victim now."""
    row = connection.execute(select(VICTIMS).where(VICTIMS.c.id == victim_id)).one()
    return Identity(row.name, row.born_on, row.basis, row.language)


def correct(
    connection: Connection,
    *,
    victim_id: int,
    corrected: Corrected,
    event_key: str,
    contains_location: bool,
    by: str,
    at: datetime,
    vault: Vault,
) -> None:
    """Know of the victim what is right, and keep what it was."""
    right = corrected.after
    victim_names.rename(connection, victim_id, before=corrected.before.name, after=right.name, vault=vault)
    row = victim_row(name=right.name, born_on=right.born_on, basis=right.basis, language=right.language)
    connection.execute(update(VICTIMS).where(VICTIMS.c.id == victim_id).values(row))
    correction_id = secrets.token_hex(8)
    values = {
        "id": correction_id,
        "victim_id": victim_id,
        "event_key": event_key,
        "sealed": vault.seal(_packed(corrected), row_id=_row(correction_id)),
        "contains_location": contains_location,
        "recorded_by": by,
        "recorded_at": at,
    }
    connection.execute(insert(CORRECTIONS).values(values))


def opened(correction_id: str, sealed: bytes, vault: Vault) -> Corrected:
    """What a row of `identity_correction` has sealed. Raises `DoesNotOpen`."""
    words = json.loads(vault.open(sealed, row_id=_row(correction_id)))
    return Corrected(_identity(words["before"]), _identity(words["after"]), words["note"])


def former_names(connection: Connection, vault: Vault) -> dict[int, list[str]]:
    """By victim, the names that were corrected, the oldest first; none of a correction that does not open."""
    found: dict[int, list[str]] = {}
    for row in connection.execute(select(CORRECTIONS).order_by(CORRECTIONS.c.recorded_at)):
        try:
            corrected = opened(row.id, row.sealed, vault)
        except DoesNotOpen:
            continue
        if corrected.before.name and corrected.before.name != corrected.after.name:
            found.setdefault(row.victim_id, []).append(corrected.before.name)
    return found


def _row(correction_id: str) -> str:
    return f"{correction_id}:identity"


def _packed(corrected: Corrected) -> str:
    both = {"before": _plain(corrected.before), "after": _plain(corrected.after)}
    return json.dumps({**both, "note": corrected.note})


def _plain(identity: Identity) -> dict[str, str | None]:
    born_on = identity.born_on.isoformat() if identity.born_on else None
    return {"name": identity.name, "born_on": born_on, "basis": identity.basis, "language": identity.language}


def _identity(plain: dict[str, str | None]) -> Identity:
    born_on = date.fromisoformat(plain["born_on"]) if plain["born_on"] else None
    return Identity(plain["name"], born_on, plain["basis"] or "", plain["language"] or "")
