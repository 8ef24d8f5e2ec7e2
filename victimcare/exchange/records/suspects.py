"""The labels of suspects: each has the clocks of one person, so no two of a crime are called the same."""

from __future__ import annotations

from typing import Any, cast

from victimcare.domain.event_kinds import EVENT_KINDS
from victimcare.exchange.records import journeys
from victimcare.exchange.records.decisions import Decision, RecordRefused, Taking, said_before
from victimcare.exchange.records.schema import SuspectRecord
from victimcare.store import cases, crimes, source_records, staff
from victimcare.store import journeys as recorded

Columns = dict[str, Any]


def add(taking: Taking, decision: Decision) -> tuple[Columns]:
    """Remember the label; two suspects of one crime are never called the same."""
    check_label_is_free(taking, decision)
    return ({"crime_id": decision.parents["crime"].crime_id},)


def change(taking: Taking, decision: Decision) -> tuple[Columns, tuple[str, ...]]:
    """Put the label right in every event that is about the suspect."""
    record, kept = cast(SuspectRecord, decision.record), decision.kept
    journeys.refuse_another(decision, kept)
    check_label_is_free(taking, decision)
    before = cast(SuspectRecord, said_before(kept)).label
    kept_here: list[str] = []
    events = source_records.about(taking.connection, source=record.source, suspect=record.id, vault=taking.vault)
    for event in events:
        kept_here += journeys.relabel(taking, event, before=before, now=record.label)
    return {"crime_id": kept.crime_id}, tuple(dict.fromkeys(kept_here))


def check_label_is_free(taking: Taking, decision: Decision) -> None:
    """Raise `RecordRefused` where another suspect of the crime is called so: two would have one another's clocks."""
    record, crime_id = cast(SuspectRecord, decision.record), decision.parents["crime"].crime_id or 0
    others = source_records.of_crime(taking.connection, crime_id=crime_id, kind="suspect", vault=taking.vault)
    labels = {cast(SuspectRecord, said_before(each)).label for each in others if each.source_id != record.id}
    if record.label in labels:
        raise RecordRefused("label", "another suspect of the crime is called so")
    if record.label in _called_here(taking, crime_id):
        raise RecordRefused("label", "somebody recorded here calls a suspect of the crime so: a person says who is who")


def _called_here(taking: Taking, crime_id: int) -> set[str | None]:
    """How people call suspects of a crime in what they recorded themselves."""
    found: set[str | None] = set()
    for ref in crimes.live_cases(taking.connection, crime_id):
        stored = cases.look_at(taking.connection, ref)
        recorders = recorded.recorders_of(taking.connection, stored.id)
        found |= {
            chain.current.subject
            for chain in stored.case.journey.chains().values()
            if EVENT_KINDS[chain.root.kind].subject == "suspect"
            and chain.happened
            and recorders[chain.key] != staff.SYSTEM.id
        }
    return found
