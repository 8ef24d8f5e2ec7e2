"""Another list of bank holidays moves what is open and in time, and no verdict without a word."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import duty, event, journey
from tests.domain.random_journeys import CALENDAR, CODE, journeys
from victimcare.domain.calendar import WorkingCalendar, london_date
from victimcare.domain.entitlements import Counting, Entitlement, assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Journey, JourneyEvent

FUNERAL = date(2022, 9, 19)
PROCLAIMED = datetime(2022, 9, 10, 11, tzinfo=UTC)


def without(*days: date, of: WorkingCalendar = CALENDAR, **more: object) -> WorkingCalendar:
    holidays = {day: name for day, name in of.holidays.items() if day not in days}
    return WorkingCalendar(holidays=holidays, known_until=of.known_until, version="without", **more)  # type: ignore[arg-type]


def proclaimed(*, at: datetime = PROCLAIMED) -> WorkingCalendar:
    """The funeral became a bank holiday at that instant."""
    return WorkingCalendar(
        holidays=CALENDAR.holidays,
        known_until=CALENDAR.known_until,
        version="with",
        number=2,
        earlier=without(FUNERAL, number=1),
        since=at,
    )


def arrested(on: str, **more: object) -> JourneyEvent:
    return event(EventKind.SUSPECT_ARRESTED, on, key="arrest", subject="Suspect 1", **more)  # type: ignore[arg-type]


def told(on: str, **more: object) -> JourneyEvent:
    return event(EventKind.CONTACT_MADE, on, answers=[duty("R6-ARR", "arrest")], channel="phone", **more)  # type: ignore[arg-type]


def decided(verdict: str, on: str) -> JourneyEvent:
    details = {"verdict": verdict, "list": 2, "new_day": date(2022, 9, 20)}
    return event(EventKind.VERDICT_DECIDED, on, answers=[duty("R6-ARR", "arrest")], details=details)


def owed(*events: JourneyEvent, calendar: WorkingCalendar) -> Entitlement:
    return next(one for one in assess(journey(*events), CODE, calendar) if one.rule.id == "R6-ARR")


def days(one: Entitlement) -> tuple[date | None, date | None]:
    return one.due_on, one.otherwise_on


def test_an_open_duty_in_time_follows_and_comes_back() -> None:
    arrest = arrested("2022-09-09")  # a Friday: five working days are the 16th; six the 19th
    calendar = proclaimed()
    one = owed(arrested("2022-09-12"), calendar=calendar)
    assert (days(one), one.counted_by) == ((date(2022, 9, 20), None), calendar)
    assert days(owed(arrest, calendar=calendar)) == (date(2022, 9, 16), None)
    back = without(FUNERAL, number=3, earlier=calendar, since=PROCLAIMED + timedelta(days=2))
    assert days(owed(arrested("2022-09-12", recorded="2022-09-09T10:00+00:00"), calendar=back)) == (
        date(2022, 9, 19),
        None,
    )


LATER = proclaimed(at=datetime(2022, 9, 20, 9, tzinfo=UTC))


def test_what_was_late_by_then_keeps_its_day_until_somebody_decides() -> None:
    arrest, call = arrested("2022-09-12"), told("2022-09-20", recorded="2022-09-20T15:00+00:00")
    met_late = owed(arrest, call, calendar=LATER)
    assert (days(met_late), met_late.standing_on(date(2022, 9, 21))) == (
        (date(2022, 9, 19), date(2022, 9, 20)),
        "met late",
    )
    follows = owed(arrest, call, decided("follows", "2022-09-22"), calendar=LATER)
    assert (days(follows), follows.standing_on(date(2022, 9, 22))) == ((date(2022, 9, 20), None), "met")
    stands = owed(arrest, call, decided("stands", "2022-09-22"), calendar=LATER)
    assert (days(stands), stands.standing_on(date(2022, 9, 22))) == ((date(2022, 9, 19), None), "met late")
    again = owed(arrest, call, decided("follows", "2022-09-22"), decided("stands", "2022-09-23"), calendar=LATER)
    assert days(again) == days(stands)


def test_what_ended_in_time_by_both_asks_nothing() -> None:
    assert days(owed(arrested("2022-09-12"), told("2022-09-13"), calendar=LATER)) == (date(2022, 9, 19), None)


def test_what_became_known_only_afterwards_was_never_judged_by_the_older_list() -> None:
    assert days(owed(arrested("2022-09-12", recorded="2022-09-21"), calendar=LATER)) == (date(2022, 9, 20), None)


def test_a_day_withdrawn_makes_nothing_late_at_a_stroke() -> None:
    back = without(FUNERAL, number=3, earlier=proclaimed(), since=datetime(2022, 9, 20, 9, tzinfo=UTC))
    one = owed(arrested("2022-09-12", recorded="2022-09-09T10:00+00:00"), calendar=back)
    assert days(one) == (date(2022, 9, 20), date(2022, 9, 19))


def test_a_further_year_takes_the_provisional_mark_away() -> None:
    longer = {**CALENDAR.holidays, date(2029, 1, 1): "New Year's Day"}
    calendar = WorkingCalendar(
        holidays=longer, known_until=date(2029, 12, 31), version="longer", number=2, earlier=CALENDAR,
        since=datetime(2028, 12, 29, 12, tzinfo=UTC),
    )  # fmt: skip
    arrest = arrested("2028-12-28", recorded="2028-12-28T10:00+00:00")
    before, after = owed(arrest, calendar=CALENDAR), owed(arrest, calendar=calendar)
    assert (before.due_on, before.provisional) == (date(2029, 1, 11), True)
    assert (after.due_on, after.provisional) == (date(2029, 1, 12), False)


CHANGES = st.dates(date(2026, 5, 1), date(2026, 7, 31)).filter(lambda day: day.weekday() < 5)


def judged(one: Entitlement, calendar: WorkingCalendar, events: Journey) -> bool:
    """The slow way: whether a verdict was given before the list came into force, or would be at a stroke."""
    assert calendar.since is not None
    recorded = {each.key: each.recorded_at for each in events.events}
    if one.ended_by is not None and recorded[one.ended_by] < calendar.since:
        return True
    return one.counting is Counting.COUNTED and one.due_on is not None and one.due_on < london_date(calendar.since)


@given(journeys(), st.sets(CHANGES, min_size=1, max_size=3), st.dates(date(2026, 5, 15), date(2026, 8, 15)))
def test_exactly_what_was_open_and_in_time_is_as_derived_afresh(some: Journey, changed: set[date], on: date) -> None:
    since = datetime.combine(on, time(12), UTC)
    kept = {day: name for day, name in CALENDAR.holidays.items() if day not in changed}
    added = dict.fromkeys(changed - CALENDAR.holidays.keys(), "A new day")
    fresh = WorkingCalendar(holidays=kept | added, known_until=CALENDAR.known_until, version="fresh")
    calendar = WorkingCalendar(
        holidays=fresh.holidays, known_until=fresh.known_until, version="fresh", number=2, earlier=CALENDAR, since=since
    )
    old, new = assess(some, CODE, CALENDAR), assess(some, CODE, fresh)
    now = assess(some, CODE, calendar)
    assert [one.key for one in now] == [one.key for one in old] == [one.key for one in new]
    for before, afresh, after in zip(old, new, now, strict=True):
        unknown = after.start.root.recorded_at >= since
        stays = not unknown and (judged(before, calendar, some) or judged_by_stroke(afresh, on))
        expected = before if stays else afresh
        assert (after.due_on, after.ending, after.ended_on) == (expected.due_on, expected.ending, expected.ended_on)
        if not stays:
            assert after.otherwise_on is None
        elif before.ending is not None and before.due_on is not None and before.ended_on is not None:
            assert (after.otherwise_on is not None) <= (before.due_on != afresh.due_on)


def judged_by_stroke(one: Entitlement, on: date) -> bool:
    return one.counting is Counting.COUNTED and one.due_on is not None and one.due_on < on


@given(journeys(), st.sets(CHANGES, min_size=1, max_size=3), st.dates(date(2026, 5, 15), date(2026, 8, 15)))
def test_no_verdict_changes_without_a_decision(some: Journey, changed: set[date], on: date) -> None:
    since = datetime.combine(on, time(12), UTC)
    added = dict.fromkeys(changed, "A new day")
    calendar = WorkingCalendar(
        holidays={**CALENDAR.holidays, **added}, known_until=CALENDAR.known_until, version="more", number=2,
        earlier=CALENDAR, since=since,
    )  # fmt: skip
    known = some.as_known_at(since - timedelta(microseconds=1))
    if any(each.corrects for each in some.events):
        return
    for before, after in zip(assess(known, CODE, CALENDAR), assess(known, CODE, calendar), strict=True):
        assert before.late_on(on) == after.late_on(on)
        if before.ending is not None:
            assert (before.due_on, before.standing_on(on)) == (after.due_on, after.standing_on(on))
