"""Support: where each referral stands, who fits, what goes to a service, and each step after it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response
from pydantic import Field

from victimcare.commands.refer_victim import NewReferral, agreed_on, refer_victim
from victimcare.commands.take_referral_step import NewStep, record_gap, take_referral_step
from victimcare.domain.directory import Match
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.journey import Moment
from victimcare.domain.people import Action
from victimcare.domain.referral import STEP_IN_WORDS, Referral, Step
from victimcare.domain.referral_content import Agreed, hash_of
from victimcare.domain.referral_policy import MODE_IN_WORDS
from victimcare.domain.sending_referrals import Asked, Said
from victimcare.domain.support_needs import REFUSED_BECAUSE, SUPPORT_NEEDS
from victimcare.editions.force_policy import published_policy
from victimcare.editions.referral_policy import published_referral_policy
from victimcare.queries.case_page import CasePage, DutyView
from victimcare.queries.support import SupportPage, support_page
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.answers import answers_of
from victimcare.web.case_forms import CaseForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheLaw, Today
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import Sent
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import TimeTyped, typed_parts
from victimcare.web.typed_moments import moment_typed

router = APIRouter(prefix="/cases/{ref}/support")

ServiceId = Annotated[str, Path(pattern=r"^[0-9a-z-]{1,40}$")]
EventKey = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
StepName = Literal["received", "accepted", "refused", "contacted", "started", "ended"]


class ReferForm(CaseForm):
    """What must be said before a referral goes, and when it goes."""

    agreed: Literal["yes", "not_asked"] = Field(title="Agreement", description="Say whether the victim agreed")
    guardian: Literal["yes", ""] = Field("", title="Parent or guardian")
    specialist: Literal["yes", ""] = Field("", title="Specialist service")
    no_safe_way: Literal["yes", ""] = Field("", title="Safe contact")
    happened_on: CountedDay = Field(title="Date", description="Enter the date")
    happened_time: TimeTyped | None = Field(None, title="Time", description="Enter a time, or leave it empty")
    duties: list[str] = Field([], title="What it answered", max_length=100)
    told: list[str] = Field([], title="What was told", max_length=300)


class StepForm(CaseForm):
    """When a step was taken; the reason where it is a refusal."""

    happened_on: CountedDay = Field(title="Date", description="Enter the date")
    happened_time: TimeTyped | None = Field(None, title="Time", description="Enter a time, or leave it empty")
    reason: str = Field("", title="Why it was refused", description="Choose why it was refused", max_length=40)


@dataclass(frozen=True, slots=True)
class SupportView:
    """The page of support, in words."""

    case: CasePage
    page: SupportPage
    duties: tuple[DutyView, ...]
    recorded: str = ""
    changed: tuple[TimelineEntry, ...] = ()
    needs: tuple[tuple[str, str], ...] = tuple(SUPPORT_NEEDS.items())

    @property
    def mode(self) -> str:
        """The force's policy in words."""
        return MODE_IN_WORDS[self.page.file.policy.mode]

    @property
    def nobody_fits(self) -> bool:
        """Whether no service fits, or some need is met by none."""
        return bool(self.page.file.unmet) or not any(match.fits for match in self.page.file.matches)


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


