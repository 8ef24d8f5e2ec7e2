"""Letting in somebody whom the identity provider vouches for: made, or brought up to date, at each sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.sign_in import NOBODY, SignIn, open_sign_in
from victimcare.domain.calendar import london_date
from victimcare.domain.claims import Arrival
from victimcare.domain.people import Person, Role
from victimcare.domain.position import Held, Position
from victimcare.domain.sign_in_life import PROOF
from victimcare.store import accounts, audit, services, sign_ins, staff, staffing


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Why somebody whom the provider knows does not come in, in words for them."""

    why: str


def arrive(connection: Connection, *, who: Arrival, browser: str, now: datetime) -> SignIn | TurnedAway:
    """Open a sign-in for them as they are now. Another role or team than before ends the sign-ins they had.

    What turns them away is written down in the same transaction, and so it is not raised.
    """
    found = accounts.federated(connection, issuer=who.issuer, subject=who.subject)
    why = _turned_away(connection, who, found, now)
    if why is not None:
        if found is not None:
            sign_ins.end_sessions_of(connection, found.person_id)
        turn_away(connection, why="not let in", person_id=found.person_id if found else None, now=now)
        return TurnedAway(why)
    person_id = found.person_id if found else _somebody_new(connection, who, now)
    person = _brought_up_to_date(connection, person_id, who, now)
    # Who comes without typing a password there has proved nothing now: a page that asks for it sends them back.
    proved_at = min(who.proved_at or now - PROOF, now)
    return open_sign_in(connection, person=person, browser=browser, now=now, proved_at=proved_at)


def turn_away(connection: Connection, *, why: str, person_id: str | None, now: datetime) -> None:
    """Write down that somebody came from the identity provider and was not let in; `why` in a few words of ours."""
    who = staff.person(connection, person_id) if person_id else NOBODY
    audit.write(connection, at=now, operation="access", what=f"sign in: {why}", person=who, outcome="refused")


def _turned_away(
    connection: Connection, who: Arrival, found: accounts.FederatedAccount | None, now: datetime
) -> str | None:
    if who.team_id is not None and not staff.team_exists(connection, who.team_id):
        return "your team is not set up here: tell whoever runs the service"
    if who.service_id is not None and not services.exists(connection, who.service_id):
        return "your service is not in the directory here: tell whoever runs the service"
    if not who.areas <= set(staff.areas(connection)):
        return "your area is not set up here: tell whoever runs the service"
    if found is None:
        taken = accounts.username_is_taken(connection, who.username)
        return "somebody else has your user name here: tell whoever runs the service" if taken else None
    if found.stopped:
        return "your signing in was stopped here: ask an administrator"
    row = staffing.row_of(connection, found.person_id)
    if not _moved(row, who):
        return None
    held = staffing.held_by(connection, found.person_id, today=london_date(now))
    if held != Held():
        return f"your role or team has changed, and first something must be handed over. {'. '.join(held.sentences)}"
    if row.role == Role.ADMINISTRATOR.value and accounts.administrators(connection) == [found.person_id]:
        return "your role has changed, and you are the last administrator: somebody else must become one first"
    return None


def _somebody_new(connection: Connection, who: Arrival, now: datetime) -> str:
    position = Position(who.role, who.team_id, service_id=who.service_id, areas=who.areas)
    person_id = staffing.add_person(connection, name=who.name, email=who.email, position=position)
    accounts.add_account(
        connection, person_id=person_id, username=who.username, password_hash="", federated=(who.issuer, who.subject)
    )
    person = staff.person(connection, person_id)
    audit.write(connection, at=now, operation="collection", what=f"add person {person_id}", person=person)
    return person_id


def _brought_up_to_date(connection: Connection, person_id: str, who: Arrival, now: datetime) -> Person:
    row = staffing.row_of(connection, person_id)
    values = {"name": who.name, "email": who.email, "role": who.role.value}
    values |= {"team_id": who.team_id, "service_id": who.service_id}
    values["areas"] = "\n".join(sorted(who.areas))
    if who.role is not Role.OFFICER:
        values["specialisms"] = ""
    staffing.change_person(connection, person_id, values)
    person = staff.person(connection, person_id)
    if _moved(row, who):
        sign_ins.end_sessions_of(connection, person_id)
        what = f"change role or team of {person_id}"
        audit.write(connection, at=now, operation="alteration", what=what, person=person)
    return person


def _moved(row: Any, who: Arrival) -> bool:
    was = (row.role, row.team_id, row.service_id, staff.areas_of(row.areas))
    return was != (who.role.value, who.team_id, who.service_id, who.areas)
