"""Keep who works here: add somebody, change what they are, stop and allow their signing in, note that they left.

Whatever changes what somebody may see ends all their sign-ins in the same transaction.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.invite import invite
from victimcare.domain.calendar import london_date
from victimcare.domain.people import Action, Person, Role, may
from victimcare.domain.position import ACCESS_GIVEN, Held, Position, PositionRefused
from victimcare.store import accounts, audit, outbox, services, sign_ins, staff, staffing
from victimcare.store.vault import Vault

GATHERED_FOR = timedelta(hours=1)
"""So long what is told of a newcomer waits for others, so that a force that begins is no flood of mails. Who had signed
in here before, or is something else from now on, is told of at once, with all that waits."""


def add_person(
    connection: Connection, *, name: str, email: str | None, position: Position, by: Person, now: datetime
) -> str:
    """Add somebody and return their id: they are then given a secret to sign in with. Raises `PositionRefused`."""
    _check_keeper(by)
    _check_team(connection, position)
    person_id = staffing.add_person(connection, name=name, email=email, position=position)
    _note(connection, "collection", "add person", person_id, by=by, now=now)
    return person_id


def change_person(
    connection: Connection,
    *,
    person_id: str,
    name: str,
    email: str | None,
    position: Position,
    seen: str,
    by: Person,
    now: datetime,
) -> None:
    """Write what somebody is from now on; another role or another team ends their sign-ins.

    Raises `NoSuchPerson`, `PersonChanged`, `PositionRefused`, `StillHolds`, `LastAdministrator`.
    """
    _check_keeper(by)
    row = _seen_row(connection, person_id, seen)
    _check_team(connection, position)
    new = (position.role.value, position.team_id, position.service_id, position.areas)
    moved = (row.role, row.team_id, row.service_id, staff.areas_of(row.areas)) != new
    if moved:
        _check_hands_empty(connection, person_id, now)
        if position.role is not Role.ADMINISTRATOR:
            _check_not_last(connection, person_id)
        _check_not_themselves(person_id, by)
    staffing.change_person(connection, person_id, {"name": name, "email": email, **staffing.position_row(position)})
    if moved:
        sign_ins.end_sessions_of(connection, person_id)
        _tell_of_access(connection, person_id, by=by, now=now)
    _note(connection, "alteration", "change role or team of" if moved else "change person", person_id, by=by, now=now)


def give_secret(connection: Connection, *, person_id: str, by: Person, now: datetime, vault: Vault) -> str:
    """A one-time secret with which they set up password and second factor, new or again: until then nothing signs
    them in, and every sign-in of theirs ends.

    Raises `NoSuchPerson`, `HasLeft`.
    """
    _check_keeper(by)
    if not staffing.row_of(connection, person_id).active:
        raise HasLeft
    is_new = not accounts.had_account(connection, person_id)
    accounts.forget_factors(connection, person_id)
    sign_ins.end_sessions_of(connection, person_id)
    _tell_of_access(connection, person_id, by=by, now=now, waits=GATHERED_FOR if is_new else timedelta())
    return invite(connection, person_id=person_id, by=by, now=now, vault=vault)


def stop_signing_in(connection: Connection, *, person_id: str, by: Person, now: datetime) -> None:
    """At once they can do nothing here; their cases stay theirs. Raises `NoSuchPerson`, `LastAdministrator`."""
    _check_keeper(by)
    staffing.row_of(connection, person_id)
    _check_not_last(connection, person_id)
    accounts.set_disabled(connection, person_id, disabled=True)
    accounts.forget_invitations(connection, person_id)
    sign_ins.end_sessions_of(connection, person_id)
    _note(connection, "access", "stop signing in of", person_id, by=by, now=now)


def allow_signing_in(connection: Connection, *, person_id: str, by: Person, now: datetime) -> None:
    """They sign in again as before. Raises `NoSuchPerson`."""
    _check_keeper(by)
    staffing.row_of(connection, person_id)
    accounts.set_disabled(connection, person_id, disabled=False)
    _note(connection, "access", "allow signing in of", person_id, by=by, now=now)


def end_sign_ins(connection: Connection, *, person_id: str, by: Person, now: datetime) -> None:
    """End every sign-in of theirs, at once and wherever it is. Raises `NoSuchPerson`."""
    _check_keeper(by)
    staffing.row_of(connection, person_id)
    sign_ins.end_sessions_of(connection, person_id)
    _note(connection, "access", "end all sign-ins of", person_id, by=by, now=now)


def note_left(connection: Connection, *, person_id: str, by: Person, now: datetime) -> None:
    """They work here no more. Raises `NoSuchPerson`, `StillHolds`, `LastAdministrator`."""
    stop_signing_in(connection, person_id=person_id, by=by, now=now)
    _check_hands_empty(connection, person_id, now)
    staffing.change_person(connection, person_id, {"active": False})
    _note(connection, "alteration", "note that they left:", person_id, by=by, now=now)


def note_returned(connection: Connection, *, person_id: str, by: Person, now: datetime) -> None:
    """They work here again, and are given a new secret before they sign in. Raises `NoSuchPerson`."""
    _check_keeper(by)
    staffing.row_of(connection, person_id)
    staffing.change_person(connection, person_id, {"active": True})
    accounts.forget_factors(connection, person_id)
    accounts.set_disabled(connection, person_id, disabled=False)
    _note(connection, "alteration", "note that they are back:", person_id, by=by, now=now)


def _check_keeper(by: Person) -> None:
    if not may(by, Action.KEEP_PEOPLE):
        raise NotTheirPeople(by)


def _check_not_themselves(person_id: str, by: Person) -> None:
    if person_id == by.id:
        raise PositionRefused("role", "Ask another administrator: nobody decides what they may do themselves")


def _tell_of_access(
    connection: Connection, person_id: str, *, by: Person, now: datetime, waits: timedelta = timedelta()
) -> None:
    """Tell those who review, and the supervisors of the team, that somebody can reach cases from now on: an
    administrator reaches none, and could make a supervisor of anybody."""
    who = staff.person(connection, person_id)
    if not (who.role.works_in_a_team or who.role.works_for_a_service or who.role.serves_areas):
        return
    supervisors = staff.present_supervisors(connection, who.team_id) if who.team_id else []
    told = {*supervisors, *staff.privacy_reviewers(connection)} - {by.id, person_id}
    outbox.tell(connection, told, step=ACCESS_GIVEN, key=f"{person_id} {secrets.token_hex(4)}", now=now, waits=waits)


def _seen_row(connection: Connection, person_id: str, seen: str) -> Any:
    row = staffing.row_of(connection, person_id)
    if staffing.seen_of(row) != seen:
        raise PersonChanged
    return row


def _check_team(connection: Connection, position: Position) -> None:
    if position.team_id is not None and not staff.team_exists(connection, position.team_id):
        raise PositionRefused("team", "Choose a team")
    if position.service_id is not None and not services.exists(connection, position.service_id):
        raise PositionRefused("service", "Choose a service")
    if not position.areas <= set(staff.areas(connection)):
        raise PositionRefused("areas", "Choose from the areas shown")


def _check_hands_empty(connection: Connection, person_id: str, now: datetime) -> None:
    held = staffing.held_by(connection, person_id, today=london_date(now))
    if held != Held():
        raise StillHolds(held)


def _check_not_last(connection: Connection, person_id: str) -> None:
    accounts.lock_administrators(connection)
    if accounts.administrators(connection) == [person_id]:
        raise LastAdministrator


def _note(connection: Connection, operation: str, what: str, person_id: str, *, by: Person, now: datetime) -> None:
    audit.write(connection, at=now, operation=operation, what=f"{what} {person_id}", person=by)


class StillHolds(RuntimeError):
    """Something would be in nobody's hands."""

    def __init__(self, held: Held) -> None:
        self.held = held
        super().__init__(". ".join(held.sentences))


class LastAdministrator(RuntimeError):
    """Nobody would be left to let others in."""

    def __init__(self) -> None:
        super().__init__("they are the last administrator: make somebody else one first")


class PersonChanged(RuntimeError):
    """Somebody else changed it after it was opened."""

    def __init__(self) -> None:
        super().__init__("somebody else changed this while you were writing: open it again")


class HasLeft(RuntimeError):
    """They do not work here."""

    def __init__(self) -> None:
        super().__init__("they do not work here any more: note first that they are back")


class NotTheirPeople(PermissionError):
    """Somebody whose role does not keep people asked to."""

    def __init__(self, person: Person) -> None:
        super().__init__(f"your role ({person.role.value}) does not keep people and teams")
