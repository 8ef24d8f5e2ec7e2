"""The journey as a timeline: everything that was recorded, newest first, in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import event
from tests.force import MONDAY, VAULT, Force
from tests.queries.caseload import open_cases
from victimcare.commands.reassign_cases import reassign_cases
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, DutyNamed, Moment
from victimcare.queries.timeline import TimelineEntry, timeline
from victimcare.store.cases import load

FRIDAY = datetime(2026, 5, 22, 14, tzinfo=UTC)


def entries_of(force: Force, ref: str) -> tuple[TimelineEntry, ...]:
    with force.database.writing() as connection:
        stored = load(connection, ref)
        return timeline(connection, stored.id, stored.case.journey, force.law)


@pytest.fixture
def ref(force: Force) -> str:
    return force.record_crime(officer_of_open_case="ash")[0].case.ref


def record(force: Force, ref: str, new: NewEvent, *, now: datetime = FRIDAY) -> str:
    with force.database.writing() as connection:
        return record_event(connection, ref=ref, event=new, by=force.ash, now=now, law=force.law)


def test_the_newest_comes_first_by_when_it_happened(force: Force, ref: str) -> None:
    record(force, ref, NewEvent(EventKind.VPS_OFFERED, Moment.instant(FRIDAY)))
    late = NewEvent(EventKind.VPS_TAKEN, Moment.instant(MONDAY + timedelta(days=1)))
    record(force, ref, late, now=FRIDAY + timedelta(days=3))
    kinds = [entry.kind.value for entry in entries_of(force, ref)]
    recorded_together = ["officer_assigned", "crime_recorded", "crime_reported"]
    assert kinds == ["vps_offered", "vps_taken", *recorded_together]


def test_a_correction_is_shown_beside_what_it_corrects(force: Force, ref: str) -> None:
    first = record(force, ref, NewEvent(EventKind.SUSPECT_ARRESTED, Moment.instant(FRIDAY), subject="Suspect 1"))
    corrected = NewEvent(
        EventKind.SUSPECT_ARRESTED,
        Moment.day(date(2026, 5, 21)),
        subject="Suspect 1",
        corrects=first,
        correction=Correction.AMENDS,
    )
    second = record(force, ref, corrected, now=FRIDAY + timedelta(hours=1))
    shown = {entry.key: (entry.corrected, entry.correction) for entry in entries_of(force, ref) if entry.subject}
    assert shown == {first: (True, None), second: (False, Correction.AMENDS)}


def test_who_recorded_it_and_when_is_said(force: Force, ref: str) -> None:
    key = record(force, ref, NewEvent(EventKind.VPS_OFFERED, Moment.day(date(2026, 5, 20))))
    (entry,) = (entry for entry in entries_of(force, ref) if entry.key == key)
    assert (entry.by, entry.on, entry.at, entry.recorded_at) == ("Ash Example", date(2026, 5, 20), None, FRIDAY)
    assert entry.title == "Victim Personal Statement offered"


def test_details_are_in_words(force: Force, ref: str) -> None:
    listed = {"hearing_on": date(2026, 7, 1), "hearing_type": "trial"}
    hearing = NewEvent(
        EventKind.HEARING_LISTED, Moment.instant(FRIDAY), Moment.instant(FRIDAY), subject="Hearing 1", details=listed
    )
    ended = {"all_proceedings_ended": False}
    charges = NewEvent(EventKind.CPS_CHANGED_CHARGES, Moment.instant(FRIDAY), subject="Suspect 1", details=ended)
    keys = [record(force, ref, new) for new in (hearing, charges)]
    by_key = {entry.key: entry for entry in entries_of(force, ref)}
    assert by_key[keys[0]].details == (
        ("Day of the hearing", "Wednesday 1 July 2026"),
        ("Kind of hearing", "Trial"),
    )
    assert by_key[keys[0]].received_on == date(2026, 5, 22)
    assert by_key[keys[1]].details == (("Have all proceedings ended?", "No"),)


def test_an_assignment_names_the_officer_and_the_team(force: Force, ref: str) -> None:
    with force.database.writing() as connection:
        reassign_cases(
            connection,
            refs=[ref],
            to_officer_id="birch",
            why="on leave",
            by=force.elm,
            now=FRIDAY,
            law=force.law,
            vault=VAULT,
        )
    details = dict(entries_of(force, ref)[0].details)
    assert details == {"Case officer": "Birch Example", "Team": "Luton A"}  # the reason is sealed: the hand-over has it


def test_what_a_contact_answered_is_in_the_codes_words_and_no_key_is_shown(force: Force, ref: str) -> None:
    arrest = record(force, ref, NewEvent(EventKind.SUSPECT_ARRESTED, Moment.instant(FRIDAY), subject="Suspect 1"))
    told = record(force, ref, NewEvent(EventKind.CONTACT_MADE, Moment.instant(FRIDAY), details={"channel": "phone"}))
    linked = NewEvent(
        EventKind.ALSO_ANSWERED,
        Moment.instant(FRIDAY),
        details={"contact": told},
        duties=[DutyNamed("R6-ARR", arrest)],
    )
    key = record(force, ref, linked)
    (entry,) = (entry for entry in entries_of(force, ref) if entry.key == key)
    assert entry.answers == (force.law.code.latest.rule("R6-ARR").title,)
    assert told not in repr(entry.details)


def test_of_published_data_only_the_month_is_known(force: Force) -> None:
    (case,) = open_cases(
        force,
        [None],
        more=lambda key: [event("suspect_charged", "2026-04", recorded="2026-05-18", key=f"{key}-c", subject=None)],
    )
    (entry,) = (entry for entry in entries_of(force, case.case.ref) if entry.kind is EventKind.SUSPECT_CHARGED)
    assert (entry.month_only, entry.on, entry.at) == (True, date(2026, 4, 1), None)
