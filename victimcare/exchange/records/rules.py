"""What the forms ask of a person is asked of a system too: areas that have a team, days that can be, shapes of numbers.

Nothing of what was sent is repeated: in a broken file any field may hold somebody's name or address.
"""

from __future__ import annotations

from collections.abc import Iterator

from victimcare.domain.calendar import london_date
from victimcare.domain.contact_shapes import shape_wrong
from victimcare.domain.days_of_a_crime import birth_wrong, incident_wrong, recording_wrong
from victimcare.domain.safe_contact import PointKind
from victimcare.exchange.records.decisions import Decision, RecordRefused, Taking, said_before
from victimcare.exchange.records.schema import CrimeRecord, Record, VictimRecord


def check(taking: Taking, decision: Decision) -> None:
    """Raise `RecordRefused` for the first thing in which the record is not as the forms would have it."""
    for name, wrong in _wrong(taking, decision):
        if wrong is not None:
            raise RecordRefused(name, wrong)


def _wrong(taking: Taking, decision: Decision) -> Iterator[tuple[str, str | None]]:
    record = decision.record
    if isinstance(record, CrimeRecord):
        reported = record.reported_at.on
        yield "recorded_at", recording_wrong(record.recorded_at.on, reported)
        yield "incident_on", incident_wrong(record.incident_on, reported)
        yield "area", _area_wrong(taking, decision, record)
    if isinstance(record, VictimRecord):
        yield "born_on", birth_wrong(record.born_on, london_date(taking.now))
        for kind in (PointKind.PHONE, PointKind.EMAIL):
            value = getattr(record, kind.value)
            yield kind.value, shape_wrong(kind, value) if value is not None else None


def _area_wrong(taking: Taking, decision: Decision, record: CrimeRecord) -> str | None:
    """It is stored as it is, so it is one that a team works on; one that was taken stays taken when its team goes."""
    if record.area in taking.areas:
        return None
    before: Record | None = said_before(decision.before) if decision.before else None
    stays = isinstance(before, CrimeRecord) and before.area == record.area
    return None if stays else "no team here works on an area of this name"
