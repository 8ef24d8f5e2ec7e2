"""The supervisor's page, and handing cases over."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.reassign_cases import CannotTakeCases, Reassignment, reassign_cases
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action
from victimcare.editions.force_policy import published_policy
from victimcare.queries.breaches import UncausedCases, causes_missing_in_team
from victimcare.queries.hand_over import TakenOver, not_taken_over
from victimcare.queries.keeping_in_touch import UnreachedList, unreached_in_team
from victimcare.queries.notes import location_told_of_any
from victimcare.queries.questions import WaitingQuestions, questions_in_team
from victimcare.queries.second_person import SecondPersonNeeded, waiting_for_second
from victimcare.queries.team import TeamPage, team_page
from victimcare.queries.unheard import Unheard, unheard
from victimcare.queries.verdicts import UndecidedVerdicts, undecided_verdicts
from victimcare.queries.watches import WatchedCases, watched_late_in_team
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheLadder, TheLaw, TheVault, Today
from victimcare.web.forms import Sent, Submitted, blank
from victimcare.web.location_check import MayTellLocation, ask, goes_back, to_ask
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()


class ReassignForm(MayTellLocation):
    """Which cases go to whom, and why. Each case is given with who held it on the page that it was chosen from."""

    cases: list[str] = Field(title="Cases", description="Choose one or more cases", min_length=1, max_length=500)
    officer: str = Field(title="New case officer", description="Choose the new case officer", max_length=64)
    why: str = Field(title="Reason", description="Enter the reason in a few words", max_length=200)


@dataclass(frozen=True, slots=True)
class TeamView:
    """The team's day, whom nobody reaches, what waits or was not heard, and what was just handed over."""

    team: TeamPage
    unreached: UnreachedList
    not_taken_over: tuple[TakenOver, ...]
    questions: WaitingQuestions
    second_person: tuple[SecondPersonNeeded, ...]
    unheard: tuple[Unheard, ...]
    watched: WatchedCases
    verdicts: UndecidedVerdicts
    uncaused: UncausedCases
    done: Reassignment | None = None
    new_officer: str = ""


@router.get("/team", dependencies=[policy(Action.SEE_TEAM)])
def team(
    request: Request,
    person: CurrentPerson,
    database: TheDatabase,
    today: Today,
    law: TheLaw,
    ladder: TheLadder,
    consulted: Consulted,
) -> Response:
    """What is overdue, by whom and by right, what is held, and who could take it."""
    view = _read(person, database, today, law, ladder, consulted)
    return render(request, "team/team.html", view, form=blank(ReassignForm))


@router.post("/team/reassign", dependencies=[policy(Action.REASSIGN)])
def reassign(
    request: Request,
    form: Sent[ReassignForm],
    person: CurrentPerson,
    database: TheDatabase,
    today: Today,
    law: TheLaw,
    ladder: TheLadder,
    vault: TheVault,
    now: Now,
    consulted: Consulted,
) -> Response:
    """Hand the chosen cases over; the answer says what became of each."""
    if form.values is None:
        return _again(request, form, _read(person, database, today, law, ladder, consulted))
    asked = form.values
    if goes_back(form):
        return render(request, "team/team.html", _read(person, database, today, law, ladder, consulted), form=form)
    seen_officers = {ref: officer_id for ref, _, officer_id in (case.partition(":") for case in asked.cases)}
    with database.reading() as connection:
        told = location_told_of_any(connection, person=person, refs=list(seen_officers), words=asked.why, vault=vault)
    if to_ask(form, told):
        return ask(request, form, told, action="/team/reassign")
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            done = reassign_cases(
                connection,
                refs=list(seen_officers),
                to_officer_id=asked.officer,
                why=asked.why,
                by=person,
                now=now,
                law=law,
                vault=vault,
                seen_officers=seen_officers,
            )
    except CannotTakeCases as refused:
        form = form.with_error("officer", str(refused)[:1].upper() + str(refused)[1:])
        return _again(request, form, _read(person, database, today, law, ladder, consulted))
    view = _read(person, database, today, law, ladder, consulted, done)
    return render(request, "team/team.html", view, form=blank(ReassignForm))


def _again(request: Request, form: Submitted[ReassignForm], view: TeamView) -> Response:
    return render(request, "team/team.html", view, form=form, status=422)


def _read(
    person: CurrentPerson,
    database: TheDatabase,
    today: Today,
    law: TheLaw,
    ladder: TheLadder,
    consulted: Consulted,
    done: Reassignment | None = None,
) -> TeamView:
    with database.reading() as connection:
        page = team_page(connection, person=person, today=today, law=law)
        unreached = unreached_in_team(connection, person=person, after=published_policy().attempts)
        handed = not_taken_over(connection, person=person, calendar=law.calendar, policy=published_policy())
        questions = questions_in_team(connection, person=person)
        second = waiting_for_second(connection, person=person)
        nobody_heard = unheard(connection, person=person)
        watched = watched_late_in_team(connection, person=person, today=today, calendar=law.calendar, ladder=ladder)
        verdicts = undecided_verdicts(connection, person=person, today=today, law=law)
        uncaused = causes_missing_in_team(connection, person=person, today=today, calendar=law.calendar, ladder=ladder)
    listed = {
        *(case.case_id for case in handed),
        *(case.case_id for case in second),
        *verdicts.case_ids,
        *watched.case_ids,
        *uncaused.case_ids,
    }
    consulted("team", sorted({*page.case_ids, *unreached.case_ids, *questions.case_ids, *listed}))
    chosen = next((load.name for load in page.officers if done and load.officer_id == done.to_officer_id), "")
    return TeamView(page, unreached, handed, questions, second, nobody_heard, watched, verdicts, uncaused, done, chosen)
