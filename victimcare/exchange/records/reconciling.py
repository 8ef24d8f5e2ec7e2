"""Whether what a source says is here as it said it: counted, hashed, and what is missing or differs by its name.

What is here is read again from where it is kept, not from what an import noted of itself: an event that vanished, or a
victim whose name was changed outside the journey, is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import Any, cast

from victimcare.commands.record_event import NewEvent
from victimcare.domain.journey import EventChain, Journey
from victimcare.exchange.records.decisions import RecordRefused, Taking, said_before
from victimcare.exchange.records.journeys import as_event
from victimcare.exchange.records.reached import POINTS
from victimcare.exchange.records.schema import (
    CrimeRecord,
    NeedsRecord,
    OfficerRecord,
    Record,
    SuspectRecord,
    VictimRecord,
    Withdrawable,
)
from victimcare.exchange.records.seen import Seen, SeenRecord
from victimcare.exchange.records.victims import reported_and_recorded
from victimcare.store import source_records
from victimcare.store.contact_points import hash_of
from victimcare.store.here import Copies, Here, here_of, of_the_crime
from victimcare.store.source_records import DISPOSED, WAITING, Kept

Labels = Mapping[str | None, str | None]
_AT_ONCE = 500
_NAMED = 1_000
"""Differences that are named at most; all are counted."""


class Difference(StrEnum):
    """Why a record is not here as its source says it."""

    MISSING = "missing"
    DIFFERS = "differs"
    CONTRADICTED = "said twice, and differently"


@dataclass(frozen=True, slots=True)
class Different:
    """One record that is not here as it was said."""

    source: str
    kind: str
    source_id: str
    why: Difference
    file: str
    line: int | None


@dataclass(slots=True)
class Side:
    """How the two sides of one kind compare.

    `waiting` hangs on what has not come, `disposed` was; the hashes are of all others, and the same if, and only if,
    all of these are here. `changed_here` was put right by somebody here since.
    """

    source: str
    kind: str
    there: int = 0
    here: int = 0
    waiting: int = 0
    changed_here: int = 0
    disposed: int = 0
    hash_there: str = ""
    hash_here: str = ""


@dataclass(slots=True)
class Reconciliation:
    """The comparison of a run, by source and kind, and what differs."""

    sides: list[Side] = field(default_factory=list)
    different: list[Different] = field(default_factory=list)
    differences: int = 0

    @property
    def agrees(self) -> bool:
        """Whether nothing is missing and nothing differs."""
        return self.differences == 0

    def as_json(self) -> dict[str, Any]:
        """The figures and names that `--json` prints."""
        named = [
            {"source": d.source, "kind": d.kind, "id": d.source_id, "why": d.why.value, "file": d.file, "line": d.line}
            for d in self.different
        ]
        sides = [{name: getattr(side, name) for name in Side.__slots__} for side in self.sides]
        return {"agrees": self.agrees, "sides": sides, "differences": self.differences, "different": named}


def reconcile(taking: Taking, seen: Seen) -> Reconciliation:
    """Compare the newest version of each record that was read with what is here."""
    found = Reconciliation()
    for source, kind in seen.kinds():
        side = Side(source, kind)
        there, here = sha256(), sha256()
        records = seen.of(source, kind)
        while some := list(islice(records, _AT_ONCE)):
            for one, kept, why in _compared(taking, side, some):
                side.there += 1
                if why is None and (one.disposed or kept is None or kept.state != source_records.STORED):
                    continue  # it is counted for itself: nothing of it is here to be compared
                said = f"{one.source_id}\x1f{one.version}\x1f{one.content_hash}\n".encode()
                there.update(said)
                here.update(said if why is None else _mark(kept, why))
                side.here += why is None
                if why is not None:
                    _name(found, one, why)
        side.hash_there, side.hash_here = there.hexdigest(), here.hexdigest()
        found.sides.append(side)
    return found


def _mark(kept: Kept | None, why: Difference) -> bytes:
    return b"" if kept is None else f"{kept.version}\x1f{kept.content_hash}\x1f{why.value}\n".encode()


def _name(found: Reconciliation, one: SeenRecord, why: Difference) -> None:
    found.differences += 1
    if len(found.different) < _NAMED:
        found.different.append(Different(one.source, one.kind, one.source_id, why, one.place.file, one.place.line))


def _compared(
    taking: Taking, side: Side, some: Sequence[SeenRecord]
) -> Iterator[tuple[SeenRecord, Kept | None, Difference | None]]:
    ids = [one.source_id for one in some]
    of = {"source": side.source, "kind": side.kind}
    kept_by_id = source_records.find_all(taking.connection, **of, ids=ids, vault=taking.vault)
    waiting = source_records.changes_of(taking.connection, **of, ids=ids, vault=taking.vault)
    stored = [kept for kept in kept_by_id.values() if kept.state == source_records.STORED]
    here, labels = here_of(taking.connection, stored), _labels(taking, side.source, stored)
    for one in some:
        kept, change = kept_by_id.get(one.source_id), waiting.get(one.source_id)
        kept = change if change is not None and change.version == one.version else kept
        yield one, kept, _difference(taking, side, one, kept, here, labels)


def _difference(
    taking: Taking, side: Side, one: SeenRecord, kept: Kept | None, here: Here, labels: Labels
) -> Difference | None:
    if one.contradicted:
        return Difference.CONTRADICTED
    if one.disposed or (kept is not None and kept.state == DISPOSED):
        side.disposed += 1
        return None
    if kept is None:
        return Difference.MISSING
    if kept.version > one.version:
        return None
    if kept.version < one.version or kept.content_hash != one.content_hash:
        return Difference.DIFFERS
    if kept.state == WAITING:
        side.waiting += 1
        return None
    try:
        stands, by_people = _stands(taking, kept, said_before(kept), here, labels)
    except RecordRefused:
        return Difference.DIFFERS
    if stands is None:
        return Difference.MISSING
    if not stands and by_people:
        side.changed_here += 1
        return None
    return None if stands else Difference.DIFFERS


def _stands(taking: Taking, kept: Kept, record: Record, here: Here, labels: Labels) -> tuple[bool | None, bool]:
    """Whether what it became stands as it says (None: it is not there), and whether people here changed it since."""
    if isinstance(record, CrimeRecord):
        return _crime_stands(kept, record, here)
    if isinstance(record, SuspectRecord):
        return True, False  # its label stands in the events that are about it, and is compared there
    if isinstance(record, OfficerRecord):
        person = here.people.get(kept.person_id or "")
        said = (record.name, record.email, record.team, frozenset(record.specialisms))
        return (None if person is None else person == said), True  # nobody keeps who changed it but the audit
    if isinstance(record, VictimRecord):
        victim = here.victims.get(kept.case_id or 0)
        if victim is None:
            return None, False
        if not _can_be_reached(taking, record, here.reached.get(kept.case_id or 0, frozenset())):
            return False, False
        identity = (record.name, record.born_on, record.basis, record.language)
        return victim.identity == identity, victim.changed_by_people
    return _event_stands(taking, kept, record, here, labels)


def _crime_stands(kept: Kept, record: CrimeRecord, here: Here) -> tuple[bool | None, bool]:
    crime_id = kept.crime_id or 0
    crime = here.crimes.get(crime_id)
    if crime != (record.crime_type, record.area):
        return (None if crime is None else False), False
    cases = here.cases_of.get(crime_id, frozenset())
    found = [
        _copies_stand(here, here.copies.get(of_the_crime(crime_id, said.kind), {}), cases, partial(_same, said))
        for said in reported_and_recorded(record)
    ]
    different = [(stands, by_people) for stands, by_people in found if not stands]
    return (False, all(by_people for _, by_people in different)) if cases and different else (True, False)


def _can_be_reached(taking: Taking, record: VictimRecord, reached: frozenset[str]) -> bool:
    """Whether each number and address is in the vault: in which use, and whether still, people decide."""
    return all(
        hash_of(kind, value, taking.vault) in reached
        for name, kind in POINTS.items()
        if (value := getattr(record, name)) is not None
    )


def _event_stands(taking: Taking, kept: Kept, record: Record, here: Here, labels: Labels) -> tuple[bool | None, bool]:
    if kept.event_key is None:
        return (True if cast(Withdrawable, record).withdrawn else None), False
    copies = here.copies.get(kept.event_key, {})
    if isinstance(record, NeedsRecord):
        stands = partial(_answered, here, record)
    elif cast(Withdrawable, record).withdrawn:
        stands = partial(_never_happened)
    else:
        stands = partial(_same, as_event(taking, cast(Withdrawable, record), labels.get(kept.about)))
    cases = frozenset(copies) if kept.crime_id is None else here.cases_of.get(kept.crime_id, frozenset(copies))
    return _copies_stand(here, copies, cases, stands)


def _copies_stand(
    here: Here, copies: Copies, cases: frozenset[int], stands: Callable[[EventChain], bool]
) -> tuple[bool | None, bool]:
    """Whether every one of these cases has the event as it is said; and where not, whether people changed it there."""
    if not copies:
        return None, False
    if not cases <= copies.keys():
        return False, False
    chains = [next(iter(Journey.of("", copies[case]).chains().values())) for case in cases]
    different = [chain for chain in chains if not stands(chain)]
    return not different, all(here.recorded_by_people(chain.versions) for chain in different)


def _same(said: NewEvent, chain: EventChain) -> bool:
    stands = chain.current
    return chain.happened and (said.kind, said.happened, said.received, said.subject, dict(said.details)) == (
        chain.root.kind,
        stands.happened,
        stands.received,
        stands.subject,
        dict(stands.details),
    )


def _never_happened(chain: EventChain) -> bool:
    return not chain.happened


def _answered(here: Here, record: NeedsRecord, chain: EventChain) -> bool:
    """Whether the last assessment of this event has these answers."""
    lists = (record.communication, record.disability, record.criteria, record.measures)
    said = (record.assessed_on, record.stage, record.interpreter, *(",".join(sorted(each)) for each in lists))
    answers = [here.answers[key] for key in chain.versions if key in here.answers]
    return chain.happened and chain.current.happened.on == record.assessed_on and answers[-1:] == [said]


def _labels(taking: Taking, source: str, kept: Iterable[Kept]) -> Labels:
    """How the suspects are called whom these records are about, by their ids; None where that cannot be read."""
    about = {each.about for each in kept if each.about is not None}
    found = source_records.find_all(
        taking.connection, source=source, kind="suspect", ids=sorted(about), vault=taking.vault
    )
    labels: dict[str | None, str | None] = {}
    for source_id, suspect in found.items():
        with suppress(RecordRefused):
            labels[source_id] = cast(SuspectRecord, said_before(suspect)).label
    return labels
