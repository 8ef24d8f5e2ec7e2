"""What an import would do, before it is done: what is new, which deadlines would move, and what would be refused.

Nothing is written: all is read as of one moment, and what hangs on other records of the same files counts as here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from victimcare.commands.assess_needs import found_by, needs_event
from victimcare.commands.correct_identity import NothingCorrected, identity_events
from victimcare.commands.preview_events import preview_events
from victimcare.commands.record_event import NewEvent
from victimcare.domain.law import Law
from victimcare.domain.moved_deadlines import MovedDeadline
from victimcare.exchange.records import journeys, people, rules, suspects, victims
from victimcare.exchange.records.decisions import (
    Decision,
    Fate,
    RecordRefused,
    Taking,
    decide,
    happened_to_crime,
    said_before,
)
from victimcare.exchange.records.files import readable_files, records_in
from victimcare.exchange.records.lines import FileRefused, Place
from victimcare.exchange.records.profiles import Profile
from victimcare.exchange.records.reading import PassedOver, Read
from victimcare.exchange.records.schema import (
    KINDS,
    CrimeRecord,
    NeedsRecord,
    OfficerRecord,
    Record,
    SuspectRecord,
    VictimRecord,
    Withdrawable,
)
from victimcare.exchange.records.seen import Seen, SeenRecord
from victimcare.exchange.records.taking import REFUSALS, refusal_of, refuse_waiting
from victimcare.store import crimes, staff
from victimcare.store.database import Database
from victimcare.store.vault import Vault

MOST_NAMED = 1_000
"""Moves and refusals that are named; all are counted."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that would move: of which case, by which record, from what day to what day (None: there is none)."""

    kind: str
    source_id: str
    case: str
    rule: str
    title: str
    move: str
    due_before: date | None
    due_after: date | None


@dataclass(frozen=True, slots=True)
class WouldRefuse:
    """What would be refused, where it stands, and why."""

    file: str
    line: int | None
    field: str
    why: str


