"""The board's monthly list: once, on the first working day, counts only, small ones hidden."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.force import Force, a_force
from tests.outbox import VICTIM, case_of_an_arrest, give_addresses, outbox, send_all
from victimcare.commands.list_for_board import list_for_board
from victimcare.editions.escalation import published_ladder
from victimcare.store.dues import DUES

THURSDAY = datetime(2026, 7, 30, 6, tzinfo=UTC)
SATURDAY_THE_FIRST = datetime(2026, 8, 1, 6, tzinfo=UTC)
MONDAY_THE_THIRD = datetime(2026, 8, 3, 6, tzinfo=UTC)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    give_addresses(force)
    yield force
    force.database.close()


def write(force: Force, now: datetime, reached_at: datetime | None) -> int:
    how = {"calendar": force.law.calendar, "ladder": published_ladder()}
    with force.database.writing() as connection:
        return list_for_board(connection, reached_at=reached_at, now=now, **how)  # type: ignore[arg-type]


def test_it_is_written_on_the_first_working_day_and_once(force: Force) -> None:
    assert write(force, SATURDAY_THE_FIRST, THURSDAY) == 0
    assert write(force, MONDAY_THE_THIRD, SATURDAY_THE_FIRST) == 1
    assert write(force, MONDAY_THE_THIRD, SATURDAY_THE_FIRST) == 0
    assert write(force, MONDAY_THE_THIRD + timedelta(days=1), MONDAY_THE_THIRD) == 0
    assert [item.recipient_id for item in outbox(force)] == ["board"]


def test_an_outage_over_that_day_loses_it_not(force: Force) -> None:
    assert write(force, MONDAY_THE_THIRD + timedelta(days=9), THURSDAY) == 1


def test_before_the_first_run_ever_there_is_none(force: Force) -> None:
    assert write(force, MONDAY_THE_THIRD, None) == 0


def sent(force: Force) -> str:
    write(force, MONDAY_THE_THIRD, THURSDAY)
    [notice] = send_all(force, MONDAY_THE_THIRD + timedelta(hours=1))
    assert notice.address == "board@example.invalid"
    return " ".join(notice.body.split())


def test_it_counts_by_right_what_has_been_late_for_so_long(force: Force) -> None:
    for number in range(6):
        case_of_an_arrest(force, ref=f"40/{number}/26")
    assert "Right 6: 6 All: 6" in sent(force)


def test_a_small_count_is_hidden_and_no_case_is_named(force: Force) -> None:
    case, _ = case_of_an_arrest(force)
    body = sent(force)
    assert "Right 6: hidden" in body
    assert not [word for word in (case.case.ref, *VICTIM.split(), "ash") if word in body]


def test_what_is_not_late_for_so_long_is_not_counted(force: Force) -> None:
    for number in range(6):
        case_of_an_arrest(force, ref=f"40/{number}/26")
    with force.database.writing() as connection:
        connection.execute(
            DUES.update().where(DUES.c.ended_on.is_(None)).values(due_on=THURSDAY.date() - timedelta(days=9))
        )
    assert "None All: 0" in sent(force)


def test_what_the_ladder_lists_no_more_is_cancelled_and_no_address_is_blamed(force: Force) -> None:
    write(force, MONDAY_THE_THIRD, THURSDAY)
    switched_off = replace(published_ladder(), listed_after=None)
    assert send_all(force, MONDAY_THE_THIRD + timedelta(hours=1), ladder=switched_off) == []
    (item,) = outbox(force)
    assert (item.status, item.error) == ("cancelled", "the escalation ladder lists nothing for the board any more")
