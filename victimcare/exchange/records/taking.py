"""Taking a record in: it becomes a case, an event, a correction by the same commands by which people record them.

All of one record is one savepoint: it is taken whole, or nothing of it is. What hung on it is taken after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from victimcare.commands.contact_access import LocationProtected
from victimcare.commands.keep_people import PersonChanged, StillHolds
from victimcare.commands.record_contact import AttemptIsNoAnswer, NobodyElseAnswered, VoicemailByPhone
from victimcare.domain.allocation import NobodyOnDuty
from victimcare.domain.calendar import DayOutsideCalendar
from victimcare.domain.case import EventRefused
from victimcare.domain.position import PositionRefused
from victimcare.exchange.records import journeys, people, victims
from victimcare.exchange.records.decisions import Decision, Fate, RecordRefused, Taking, case_of, decide, said_before
from victimcare.exchange.records.schema import Record
from victimcare.store import source_records
from victimcare.store.source_records import STORED, WAITING, Kept


@dataclass(frozen=True, slots=True)
class Became:
    """What a record became here: the columns of `Kept` that say so, and the fields in which what is here was kept."""

    columns: Mapping[str, Any]
    kept_here: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """One record and its fate; `refused` where it was none. `had_waited`: it came with an earlier import."""

    record: Record
    fate: Fate | None
    kept_here: tuple[str, ...] = ()
    refused: RecordRefused | None = None
    had_waited: bool = False


Take = Callable[[Taking, Decision], Became]
_NEW: Mapping[str, Take] = {
    "officer": lambda taking, decision: Became(*people.add(taking, decision)),
    "crime": lambda taking, decision: Became(*victims.add_crime(taking, decision)),
    "suspect": lambda taking, decision: Became(*victims.add_suspect(taking, decision)),
    "victim": lambda taking, decision: Became(*victims.open_case(taking, decision)),
    "needs": lambda taking, decision: Became(*journeys.add_needs(taking, decision)),
    "event": lambda taking, decision: Became(*journeys.add(taking, decision)),
    "contact": lambda taking, decision: Became(*journeys.add(taking, decision)),
    "referral": lambda taking, decision: Became(*journeys.add(taking, decision)),
}
_CHANGED: Mapping[str, Take] = {
    "officer": lambda taking, decision: Became(*people.change(taking, decision)),
    "crime": lambda taking, decision: Became(*victims.change_crime(taking, decision)),
    "suspect": lambda taking, decision: Became(*victims.change_suspect(taking, decision)),
    "victim": lambda taking, decision: Became(*victims.change(taking, decision)),
    "needs": lambda taking, decision: Became(*journeys.change_needs(taking, decision)),
    "event": lambda taking, decision: Became(*journeys.change(taking, decision)),
    "contact": lambda taking, decision: Became(*journeys.change(taking, decision)),
    "referral": lambda taking, decision: Became(*journeys.change(taking, decision)),
}


def take(taking: Taking, record: Record) -> list[Taken]:
    """Take the record and all that waited for it; what became of each, in order."""
    taken: list[Taken] = []
    to_take: list[tuple[Record, Kept | None]] = [(record, None)]
    while to_take:
        one, waited = to_take.pop(0)
        done = _one(taking, one, had_waited=waited is not None)
        taken.append(done)
        if done.refused and waited is not None:
            source_records.drop(taking.connection, waited)
        if done.fate is Fate.NEW:
            to_take += [(said_before(kept), kept) for kept in _waiting(taking, one)]
    return taken


def _one(taking: Taking, record: Record, *, had_waited: bool) -> Taken:
    try:
        with taking.connection.begin_nested():
            fate, kept_here = _take(taking, record)
    except RecordRefused as refused:
        return Taken(record, None, refused=refused, had_waited=had_waited)
    except tuple(_WHY) as refused:
        why = next(said for kind, said in _WHY.items() if isinstance(refused, kind))(refused)
        return Taken(record, None, refused=why, had_waited=had_waited)
    return Taken(record, fate, kept_here, had_waited=had_waited)


def _take(taking: Taking, record: Record) -> tuple[Fate, tuple[str, ...]]:
    decision = decide(taking.connection, record, taking.vault)
    before = decision.before
    if decision.fate in (Fate.OLDER, Fate.DISPOSED):
        return decision.fate, ()
    if decision.fate is Fate.UNCHANGED:
        if before is not None and before.version < record.version:
            source_records.keep(taking.connection, replace(before, version=record.version), taking.vault)
        return decision.fate, ()
    if decision.fate is Fate.WAITING:
        _keep(taking, decision, Became(_columns_of(before)), WAITING if _is_new(before) else STORED)
        return decision.fate, ()
    became = (_NEW if decision.fate is Fate.NEW else _CHANGED)[record.kind](taking, decision)
    _keep(taking, decision, became, STORED)
    return decision.fate, became.kept_here


def _is_new(before: Kept | None) -> bool:
    return before is None or before.state == WAITING


def _columns_of(before: Kept | None) -> dict[str, Any]:
    if before is not None and before.state == STORED:
        raise RecordRefused("", "what it hangs on now is not here: it was taken before, with something else")
    return {}


def _keep(taking: Taking, decision: Decision, became: Became, state: str) -> None:
    record, waits_for = decision.record, decision.waits_for
    kept = Kept(
        record.source,
        record.kind,
        record.id,
        record.version,
        decision.content_hash,
        state,
        said=record.as_said(),
        waits_for=waits_for,
        about=getattr(record, "suspect", None),
        **became.columns,
    )
    source_records.keep(taking.connection, kept, taking.vault)


def _waiting(taking: Taking, record: Record) -> list[Kept]:
    """What waited for this record, or for a first case of its crime."""
    names = [record.called]
    if record.kind == "victim":
        names += [case_of(of) for kind, of in record.parents() if kind == "crime"]
    return [
        kept
        for name in names
        for kept in source_records.waiting_for(taking.connection, source=record.source, what=name, vault=taking.vault)
    ]


def _event(refused: Any) -> RecordRefused:
    return RecordRefused(refused.field, refused.why)


def _words(refused: Exception) -> RecordRefused:
    return RecordRefused("", str(refused))


_WHY: Mapping[type[Exception], Callable[[Any], RecordRefused]] = {
    EventRefused: _event,
    PositionRefused: lambda refused: RecordRefused(refused.field, refused.message),
    LocationProtected: lambda _: RecordRefused("address", "the location is protected: its custodian alone keeps it"),
    NobodyOnDuty: lambda _: RecordRefused("area", "no team has a duty supervisor to hold a case there"),
    StillHolds: _words,
    PersonChanged: _words,
    AttemptIsNoAnswer: _words,
    VoicemailByPhone: lambda refused: RecordRefused("voicemail", str(refused)),
    NobodyElseAnswered: lambda refused: RecordRefused("someone_else", str(refused)),
    DayOutsideCalendar: lambda _: RecordRefused("happened_at", "deadlines cannot be counted from that day"),
}
"""What commands refuse, as the file of rejects says it: fields and reasons, and nothing of what was sent."""
