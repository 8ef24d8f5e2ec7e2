"""The editions of the Code that were proposed here: the one that waits, and what was decided before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from victimcare.domain.code import Edition
from victimcare.domain.edition_differences import EntryDifference, differences
from victimcare.domain.law import Law
from victimcare.domain.transition_words import transition_in_words
from victimcare.editions.loader import read_edition
from victimcare.store.code_editions import EDITIONS
from victimcare.store.law_moves import count_waiting
from victimcare.store.staff import PEOPLE


@dataclass(frozen=True, slots=True)
class WaitingEdition:
    """An edition on which nobody has decided, and what it says otherwise than the last of those that are law.

    `transition` says in sentences what it does with what began before. `too_late`: the day it commences has come.
    """

    number: int
    edition: Edition
    sha256: str
    proposed_by: str
    proposed_at: datetime
    differences: tuple[EntryDifference, ...]
    transition: tuple[str, ...]
    too_late: bool


@dataclass(frozen=True, slots=True)
class DecidedEdition:
    """An edition on which somebody decided; `state` is approved, refused or withdrawn, and `at` when it became that."""

    number: int
    edition: str
    in_force_from: date
    state: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CodeEditions:
    """All of it. `coming` is the number of the approved edition that has not commenced: it can still be put back.

    `cases_waiting`: how many cases still have to follow the last change of the law.
    """

    editions: tuple[Edition, ...]
    proposed: WaitingEdition | None
    decided: tuple[DecidedEdition, ...]
    coming: int | None
    cases_waiting: int


def code_editions(connection: Connection, *, law: Law, today: date, decided: int = 20) -> CodeEditions:
    """The editions that are law, the proposed one, and the last that were decided on; `today` is a London date."""
    proposer, decider, withdrawer = (PEOPLE.alias() for _ in range(3))
    joined = (
        EDITIONS.join(proposer, proposer.c.id == EDITIONS.c.proposed_by)
        .outerjoin(decider, decider.c.id == EDITIONS.c.decided_by)
        .outerjoin(withdrawer, withdrawer.c.id == EDITIONS.c.withdrawn_by)
    )
    names = (
        proposer.c.name.label("proposer"),
        decider.c.name.label("decider"),
        withdrawer.c.name.label("withdrawer"),
    )
    newest = select(EDITIONS, *names).select_from(joined).order_by(EDITIONS.c.id.desc()).limit(decided)
    rows = connection.execute(newest).all()
    waiting = next((row for row in rows if row.state == "proposed"), None)
    coming = [row.id for row in rows if row.state == "approved" and row.in_force_from > today]
    return CodeEditions(
        editions=law.code.editions,
        proposed=_waiting(waiting, law, today) if waiting else None,
        decided=tuple(_decided(row) for row in rows if row.decided_at),
        coming=coming[0] if coming else None,
        cases_waiting=count_waiting(connection),
    )


def _waiting(row: Any, law: Law, today: date) -> WaitingEdition:
    edition = read_edition(row.text)
    return WaitingEdition(
        row.id,
        edition,
        row.sha256,
        row.proposer,
        row.proposed_at,
        differences(law.code.latest, edition),
        transition_in_words(edition.transition) if edition.transition else (),
        edition.in_force_from <= today,
    )


def _decided(row: Any) -> DecidedEdition:
    by, at = (row.withdrawer, row.withdrawn_at) if row.withdrawn_at else (row.decider, row.decided_at)
    return DecidedEdition(row.id, row.edition, row.in_force_from, row.state, by, at)
