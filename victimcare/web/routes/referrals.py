"""Referring a victim: what goes is seen before it goes, then it leaves by itself, or is printed and handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import Field

from victimcare.commands.refer_victim import NewReferral, agreed_on, refer_victim
from victimcare.commands.send_message import Post
from victimcare.commands.send_referral import (
    ReferralRefused,
    hand_over_referral,
    print_referral,
    withdraw_referral,
)
from victimcare.commands.use_form import use_form
from victimcare.domain.directory import Delivery, Match
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Moment
from victimcare.domain.people import Action
from victimcare.domain.referral_content import ReferralDocument
from victimcare.domain.sending_referrals import Asked, Said
from victimcare.editions.force_policy import published_policy
from victimcare.editions.referral_policy import published_referral_policy
from victimcare.queries.case_duties import DutyView
from victimcare.queries.case_page import CasePage
from victimcare.queries.support import SupportPage
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.answers import answers_of
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_references import CaseRef
from victimcare.web.contact_reading import TheContacts
from victimcare.web.deps import Now, TheLaw, Today
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import Button, FieldRefused, Sent
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.support_reading import OutgoingId, ServiceId, SupportReader, TheSupport
from victimcare.web.typed_dates import typed_parts
from victimcare.web.typed_moments import moment_typed

router = APIRouter(prefix="/cases/{ref}/support")


class ReferForm(CaseForm):
    """What must be said before a referral goes."""

    agreed: Literal["yes", "not_asked"] = Field(title="Agreement", description="Say whether the victim agreed")
    guardian: Literal["yes", ""] = Field("", title="Parent or guardian")
    specialist: Literal["yes", ""] = Field("", title="Specialist service")
    no_safe_way: Literal["yes", ""] = Field("", title="Safe contact")
    duties: list[str] = Field([], title="What it answered", max_length=100)
    told: list[str] = Field([], title="What was told", max_length=300)


class HandedOverForm(CaseForm):
    """When what was printed was handed over."""

    happened_on: CountedDay = Field(title="Date", description="Enter the date")


@dataclass(frozen=True, slots=True)
class ReferView:
    """The form of a referral to one service, with exactly what goes."""

    case: CasePage
    page: SupportPage
    match: Match
    asked: Asked
    content: tuple[tuple[str, str], ...]
    duties: tuple[DutyView, ...]
    changed: tuple[TimelineEntry, ...] = ()

    @property
    def by_email(self) -> bool:
        """Whether it leaves by itself."""
        return self.match.service.delivery is Delivery.EMAIL


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A referral with all that the service must have, shown once to be printed."""

    case: CasePage
    referral_id: str
    document: ReferralDocument


@dataclass(frozen=True, slots=True)
class HandedOverView:
    """The form that says when what was printed was handed over."""

    case: CasePage
    referral_id: str
    changed: tuple[TimelineEntry, ...] = ()


@router.get("/refer/{service_id}", dependencies=[policy(Action.RECORD_EVENT)])
def refer_form(request: Request, service_id: ServiceId, reader: TheSupport) -> Response:
    """What goes to this service, before it goes."""
    case = reader.case()
    view = _refer_view(case, (), reader=reader, service_id=service_id)
    agreed = "yes" if view.page.file.support.agreed else ""
    form = opened(ReferForm, case, agreed=agreed, duties=[duty.anchor for duty in view.duties])
    return render(request, "support/refer.html", view, form=form)


@router.post("/refer/{service_id}", dependencies=[policy(Action.RECORD_EVENT)])
def refer(
    ref: CaseRef, service_id: ServiceId, form: Sent[ReferForm], reader: TheSupport, writer: TheCaseWriter
) -> Response:
    """Put the referral on its way."""
    page: FormPage[NewReferral] = FormPage(
        "support/refer.html", partial(_refer_view, reader=reader, service_id=service_id)
    )
    return writer.write(
        ref,
        form,
        page,
        asked=partial(_referral_asked, service_id=service_id),
        record=lambda connection, referral, how: refer_victim(
            connection,
            referral=referral,
            policy=published_referral_policy(),
            contact=published_policy(),
            vault=reader.vault,
            **how,
        ),
        done=f"/cases/{ref}/support?done={'on_its_way' if _leaves_by_itself(reader, service_id) else 'to_print'}",
    )


