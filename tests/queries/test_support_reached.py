"""How far victims came: against counting case by case, by every breakdown, and adding up."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from tests.builders import event, journey
from tests.force import Force, a_force
from tests.published import publish
from tests.queries.worlds import LAW, store
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Journey
from victimcare.domain.people import Person, Role
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import SUPPRESSED
from victimcare.domain.support_reached import NOT_REFERRED, REFERRED, SupportReached
from victimcare.domain.tally import CHARACTERISTICS, By
from victimcare.presentation.support_reached import BREAKDOWNS
from victimcare.queries.periods import Period
from victimcare.queries.scope import NotForTheBoard
from victimcare.queries.support_reached import SupportView, support_reached
from victimcare.store.cases import CASES
from victimcare.store.equality import EQUALITY

BOARD = Person("board", "Board Example", Role.BOARD)
SPRING = Period.quarter(Quarter(2026, 2))
AFTERWARDS = datetime(2035, 1, 1, 12, tzinfo=UTC)
WAY = (
    EventKind.REFERRAL_OFFERED,
    EventKind.REFERRAL_CONSENTED,
    EventKind.REFERRAL_SENT,
    EventKind.REFERRAL_ACCEPTED,
    EventKind.SUPPORT_CONTACTED,
    EventKind.SUPPORT_STARTED,
)
REACHED = (
    SupportReached.NOT_OFFERED,
    SupportReached.OFFERED,
    SupportReached.AGREED,
    SupportReached.REFERRED,
    SupportReached.ACCEPTED,
    SupportReached.CONTACTED,
    SupportReached.STARTED,
)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def victim(number: int, steps: int, *, on: date = date(2026, 5, 4), contacts_recorded: bool = True) -> Journey:
    """A victim who came so many steps along the way."""
    ref = f"S-{number:04}"
    events = [
        event("officer_assigned", on, key=f"{ref}-officer", officer="ash", team="luton"),
        event("crime_reported", on, key=f"{ref}-report", contacts_recorded=contacts_recorded),
        *(
            event(kind.value, on + timedelta(days=n), key=f"{ref}-{n}", subject="Service")
            for n, kind in enumerate(WAY[:steps])
        ),
    ]
    return journey(*events, case_ref=ref)


def view(force: Force, *victims: Journey, by: By = By.AREA, threshold: int = 1, person: Person = BOARD) -> SupportView:
    store(force.database, victims)
    publish(force.database, LAW, SPRING.quarters, AFTERWARDS, threshold=threshold)
    with force.database.reading() as connection:
        return support_reached(connection, person=person, period=SPRING, by=by)


@pytest.mark.parametrize("by", [By.AREA, By.MONTH, By.TEAM])
def test_it_counts_what_a_person_would_count_and_adds_up(force: Force, by: By) -> None:
    chance = Random(7)
    steps = [chance.randrange(len(REACHED)) for _ in range(60)]
    days = [date(2026, chance.choice([4, 5, 6]), 4) for _ in steps]
    victims = [victim(n, step, on=day) for n, (step, day) in enumerate(zip(steps, days, strict=True))]
    silent = [victim(100 + number, 3, contacts_recorded=False) for number in range(4)]
    shown = view(force, *victims, *silent, by=by)
    counted = Counter(REACHED[step] for step in steps)
    for step in NOT_REFERRED:
        assert shown.total.stands[step] == counted[step]
    for place, step in enumerate(REFERRED):
        assert shown.total.reached[step] == sum(counted[further] for further in REFERRED[place:])
    referred = sum(counted[step] for step in REFERRED)
    assert (shown.total.referred.numerator, shown.total.referred.denominator) == (referred, 60)
    assert (shown.total.no_evidence, shown.total.total) == (4, 64)
    for step in SupportReached:
        assert shown.total.stands[step] == sum(number(line.stands[step]) for line in shown.lines)
    if by is By.MONTH:
        of_month = Counter(day.month for day in days) + Counter({5: 4})
        assert [line.total for line in shown.lines] == [of_month[4], of_month[5], of_month[6]]


def number(count: object) -> int:
    assert isinstance(count, int)
    return count


def test_victims_are_counted_by_what_they_answered_and_those_not_asked_too(force: Force) -> None:
    store(force.database, [victim(n, 3 if n < 6 else 0) for n in range(20)])
    with force.database.writing() as connection:
        victims = connection.execute(select(CASES.c.victim_id).order_by(CASES.c.id)).scalars().all()
        answers = (
            [("recorded", "Female", None)] * 8
            + [("recorded", None, b"sealed")] * 2
            + [("prefers_not_to_say", None, None)] * 3
        )
        signed = {"characteristic": "sex", "recorded_by": "system", "recorded_at": AFTERWARDS}
        for victim_id, (answer, category, words) in zip(victims, answers, strict=False):
            row = {"victim_id": victim_id, "answer": answer, "category": category, "sealed_words": words}
            connection.execute(EQUALITY.insert().values(**signed, **row))
    shown = view(force, by=By.SEX)
    assert {line.value: line.total for line in shown.lines} == {
        "Female": 8,
        "own_words": 2,
        "prefers_not_to_say": 3,
        "not_asked": 7,
    }
    assert next(line for line in shown.lines if line.value == "Female").referred.numerator == 6


def test_small_numbers_are_hidden_and_the_rate_stays_where_its_parts_are_large(force: Force) -> None:
    shown = view(force, *(victim(n, 3 if n < 20 else 0) for n in range(50)), victim(51, 4), victim(52, 6), threshold=5)
    assert (shown.total.referred.numerator, shown.total.referred.denominator) == (22, 52)
    assert shown.total.stands[SupportReached.ACCEPTED] is SUPPRESSED
    assert shown.total.reached[SupportReached.STARTED] is SUPPRESSED
    assert shown.total.reached[SupportReached.REFERRED] == 22


def test_every_characteristic_can_be_chosen(force: Force) -> None:
    assert set(CHARACTERISTICS) <= BREAKDOWNS.keys()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_only_the_board_has_these_figures(force: Force, role: Role) -> None:
    with pytest.raises(NotForTheBoard):
        view(force, person=Person("x", "X", role))
