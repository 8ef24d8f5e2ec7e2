"""What is recorded moves the right deadlines, on every victim's case, and never beyond what the person may touch."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from tests.force import MONDAY, Force, a_force
from victimcare.commands.record_contact import AttemptIsNoAnswer, NewContact, record_contact
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.case import EventRefused
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, DutyNamed, Moment
from victimcare.domain.people import Person
from victimcare.queries.decisions import decisions
from victimcare.store.breaches import BREACHES
from victimcare.store.cases import CASES, CaseChanged, NoSuchCase, StoredCase, load
from victimcare.store.dues import DUES
from victimcare.store.journeys import EVENTS
from victimcare.store.tables import Audit, AuditSubject

FRIDAY = datetime(2026, 5, 22, 14, tzinfo=UTC)
NEXT_MONTH = datetime(2026, 6, 22, 14, tzinfo=UTC)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def report_of(force: Force, case: StoredCase) -> str:
    return next(e.key for e in case.case.journey.events if e.kind is EventKind.CRIME_REPORTED)


def waiting(force: Force, person: Person) -> list[tuple[str, str]]:
    with force.database.reading() as connection:
        found = decisions(connection, person=person, law=force.law)
    return [(decision.duty_key.partition(":")[0], decision.reason) for decision in found.rows]


def due_on(force: Force, case_id: int, rule: str) -> list[tuple[date, str | None, date | None]]:
    statement = select(DUES).where(DUES.c.case_id == case_id, DUES.c.rule == rule).order_by(DUES.c.due_on)
    with force.database.reading() as connection:
        return [(row.due_on, row.ending, row.ended_on) for row in connection.execute(statement)]


def test_an_arrest_is_owed_to_every_victim_of_the_crime(force: Force) -> None:
    mine, other = force.record_crime("Wren Sample", "Robin Sample")
    force.record(mine.case.ref, EventKind.SUSPECT_ARRESTED, FRIDAY, by=force.ash, subject="Suspect 1")
    assert due_on(force, mine.id, "R6-ARR") == [(date(2026, 6, 1), None, None)]
    assert due_on(force, other.id, "R6-ARR") == [(date(2026, 6, 1), None, None)]


def test_correcting_what_happened_to_the_crime_corrects_it_for_every_victim(force: Force) -> None:
    mine, other = force.record_crime("Wren Sample", "Robin Sample")
    key = force.record(mine.case.ref, EventKind.SUSPECT_ARRESTED, FRIDAY, by=force.ash, subject="Suspect 1")
    earlier = NewEvent(
        EventKind.SUSPECT_ARRESTED,
        Moment.day(date(2026, 5, 21)),
        subject="Suspect 1",
        corrects=key,
        correction=Correction.AMENDS,
    )
    with force.database.writing() as connection:
        record_event(connection, ref=mine.case.ref, event=earlier, by=force.ash, now=FRIDAY, law=force.law)
    assert due_on(force, mine.id, "R6-ARR") == [(date(2026, 5, 29), None, None)]
    assert due_on(force, other.id, "R6-ARR") == [(date(2026, 5, 29), None, None)]


def test_a_wrong_day_of_the_report_is_put_right_for_every_victim_and_nothing_else_is(force: Force) -> None:
    mine, other = force.record_crime("Wren Sample", "Robin Sample")
    apart = force.record_crime("Jay Sample", ref="40/2/26")[0]
    report = next(e for e in mine.case.journey.events if e.kind is EventKind.CRIME_REPORTED)
    earlier = NewEvent(
        EventKind.CRIME_REPORTED, Moment.day(date(2026, 5, 15)), corrects=report.key, correction=Correction.AMENDS
    )
    with force.database.writing() as connection:
        record_event(connection, ref=mine.case.ref, event=earlier, by=force.ash, now=FRIDAY, law=force.law)
    for case, due in ((mine, 19), (other, 19), (apart, 20)):
        assert due_on(force, case.id, "R4-REF") == [(date(2026, 5, due), None, None)]


def test_a_correction_of_a_correction_finds_each_victims_own_copy(force: Force) -> None:
    mine, other = force.record_crime("Wren Sample", "Robin Sample")
    corrects, correction = None, None
    for day in (22, 21, 20):
        event = NewEvent(
            EventKind.SUSPECT_ARRESTED,
            Moment.day(date(2026, 5, day)),
            subject="Suspect 1",
            corrects=corrects,
            correction=correction,
        )
        with force.database.writing() as connection:
            corrects = record_event(connection, ref=mine.case.ref, event=event, by=force.ash, now=FRIDAY, law=force.law)
        correction = Correction.AMENDS
    assert due_on(force, mine.id, "R6-ARR") == due_on(force, other.id, "R6-ARR") == [(date(2026, 5, 28), None, None)]


def test_a_contact_answers_only_the_duties_that_it_names(force: Force) -> None:
    case = force.record_crime()[0]
    arrest = force.record(case.case.ref, EventKind.SUSPECT_ARRESTED, FRIDAY, by=force.ash, subject="Suspect 1")
    contact = NewContact(Moment.instant(FRIDAY), "phone", reached=True, answers=[DutyNamed("R6-ARR", arrest)])
    with force.database.writing() as connection:
        record_contact(connection, ref=case.case.ref, contact=contact, by=force.ash, now=FRIDAY, law=force.law)
    assert due_on(force, case.id, "R6-ARR") == [(date(2026, 6, 1), "met", date(2026, 5, 22))]
    assert due_on(force, case.id, "R3-WRIT") == [(date(2026, 5, 26), None, None)]


def test_an_attempt_answers_nothing(force: Force) -> None:
    case = force.record_crime()[0]
    contact = NewContact(Moment.instant(FRIDAY), "phone", reached=False, answers=[DutyNamed("R3-WRIT", "x")])
    with pytest.raises(AttemptIsNoAnswer), force.database.writing() as connection:
        record_contact(connection, ref=case.case.ref, contact=contact, by=force.ash, now=FRIDAY, law=force.law)


@pytest.mark.parametrize("stranger", ["cedar", "birch", "fir", "board", "administrator"])
def test_a_case_that_is_not_theirs_does_not_exist_for_them(force: Force, stranger: str) -> None:
    case = force.record_crime()[0]
    event = NewEvent(EventKind.VPS_OFFERED, Moment.instant(FRIDAY))
    person = getattr(force, stranger)
    with pytest.raises(NoSuchCase), force.database.writing() as connection:
        record_event(connection, ref=case.case.ref, event=event, by=person, now=FRIDAY, law=force.law)
    with force.database.reading() as connection:
        assert connection.execute(select(CASES.c.version).where(CASES.c.id == case.id)).scalar_one() == 1


def test_the_second_of_two_editors_is_told_that_the_case_changed(force: Force) -> None:
    case = force.record_crime()[0]
    force.record(case.case.ref, EventKind.VPS_OFFERED, FRIDAY, by=force.ash)
    event = NewEvent(EventKind.VPS_TAKEN, Moment.instant(FRIDAY))
    with pytest.raises(CaseChanged), force.database.writing() as connection:
        record_event(
            connection, ref=case.case.ref, event=event, by=force.ash, now=FRIDAY, law=force.law, seen_version=1
        )


def test_a_refused_event_leaves_nothing_behind(force: Force) -> None:
    case = force.record_crime()[0]
    with pytest.raises(EventRefused, match="suspect"):
        force.record(case.case.ref, EventKind.SUSPECT_ARRESTED, FRIDAY, by=force.ash)
    tomorrow = NewEvent(EventKind.VPS_OFFERED, Moment.instant(FRIDAY + timedelta(days=1)))
    with pytest.raises(EventRefused, match="after it was recorded"), force.database.writing() as connection:
        record_event(connection, ref=case.case.ref, event=tomorrow, by=force.ash, now=FRIDAY, law=force.law)
    with force.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(EVENTS)).scalar_one() == 3


def test_what_it_answers_or_links_must_be_of_this_case(force: Force) -> None:
    """A name that nothing bears would answer nothing, and nobody would know."""
    case, other = force.record_crime()[0], force.record_crime(ref="40/2/26")[0]
    elsewhere = other.case.journey.events[0].key
    told = NewContact(Moment.instant(FRIDAY), "phone", reached=True, answers=[DutyNamed("R3-WRIT", elsewhere)])
    with pytest.raises(EventRefused, match="not started in this case"), force.database.writing() as connection:
        record_contact(connection, ref=case.case.ref, contact=told, by=force.ash, now=FRIDAY, law=force.law)
    with pytest.raises(EventRefused, match="the contact that it names is not in this case"):
        force.record(case.case.ref, EventKind.ALSO_ANSWERED, FRIDAY, contact=elsewhere)


def test_only_a_supervisor_decides_on_a_good_reason(force: Force) -> None:
    case = force.record_crime()[0]
    asked_for = force.record(case.case.ref, EventKind.SUSPECT_ARRESTED, FRIDAY, by=force.ash, subject="Suspect 1")
    named = [DutyNamed("R6-ARR", asked_for)]
    with pytest.raises(EventRefused, match="nobody has asked for this"):
        force.record(case.case.ref, EventKind.GOOD_REASON_AGREED, FRIDAY, by=force.elm, duties=named)
    force.record(case.case.ref, EventKind.GOOD_REASON_REQUESTED, FRIDAY, by=force.ash, duties=named, reason="emergency")
    assert waiting(force, force.elm) == [("R6-ARR", "An emergency took everybody who could have done it")]
    assert waiting(force, force.fir) == waiting(force, force.ash) == []
    with pytest.raises(NoSuchCase):
        force.record(case.case.ref, EventKind.GOOD_REASON_AGREED, FRIDAY, by=force.ash, duties=named)
    force.record(case.case.ref, EventKind.GOOD_REASON_AGREED, FRIDAY, by=force.elm, duties=named)
    assert due_on(force, case.id, "R6-ARR") == [(date(2026, 6, 1), "good_reason", date(2026, 5, 22))]
    assert waiting(force, force.elm) == []


def test_nobody_agrees_what_they_asked_for_or_what_they_hold(force: Force) -> None:
    """Whoever asked may refuse it, for that ends nothing."""
    case = force.record_crime()[0]
    ref = case.case.ref
    arrest = force.record(ref, EventKind.SUSPECT_ARRESTED, FRIDAY, by=force.ash, subject="Suspect 1")
    named = [DutyNamed("R6-ARR", arrest)]
    force.record(ref, EventKind.GOOD_REASON_REQUESTED, FRIDAY, by=force.elm, duties=named, reason="emergency")
    with pytest.raises(EventRefused, match="you asked for this yourself"):
        force.record(ref, EventKind.GOOD_REASON_AGREED, FRIDAY, by=force.elm, duties=named)
    force.record(ref, EventKind.GOOD_REASON_REFUSED, FRIDAY, by=force.elm, duties=named)
    force.record(ref, EventKind.GOOD_REASON_REQUESTED, FRIDAY, by=force.ash, duties=named, reason="emergency")
    force.record(ref, EventKind.OFFICER_ASSIGNED, FRIDAY, officer="elm", team="luton", why="leave")
    held = [DutyNamed("R3-INFO", report_of(force, case))]
    force.record(ref, EventKind.GOOD_REASON_REQUESTED, FRIDAY, duties=held, reason="emergency")
    with pytest.raises(EventRefused, match="you are the case officer of this case"):
        force.record(ref, EventKind.GOOD_REASON_AGREED, FRIDAY, by=force.elm, duties=held)


def test_a_duty_found_late_is_a_breach_and_says_that_it_was_recorded_late(force: Force) -> None:
    case = force.record_crime()[0]
    arrest = NewEvent(EventKind.SUSPECT_ARRESTED, Moment.instant(FRIDAY), subject="Suspect 1")
    with force.database.writing() as connection:
        record_event(connection, ref=case.case.ref, event=arrest, by=force.ash, now=NEXT_MONTH, law=force.law)
    with force.database.reading() as connection:
        causes = {row.rule: row.cause for row in connection.execute(select(BREACHES))}
    assert causes == {"R3-WRIT": None, "R3-INFO": None, "R3-RJ": None, "R4-REF": None, "R6-ARR": "recorded_late"}


def test_a_contact_made_in_time_and_recorded_late_overturns_the_breach_and_keeps_it(force: Force) -> None:
    case = force.record_crime()[0]
    report = next(e for e in case.case.journey.events if e.kind is EventKind.CRIME_REPORTED)
    force.record(case.case.ref, EventKind.VPS_OFFERED, NEXT_MONTH, by=force.ash)
    contact = NewContact(Moment.instant(MONDAY), "letter", reached=True, answers=[DutyNamed("R3-WRIT", report.key)])
    with force.database.writing() as connection:
        key = record_contact(
            connection, ref=case.case.ref, contact=contact, by=force.ash, now=NEXT_MONTH, law=force.law
        )
    with force.database.reading() as connection:
        overturned = {row.rule: row.overturned_by for row in connection.execute(select(BREACHES))}
    assert overturned == {"R3-WRIT": key, "R3-INFO": None, "R3-RJ": None, "R4-REF": None}


def test_a_breach_that_stands_again_is_that_of_the_new_day_whoever_finds_it(force: Force) -> None:
    """In time after all by a correction, and late after the next: with the day and the officer of now."""
    case = force.record_crime(officer_of_open_case="ash")[0]
    report = next(e for e in case.case.journey.events if e.kind is EventKind.CRIME_REPORTED)
    for day in (18, 30, 29):
        moved = NewEvent(
            EventKind.CRIME_REPORTED,
            Moment.day(date(2026, 5, day)),
            corrects=report.key,
            correction=Correction.AMENDS,
        )
        now = datetime(2026, 6, 2 if day == 30 else 22, 9, tzinfo=UTC)
        with force.database.writing() as connection:
            record_event(connection, ref=case.case.ref, event=moved, by=force.ash, now=now, law=force.law)
    with force.database.reading() as connection:
        statement = select(BREACHES).where(BREACHES.c.rule == "R4-REF")
        (breach,) = connection.execute(statement).all()
    assert (breach.due_on, breach.overturned_by, breach.overturned_at) == (date(2026, 6, 2), None, None)


def test_every_write_has_its_audit_row_in_the_same_transaction(force: Force) -> None:
    case = force.record_crime()[0]
    force.record(case.case.ref, EventKind.VPS_OFFERED, FRIDAY, by=force.ash)
    audit, subject = Audit.__table__, AuditSubject.__table__
    joined = select(audit, subject.c.case_id).join(subject, subject.c.seq == audit.c.seq).order_by(audit.c.seq)
    with force.database.reading() as connection:
        rows = [(r.operation, r.what, r.person_id, r.case_id) for r in connection.execute(joined)]
    assert rows == [
        ("collection", "record crime", "system", case.id),
        ("alteration", "record vps_offered", "ash", case.id),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journey_event SET kind = 'vps_taken'",
        "DELETE FROM journey_event",
        "UPDATE audit SET person_id = 'ash'",
        "DELETE FROM audit_subject",
        "DELETE FROM breach",
    ],
)
def test_what_happened_and_who_did_it_cannot_be_changed(force: Force, change: str) -> None:
    case = force.record_crime()[0]
    force.record(case.case.ref, EventKind.VPS_OFFERED, NEXT_MONTH, by=force.ash)
    with pytest.raises(DatabaseError, match="kept for ever"), force.database.writing() as connection:
        connection.exec_driver_sql(change)


def test_a_case_is_read_back_as_it_was_written(force: Force) -> None:
    case = force.record_crime()[0]
    hearing = date(2026, 7, 1)
    force.record(
        case.case.ref,
        EventKind.HEARING_LISTED,
        FRIDAY,
        subject="Hearing 1",
        received=FRIDAY,
        hearing_on=hearing,
        hearing_type="trial",
    )
    with force.database.writing() as connection:
        event = load(connection, case.case.ref).case.journey.events[-1]
    assert (event.details["hearing_on"], event.received, event.subject) == (
        hearing,
        Moment.instant(FRIDAY),
        "Hearing 1",
    )
