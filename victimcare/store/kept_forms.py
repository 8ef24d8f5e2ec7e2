"""What people had typed when their sign-in had ended: sealed, theirs alone, and for a day."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, true

from victimcare.store.sealed_words import opened_from, sealed_in
from victimcare.store.tables import KeptForm
from victimcare.store.vault import Vault

_KEPT = KeptForm.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent: where to, and what was typed."""

    path: str
    typed: Mapping[str, Sequence[str]] = field(repr=False)


def add(
    connection: Connection, *, person_id: str, path: str, typed: Mapping[str, Sequence[str]], at: datetime, vault: Vault
) -> str:
    """Keep it, and return its id."""
    kept_id = secrets.token_urlsafe(16)
    sealed = sealed_in(_KEPT.c.sealed, kept_id, json.dumps(typed), vault)
    connection.execute(insert(_KEPT).values(id=kept_id, person_id=person_id, path=path, sealed=sealed, kept_at=at))
    return kept_id


def find(connection: Connection, kept_id: str, *, person_id: str, since: datetime, vault: Vault) -> Kept | None:
    """The form, where it is this person's and was kept since then. Raises `DoesNotOpen`."""
    theirs = (_KEPT.c.id == kept_id) & (_KEPT.c.person_id == person_id) & (_KEPT.c.kept_at > since)
    row = connection.execute(select(_KEPT).where(theirs)).first()
    return Kept(row.path, json.loads(opened_from(_KEPT.c.sealed, row.id, row.sealed, vault))) if row else None


def path_of(connection: Connection, kept_id: str, *, person_id: str, since: datetime) -> str | None:
    """Where it was to be sent, where it is this person's and was kept since then."""
    theirs = (_KEPT.c.id == kept_id) & (_KEPT.c.person_id == person_id) & (_KEPT.c.kept_at > since)
    return connection.execute(select(_KEPT.c.path).where(theirs)).scalar_one_or_none()


def forget_before(connection: Connection, before: datetime) -> None:
    """Forget what nobody came back for."""
    connection.execute(delete(_KEPT).where(_KEPT.c.kept_at <= before))


def forget_of_case(connection: Connection, ref: str, *, person_id: str | None = None) -> None:
    """Forget what was typed about a case, by this person or by everybody: it is not for them any more."""
    of_case = (_KEPT.c.path == f"/cases/{ref}") | _KEPT.c.path.startswith(f"/cases/{ref}/", autoescape=True)
    by_them = true() if person_id is None else _KEPT.c.person_id == person_id
    connection.execute(delete(_KEPT).where(of_case, by_them))
