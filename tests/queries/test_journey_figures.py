"""The journeys of a period: steps, days from stage to stage, and officers, against counting journey by journey."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median_low

import pytest

from tests.builders import event, journey
from tests.force import Force, a_force
from tests.published import publish
from tests.queries.worlds import LAW, store
from victimcare.domain.counted import STEPS_COUNTED, silent_case
from victimcare.domain.journey import Journey
from victimcare.domain.keeping_in_touch import silent_since
from victimcare.domain.people import Person, Role
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import Count
from victimcare.domain.stage_line import STAGES
from victimcare.presentation import journey_figures as in_words
from victimcare.queries.journey_figures import JourneyFigures, journey_figures
from victimcare.queries.period_tables import PeriodTable
from victimcare.queries.periods import Period
from victimcare.queries.scope import NotForTheBoard
from victimcare.store.cases import ASSIGNMENTS, CASES

BOARD = Person("board", "Board Example", Role.BOARD)
SPRING = Quarter(2026, 2)
AFTERWARDS = datetime(2035, 1, 1, 12, tzinfo=UTC)
REPORTED = date(2026, 4, 7)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def a_journey(number: int, *steps: tuple[str, date], on: date = REPORTED) -> Journey:
    ref = f"J-{number:03}"
    events = [
        event("officer_assigned", on, key=f"{ref}-officer", officer="ash", team="luton"),
        event("crime_reported", on, key=f"{ref}-report"),
        *(event(kind, day, key=f"{ref}-{place}", subject="Suspect 1") for place, (kind, day) in enumerate(steps)),
    ]
    return journey(*events, case_ref=ref)


def view(
    force: Force, *journeys: Journey, period: Period | None = None, threshold: int = 1, person: Person = BOARD
) -> JourneyFigures:
    store(force.database, journeys)
    asked = period or Period.quarter(SPRING)
    publish(force.database, LAW, asked.quarters, AFTERWARDS, threshold=threshold)
    with force.database.reading() as connection:
        return journey_figures(connection, person=person, period=asked)


def counts(table: PeriodTable) -> dict[str, Count]:
    return {line.value: line.groups[0].total for line in table.lines}


def test_a_step_counts_once_a_case_in_the_quarter_of_its_day(force: Force) -> None:
    may, july = date(2026, 5, 6), date(2026, 7, 6)
    shown = view(
        force,
        a_journey(1, ("vps_offered", may), ("vps_offered", may + timedelta(days=3)), ("complaint_made", may)),
        a_journey(2, ("vps_offered", may), ("vps_taken", july)),
        a_journey(3, ("vps_offered", may), ("case_voided", may)),
    )
    assert counts(shown.steps) == {"complaint_made": 1, "vps_offered": 2}


def test_a_review_counts_by_what_was_decided(force: Force) -> None:
    may = date(2026, 5, 6)

    def decided(number: int, **result: str) -> Journey:
        ref = f"R-{number}"
        asked = event("review_decided", may, key=f"{ref}-decided", subject="Suspect 1", scheme="cps", **result)
        officer = event("officer_assigned", may, key=f"{ref}-officer", officer="ash", team="luton")
        return journey(officer, event("crime_reported", may, key=f"{ref}-report"), asked, case_ref=ref)

    shown = view(force, decided(1, result="stands"), decided(2, result="overturned"), decided(3, result="stands"))
    assert counts(shown.steps) == {"review_decided:overturned": 1, "review_decided:stands": 2}
    titles = dict(in_words.steps(shown))
    assert titles["Review of a decision decided: the decision is overturned"] == "1"
    assert "Review of a decision decided" not in titles, "all have a result"
    assert dict(in_words.steps(view(force, decided(4))))["Review of a decision decided"] == "1"


def test_silence_is_that_of_the_cases_open_when_the_quarter_ended(force: Force) -> None:
    june, july = date(2026, 6, 20), date(2026, 7, 6)
    shown = view(
        force,
        a_journey(1, ("contact_made", june), ("contact_made", july)),
        a_journey(2),
        a_journey(3, ("contact_attempted", june)),
        a_journey(4, ("case_closed", june)),
        a_journey(5, ("contact_made", june), ("case_closed", july)),
        a_journey(6, ("case_closed", june), ("case_reopened", june + timedelta(days=2))),
        a_journey(7, on=july),
        a_journey(8, ("contact_made", date(2026, 5, 20))),
    )
    assert counts(shown.silence) == {"4": 2, "8": 1, "12": 3}
    assert in_words.open_cases(shown) == "6"


@pytest.mark.parametrize("seed", range(3))
def test_silence_is_what_each_whole_journey_says_of_that_day(force: Force, seed: int) -> None:
    chance = Random(seed)
    kinds = (
        "contact_made",
        "contact_attempted",
        "case_closed",
        "case_reopened",
        "vps_offered",
        "opted_out",
        "opted_in",
    )

    def any_journey(number: int) -> Journey:
        days = sorted(chance.sample(range(1, 120), chance.randint(0, 6)))
        steps = [(chance.choice(kinds), REPORTED + timedelta(days=day)) for day in days]
        return with_scopes(a_journey(number, *steps), number)

    journeys = [any_journey(number) for number in range(40)]
    shown = view(force, *journeys)
    expected: Counter[str] = Counter()
    for each in journeys:
        by_then = [c for c in each.chains().values() if c.current.happened.on < SPRING.until_on]
        since = silent_since(by_then, opened_on=REPORTED)
        if since is not None:
            expected[next(iter(silent_case((date(2026, 6, 30) - since).days).places()))[1]] += 1
    assert counts(shown.silence) == expected


def with_scopes(of: Journey, number: int) -> Journey:
    """Opting out and in are of everything, or of one right, in turn."""
    scope = ("all", "right:6")[number % 2]
    told = ("opted_out", "opted_in")
    return replace(of, events=tuple(replace(e, details={"scope": scope}) if e.kind in told else e for e in of.events))


def test_days_are_counted_from_the_first_day_of_one_stage_to_that_of_the_next(force: Force) -> None:
    taken = [3, 5, 9, 20, 40]
    shown = view(
        force,
        *(
            a_journey(
                number,
                ("suspect_arrested", REPORTED + timedelta(days=days)),
                ("suspect_interviewed", REPORTED + timedelta(days=days + 1)),
                ("suspect_charged", REPORTED + timedelta(days=days + 10)),
            )
            for number, days in enumerate(taken)
        ),
        a_journey(90, ("suspect_arrested", date(2026, 7, 2))),
        a_journey(91, ("suspect_charged", REPORTED + timedelta(days=2)), ("suspect_arrested", REPORTED)),
    )
    found = {line.value: (line.groups[0].total, line.days) for line in shown.stages.lines}
    assert {stage: count for stage, (count, _) in found.items()} == {"investigation": 6, "decision": 6}
    of_arrests, of_charges = found["investigation"][1], found["decision"][1]
    assert of_arrests
    assert of_charges
    assert of_arrests.median == median_low([0, *taken])
    assert of_charges.median == median_low([2, *[10] * 5])


def test_closed_cases_are_told_apart_by_how_many_officers_they_had(force: Force) -> None:
    closed_on = date(2026, 6, 3)
    store(force.database, [a_journey(n, ("case_closed", closed_on)) for n in range(3)] + [a_journey(9)])
    with force.database.writing() as connection:
        case_id = connection.execute(CASES.select().where(CASES.c.ref == "J-001")).one().id
        first = connection.execute(ASSIGNMENTS.select().where(ASSIGNMENTS.c.case_id == case_id)).one()
        at = first.from_at + timedelta(days=1)
        connection.execute(ASSIGNMENTS.update().where(ASSIGNMENTS.c.id == first.id).values(until_at=at))
        later = {name: value for name, value in first._mapping.items() if name not in ("id", "until_at")}
        connection.execute(ASSIGNMENTS.insert().values({**later, "officer_id": "birch", "from_at": at}))
        connection.execute(CASES.update().where(CASES.c.ref != "J-009").values(status="closed"))
    shown = view(force)
    assert counts(shown.continuity) == {"1": 2, "2": 1}
    assert [(row.name, row.cases, row.share) for row in in_words.officers(shown)] == [
        ("1 officer", "2", "66.7%"),
        ("2 officers", "1", "33.3%"),
        ("3 officers", "0", "0.0%"),
        ("4 or more officers", "0", "0.0%"),
    ]


def test_a_case_counts_in_the_quarter_of_the_closing_that_stands(force: Force) -> None:
    june, july = date(2026, 6, 3), date(2026, 7, 8)
    wrong = {"corrects": "J-001-late", "correction": "never_happened", "recorded": "2026-08-01"}
    taken_back = [
        event("case_closed", july, key="J-001-late"),
        event("case_closed", july, key="J-001-wrong", **wrong),  # type: ignore[arg-type]
    ]
    closed = a_journey(1, ("case_closed", june))
    shown = view(force, journey(*closed.events, *taken_back, case_ref="J-001"))
    assert counts(shown.continuity) == {"1": 1}


def test_small_numbers_are_hidden_in_the_words_too(force: Force) -> None:
    may = date(2026, 5, 6)
    few = [a_journey(n, ("vps_offered", may), ("suspect_arrested", may)) for n in range(3)]
    shown = view(force, *few, threshold=5)
    assert dict(in_words.steps(shown))["Victim Personal Statement offered"] == "[c]"
    assert {(row.cases, row.median) for row in in_words.stages(shown)} == {("[c]", "[c]")}
    empty = view(force, period=Period.quarter(Quarter(2025, 2)))
    assert {cases for _, cases in in_words.steps(empty)} == {"0"}
    assert {(row.cases, row.median) for row in in_words.stages(empty)} == {("0", "[x]")}


def test_every_step_and_every_stage_has_a_line(force: Force) -> None:
    shown = view(force)
    titles = [title for title, _ in in_words.steps(shown)]
    assert len(set(titles)) == len(titles)
    assert {code.partition(":")[0] for code in in_words.STEPS} == set(STEPS_COUNTED)
    assert [row.name for row in in_words.stages(shown)] == list(STAGES)[1:]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_only_the_board_has_these_figures(force: Force, role: Role) -> None:
    with pytest.raises(NotForTheBoard):
        view(force, person=Person("x", "X", role))
