"""Restricted cases that no supervisor can see any more: an administrator, who sees no case, names one for each."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.keep_out import ListRefused
from victimcare.commands.restrict_case import name_keeper
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action
from victimcare.queries.case_lists import WithoutKeeper, need_a_keeper
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/keepers", dependencies=[policy(Action.NAME_KEEPER)])


class KeeperForm(Form):
    """Of which case, and who."""

    ref: str = Field(title="Case", description="Choose the case", max_length=40)
    supervisor: str = Field(title="Supervisor", description="Choose a supervisor of the team", max_length=64)


@dataclass(frozen=True, slots=True)
class KeepersView:
    """The cases by their reference, and nothing else of them."""

    cases: tuple[WithoutKeeper, ...]

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Which of them to name somebody for."""
        return tuple((case.ref, f"{case.ref}, {case.team_name}") for case in self.cases)

    @property
    def supervisors(self) -> tuple[tuple[str, str], ...]:
        """Everybody who could be named on one of them."""
        return tuple(sorted({one for case in self.cases for one in case.supervisors}, key=lambda one: one[1]))


@router.get("")
def keepers_page(request: Request, person: CurrentPerson, database: TheDatabase, consulted: Consulted) -> Response:
    """Which cases need one."""
    return _page(request, person, database, consulted, blank(KeeperForm))


@router.post("")
def name(
    request: Request,
    form: Sent[KeeperForm],
    person: CurrentPerson,
    database: TheDatabase,
    now: Now,
    consulted: Consulted,
) -> Response:
    """Name a supervisor, who may see the case and its lists from now on. Raises `NoSuchCase`."""
    if form.values is None:
        return _page(request, person, database, consulted, form, status=422)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            asked = form.values
            name_keeper(connection, ref=asked.ref, supervisor_id=asked.supervisor, by=person, now=now)
    except ListRefused as refused:
        return _page(request, person, database, consulted, form.with_error(refused.field, str(refused)), status=422)
    return redirect("/keepers")


def _page(
    request: Request,
    person: CurrentPerson,
    database: TheDatabase,
    consulted: Consulted,
    form: Submitted[KeeperForm],
    *,
    status: int = 200,
) -> Response:
    with database.reading() as connection:
        view = KeepersView(need_a_keeper(connection, person=person))
    consulted("cases without a keeper", [one.case_id for one in view.cases])
    return render(request, "who_may_see/keepers.html", view, form=form, status=status)
