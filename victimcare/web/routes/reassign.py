"""Handing cases over: choose them, see what it would do, and do it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, ValidationInfo, field_validator

from victimcare.commands.reassign_cases import SharedOut, share_out_cases
from victimcare.commands.use_form import use_form
from victimcare.domain.hand_over import CANNOT_TAKE
from victimcare.domain.law import Law
from victimcare.domain.people import Action
from victimcare.domain.workload import UNIT, Weights
from victimcare.editions.force_policy import published_policy
from victimcare.editions.workload import published_weights
from victimcare.queries.hand_over_choice import MOST, HandOverChoice, hand_over_choice
from victimcare.queries.hand_over_plan import SHARED, HandOverPlan, hand_over_plan
from victimcare.queries.notes import location_told_of_any
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheLaw, TheVault, Today
from victimcare.web.forms import Sent, Submitted, blank
from victimcare.web.location_check import MayTellLocation, ask, goes_back, to_ask
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter()
NO_CASES = "Choose one or more cases"
_SHARE = (SHARED, "Shared among all who are here, by workload")


class PlanForm(MayTellLocation):
    """Which cases go to whom, and why. Each case is given with who held it on the page that it was chosen from.

    `whole` is the officer all of whose cases are meant, `of_officer` the one whose cases were to choose from.
    """

    of_officer: str = Field("", title="Caseload", max_length=64)
    whole: str = Field("", title="The whole caseload", max_length=64)
    cases: list[str] = Field([], title="Cases", max_length=MOST, validate_default=True)
    officer: str = Field(title="New case officer", description="Choose the new case officer", max_length=64)
    why: str = Field(title="Reason", description="Enter the reason in a few words", max_length=200)

    @field_validator("cases")
    @classmethod
    def _some(cls, cases: list[str], info: ValidationInfo) -> list[str]:
        if not cases and not info.data.get("whole"):
            raise ValueError(NO_CASES)
        return cases


class ReassignForm(MayTellLocation):
    """The same after the plan was seen: each case with who held it, and who takes it where that is not `officer`."""

    cases: list[str] = Field(title="Cases", description=NO_CASES, min_length=1, max_length=MOST)
    officer: str = Field(title="New case officer", description="Choose the new case officer", max_length=64)
    why: str = Field(title="Reason", description="Enter the reason in a few words", max_length=200)


@dataclass(frozen=True, slots=True)
class ReassignView:
    """What can be chosen, and what was just handed over."""

    choice: HandOverChoice
    done: SharedOut | None = None

    @property
    def takers(self) -> tuple[tuple[str, str], ...]:
        """Who can take cases, with their workload; all of them together where there are several."""
        each = tuple((load.officer_id, load.in_words) for load in self.choice.takers)
        return (*each, _SHARE) if len(each) > 1 else each

    def name_of(self, officer_id: str) -> str:
        """The name of an officer of the team."""
        names = {load.officer_id: load.name for load in self.choice.officers}
        return names.get(officer_id, officer_id)


@dataclass(frozen=True, slots=True)
class WeightsView:
    """What counts, in words, and how much, in units."""

    lines: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, weights: Weights, law: Law) -> WeightsView:
        """The weights, with the titles that tiers and rules have in the latest edition."""
        code = law.code.latest
        tiers = {tier.id: tier.title for tier in code.tiers}
        titles = {rule.id: rule.marked_title for edition in law.code.editions for rule in edition.rules}
        lines = (
            ("An open duty of the police", weights.own_duty),
            *((f"more, under {tiers.get(tier, tier).lower()}", points) for tier, points in weights.tiers.items()),
            *((f"more, for “{titles.get(rule, rule)}”", points) for rule, points in weights.rules.items()),
            ("An open duty of another agency, which the officer sees to", weights.duty_of_others),
            ("A case handed over whose victim does not know the officer yet", weights.victim_not_told),
        )
        return cls(tuple((words, f"{points / UNIT:g}") for words, points in lines))


@dataclass(frozen=True, slots=True)
class PlanView:
    """What a hand-over would do, and whose cases it was chosen from."""

    plan: HandOverPlan
    of_officer: str
    shared: bool


@dataclass(frozen=True, slots=True)
class HandOverDesk:
    """Reads what the supervisor can choose and what a hand-over would do, and writes down which cases were shown."""

    person: CurrentPerson
    database: TheDatabase
    vault: TheVault
    today: Today
    law: TheLaw
    consulted: Consulted

    def view(self, of_officer: str = "", done: SharedOut | None = None) -> ReassignView:
        """What can be chosen: all cases of `of_officer` where they hold any of the team, else what is held or late."""
        how = {"today": self.today, "law": self.law, "weights": published_weights(), "of_officer": of_officer}
        with self.database.reading() as connection:
            choice = hand_over_choice(connection, person=self.person, **how)  # type: ignore[arg-type]
        self.consulted("cases to hand over", sorted(choice.case_ids))
        return ReassignView(choice, done)

    def plan(self, asked: PlanForm, choice: HandOverChoice) -> HandOverPlan:
        """What it would do with the cases chosen, or with all that can be chosen of the officer."""
        whole = {case.ref: case.officer_id for case in choice.caseload} if asked.whole else {}
        how = {"today": self.today, "law": self.law, "weights": published_weights(), "policy": published_policy()}
        with self.database.reading() as connection:
            plan = hand_over_plan(
                connection,
                person=self.person,
                seen_officers={**_seen(asked.cases), **whole},
                to=asked.officer,
                **how,  # type: ignore[arg-type]
            )
        self.consulted("plan of a hand-over", sorted(plan.case_ids))
        return plan

    def location_told(self, refs: Iterable[str], words: str) -> tuple[str, ...]:
        """What in the words tells where the victim of one of these cases can be found."""
        with self.database.reading() as connection:
            return location_told_of_any(connection, person=self.person, refs=list(refs), words=words, vault=self.vault)


TheDesk = Annotated[HandOverDesk, Depends(HandOverDesk)]


@router.get("/team/reassign", dependencies=[policy(Action.REASSIGN)])
def choose(request: Request, desk: TheDesk, officer: str = "") -> Response:
    """The cases that can be handed over, and who could take them."""
    return render(request, "team/reassign.html", desk.view(officer), form=blank(PlanForm))


@router.post("/team/reassign/plan", dependencies=[policy(Action.REASSIGN)])
def plan(request: Request, form: Sent[PlanForm], desk: TheDesk) -> Response:
    """What the hand-over would do; nothing is stored."""
    asked = form.values
    view = desk.view(form.text("whole") or form.text("of_officer"))
    if asked is None or goes_back(form):
        return render(request, "team/reassign.html", view, form=form, status=422 if form.errors else 200)
    if asked.officer not in dict(view.takers):
        return _again(request, form.with_error("officer", CANNOT_TAKE[:1].upper() + CANNOT_TAKE[1:]), view)
    told = desk.location_told(_seen(asked.cases), asked.why)
    if to_ask(form, told):
        return ask(request, form, told, action="/team/reassign/plan")
    would_do = desk.plan(asked, view.choice)
    if not would_do.moves and not would_do.refused:
        return _again(request, form.with_error("cases", NO_CASES), view)
    shown = PlanView(would_do, asked.whole or asked.of_officer, asked.officer == SHARED)
    return render(request, "team/plan.html", shown, form=form)


@router.post("/team/reassign", dependencies=[policy(Action.REASSIGN)])
def reassign(
    request: Request, form: Sent[ReassignForm], desk: TheDesk, database: TheDatabase, law: TheLaw, now: Now
) -> Response:
    """Hand the cases over; the answer says what became of each."""
    asked = form.values
    if asked is None or goes_back(form):
        return render(request, "team/reassign.html", desk.view(), form=form, status=422 if form.errors else 200)
    told = desk.location_told(_seen(asked.cases), asked.why)
    if to_ask(form, told):
        return ask(request, form, told, action="/team/reassign")
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=desk.person, now=now)
        done = share_out_cases(
            connection,
            takers={ref: taker or asked.officer for ref, _, taker in map(_parts, asked.cases)},
            why=asked.why,
            by=desk.person,
            now=now,
            law=law,
            vault=desk.vault,
            seen_officers={ref: seen for ref, seen in _seen(asked.cases).items() if seen is not None},
        )
    return render(request, "team/reassign.html", desk.view(done=done), form=blank(PlanForm))


@router.get("/team/workload", dependencies=[policy(Action.SEE_TEAM)])
def workload(request: Request, law: TheLaw) -> Response:
    """What counts how much in a workload."""
    return render(request, "team/workload.html", WeightsView.of(published_weights(), law))


def _again(request: Request, form: Submitted[PlanForm], view: ReassignView) -> Response:
    return render(request, "team/reassign.html", view, form=form, status=422)


def _parts(case: str) -> tuple[str, str, str]:
    """Reference, who held it, and who takes it, as they stand in a form."""
    ref, _, rest = case.partition(":")
    seen, _, taker = rest.partition(":")
    return ref, seen, taker


def _seen(cases: Iterable[str]) -> dict[str, str | None]:
    return {ref: seen or None for ref, seen, _ in map(_parts, cases)}
