"""Taking a record in: it becomes a case, an event, a correction by the same commands by which people record them.

All of one record is one savepoint: it is taken whole, or nothing of it is. What hung on it is taken after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError

from victimcare.commands.contact_access import LocationProtected
from victimcare.commands.keep_people import LastAdministrator, PersonChanged, StillHolds
from victimcare.commands.record_contact import AttemptIsNoAnswer, NobodyElseAnswered, VoicemailByPhone
from victimcare.domain.allocation import NobodyOnDuty
from victimcare.domain.calendar import DayOutsideCalendar
from victimcare.domain.case import EventRefused
from victimcare.domain.position import PositionRefused
from victimcare.domain.safe_contact import PointRefused
from victimcare.editions.force_policy import published_policy
from victimcare.exchange.records import journeys, people, rules, suspects, victims
from victimcare.exchange.records.decisions import (
    SAID_OTHERWISE,
    Decision,
    Fate,
    RecordRefused,
    Taking,
    case_of,
    decide,
    said_before,
)
from victimcare.exchange.records.schema import Record
from victimcare.store import crimes, source_records
from victimcare.store.cases import NoSuchCase
from victimcare.store.contact_points import NoSuchPoint, PointChanged
from victimcare.store.source_records import NEXT_IMPORT, STORED, WAITING, Kept


@dataclass(frozen=True, slots=True)
class Became:
    """What a record became here: the columns of `Kept` that say so, and the fields in which what is here was kept.

    `refused` are fields that a person has to put right; all else of the record was taken.
    """

    columns: Mapping[str, Any]
    kept_here: tuple[str, ...] = ()
    refused: tuple[RecordRefused, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """One record, by its source, kind and id, and its fate: none where it was refused whole.

    `had_waited`: it came with an earlier import. There is no record where that cannot be read any more.
    """

    name: tuple[str, str, str]
    record: Record | None
    fate: Fate | None
    kept_here: tuple[str, ...] = ()
    refusals: tuple[RecordRefused, ...] = ()
    had_waited: bool = False


Take = Callable[[Taking, Decision], Became]
_NEW: Mapping[str, Take] = {
    "officer": lambda taking, decision: Became(*people.add(taking, decision)),
    "crime": lambda taking, decision: Became(*victims.add_crime(taking, decision)),
    "suspect": lambda taking, decision: Became(*suspects.add(taking, decision)),
    "victim": lambda taking, decision: Became(*victims.open_case(taking, decision)),
    "needs": lambda taking, decision: Became(*journeys.add_needs(taking, decision)),
    "event": lambda taking, decision: Became(*journeys.add(taking, decision)),
    "contact": lambda taking, decision: Became(*journeys.add(taking, decision)),
    "referral": lambda taking, decision: Became(*journeys.add(taking, decision)),
}
_CHANGED: Mapping[str, Take] = {
    "officer": lambda taking, decision: Became(*people.change(taking, decision)),
    "crime": lambda taking, decision: Became(*victims.change_crime(taking, decision)),
    "suspect": lambda taking, decision: Became(*suspects.change(taking, decision)),
    "victim": lambda taking, decision: Became(*victims.change(taking, decision)),
    "needs": lambda taking, decision: Became(*journeys.change_needs(taking, decision)),
    "event": lambda taking, decision: Became(*journeys.change(taking, decision)),
    "contact": lambda taking, decision: Became(*journeys.change(taking, decision)),
    "referral": lambda taking, decision: Became(*journeys.change(taking, decision)),
}


def take(taking: Taking, record: Record) -> list[Taken]:
    """Take the record and all that waited for it; what became of each, in order."""
    return _take_all(taking, [_one(taking, record)])


def take_again(taking: Taking, kept: Kept) -> list[Taken]:
    """Take what was refused when it was joined, as long as it still waits for that, and all that waited for it."""
    there = source_records.find(
        taking.connection, source=kept.source, kind=kept.kind, source_id=kept.source_id, vault=taking.vault
    )
    return _take_all(taking, [_waited(taking, kept)]) if there == kept else []


def _take_all(taking: Taking, taken: list[Taken]) -> list[Taken]:
    """Join what waited for each, so many in all; the others have their turn after this transaction (`turns.py`)."""
    most = len(taken) + published_policy().joined_at_once
    for done in taken:
        if done.fate is Fate.NEW and done.record is not None:
            for name in _waited_for(done.record):
                of: dict[str, Any] = {"source": done.record.source, "what": name}
                room = most - len(taken)
                waiting = source_records.waiting_for(taking.connection, **of, vault=taking.vault, limit=room)
                taken += [_waited(taking, kept) for kept in waiting]
                if len(waiting) == room:
                    source_records.give_a_turn(taking.connection, **of)
    return taken


def _waited(taking: Taking, kept: Kept) -> Taken:
    """Take what waited. Refused, it is tried again with the next import: its source may never send it again."""
    try:
        done = replace(_one(taking, said_before(kept)), had_waited=True)
    except RecordRefused as refused:
        done = Taken(kept.key, None, None, refusals=(refused,), had_waited=True)
    if done.fate is None:
        source_records.keep(taking.connection, replace(kept, waits_for=NEXT_IMPORT), taking.vault)
    if done.fate not in (None, Fate.WAITING):
        source_records.drop(taking.connection, kept)
    return done


def _one(taking: Taking, record: Record) -> Taken:
    name = (record.source, record.kind, record.id)
    try:
        with taking.connection.begin_nested():
            fate, became = _take(taking, record)
    except REFUSALS as refused:
        return Taken(name, record, None, refusals=(refusal_of(refused),))
    return Taken(name, record, fate, became.kept_here, became.refused)


def refusal_of(refused: Exception) -> RecordRefused:
    """What is said of it: of what no rule foresees only what kind of error it is, for its words may repeat values."""
    if isinstance(refused, RecordRefused):
        return refused
    said = next((said for kind, said in _WHY.items() if isinstance(refused, kind)), None)
    if said is not None:
        return said(refused)
    return RecordRefused("", f"it cannot be taken ({type(refused).__name__}): whoever runs this service is to look")


def _take(taking: Taking, record: Record) -> tuple[Fate, Became]:
    decision = decide(taking.connection, record, taking.vault)
    before, nothing = decision.before, Became({})
    if decision.fate in (Fate.OLDER, Fate.DISPOSED):
        return decision.fate, nothing
    if decision.fate is Fate.UNCHANGED:
        if before is not None and before.version < record.version:
            source_records.keep(taking.connection, replace(before, version=record.version), taking.vault)
        return decision.fate, nothing
    rules.check(taking, decision)
    if decision.fate is Fate.WAITING:
        refuse_waiting(decision)
        if before is not None and before.state == STORED:
            return _keep_change(taking, decision, before), nothing
        _keep(taking, decision, nothing, WAITING)
        return decision.fate, nothing
    for on in (before, *decision.parents.values()):
        if on is not None:
            crimes.lock(taking.connection, crime_id=on.crime_id, case_id=on.case_id)
    became = (_NEW if decision.fate is Fate.NEW else _CHANGED)[record.kind](taking, decision)
    _keep(taking, decision, became, STORED)
    if decision.fate is Fate.CHANGED:
        of = {"source": record.source, "kind": record.kind, "source_id": record.id}
        source_records.drop_change(taking.connection, **of, upto=record.version)
    return decision.fate, became


def refuse_waiting(decision: Decision) -> None:
    """What was taken waits for a suspect whom it names now, and for nothing else: of another crime it cannot be."""
    before = decision.before
    if before is None or before.state != STORED:
        return
    if not (decision.waits_for or "").startswith("suspect:"):
        raise RecordRefused("", "what it hangs on now is not here: send it again when that has come")
    journeys.refuse_another(decision, before)


def _keep_change(taking: Taking, decision: Decision, before: Kept) -> Fate:
    """Let the change wait beside what stands, of the same crime or case; unless a newer one waits already."""
    record = decision.record
    of = {"source": record.source, "kind": record.kind}
    waiting = source_records.changes_of(taking.connection, **of, ids=[record.id], vault=taking.vault).get(record.id)
    if waiting is not None and waiting.version > record.version:
        return Fate.OLDER
    if waiting is not None and waiting.version == record.version and waiting.content_hash != decision.content_hash:
        raise RecordRefused("version", SAID_OTHERWISE)
    where = Became({"crime_id": before.crime_id, "case_id": before.case_id})
    source_records.keep_change(taking.connection, _kept(taking, decision, where, WAITING), taking.vault)
    return Fate.WAITING


def _keep(taking: Taking, decision: Decision, became: Became, state: str) -> None:
    source_records.keep(taking.connection, _kept(taking, decision, became, state), taking.vault)


def _kept(taking: Taking, decision: Decision, became: Became, state: str) -> Kept:
    record, waits_for = decision.record, decision.waits_for
    return Kept(
        record.source,
        record.kind,
        record.id,
        record.version,
        decision.content_hash,
        state,
        said=record.as_said(),
        waits_for=waits_for,
        about=getattr(record, "suspect", None),
        came_at=taking.now if state == WAITING else None,
        **became.columns,
    )


def _waited_for(record: Record) -> list[str]:
    """What is waited for until this record comes: itself, or a first case of its crime."""
    names = [record.called]
    if record.kind == "victim":
        names += [case_of(of) for kind, of in record.parents() if kind == "crime"]
    return names


_POINT_CHANGED = "somebody is changing how the victim is reached"
REFUSALS = (ValueError, LookupError, RuntimeError, PermissionError, DataError, IntegrityError)
"""What keeps one record out. What is wrong with the database itself, or only busy, is of the whole run."""


def _event(refused: Any) -> RecordRefused:
    return RecordRefused(refused.field, refused.why)


def _words(refused: Exception) -> RecordRefused:
    return RecordRefused("", str(refused))


_WHY: Mapping[type[Exception], Callable[[Any], RecordRefused]] = {
    EventRefused: _event,
    PositionRefused: lambda refused: RecordRefused(refused.field, refused.message),
    LocationProtected: lambda _: RecordRefused("", "a person keeps this: ask the supervisor"),
    NobodyOnDuty: lambda _: RecordRefused("area", "no team has a duty supervisor to hold a case there"),
    StillHolds: _words,
    PersonChanged: _words,
    LastAdministrator: _words,
    NoSuchCase: lambda _: RecordRefused("", "its case is being disposed of"),
    PointRefused: lambda refused: RecordRefused("", refused.why),
    NoSuchPoint: lambda _: RecordRefused("", _POINT_CHANGED),
    PointChanged: lambda _: RecordRefused("", _POINT_CHANGED),
    AttemptIsNoAnswer: _words,
    VoicemailByPhone: lambda refused: RecordRefused("voicemail", str(refused)),
    NobodyElseAnswered: lambda refused: RecordRefused("someone_else", str(refused)),
    DayOutsideCalendar: lambda _: RecordRefused("happened_at", "deadlines cannot be counted from that day"),
}
"""What commands refuse, as the file of rejects says it: fields and reasons, and nothing of what was sent."""
