"""Records that a system sends a few at a time, and what became of each: as from files, and at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from victimcare.domain.people import Person
from victimcare.exchange.records.decisions import Fate, Taking
from victimcare.exchange.records.lines import Place
from victimcare.exchange.records.reading import Bad, read_said
from victimcare.exchange.records.schema import KINDS, Record
from victimcare.exchange.records.taking import take
from victimcare.store import api_clients, audit, crimes, source_records, staff

MOST = 40
"""Records that are sent at once: they are taken one by one, in one transaction."""
_ORDER = {kind: number for number, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one record: no fate where it was refused whole. `refused` are fields, each with the reason."""

    fate: Fate | None
    refused: tuple[tuple[str, str], ...] = ()
    kept_here: tuple[str, ...] = ()


def take_sent(taking: Taking, said: Sequence[Mapping[str, Any]], *, by: Person) -> tuple[list[Sent], int]:
    """Take these records, each after what it can hang on; what became of each, and how many that waited were joined.

    Those of another source than that which the system is registered for are refused. They are recorded by the program
    itself, as those of files are; that `by`, the system, brought them is written down beside.
    """
    crimes.lock_imports(taking.connection)
    staff.ensure_system(taking.connection)
    became: dict[int, Sent] = {}
    joined = 0
    read = [(number, read_said(Place("", number), one)) for number, one in enumerate(said)]
    became |= {number: Sent(None, ((one.field, one.why),)) for number, one in read if isinstance(one, Bad)}
    whole = [(number, one.record) for number, one in read if not isinstance(one, Bad)]
    source = _source_of(taking, by)
    records = [(number, record) for number, record in whole if source in ("", record.source)]
    of_another = Sent(None, (("source", f"this system brings records of {source} alone"),))
    became |= {number: of_another for number, record in whole if source not in ("", record.source)}
    for number, record in sorted(records, key=lambda each: _ORDER[each[1].kind]):
        first, *others = take(taking, record)
        refused = tuple((one.field, one.why) for one in first.refusals)
        became[number] = Sent(first.fate, refused, first.kept_here)
        joined += sum(one.fate in (Fate.NEW, Fate.CHANGED) for one in others)
    what = f"bring in {len(became)} records"
    cases = _cases_of(taking, [record for _, record in records])
    audit.write(taking.connection, at=taking.now, operation="collection", what=what, person=by, case_ids=cases)
    return [became[number] for number in sorted(became)], joined


def _source_of(taking: Taking, system: Person) -> str:
    """Whose records the system may bring; empty of one that was registered before that was asked."""
    known = api_clients.client(taking.connection, system.id)
    return known.source if known else ""


def _cases_of(taking: Taking, records: Sequence[Record]) -> list[int]:
    """The cases that these records are of, so that from each it can be found which system brought what."""
    keys = [(record.source, record.kind, record.id) for record in records]
    kept = source_records.find_many(taking.connection, keys, taking.vault).values()
    return sorted({one.case_id for one in kept if one.case_id is not None})
