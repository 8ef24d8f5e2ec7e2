"""Crimes that are new here with all that the files say of them: each case is opened with its whole journey at once.

What becomes of them is what taking record by record would make of them (`taking.py`), by the same rules, in far fewer
statements. Whatever is not as plain as that (something of it is here already, waits here, comes twice, or is refused)
is left to be taken record by record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, cast

from victimcare.commands.add_victim import KnownCrime, case_beside, wanted_beside
from victimcare.commands.allocate_many import Allocator
from victimcare.commands.assess_needs import NeedsAnswers, answers_row, found_of, needs_event
from victimcare.commands.record_crime import new_key
from victimcare.commands.record_event import NewEvent, as_recorded_in
from victimcare.domain.calendar import london_date
from victimcare.domain.case import Case
from victimcare.domain.law import Law
from victimcare.domain.needs import Found
from victimcare.domain.people import NO_LISTS
from victimcare.domain.references import crime_references
from victimcare.domain.safe_contact import Point
from victimcare.exchange.records import journeys, rules, victims
from victimcare.exchange.records.decisions import Decision, Fate, RecordRefused, Taking, case_of, happened_to_crime
from victimcare.exchange.records.reached import POINTS
from victimcare.exchange.records.schema import (
    CrimeRecord,
    NeedsRecord,
    Record,
    SuspectRecord,
    VictimRecord,
    Withdrawable,
)
from victimcare.exchange.records.staging import Key, StagedRecord
from victimcare.exchange.records.taking import REFUSALS
from victimcare.store import bulk, contact_points, crimes, dues, needs, source_records, staff, telling, victim_names
from victimcare.store.bulk import CrimeWithCases, Owes, VictimCase
from victimcare.store.cases import Recording, StoredCase, opened_on
from victimcare.store.contact_points import NewContactPoint
from victimcare.store.law_in_force import law_now
from victimcare.store.source_records import STORED, Kept

Group = Sequence[tuple[StagedRecord, Record]]
"""The records of one crime, each after what it hangs on."""


@dataclass(slots=True)
class _Opening:
    """A case to open: what was recorded on it so far, and what is to be stored beside it."""

    victim: VictimRecord
    case: Case
    shared: dict[str, str]
    held: bool
    opened_on: date
    owes: Owes = ((), [])
    answers: list[tuple[NeedsAnswers, Found, str]] = field(default_factory=list)
    changed: bool = True
    """Since what is owed was derived."""

    def record(self, event: NewEvent, now: datetime, *, shared: str | None = None) -> str:
        """Record the event and return its key; `shared` is the key of all copies of what happened to the crime."""
        recorded = as_recorded_in(self.case, event, now, history_by_day=True)
        self.case = self.case.record(recorded)
        self.changed = True
        if shared is not None:
            self.shared[recorded.key] = shared
        return recorded.key


@dataclass(frozen=True, slots=True)
class _Became:
    """What a record became: of the crime, or of one of its cases, and by which key where it is an event."""

    of: _Opening | None
    event_key: str | None = None


def take_whole(
    taking: Taking, groups: Sequence[Sequence[StagedRecord]], kept: Mapping[Key, Kept], allocator: Allocator
) -> set[int]:
    """Take each group that can be taken in one piece; the numbers of the records that were.

    `kept` is what is kept of any of these records. Raises what the database refuses, of which nothing is stored then.
    """
    allocator.begin(taking.connection, london_date(taking.now))
    times = Counter(one.key for group in groups for one in group)
    plain = [
        group
        for group in groups
        if _is_plain(group) and all(times[one.key] == 1 and one.key not in kept for one in group)
    ]
    read = [_read(taking, group) for group in _not_here(taking, plain)]
    found = [group for group in read if _hangs_together(group)]
    if not found:
        return set()
    rest = _Rest(allocator, _officers(taking, found), law_now(taking.connection, taking.law))
    built = [whole for group in found if (whole := _Whole(taking, rest, group)).is_built()]
    _store(taking, built, rest.law)
    return {staged.number for whole in built for staged, _ in whole.group}


def _is_plain(group: Sequence[StagedRecord]) -> bool:
    """Whether it is one crime with a victim."""
    kinds = [one.key[1] for one in group]
    return kinds.count("crime") == 1 and "victim" in kinds


def _not_here(taking: Taking, groups: Sequence[Sequence[StagedRecord]]) -> Iterator[Sequence[StagedRecord]]:
    """Those of whose crime nothing is here from elsewhere either, and for which nothing waits."""
    by_source: dict[str, list[Sequence[StagedRecord]]] = {}
    for group in groups:
        by_source.setdefault(group[0].key[0], []).append(group)
    came: set[str] = set()
    for source, of_source in by_source.items():
        refs = {one.key[2]: group for group in of_source for one in group if one.key[1] == "crime"}
        names = {name: ref for ref, group in refs.items() for one in group for name in _waited_for(one)}
        passed_over = crimes.recorded_already(taking.connection, list(refs), source=source)
        waited = source_records.names_waited_for(taking.connection, source=source, names=list(names))
        passed_over |= {names[name] for name in waited}
        passed_over |= {ref for ref in refs if came & set(crime_references(ref))}
        yield from (group for ref, group in refs.items() if ref not in passed_over)
        came.update(*(crime_references(ref) for ref in refs))


def _waited_for(one: StagedRecord) -> Iterator[str]:
    _, kind, of = one.key
    if kind in ("crime", "victim", "suspect"):
        yield f"{kind}:{of}"
    if kind == "crime":
        yield case_of(of)


def _read(taking: Taking, group: Sequence[StagedRecord]) -> Group:
    return [(one, one.record(taking.vault)) for one in group]


def _hangs_together(group: Group) -> bool:
    """Whether all that something in it hangs on is in it."""
    names = {record.called for _, record in group}
    return all(f"{kind}:{of}" in names for _, record in group for kind, of in record.parents())


def _officers(taking: Taking, found: Sequence[Group]) -> dict[Key, str | None]:
    """Whoever the victims' records name as case officer, if they came."""
    named = {
        (record.source, "officer", record.case_officer)
        for group in found
        for _, record in group
        if isinstance(record, VictimRecord) and record.case_officer is not None
    }
    kept = source_records.find_many(taking.connection, named, taking.vault)
    return {key: officer.person_id for key, officer in kept.items()}


