"""One case's page: every duty in exactly one place, with its reason, and nothing that the person may not do."""

from datetime import UTC, date, datetime

import pytest

from tests.builders import event
from tests.force import Force
from tests.queries.caseload import noon, open_cases, statements_of
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.entitlements import Standing, assess
from victimcare.domain.event_kinds import EventKind, Stage
from victimcare.domain.journey import Correction, DutyNamed, Moment
from victimcare.domain.people import Person
from victimcare.queries.case_page import CasePage, case_page
from victimcare.queries.event_choices import kinds_by_stage
from victimcare.store.cases import NoSuchCase, StoredCase, load

FRIDAY = datetime(2026, 5, 22, 14, tzinfo=UTC)


def page_of(force: Force, case: StoredCase, today: str = "2026-05-26", person: Person | None = None) -> CasePage:
    with force.database.reading() as connection:
        return case_page(
            connection,
            person=person or force.elm,
            ref=case.case.ref,
            today=date.fromisoformat(today),
            law=force.law,
            agency_names={"police": "Bedfordshire Police"},
        )


@pytest.fixture
def case(force: Force) -> StoredCase:
    """Arrested and charged, a hearing listed, one duty answered and one declared not applicable."""
    case = force.record_crime(officer_of_open_case="ash")[0]
    ref, reported = case.case.ref, case.case.journey.events[0].key
    force.record(ref, EventKind.SUSPECT_ARRESTED, FRIDAY, subject="Suspect 1")
    answers = [DutyNamed("R4-REF", reported)]
    force.record(ref, EventKind.REFERRAL_SENT, noon("2026-05-19"), subject="A service", duties=answers)
    other = [DutyNamed("R3-RJ", reported)]
    force.record(ref, EventKind.DUTY_NOT_APPLICABLE, FRIDAY, duties=other, reason="other")
    listed = {"hearing_on": date(2026, 6, 10), "hearing_type": "trial"}
    force.record(ref, EventKind.HEARING_LISTED, FRIDAY, received=FRIDAY, subject="Hearing 1", **listed)
    return case


@pytest.mark.parametrize("today", ["2026-05-18", "2026-05-26", "2026-06-01", "2026-06-30"])
def test_every_duty_is_in_exactly_one_place(force: Force, case: StoredCase, today: str) -> None:
    page = page_of(force, case, today)
    shown = [duty.key for part in (page.open_duties, page.waiting, page.ended_duties) for duty in part]
    with force.database.writing() as connection:
        journey = load(connection, case.case.ref).case.journey
    owed = assess(journey, force.law.code, force.law.calendar)
    assert sorted(shown) == sorted(f"{e.rule.id}:{e.start.key}" for e in owed)
    assert all(duty.is_open for duty in page.open_duties)
    assert not [duty for duty in page.ended_duties if duty.is_open]
    assert list(page.open_duties) == sorted(page.open_duties, key=lambda duty: (duty.due_on, duty.rule))


def test_each_stands_as_it_does_that_day_and_says_why(force: Force, case: StoredCase) -> None:
    page = page_of(force, case, "2026-05-29")
    standings = {duty.rule: (duty.standing, duty.working_days_late) for duty in page.open_duties}
    assert standings["R3-WRIT"] == (Standing.OVERDUE, 3)
    assert standings["R6-ARR"] == (Standing.DUE, 0)
    ended = {duty.rule: duty.standing for duty in page.ended_duties}
    assert (ended["R4-REF"], ended["R3-RJ"]) == (Standing.MET, Standing.NOT_APPLICABLE)
    arrest = next(duty for duty in page.open_duties if duty.rule == "R6-ARR")
    assert "Bedfordshire Police" in arrest.explanation
    assert "Monday 1 June 2026" in arrest.explanation
    assert (arrest.subject, arrest.agency) == ("Suspect 1", "Bedfordshire Police")


def test_what_another_agency_owes_waits(force: Force, case: StoredCase) -> None:
    page = page_of(force, case)
    assert page.waiting
    assert not {duty.agency for duty in page.waiting} & {"Bedfordshire Police"}
    assert {duty.agency for duty in page.open_duties} == {"Bedfordshire Police"}


