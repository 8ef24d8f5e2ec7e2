"""Reading bank-holidays.json: what is published is believed, and anything else is refused naming its entry."""

from __future__ import annotations

import json
from datetime import date

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays

from tests.holidays import SHIPPED, document, listed
from victimcare.domain.holiday_list import BadHolidayList, HolidayList, successor
from victimcare.editions.published_holidays import LARGEST, read_published

IN_FORCE = HolidayList.of(SHIPPED)


def test_what_is_published_is_read_and_says_what_is_shipped() -> None:
    snapshot = BankHolidays.load_backup_data()
    kept = [day for day in snapshot["england-and-wales"]["events"] if day["date"] < "2029"]
    snapshot["england-and-wales"]["events"] = kept
    found = read_published(json.dumps(snapshot).encode())
    shared = {day for day in IN_FORCE.holidays if min(found.holidays) <= day <= found.known_until}
    assert set(found.holidays) == shared


def test_a_note_goes_into_the_name() -> None:
    events = json.loads(document())["england-and-wales"]["events"]
    events[-1]["notes"] = "Substitute day"
    found = read_published(document(events=events))
    assert found.holidays[date(2028, 12, 26)].endswith("(substitute day)")


def test_a_proclaimed_day_comes_in() -> None:
    whole = successor(read_published(document(listed(**{"2027-05-07": "A jubilee"}))), IN_FORCE)
    assert whole.proclaimed_since(IN_FORCE) == {date(2027, 5, 7): "A jubilee"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (b"", "it is not JSON"),
        (b"\xff", "it is not JSON"),
        (b"[" * 50_000, "it is not JSON"),
        (b"[]", "it has no days of england-and-wales"),
        (b'{"england-and-wales": []}', "it has no days of england-and-wales"),
        (b'{"scotland": {"events": []}}', "it has no days of england-and-wales"),
        (b" " * (LARGEST + 1), "it is larger than"),
        (document(events=[]), "the list has no days"),
        (document(events=["2028-12-25"]), "entry 1: it is no entry with a date and a title"),
        (document(events=[{"title": "Christmas Day", "date": "25/12/2028"}]), "entry 1: its date is not a day"),
        (document(events=[{"title": "Christmas Day", "date": "20281225"}]), "entry 1: its date must be written as"),
        (document(events=[{"title": " ", "date": "2028-12-25"}]), "2028-12-25: the day has no title"),
        (document(events=[{"title": "x" * 101, "date": "2028-12-25"}]), "2028-12-25: its title is not the name"),
        (document(events=[{"title": "a\u202eb", "date": "2028-12-25"}]), "2028-12-25: its title is not the name"),
        (document(events=[{"title": "A", "date": "2028-12-25"}] * 2), "2028-12-25: it is listed twice"),
        (document(listed(without=(date(2028, 12, 25),), **{"2028-12-24": "Christmas"})), "2028-12-24: it is a Sunday"),
    ],
)
def test_anything_else_is_refused_naming_the_entry(given: bytes, sentence: str) -> None:
    with pytest.raises(BadHolidayList) as refused:
        read_published(given)
    assert str(refused.value).startswith(sentence), str(refused.value)
