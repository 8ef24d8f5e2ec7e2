"""Say that one is connected to a party of a case: from that moment it does not exist for whoever said so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.keep_out import give_up, keep_out_of_others
from victimcare.commands.record_event import CaseChanged, open_for
from victimcare.domain.law import Law
from victimcare.domain.people import Action, Person
from victimcare.store import audit, cases
from victimcare.store.vault import Vault


def declare_conflict(
    connection: Connection,
    *,
    ref: str,
    reason: str,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
    of_crime: bool = False,
    seen_version: int | None = None,
) -> None:
    """Exclude `by` themselves; a case that they hold goes to the supervisor on duty, to be handed on.

    With `of_crime` from every victim's case of it, whether or not they could see those: they are told of none.
    If a restricted case has no supervisor left who may hold it, one who is on duty is named on it.
    Raises `NoSuchCase`, `CaseChanged`, `ListRefused` where nobody at all could hold the case.
    """
    if of_crime:
        cases.load_with_crime(connection, ref)  # locked in their order
    stored = open_for(connection, ref, by, Action.DECLARE_CONFLICT)
    if seen_version is not None and seen_version != stored.case.version:
        raise CaseChanged(ref)
    give_up(connection, stored, by.id, reason=reason, by=by, now=now, law=law, vault=vault)
    audit.write(connection, at=now, operation="alteration", what="declare conflict", person=by, case_ids=[stored.id])
    if of_crime:
        keep_out_of_others(connection, stored, by.id, by=by, now=now, law=law, vault=vault)
