"""What another agency owes is asked for of its contact, once at each step, and only as long as it has not come."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from tests.force import MONDAY, Force, a_force
from tests.outbox import eight, outbox, send_all
from tests.plans import planned
from victimcare.commands.ask_agencies import ask_agencies, late_at_others
from victimcare.commands.keep_agencies import keep_agency_contact
from victimcare.commands.keep_people import NotTheirPeople, PersonChanged
from victimcare.domain.event_kinds import EventKind
from victimcare.editions.escalation import published_ladder
from victimcare.queries.agencies import agencies_asked, agencies_here
from victimcare.store.dues import DUES

ONE_DAY = timedelta(days=1)
COURT = "hmcts"
ADDRESS = "results@court.example.invalid"
HEARD_ON = date(2026, 6, 15)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def a_hearing(force: Force) -> tuple[str, date]:
    """A case of Ash's with a hearing listed, whose result the court owes; by which day it does."""
    case = force.record_crime("Wren Sample", officer_of_open_case="ash")[0]
    list_hearing(force, case.case.ref, MONDAY, HEARD_ON)
    with force.database.reading() as connection:
        owed = connection.execute(select(DUES.c.due_on).where(DUES.c.owed_by == COURT, DUES.c.due_on > HEARD_ON))
        return case.case.ref, min(owed.scalars())


def list_hearing(force: Force, ref: str, at: datetime, hearing_on: date) -> None:
    trial: dict[str, Any] = {"subject": "Hearing 1", "hearing_on": hearing_on, "hearing_type": "trial"}
    force.record(ref, EventKind.HEARING_LISTED, at, received=at, **trial)


def keep(force: Force, email: str | None = ADDRESS, *, seen: int = 0) -> None:
    with force.database.writing() as connection:
        keep_agency_contact(connection, agency=COURT, email=email, seen=seen, by=force.administrator, now=MONDAY)


def write(force: Force, on: date) -> int:
    how: dict[str, Any] = {"now": eight(on), "calendar": force.law.calendar, "ladder": published_ladder()}
    before = eight(force.law.calendar.working_day_from(on, -1))
    with force.database.reading() as connection:
        late = late_at_others(connection, reached_at=before, own_agency="police", **how)
    with force.database.writing() as connection:
        return ask_agencies(connection, duties=late, **how)


def asked(force: Force) -> list[tuple[str, str]]:
    return [(row.step, row.status) for row in outbox(force) if row.agency == COURT]


def test_it_is_asked_at_each_step_once_with_a_reference_and_no_name(force: Force) -> None:
    ref, due_on = a_hearing(force)
    keep(force)
    calendar, sent = force.law.calendar, []
    for late in range(13):
        on = calendar.working_day_from(due_on, late)
        write(force, on)
        write(force, on)
        sent += [(late, notice) for notice in send_all(force, eight(on))]
    ours = [(late, notice) for late, notice in sent if notice.address == ADDRESS]
    assert {late for late, _ in ours} == {1, 5, 10}
    for _, notice in ours:
        assert ref in notice.subject
        assert "Wren" not in notice.subject + notice.body
        assert "Hearing" not in notice.body


def test_what_has_come_when_the_notice_is_to_leave_is_not_asked_for(force: Force) -> None:
    ref, due_on = a_hearing(force)
    keep(force)
    on = force.law.calendar.working_day_from(due_on, 1)
    assert write(force, on) > 0
    force.record(
        ref,
        EventKind.COURT_OUTCOME_RECEIVED,
        eight(on) - timedelta(minutes=1),
        subject="Hearing 1",
        received=eight(on) - timedelta(minutes=1),
        outcome="not_guilty",
    )
    send_all(force, eight(on))
    assert not [row for row in outbox(force) if row.agency == COURT and row.status == "sent" and row.due_on == due_on]


def test_a_hearing_listed_again_is_asked_for_by_its_new_day_only(force: Force) -> None:
    ref, due_on = a_hearing(force)
    keep(force)
    list_hearing(force, ref, MONDAY + 3 * ONE_DAY, HEARD_ON + 28 * ONE_DAY)
    assert write(force, force.law.calendar.working_day_from(due_on, 1)) == 0
    assert write(force, force.law.calendar.working_day_from(due_on + 28 * ONE_DAY, 1)) == 1


def test_without_a_contact_nobody_is_asked_and_one_taken_away_meanwhile_gets_nothing(force: Force) -> None:
    _, due_on = a_hearing(force)
    on = force.law.calendar.working_day_from(due_on, 1)
    assert write(force, on) == 0
    keep(force)
    assert write(force, on) > 0
    keep(force, None, seen=1)
    send_all(force, eight(on))
    assert {status for _, status in asked(force)} == {"cancelled"}


def test_the_pages_say_when_it_was_asked_for(force: Force) -> None:
    _, due_on = a_hearing(force)
    keep(force)
    on = force.law.calendar.working_day_from(due_on, 1)
    write(force, on)
    send_all(force, eight(on))
    (row, *_) = [row for row in outbox(force) if row.agency == COURT]
    with force.database.reading() as connection:
        found = agencies_asked(connection, case_ids=[row.case_id])
    assert list(found.of(row.case_id, row.rule, row.start_key)) == [eight(on)]
    assert found.with_contact == {COURT}


def test_administrators_alone_keep_contacts_and_see_what_another_wrote_meanwhile(force: Force) -> None:
    keep(force)
    with pytest.raises(PersonChanged):
        keep(force, "other@court.example.invalid")
    with force.database.writing() as connection, pytest.raises(NotTheirPeople):
        keep_agency_contact(connection, agency=COURT, email=ADDRESS, seen=1, by=force.elm, now=MONDAY)
    with force.database.reading() as connection:
        assert agencies_here(connection, person=force.elm, law=force.law) == ()
        known = {each.code: each.email for each in agencies_here(connection, person=force.administrator, law=force.law)}
    assert known[COURT] == ADDRESS
    assert "police" not in known


def test_it_looks_along_the_days_on_which_it_is_due(sqlite_url: str) -> None:
    force = a_force(sqlite_url)
    keep(force)

    def read(connection: Connection) -> object:
        known: dict[str, Any] = {"calendar": force.law.calendar, "ladder": published_ladder(), "own_agency": "police"}
        now = eight(date(2026, 7, 13))
        return late_at_others(connection, reached_at=now - ONE_DAY, now=now, **known)

    with planned(force.database) as plans, force.database.reading() as connection:
        looked = "\n".join(plans(connection, read))
    force.database.close()
    for index in ("ix_due_open (due_on>? AND due_on<?)", "ix_due_expected_on (due_on>? AND due_on<?)"):
        assert f"SEARCH due USING INDEX {index}" in looked, looked
