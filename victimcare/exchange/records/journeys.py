"""Events, contacts, steps of referrals and assessments of needs, as events of journeys, and as corrections of them."""

from __future__ import annotations

from typing import Any, cast

from victimcare.commands.assess_needs import NeedsAnswers, assess_needs
from victimcare.commands.record_contact import NewContact, contact_event
from victimcare.commands.record_event import NAME_A_CONTACT, NewEvent, record_event
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.journey import EventChain, Value
from victimcare.domain.referral import Step
from victimcare.domain.support_needs import DECLINED_BECAUSE, REFUSED_BECAUSE
from victimcare.exchange.records.decisions import Decision, RecordRefused, Taking, happened_to_crime, said_before
from victimcare.exchange.records.differences import PutRight, after_all, corrections, stays, taken_back
from victimcare.exchange.records.schema import (
    STEPS,
    ContactRecord,
    EventRecord,
    NeedsRecord,
    Record,
    ReferralRecord,
    SuspectRecord,
    Withdrawable,
)
from victimcare.store import cases, crimes, journeys, source_records, staff
from victimcare.store.identities import known
from victimcare.store.source_records import Kept

_OF_A_SERVICE = tuple(step.value for step in Step)
_REASONS = {EventKind.REFERRAL_DECLINED: DECLINED_BECAUSE, EventKind.REFERRAL_REFUSED: REFUSED_BECAUSE}
_GONE = "what it became is not here any more"
Columns = dict[str, Any]


def add(taking: Taking, decision: Decision) -> tuple[Columns]:
    """Record it on the case of its victim, or on every case of the crime; of one taken back, nothing but its name."""
    record = cast(Withdrawable, decision.record)
    where = _where(decision)
    if record.withdrawn:
        return (where,)
    return (where | {"event_key": _record(taking, decision, as_event(taking, record, label_of(decision)))},)


def change(taking: Taking, decision: Decision) -> tuple[Columns, tuple[str, ...]]:
    """Correct what it became, in what changed at its source."""
    where = _where(decision)
    kept = decision.kept
    refuse_another(decision, kept)
    new, put_right = planned(taking, decision)
    key = kept.event_key
    if put_right is not None:
        ref, _ = chain_of(taking, kept)
        for event in put_right.corrections:
            _correct(taking, ref, event)
    if new is not None:
        key = _record(taking, decision, new)
    return where | {"event_key": key}, put_right.kept_here if put_right else ()


def planned(taking: Taking, decision: Decision) -> tuple[NewEvent | None, PutRight | None]:
    """What a changed record comes to: a new event, corrections of the one that it became, or both."""
    record = cast(Withdrawable, decision.record)
    kept = decision.kept
    before = cast(Withdrawable, said_before(kept))
    now = None if record.withdrawn else as_event(taking, record, label_of(decision))
    if kept.event_key is None:
        return now, None
    ref, chain = chain_of(taking, kept)
    if now is None:
        return None, _take_back(taking, ref, chain, "withdrawn")
    if chain.root.kind is not now.kind:
        put_right = _take_back(taking, ref, chain, "reached")
        return (None if put_right.kept_here else now), put_right
    if before.withdrawn and not chain.happened:
        said_here = chain.versions[-1] in _by_people(taking, ref, chain)
        return None, stays("withdrawn") if said_here else after_all(now, chain)
    return None, corrections(as_event(taking, before, label_kept(taking, kept)), now, chain)


def _take_back(taking: Taking, ref: str, chain: EventChain, field: str) -> PutRight:
    """That it never happened, unless people here put it right, answered duties with it, or said something of it."""
    if not chain.happened and field == "withdrawn":
        return PutRight(())
    stored = cases.look_at(taking.connection, ref).case.journey.chains().values()
    linked = any(
        each.happened and each.root.kind in NAME_A_CONTACT and each.current.details.get("contact") in chain.versions
        for each in stored
    )
    if linked or chain.current.duties or _by_people(taking, ref, chain):
        return stays(field)
    return taken_back(chain)


def _by_people(taking: Taking, ref: str, chain: EventChain) -> frozenset[str]:
    """The versions of an event that people recorded here."""
    case_id = cases.id_of(taking.connection, ref) or 0
    recorders = journeys.recorders_of(taking.connection, case_id)
    return frozenset(version for version in chain.versions if recorders[version] != staff.SYSTEM.id)


def relabel(taking: Taking, kept: Kept, *, before: str, now: str) -> tuple[str, ...]:
    """Correct the label of the suspect in an event; the fields in which what is here was kept."""
    if kept.event_key is None:
        return ()
    ref, chain = chain_of(taking, kept)
    said = cast(Withdrawable, said_before(kept))
    put_right = corrections(as_event(taking, said, before), as_event(taking, said, now), chain)
    for event in put_right.corrections:
        _correct(taking, ref, event)
    return put_right.kept_here


def as_event(taking: Taking, record: Withdrawable, suspect: str | None) -> NewEvent:
    """The event that a record is; `suspect` is the label of the suspect whom it is about. Raises `RecordRefused`."""
    if isinstance(record, ContactRecord):
        contact = NewContact(
            record.happened_at,
            record.channel,
            record.reached,
            voicemail=record.voicemail,
            someone_else=record.someone_else,
        )
        return contact_event(contact, staff.SYSTEM)
    if isinstance(record, ReferralRecord):
        return _step(taking, record)
    assert isinstance(record, EventRecord)  # noqa: S101 - there is no other
    kind = EventKind(record.event)
    details = getattr(record, "details", None)
    values: dict[str, Value] = {}
    if details is not None:
        said = ((name, getattr(details, name)) for name in type(details).model_fields)
        values = {name: value for name, value in said if value is not None}
    subject = suspect if EVENT_KINDS[kind].subject == "suspect" else getattr(record, "subject", None)
    received = getattr(record, "received_at", None)
    return NewEvent(kind, record.happened_at, received=received, subject=subject, details=values)


