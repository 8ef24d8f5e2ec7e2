"""The law as it is applied here at this moment: the editions of the Code that were brought in, and the bank holidays.

A list, or an edition, that is approved counts in every process from its next transaction on: each asks for the numbers
of what is in force, and reads again only what has changed.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from victimcare.domain.law import Law
from victimcare.store.code_editions import CODE_NUMBER, code_in_force
from victimcare.store.holiday_lists import NEWEST, calendar_in_force

_NUMBERS = select(NEWEST, CODE_NUMBER)


class LawInForce:
    """What a process keeps of the law from one transaction to the next."""

    def __init__(self, published: Law) -> None:
        self._published = published
        self.law = published
        """As it was when it was last asked for."""

    def read(self, connection: Connection) -> Law:
        """As it is now."""
        self.law = _now(connection, self.law, self._published)
        return self.law


def law_now(connection: Connection, law: Law) -> Law:
    """The same law as it is in force now: `law` itself, unless something was approved since it was read."""
    return _now(connection, law, law)


def _now(connection: Connection, law: Law, published: Law) -> Law:
    """`published` is that from which what is stored goes on; of a law that was read here it may be that law."""
    holidays, editions = connection.execute(_NUMBERS).one()
    if (holidays or 0) != law.calendar.number:
        law = law.by(calendar_in_force(connection, published.calendar))
    if editions != law.code.number:
        law = law.under(code_in_force(connection, published.code, law.read_edition))
    return law
