"""Bring a proposed edition of the Code in, and put back one that has not commenced."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.move_deadlines import StillMoving, wait_for_writers
from victimcare.commands.propose_edition import NoSuchEdition, check_may, readable_edition
from victimcare.domain.calendar import london_date
from victimcare.domain.code import Edition
from victimcare.domain.law import Law, LawChange
from victimcare.domain.next_edition import NothingToWithdraw, without_last
from victimcare.domain.people import Person
from victimcare.store import audit, code_editions, edition_moves, law_moves
from victimcare.store.law_in_force import law_now

__all__ = ["NoSuchEdition", "NothingToWithdraw", "StillMoving", "approve_edition", "withdraw_edition"]


def approve_edition(connection: Connection, *, number: int, by: Person, now: datetime, law: Law) -> int:
    """Make the proposed edition law from its day of commencement; how many cases are to be looked at.

    From here on every process derives by it. Raises `NoSuchEdition` where somebody decided, or another was proposed,
    `BadSuccessor` where its day has come meanwhile, `StillMoving` and `NotTheirEdition`.
    """
    check_may(by)
    wait_for_writers(connection)
    law = law_now(connection, law)
    text = code_editions.waiting_text(connection, number)
    edition = readable_edition(connection, text=text, law=law, now=now)
    code_editions.decide(connection, number, state="approved", by=by.id, at=now)
    return _follow(connection, number, edition, what=f"approve edition {number} of the Code", by=by, now=now)


def withdraw_edition(connection: Connection, *, number: int, by: Person, now: datetime, law: Law) -> int:
    """Put back the edition that was approved last, while it has not commenced; how many cases are to be looked at.

    Raises `NothingToWithdraw`, `NoSuchEdition`, `StillMoving` and `NotTheirEdition`.
    """
    check_may(by)
    wait_for_writers(connection)
    law = law_now(connection, law)
    approved = code_editions.last_approved(connection)
    if approved is None or approved.id != number:
        raise NoSuchEdition(number)
    without_last(law.code, today=london_date(now))
    code_editions.withdraw(connection, number, by=by.id, at=now)
    what = f"put back edition {number} of the Code"
    return _follow(connection, number, law.code.latest, what=what, by=by, now=now)


def _follow(connection: Connection, number: int, edition: Edition, *, what: str, by: Person, now: datetime) -> int:
    touched = edition_moves.touched(edition.id, commences=edition.in_force_from)
    found = law_moves.await_moves(connection, LawChange.EDITION, number, touched)
    code_editions.note_cases(connection, number, found)
    audit.write(connection, at=now, operation="alteration", what=what, person=by)
    return found