def _step(taking: Taking, record: ReferralRecord) -> NewEvent:
    kind = STEPS[record.step]
    if kind in _OF_A_SERVICE:
        if record.service not in taking.services:
            raise RecordRefused("service", "the directory has no service of this name")
    elif record.service is not None:
        raise RecordRefused("service", "a service is named from the sending on")
    if record.reason is not None and record.reason not in _REASONS.get(kind, ()):
        raise RecordRefused("reason", "it is no reason for this step")
    details: dict[str, Value] = {"reason": record.reason} if record.reason else {}
    return NewEvent(kind, record.happened_at, subject=record.service, details=details)


def label_of(decision: Decision) -> str | None:
    """The label of the suspect whom it is about."""
    suspect = decision.parents.get("suspect")
    return cast(SuspectRecord, said_before(suspect)).label if suspect else None


def label_kept(taking: Taking, kept: Kept) -> str | None:
    """The label of the suspect whom it was about when it was taken."""
    if kept.about is None:
        return None
    suspect = source_records.find(
        taking.connection, source=kept.source, kind="suspect", source_id=kept.about, vault=taking.vault
    )
    return cast(SuspectRecord, said_before(suspect)).label if suspect else None


def _where(decision: Decision) -> Columns:
    """Whose it is: of the crime, what happened to all its victims; of the case, what is of one."""
    if happened_to_crime(decision.record):
        return {"crime_id": decision.parents["crime"].crime_id}
    return {"case_id": decision.parents["victim"].case_id}


def refuse_another(decision: Decision, kept: Kept) -> None:
    """Raise `RecordRefused` where it is now of something else than it was taken for."""
    before, record = said_before(kept), decision.record
    for name in ("crime", "victim", "event", "step"):
        if getattr(before, name, None) != getattr(record, name, None):
            raise RecordRefused(name, "it was another one before: take that back, and send this with an id of its own")


def ref_of(taking: Taking, decision: Decision) -> str:
    """The case to record it on: its victim's, or any of the crime."""
    if happened_to_crime(decision.record):
        return crimes.live_cases(taking.connection, decision.parents["crime"].crime_id or 0)[0]
    return case_and_victim(taking, decision.parents["victim"].case_id)[0]


def case_and_victim(taking: Taking, case_id: int | None) -> tuple[str, int]:
    """The case of this number, by its reference, and its victim. Raises `RecordRefused` once it is disposed of."""
    found = crimes.live_case(taking.connection, case_id or 0)
    if found is None:
        raise RecordRefused("", "its case is being disposed of")
    return found


def _record(taking: Taking, decision: Decision, event: NewEvent) -> str:
    key = _correct(taking, ref_of(taking, decision), event)
    return crimes.shared_key_of(taking.connection, key) if happened_to_crime(decision.record) else key


def _correct(taking: Taking, ref: str, event: NewEvent) -> str:
    return record_event(
        taking.connection,
        ref=ref,
        event=event,
        by=staff.SYSTEM,
        now=taking.now,
        law=taking.law,
        history_by_day=True,
    )


def chain_of(taking: Taking, kept: Kept) -> tuple[str, EventChain]:
    """A case that has the event that a record became, and the event there with its corrections."""
    key = str(kept.event_key)
    ref = None
    if kept.case_id is None:
        copy = crimes.first_copy(taking.connection, key)
        if copy is None:
            raise RecordRefused("", _GONE)
        ref, key = copy
    ref = ref or case_and_victim(taking, kept.case_id)[0]
    chain = cases.look_at(taking.connection, ref).case.journey.chains().get(key)
    if chain is None:
        raise RecordRefused("", _GONE)
    return ref, chain


def add_needs(taking: Taking, decision: Decision) -> tuple[Columns]:
    """Assess the victim's needs by what was found."""
    where = _where(decision)
    return (where | {"event_key": _assess(taking, decision)},)


def change_needs(taking: Taking, decision: Decision) -> tuple[Columns, tuple[str, ...]]:
    """Put the assessment right, unless somebody here did already."""
    kept = decision.kept
    refuse_another(decision, kept)
    where = _where(decision) | {"event_key": kept.event_key}
    ref, chain = chain_of(taking, kept)
    if _by_people(taking, ref, chain) or not chain.happened:
        return where, ("criteria",)
    _assess(taking, decision, corrects=str(kept.event_key))
    return where, ()


def _assess(taking: Taking, decision: Decision, *, corrects: str | None = None) -> str:
    return assess_needs(
        taking.connection,
        ref=ref_of(taking, decision),
        answers=needs_answers(taking, decision.record, decision.parents["victim"]),
        by=staff.SYSTEM,
        now=taking.now,
        law=taking.law,
        vault=taking.vault,
        corrects=corrects,
    )


def needs_answers(taking: Taking, record: Record, victim: Kept) -> NeedsAnswers:
    """What was asked and answered; the language stays as it is known."""
    assert isinstance(record, NeedsRecord)  # noqa: S101 - for the type
    _, victim_id = case_and_victim(taking, victim.case_id)
    return answers_of(record, known(taking.connection, victim_id).language)


def answers_of(record: NeedsRecord, language: str) -> NeedsAnswers:
    """What a record says was asked and answered, of a victim who understands this language best."""
    return NeedsAnswers(
        agency="police",
        stage=record.stage,
        assessed_on=record.assessed_on,
        language=language,
        interpreter=record.interpreter,
        communication=sorted(record.communication),
        disability=sorted(record.disability),
        criteria=sorted(record.criteria),
        measures=sorted(record.measures),
    )
