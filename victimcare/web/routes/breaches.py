"""What was late in a case, and why: a cause is given of each duty of our own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import Field

from victimcare.commands.give_breach_cause import GivenCause, give_breach_cause
from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.breach_causes import Cause, Whose
from victimcare.domain.people import Action
from victimcare.editions.breach_causes import IN_THE_NOTE, published_causes
from victimcare.queries.breaches import BreachView, case_breaches
from victimcare.queries.case_page import CasePage
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import CurrentPerson, TheDatabase, TheLaw, TheVault
from victimcare.web.forms import FieldRefused, Sent
from victimcare.web.location_check import MayTellLocation
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.routes.endings import DutyKey

router = APIRouter(prefix="/cases/{ref}")


class CauseForm(CaseForm, MayTellLocation):
    """Why a duty was late. `given_seen`: how often that had been said of it."""

    cause: Literal[tuple(published_causes())] = Field(  # type: ignore[valid-type]
        title="Cause", description="Choose why it was late"
    )
    words: str = Field("", title="Note", max_length=5_000)
    given_seen: int = Field(title="Causes seen")


@dataclass(frozen=True, slots=True)
class BreachesView:
    """What was late in the case, the oldest first."""

    case: CasePage
    breaches: tuple[BreachView, ...]
    done: str = ""


@dataclass(frozen=True, slots=True)
class CauseView:
    """One of them, and the causes to choose from."""

    case: CasePage
    breach: BreachView
    changed: tuple[TimelineEntry, ...] = ()

    @property
    def choices(self) -> list[tuple[str, list[Cause]]]:
        """The causes by whose they are, in words."""
        causes = published_causes().values()
        return [(whose.in_words, [cause for cause in causes if cause.whose is whose]) for whose in Whose]


@dataclass(frozen=True, slots=True)
class BreachReader:
    """Reads what was late in a case."""

    person: CurrentPerson
    database: TheDatabase
    law: TheLaw
    vault: TheVault

    def all_of(self, ref: str) -> tuple[BreachView, ...]:
        """The breaches, the oldest first. Raises `NoSuchCase`, `DoesNotOpen`."""
        with self.database.reading() as connection:
            return case_breaches(connection, person=self.person, ref=ref, law=self.law, vault=self.vault)

    def one(self, ref: str, duty: str) -> BreachView:
        """That of this duty of our own; 404 where there is none that stands."""
        for breach in self.all_of(ref):
            if breach.key == duty and breach.ours and not breach.overturned:
                return breach
        raise HTTPException(404)


TheBreaches = Annotated[BreachReader, Depends(BreachReader)]


@router.get("/breaches", dependencies=[policy(Action.SEE_FILE)])
def breaches_page(
    request: Request, ref: CaseRef, cases: TheCases, breaches: TheBreaches, done: bool = False
) -> Response:
    """What was late, and why."""
    view = BreachesView(cases.read(ref), breaches.all_of(ref), "The cause is recorded" if done else "")
    return render(request, "breaches/breaches.html", view)


@router.get("/duties/{duty}/cause", dependencies=[policy(Action.RECORD_EVENT)])
def cause_form(request: Request, ref: CaseRef, duty: DutyKey, cases: TheCases, breaches: TheBreaches) -> Response:
    """Why was it late?"""
    view = _view(cases.read(ref), (), duty=duty, breaches=breaches)
    return render(request, "breaches/cause.html", view, form=opened(CauseForm, view.case))


@router.post("/duties/{duty}/cause", dependencies=[policy(Action.RECORD_EVENT)])
def give_cause(
    ref: CaseRef, duty: DutyKey, form: Sent[CauseForm], writer: TheCaseWriter, breaches: TheBreaches
) -> Response:
    """Record it; ask first where the words tell a location."""
    return writer.write(
        ref,
        form,
        FormPage("breaches/cause.html", partial(_view, duty=duty, breaches=breaches), words=("words",)),
        asked=lambda values, case: _asked(values, breaches.one(case.ref, duty)),
        record=lambda connection, given, how: give_breach_cause(
            connection,
            ref=how["ref"],
            given=given,
            own_agency=OWN_AGENCY,
            by=how["by"],
            now=how["now"],
            vault=writer.vault,
        ),
        done=f"/cases/{ref}/breaches?done=true",
    )


def _asked(values: CauseForm, breach: BreachView) -> GivenCause:
    if values.cause == IN_THE_NOTE and not values.words.strip():
        raise FieldRefused("words", "Say which cause it was")
    return GivenCause(breach.rule, breach.start_key, values.cause, values.words, values.given_seen)


def _view(case: CasePage, changed: tuple[TimelineEntry, ...], *, duty: str, breaches: BreachReader) -> CauseView:
    return CauseView(case, breaches.one(case.ref, duty), changed)