@dataclass(frozen=True, slots=True)
class _Rest:
    """What all crimes of a transaction are built with: who takes cases, which officers came, the law in force."""

    allocator: Allocator
    officers: Mapping[Key, str | None]
    law: Law


class _Whole:
    """A crime and its cases, none of which is stored yet."""

    def __init__(self, taking: Taking, rest: _Rest, group: Group) -> None:
        self.group = group
        self.crime = next(record for _, record in group if isinstance(record, CrimeRecord))
        self.cases: dict[str, _Opening] = {}
        self.became: list[_Became] = []
        self._taking, self._rest = taking, rest
        self._labels: dict[str, str] = {}

    def is_built(self) -> bool:
        """Build it all; False where anything in it is refused."""
        try:
            for staged, record in self.group:
                rules.check(self._taking, Decision(Fate.NEW, record, staged.content_hash))
                self.became.append(self._add(record))
            for opening in self.cases.values():
                self._derive(opening)
        except REFUSALS:
            for opening in self.cases.values():
                self._rest.allocator.add_work(opening.owes[1], times=-1)
            return False
        return True

    def _add(self, record: Record) -> _Became:
        if isinstance(record, CrimeRecord):
            victims.check_times(self._taking, record)
            return _Became(None)
        if isinstance(record, SuspectRecord):
            if record.label in self._labels.values():
                raise RecordRefused("label", "another suspect of the crime is called so")
            self._labels[record.id] = record.label
            return _Became(None)
        if isinstance(record, VictimRecord):
            self.cases[record.id] = self._opened(record)
            return _Became(self.cases[record.id])
        if isinstance(record, NeedsRecord):
            return self._assessed(record)
        return self._happened(cast(Withdrawable, record))

    def _opened(self, record: VictimRecord) -> _Opening:
        taking, allocator = self._taking, self._rest.allocator
        victims.check_times(taking, record)
        for opening in self.cases.values():
            self._derive(opening)  # the next one's officer depends on the work that this one brought
        officer = self._rest.officers.get((record.source, "officer", record.case_officer or ""))
        known, joining = self._known(), victims.joining_of(record, self.crime, officer=officer)
        allocation = allocator.allocate(wanted_beside(known, joining, london_date(taking.now)))
        case, shared = case_beside(known, joining, allocation, taking.now)
        return _Opening(record, case, shared, allocation.held, opened_on(case.journey))

    def _known(self) -> KnownCrime:
        alone = victims.crime_alone(self.crime, 0, now=self._taking.now)
        first = next(iter(self.cases.values()), None)
        if first is None:
            return alone
        officers = frozenset(opening.case.holder.officer_id for opening in self.cases.values())
        return replace(alone, journey=first.case.journey, shared_keys=first.shared, officers=officers)

    def _assessed(self, record: NeedsRecord) -> _Became:
        opening = self.cases[record.victim]
        answers = journeys.answers_of(record, opening.victim.language)
        born_on = opening.victim.born_on
        found = found_of(answers, others=frozenset(), born_on=born_on, law=self._taking.law)
        key = opening.record(needs_event(answers, found, now=self._taking.now), self._taking.now)
        opening.answers.append((answers, found, key))
        return _Became(opening, key)

    def _happened(self, record: Withdrawable) -> _Became:
        of_crime = happened_to_crime(record)
        opening = None if of_crime else self.cases[record.victim]  # type: ignore[attr-defined]
        if record.withdrawn:
            return _Became(opening)
        label = self._labels.get(getattr(record, "suspect", None) or "")
        event = journeys.as_event(self._taking, record, label)
        if opening is not None:
            return _Became(opening, opening.record(event, self._taking.now))
        shared = new_key()
        for each in self.cases.values():
            each.record(event, self._taking.now, shared=shared)
        return _Became(None, shared)

    def _derive(self, opening: _Opening) -> None:
        if not opening.changed:
            return
        opening.changed = False
        self._rest.allocator.add_work(opening.owes[1], times=-1)
        opening.owes = ((), [])
        opening.owes = dues.derive(0, opening.case, self._rest.law)
        self._rest.allocator.add_work(opening.owes[1])


