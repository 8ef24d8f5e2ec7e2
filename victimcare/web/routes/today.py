"""The case officer's day."""

from __future__ import annotations

from dataclasses import dataclass, fields

from fastapi import APIRouter, Request, Response

from victimcare.domain.people import Action
from victimcare.editions.force_policy import published_policy
from victimcare.queries.agencies import Asked, agencies_asked
from victimcare.queries.breaches import UncausedCases, causes_missing_by
from victimcare.queries.covers import StandingIn, standing_in
from victimcare.queries.hand_over import TakenOver, handed_over
from victimcare.queries.keeping_in_touch import Promises, UnreachedList, promises, unreached_by
from victimcare.queries.leaving import NotSentList, not_sent
from victimcare.queries.left_messages import WaitingMessages, messages_waiting
from victimcare.queries.needs_gaps import NeedsGaps, needs_gaps
from victimcare.queries.questions import WaitingQuestions, answers_to_read
from victimcare.queries.watches import WatchedCases, watched_by
from victimcare.queries.worklist import Worklist, worklist
from victimcare.web.deps import Consulted, CurrentPerson, TheDatabase, TheLadder, TheLaw, Today
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()


@dataclass(frozen=True, slots=True)
class TodayView:
    """What is owed and promised, who left a message or is not reached, whose needs nobody has assessed, what did not
    leave, what a supervisor answered, what the force's own watches found, and for whom the person stands in.
    """

    work: Worklist
    gaps: NeedsGaps
    messages: WaitingMessages
    standing_in: tuple[StandingIn, ...]
    promises: Promises
    unreached: UnreachedList
    taken_over: tuple[TakenOver, ...]
    not_sent: NotSentList
    answers: WaitingQuestions
    watched: WatchedCases
    uncaused: UncausedCases
    asked: Asked

    @property
    def case_ids(self) -> list[int]:
        """Every case that the page shows: of each list that is here, so that none can be forgotten."""
        lists = [getattr(self, field.name) for field in fields(self)]
        listed = {case_id for each in lists for case_id in getattr(each, "case_ids", ())}
        return sorted(listed | {case.case_id for case in self.taken_over})

    def covered(self, officer_id: str) -> str:
        """The name of the officer for whom the person stands in; empty for their own cases."""
        return next((one.name for one in self.standing_in if one.officer_id == officer_id), "")


@router.get("/", dependencies=[policy(Action.SEE_OWN_WORK)])
def today_page(
    request: Request,
    person: CurrentPerson,
    database: TheDatabase,
    today: Today,
    law: TheLaw,
    ladder: TheLadder,
    consulted: Consulted,
) -> Response:
    """What I owe, to whom, today."""
    with database.reading() as connection:
        work = worklist(connection, person=person, today=today, law=law)
        gaps = needs_gaps(connection, person=person, today=today, law=law, policy=published_policy())
        messages = messages_waiting(connection, person=person, today=today, calendar=law.calendar)
        covered = standing_in(connection, person=person, today=today)
        promised = promises(connection, person=person, today=today, law=law)
        unreached = unreached_by(connection, person=person, after=published_policy().attempts)
        handed = handed_over(connection, person=person, calendar=law.calendar, policy=published_policy())
        unsent = not_sent(connection, person=person, today=today)
        answers = answers_to_read(connection, person=person)
        watched = watched_by(connection, person=person, today=today, calendar=law.calendar, ladder=ladder)
        uncaused = causes_missing_by(connection, person=person, today=today, calendar=law.calendar, ladder=ladder)
        asked = agencies_asked(connection, case_ids=[duty.case_id for duty in work.waiting.rows])
    found = (work, gaps, messages, covered, promised, unreached, handed, unsent, answers, watched, uncaused, asked)
    view = TodayView(*found)
    consulted("worklist", view.case_ids)
    return render(request, "today/today.html", view)
