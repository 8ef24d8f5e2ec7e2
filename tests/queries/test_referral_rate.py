"""The referral rate: against counting case by case, with the plan's path, and giving no small number away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from tests.builders import event, journey
from tests.force import Force, a_force
from tests.published import publish
from tests.queries.worlds import LAW, store
from victimcare.domain.journey import Journey
from victimcare.domain.people import Person, Role
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import SUPPRESSED
from victimcare.domain.statistics import wilson_interval
from victimcare.editions.plan import published_plan
from victimcare.queries.referral_rate import ReferralMonth, ReferralView, referral_rate
from victimcare.queries.scope import NotForTheBoard

BOARD = Person("board", "Board Example", Role.BOARD)
NOW = datetime(2026, 7, 14, 12, tzinfo=UTC)
FIRST_OF_2026, SECOND_OF_2026 = Quarter(2026, 1), Quarter(2026, 2)
PLAN = published_plan()
POINTS, RELATIVE = PLAN.readings


@dataclass(frozen=True)
class Victim:
    """A case as the figures see it."""

    opened_on: date
    referred_after: int | None = None
    referral_in_error: bool = False
    contacts_recorded: bool = True
    void: bool = False

    def journey(self, ref: str) -> Journey:
        on = self.opened_on
        events = [
            event("officer_assigned", on, key=f"{ref}-officer", officer="ash", team="luton"),
            event("crime_reported", on, key=f"{ref}-report", contacts_recorded=self.contacts_recorded),
        ]
        if self.referred_after is not None:
            sent_on = on + timedelta(days=self.referred_after)
            events.append(event("referral_sent", sent_on, key=f"{ref}-sent"))
            if self.referral_in_error:
                wrong = {"corrects": f"{ref}-sent", "correction": "never_happened"}
                events.append(event("referral_sent", sent_on, key=f"{ref}-wrong", recorded="2035-01-01", **wrong))
        if self.void:
            events.append(event("case_voided", on, key=f"{ref}-void"))
        return journey(*events, case_ref=ref)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def view(
    force: Force,
    *victims: Victim,
    threshold: int = 1,
    quarters: Sequence[Quarter] = (FIRST_OF_2026, SECOND_OF_2026),
    now: datetime = NOW,
    person: Person = BOARD,
) -> ReferralView:
    """What the board sees once these quarters were published."""
    store(force.database, [victim.journey(f"V-{number:04}") for number, victim in enumerate(victims)])
    publish(force.database, LAW, quarters, now, threshold=threshold)
    with force.database.reading() as connection:
        return referral_rate(connection, person=person, quarters=quarters, plan=PLAN, reading=POINTS, law=LAW)


def month(shown: ReferralView, first_on: date) -> ReferralMonth:
    return next(each for each in shown.months if each.month_on == first_on)


def numbers(shown: ReferralMonth) -> tuple[object, object, object]:
    return shown.referred.numerator, shown.referred.denominator, shown.no_evidence


@pytest.mark.parametrize("seed", [1, 2])
def test_it_counts_what_a_person_would_count_case_by_case(force: Force, seed: int) -> None:
    chance = Random(seed)
    world = [
        Victim(
            opened_on=date(2024, 4, 1) + timedelta(days=chance.randrange(830)),
            referred_after=chance.choice([None, None, 0, 1, 30, 300]),
            referral_in_error=chance.random() < 0.3,
            contacts_recorded=chance.random() < 0.8,
            void=chance.random() < 0.1,
        )
        for _ in range(300)
    ]
    shown = view(force, *world, quarters=[FIRST_OF_2026.next(back) for back in range(-7, 2)])
    assert [each.month_on for each in shown.months] == [date(2024 + n // 12, n % 12 + 1, 1) for n in range(3, 30)]
    for each in shown.months:
        of_month = [v for v in world if v.opened_on.replace(day=1) == each.month_on and not v.void]
        proven = [v for v in of_month if v.contacts_recorded]
        referred = [v for v in proven if v.referred_after is not None and not v.referral_in_error]
        assert numbers(each) == (len(referred), len(proven), len(of_month) - len(proven))
        if proven:
            assert each.referred.share == len(referred) / len(proven)
            assert each.referred.interval == wilson_interval(len(referred), len(proven))


def test_a_referral_counts_in_the_month_of_its_case_however_late_it_comes(force: Force) -> None:
    shown = view(force, Victim(date(2026, 3, 31), referred_after=60), Victim(date(2026, 4, 1)))
    assert numbers(month(shown, date(2026, 3, 1))) == (1, 1, 0)
    assert numbers(month(shown, date(2026, 4, 1))) == (0, 1, 0)


def test_a_referral_that_never_happened_is_none(force: Force) -> None:
    shown = view(force, Victim(date(2026, 3, 2), referred_after=1, referral_in_error=True), Victim(date(2026, 3, 3), 1))
    assert numbers(month(shown, date(2026, 3, 1))) == (1, 2, 0)


def test_a_source_without_contacts_proves_nothing_even_where_a_referral_was_recorded_later(force: Force) -> None:
    victims = [Victim(date(2026, 3, 2), referred_after=1, contacts_recorded=False), Victim(date(2026, 3, 3))]
    assert numbers(month(view(force, *victims), date(2026, 3, 1))) == (0, 1, 1)


def test_months_are_shown_from_that_of_the_first_case_on(force: Force) -> None:
    shown = view(force, Victim(date(2026, 2, 10)), Victim(date(2026, 6, 1)))
    assert [each.month_on.month for each in shown.months] == [2, 3, 4, 5, 6]
    assert month(shown, date(2026, 4, 1)).referred.share is None, "nobody to refer is no rate"


def test_what_was_not_published_is_not_shown(force: Force) -> None:
    publish(force.database, LAW, [FIRST_OF_2026], NOW)
    shown = view(force, Victim(date(2026, 5, 10)), quarters=[SECOND_OF_2026])
    assert [each.month_on.month for each in shown.months] == [5, 6]


def test_a_month_is_settled_when_the_codes_time_for_a_referral_is_over_for_its_last_victim(force: Force) -> None:
    """Two working days from Tuesday 30 June 2026: until the end of Thursday 2 July."""
    settled = {}
    for day in (2, 3):
        at = datetime(2026, 7, day, 12, tzinfo=UTC)
        shown = view(force, *([Victim(date(2026, 6, 4))] * 9 if day == 2 else []), now=at)
        settled[day] = shown.months[-1].settled
        if day == 2:
            store(force.database, [Victim(date(2026, 6, 5)).journey(f"L-{number}") for number in range(9)])
    assert settled == {2: False, 3: True}


@pytest.mark.parametrize(
    ("referred", "others", "silent", "shown"),
    [
        (5, 5, 0, (5, 10, 0)),
        (4, 20, 0, (SUPPRESSED, SUPPRESSED, 0)),
        (20, 4, 0, (20, SUPPRESSED, 0)),
        (2, 1, 0, (SUPPRESSED, SUPPRESSED, 0)),
        (0, 20, 0, (0, 20, 0)),
        (20, 30, 3, (20, 50, SUPPRESSED)),
    ],
)
def test_small_numbers_of_a_month_are_hidden_with_what_would_give_them_away(
    force: Force, referred: int, others: int, silent: int, shown: tuple[object, ...]
) -> None:
    victims = [Victim(date(2026, 3, 2), 1)] * referred + [Victim(date(2026, 3, 2))] * others
    victims += [Victim(date(2026, 3, 2), contacts_recorded=False)] * silent
    march = month(view(force, *victims, threshold=5), date(2026, 3, 1))
    assert numbers(march) == shown
    visible = all(isinstance(number, int) for number in shown[:2])
    assert isinstance(march.referred.share, float) is visible


def test_the_path_is_that_of_the_reading_at_the_end_of_each_month(force: Force) -> None:
    quarters = [FIRST_OF_2026.next(back) for back in range(-6, 1)]
    shown = view(force, Victim(date(2024, 7, 1)), Victim(date(2026, 3, 1)), quarters=quarters)
    assert month(shown, date(2024, 9, 1)).path is None, "before the plan"
    march = month(shown, date(2025, 3, 1))
    assert march.path == pytest.approx(0.25)
    assert PLAN.path_on(RELATIVE, date(2025, 3, 31)) == pytest.approx(0.21)


def test_it_says_in_how_many_of_the_last_months_the_path_was_reached(force: Force) -> None:
    good = [Victim(date(2026, 3, 2), 1)] * 4 + [Victim(date(2026, 3, 2))] * 6
    bad = [Victim(date(2026, 4, 2), 1)] * 3 + [Victim(date(2026, 4, 2))] * 7
    assert view(force, *good, *bad).against_path == (1, 2)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_only_the_board_has_these_figures(force: Force, role: Role) -> None:
    with pytest.raises(NotForTheBoard):
        view(force, quarters=(), person=Person("x", "X", role))
