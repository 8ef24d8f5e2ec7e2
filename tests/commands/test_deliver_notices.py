"""Delivering: leased, sent with no transaction open, settled; whatever happens in between, once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from tests.force import Force, a_force
from tests.outbox import ARRESTED, DUE_ON, VICTIM, case_of_an_arrest, eight, give_addresses, outbox, write_reminders
from tests.plans import planned
from victimcare.commands import deliver_notices as delivery
from victimcare.commands.record_contact import NewContact, record_contact
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, DutyNamed, Moment
from victimcare.domain.ladder import Ladder, Step, Told
from victimcare.editions.escalation import published_ladder
from victimcare.notices.channel import Notice, NotSent, Outcome, OutcomeUnknown
from victimcare.store.cases import StoredCase
from victimcare.store.database import Database
from victimcare.store.outbox import Leased
from victimcare.store.staff import PEOPLE

NOW = eight(DUE_ON)
LEASE_OVER = NOW + delivery.LEASE + timedelta(seconds=1)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    give_addresses(force)
    yield force
    force.database.close()


@pytest.fixture
def case(force: Force) -> StoredCase:
    """A case whose officer is reminded today of one duty."""
    case, _ = case_of_an_arrest(force)
    write_reminders(force, NOW)
    return case


def lease(force: Force, now: datetime) -> list[Leased]:
    with force.database.writing() as connection:
        return delivery.lease_notices(connection, now=now)


def interrupted(force: Force, now: datetime) -> list[Leased]:
    with force.database.writing() as connection:
        return delivery.lease_interrupted(connection, now=now)


def begin(force: Force, item: Leased, now: datetime, *, ladder: Ladder | None = None) -> Notice | None:
    with force.database.writing() as connection:
        return delivery.begin_sending(
            connection, item=item, law=force.law, ladder=ladder or published_ladder(), now=now
        )


def record(force: Force, item: Leased, trouble: NotSent | OutcomeUnknown | None, now: datetime) -> None:
    with force.database.writing() as connection:
        delivery.record_result(connection, law=force.law, item=item, trouble=trouble, now=now)


def settle(force: Force, item: Leased, outcome: Outcome, now: datetime) -> None:
    with force.database.writing() as connection:
        delivery.settle_interrupted(connection, law=force.law, item=item, outcome=outcome, now=now)


def statuses(force: Force) -> list[str]:
    return [item.status for item in outbox(force)]


def test_a_notice_says_what_is_owed_and_names_no_victim(force: Force, case: StoredCase) -> None:
    [item] = lease(force, NOW)
    notice = begin(force, item, NOW)
    assert notice is not None
    assert notice.address == "ash@example.invalid"
    assert notice.subject == f"Due today: case {case.case.ref}"
    assert "Tell the victim: suspect arrested" in notice.body
    said = f"{notice.subject} {notice.body}"
    assert not [word for word in (VICTIM, *VICTIM.split(), "Luton", "Suspect 1") if word in said]


def test_what_was_sent_is_settled(force: Force, case: StoredCase) -> None:
    [item] = lease(force, NOW)
    begin(force, item, NOW)
    record(force, item, None, NOW)
    [sent] = outbox(force)
    assert (sent.status, sent.sent_at, sent.lease_until, sent.attempts) == ("sent", NOW, None, 1)
    assert lease(force, LEASE_OVER) == interrupted(force, LEASE_OVER) == []


def test_a_notice_is_leased_to_one_worker(force: Force, case: StoredCase) -> None:
    assert [len(lease(force, NOW)) for _ in range(3)] == [1, 0, 0]


def test_a_worker_that_died_before_sending_loses_its_lease_to_another(force: Force, case: StoredCase) -> None:
    lease(force, NOW)
    assert lease(force, NOW + delivery.LEASE / 2) == []
    [taken_over] = lease(force, LEASE_OVER)
    assert begin(force, taken_over, LEASE_OVER) is not None


def test_a_worker_whose_lease_is_over_does_not_send(force: Force, case: StoredCase) -> None:
    [item] = lease(force, NOW)
    assert begin(force, item, LEASE_OVER) is None
    lease(force, LEASE_OVER)
    assert begin(force, item, LEASE_OVER) is None


def test_a_worker_that_died_while_sending_leaves_an_unknown_outcome_that_the_channel_settles(
    force: Force, case: StoredCase
) -> None:
    [item] = lease(force, NOW)
    begin(force, item, NOW)
    assert statuses(force) == ["outcome_unknown"]
    assert lease(force, LEASE_OVER) == interrupted(force, NOW) == []
    [found] = interrupted(force, LEASE_OVER)
    settle(force, found, Outcome.SENT, LEASE_OVER)
    assert statuses(force) == ["sent"]


def test_what_certainly_did_not_leave_is_sent_again(force: Force, case: StoredCase) -> None:
    [item] = lease(force, NOW)
    begin(force, item, NOW)
    [found] = interrupted(force, LEASE_OVER)
    settle(force, found, Outcome.NOT_SENT, LEASE_OVER)
    assert len(lease(force, LEASE_OVER)) == 1


def test_what_nobody_can_say_stays_unknown_and_is_not_sent_again(force: Force, case: StoredCase) -> None:
    [item] = lease(force, NOW)
    begin(force, item, NOW)
    [found] = interrupted(force, LEASE_OVER)
    settle(force, found, Outcome.UNKNOWN, LEASE_OVER)
    much_later = LEASE_OVER + timedelta(days=3)
    assert statuses(force) == ["outcome_unknown"]
    assert lease(force, much_later) == interrupted(force, much_later) == []


def test_a_message_that_was_not_acknowledged_is_not_sent_again(force: Force, case: StoredCase) -> None:
    [item] = lease(force, NOW)
    begin(force, item, NOW)
    record(force, item, OutcomeUnknown("no answer"), NOW)
    much_later = LEASE_OVER + timedelta(days=3)
    assert lease(force, much_later) == interrupted(force, much_later) == []


def test_what_did_not_leave_is_tried_again_after_growing_pauses_and_given_up_in_the_end(
    force: Force, case: StoredCase
) -> None:
    only = Ladder(published_ladder().hours, (Step(0, (Told.OFFICER,)),))
    now, attempts = NOW, 0
    while due := lease(force, now):
        if begin(force, due[0], now, ladder=only):
            record(force, due[0], NotSent("no server"), now)
            attempts += 1
        now = outbox(force)[0].next_try_at
    [given_up] = outbox(force)
    assert (given_up.status, given_up.error, given_up.attempts) == ("failed", "no server", attempts)
    assert attempts == len(delivery.PAUSES) + 1
    assert list(delivery.PAUSES) == sorted(delivery.PAUSES)
    assert sum(delivery.PAUSES, timedelta()) > timedelta(days=3)


def test_what_is_refused_for_good_is_given_up_at_once(force: Force, case: StoredCase) -> None:
    [item] = lease(force, NOW)
    begin(force, item, NOW)
    record(force, item, NotSent("no such mailbox", for_good=True), NOW)
    assert statuses(force) == ["failed"]


def test_a_duty_that_was_kept_meanwhile_cancels_what_was_not_sent(force: Force, case: StoredCase) -> None:
    start = outbox(force)[0].start_key
    contact = NewContact(Moment.instant(ARRESTED), "phone", reached=True, answers=[DutyNamed("R6-ARR", start)])
    with force.database.writing() as connection:
        record_contact(connection, ref=case.case.ref, contact=contact, by=force.ash, now=NOW, law=force.law)
    [item] = lease(force, NOW)
    assert begin(force, item, NOW) is None
    assert statuses(force) == ["cancelled"]


def test_a_notice_of_a_deadline_that_has_moved_is_not_sent(force: Force, case: StoredCase) -> None:
    wednesday = eight(DUE_ON + timedelta(days=2))
    write_reminders(force, wednesday)
    corrected = NewEvent(
        EventKind.SUSPECT_ARRESTED,
        Moment.day(date(2026, 5, 26)),
        subject="Suspect 1",
        corrects=outbox(force)[0].start_key,
        correction=Correction.AMENDS,
    )
    with force.database.writing() as connection:
        record_event(connection, ref=case.case.ref, event=corrected, by=force.ash, now=wednesday, law=force.law)
    assert [begin(force, item, wednesday) for item in lease(force, wednesday)] == [None, None, None]
    assert statuses(force) == ["cancelled"] * 3


def test_a_reminder_of_an_earlier_step_is_not_sent_when_the_day_has_come(force: Force, case: StoredCase) -> None:
    [item] = lease(force, NOW + timedelta(days=1))
    assert begin(force, item, NOW + timedelta(days=1)) is None
    assert statuses(force) == ["cancelled"]


def test_a_recipient_without_an_address_is_shown_as_given_up(force: Force, case: StoredCase) -> None:
    with force.database.writing() as connection:
        connection.execute(PEOPLE.update().values(email=None))
    [item] = lease(force, NOW)
    assert begin(force, item, NOW) is None
    [given_up] = outbox(force)
    assert (given_up.status, given_up.error) == ("failed", "the recipient has no e-mail address")


def test_notices_given_back_are_for_anybody_a_minute_later(force: Force, case: StoredCase) -> None:
    items = lease(force, NOW)
    with force.database.writing() as connection:
        delivery.give_back(connection, items=items, now=NOW)
    assert lease(force, NOW) == []
    assert len(lease(force, NOW + timedelta(minutes=1))) == 1


def test_a_lease_reads_what_is_not_settled_and_not_the_table(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with planned(database) as plans, database.writing() as connection:
        taken = plans(connection, lambda connection: delivery.lease_notices(connection, now=NOW))
        asked = plans(connection, lambda connection: delivery.lease_interrupted(connection, now=NOW))
    assert len(taken) == len(asked) == 1
    for plan in taken + asked:
        assert "ix_outbox_unsettled" in plan, plan
    database.close()