@dataclass(frozen=True, slots=True)
class StepView:
    """The form of one step of a referral."""

    case: CasePage
    referral: Referral
    step: StepName
    title: str
    reasons: tuple[tuple[str, str], ...]
    changed: tuple[TimelineEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class SentView:
    """What went to a service, to print. `same`: it would be word for word the same today; None: nothing was kept."""

    case: CasePage
    referral: Referral
    content: tuple[tuple[str, str], ...]
    same: bool | None
    told_no_safe_way: bool


class SupportReader:
    """Reads the way to support of the case in the address."""

    def __init__(
        self, ref: CaseRef, cases: TheCases, person: CurrentPerson, database: TheDatabase, now: Now, law: TheLaw
    ) -> None:
        self._ref, self._cases, self._person = ref, cases, person
        self._database, self._now, self._law = database, now, law

    def case(self) -> CasePage:
        """The case, with who looked at it written down."""
        return self._cases.read(self._ref)

    def page(self) -> SupportPage:
        """Its way to support. Raises `NoSuchCase`."""
        with self._database.reading() as connection:
            return support_page(
                connection,
                person=self._person,
                ref=self._ref,
                now=self._now,
                law=self._law,
                policy=published_referral_policy(),
                contact=published_policy(),
            )


TheSupport = Annotated[SupportReader, Depends(SupportReader)]


@router.get("", dependencies=[policy(Action.SEE_CASE)])
def support(request: Request, reader: TheSupport, recorded: EventKind | None = None) -> Response:
    """Where the victim stands on the way to support, and who fits."""
    case = reader.case()
    words = EVENT_KINDS[recorded].title if recorded else ""
    return render(
        request, "support/support.html", _view(case, (), reader=reader, recorded=words), form=opened(CaseForm, case)
    )


@router.get("/refer/{service_id}", dependencies=[policy(Action.RECORD_EVENT)])
def refer_form(request: Request, service_id: ServiceId, reader: TheSupport, today: Today) -> Response:
    """What goes to this service, before it goes."""
    case = reader.case()
    view = _refer_view(case, (), reader=reader, service_id=service_id)
    agreed = "yes" if view.page.file.support.agreed else ""
    form = opened(
        ReferForm,
        case,
        agreed=agreed,
        duties=[duty.anchor for duty in view.duties],
        **typed_parts("happened_on", today),
    )
    return render(request, "support/refer.html", view, form=form)


@router.post("/refer/{service_id}", dependencies=[policy(Action.RECORD_EVENT)])
def refer(
    ref: CaseRef, service_id: ServiceId, form: Sent[ReferForm], reader: TheSupport, writer: TheCaseWriter, now: Now
) -> Response:
    """Send the referral: record it, and keep what went."""

    def asked(values: ReferForm, case: CasePage) -> NewReferral:
        said = Said(
            victim_agreed=values.agreed == "yes",
            guardian_agreed=values.guardian == "yes",
            specialist_offered=values.specialist == "yes",
            service_told_no_safe_way=values.no_safe_way == "yes",
        )
        happened = moment_typed(values.happened_on, values.happened_time, now=now)
        answers = answers_of(case.answerable_by(EventKind.REFERRAL_SENT), values.duties, values.told)
        return NewReferral(service_id, happened, said, answers)

    return writer.write(
        ref,
        form,
        FormPage("support/refer.html", partial(_refer_view, reader=reader, service_id=service_id)),
        asked=asked,
        record=lambda connection, referral, how: refer_victim(
            connection, referral=referral, policy=published_referral_policy(), contact=published_policy(), **how
        ),
        done=f"/cases/{ref}/support?recorded=referral_sent",
    )


@router.post("/gap", dependencies=[policy(Action.RECORD_EVENT)])
def gap(ref: CaseRef, form: Sent[CaseForm], reader: TheSupport, writer: TheCaseWriter) -> Response:
    """Nobody fits: kept, and counted as a gap of the directory."""
    return writer.write(
        ref,
        form,
        FormPage("support/support.html", partial(_view, reader=reader)),
        asked=lambda values, case: None,
        record=lambda connection, _, how: record_gap(
            connection, policy=published_referral_policy(), contact=published_policy(), **how
        ),
        done=f"/cases/{ref}/support?recorded=no_service_fits",
    )


@router.get("/referrals/{key}/sent", dependencies=[policy(Action.SEE_CASE)])
def sent(request: Request, key: EventKey, reader: TheSupport, consulted: Consulted) -> Response:
    """What went to a service, to print."""
    case, page = reader.case(), reader.page()
    referral = page.file.support.referral(key)
    kept = page.sent.get(key)
    content = _content_as_sent(page, referral)
    same = None if kept is None else hash_of(content) == kept.content_hash
    consulted("what a referral sent", [case.case_id])
    view = SentView(case, referral, content, same, bool(kept and kept.told_no_safe_way))
    return render(request, "support/sent.html", view)


@router.get("/referrals/{key}/{step}", dependencies=[policy(Action.RECORD_EVENT)])
def step_form(request: Request, key: EventKey, step: StepName, reader: TheSupport, today: Today) -> Response:
    """The form of one step, today's date filled in."""
    case = reader.case()
    view = _step_view(case, (), reader=reader, key=key, step=step)
    form = opened(StepForm, case, **typed_parts("happened_on", today))
    return render(request, "support/step.html", view, form=form)


@router.post("/referrals/{key}/{step}", dependencies=[policy(Action.RECORD_EVENT)])
def take_step(
    ref: CaseRef,
    key: EventKey,
    step: StepName,
    form: Sent[StepForm],
    reader: TheSupport,
    writer: TheCaseWriter,
    now: Now,
) -> Response:
    """Record the step."""
    taken = Step[step.upper()]

    def asked(values: StepForm, _case: CasePage) -> NewStep:
        happened: Moment = moment_typed(values.happened_on, values.happened_time, now=now)
        return NewStep(key, taken, happened, values.reason or None)

    return writer.write(
        ref,
        form,
        FormPage("support/step.html", partial(_step_view, reader=reader, key=key, step=step)),
        asked=asked,
        record=lambda connection, wanted, how: take_referral_step(connection, step=wanted, **how),
        done=f"/cases/{ref}/support?recorded={taken.value.value}",
    )


def _view(
    case: CasePage, changed: tuple[TimelineEntry, ...], *, reader: SupportReader, recorded: str = ""
) -> SupportView:
    return SupportView(case, reader.page(), case.answerable_by(EventKind.REFERRAL_SENT), recorded, changed)


def _refer_view(
    case: CasePage, changed: tuple[TimelineEntry, ...], *, reader: SupportReader, service_id: str
) -> ReferView:
    page = reader.page()
    match = page.file.match(service_id)
    support = page.file.support
    agreed = agreed_on(support, Said(victim_agreed=page.file.asked(match).consent), Moment.day(page.today))
    content = page.file.content(agreed, sent_on=page.today)
    duties = case.answerable_by(EventKind.REFERRAL_SENT)
    return ReferView(case, page, match, page.file.asked(match), content, duties, changed)


def _step_view(
    case: CasePage, changed: tuple[TimelineEntry, ...], *, reader: SupportReader, key: str, step: StepName
) -> StepView:
    referral = reader.page().file.support.referral(key)
    if not case.may_record:
        raise HTTPException(404)
    reasons = tuple(REFUSED_BECAUSE.items()) if step == "refused" else ()
    return StepView(case, referral, step, STEP_IN_WORDS[Step[step.upper()]], reasons, changed)


def _content_as_sent(page: SupportPage, referral: Referral) -> tuple[tuple[str, str], ...]:
    sent_on = referral.steps[0].on
    support = page.file.support
    agreed_before = support.agreed and support.answered_on is not None and support.answered_on <= sent_on
    on = support.answered_on if agreed_before and support.answered_on else sent_on
    return page.file.content(Agreed(agreed_before, on, support.guardian_agreed), sent_on=sent_on)
