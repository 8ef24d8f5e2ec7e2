"""What there is to tell of duties that changed: to whom they are owed by, and nothing of what others owe."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from victimcare.domain.events_out import NEEDS, PAUSES, TOLD_TO, Told, cloud_event, told_of_duties

DUE = {
    "owed_by": "hmcts",
    "counting": "counted",
    "ended_on": None,
    "due_on": date(2026, 6, 1),
    "started_on": date(2026, 5, 1),
    "tier": "standard",
}


def due(**changes: Any) -> dict[str, Any]:
    return {**DUE, **changes}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, due(), {"hmcts": {Told.DUTY_OWED}}),
        (None, due(counting="expected"), {"hmcts": {Told.DUTY_OWED}}),
        (due(counting="unknown"), due(), {"hmcts": {Told.DUTY_OWED}}),
        (due(ended_on=date(2026, 5, 2)), due(), {"hmcts": {Told.DUTY_OWED}}),
        (due(), due(due_on=date(2026, 6, 2)), {"hmcts": {Told.DUTY_CHANGED}}),
        (due(counting="expected"), due(), {"hmcts": {Told.DUTY_CHANGED}}),
        (due(), due(ended_on=date(2026, 5, 2)), {"hmcts": {Told.DUTY_ENDED}}),
        (due(), due(counting="no_evidence"), {"hmcts": {Told.DUTY_ENDED}}),
        (due(), None, {"hmcts": {Told.DUTY_ENDED}}),
        (due(), due(owed_by="cps"), {"hmcts": {Told.DUTY_ENDED}, "cps": {Told.DUTY_OWED}}),
        (due(), due(tier="enhanced"), {}),
        (None, due(counting="no_evidence"), {}),
        (None, due(ended_on=date(2026, 5, 2)), {}),
    ],
)
def test_a_change_is_told_as_whoever_owes_it_reads_it(before: Any, after: Any, told: dict[str, set[Told]]) -> None:
    assert told_of_duties([(before, after)]) == told


def test_several_changes_of_a_kind_are_told_once() -> None:
    assert told_of_duties([(None, due()), (None, due()), (due(), None)]) == {"hmcts": {Told.DUTY_OWED, Told.DUTY_ENDED}}


def test_every_kind_that_can_be_chosen_needs_a_scope_and_the_police_are_told_nothing() -> None:
    assert {kind for kinds in TOLD_TO.values() for kind in kinds} == NEEDS.keys() == set(Told) - {Told.TEST}
    assert "police" not in TOLD_TO


def test_what_is_sent_is_an_envelope_with_identifiers_and_nothing_else() -> None:
    at = datetime(2026, 5, 22, 9, 30, tzinfo=UTC)
    assert cloud_event(event_id="0a1b", kind=Told.DUTY_OWED, subject="CASE-00042", at=at) == {
        "specversion": "1.0",
        "id": "0a1b",
        "source": "/api/v1/cases",
        "type": "victimcare.duty.owed",
        "subject": "CASE-00042",
        "time": "2026-05-22T09:30:00Z",
    }
    assert "subject" not in cloud_event(event_id="0a1b", kind=Told.TEST, subject=None, at=at)


def test_it_is_tried_ten_times_in_a_little_more_than_three_days() -> None:
    assert len(PAUSES) == 9
    assert sum(PAUSES, timedelta()) == timedelta(days=3, hours=3, minutes=35, seconds=5)