def _store(taking: Taking, built: Sequence[_Whole], law: Law) -> None:
    """Write all of it: crimes and cases, how victims are found and reached, their answers, and what was said."""
    connection, vault = taking.connection, taking.vault
    recording = Recording(by=staff.SYSTEM, at=taking.now, what="import records", operation="collection")
    stored = bulk.open_cases(connection, [_with_cases(whole) for whole in built], recording=recording, law=law)
    opened = list(zip((one for whole in built for one in whole.cases.values()), stored, strict=True))
    victim_names.keep_many(connection, [(at.victim_id, one.victim.name) for one, at in opened], vault)
    contact_points.add(connection, [point for one, at in opened for point in _points(taking, one, at.id)], vault)
    needs.add(connection, [row for one, at in opened for row in _answers(taking, one, at.id)])
    told = ((at.id, at.case, replace(at, lists=NO_LISTS).holder, one.owes[1]) for one, at in opened)
    telling.tell_of_new(connection, told, at=taking.now)
    numbers = {id(one): at for one, at in opened}
    source_records.add_all(connection, [row for whole in built for row in _kept(whole, numbers)], vault)


def _with_cases(whole: _Whole) -> CrimeWithCases:
    crime = whole.crime
    cases = [
        VictimCase(
            one.case,
            one.victim.name,
            one.victim.born_on,
            one.victim.basis,
            one.victim.language,
            one.held,
            crime_event_keys=one.shared,
            owes=one.owes,
            opened_on=one.opened_on,
        )
        for one in whole.cases.values()
    ]
    return CrimeWithCases(crime.source, crime.id, crime.crime_type, crime.area, cases)


def _points(taking: Taking, one: _Opening, case_id: int) -> Iterator[NewContactPoint]:
    for name, kind in POINTS.items():
        value = getattr(one.victim, name)
        if value is not None:
            point_id = contact_points.new_id()
            by = staff.SYSTEM.id
            yield NewContactPoint(point_id, case_id, value, Point(kind), added_at=taking.now, added_by=by)


def _answers(taking: Taking, one: _Opening, case_id: int) -> Iterator[dict[str, Any]]:
    for answers, found, key in one.answers:
        yield answers_row(answers, found, case_id, key, by=staff.SYSTEM, now=taking.now, vault=taking.vault)


def _kept(whole: _Whole, numbers: Mapping[int, StoredCase]) -> Iterator[tuple[Kept, bytes]]:
    crime_id = next(numbers[id(one)].crime_id for one in whole.cases.values())
    for (staged, record), became in zip(whole.group, whole.became, strict=True):
        case_id = numbers[id(became.of)].id if became.of is not None else None
        kept = Kept(
            *staged.key,
            staged.version,
            staged.content_hash,
            STORED,
            about=getattr(record, "suspect", None),
            crime_id=crime_id if case_id is None else None,
            case_id=case_id,
            event_key=became.event_key,
        )
        yield kept, staged.sealed
