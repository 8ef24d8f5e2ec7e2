"""When a victim may be asked how it was for them, and by what number they answer."""

from datetime import date, timedelta

import pytest

from tests.builders import event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.feedback import (
    NUMBER_LENGTH,
    Asked,
    due_to_ask,
    months_on,
    number_meant,
    number_of,
    shown_number,
)
from victimcare.domain.journey import Journey, JourneyEvent
from victimcare.domain.quarter import Quarter
from victimcare.editions.feedback import published_survey

SURVEY = published_survey()
REPORTED = date(2026, 1, 5)
FIRST, LAST = REPORTED + timedelta(days=28), REPORTED + timedelta(days=88)


def due(*events: JourneyEvent, today: date, asked: tuple[Asked, ...] = ()) -> str | None:
    chains = Journey.of("AAAAA-AAAAA", events or (event(EventKind.CRIME_REPORTED, REPORTED),)).chains().values()
    found = due_to_ask(chains, asked, survey=SURVEY, today=today)
    return found.point.code if found else None


@pytest.mark.parametrize(
    ("today", "point"),
    [
        (FIRST - timedelta(days=1), None),
        (FIRST, "first_weeks"),
        (LAST, "first_weeks"),
        (LAST + timedelta(days=1), None),
    ],
)
def test_a_point_is_due_from_its_day_and_not_for_ever(today: date, point: str | None) -> None:
    assert due(today=today) == point


def test_nobody_is_asked_twice_within_the_months_that_the_force_says() -> None:
    charged = event(EventKind.SUSPECT_CHARGED, date(2026, 6, 20), subject="Suspect 1")
    reported = event(EventKind.CRIME_REPORTED, REPORTED)
    asked = (Asked("first_weeks", date(2026, 2, 10)),)
    assert due(reported, charged, today=date(2026, 8, 9), asked=asked) is None
    assert due(reported, charged, today=date(2026, 8, 10), asked=asked) == "decision"


def test_nobody_is_asked_twice_of_the_same_point() -> None:
    survey_long_ago = (Asked("decision", date(2026, 1, 10)),)
    earlier = event(EventKind.SUSPECT_CHARGED, date(2025, 12, 20), subject="Suspect 1")
    later = event(EventKind.SUSPECT_CHARGED, date(2026, 7, 1), subject="Suspect 2")
    assert due(earlier, today=date(2026, 7, 20), asked=survey_long_ago) is None
    assert due(earlier, later, today=date(2026, 7, 20), asked=survey_long_ago) == "decision"


def test_the_latest_point_is_asked_about() -> None:
    reported = event(EventKind.CRIME_REPORTED, REPORTED)
    charged = event(EventKind.SUSPECT_CHARGED, date(2026, 2, 1), subject="Suspect 1")
    assert due(reported, charged, today=date(2026, 2, 16)) == "decision"


def test_what_never_happened_and_what_is_known_to_the_month_only_is_no_point() -> None:
    charged = event(EventKind.SUSPECT_CHARGED, date(2026, 2, 1), key="charged", subject="Suspect 1")
    never = event(
        EventKind.SUSPECT_CHARGED,
        date(2026, 2, 1),
        subject="Suspect 1",
        corrects="charged",
        correction="never_happened",
    )
    assert due(charged, never, today=date(2026, 2, 20)) is None
    assert due(event(EventKind.CRIME_REPORTED, "2026-01"), today=date(2026, 2, 10)) is None


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_later_is_the_same_day_or_the_last(day: date, months: int, later: date) -> None:
    assert months_on(day, months) == later


def test_a_number_is_read_out_and_understood() -> None:
    number = number_of(range(NUMBER_LENGTH))
    assert len(number) == NUMBER_LENGTH
    assert number_meant(shown_number(number).lower().replace(" ", " - ")) == number
    signs = {number_of([one])[0] for one in range(256)}
    assert not signs & set("01OILU"), "signs that are misread"


def test_a_quarter_is_shown_when_nobody_who_was_asked_in_it_can_answer_any_more() -> None:
    quarter = Quarter(2026, 3)
    last_asked_on = quarter.until_on - timedelta(days=1)
    assert SURVEY.shown_from(quarter) > SURVEY.answered_by(last_asked_on)
    assert SURVEY.newest_quarter(SURVEY.shown_from(quarter)) == quarter
    assert SURVEY.newest_quarter(SURVEY.shown_from(quarter) - timedelta(days=1)) == quarter.next(-1)
