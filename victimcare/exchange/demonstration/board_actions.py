"""What the board of the demonstration decided, all of it invented: done, dropped, overdue, too young, and a change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection

from victimcare.domain.board_actions import VICTIMS_REFERRED, Measure, Step, Way
from victimcare.domain.calendar import london_date
from victimcare.domain.people import Role
from victimcare.domain.process_changes import BOARD
from victimcare.domain.quarter import Quarter
from victimcare.exchange.demonstration.people import Establishment
from victimcare.store import board_actions, process_changes
from victimcare.store.board_actions import NewAction
from victimcare.store.process_changes import NewChange
from victimcare.store.publications import published_quarters

_DAYS_TO_DO_IT = 120
# What, the measure, by whom, how many quarters ago, and how it ended.
_DECIDED = (
    ("Ring every victim on the day on which a suspect is arrested", Measure("police", 6), "police", 4, Step.DONE),
    ("Offer a referral at the first contact, and again after four weeks", Measure(VICTIMS_REFERRED), "police", 3, None),
    ("Send court results to the unit by the next morning", Measure("hmcts"), "hmcts", 3, Step.DROPPED),
    ("Check every Friday whether all hearings of the week were told", Measure("witness_care_unit"), "police", 1, None),
)
_CHANGED = "Invented: one desk keeps victims informed for all three areas, where each area had its own"
_QUARTERS_SINCE = 4
_WHY = {Step.DONE: "All teams were trained in spring", Step.DROPPED: "The court sends them by machine from now on"}


def decide_for_the_board(connection: Connection, people: Establishment, *, at: datetime, threshold: int) -> None:
    """Record it, each held against the quarter that was the newest one published then, as far back as there is one."""
    published = published_quarters(connection, threshold=threshold)
    by = next(person.id for person in people.staff if person.role is Role.BOARD)
    if len(published) > _QUARTERS_SINCE:
        _change_of_the_police(connection, published[_QUARTERS_SINCE - 1], by=by)
    for words, measure, owner, quarters_ago, ended_as in _DECIDED:
        if len(published) < quarters_ago:
            continue
        baseline = published[quarters_ago - 1]
        decided_on = min(baseline.until_on + timedelta(days=40), london_date(at))
        due_on = decided_on + timedelta(days=_DAYS_TO_DO_IT)
        recorded_at = min(datetime.combine(decided_on, time(16), UTC), at)
        action = NewAction(words, measure, Way.UP, baseline.id, owner, decided_on, due_on)
        action_id = board_actions.add(connection, action, by=by, at=recorded_at)
        if ended_as is not None:
            ended = min(datetime.combine(due_on, time(16), UTC), at)
            how = {"due_on": due_on, "words": _WHY[ended_as], "by": by, "at": ended}
            board_actions.add_step(connection, action_id, ended_as, **how)  # type: ignore[arg-type]


def _change_of_the_police(connection: Connection, quarter: Quarter, *, by: str) -> None:
    """Declare it from the first month of this quarter on, a month before that began."""
    decided_on = quarter.from_on - timedelta(days=30)
    change = NewChange("police", quarter.from_on, _CHANGED, BOARD, decided_on)
    process_changes.declare(connection, change, by=by, at=datetime.combine(decided_on, time(16), UTC))