def test_a_contact_can_answer_only_what_is_open(force: Force, case: StoredCase) -> None:
    answerable = {duty.rule for duty in page_of(force, case).answerable_by(EventKind.CONTACT_MADE)}
    assert {"R3-WRIT", "R6-ARR"} <= answerable
    assert not answerable & {"R4-REF", "R3-RJ"}


def test_a_duty_keeps_its_name_when_its_news_is_corrected_and_forms_name_the_version(
    force: Force, case: StoredCase
) -> None:
    before = next(duty for duty in page_of(force, case).open_duties if duty.rule == "R6-ARR")
    corrected = NewEvent(
        EventKind.SUSPECT_ARRESTED,
        Moment.day(date(2026, 5, 21)),
        subject="Suspect 2",
        corrects=before.start_key,
        correction=Correction.CHANGES_NEWS,
    )
    with force.database.writing() as connection:
        key = record_event(connection, ref=case.case.ref, event=corrected, by=force.ash, now=FRIDAY, law=force.law)
    after = next(duty for duty in page_of(force, case).open_duties if duty.rule == "R6-ARR")
    assert (after.key, after.subject) == (before.key, "Suspect 2")
    assert (before.anchor, after.anchor) == (f"R6-ARR:{before.start_key}", f"R6-ARR:{key}")


def test_who_what_and_which_version(force: Force, case: StoredCase) -> None:
    page = page_of(force, case)
    assert (page.ref, page.version, page.victim_name, page.status) == (case.case.ref, 5, "Wren Sample", "open")
    assert (page.officer_name, page.team_name, page.why_officer) == (
        "Ash Example",
        "Luton A",
        "already the victim's case officer",
    )
    assert page.subjects == {"service": ("A service",), "suspect": ("Suspect 1",), "hearing": ("Hearing 1",)}
    assert len(page.timeline) == 7


def test_an_eighteenth_birthday_changes_the_tier_shown(force: Force) -> None:
    case = force.record_crime()[0]
    until = date(2026, 5, 30)
    force.record(case.case.ref, EventKind.NEEDS_ASSESSED, FRIDAY, tier="enhanced", grounds="under_18", until_on=until)
    assert [page_of(force, case, day).tier.tier for day in ("2026-05-29", "2026-05-30")] == ["enhanced", "standard"]


@pytest.mark.parametrize(("name", "records", "decides"), [("ash", True, False), ("elm", True, True)])
def test_the_page_offers_what_the_person_may_do(
    force: Force, case: StoredCase, name: str, records: bool, decides: bool
) -> None:
    page = page_of(force, case, person=getattr(force, name))
    assert (page.may_record, page.may_decide) == (records, decides)


@pytest.mark.parametrize("name", ["birch", "cedar", "fir", "board", "administrator"])
def test_there_is_no_page_for_anybody_else(force: Force, case: StoredCase, name: str) -> None:
    with pytest.raises(NoSuchCase):
        page_of(force, case, person=getattr(force, name))


def test_a_long_journey_costs_no_more_statements_than_a_short_one(force: Force) -> None:
    short = open_cases(force, ["Short"])[0]
    long = open_cases(
        force,
        ["Long"],
        more=lambda key: [
            event("suspect_arrested", "2026-05-20", key=f"{key}-{number}", subject=f"Suspect {number}")
            for number in range(40)
        ],
    )[0]
    with statements_of(force.database) as few:
        page_of(force, short)
    with statements_of(force.database) as many:
        assert len(page_of(force, long).timeline) == 43
    assert len(few) == len(many) <= 8


def test_the_general_form_offers_each_kind_once_and_none_that_has_a_form_of_its_own() -> None:
    offered = [kind for kinds in kinds_by_stage().values() for kind, _ in kinds]
    assert len(offered) == len(set(offered)) > 30
    assert not {Stage.CONTACT, Stage.DUTY} & kinds_by_stage().keys()
    assert not {EventKind.OFFICER_ASSIGNED, EventKind.CASE_VOIDED} & set(offered)