@router.post("/outgoing/{referral_id}/print", dependencies=[policy(Action.RECORD_EVENT)])
def show_document(
    request: Request,
    ref: CaseRef,
    referral_id: OutgoingId,
    form: Sent[Button],
    reader: TheSupport,
    contacts: TheContacts,
    law: TheLaw,
) -> Response:
    """The referral with the safe ways to the victim, ready to print: written down first."""
    case, now, person = reader.case(), contacts.now, contacts.person
    post = Post(contacts.vault, contacts.policy)
    try:
        with contacts.trying(f"print referral {referral_id}") as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            document = print_referral(
                connection, ref=ref, referral_id=referral_id, by=person, now=now, law=law, post=post
            )
    except ReferralRefused as refused:
        again = opened(CaseForm, case).with_error("", f"This was not done: {refused.why}")
        return render(request, "support/support.html", reader.view(case), form=again, status=409)
    return render(request, "support/document.html", DocumentView(case, referral_id, document))


@router.get("/outgoing/{referral_id}/handed-over", dependencies=[policy(Action.RECORD_EVENT)])
def handed_over_form(request: Request, referral_id: OutgoingId, reader: TheSupport, today: Today) -> Response:
    """When was what was printed handed over?"""
    case = reader.case()
    view = _handed_over_view(case, (), reader=reader, referral_id=referral_id)
    form = opened(HandedOverForm, case, **typed_parts("happened_on", today))
    return render(request, "support/handed_over.html", view, form=form)


@router.post("/outgoing/{referral_id}/handed-over", dependencies=[policy(Action.RECORD_EVENT)])
def handed_over(
    ref: CaseRef,
    referral_id: OutgoingId,
    form: Sent[HandedOverForm],
    reader: TheSupport,
    writer: TheCaseWriter,
    now: Now,
) -> Response:
    """It was handed over: now it was sent."""
    page: FormPage[Moment] = FormPage(
        "support/handed_over.html", partial(_handed_over_view, reader=reader, referral_id=referral_id)
    )
    return writer.write(
        ref,
        form,
        page,
        asked=lambda values, _case: moment_typed(values.happened_on, None, now=now),
        record=lambda connection, happened, how: _in_words(
            partial(hand_over_referral, connection, referral_id=referral_id, happened=happened, **how)
        ),
        done=f"/cases/{ref}/support?done=handed_over",
    )


@router.post("/outgoing/{referral_id}/withdraw", dependencies=[policy(Action.RECORD_EVENT)])
def withdraw(
    ref: CaseRef, referral_id: OutgoingId, form: Sent[CaseForm], reader: TheSupport, writer: TheCaseWriter
) -> Response:
    """Take it back before it leaves, or put aside what did not."""
    return writer.write(
        ref,
        form,
        FormPage("support/support.html", reader.view),
        asked=lambda values, case: None,
        record=lambda connection, _, how: _in_words(
            partial(withdraw_referral, connection, ref=ref, referral_id=referral_id, by=how["by"], now=how["now"])
        ),
        done=f"/cases/{ref}/support?done=withdrawn",
    )


def _referral_asked(values: ReferForm, case: CasePage, *, service_id: str) -> NewReferral:
    said = Said(
        victim_agreed=values.agreed == "yes",
        guardian_agreed=values.guardian == "yes",
        specialist_offered=values.specialist == "yes",
        service_told_no_safe_way=values.no_safe_way == "yes",
    )
    answers = answers_of(case.answerable_by(EventKind.REFERRAL_SENT), values.duties, values.told)
    return NewReferral(service_id, said, answers)


def _leaves_by_itself(reader: SupportReader, service_id: str) -> bool:
    return reader.page().file.match(service_id).service.delivery is Delivery.EMAIL


def _refer_view(
    case: CasePage, changed: tuple[TimelineEntry, ...], *, reader: SupportReader, service_id: str
) -> ReferView:
    page = reader.page()
    match = page.file.match(service_id)
    asked = page.file.asked(match)
    agreed = agreed_on(page.file.support, Said(victim_agreed=asked.consent), page.today)
    content = page.file.content(agreed, sent_on=page.today)
    return ReferView(case, page, match, asked, content, case.answerable_by(EventKind.REFERRAL_SENT), changed)


def _handed_over_view(
    case: CasePage, changed: tuple[TimelineEntry, ...], *, reader: SupportReader, referral_id: str
) -> HandedOverView:
    if not case.may_record or all(referral.id != referral_id for referral in reader.page().outgoing):
        raise HTTPException(404)
    return HandedOverView(case, referral_id, changed)


def _in_words(command: Callable[[], None]) -> None:
    """Do it, or say at the head of the form why it was not done."""
    try:
        command()
    except ReferralRefused as refused:
        raise FieldRefused("", f"This was not done: {refused.why}") from refused
