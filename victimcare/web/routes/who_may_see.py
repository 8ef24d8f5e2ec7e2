"""Who may see a case: to whom it is restricted, and who is excluded from it, whatever their role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field

from victimcare.commands.exclude_from_case import Exclusion, end_exclusion, exclude_from_case
from victimcare.commands.keep_out import ListRefused
from victimcare.commands.restrict_case import lift_restriction, restrict_case
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action, Person
from victimcare.queries.case_lists import WhoMaySee, who_may_see
from victimcare.queries.case_page import CasePage
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheVault
from victimcare.web.forms import Button, FieldRefused, Sent
from victimcare.web.location_check import MayTellLocation
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/cases/{ref}/who-may-see")

PersonId = Annotated[str, Path(pattern=r"^[0-9A-Za-z_.@-]{1,64}$")]
SHORTEST_REASON = 15
Done = Literal["", "restricted", "lifted", "excluded", "ended"]
_DONE = {
    "restricted": "Only those who are named below see the case now",
    "lifted": "The case is restricted no longer",
    "excluded": "They do not see the case any more, from this moment",
    "ended": "They are excluded no longer",
}


def why(asked_for: str) -> Any:
    """A reason in words that those read who keep the lists."""
    told = f"Enter {asked_for}, in {SHORTEST_REASON} characters or more"
    return Field(title="Reason", description=told, min_length=SHORTEST_REASON, max_length=1_000)


class Concerns(StrEnum):
    """To whom somebody who is kept out is connected."""

    CRIME = "crime"
    VICTIM = "victim"


class RestrictForm(CaseForm, MayTellLocation):
    """Who may see the case beside its officer and whoever fills this in; and why, where it was not restricted."""

    names: list[str] = Field([], title="People", max_length=200)
    reason: str = Field("", title="Reason", max_length=1_000)


class ExcludeForm(CaseForm, MayTellLocation):
    """Whom to exclude and why, and who takes the case from them."""

    person: str = Field(title="Person", description="Choose whom to exclude", max_length=64)
    reason: str = why("why they must not see this case")
    concerns: Concerns = Field(title="Whom it concerns", description="Choose whom it concerns")
    officer: str = Field("", title="New case officer", max_length=64)


@dataclass(frozen=True, slots=True)
class ListsView:
    """A case and its lists, as this person sees them."""

    case: CasePage
    lists: WhoMaySee
    person: Person
    changed: tuple[TimelineEntry, ...] = ()
    done: str = ""


@dataclass(frozen=True, slots=True)
class ListsReader:
    """Reads the lists of a case that was read already."""

    person: CurrentPerson
    database: TheDatabase
    vault: TheVault
    now: Now

    def view(self, case: CasePage, changed: tuple[TimelineEntry, ...] = (), *, done: str = "") -> ListsView:
        """The lists beside the case."""
        with self.database.reading() as connection:
            lists = who_may_see(connection, person=self.person, ref=case.ref, vault=self.vault)
        return ListsView(case, lists, self.person, changed, done)


TheLists = Annotated[ListsReader, Depends(ListsReader)]


@router.get("", dependencies=[policy(Action.SEE_FILE)])
def lists_page(request: Request, ref: CaseRef, cases: TheCases, lists: TheLists, done: Done = "") -> Response:
    """Who may see the case; on which list somebody is and why, for those who keep them."""
    return render(request, "who_may_see/lists.html", lists.view(cases.read(ref), done=_DONE.get(done, "")))


@router.get("/restriction", dependencies=[policy(Action.KEEP_LISTS)])
def restriction_form(request: Request, ref: CaseRef, cases: TheCases, lists: TheLists) -> Response:
    """The form to name those who may see it."""
    view = lists.view(cases.read(ref))
    named = [one.person_id for one in view.lists.named]
    return render(request, "who_may_see/restriction.html", view, form=opened(RestrictForm, view.case, names=named))


@router.post("/restriction", dependencies=[policy(Action.KEEP_LISTS)])
def restrict(ref: CaseRef, form: Sent[RestrictForm], writer: TheCaseWriter, lists: TheLists) -> Response:
    """Restrict it, or change who is named."""

    def record(connection: Any, asked: RestrictForm, how: Any) -> None:
        how = {name: how[name] for name in ("ref", "by", "now", "seen_version")}
        restrict_case(connection, names=asked.names, reason=asked.reason, vault=writer.vault, **how)

    return writer.write(
        ref,
        form,
        FormPage("who_may_see/restriction.html", lists.view, words=("reason",)),
        asked=lambda asked, case: _with_reason(asked, lists.view(case)),
        record=partial(said_at_the_field, record),
        done=f"/cases/{ref}/who-may-see?done=restricted",
    )


@router.post("/restriction/lift", dependencies=[policy(Action.KEEP_LISTS)])
def lift(ref: CaseRef, form: Sent[Button], lists: TheLists) -> Response:
    """Restrict it no longer."""
    with lists.database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=lists.person, now=lists.now)
        lift_restriction(connection, ref=ref, by=lists.person, now=lists.now)
    return redirect(f"/cases/{ref}/who-may-see?done=lifted")


@router.get("/exclusion", dependencies=[policy(Action.KEEP_LISTS)])
def exclusion_form(request: Request, ref: CaseRef, cases: TheCases, lists: TheLists) -> Response:
    """The form to exclude somebody."""
    view = lists.view(cases.read(ref))
    return render(request, "who_may_see/exclusion.html", view, form=opened(ExcludeForm, view.case))


@router.post("/exclusion", dependencies=[policy(Action.KEEP_LISTS)])
def exclude(ref: CaseRef, form: Sent[ExcludeForm], writer: TheCaseWriter, lists: TheLists) -> Response:
    """Exclude somebody at once; a case that they hold goes to the new officer in the same moment."""

    def record(connection: Any, asked: ExcludeForm, how: Any) -> None:
        of_crime = asked.concerns is Concerns.CRIME
        exclusion = Exclusion(asked.person, asked.reason, asked.officer, of_crime)
        exclude_from_case(connection, exclusion=exclusion, vault=writer.vault, **how)

    return writer.write(
        ref,
        form,
        FormPage("who_may_see/exclusion.html", lists.view, words=("reason",)),
        asked=lambda asked, case: asked,
        record=partial(said_at_the_field, record),
        done=f"/cases/{ref}/who-may-see?done=excluded",
    )


@router.post("/exclusion/{person_id}/end", dependencies=[policy(Action.KEEP_LISTS)])
def end(ref: CaseRef, person_id: PersonId, form: Sent[Button], lists: TheLists) -> Response:
    """Exclude them no longer."""
    with lists.database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=lists.person, now=lists.now)
        end_exclusion(connection, ref=ref, person_id=person_id, by=lists.person, now=lists.now)
    return redirect(f"/cases/{ref}/who-may-see?done=ended")


def _with_reason(asked: RestrictForm, view: ListsView) -> RestrictForm:
    if not view.lists.restricted and len(asked.reason) < SHORTEST_REASON:
        raise FieldRefused("reason", f"Enter why the case is restricted, in {SHORTEST_REASON} characters or more")
    return asked


def said_at_the_field(record: Callable[[Any, Any, Any], None], connection: Any, asked: Any, how: Any) -> None:
    """Record it, and say at the field of the form why it cannot be so."""
    try:
        record(connection, asked, how)
    except ListRefused as refused:
        raise FieldRefused(refused.field, str(refused)) from None
