"""The records that come in from a force's own systems: what each kind says, and the JSON Schema of it.

These models read the records, so the published schema is what is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Field, StrictBool, StrictInt, TypeAdapter, create_model

from victimcare.domain.allocation import Specialism
from victimcare.domain.calendar import FIRST_DAY, LAST_DAY
from victimcare.domain.crime_types import CRIME_TYPES
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind, Stage
from victimcare.domain.journey import Moment
from victimcare.domain.kinds.contact import CHANNEL
from victimcare.domain.locations_in_text import told_in
from victimcare.domain.needs_asked import COMMUNICATION, DISABILITY, INTERPRETER, MEASURES, STAGES
from victimcare.domain.readable_text import UNREADABLE, is_readable
from victimcare.domain.referral import Step
from victimcare.domain.sources import NOT_SOURCES, SOURCE
from victimcare.domain.support_needs import DECLINED_BECAUSE, REFUSED_BECAUSE
from victimcare.editions.law import published_law
from victimcare.exchange.said_details import LABEL, Said, detail_field, name_of
from victimcare.exchange.said_moments import DaySaid, MomentSaid
from victimcare.presentation.languages import LANGUAGES
from victimcare.store.source_records import content_of

SCHEMA_ID = "https://victimcare.example/schemas/records-v1.json"
KINDS = ("officer", "crime", "suspect", "victim", "needs", "event", "contact", "referral")
"""The kinds of record, each after those that it can hang on."""
_LATEST = LAST_DAY.replace(year=2098)
_STAGES = (Stage.SUPPORT, Stage.INVESTIGATION, Stage.DECISION, Stage.COURT, Stage.AFTER_SENTENCE, Stage.COMPLAINT)
_OWN_RECORD = (
    *(step.value for step in Step),
    EventKind.REFERRAL_OFFERED,
    EventKind.REFERRAL_CONSENTED,
    EventKind.REFERRAL_DECLINED,
    EventKind.NO_SERVICE_FITS,
    EventKind.OUTCOME_PUBLISHED,
    EventKind.COMPLAINT_MADE,
    EventKind.PREFERENCE_CHANGED,  # the choice itself is made here
)
EVENTS = (
    EventKind.WRITTEN_CONFIRMATION_SENT,
    *(kind for kind, facts in EVENT_KINDS.items() if facts.stage in _STAGES and kind not in _OWN_RECORD),
)
"""What a record of the kind `event` can be. Decisions of supervisors and of this program are recorded here alone."""
STEPS = {
    "offered": EventKind.REFERRAL_OFFERED,
    "agreed": EventKind.REFERRAL_CONSENTED,
    "declined": EventKind.REFERRAL_DECLINED,
    **{step.name.lower(): step.value for step in Step},
}
"""What a record of the kind `referral` says was done, and the kind of event that it is."""


def _no_place(said: str) -> str:
    if told_in(said):
        raise ValueError("must tell no place, number or address")
    return said


def _written(said: str) -> str:
    if not is_readable(said):
        raise ValueError(UNREADABLE)
    if not said.strip():
        raise ValueError("must not be empty")
    return said


def _label(subject: str) -> Any:
    """A label that counts, as the suspects have it: of words of its own one might be somebody's name."""
    word = subject.capitalize()
    return Annotated[str, Field(pattern=f"^{word} [1-9][0-9]?$", examples=[f"{word} 1"])]


def _counted(moment: Moment) -> Moment:
    if not FIRST_DAY <= moment.on <= _LATEST:
        raise ValueError(f"must be a day from {FIRST_DAY.year} to {_LATEST.year}")
    return moment


def _own_source(said: str) -> str:
    if said in NOT_SOURCES:
        raise ValueError("is a name that this program uses itself")
    return said


def _one_of(codes: Iterable[str]) -> Any:
    return Literal[tuple(str(code) for code in codes)]


def _codes(codes: Iterable[str]) -> Any:
    return list[_one_of(codes)]  # type: ignore[misc]


def _criteria() -> tuple[str, ...]:
    grounds = published_law().code.latest.grounds
    return tuple(dict.fromkeys(criterion.id for ground in grounds for criterion in ground.criteria))


_CHANNELS = next(each.choices or {} for each in EVENT_KINDS[EventKind.CONTACT_MADE].details if each.name == CHANNEL)


