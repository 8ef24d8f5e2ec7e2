"""The list behind each number of the supervisor's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from victimcare.domain.lateness import AGES, Ahead, When, age_of_code, days_ahead
from victimcare.domain.law import Law
from victimcare.domain.people import Action
from victimcare.editions.workload import published_weights
from victimcare.presentation.paging import Paging
from victimcare.presentation.words import weekday
from victimcare.queries.forecast import DAYS_AHEAD
from victimcare.queries.officer_loads import OfficerLoad, officer_loads, team_tally
from victimcare.queries.team import agency_names, right_titles
from victimcare.queries.team_duties import OTHERS, PAGE_SIZE, DutyFilter, TeamDuties, team_duties
from victimcare.web.deps import Consulted, CurrentPerson, TheDatabase, TheLaw, Today
from victimcare.web.offered import one_of
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()

AGREED = "agreed"
Options = tuple[tuple[str, str], ...]
_NAMES = {
    "due": "due",
    "owed": "owed by",
    "officer": "case officer",
    "right": "right",
    "late": "overdue by",
    "day": "to be done on",
    "what": "what is owed",
}


@dataclass(frozen=True, slots=True)
class TeamDutiesView:
    """The list with its paging, what can be chosen and what is, and each filter with the address without it."""

    list: TeamDuties
    paging: Paging
    options: Mapping[str, Options]
    asked: Mapping[str, str]

    @property
    def chips(self) -> tuple[tuple[str, str, str], ...]:
        """What the list is narrowed to: what it is, in words, and the address that takes it away."""
        on = [(name, dict(self.options[name])[value]) for name, value in self.asked.items() if value]
        return tuple((_NAMES[name], words, _address({**self.asked, name: ""})) for name, words in on)


@router.get("/team/duties", dependencies=[policy(Action.SEE_TEAM)])
def duties(
    request: Request,
    person: CurrentPerson,
    database: TheDatabase,
    today: Today,
    law: TheLaw,
    consulted: Consulted,
    due: str = "",
    owed: str = "",
    officer: str = "",
    right: str = "",
    late: str = "",
    day: str = "",
    what: str = "",
    page: int = 1,
) -> Response:
    """The open duties of the team, narrowed to what is asked. Raises `NotOffered`."""
    with database.reading() as connection:
        tally = team_tally(connection, person=person, today=today, law=law)
        loads = officer_loads(connection, person=person, today=today, tally=tally, weights=published_weights())
        ahead = {each.day.isoformat(): each for each in days_ahead(today, DAYS_AHEAD, law.calendar)}
        options = _options(law, loads, ahead)
        typed = {"due": due, "owed": owed, "officer": officer, "right": right, "late": late, "day": day, "what": what}
        asked = {name: one_of(value, dict(options[name])) for name, value in typed.items()}
        wanted = _filter(asked, ahead)
        found = team_duties(connection, person=person, wanted=wanted, page=page, today=today, law=law)
    paging = Paging(page, found.total, PAGE_SIZE, _address(asked))
    consulted("duties of the team", found.case_ids)
    return render(request, "team/duties.html", TeamDutiesView(found, paging, options, asked))


def _filter(asked: Mapping[str, str], ahead: Mapping[str, Ahead]) -> DutyFilter:
    of_day = ahead.get(asked["day"])
    return DutyFilter(
        when=When(asked["due"]) if asked["due"] else None,
        owed_by=asked["owed"],
        officer_id=asked["officer"],
        right=int(asked["right"]) if asked["right"] else None,
        age=age_of_code(asked["late"]),
        between=(of_day.first, of_day.last) if of_day else None,
        agreed=asked["what"] == AGREED,
    )


def _options(law: Law, loads: tuple[OfficerLoad, ...], ahead: Mapping[str, Ahead]) -> Mapping[str, Options]:
    return {
        "due": tuple((when.value, when.in_words) for when in When),
        "owed": (*agency_names(law).items(), (OTHERS, "Any other than the police")),
        "officer": tuple((load.officer_id, load.name) for load in loads),
        "right": tuple(right_titles(law).items()),
        "late": tuple((age.code, age.in_words) for age in AGES),
        "day": tuple((code, weekday(each.day)) for code, each in ahead.items()),
        "what": ((AGREED, "Contact as often as agreed"),),
    }


def _address(asked: Mapping[str, str]) -> str:
    kept = {name: value for name, value in asked.items() if value}
    return f"/team/duties?{urlencode(kept)}" if kept else "/team/duties"
