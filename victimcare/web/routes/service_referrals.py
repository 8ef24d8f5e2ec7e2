"""The referrals of a service, for the people of that service: what was sent to it, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field

from victimcare.commands.answer_referral import (
    ANSWERS,
    WaysSent,
    answer_referral,
    not_with_their_service,
    open_ways_sent,
)
from victimcare.commands.use_form import use_form
from victimcare.domain.case import EventRefused
from victimcare.domain.people import Action
from victimcare.domain.referral import STEP_IN_WORDS, NoSuchReferral, Step
from victimcare.domain.support_needs import REFUSED_BECAUSE
from victimcare.editions.force_policy import published_policy
from victimcare.queries.service_referrals import ReferralSent, ServiceReferral, service_referral, service_referrals
from victimcare.web.deps import CurrentPerson, Disclosed, Now, TheDatabase, TheLaw, TheVault, Today
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import Button, FieldRefused, Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import typed_parts
from victimcare.web.typed_moments import moment_typed

router = APIRouter(prefix="/referrals")

SentId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
Options = tuple[tuple[str, str], ...]


class AnswerForm(Form):
    """What became of a referral, and when; the reason where it is a refusal."""

    step: Literal["accepted", "refused", "contacted", "started"] = Field(
        title="What happened", description="Choose what happened"
    )
    happened_on: CountedDay = Field(title="Date", description="Enter the date")
    reason: str = Field("", title="Why it was refused", max_length=40)


@dataclass(frozen=True, slots=True)
class ListView:
    """What lies with the service."""

    referrals: tuple[ServiceReferral, ...]


@dataclass(frozen=True, slots=True)
class OneView:
    """One referral, what can be said of it now, and, after they were opened, the ways to the victim."""

    sent: ReferralSent
    steps: Options
    reasons: Options
    opened: WaysSent | None = None


@dataclass(frozen=True, slots=True)
class ReferralReader:
    """Reads what was sent; each time that is written down as disclosed to the service."""

    person: CurrentPerson
    now: Now
    database: TheDatabase
    vault: TheVault
    disclosed: Disclosed

    @property
    def service(self) -> str:
        """To whom it is disclosed."""
        return f"service {self.person.service_id}"

    def all(self) -> ListView:
        """Everything that lies with the service."""
        with self.database.reading() as connection:
            found = service_referrals(connection, person=self.person)
        self.disclosed("referrals of a service", sorted({one.case_id for one in found}), to=self.service)
        return ListView(found)

    @contextmanager
    def trying(self, sent_id: str) -> Iterator[None]:
        """What is asked of a referral that is none of theirs is written down so."""
        try:
            yield
        except NoSuchReferral as refused:
            refused.add_note(not_with_their_service(sent_id))
            raise

    def one(self, sent_id: str, opened: WaysSent | None = None) -> OneView:
        """One of them. Raises `NoSuchReferral`, `DoesNotOpen`."""
        with self.trying(sent_id), self.database.reading() as connection:
            sent = service_referral(connection, person=self.person, referral_id=sent_id, vault=self.vault)
        self.disclosed(f"referral {sent_id}", [sent.view.case_id], to=self.service)
        possible = [step for step in sent.view.referral.next_steps if step in ANSWERS]
        steps = tuple((step.name.lower(), STEP_IN_WORDS[step]) for step in possible)
        return OneView(sent, steps, tuple(REFUSED_BECAUSE.items()), opened)


TheReferrals = Annotated[ReferralReader, Depends(ReferralReader)]


@router.get("", dependencies=[policy(Action.SEE_REFERRAL)])
def all_of_them(request: Request, referrals: TheReferrals) -> Response:
    """Every referral that lies with the service, by its reference."""
    return render(request, "referrals/list.html", referrals.all())


@router.get("/{sent_id}", dependencies=[policy(Action.SEE_REFERRAL)])
def one(request: Request, sent_id: SentId, referrals: TheReferrals, today: Today) -> Response:
    """What was sent, but for the ways to the victim, and the form of what became of it."""
    form = blank(AnswerForm, **typed_parts("happened_on", today))
    return render(request, "referrals/one.html", referrals.one(sent_id), form=form)


@router.post("/{sent_id}/ways", dependencies=[policy(Action.SEE_REFERRAL)])
def ways(
    request: Request, sent_id: SentId, form: Sent[Button], referrals: TheReferrals, now: Now, today: Today
) -> Response:
    """The ways to the victim that went with it and are safe now: written down first."""
    with referrals.trying(sent_id), referrals.database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=referrals.person, now=now)
        opened = open_ways_sent(
            connection,
            referral_id=sent_id,
            by=referrals.person,
            now=now,
            vault=referrals.vault,
            policy=published_policy(),
        )
    answer = blank(AnswerForm, **typed_parts("happened_on", today))
    return render(request, "referrals/one.html", referrals.one(sent_id, opened), form=answer)


@router.post("/{sent_id}", dependencies=[policy(Action.ANSWER_REFERRAL)])
def answer(
    request: Request, sent_id: SentId, form: Sent[AnswerForm], referrals: TheReferrals, law: TheLaw, now: Now
) -> Response:
    """Record what became of it."""
    if form.values is None:
        return _again(request, sent_id, form, referrals)
    try:
        _record(sent_id, form.values, form.form_key, referrals, law, now)
    except FieldRefused as refused:
        return _again(request, sent_id, form.with_error(refused.field, refused.message), referrals)
    except EventRefused as refused:
        where = refused.field if refused.field == "reason" else "happened_on"
        words = f"{refused.why[:1].upper()}{refused.why[1:]}"
        return _again(request, sent_id, form.with_error(where, words), referrals)
    return redirect("/referrals")


def _record(sent_id: str, values: AnswerForm, form_key: str, referrals: ReferralReader, law: TheLaw, now: Now) -> None:
    step = Step[values.step.upper()]
    if values.reason and (step is not Step.REFUSED or values.reason not in REFUSED_BECAUSE):
        raise FieldRefused("reason", "Choose a reason only where it was refused")
    happened = moment_typed(values.happened_on, None, now=now)
    with referrals.trying(sent_id), referrals.database.writing() as connection:
        use_form(connection, form_key=form_key, by=referrals.person, now=now)
        answer_referral(
            connection,
            referral_id=sent_id,
            step=step,
            happened=happened,
            reason=values.reason or None,
            by=referrals.person,
            now=now,
            law=law,
        )


def _again(request: Request, sent_id: str, form: Submitted[AnswerForm], referrals: ReferralReader) -> Response:
    return render(request, "referrals/one.html", referrals.one(sent_id), form=form, status=422)
