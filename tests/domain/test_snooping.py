"""Who looked where they had no reason to: found in a month of ordinary work, and little else with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.domain.snoopers import DAYS, OFFICERS, PLANTED, SUPERVISORS, a_month
from victimcare.domain.snooping import LIMITS, Deed, Did, PersonsDay, Sign, Suspicion, suspicions

NOON = datetime(2026, 7, 1, 11, tzinfo=UTC)


def a_day(*deeds: Deed, who: str = "ash") -> PersonsDay:
    """An officer's day with these deeds."""
    return PersonsDay(who, "officer", tuple(sorted(deeds, key=lambda deed: deed.at)))


def each_minute(count: int, did: Did, *, at: datetime = NOON, theirs: bool = True) -> list[Deed]:
    """That many, of one case each, a minute apart."""
    return [Deed(at + timedelta(minutes=n), did, n, theirs=theirs) for n in range(count)]


def signs_of(*deeds: Deed) -> set[Sign]:
    """The signs in a day with these deeds."""
    return {found.sign for found in suspicions([a_day(*deeds)])}


@pytest.mark.parametrize("seed", range(4))
def test_at_least_eleven_of_twelve_are_found_among_sixty_people_and_few_who_did_nothing(seed: int) -> None:
    month = a_month(seed)
    found = {(each.person_id, on) for on, days in month.days for each in suspicions(days)}
    right, wrong = found & month.planted, found - month.planted
    user_days = DAYS * (OFFICERS + SUPERVISORS)
    print(f"{len(right)} of {len(PLANTED)} found, {len(wrong)} false in {user_days:,} user-days")
    assert len(right) >= 11
    assert len(wrong) / user_days <= 3 / 1000


@pytest.mark.parametrize(
    ("sign", "did", "limit", "theirs"),
    [
        (Sign.REFUSED, Did.REFUSED, LIMITS.refused, True),
        (Sign.SEARCHED, Did.SEARCHED, LIMITS.searched, True),
        (Sign.OPENED_CONTACTS, Did.OPENED_CONTACT, LIMITS.opened_contacts, True),
        (Sign.NOT_THEIRS, Did.LOOKED, LIMITS.not_theirs, False),
        (Sign.MANY, Did.LOOKED, LIMITS.many + 1, True),
    ],
)
def test_a_question_is_asked_from_the_limit_on_and_not_before(sign: Sign, did: Did, limit: int, theirs: bool) -> None:
    assert suspicions([a_day(*each_minute(limit, did, theirs=theirs))]) == [Suspicion("ash", sign, limit)]
    assert not suspicions([a_day(*each_minute(limit - 1, did, theirs=theirs))])


def test_a_namesake_is_asked_about_once_a_case() -> None:
    looked = Deed(NOON, Did.LOOKED, 5, namesake=True)
    other = Deed(NOON, Did.LOOKED, 6, namesake=True)
    assert suspicions([a_day(looked, replace(looked, at=NOON + timedelta(hours=1)), other)]) == [
        Suspicion("ash", Sign.SAME_NAME, 1, 5),
        Suspicion("ash", Sign.SAME_NAME, 1, 6),
    ]


def test_a_try_at_a_protected_location_is_asked_about_from_the_first_on_and_once_a_case() -> None:
    tried = Deed(NOON, Did.TRIED_PROTECTED, 5)
    other = Deed(NOON, Did.TRIED_PROTECTED, 6)
    assert suspicions([a_day(tried, replace(tried, at=NOON + timedelta(hours=1)), other)]) == [
        Suspicion("ash", Sign.PROTECTED, 2, 5),
        Suspicion("ash", Sign.PROTECTED, 1, 6),
    ]


def test_a_try_at_a_protected_location_is_a_refusal_as_well() -> None:
    refused = each_minute(LIMITS.refused - 1, Did.REFUSED)
    assert not signs_of(*refused)
    assert signs_of(*refused, Deed(NOON, Did.TRIED_PROTECTED, 9)) == {Sign.REFUSED, Sign.PROTECTED}


def test_a_search_after_which_a_message_is_left_is_not_in_vain() -> None:
    searches = each_minute(LIMITS.searched, Did.SEARCHED)
    left = Deed(searches[-1].at + timedelta(seconds=20), Did.TOOK_MESSAGE)
    assert signs_of(*searches) == {Sign.SEARCHED}
    assert not signs_of(*searches, left)
    late = replace(left, at=searches[-1].at + LIMITS.opens_within + timedelta(seconds=1))
    assert signs_of(*searches, late) == {Sign.SEARCHED}


def test_a_search_that_leads_to_a_case_soon_is_not_in_vain() -> None:
    searches = each_minute(LIMITS.searched, Did.SEARCHED)
    assert signs_of(*searches) == {Sign.SEARCHED}
    opened = Deed(searches[4].at + timedelta(seconds=20), Did.LOOKED, 9)
    assert not signs_of(*searches, opened)
    late = Deed(searches[-1].at + LIMITS.opens_within + timedelta(seconds=1), Did.LOOKED, 9)
    assert signs_of(*searches, late) == {Sign.SEARCHED}


def test_contact_details_opened_to_contact_somebody_are_work() -> None:
    opened = each_minute(LIMITS.opened_contacts, Did.OPENED_CONTACT)
    worked = Deed(NOON + timedelta(hours=2), Did.WORKED, opened[0].case_id)
    assert signs_of(*opened) == {Sign.OPENED_CONTACTS}
    assert not signs_of(*opened, worked)
    through_the_day = [replace(deed, at=NOON + n * LIMITS.opened_together) for n, deed in enumerate(opened)]
    assert not signs_of(*through_the_day)


def test_who_works_at_night_records_what_they_do() -> None:
    read = each_minute(LIMITS.at_night, Did.LOOKED, at=datetime(2026, 12, 1, 23, 0, tzinfo=UTC))
    worked = [Deed(deed.at + timedelta(seconds=30), Did.WORKED, deed.case_id) for deed in read[:2]]
    assert signs_of(*read) == {Sign.AT_NIGHT}
    assert signs_of(*read, worked[0]) == {Sign.AT_NIGHT}
    assert not signs_of(*read, *worked)


def test_many_is_more_than_three_times_the_others_where_all_read_much() -> None:
    others = [a_day(*each_minute(20, Did.LOOKED), who=f"officer {n}") for n in range(LIMITS.peers)]
    busy = a_day(*each_minute(60, Did.LOOKED), who="busy")
    curious = a_day(*each_minute(61, Did.LOOKED), who="curious")
    assert not suspicions([*others, busy])
    assert suspicions([*others, curious]) == [Suspicion("curious", Sign.MANY, 61)]
    supervisor = replace(curious, role="supervisor")
    assert suspicions([*others, supervisor]) == [Suspicion("curious", Sign.MANY, 61)]


def test_the_night_is_londons() -> None:
    count = LIMITS.at_night
    in_summer = datetime(2026, 7, 1, 21, 0, tzinfo=UTC)
    assert signs_of(*each_minute(count, Did.LOOKED, at=in_summer)) == {Sign.AT_NIGHT}
    assert not signs_of(*each_minute(count, Did.LOOKED, at=datetime(2026, 12, 1, 21, 0, tzinfo=UTC)))
    assert not signs_of(*each_minute(count, Did.LOOKED, at=datetime(2026, 12, 1, 6, 0, tzinfo=UTC)))
