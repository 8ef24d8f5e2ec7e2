"""The list of cases: every visible one on exactly one page, found however its name is typed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.builders import event
from tests.force import MONDAY, VAULT, Force
from tests.plans import planned
from tests.queries.caseload import noon, open_cases, statements_of
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import JourneyEvent
from victimcare.domain.victim import as_searched
from victimcare.queries.case_list import PAGE_SIZE, CaseFilter, CaseList, case_list
from victimcare.queries.case_search import case_search

TODAY = date(2026, 6, 1)
ANY = CaseFilter(status="any")


def listed(force: Force, wanted: CaseFilter = ANY, *, page: int = 1, today: date = TODAY) -> CaseList:
    with force.database.reading() as connection:
        return case_list(connection, person=force.ash, wanted=wanted, page=page, today=today, law=force.law)


def searched(force: Force, words: str, **more: Any) -> CaseList:
    """What a search for these words finds, as the page lists it."""
    with force.database.reading() as connection:
        found = case_search(connection, person=force.ash, words=words, vault=VAULT)
    return listed(force, CaseFilter(status="any", found=found, **more))


def names(found: CaseList) -> list[str | None]:
    assert found.total == len(found.rows)
    return [row.victim_name for row in found.rows]


def test_every_case_is_on_exactly_one_page(force: Force) -> None:
    opened = open_cases(force, [f"Sample {number}" for number in range(2 * PAGE_SIZE + 3)])
    pages = [listed(force, page=number) for number in (1, 2, 3)]
    assert [(page.page, page.pages, page.total, page.first, len(page.rows)) for page in pages] == [
        (1, 3, 53, 1, 25),
        (2, 3, 53, 26, 25),
        (3, 3, 53, 51, 3),
    ]
    refs = [row.ref for page in pages for row in page.rows]
    assert refs == sorted(case.case.ref for case in opened), "cases of one day by reference"
    for out_of_range in (0, -1, 4, 10**9):
        assert listed(force, page=out_of_range) == pages[0]


def test_nothing_found_is_one_empty_page(force: Force) -> None:
    found = listed(force)
    assert (found.total, found.page, found.pages, found.first, found.rows) == (0, 1, 1, 0, ())


def test_the_oldest_open_duty_comes_first_and_cases_that_owe_nothing_last(force: Force) -> None:
    open_cases(force, ["Before the Code"], reported=date(2021, 3, 1))
    open_cases(force, ["Younger"], reported=date(2026, 5, 26))
    open_cases(force, ["Older"], reported=date(2026, 5, 18))
    found = listed(force)
    assert [(row.victim_name, row.next_due_on, row.working_days_late) for row in found.rows] == [
        ("Older", date(2026, 5, 20), 7),
        ("Younger", date(2026, 5, 28), 2),
        ("Before the Code", None, 0),
    ]
    assert names(listed(force, CaseFilter(late=True))) == ["Older", "Younger"]
    assert names(listed(force, CaseFilter(late=True), today=date(2026, 5, 28))) == ["Older"]


def test_by_status(force: Force) -> None:
    _, closed, reopened, void = open_cases(force, ["Open", "Closed", "Reopened", "Void"])
    force.record(closed.case.ref, EventKind.CASE_CLOSED, MONDAY.replace(hour=12))
    force.record(reopened.case.ref, EventKind.CASE_CLOSED, MONDAY.replace(hour=12))
    force.record(reopened.case.ref, EventKind.CASE_REOPENED, MONDAY.replace(hour=13))
    people = {"reason": "duplicate", "second_person": "elm"}
    force.record(void.case.ref, EventKind.CASE_VOIDED, MONDAY.replace(hour=12), **people)
    assert names(listed(force, CaseFilter())) == ["Open", "Reopened"]
    assert names(listed(force, CaseFilter(status="closed"))) == ["Closed"]
    assert names(listed(force, CaseFilter(status="void"))) == ["Void"]
    assert sorted(map(str, names(listed(force)))) == ["Closed", "Open", "Reopened", "Void"]


def test_closed_and_reopened_on_one_day_at_no_known_hour_is_open(force: Force) -> None:
    """Rather one case too many on the list than a victim forgotten."""

    def both(key: str) -> Sequence[JourneyEvent]:
        day = date(2026, 5, 20)
        return [event("case_reopened", day, key=f"{key}-a"), event("case_closed", day, key=f"{key}-b")]

    open_cases(force, ["Reopened"], more=both)
    assert names(listed(force, CaseFilter())) == ["Reopened"]


def test_by_tier_and_an_eighteenth_birthday_passes_by_itself(force: Force) -> None:
    def assessed(key: str) -> Sequence[JourneyEvent]:
        more = {"tier": "enhanced", "grounds": "under_18", "until_on": date(2026, 5, 30)}
        return [event("needs_assessed", "2026-05-19", key=f"{key}-assessed", **more)]

    open_cases(force, ["Turning Eighteen"], more=assessed)
    open_cases(force, ["Adult"])
    enhanced, standard = CaseFilter(tier="enhanced"), CaseFilter(tier="standard")
    eve, birthday = date(2026, 5, 29), date(2026, 5, 30)
    assert names(listed(force, enhanced, today=eve)) == ["Turning Eighteen"]
    assert names(listed(force, standard, today=eve)) == ["Adult"]
    assert names(listed(force, enhanced, today=birthday)) == []
    assert {row.tier for row in listed(force, today=birthday).rows} == {"standard"}
    assert len(listed(force, standard, today=birthday).rows) == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "Élodie O'Neill",
            ["elodie", "ÉLODIE", "élodie", "E\u0301lodie", "oneill", "O’NEILL", "o'neill elodie", "LOD"],
        ),
        ("Elodie O’Neill", ["Élodie", "elodie o'neill"]),
        ("E\u0301lodie", ["Élodie", "elodie"]),
        ("Łukasz Żak", ["lukasz", "ŁUKASZ", "zak", "żak"]),
        ("Straße Groß", ["strasse", "GROSS", "groß"]),
        ("Søren Ødegård", ["soren", "ODEGARD", "ødegård"]),
        ("Ольга Йова", ["ольга", "ОЛЬГА", "йова"]),
        ("İpek", ["ipek", "İPEK"]),
        ("100% Sure_Thing\\", ["100%", "%", "_", "\\", "sure_thing\\"]),
    ],
)
def test_a_name_is_found_however_it_is_typed(force: Force, name: str, words: list[str]) -> None:
    open_cases(force, [name, "Somebody Else", None])
    for typed in words:
        assert names(searched(force, typed)) == [name], typed


@pytest.mark.parametrize("words", ["%", "_", "\\", "Wre%mple", "W_en", "' OR 1=1 --", "Wren Nobody", "\\%"])
def test_only_what_holds_every_word_is_found(force: Force, words: str) -> None:
    open_cases(force, ["Wren Sample"])
    assert names(searched(force, words)) == []


def test_words_look_in_names_and_references_each_on_its_own(force: Force) -> None:
    case, _ = open_cases(force, ["Wren Sample", "Wren Other"])
    crime = searched(force, "sample").rows[0].crime_ref
    for words in (case.case.ref, case.case.ref.lower(), crime, f"wren {crime}", "sample wren", "  sample   "):
        assert names(searched(force, words)) == ["Wren Sample"], words


def test_what_is_stored_to_search_by_is_the_folded_name(force: Force) -> None:
    assert as_searched("Élodie O'Neill-Żak") == "elodie oneill-zak"


def test_it_costs_the_same_statements_for_one_case_and_for_many(force: Force) -> None:
    open_cases(force, ["Wren Sample"])
    with statements_of(force.database) as few:
        searched(force, "sample", late=True)
    open_cases(force, [f"Sample {number}" for number in range(30)])
    with statements_of(force.database) as many:
        assert searched(force, "sample", late=True).total == 31
    assert len(few) == len(many) == 2


def test_it_reads_only_the_persons_cases(sqlite_force: Force) -> None:
    force = sqlite_force
    open_cases(force, [f"Sample {number}" for number in range(5)])
    with planned(force.database) as plans, force.database.reading() as connection:
        found = plans(
            connection,
            lambda c: case_list(c, person=force.ash, wanted=CaseFilter(), page=1, today=TODAY, law=force.law),
        )
    assert len(found) == 2
    assert all("ix_victim_case_officer" in plan and "SCAN" not in plan for plan in found), found


def test_who_was_last_told_when_is_shown(force: Force) -> None:
    case = force.record_crime()[0]
    assert listed(force).rows[0].last_contact_on is None
    at = datetime(2026, 5, 20, 23, 30, tzinfo=UTC)
    force.record(case.case.ref, EventKind.CONTACT_MADE, at, channel="phone")
    force.record(case.case.ref, EventKind.CONTACT_ATTEMPTED, noon("2026-05-25"), channel="phone")
    assert listed(force).rows[0].last_contact_on == date(2026, 5, 21), "London's day, and an attempt is no contact"
