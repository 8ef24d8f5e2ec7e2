"""A message for a case officer: it reaches the one case that is meant, and whoever takes it learns nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.force import MONDAY, VAULT, Force, a_force
from victimcare.commands.add_contact_point import NewPoint, add_contact_point
from victimcare.commands.answer_message import AnsweredAlready, answer_message
from victimcare.commands.place_message import place_message
from victimcare.commands.protect_location import protect_location
from victimcare.commands.record_contact import NewContact, record_contact
from victimcare.commands.take_message import Caller, Left, NoSuchTeam, Said, TakenMessage, take_message
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Moment
from victimcare.domain.people import Person
from victimcare.domain.safe_contact import PointKind, SafeUse
from victimcare.editions.force_policy import published_policy
from victimcare.queries.left_messages import messages_left_in, messages_overdue, messages_unplaced, messages_waiting
from victimcare.store.cases import NoSuchCase
from victimcare.store.left_messages import MESSAGES
from victimcare.store.tables import Audit

NUMBER = "07700 900123"
USE = SafeUse(voicemail=False, say_who=False, times="", if_another="", code_word="")
TUESDAY = date(2026, 5, 19)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def take(
    force: Force,
    *,
    by: Person | None = None,
    wants: str = "news",
    words: str = "",
    team_id: str | None = None,
    **who: str,
) -> TakenMessage:
    """A colleague of another team takes a message on Monday 18 May 2026, from somebody who says this of themselves."""
    with force.database.writing() as connection:
        return take_message(
            connection,
            said=Said(words, Caller(**who)),
            wants=wants,
            safe_to_ring=True,
            team_id=team_id,
            by=by or force.cedar,
            now=MONDAY + timedelta(hours=2),
            law=force.law,
            policy=published_policy(),
            vault=VAULT,
        )


def waiting(force: Force, person: Person, today: date = TUESDAY, ask: Any = messages_waiting) -> list[str]:
    with force.database.reading() as connection:
        return [row.ref for row in ask(connection, person=person, today=today, calendar=force.law.calendar).rows]


def stored(force: Force) -> int:
    with force.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(MESSAGES)).scalar_one())


def last_audit(force: Force) -> Any:
    with force.database.reading() as connection:
        return connection.execute(select(Audit.__table__).order_by(Audit.__table__.c.seq.desc()).limit(1)).one()


def with_number(force: Force, ref: str, *, by: Person) -> None:
    with force.database.writing() as connection:
        new = NewPoint(PointKind.PHONE, NUMBER, USE, confirmed=True)
        add_contact_point(connection, ref=ref, new=new, by=by, now=MONDAY + timedelta(hours=1), vault=VAULT)


@pytest.mark.parametrize(
    "who",
    [
        {"case_ref": "{ref}"},
        {"case_ref": "{plain}"},
        {"crime_ref": "40/1/26"},
        {"crime_ref": "  40/1/26 "},
        {"name": "élodie o’neill"},
        {"name": " Elodie   ONeill "},
        {"phone": "+44 7700 900123"},
        {"name": "Elodie O'Neill", "crime_ref": "40/1/26", "phone": "07700900123"},
    ],
    ids=str,
)
def test_it_reaches_the_case_however_the_caller_is_known(force: Force, who: dict[str, str]) -> None:
    ref = force.record_crime("Élodie O'Neill", officer_of_open_case="ash")[0].case.ref
    force.record_crime("Somebody Else", ref="40/2/26", officer_of_open_case="birch")
    with_number(force, ref, by=force.ash)
    said = {what: text.format(ref=ref, plain=ref.lower().replace("-", " ")) for what, text in who.items()}
    assert take(force, **said) == TakenMessage(Left.WITH_OFFICER, TUESDAY)
    assert (waiting(force, force.ash), waiting(force, force.birch), waiting(force, force.cedar)) == ([ref], [], [])


def test_whoever_takes_it_is_told_the_day_and_nothing_of_case_or_officer(force: Force) -> None:
    ref = force.record_crime("Wren Sample", officer_of_open_case="ash")[0].case.ref
    told = repr(take(force, name="Wren Sample"))
    assert ref not in told
    assert "Ash" not in told.title()
    audit = last_audit(force)
    assert (audit.operation, audit.what, audit.person_id, audit.case_count) == (
        "collection",
        "take message",
        "cedar",
        1,
    )


def test_what_fits_none_or_several_is_not_kept_and_is_in_the_audit_trail_with_the_cases(force: Force) -> None:
    force.record_crime("Wren Sample", "Robin Sample", officer_of_open_case="ash")
    assert take(force, name="Nobody Here") == TakenMessage(Left.FITS_NONE)
    assert last_audit(force).case_count == 0
    assert take(force, crime_ref="40/1/26") == TakenMessage(Left.FITS_SEVERAL)
    assert (last_audit(force).operation, last_audit(force).case_count) == ("consultation", 2)
    assert take(force, crime_ref="40/1/26", name="Wren Nobody") == TakenMessage(Left.FITS_NONE)
    assert take(force, name="Wren") == TakenMessage(Left.FITS_NONE), "part of a name is no name: nobody fishes here"
    assert take(force) == TakenMessage(Left.FITS_NONE)
    assert stored(force) == 0
    assert take(force, crime_ref="40/1/26", name="Wren Sample").left is Left.WITH_OFFICER


def test_several_cases_of_one_name_with_one_officer_come_to_the_latest(force: Force) -> None:
    force.record_crime("Wren Sample", officer_of_open_case="ash")
    later = force.record_crime("Wren Sample", ref="40/2/26", officer_of_open_case="ash", at=MONDAY)[0].case.ref
    take(force, name="Wren Sample")
    assert waiting(force, force.ash) == [later]
    force.record_crime("Wren Sample", ref="40/3/26", officer_of_open_case="birch")
    assert take(force, name="Wren Sample").left is Left.FITS_SEVERAL, "two officers: it may be two people"


def test_an_open_case_comes_before_a_closed_one_and_a_void_one_is_none(force: Force) -> None:
    closed = force.record_crime("Wren Sample", officer_of_open_case="ash")[0].case.ref
    force.record(closed, EventKind.CASE_CLOSED, MONDAY + timedelta(hours=1))
    take(force, name="Wren Sample")
    assert waiting(force, force.ash) == [closed], "who rings about a closed case is not lost either"
    is_open = force.record_crime("Wren Sample", ref="40/2/26", officer_of_open_case="birch")[0].case.ref
    take(force, name="Wren Sample")
    assert waiting(force, force.birch) == [is_open]
    void = {"reason": "duplicate", "second_person": "elm"}
    force.record(is_open, EventKind.CASE_VOIDED, MONDAY + timedelta(hours=1), **void)
    assert take(force, crime_ref="40/2/26").left is Left.FITS_NONE


def test_a_number_of_a_protected_victim_finds_nothing(force: Force) -> None:
    ref = force.record_crime("Wren Sample", officer_of_open_case="ash")[0].case.ref
    with_number(force, ref, by=force.ash)
    with force.database.writing() as connection:
        now = MONDAY + timedelta(hours=1)
        protect_location(connection, ref=ref, custodian_id="ash", reason="fled", by=force.elm, now=now, vault=VAULT)
    assert take(force, phone=NUMBER).left is Left.FITS_NONE
    assert take(force, name="Wren Sample").left is Left.WITH_OFFICER


def test_who_is_afraid_is_promised_an_answer_the_same_day(force: Force) -> None:
    force.record_crime("Wren Sample")
    assert take(force, name="Wren Sample", wants="afraid").reply_by_on == MONDAY.date()


def test_a_caller_who_knows_no_more_is_left_with_supervisors_who_find_the_case(force: Force) -> None:
    ref = force.record_crime("Wren Sample", officer_of_open_case="ash")[0].case.ref
    with pytest.raises(NoSuchTeam):
        take(force, name="Ren Sampel", team_id="nowhere")
    taken = take(force, name="Ren Sampel", words="Please ring", team_id="luton")
    assert taken == TakenMessage(Left.WITH_SUPERVISORS, TUESDAY)
    with force.database.reading() as connection:
        asked: dict[str, Any] = {"today": TUESDAY, "calendar": force.law.calendar, "vault": VAULT}
        (message,) = messages_unplaced(connection, person=force.elm, **asked)
        for other in (force.fir, force.ash, force.board):
            assert messages_unplaced(connection, person=other, **asked) == ()
    assert message.said is not None
    assert (message.said.words, message.said.caller.name) == ("Please ring", "Ren Sampel")
    placing: dict[str, Any] = {"message_id": message.id, "now": MONDAY + timedelta(hours=3), "vault": VAULT}
    with pytest.raises(AnsweredAlready), force.database.writing() as connection:
        place_message(connection, ref=ref, by=force.fir, **placing)
    with pytest.raises(NoSuchCase), force.database.writing() as connection:
        place_message(connection, ref="22222-22222", by=force.elm, **placing)
    with force.database.writing() as connection:
        place_message(connection, ref=ref.lower(), by=force.elm, **placing)
    assert waiting(force, force.ash) == [ref]


def test_it_is_answered_once_by_whoever_works_on_the_case(force: Force) -> None:
    ref = force.record_crime("Wren Sample", officer_of_open_case="ash")[0].case.ref
    take(force, name="Wren Sample", words="I moved to LU1 2AB")
    with force.database.reading() as connection:
        seen: dict[str, Any] = {"ref": ref, "today": TUESDAY, "calendar": force.law.calendar, "vault": VAULT}
        (message,) = messages_left_in(connection, person=force.ash, **seen)
        with pytest.raises(NoSuchCase):
            messages_left_in(connection, person=force.birch, **seen)
    assert message.contains_location
    now = MONDAY + timedelta(hours=3)
    with pytest.raises(NoSuchCase), force.database.writing() as connection:
        answer_message(connection, ref=ref, message_id=message.id, by=force.birch, now=now)
    with force.database.writing() as connection:
        answer_message(connection, ref=ref, message_id=message.id, by=force.ash, now=now)
    assert waiting(force, force.ash) == []
    with pytest.raises(AnsweredAlready), force.database.writing() as connection:
        answer_message(connection, ref=ref, message_id=message.id, by=force.elm, now=now)


@pytest.mark.parametrize("reached", [True, False])
def test_a_contact_that_reached_the_victim_answers_it_and_an_attempt_does_not(force: Force, reached: bool) -> None:
    ref = force.record_crime("Wren Sample", officer_of_open_case="ash")[0].case.ref
    take(force, name="Wren Sample")
    with force.database.reading() as connection:
        asked: dict[str, Any] = {"today": TUESDAY, "calendar": force.law.calendar}
        (row,) = messages_waiting(connection, person=force.ash, **asked).rows
    now = MONDAY + timedelta(hours=4)
    contact = NewContact(Moment.instant(now), "phone", reached, message_id=row.id)
    for _ in range(2):
        with force.database.writing() as connection:
            record_contact(connection, ref=ref, contact=contact, by=force.ash, now=now, law=force.law)
    assert waiting(force, force.ash) == ([] if reached else [ref])


def test_the_supervisor_sees_what_was_not_answered_in_time(force: Force) -> None:
    ref = force.record_crime("Wren Sample", officer_of_open_case="ash")[0].case.ref
    take(force, name="Wren Sample")
    wednesday = TUESDAY + timedelta(days=1)
    assert waiting(force, force.elm, TUESDAY, messages_overdue) == []
    assert waiting(force, force.elm, wednesday, messages_overdue) == [ref]
    for other in (force.fir, force.ash, force.board):
        assert waiting(force, other, wednesday, messages_overdue) == []


def test_nothing_that_was_said_can_be_read_in_the_database(force: Force) -> None:
    force.record_crime("Wren Sample")
    take(force, name="Wren Sample", words="CANARYWORDS", phone="")
    with force.database.reading() as connection:
        assert "CANARY" not in repr(connection.execute(select(MESSAGES)).all())
