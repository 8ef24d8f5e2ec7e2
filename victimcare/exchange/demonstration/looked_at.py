"""What supervisors of the demonstration found in the cases that they looked at; all of it is invented.

Of the newest quarter that is over, and the first cases of those that are drawn: the months since then wait for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import Connection

from victimcare.commands.check_quality import check_quality
from victimcare.domain.calendar import london_date
from victimcare.domain.dip_sample import Answer, Month
from victimcare.domain.quarter import Quarter
from victimcare.editions.quality_questions import published_questions
from victimcare.exchange.demonstration.people import Team
from victimcare.queries.dip_samples import SampledCase, dip_samples
from victimcare.store import staff

_OF_EACH_OFFICER = 2
_WEIGHTS = (58, 24, 18)  # yes, no, cannot tell
_LOOKED_AFTER = timedelta(days=9)


def look_at_cases(connection: Connection, teams: Sequence[Team], *, at: datetime) -> None:
    """Answer the questions about these cases, each as its team's supervisor; those that are answered stay so."""
    for team in teams:
        supervisor = staff.person(connection, team.supervisor_id)
        for code in Quarter.of(london_date(at)).next(-1).months:
            month = Month.of(date.fromisoformat(f"{code}-01"))
            drawn = dip_samples(connection, person=supervisor, month=month, questions=())
            looked_at = datetime.combine(month.after.first, time(15), UTC) + _LOOKED_AFTER
            for case in (case for officer in drawn.officers for case in officer.cases[:_OF_EACH_OFFICER]):
                if not case.answered:
                    check_quality(
                        connection,
                        ref=case.ref,
                        officer_id=case.officer_id,
                        month=month,
                        answers=_answers(case),
                        by=supervisor,
                        now=min(looked_at, at),
                    )


def _answers(case: SampledCase) -> dict[str, Answer]:
    chance = Random(f"quality {case.ref} {case.officer_id} {case.month.code}")  # noqa: S311 - the same case, the same
    return {question.code: chance.choices(list(Answer), _WEIGHTS)[0] for question in published_questions()}
