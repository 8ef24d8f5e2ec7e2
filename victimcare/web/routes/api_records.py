"""Records of the force's own system, a few at a time: taken as those in files are, and what became of each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi import Depends as Asks
from pydantic import BaseModel, ConfigDict, Field, StrictInt, TypeAdapter

from victimcare.commands.answer_once import answer_once
from victimcare.domain.api_scopes import ApiScope
from victimcare.domain.people import Action
from victimcare.exchange.records.decisions import Taking
from victimcare.exchange.records.schema import KINDS
from victimcare.exchange.records.sent import MOST, Sent, take_sent
from victimcare.web.api.answers import FieldRefused, RecordBecame, RecordsTaken
from victimcare.web.api.bodies import Write, write_of
from victimcare.web.api.callers import TheCaller, system_may
from victimcare.web.api.contract import body
from victimcare.web.deps import Now, TheDatabase, TheLaw, TheVault

router = APIRouter(prefix="/api/v1", tags=["records"])

_BRINGS = system_may(Action.BRING_RECORDS, ApiScope.BRING_RECORDS)
_KINDS: Any = Literal[KINDS]


class AnyRecord(BaseModel):
    """A record. What else it says depends on its kind, as the JSON Schema of records has it (records-v1.json)."""

    model_config = ConfigDict(extra="allow")

    kind: _KINDS
    source: str
    id: str
    version: StrictInt


RECORDS: TypeAdapter[list[AnyRecord]] = TypeAdapter(Annotated[list[AnyRecord], Field(min_length=1, max_length=MOST)])
_CRIME = {
    "kind": "crime",
    "source": "rms",
    "id": "40/90001/26",
    "version": 1,
    "crime_type": "Robbery",
    "area": "Luton",
    "reported_at": "2026-05-18T09:10:00+01:00",
    "recorded_at": "2026-05-18T10:00:00+01:00",
}
_VICTIM = {"kind": "victim", "source": "rms", "id": "40/90001/26/1", "version": 1, "crime": "40/90001/26"}
_EXAMPLES = {
    "A new crime and its victim": [_CRIME, _VICTIM],
    "It was recorded an hour later": [_CRIME | {"version": 2, "recorded_at": "2026-05-18T11:00:00+01:00"}],
}
RecordsWrite = Annotated[Write[list[AnyRecord]], Asks(write_of(RECORDS))]


@router.post(
    "/records",
    response_model=RecordsTaken,
    openapi_extra=body("RecordsBody", RECORDS, _EXAMPLES),
    dependencies=[_BRINGS],
)
def bring_records(
    write: RecordsWrite, caller: TheCaller, database: TheDatabase, law: TheLaw, vault: TheVault, now: Now
) -> Any:
    """Bring in records: one that cannot be taken is refused with field and reason, and every other is taken."""

    def do() -> str:
        taking = Taking(connection, law, vault, now)
        became, joined = take_sent(taking, [each.model_dump() for each in write.body], by=caller.person)
        return RecordsTaken(records=[_said(one) for one in became], joined=joined).model_dump_json()

    # Hashed with the vault's key: what these bodies hold (a name, a number) could be guessed from a hash without one.
    asked = vault.hash(write.request_hash)
    with database.writing() as connection:
        answer = answer_once(connection, key=write.key, request_hash=asked, by=caller.person, now=now, do=do)
    return RecordsTaken.model_validate_json(answer)


def _said(one: Sent) -> RecordBecame:
    return RecordBecame(
        became=one.fate.value if one.fate else "refused",
        refused=[FieldRefused(field=field, reason=why) for field, why in one.refused],
        kept_here=list(one.kept_here),
    )
