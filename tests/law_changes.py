"""What follows once a change of the law was approved, as tests do it: cases move, and what is stored is as derived."""

from __future__ import annotations

from datetime import datetime

from tests.force import Force
from victimcare.commands.move_deadlines import cases_to_move, move_deadlines
from victimcare.domain.law import Law
from victimcare.store import rebuilding
from victimcare.store.law_in_force import law_now


def move(force: Force, at: datetime, *, at_most: int | None = None) -> int:
    with force.database.reading() as connection:
        to_move = cases_to_move(connection)[:at_most]
    moved = 0
    for case_id in to_move:
        with force.database.writing() as connection:
            moved += move_deadlines(connection, case_ids=[case_id], now=at, law=force.law)
    return moved


def in_force(force: Force) -> Law:
    with force.database.reading() as connection:
        return law_now(connection, force.law)


def differences(force: Force, at: datetime) -> list[rebuilding.Difference]:
    return rebuilding.check(force.database, law=in_force(force), today=at.date())
