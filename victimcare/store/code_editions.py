"""The editions of the Code in the database, and the Code as they make it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, insert, select, update

from victimcare.domain.calendar import london_date
from victimcare.domain.code import Edition, VictimsCode
from victimcare.domain.next_edition import with_successor, without_last
from victimcare.store.tables import CodeEdition

EDITIONS = CodeEdition.__table__  # type: ignore[attr-defined]
_CHANGES = case((EDITIONS.c.state == "approved", 1), (EDITIONS.c.state == "withdrawn", 2), else_=0)
CODE_NUMBER: ColumnElement[int] = select(func.coalesce(func.sum(_CHANGES), 0)).scalar_subquery()
"""How often an edition was brought in, or put back, here (`VictimsCode.number`)."""


def add_edition(connection: Connection, edition: Edition, text: str, *, source: str, by: str, at: datetime) -> int:
    """Propose an edition, in the place of any that nobody has decided on, and return its number."""
    connection.execute(update(EDITIONS).where(EDITIONS.c.state == "proposed").values(state="replaced"))
    statement = insert(EDITIONS).values(
        edition=edition.id,
        in_force_from=edition.in_force_from,
        source=source,
        text=text,
        sha256=hash_of(text),
        proposed_by=by,
        proposed_at=at,
        state="proposed",
    )
    return int(connection.execute(statement.returning(EDITIONS.c.id)).scalar_one())


def hash_of(text: str) -> str:
    """What tells this text from every other."""
    return sha256(text.encode()).hexdigest()


def proposed(connection: Connection) -> Any | None:
    """The row of the edition on which nobody has decided."""
    return connection.execute(select(EDITIONS).where(EDITIONS.c.state == "proposed")).first()


def waiting_text(connection: Connection, number: int | None = None) -> str:
    """The text of the proposed edition, where it is of this number. Raises `NoSuchEdition`."""
    found = proposed(connection)
    if found is None or number not in (None, found.id):
        raise NoSuchEdition(number or 0)
    return str(found.text)


def decide(connection: Connection, number: int, *, state: str, by: str, at: datetime) -> None:
    """Say what became of the proposed edition. Raises `NoSuchEdition` for one on which somebody has decided."""
    _change(connection, number, "proposed", state=state, decided_by=by, decided_at=at)


def withdraw(connection: Connection, number: int, *, by: str, at: datetime) -> None:
    """Say that the approved edition was put back. Raises `NoSuchEdition`."""
    _change(connection, number, "approved", state="withdrawn", withdrawn_by=by, withdrawn_at=at)


def _change(connection: Connection, number: int, before: str, **values: Any) -> None:
    as_it_was = (EDITIONS.c.id == number) & (EDITIONS.c.state == before)
    if connection.execute(update(EDITIONS).where(as_it_was).values(values)).rowcount != 1:
        raise NoSuchEdition(number)


def note_cases(connection: Connection, number: int, cases: int) -> None:
    """Say how many cases are to be looked at for it."""
    connection.execute(update(EDITIONS).where(EDITIONS.c.id == number).values(cases=cases))


def last_approved(connection: Connection) -> Any | None:
    """The row of the edition that was brought in last and not put back."""
    approved = select(EDITIONS).where(EDITIONS.c.state == "approved")
    return connection.execute(approved.order_by(EDITIONS.c.in_force_from.desc()).limit(1)).first()


def code_in_force(
    connection: Connection, code: VictimsCode, read_edition: Callable[[str], Edition] | None
) -> VictimsCode:
    """The Code after all that was brought in and put back here, each knowing the one before it.

    `code` may be as it came with the program, or as it was read here earlier. Without `read_edition` an edition that
    is stored cannot be left out of the law: `RuntimeError`.

    An edition that the program brings with it as well is not added a second time.
    """
    rows = connection.execute(select(EDITIONS).where(EDITIONS.c.state.in_(("approved", "withdrawn")))).all()
    if not rows:
        return code
    if read_edition is None:
        raise RuntimeError("editions were brought in here, and this law was made without what reads them")
    by_number = {row.id: row for row in rows}
    came_with_the_program = {known.id for known in code.as_shipped.editions}
    changes = [(row.decided_at, row.id, False) for row in rows]
    changes += [(row.withdrawn_at, row.id, True) for row in rows if row.state == "withdrawn"]
    code = code.as_shipped
    for at, number, put_back in sorted(changes):
        row = by_number[number]
        if row.edition in came_with_the_program:
            code = replace(code, number=code.number + 1)
        elif put_back:
            code = without_last(code, today=london_date(at), since=at)
        else:
            code = with_successor(code, read_edition(row.text), since=at)
    return code


class NoSuchEdition(LookupError):
    """No edition of that number is stored that could be decided on, or somebody has decided on it already."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__("there is no such edition of the Code to decide on")
