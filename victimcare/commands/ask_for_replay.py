"""Ask for a quarter to be reckoned anew, as known on a past day or by another edition: a job makes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.law import Law
from victimcare.domain.next_edition import always
from victimcare.domain.own_times import OwnTimes, by_own_times, in_one_line, out_of_line
from victimcare.domain.people import Action, Person, may
from victimcare.domain.quarter import Quarter
from victimcare.domain.replay_choices import Told
from victimcare.editions.loader import read_edition
from victimcare.store import audit, replays_asked


def ask_for_replay(
    connection: Connection,
    *,
    quarter: Quarter,
    how: str,
    told: Told = Told.RIGHT,
    threshold: int,
    own_times: OwnTimes,
    law: Law,
    by: Person,
    now: datetime,
) -> None:
    """Ask for what is `told` by the choice of this code; what was asked for already is not reckoned again.

    `own_times` are those of the force's policy. Raises `NotTheirReplay`, `NotOffered`, `ByDutiesAlone`, `BadOwnTime`,
    and `BadSuccessor` where cases hold what the edition does not know.
    """
    if not may(by, Action.RECKON_ANEW):
        raise NotTheirReplay(by)
    offered = replays_asked.choices(connection, quarter, threshold=threshold, own_times=in_one_line(own_times))
    found = next((one for one in offered if one.code == how), None)
    if found is None:
        raise NotOffered(quarter)
    choice = replace(found, told=told)
    if not choice.is_offered:
        raise ByDutiesAlone(told)
    if choice.edition is not None:
        always(law, read_edition(replays_asked.edition_text(connection, choice.edition)))
    by_own_times(law, out_of_line(choice.own_times))
    if replays_asked.ask(connection, quarter, choice, threshold=threshold, by=by.id, at=now):
        what = f"ask for {quarter.id} {how}" + ("" if told is Told.RIGHT else f" {told.value}")
        audit.write(connection, at=now, operation="alteration", what=what, person=by)


class NotOffered(LookupError):
    """A day or an edition that is not on the menu of the quarter."""

    def __init__(self, quarter: Quarter) -> None:
        super().__init__(f"{quarter.id} cannot be reckoned so")


class ByDutiesAlone(ValueError):
    """Something was asked for by another law that no law changes."""

    def __init__(self, told: Told) -> None:
        super().__init__(f"{told.value} is the same by every edition of the Code")


class NotTheirReplay(PermissionError):
    """Somebody whose role does not have figures reckoned anew asked for it."""

    def __init__(self, person: Person) -> None:
        super().__init__(f"your role ({person.role.value}) does not have figures reckoned anew")
