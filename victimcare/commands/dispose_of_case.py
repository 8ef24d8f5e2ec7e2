"""Decide what becomes of a case that is due, undo that while it can be, and hold a case whatever the rules say."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.contact_access import note_change
from victimcare.commands.record_event import open_for
from victimcare.domain.calendar import london_date
from victimcare.domain.people import Action, CaseHolder, Person, may
from victimcare.domain.retention import Finding, RetentionPolicy, review
from victimcare.store import audit, case_lists, disposals, kept_records, legal_holds
from victimcare.store.cases import StoredCase
from victimcare.store.disposals import NoSuchDisposal
from victimcare.store.vault import Vault


def dispose_of_case(
    connection: Connection, *, ref: str, reason: str, policy: RetentionPolicy, by: Person, now: datetime, vault: Vault
) -> None:
    """Take the case away from everybody; after the days in which it can be undone it is erased.

    It is looked at again now: Raises `NoSuchCase`, `DisposalRefused`.
    """
    stored, disposal = _proposed(connection, ref, by)
    if by.id == stored.case.holder.officer_id:
        raise DisposalRefused("you are its case officer: somebody else must decide")
    if not is_due(connection, stored.id, policy, london_date(now)):
        raise DisposalRefused("it is not due any more: something was recorded, or it is held")
    today = london_date(now)
    erase_from_on = today + timedelta(days=policy.undo_days)
    how: dict[str, Any] = {"reason": reason, "by": by.id, "at": now, "vault": vault}
    disposals.decide(connection, disposal.id, state="disposed", erase_from_on=erase_from_on, **how)
    disposals.hide(connection, stored.id, today)
    note_change(connection, stored, what="dispose of case", by=by, now=now)


def keep_case(
    connection: Connection, *, ref: str, until_on: date, reason: str, by: Person, now: datetime, vault: Vault
) -> None:
    """Keep the case: it is proposed again from `until_on` on. Raises `NoSuchCase`, `DisposalRefused`."""
    stored, disposal = _proposed(connection, ref, by)
    if until_on <= london_date(now):
        raise DisposalRefused("choose a day after today")
    how: dict[str, Any] = {"reason": reason, "by": by.id, "at": now, "vault": vault}
    disposals.decide(connection, disposal.id, state="kept", kept_until_on=until_on, **how)
    note_change(connection, stored, what="keep case", by=by, now=now)


def undo_disposal(connection: Connection, *, disposal_id: int, by: Person, now: datetime) -> str:
    """Have the case back exactly as it was; its reference. Raises `NoSuchDisposal`."""
    row = disposals.load(connection, disposal_id)
    lists = case_lists.lists_of(connection, [row.case_id])[row.case_id]
    if row.state != "disposed" or not may(by, Action.REVIEW_RECORDS, CaseHolder(row.officer_id, row.team_id, lists)):
        raise NoSuchDisposal
    disposals.move(connection, disposal_id, "undone", ended_by=by.id, ended_at=now)
    disposals.hide(connection, row.case_id, None)
    what = {"operation": "alteration", "what": "undo disposal"}
    audit.write(connection, at=now, person=by, case_ids=[row.case_id], **what)
    return str(row.ref)


def place_hold(connection: Connection, *, ref: str, reason: str, by: Person, now: datetime, vault: Vault) -> None:
    """Keep the case whatever the rules say; what was proposed is so no more. Raises `NoSuchCase`, `HeldAlready`."""
    stored = open_for(connection, ref, by, Action.REVIEW_RECORDS)
    if legal_holds.current(connection, stored.id) is not None:
        raise HeldAlready
    proposed = disposals.standing_of(connection, stored.id, "proposed")
    if proposed is not None:
        disposals.move(connection, proposed.id, "lapsed", ended_by=by.id, ended_at=now)
    legal_holds.place(connection, case_id=stored.id, reason=reason, by=by, now=now, vault=vault)
    note_change(connection, stored, what="place legal hold", by=by, now=now)


def lift_hold(connection: Connection, *, ref: str, reason: str, by: Person, now: datetime, vault: Vault) -> None:
    """End the hold: the rules decide again. Raises `NoSuchCase`, `NotHeld`."""
    stored = open_for(connection, ref, by, Action.REVIEW_RECORDS)
    hold = legal_holds.current(connection, stored.id)
    if hold is None:
        raise NotHeld
    legal_holds.lift(connection, hold, reason=reason, by=by, now=now, vault=vault)
    note_change(connection, stored, what="lift legal hold", by=by, now=now)


def is_due(connection: Connection, case_id: int, policy: RetentionPolicy, today: date) -> bool:
    """Whether the rules still say so, of what is recorded now."""
    (case,) = kept_records.kept_records(connection, [case_id])
    return review(case.record, policy, today=today).finding is Finding.DUE


def _proposed(connection: Connection, ref: str, by: Person) -> tuple[StoredCase, Any]:
    stored = open_for(connection, ref, by, Action.REVIEW_RECORDS)
    disposal = disposals.standing_of(connection, stored.id, "proposed")
    if disposal is None:
        raise DisposalRefused("it is not proposed for disposal now")
    return stored, disposal


class DisposalRefused(RuntimeError):
    """The case cannot be disposed of, or kept, by this person now."""


class HeldAlready(RuntimeError):
    """The case has a hold."""

    def __init__(self) -> None:
        super().__init__("somebody placed a hold already")


class NotHeld(RuntimeError):
    """The case has no hold."""

    def __init__(self) -> None:
        super().__init__("there is no hold to lift")
