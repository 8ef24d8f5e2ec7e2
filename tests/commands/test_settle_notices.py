"""A digest that failed, or did not arrive: it is settled with what went with it, and with nothing else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.force import Force, a_force
from tests.outbox import DUE_ON, case_of_an_arrest, eight, give_addresses, outbox, send_all, write_reminders
from victimcare.commands.settle_notices import GivenUpBecause, NoSuchNotice, give_up_notice, retry_notice
from victimcare.commands.tell_delivery import UNDELIVERED_HERE, tell_delivery
from victimcare.notices.channel import Delivery
from victimcare.queries.failed_notices import FailedNotice, failed_notices
from victimcare.store import unsent
from victimcare.store.audit import AUDIT, SUBJECT
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE

SEVEN = eight(DUE_ON) - timedelta(hours=1)
MORNING = eight(DUE_ON)
LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    """Ash's digest tells of two cases; a third was taken out of it before it left."""
    force = a_force(database_url)
    give_addresses(force)
    with force.database.writing() as connection:
        connection.execute(PEOPLE.update().values(each_notice_alone=False))
    for number in range(3):
        case_of_an_arrest(force, ref=f"40/{number}/26")
    write_reminders(force, SEVEN)
    with force.database.writing() as connection:
        taken_out = select(OUTBOX.c.id).where(OUTBOX.c.digest_id.is_not(None)).order_by(OUTBOX.c.id).limit(1)
        ids = connection.execute(taken_out).scalars().all()
        connection.execute(update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(status="cancelled"))
    assert len(send_all(force, MORNING)) == 1
    yield force
    force.database.close()


def fail(force: Force) -> None:
    """The mail server took none of it."""
    with force.database.writing() as connection:
        connection.execute(update(OUTBOX).where(OUTBOX.c.status == "sent").values(status="failed"))


def told(force: Force, delivery: Delivery) -> None:
    """A provider had taken it, and tells."""
    with force.database.writing() as connection:
        taken = OUTBOX.c.step == "digest"
        connection.execute(update(OUTBOX).where(taken).values(delivery="accepted"))
        reference = connection.execute(select(OUTBOX.c.reference).where(taken)).scalar_one()
        assert tell_delivery(connection, reference=reference, delivery=delivery, now=LATER, law=force.law)


def listed(force: Force) -> tuple[FailedNotice, ...]:
    with force.database.reading() as connection:
        return failed_notices(connection)


def retry(force: Force, notice_id: int) -> None:
    with force.database.writing() as connection:
        retry_notice(connection, notice_id=notice_id, by=force.elm, now=LATER)


def give_up(force: Force, notice_id: int) -> None:
    with force.database.writing() as connection:
        because = GivenUpBecause.TOLD
        give_up_notice(connection, notice_id=notice_id, because=because, by=force.elm, now=LATER)


def stands(force: Force) -> list[str]:
    return sorted(item.status for item in outbox(force))


def audited(force: Force, what: str) -> int:
    """Of how many cases the audit says so."""
    with force.database.reading() as connection:
        said = select(AUDIT.c.seq).where(AUDIT.c.what == what).scalar_subquery()
        return len(connection.execute(select(SUBJECT.c.case_id).where(SUBJECT.c.seq == said)).scalars().all())


def test_it_is_listed_once_and_tried_again_it_tells_all_that_it_told(force: Force) -> None:
    fail(force)
    (failed,) = listed(force)
    assert failed.kind == "Digest of reminders"
    retry(force, failed.id)
    (notice,) = send_all(force, LATER)
    assert notice.subject == "2 due today"
    assert stands(force) == ["cancelled", "sent", "sent", "sent"]
    assert audited(force, f"retry notice {failed.id}") == 2


def test_it_is_given_up_with_what_is_in_it(force: Force) -> None:
    fail(force)
    (failed,) = listed(force)
    give_up(force, failed.id)
    assert stands(force) == ["abandoned", "abandoned", "abandoned", "cancelled"]
    assert audited(force, f"give up notice {failed.id} told") == 2


def test_what_goes_with_it_is_not_settled_by_itself(force: Force) -> None:
    fail(force)
    in_it = next(item.id for item in outbox(force) if item.digest_id is not None and item.status == "failed")
    with pytest.raises(NoSuchNotice):
        retry(force, in_it)
    with pytest.raises(NoSuchNotice):
        give_up(force, in_it)
    assert stands(force) == ["cancelled", "failed", "failed", "failed"]


def test_what_did_not_arrive_is_told_of_what_was_in_it_alone(force: Force) -> None:
    told(force, Delivery.NOT_DELIVERED)
    assert stands(force) == ["cancelled", "failed", "failed", "failed"]
    assert {item.delivery for item in outbox(force) if item.status == "cancelled"} == {None}
    (failed,) = listed(force)
    assert (failed.why, failed.undelivered) == (UNDELIVERED_HERE, True)


def test_what_arrived_is_told_of_what_was_in_it_alone(force: Force) -> None:
    told(force, Delivery.DELIVERED)
    assert {(item.status, item.delivery) for item in outbox(force)} == {("sent", "delivered"), ("cancelled", None)}


def test_what_did_not_arrive_is_tried_again_as_a_notice_of_its_own(force: Force) -> None:
    told(force, Delivery.NOT_DELIVERED)
    (failed,) = listed(force)
    retry(force, failed.id)
    (notice,) = send_all(force, LATER)
    assert notice.reference != failed.reference
    assert {(item.status, item.delivery) for item in outbox(force)} == {("sent", None), ("cancelled", None)}


def test_restoring_neither_holds_back_nor_releases_what_did_not_arrive(force: Force) -> None:
    told(force, Delivery.NOT_DELIVERED)
    with force.database.writing() as connection:
        assert unsent.quarantine(connection) == 0
        assert unsent.release_quarantined(connection, now=LATER) == 0
    assert stands(force) == ["cancelled", "failed", "failed", "failed"]
