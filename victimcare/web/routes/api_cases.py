"""What another agency owes in the cases that concern it, and what it records there, for its system."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Response
from fastapi import Depends as Asks

from victimcare.commands.answer_once import answer_once
from victimcare.commands.record_for_agency import open_for_agency, record_for_agency
from victimcare.domain.agencies import RECORDED_BY
from victimcare.domain.api_scopes import ApiScope
from victimcare.domain.people import Action
from victimcare.queries.agency_cases import agency_case, agency_cases, agency_duties
from victimcare.web.api.answers import (
    CaseAnswer,
    CaseInList,
    CasePage,
    DutyPage,
    Recorded,
    case_answer,
    duty_in_list,
)
from victimcare.web.api.bodies import Write, write_of
from victimcare.web.api.callers import DisclosedToSystem, TheCaller, system_may
from victimcare.web.api.contract import body
from victimcare.web.api.events import EVENT, EventBody, new_event
from victimcare.web.api.paging import ThePage, cursor_after, no_such_place
from victimcare.web.deps import Now, TheDatabase, TheLaw, Today

router = APIRouter(prefix="/api/v1", tags=["cases"])

CaseRef = Annotated[
    str, Path(pattern=r"^[0-9A-Za-z-]{1,20}$", description="The reference of the case.", examples=["CASE-00042"])
]
Known = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        max_length=40,
        description="The ETag of the case as you have it: 304 where it is that.",
    ),
]
_READS = system_may(Action.SEE_FOR_AGENCY, ApiScope.READ_CASES)
_RECORDS = system_may(Action.RECORD_FOR_AGENCY, ApiScope.RECORD_EVENTS)


@router.get("/cases", response_model=CasePage, dependencies=[_READS])
def cases(page: ThePage, caller: TheCaller, disclosed: DisclosedToSystem, database: TheDatabase) -> Any:
    """The cases that concern your agency: it owes something there now, or has recorded something."""
    after = (page.after(1) or ("",))[0]
    with database.reading() as connection:
        found = agency_cases(connection, person=caller.person, after=after, limit=page.limit + 1)
    shown = found[: page.limit]
    disclosed("cases of an agency", [case.case_id for case in shown])
    more = cursor_after(shown[-1].ref) if len(found) > page.limit else None
    return CasePage(items=[CaseInList(case=case.ref, version=case.version) for case in shown], next=more)


@router.get("/duties", response_model=DutyPage, dependencies=[_READS])
def duties(
    page: ThePage,
    caller: TheCaller,
    disclosed: DisclosedToSystem,
    database: TheDatabase,
    law: TheLaw,
    today: Today,
) -> Any:
    """Everything that your agency owes now, or will once a hearing is over; the first due first."""
    place = page.after(4)
    try:
        after = (date.fromisoformat(place[0]), *place[1:]) if place else None
    except ValueError:
        raise no_such_place() from None
    asked: Any = {"person": caller.person, "after": after, "limit": page.limit + 1, "law": law, "today": today}
    with database.reading() as connection:
        found = agency_duties(connection, **asked)
    shown = found[: page.limit]
    disclosed("duties of an agency", [duty.case_id for duty in shown])
    last = shown[-1] if len(found) > page.limit else None
    more = cursor_after(last.due_on.isoformat(), last.ref, last.rule, last.start) if last else None
    return DutyPage(items=[duty_in_list(duty) for duty in shown], next=more)


@router.get(
    "/cases/{ref}",
    response_model=CaseAnswer,
    responses={304: {"description": "It is still as you have it."}},
    dependencies=[_READS],
)
def case(
    ref: CaseRef,
    response: Response,
    caller: TheCaller,
    disclosed: DisclosedToSystem,
    database: TheDatabase,
    law: TheLaw,
    today: Today,
    known: Known = None,
) -> Any:
    """What your agency owes in one case, and what it may record there."""
    with database.reading() as connection:
        found = agency_case(connection, person=caller.person, ref=ref, law=law, today=today)
    disclosed("case of an agency", [found.case_id])
    answer = case_answer(found, sorted(RECORDED_BY[str(caller.person.agency)]))
    etag = f'"{found.version}-{sha256(answer.model_dump_json().encode()).hexdigest()[:8]}"'
    if known == etag:
        return Response(status_code=304, headers={"ETag": etag})
    response.headers["ETag"] = etag
    return answer


_EXAMPLES = {
    "The result of a trial, from the court": {
        "kind": "court_outcome_received",
        "happened_at": "2026-05-19T15:20:00Z",
        "received_at": "2026-05-20T08:05:00Z",
        "subject": "Hearing 1",
        "details": {"outcome": "guilty"},
    },
    "The next hearing, from the court": {
        "kind": "hearing_listed",
        "happened_at": "2026-05-19",
        "subject": "Hearing 2",
        "details": {"hearing_on": "2026-06-12", "hearing_type": "sentence"},
    },
    "The victim was told, by the Witness Care Unit": {
        "kind": "contact_made",
        "happened_at": "2026-05-20T10:00:00Z",
        "details": {"channel": "phone"},
        "answers": [{"duty": "R9-OUT:0a1b2c3d4e5f6a7b8c9d", "told": ["outcome"]}],
    },
    "The victim liaison officer's first contact, from probation": {
        "kind": "vcs_first_contact",
        "happened_at": "2026-05-20",
        "answers": [{"duty": "R11-VLO:0a1b2c3d4e5f6a7b8c9d"}],
    },
}
EventWrite = Annotated[Write[EventBody], Asks(write_of(EVENT))]


@router.post(
    "/cases/{ref}/events",
    status_code=201,
    response_model=Recorded,
    openapi_extra=body("EventBody", EVENT, _EXAMPLES),
    dependencies=[_RECORDS],
)
def record(
    ref: CaseRef,
    write: EventWrite,
    caller: TheCaller,
    database: TheDatabase,
    law: TheLaw,
    now: Now,
) -> Any:
    """Record something that happened, in one case; what happened to the crime, in every case of it."""
    event = new_event(write.body)

    def do() -> str:
        key = record_for_agency(
            connection,
            ref=ref,
            event=event,
            by=caller.person,
            now=now,
            law=law,
            seen_version=write.seen_version,
            opened=opened,
        )
        return Recorded(event=key, case=ref, kind=event.kind.value).model_dump_json()

    with database.writing() as connection:
        opened = open_for_agency(connection, ref=ref, kind=event.kind, by=caller.person)
        answer = answer_once(
            connection, key=write.key, request_hash=write.request_hash, by=caller.person, now=now, do=do
        )
    return Recorded.model_validate_json(answer)