SourceName = Annotated[
    str,
    Field(pattern=SOURCE, description="The system that it comes from.", examples=["rms"]),
    AfterValidator(_own_source),
]
SourceId = Annotated[
    str,
    Field(
        pattern=r"^([0-9]|[A-Za-z][A-Za-z./_:-]*[0-9])([0-9A-Za-z./_:-]*[0-9A-Za-z])?$",
        max_length=100,
        description="Without spaces and with a digit: a reference, and nobody's name.",
        examples=["40/12345/26"],
    ),
]
Happened = Annotated[MomentSaid, AfterValidator(_counted)]
Label = Annotated[str, Field(pattern=LABEL), AfterValidator(_no_place)]
Written = Annotated[str, AfterValidator(_written)]
"""Free text that can be read and stored."""
Name = Annotated[Written, Field(min_length=1, max_length=120), AfterValidator(_no_place)]
Reached = Annotated[Written, Field(min_length=3, max_length=400)]


class Record(Said):
    """What every record says. A higher version of the same id takes the place of a lower one."""

    kind: str
    source: SourceName
    id: SourceId = Field(description="Its id in that system: the same for ever, and of one record of the kind.")
    version: Annotated[StrictInt, Field(ge=0, le=2**53 - 1, description="Higher whenever the record changes there.")]

    @property
    def called(self) -> str:
        """Kind and id: `victim:V-7`."""
        return f"{self.kind}:{self.id}"

    def parents(self) -> tuple[tuple[str, str], ...]:
        """Kind and id of each record that must be here before it."""
        named = ((kind, getattr(self, kind, None)) for kind in ("crime", "victim", "suspect"))
        return tuple((kind, of) for kind, of in named if of is not None)

    def as_said(self) -> str:
        """All of it as JSON, to be read again."""
        return self.model_dump_json(exclude_defaults=True)

    def content(self) -> str:
        """What it says beside its version."""
        return content_of(self.as_said())


class CrimeRecord(Record):
    """A recorded crime. Its id is the reference that people write and look for."""

    kind: Literal["crime"]
    crime_type: _one_of(CRIME_TYPES)  # type: ignore[valid-type]
    area: Written = Field(min_length=1, max_length=80, description="The area of the team that works on it.")
    reported_at: Happened = Field(description="When it was reported to the police.")
    recorded_at: Happened = Field(description="When it was recorded as a crime.")
    incident_on: DaySaid | None = None
    offender_under_18: StrictBool | None = None
    specialisms: list[Literal["domestic_abuse", "sexual_violence"]] = Field(
        [], max_length=2, description="What its case officers must be trained for."
    )


class VictimRecord(Record):
    """A victim of one crime: with it begins a case here, and a case officer from that moment.

    A person who is a victim of two crimes is two records. Where they can be reached is sealed and not confirmed.
    """

    kind: Literal["victim"]
    crime: SourceId
    name: Name | None = Field(None, repr=False)
    born_on: DaySaid | None = Field(None, repr=False)
    basis: _one_of(each.id for each in published_law().code.latest.victim_bases) = "direct"  # type: ignore[valid-type]
    language: _one_of(LANGUAGES) = "en"  # type: ignore[valid-type]
    joined_at: Happened | None = Field(
        None, description="When they were recorded as a victim, where that was after the crime was recorded."
    )
    phone: Reached | None = Field(None, repr=False)
    email: Reached | None = Field(None, repr=False)
    address: Reached | None = Field(None, repr=False)
    case_officer: SourceId | None = Field(None, description="An officer's id. If they cannot take it, another does.")


class SuspectRecord(Record):
    """A suspect of a crime, by a label: names of suspects are not kept here."""

    kind: Literal["suspect"]
    crime: SourceId
    label: _label("suspect")  # type: ignore[valid-type]


