"""Reviewing emergency access: a privacy reviewer says whether it was justified, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from victimcare.commands.open_in_emergency import NoSuchEmergency, review_emergency
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action
from victimcare.editions.force_policy import published_policy
from victimcare.queries.emergency_access import EmergencyInFull, EmergencyView, emergencies, one_emergency
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheLaw, TheVault, Today
from victimcare.web.forms import Sent, blank
from victimcare.web.named_rows import row_of
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.reviews import ReviewForm, ReviewQueue

router = APIRouter(prefix="/emergency-reviews", dependencies=[policy(Action.REVIEW_EMERGENCIES)])

Number = Annotated[int, row_of("emergency_access", "number")]


@dataclass(frozen=True, slots=True)
class ReviewsView:
    """Those to review, and those that were."""

    queue: ReviewQueue[EmergencyView]
    reasons: Mapping[str, str] = field(default_factory=lambda: published_policy().emergencies)


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One of them in full."""

    emergency: EmergencyInFull
    reasons: Mapping[str, str] = field(default_factory=lambda: published_policy().emergencies)


@dataclass(frozen=True, slots=True)
class ReviewReader:
    """Reads one, and writes down that it was read."""

    person: CurrentPerson
    database: TheDatabase
    today: Today
    law: TheLaw
    vault: TheVault
    consulted: Consulted

    def read(self, number: int) -> ReviewView:
        """The one of this number. Raises `NoSuchEmergency`."""
        with self.database.reading() as connection:
            found = one_emergency(
                connection,
                person=self.person,
                number=number,
                today=self.today,
                calendar=self.law.calendar,
                vault=self.vault,
            )
        if found is None:
            raise NoSuchEmergency
        self.consulted("emergency access", [found.view.case_id])
        return ReviewView(found)


TheReviews = Annotated[ReviewReader, Depends(ReviewReader)]


@router.get("")
def reviews_page(
    request: Request, person: CurrentPerson, database: TheDatabase, today: Today, law: TheLaw, consulted: Consulted
) -> Response:
    """What waits for a review, and what was reviewed."""
    with database.reading() as connection:
        found = emergencies(connection, person=person, today=today, calendar=law.calendar)
    consulted("emergency accesses", [one.case_id for one in found])
    return render(request, "emergency_access/reviews.html", ReviewsView(ReviewQueue.of(found)))


@router.get("/{number}")
def review_form(request: Request, number: Number, reviews: TheReviews) -> Response:
    """Who opened which case, why, what they looked at, and the form."""
    return render(request, "emergency_access/review.html", reviews.read(number), form=blank(ReviewForm))


@router.post("/{number}")
def review(request: Request, number: Number, form: Sent[ReviewForm], reviews: TheReviews, now: Now) -> Response:
    """Keep what was found. Raises `NoSuchEmergency`, `AnsweredAlready`."""
    values = form.values
    if values is None:
        return render(request, "emergency_access/review.html", reviews.read(number), form=form, status=422)
    with reviews.database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=reviews.person, now=now)
        review_emergency(
            connection,
            number=number,
            outcome=values.outcome,
            words=values.words,
            by=reviews.person,
            now=now,
            vault=reviews.vault,
        )
    return redirect("/emergency-reviews")
