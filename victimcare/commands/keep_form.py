"""Keeping what somebody typed where their sign-in has ended, and giving it back to them after they signed in again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from victimcare.domain.people import Person
from victimcare.store import kept_forms
from victimcare.store.kept_forms import Kept
from victimcare.store.vault import Vault

__all__ = ["Kept", "NothingKept", "keep_form", "kept_for", "kept_form"]

KEPT_FOR = timedelta(hours=24)
_OF_A_CASE = re.compile(r"/cases/([^/?]*-[^/?]*)")
"""A reference has a hyphen, and the word in its place at other addresses (`/cases/search`) none."""
_NEVER = frozenset({"csrf_token", "form_key", "password", "new_password", "code"})


def keep_form(
    connection: Connection,
    *,
    path: str,
    typed: Mapping[str, Sequence[str]],
    person: Person,
    now: datetime,
    vault: Vault,
) -> str:
    """Keep it sealed, for a day, and return its id. Passwords and codes are not kept."""
    kept_forms.forget_before(connection, now - KEPT_FOR)
    words = {name: list(values) for name, values in typed.items() if name not in _NEVER}
    return kept_forms.add(connection, person_id=person.id, path=path, typed=words, at=now, vault=vault)


def kept_for(connection: Connection, *, kept_id: str, person: Person, now: datetime) -> str | None:
    """The reference of the case whose form it was; None for one of no case. Raises `NothingKept`, as `kept_form`."""
    path = kept_forms.path_of(connection, kept_id, person_id=person.id, since=now - KEPT_FOR)
    if path is None:
        raise NothingKept
    of_a_case = _OF_A_CASE.match(path)
    return of_a_case[1] if of_a_case else None


def kept_form(connection: Connection, *, kept_id: str, person: Person, now: datetime, vault: Vault) -> Kept:
    """What they typed. Raises `NothingKept`, also for what somebody else typed, and `DoesNotOpen`."""
    found = kept_forms.find(connection, kept_id, person_id=person.id, since=now - KEPT_FOR, vault=vault)
    if found is None:
        raise NothingKept
    return found


class NothingKept(LookupError):
    """Nothing is kept under this id for this person."""

    def __init__(self) -> None:
        super().__init__("what was typed is kept for a day, for whoever typed it")