@dataclass(slots=True)
class Preview:
    """What would become of what was read. `moves` and `refusals` count; the first of each are named.

    `passed_over` are the rows of which the profile makes no record.
    """

    files: int = 0
    passed_over: int = 0
    fates: dict[str, Counter[str]] = field(default_factory=dict)
    moves: int = 0
    moved: list[Moved] = field(default_factory=list)
    refusals: int = 0
    refused: list[WouldRefuse] = field(default_factory=list)
    files_refused: list[FileRefused] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The figures and names that `--json` prints."""
        fates = {kind: dict(sorted(self.fates[kind].items())) for kind in KINDS if kind in self.fates}
        moved = [{name: _plain(getattr(each, name)) for name in Moved.__slots__} for each in self.moved]
        refused = [{name: getattr(each, name) for name in WouldRefuse.__slots__} for each in self.refused]
        files = [{"file": str(each.path), "reason": each.why} for each in self.files_refused]
        return {
            "files": self.files,
            "passed_over": self.passed_over,
            "records": fates,
            "moves": self.moves,
            "moved": moved,
            "refusals": self.refusals,
            "refused": refused,
            "files_refused": files,
        }


def preview_records(
    database: Database, paths: Sequence[Path], *, law: Law, vault: Vault, now: datetime, profile: Profile | None = None
) -> Preview:
    """What importing these files would do. Raises `NothingToRead`."""
    files, refused, _ = readable_files(paths, profile)
    preview = Preview(files=len(files), files_refused=refused)
    with Seen() as seen, database.reading() as connection:
        taking = Taking(connection, law, vault, now)
        for record, _place in _records(files, profile, preview, note=True):
            seen.see(_seen(record, vault))
        for record, place in _records(files, profile, preview, note=False):
            try:
                fate, moved, partly = _would(taking, seen, record)
            except REFUSALS as refused:
                wrong = refusal_of(refused)
                _refuse(preview, WouldRefuse(place.file, place.line, wrong.field, wrong.why))
                continue
            for wrong in partly:
                _refuse(preview, WouldRefuse(place.file, place.line, wrong.field, wrong.why))
            preview.fates.setdefault(record.kind, Counter())[fate.value] += 1
            preview.moves += len(moved)
            preview.moved += moved[: max(0, MOST_NAMED - len(preview.moved))]
    return preview


def _records(files: Sequence[Path], profile: Profile | None, preview: Preview, *, note: bool) -> Iterator[Any]:
    for path in files:
        for one in records_in(path, profile):
            if isinstance(one, Read):
                yield one.record, one.place
            elif isinstance(one, PassedOver):
                preview.passed_over += note
            elif note:
                _refuse(preview, WouldRefuse(one.place.file, one.place.line, one.field, one.why))


def _refuse(preview: Preview, one: WouldRefuse) -> None:
    preview.refusals += 1
    if len(preview.refused) < MOST_NAMED:
        preview.refused.append(one)


def _seen(record: Record, vault: Vault) -> SeenRecord:
    content_hash = vault.hash(record.content())
    return SeenRecord(record.source, record.kind, record.id, record.version, content_hash, Place("", None))


def _would(taking: Taking, seen: Seen, record: Record) -> tuple[Fate, list[Moved], list[RecordRefused]]:
    """What would become of it, which deadlines would move, and what of it would be refused while the rest is taken."""
    decision, partly = decide(taking.connection, record, taking.vault), []
    if decision.fate in (Fate.NEW, Fate.CHANGED, Fate.WAITING):
        rules.check(taking, decision)
        partly = _check(taking, decision)
    if decision.fate is Fate.WAITING:
        refuse_waiting(decision)
        in_files = all(
            parent in decision.parents or seen.holds(record.source, parent, of) for parent, of in record.parents()
        )
        return (Fate.NEW if in_files else Fate.WAITING), [], partly
    if decision.fate not in (Fate.NEW, Fate.CHANGED):
        return decision.fate, [], partly
    moved = [
        _moved(record, ref, one)
        for ref, events in _events(taking, decision)
        for one in preview_events(
            taking.connection, ref=ref, events=events, by=staff.SYSTEM, now=taking.now, law=taking.law
        )
    ]
    return decision.fate, moved, partly


def _check(taking: Taking, decision: Decision) -> list[RecordRefused]:
    """Raise what taking it would, of what depends on what is here; what of it alone would be refused."""
    record, changes = decision.record, decision.fate is Fate.CHANGED
    if isinstance(record, CrimeRecord):
        victims.check_times(taking, record)
        if not changes:
            victims.check_not_by_hand(taking, record)
        elif crimes.live_cases(taking.connection, decision.kept.crime_id or 0):
            before = cast(CrimeRecord, said_before(decision.kept))
            return victims.of_another_crime(taking, decision.kept.crime_id or 0, before, record)
    elif isinstance(record, SuspectRecord) and "crime" in decision.parents:
        suspects.check_label_is_free(taking, decision)
    elif isinstance(record, OfficerRecord):
        people.team_of(taking, record.team)
    elif isinstance(record, VictimRecord):
        if not changes:
            victims.check_times(taking, record)
        else:
            victims.check_same_crime(cast(VictimRecord, said_before(decision.kept)), record)
    return []


def _events(taking: Taking, decision: Decision) -> Iterator[tuple[str, list[NewEvent]]]:
    """The events that a record would become, on each case that is here already."""
    record = decision.record
    if isinstance(record, NeedsRecord):
        yield _needs(taking, decision, record)
    elif decision.fate is Fate.NEW and isinstance(record, Withdrawable) and not record.withdrawn:
        event = journeys.as_event(taking, record, journeys.label_of(decision))
        refs = [journeys.ref_of(taking, decision)]
        if happened_to_crime(record):
            refs = crimes.live_cases(taking.connection, decision.parents["crime"].crime_id or 0)
        yield from ((ref, [event]) for ref in refs)
    elif decision.fate is Fate.CHANGED and isinstance(record, Withdrawable):
        yield _changed(taking, decision)
    elif decision.fate is Fate.CHANGED and isinstance(record, VictimRecord):
        yield _victim(taking, decision, record)
    elif decision.fate is Fate.CHANGED and isinstance(record, CrimeRecord):
        before = said_before(decision.kept)
        assert isinstance(before, CrimeRecord)  # noqa: S101 - a record keeps its kind
        refs = crimes.live_cases(taking.connection, decision.kept.crime_id or 0)
        if refs:
            found = victims.crime_corrections(taking, before, record, refs, [])
            yield refs[0], [event for _, event in found]


def _needs(taking: Taking, decision: Decision, record: NeedsRecord) -> tuple[str, list[NewEvent]]:
    ref = journeys.ref_of(taking, decision)
    answers = journeys.needs_answers(taking, record, decision.parents["victim"])
    found = found_by(taking.connection, ref=ref, answers=answers, law=taking.law)
    return ref, [needs_event(answers, found, now=taking.now)]


def _changed(taking: Taking, decision: Decision) -> tuple[str, list[NewEvent]]:
    journeys.refuse_another(decision, decision.kept)
    new, put_right = journeys.planned(taking, decision)
    if put_right is None:
        return journeys.ref_of(taking, decision), [new] if new else []
    ref, _ = journeys.chain_of(taking, decision.kept)
    return ref, [*put_right.corrections, *([new] if new else [])]


def _victim(taking: Taking, decision: Decision, record: VictimRecord) -> tuple[str, list[NewEvent]]:
    before = said_before(decision.kept)
    assert isinstance(before, VictimRecord)  # noqa: S101 - a record keeps its kind
    stored = victims.case_of_victim(taking, decision)
    put_right = victims.identity_put_right(taking, stored, before, record, [])
    events: list[NewEvent] = []
    if put_right is not None:
        try:
            events += identity_events(
                taking.connection, ref=stored.case.ref, put_right=put_right, now=taking.now, law=taking.law
            )
        except NothingCorrected:
            events = []
    with suppress(RecordRefused):  # the rest of them is taken
        events += victims.joining_corrections(decision, stored, before, [])
    return stored.case.ref, events


def _moved(record: Record, ref: str, one: MovedDeadline) -> Moved:
    owed = one.owed.rule
    return Moved(record.kind, record.id, ref, owed.id, one.title, one.move.value, one.due_before, one.due_after)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