class OfficerRecord(Record):
    """A case officer. An administrator lets them sign in, and makes supervisors; a record does neither."""

    kind: Literal["officer"]
    name: Name
    team: Written = Field(min_length=1, max_length=80, description="What the team is called here.")
    email: Annotated[str, Field(pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$"), AfterValidator(_written)] | None = None
    specialisms: _codes(Specialism) = Field([], max_length=3)  # type: ignore[valid-type]


class NeedsRecord(Record):
    """An assessment of a victim's needs by the police. Which rights follow from it the Code says, not the record."""

    kind: Literal["needs"]
    victim: SourceId
    assessed_on: DaySaid
    stage: _one_of(STAGES)  # type: ignore[valid-type]
    interpreter: _one_of(INTERPRETER) = "not_asked"  # type: ignore[valid-type]
    communication: _codes(COMMUNICATION) = Field([], max_length=20)  # type: ignore[valid-type]
    disability: _codes(DISABILITY) = Field([], max_length=20)  # type: ignore[valid-type]
    criteria: _codes(_criteria()) = Field([], max_length=40, description="What was found.")  # type: ignore[valid-type]
    measures: _codes(MEASURES) = Field([], max_length=20)  # type: ignore[valid-type]


class Withdrawable(Record):
    """A record of something that happened, which its source can take back."""

    withdrawn: StrictBool = Field(False, description="It did not happen, or not here: the source took it back.")
    happened_at: Happened


class ContactRecord(Withdrawable):
    """A contact with a victim, or an attempt. It ends no duty of the Code by itself: an officer says what was told."""

    kind: Literal["contact"]
    victim: SourceId
    reached: StrictBool = Field(description="Whether the victim was reached; else it is an attempt.")
    channel: _one_of(_CHANNELS)  # type: ignore[valid-type]
    voicemail: StrictBool = False
    someone_else: StrictBool = False


class ReferralRecord(Withdrawable):
    """One step of a victim's way to support, outside this program: an offer, an answer, a step of one referral."""

    kind: Literal["referral"]
    victim: SourceId
    step: _one_of(STEPS)  # type: ignore[valid-type]
    service: Label | None = Field(None, description="What the directory calls the service, from `sent` on.")
    reason: _one_of({**DECLINED_BECAUSE, **REFUSED_BECAUSE}) | None = None  # type: ignore[valid-type]


class EventRecord(Withdrawable):
    """Something else that happened, to the crime or to one victim. `details` are those of its kind."""

    kind: Literal["event"]
    event: str


@cache
def event_model(kind: EventKind) -> type[EventRecord]:
    """The record of an event of this kind: it hangs on the crime or on the victim, as the kind does."""
    facts = EVENT_KINDS[kind]
    fields: dict[str, Any] = {"event": (Literal[kind.value], Field(description=facts.title))}
    fields["crime" if facts.of_crime else "victim"] = (SourceId, ...)
    if facts.received:
        fields["received_at"] = (Happened | None, Field(None, description="When the Witness Care Unit received it."))
    if facts.subject == "suspect":
        fields["suspect"] = (SourceId, Field(description="A suspect's id."))
    elif facts.subject:
        label = _label(facts.subject)
        fields["subject"] = (label, ...) if facts.subject == "hearing" else (label | None, None)
    details: Any = {each.name: detail_field(kind, each) for each in facts.details}
    if details:
        of_kind = create_model(f"{name_of(kind)}Said", __base__=Said, **details)
        required = any(each.required for each in facts.details)
        fields["details"] = (of_kind, ...) if required else (of_kind, Field(default_factory=of_kind))
    return cast(type[EventRecord], create_model(f"{name_of(kind)}Record", __base__=EventRecord, **fields))


def _events() -> Any:
    union: Any = event_model(EVENTS[0])
    for kind in EVENTS[1:]:
        union = union | event_model(kind)
    return Annotated[union, Field(discriminator="event")]


MODELS: dict[str, type[Record]] = {
    "officer": OfficerRecord,
    "crime": CrimeRecord,
    "suspect": SuspectRecord,
    "victim": VictimRecord,
    "needs": NeedsRecord,
    "event": EventRecord,
    "contact": ContactRecord,
    "referral": ReferralRecord,
}
_Plain = OfficerRecord | CrimeRecord | SuspectRecord | VictimRecord | NeedsRecord | ContactRecord | ReferralRecord
_EVERY: Any = Annotated[_Plain | _events(), Field(discriminator="kind")]
RECORD: TypeAdapter[Record] = TypeAdapter(_EVERY)
"""A record of any kind."""


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one record, as it is published."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "A record of a force's own systems, as victimcare takes it in",
    }
    return head | RECORD.json_schema()


def json_schema_text() -> str:
    """The same as a file."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"
