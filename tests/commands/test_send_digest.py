"""One mail in the morning: what it says, that it goes once a day, and what becomes of what is in it."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.force import Force, a_force
from tests.outbox import ARRESTED, DUE_ON, VICTIM, case_of_an_arrest, eight, give_addresses, outbox, send_all
from tests.outbox import write_reminders as write
from victimcare.commands import deliver_notices as delivery
from victimcare.commands.record_contact import NewContact, record_contact
from victimcare.domain.journey import DutyNamed, Moment
from victimcare.domain.ladder import Ladder, Step, Told
from victimcare.editions.escalation import published_ladder
from victimcare.notices.channel import NotSent, Outcome, OutcomeUnknown
from victimcare.store.audit import AUDIT, SUBJECT
from victimcare.store.cases import id_of
from victimcare.store.outbox import Leased
from victimcare.store.staff import PEOPLE

MORNING = eight(DUE_ON)
SEVEN = MORNING - timedelta(hours=1)
DAY_AFTER = eight(DUE_ON + timedelta(days=1))
LEASE_OVER = MORNING + delivery.LEASE + timedelta(seconds=1)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    give_addresses(force)
    with force.database.writing() as connection:
        connection.execute(PEOPLE.update().values(each_notice_alone=False))
    yield force
    force.database.close()


@pytest.fixture
def cases(force: Force) -> list[str]:
    """Three cases of which Ash is to be told in the morning."""
    refs = [case_of_an_arrest(force, ref=f"40/{number}/26")[0].case.ref for number in range(3)]
    assert write(force, SEVEN) == 3
    return refs


def lease(force: Force) -> list[Leased]:
    with force.database.writing() as connection:
        return delivery.lease_notices(connection, now=MORNING)


def begin(force: Force, item: Leased) -> None:
    with force.database.writing() as connection:
        how = {"law": force.law, "ladder": published_ladder(), "now": MORNING}
        assert delivery.begin_sending(connection, item=item, **how) is not None  # type: ignore[arg-type]


def statuses(force: Force) -> dict[str, int]:
    return dict(Counter(item.status for item in outbox(force)))


def test_it_names_cases_and_how_many_duties_and_no_victim(force: Force, cases: list[str]) -> None:
    [notice] = send_all(force, MORNING)
    assert (notice.address, notice.subject) == ("ash@example.invalid", "3 due today")
    assert "As the case officer\n" in notice.body
    assert f"Due today: {', '.join(sorted(cases))}" in " ".join(notice.body.split())
    assert not [word for word in (*VICTIM.split(), "Luton", "arrest", "Suspect") if word in notice.body]
    assert statuses(force) == {"sent": 4}


def test_it_says_in_whose_place_one_hears(force: Force, cases: list[str]) -> None:
    with force.database.writing() as connection:
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "birch").values(role="supervisor"))
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "elm").values(absent_from_on=DUE_ON))
    write(force, DAY_AFTER - timedelta(hours=1), reached_at=SEVEN)
    sent = {notice.address: notice for notice in send_all(force, DAY_AFTER)}
    assert set(sent) == {"ash@example.invalid", "birch@example.invalid"}
    assert {notice.subject for notice in sent.values()} == {"3 overdue"}
    said = sent["birch@example.invalid"].body
    assert "In place of the supervisor on duty of the case's team, who is away" in said


def test_nothing_goes_before_the_hours_begin_and_one_mail_then(force: Force, cases: list[str]) -> None:
    assert send_all(force, SEVEN) == []
    assert len(send_all(force, MORNING)) == 1
    assert send_all(force, MORNING + timedelta(hours=1)) == []


def test_what_comes_up_after_it_has_gone_waits_for_the_next(force: Force, cases: list[str]) -> None:
    send_all(force, MORNING)
    case_of_an_arrest(force, ref="40/9/26")
    assert write(force, MORNING + timedelta(hours=2)) == 1
    assert send_all(force, MORNING + timedelta(hours=3)) == []
    digests = [(item.due_on, item.status) for item in outbox(force) if item.step == "digest"]
    assert digests == [(DUE_ON, "sent"), (DUE_ON + timedelta(days=1), "waiting")]


def test_an_urgent_step_goes_by_itself_and_at_once(force: Force) -> None:
    case_of_an_arrest(force)
    urgent = Ladder(published_ladder().hours, (Step(0, (Told.OFFICER,), urgent=True),))
    write(force, MORNING + timedelta(hours=5), ladder=urgent)
    [notice] = send_all(force, MORNING + timedelta(hours=5), ladder=urgent)
    assert notice.subject.startswith("Due today: case")


def test_who_wants_each_by_itself_gets_each_by_itself(force: Force) -> None:
    with force.database.writing() as connection:
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "ash").values(each_notice_alone=True))
    for number in range(2):
        case_of_an_arrest(force, ref=f"40/{number}/26")
    write(force, SEVEN)
    assert len(send_all(force, MORNING)) == 2


def test_what_was_kept_meanwhile_is_not_in_it(force: Force, cases: list[str]) -> None:
    keep(force, cases[0])
    [notice] = send_all(force, MORNING)
    assert notice.subject == "2 due today"
    assert cases[0] not in notice.body
    assert statuses(force) == {"cancelled": 1, "sent": 3}


def test_where_nothing_is_left_to_tell_nothing_goes(force: Force, cases: list[str]) -> None:
    for ref in cases:
        keep(force, ref)
    assert send_all(force, MORNING) == []
    assert statuses(force) == {"cancelled": 4}


def test_what_somebody_else_is_to_hear_by_now_leaves_by_itself(force: Force, cases: list[str]) -> None:
    with force.database.writing() as connection:
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "ash").values(absent_from_on=DUE_ON))
    assert [notice.address for notice in send_all(force, MORNING)] == ["elm@example.invalid"] * 3


def test_what_is_in_it_is_settled_with_it(force: Force, cases: list[str]) -> None:
    [item] = lease(force)
    begin(force, item)
    assert statuses(force) == {"outcome_unknown": 4}
    with force.database.writing() as connection:
        trouble = NotSent("no server")
        delivery.record_result(connection, item=item, trouble=trouble, law=force.law, now=MORNING)
    assert statuses(force) == {"waiting": 4}
    assert len(send_all(force, MORNING + timedelta(minutes=5))) == 1
    assert statuses(force) == {"sent": 4}


@pytest.mark.parametrize(
    ("outcome", "then"),
    [(Outcome.SENT, "sent"), (Outcome.NOT_SENT, "waiting"), (Outcome.UNKNOWN, "outcome_unknown")],
)
def test_a_worker_that_dies_over_it_leaves_one_outcome_for_all_of_it(
    force: Force, cases: list[str], outcome: Outcome, then: str
) -> None:
    [item] = lease(force)
    begin(force, item)
    with force.database.writing() as connection:
        [found] = delivery.lease_interrupted(connection, now=LEASE_OVER)
        delivery.settle_interrupted(connection, item=found, outcome=outcome, law=force.law, now=LEASE_OVER)
    assert statuses(force) == {then: 4}


def test_one_that_may_have_arrived_is_not_sent_again(force: Force, cases: list[str]) -> None:
    [item] = lease(force)
    begin(force, item)
    with force.database.writing() as connection:
        trouble = OutcomeUnknown("no answer")
        delivery.record_result(connection, item=item, trouble=trouble, law=force.law, now=MORNING)
    assert send_all(force, LEASE_OVER) == []


def test_the_audit_names_every_case_that_it_told_of(force: Force, cases: list[str]) -> None:
    send_all(force, MORNING)
    with force.database.reading() as connection:
        sent = select(AUDIT.c.seq).where(AUDIT.c.what == "send notice digest").scalar_subquery()
        told = connection.execute(select(SUBJECT.c.case_id).where(SUBJECT.c.seq == sent)).scalars().all()
    assert len(told) == 3


def test_after_an_outage_it_waits_until_everything_is_in_it(force: Force) -> None:
    at_ten = MORNING + timedelta(hours=2)
    case_of_an_arrest(force, ref="40/1/26")
    write(force, at_ten)
    assert send_all(force, at_ten) == []
    case_of_an_arrest(force, ref="40/2/26")
    write(force, at_ten)
    [notice] = send_all(force, at_ten + timedelta(minutes=15))
    assert notice.subject == "2 due today"


def test_one_that_waits_since_before_an_outage_waits_for_what_is_added_after_it(force: Force, cases: list[str]) -> None:
    at_ten = MORNING + timedelta(hours=2)
    case_of_an_arrest(force, ref="40/9/26")
    assert write(force, at_ten) == 1
    assert send_all(force, at_ten) == []
    [notice] = send_all(force, at_ten + timedelta(minutes=15))
    assert notice.subject == "4 due today"


def keep(force: Force, ref: str) -> None:
    starts = {item.case_id: item.start_key for item in outbox(force) if item.case_id is not None}
    with force.database.writing() as connection:
        start = starts[id_of(connection, ref) or 0]
        contact = NewContact(Moment.instant(ARRESTED), "phone", reached=True, answers=[DutyNamed("R6-ARR", start)])
        record_contact(connection, ref=ref, contact=contact, by=force.ash, now=SEVEN, law=force.law)
