"""The referrals that lie with a service, for its system: how far each has come, and what the service says of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from fastapi import Depends as Asks
from pydantic import Field, TypeAdapter

from victimcare.commands.answer_once import answer_once
from victimcare.commands.answer_referral import ANSWERS, answer_referral, check_lies_with, not_with_their_service
from victimcare.domain.api_scopes import ApiScope
from victimcare.domain.people import Action
from victimcare.domain.referral import NoSuchReferral, Step
from victimcare.domain.support_needs import REFUSED_BECAUSE
from victimcare.exchange.said_details import Said
from victimcare.exchange.said_moments import MomentSaid
from victimcare.queries.service_referrals import ServiceReferral, service_referrals
from victimcare.web.api.answers import ReferralAnswer, ReferralPage, StepTaken, referral_answer
from victimcare.web.api.bodies import Write, write_of
from victimcare.web.api.callers import Caller, DisclosedToSystem, TheCaller, system_may
from victimcare.web.api.contract import body
from victimcare.web.api.paging import ThePage, cursor_after
from victimcare.web.deps import Now, TheDatabase, TheLaw

router = APIRouter(prefix="/api/v1", tags=["referrals"])

ReferralId = Annotated[
    str,
    Path(pattern=r"^[0-9a-f]{16}$", description="The reference on what was sent.", examples=["0123456789abcdef"]),
]
_READS = system_may(Action.SEE_REFERRAL, ApiScope.READ_REFERRALS)
_ANSWERS = system_may(Action.ANSWER_REFERRAL, ApiScope.ANSWER_REFERRALS)
_REASONS: Any = Literal[tuple(REFUSED_BECAUSE)]


class RefusedBody(Said):
    """The service does not take it, and why."""

    step: Literal["refused"]
    happened_at: MomentSaid
    reason: _REASONS


class TakenBody(Said):
    """The service accepted it, reached the victim, or began."""

    step: Literal["accepted", "contacted", "started"]
    happened_at: MomentSaid


STEP: TypeAdapter[RefusedBody | TakenBody] = TypeAdapter(
    Annotated[RefusedBody | TakenBody, Field(discriminator="step")]
)


@router.get("/referrals", response_model=ReferralPage, dependencies=[_READS])
def referrals(page: ThePage, caller: TheCaller, disclosed: DisclosedToSystem, database: TheDatabase) -> Any:
    """Every referral that lies with your service: what was sent is on the document itself, and not here."""
    after = page.after(2)
    rest = [one for one in _all(database, caller) if after is None or _place(one) > after]
    shown = rest[: page.limit]
    disclosed("referrals of a service", sorted({one.case_id for one in shown}))
    more = cursor_after(*_place(shown[-1])) if len(rest) > page.limit else None
    return ReferralPage(items=[referral_answer(one, ANSWERS) for one in shown], next=more)


@router.get("/referrals/{referral}", response_model=ReferralAnswer, dependencies=[_READS])
def one_referral(referral: ReferralId, caller: TheCaller, disclosed: DisclosedToSystem, database: TheDatabase) -> Any:
    """How far one has come."""
    with _trying(referral):
        found = next((one for one in _all(database, caller) if one.id == referral), None)
        if found is None:
            raise NoSuchReferral
    disclosed(f"referral {referral}", [found.case_id])
    return referral_answer(found, ANSWERS)


_EXAMPLES = {
    "It was accepted": {"step": "accepted", "happened_at": "2026-05-20"},
    "It was refused": {"step": "refused", "happened_at": "2026-05-20T11:00:00Z", "reason": "wrong_number"},
}
StepWrite = Annotated[Write[RefusedBody | TakenBody], Asks(write_of(STEP))]


@router.post(
    "/referrals/{referral}/steps",
    status_code=201,
    response_model=StepTaken,
    openapi_extra=body("StepBody", STEP, _EXAMPLES),
    dependencies=[_ANSWERS],
)
def take_step(
    referral: ReferralId, write: StepWrite, caller: TheCaller, database: TheDatabase, law: TheLaw, now: Now
) -> Any:
    """Say what became of it: accepted, refused, contact made, support started."""
    said = write.body

    def do() -> str:
        answer_referral(
            connection,
            referral_id=referral,
            step=Step[said.step.upper()],
            happened=said.happened_at,
            reason=getattr(said, "reason", None),
            by=caller.person,
            now=now,
            law=law,
        )
        return StepTaken(referral=referral, step=said.step).model_dump_json()

    with _trying(referral), database.writing() as connection:
        check_lies_with(connection, referral_id=referral, by=caller.person)
        answer = answer_once(
            connection, key=write.key, request_hash=write.request_hash, by=caller.person, now=now, do=do
        )
    return StepTaken.model_validate_json(answer)


def _place(one: ServiceReferral) -> tuple[str, str]:
    """Where it stands in the list, whatever others leave it."""
    return one.asked_at.isoformat(), one.id


def _all(database: TheDatabase, caller: Caller) -> tuple[ServiceReferral, ...]:
    with database.reading() as connection:
        return service_referrals(connection, person=caller.person)


@contextmanager
def _trying(referral: str) -> Iterator[None]:
    """What is asked of a referral that is none of theirs is written down so."""
    try:
        yield
    except NoSuchReferral as refused:
        refused.add_note(not_with_their_service(referral))
        raise
