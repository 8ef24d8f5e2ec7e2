"""At the moment of sending it is asked anew whether a notice is true, and who hears it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from tests.force import VAULT, Force, a_force
from tests.outbox import (
    ARRESTED,
    DUE_ON,
    case_of_an_arrest,
    eight,
    give_addresses,
    outbox,
    send_all,
    write_reminders,
    written,
)
from tests.queries.test_case_lists import keep_lists
from victimcare.commands.reassign_cases import reassign_cases
from victimcare.commands.record_contact import NewContact, record_contact
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.cover import Cover
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, DutyNamed, Moment
from victimcare.domain.people import CaseLists
from victimcare.store import covers
from victimcare.store.breaches import BREACHES
from victimcare.store.cases import StoredCase
from victimcare.store.dues import DUES
from victimcare.store.staff import PEOPLE, TEAMS

MORNING = eight(DUE_ON)
DAY_AFTER = eight(DUE_ON + timedelta(days=1))
EVENING = MORNING + timedelta(hours=12)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    give_addresses(force)
    yield force
    force.database.close()


@pytest.fixture
def case(force: Force) -> StoredCase:
    """A case of which Ash is to be told this morning."""
    case, _ = case_of_an_arrest(force)
    write_reminders(force, MORNING)
    return case


def change(force: Force, table: str, who: str, **values: object) -> None:
    of = {"person": PEOPLE, "team": TEAMS}[table]
    with force.database.writing() as connection:
        connection.execute(update(of).where(of.c.id == who).values(**values))


def hand_over(force: Force, case: StoredCase, now: datetime) -> None:
    with force.database.writing() as connection:
        reassign_cases(
            connection,
            refs=[case.case.ref],
            to_officer_id="birch",
            why="leave",
            by=force.elm,
            now=now,
            law=force.law,
            vault=VAULT,
        )


def test_a_case_handed_over_takes_its_unsent_notices_along(force: Force, case: StoredCase) -> None:
    hand_over(force, case, MORNING)
    assert [notice.address for notice in send_all(force, MORNING)] == ["birch@example.invalid"]
    assert [(item.recipient_id, item.status) for item in outbox(force)] == [("ash", "cancelled"), ("birch", "sent")]


def test_and_who_held_it_on_the_day_is_kept(force: Force, case: StoredCase) -> None:
    hand_over(force, case, DAY_AFTER)
    with force.database.reading() as connection:
        due = connection.execute(DUES.select().where(DUES.c.rule == "R6-ARR")).one()
        breach = connection.execute(BREACHES.select()).first()
    assert (due.officer_id, due.holder_id) == ("ash", "birch")
    assert breach is None or breach.officer_id == "ash"


def test_what_was_sent_already_is_not_sent_again_to_the_new_officer(force: Force, case: StoredCase) -> None:
    send_all(force, MORNING)
    hand_over(force, case, MORNING + timedelta(hours=1))
    assert write_reminders(force, MORNING + timedelta(hours=2), reached_at=MORNING) == 0
    assert written(force) == [("due", DUE_ON, "ash")]


def test_somebody_who_hears_it_anyway_hears_it_once(force: Force, case: StoredCase) -> None:
    write_reminders(force, DAY_AFTER, reached_at=MORNING)
    change(force, "person", "ash", absent_from_on=DUE_ON)
    sent = send_all(force, DAY_AFTER)
    assert [notice.address for notice in sent] == ["elm@example.invalid"]
    assert [item.status for item in outbox(force) if item.step == "late_1"] == ["cancelled", "sent"]


def test_a_cover_hears_it_in_place_of_the_officer(force: Force, case: StoredCase) -> None:
    with force.database.writing() as connection:
        leave = Cover("ash", "birch", DUE_ON, DUE_ON + timedelta(days=5))
        covers.add(connection, leave, by=force.elm, at=MORNING)
    [notice] = send_all(force, MORNING)
    assert notice.address == "birch@example.invalid"
    assert "in place of the case officer, who is away" in " ".join(notice.body.split())


def test_a_deputy_hears_it_in_place_of_the_supervisor(force: Force, case: StoredCase) -> None:
    change(force, "person", "birch", role="supervisor")
    change(force, "person", "elm", absent_from_on=DUE_ON)
    write_reminders(force, DAY_AFTER, reached_at=MORNING)
    notices = {notice.address: " ".join(notice.body.split()) for notice in send_all(force, DAY_AFTER)}
    assert set(notices) == {"ash@example.invalid", "birch@example.invalid"}
    said = notices["birch@example.invalid"]
    assert "in place of the supervisor on duty of the case's team, who is away" in said


def test_where_nobody_is_left_the_inbox_of_the_team_hears_it(force: Force, case: StoredCase) -> None:
    change(force, "team", "luton", inbox="luton@example.invalid")
    for away in ("ash", "elm", "fir"):
        change(force, "person", away, absent_from_on=DUE_ON)
    [notice] = send_all(force, MORNING)
    assert notice.address == "luton@example.invalid"
    assert "Nobody who should hear of this is here." in notice.body
    *_, item = outbox(force)
    assert (item.recipient_id, item.team_id, item.status) == (None, "luton", "sent")


def test_without_an_inbox_it_is_shown_as_given_up(force: Force, case: StoredCase) -> None:
    for away in ("ash", "elm", "fir"):
        change(force, "person", away, active=False)
    assert send_all(force, MORNING) == []
    *_, item = outbox(force)
    assert (item.status, item.error) == ("failed", "nobody is here to hear it, and the team has no inbox")


def test_whoever_came_to_be_kept_from_the_case_hears_nothing(force: Force, case: StoredCase) -> None:
    write_reminders(force, DAY_AFTER, reached_at=MORNING)
    with force.database.writing() as connection:
        keep_lists(connection, case.id, CaseLists(frozenset({"elm"}), frozenset({"ash"})))
    assert [notice.address for notice in send_all(force, DAY_AFTER)] == ["ash@example.invalid"]
    # Nobody of those above is named in the restricted case either.
    unheard = [(item.team_id, item.status) for item in outbox(force) if item.recipient_id is None]
    assert unheard == [("luton", "failed")]


@pytest.mark.parametrize("lists", [CaseLists(frozenset({"birch"})), CaseLists(restricted_to=frozenset({"ash"}))])
def test_a_case_from_which_somebody_is_kept_goes_to_no_inbox_that_they_may_read(
    force: Force, case: StoredCase, lists: CaseLists
) -> None:
    change(force, "team", "luton", inbox="luton@example.invalid")
    for away in ("ash", "elm", "fir"):
        change(force, "person", away, absent_from_on=DUE_ON)
    with force.database.writing() as connection:
        keep_lists(connection, case.id, lists)
    assert send_all(force, MORNING) == []
    *_, item = outbox(force)
    assert (item.team_id, item.status) == ("luton", "failed")
    assert item.error.startswith("nobody who may see the case is here to hear it")


def test_nothing_leaves_in_the_evening_and_what_waited_is_looked_at_anew(force: Force, case: StoredCase) -> None:
    assert send_all(force, EVENING) == []
    [item] = outbox(force)
    assert (item.status, item.next_try_at) == ("waiting", DAY_AFTER)
    assert send_all(force, DAY_AFTER) == []
    assert outbox(force)[0].status == "cancelled"


def kept(force: Force, case: StoredCase, at: datetime) -> str:
    start = outbox(force)[0].start_key
    contact = NewContact(Moment.instant(ARRESTED), "phone", reached=True, answers=[DutyNamed("R6-ARR", start)])
    with force.database.writing() as connection:
        return record_contact(connection, ref=case.case.ref, contact=contact, by=force.ash, now=at, law=force.law)


def test_a_duty_that_was_kept_and_is_open_again_tells_what_was_never_sent(force: Force, case: StoredCase) -> None:
    contact = kept(force, case, MORNING)
    assert send_all(force, MORNING) == []
    never = NewEvent(
        EventKind.CONTACT_MADE,
        Moment.instant(ARRESTED),
        corrects=contact,
        correction=Correction.NEVER_HAPPENED,
        details={"channel": "phone"},
    )
    with force.database.writing() as connection:
        record_event(connection, ref=case.case.ref, event=never, by=force.ash, now=MORNING, law=force.law)
    assert write_reminders(force, MORNING + timedelta(hours=1), reached_at=MORNING) == 1
    assert len(send_all(force, MORNING + timedelta(hours=1))) == 1
    assert [item.status for item in outbox(force)] == ["sent"]


def test_a_duty_open_again_long_after_its_day_tells_one_step_only(force: Force) -> None:
    case, start = case_of_an_arrest(force)
    contact_at = datetime.combine(DUE_ON, MORNING.timetz())
    contact = NewContact(Moment.instant(contact_at), "phone", reached=True, answers=[DutyNamed("R6-ARR", start)])
    with force.database.writing() as connection:
        key = record_contact(
            connection, ref=case.case.ref, contact=contact, by=force.ash, now=contact_at, law=force.law
        )
    much_later = eight(DUE_ON + timedelta(days=42))
    never = NewEvent(
        EventKind.CONTACT_MADE,
        Moment.instant(contact_at),
        corrects=key,
        correction=Correction.NEVER_HAPPENED,
        details={"channel": "phone"},
    )
    with force.database.writing() as connection:
        record_event(connection, ref=case.case.ref, event=never, by=force.ash, now=much_later, law=force.law)
    write_reminders(force, much_later + timedelta(days=1), reached_at=much_later)
    assert {step for step, _, _ in written(force)} == {"late_3"}


def test_who_was_not_reached_at_a_step_hears_at_the_next(force: Force, case: StoredCase) -> None:
    """The mail server was away: what waited of the step before is no longer true when it is back."""
    write_reminders(force, DAY_AFTER, reached_at=MORNING)
    third_day = eight(DUE_ON + timedelta(days=3))
    write_reminders(force, third_day, reached_at=DAY_AFTER)
    assert {notice.address for notice in send_all(force, third_day)} == {
        "ash@example.invalid",
        "elm@example.invalid",
        "fir@example.invalid",
    }
