"""Answer the questions about the quality of a case that was drawn to be looked at; once, for good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.record_event import open_for
from victimcare.domain.dip_sample import Answer, Month, complete
from victimcare.domain.people import Action, Person
from victimcare.editions.quality_questions import published_questions
from victimcare.store import audit, quality
from victimcare.store.cases import NoSuchCase


def check_quality(
    connection: Connection,
    *,
    ref: str,
    officer_id: str,
    month: Month,
    answers: Mapping[str, Answer],
    by: Person,
    now: datetime,
) -> None:
    """Store the answers about this case as one that the officer held in the month.

    Raises `NoSuchCase` where `by` may not see the case, the officer did not hold it then, or it is `by` who did;
    `AlreadyChecked`; `ValueError` unless every question is answered.
    """
    stored = open_for(connection, ref, by, Action.CHECK_QUALITY)
    team_id = str(by.team_id)
    if officer_id == by.id or not quality.was_held_by(connection, stored.id, officer_id, month, team_id):
        raise NoSuchCase(ref)
    if quality.is_answered(connection, stored.id, officer_id, month):
        raise AlreadyChecked
    if not complete(answers, published_questions()):
        raise ValueError("every question is answered, and no other")
    of_sample = {"case_id": stored.id, "team_id": team_id, "officer_id": officer_id, "month": month}
    quality.add(connection, answers, **of_sample, by=by, at=now)  # type: ignore[arg-type]
    what = "check the quality of a case"
    audit.write(connection, at=now, operation="collection", what=what, person=by, case_ids=[stored.id])


class AlreadyChecked(RuntimeError):
    """Somebody has answered the questions about this case."""

    def __init__(self) -> None:
        super().__init__("somebody has answered the questions about this case already: their answers stand")
