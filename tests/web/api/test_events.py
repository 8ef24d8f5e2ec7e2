"""What a system says of an event, number by number: as JSON Schema has it, and nothing that only looks like it."""

import json

import pytest
from pydantic import ValidationError

from victimcare.web.api.events import EVENT, EventBody


def said(months: str) -> EventBody:
    event = {"kind": "sentence_received", "happened_at": "2026-05-01", "subject": "Suspect 1"}
    text = json.dumps({**event, "details": {"hospital_order": False, "custody_months": "MONTHS"}})
    return EVENT.validate_json(text.replace('"MONTHS"', months), strict=True)


@pytest.mark.parametrize("months", ["18", "18.0", "1.8e1"])
def test_a_whole_number_is_one_however_it_is_written(months: str) -> None:
    assert said(months).details.custody_months == 18  # type: ignore[attr-defined]


@pytest.mark.parametrize("months", ["18.5", '"18"', "true", "1e400", "-1", "[18]"])
def test_what_is_no_whole_number_is_refused(months: str) -> None:
    with pytest.raises(ValidationError, match="custody_months"):
        said(months)
