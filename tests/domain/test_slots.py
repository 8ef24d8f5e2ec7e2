"""Slots of a schedule: scheduled instants, the same for every scheduler, also in the nights of the clock change."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.domain.slots import DailyAt, Every, InTheChangedHour, Trigger

instants = st.datetimes(*(datetime.fromisoformat(f"{year}-01-01") for year in (2012, 2040)), timezones=st.just(UTC))
triggers = st.one_of(
    st.integers(1, 1440).map(Every),
    st.times().filter(lambda at: at.hour != 1).map(lambda at: DailyAt(at.replace(second=0, microsecond=0))),
)
OCTOBER = datetime(2026, 10, 25, tzinfo=UTC)
MARCH = datetime(2027, 3, 28, tzinfo=UTC)


@given(triggers, instants)
def test_the_latest_slot_is_the_last_that_has_come_and_the_following_the_first_that_has_not(
    trigger: Trigger, now: datetime
) -> None:
    latest, following = trigger.latest(now), trigger.following(now)
    assert latest <= now < following
    assert trigger.latest(following - timedelta(microseconds=1)) == latest
    assert trigger.latest(latest) == latest
    assert trigger.following(latest) == following


def test_a_time_of_day_is_londons_in_winter_and_in_summer() -> None:
    seven = DailyAt(time(7))
    assert seven.latest(datetime(2026, 1, 5, 12, tzinfo=UTC)) == datetime(2026, 1, 5, 7, tzinfo=UTC)
    assert seven.latest(datetime(2026, 7, 6, 12, tzinfo=UTC)) == datetime(2026, 7, 6, 6, tzinfo=UTC)


@pytest.mark.parametrize("night", [OCTOBER, MARCH], ids=["clocks go back", "clocks go forward"])
@pytest.mark.parametrize("at", [time(0, 30), time(2), time(2, 30), time(7)], ids=str)
def test_a_daily_slot_comes_once_in_the_nights_of_the_clock_change(night: datetime, at: time) -> None:
    minutes = [night - timedelta(hours=12) + timedelta(minutes=minute) for minute in range(36 * 60)]
    slots = {DailyAt(at).latest(minute) for minute in minutes if minute >= night - timedelta(hours=2)}
    of_that_day = [slot for slot in slots if night - timedelta(hours=1) <= slot < night + timedelta(hours=23)]
    assert len(of_that_day) == 1


@pytest.mark.parametrize("minute", [0, 15, 59])
def test_the_hour_that_comes_twice_is_refused(minute: int) -> None:
    with pytest.raises(InTheChangedHour, match="twice in October"):
        DailyAt(time(1, minute))


def test_a_schedule_says_itself_in_words() -> None:
    said = [str(trigger) for trigger in (Every(1), Every(15), Every(60), Every(120), DailyAt(time(2, 30)))]
    assert said == ["every minute", "every 15 minutes", "every hour", "every 2 hours", "every day at 02:30"]
