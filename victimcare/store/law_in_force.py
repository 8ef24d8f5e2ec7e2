"""The law as it is applied here at this moment: the published editions, counted by the list of bank holidays in force.

A list that is approved counts in every process from its next transaction on: each asks for the number of the list in
force, and reads the list only when that has changed.
"""

from __future__ import annotations

from sqlalchemy import Connection

from victimcare.domain.law import Law
from victimcare.store.holiday_lists import calendar_in_force, newest


class LawInForce:
    """What a process keeps of the law from one transaction to the next."""

    def __init__(self, published: Law) -> None:
        self._published = published
        self.law = published
        """As it was when it was last asked for."""

    def read(self, connection: Connection) -> Law:
        """As it is now."""
        if newest(connection) != self.law.calendar.number:
            calendar = calendar_in_force(connection, self._published.calendar)
            self.law = self._published.by(calendar)
        return self.law


def law_now(connection: Connection, law: Law) -> Law:
    """The same law by the list in force: `law` itself, unless another list was approved since it was read."""
    if newest(connection) == law.calendar.number:
        return law
    return law.by(calendar_in_force(connection, law.calendar))
