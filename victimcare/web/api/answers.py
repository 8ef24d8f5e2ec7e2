"""What systems are told: the whole of it. A field that is not here does not leave."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from victimcare.domain.referral import Step
from victimcare.exchange.records.decisions import Fate
from victimcare.queries.agency_cases import SHOWN as STANDINGS
from victimcare.queries.agency_cases import AgencyCase, AgencyDuty, DutyInList
from victimcare.queries.service_referrals import ServiceReferral

SHOWN = tuple(standing.value for standing in STANDINGS)
BECAME = (*(fate.value for fate in Fate), "refused")
CaseRef = Annotated[str, Field(examples=["CASE-00042"])]


class Answer(BaseModel):
    """The base of every answer."""

    model_config = ConfigDict(extra="forbid")


class ToTell(Answer):
    """One thing that the victim must be told before the duty is met."""

    id: str = Field(examples=["date"])
    says: str = Field(examples=["The time, date and place"])


class DutyAnswer(Answer):
    """A duty that your agency owes. `duty` names it in `answers` of an event."""

    duty: str = Field(examples=["H-COURT9:01JW3V5G"])
    rule: str = Field(examples=["H-COURT9"])
    title: str = Field(examples=["Court to Witness Care Unit: outcome or sentence"])
    verified: bool = Field(description="Whether the wording was checked against the Code itself.")
    subject: str | None = Field(None, description="What it is about, by its label.", examples=["Hearing 1"])
    standing: Literal[SHOWN]  # type: ignore[valid-type]
    started_on: date | None = None
    due_on: date | None = None
    working_days_late: int = Field(ge=0)
    must_tell: list[ToTell]
    answered_by: list[str] = Field(description="The kinds of event that meet it.", examples=[["sentence_received"]])


class CaseAnswer(Answer):
    """A case as your agency knows it. `version` is also its ETag."""

    case: CaseRef
    version: int = Field(ge=1, examples=[7])
    duties: list[DutyAnswer]
    may_record: list[str] = Field(description="The kinds of event that your agency records.")


class CaseInList(Answer):
    """A case that concerns your agency."""

    case: CaseRef
    version: int = Field(ge=1)


class CasePage(Answer):
    """A page of the cases that concern your agency, by reference."""

    items: list[CaseInList]
    next: str | None = Field(None, description="The cursor of the next page; null on the last one.")


class DutyInListAnswer(Answer):
    """One duty in the list of all that your agency owes."""

    case: CaseRef
    rule: str
    title: str
    expected: bool = Field(description="It counts only once what it waits for has happened.")
    started_on: date | None = None
    due_on: date
    working_days_late: int = Field(ge=0)


class DutyPage(Answer):
    """A page of what your agency owes, the first due first."""

    items: list[DutyInListAnswer]
    next: str | None = None


class Recorded(Answer):
    """An event that was recorded."""

    event: str = Field(description="Its key.", examples=["01JW3V5G"])
    case: CaseRef
    kind: str


class ReferralAnswer(Answer):
    """A referral that lies with your service, by the reference that stands on what was sent."""

    referral: str = Field(examples=["0123456789abcdef"])
    sent_on: date
    now: str = Field(description="How far it has come.", examples=["sent"])
    now_on: date
    next_steps: list[str] = Field(description="What you can say of it now.", examples=[["accepted", "refused"]])


class ReferralPage(Answer):
    """A page of the referrals that lie with your service, the oldest first."""

    items: list[ReferralAnswer]
    next: str | None = None


class StepTaken(Answer):
    """What you said of a referral was recorded."""

    referral: str
    step: str


class FieldRefused(Answer):
    """A field that was not taken; empty where it is the whole record."""

    field: str = Field(examples=["crime_type"])
    reason: str = Field(examples=["there are cases of it already: a person decides what follows from this change"])


class RecordBecame(Answer):
    """What became of one record. `kept_here`: fields that changed here too, and stay as they are here."""

    became: Literal[BECAME] = Field(examples=["new"])  # type: ignore[valid-type]
    refused: list[FieldRefused]
    kept_here: list[str] = Field(examples=[["happened"]])


class RecordsTaken(Answer):
    """What became of each record, in the order in which they were sent; `joined` waited for them, and waits no more."""

    records: list[RecordBecame]
    joined: int = Field(ge=0)


class TokenAnswer(Answer):
    """A token, for the header Authorization: Bearer ..."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="Seconds.", examples=[900])
    scope: str = Field(examples=["cases:read events:record"])


def case_answer(case: AgencyCase, may_record: list[str]) -> CaseAnswer:
    """The case, as its agency reads it."""
    return CaseAnswer(
        case=case.ref, version=case.version, duties=[_duty(one) for one in case.duties], may_record=may_record
    )


def duty_in_list(duty: DutyInList) -> DutyInListAnswer:
    """A row of the list of duties."""
    return DutyInListAnswer(
        case=duty.ref,
        rule=duty.rule,
        title=duty.title,
        expected=duty.expected,
        started_on=duty.started_on,
        due_on=duty.due_on,
        working_days_late=duty.working_days_late,
    )


def referral_answer(view: ServiceReferral, steps: tuple[Step, ...]) -> ReferralAnswer:
    """A referral; `steps` are those that its service takes."""
    now = view.referral.now
    return ReferralAnswer(
        referral=view.id,
        sent_on=view.sent_on,
        now=now.step.name.lower(),
        now_on=now.on,
        next_steps=[step.name.lower() for step in view.referral.next_steps if step in steps],
    )


def _duty(duty: AgencyDuty) -> DutyAnswer:
    return DutyAnswer(
        duty=duty.duty,
        rule=duty.rule,
        title=duty.title,
        verified=duty.verified,
        subject=duty.subject,
        standing=duty.standing.value,
        started_on=duty.started_on,
        due_on=duty.due_on,
        working_days_late=duty.working_days_late,
        must_tell=[ToTell(id=one.id, says=one.says) for one in duty.must_tell],
        answered_by=[kind.value for kind in duty.answered_by],
    )
