"""Each watch finds its cases by itself, tells who is to hear once, asks again before it sends, and ends when done."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.force import VAULT, Force, a_force
from tests.outbox import case_of_an_arrest, eight, give_addresses, outbox, send_all
from tests.plans import planned
from tests.watched import SITUATIONS, Situation
from victimcare.commands.reassign_cases import reassign_cases
from victimcare.commands.remind import remind
from victimcare.commands.watch_cases import watched_at_a_step
from victimcare.domain.watches import Watch
from victimcare.editions.escalation import published_ladder

ONE_DAY = timedelta(days=1)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    give_addresses(force)
    yield force
    force.database.close()


def write_watches(force: Force, now: datetime, *, reached_at: datetime | None) -> int:
    """What the job does, in one go."""
    how: dict[str, Any] = {"now": now, "calendar": force.law.calendar, "ladder": published_ladder()}
    with force.database.reading() as connection:
        found = watched_at_a_step(connection, reached_at=reached_at, **how)
    with force.database.writing() as connection:
        return remind(connection, duties=found, **how)


def pass_days(force: Force, first: date, last: date, *, watch: Watch) -> list[tuple[date, str, str]]:
    """Every working day of these the job runs, and sends; what was sent of the watch, in order."""
    sent: list[tuple[date, str, str]] = []
    day, reached_at = first, eight(first) - ONE_DAY
    while day <= last:
        if force.law.calendar.is_working_day(day):
            write_watches(force, eight(day), reached_at=reached_at)
            before = {row.id for row in outbox(force) if row.status == "sent"}
            send_all(force, eight(day))
            of_watch = [row for row in outbox(force) if row.status == "sent" and row.rule == watch]
            sent += [(day, row.step, row.recipient_id) for row in of_watch if row.id not in before]
            reached_at = eight(day)
        day += ONE_DAY
    return sent


each_watch = pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.watch.value)


@each_watch
def test_each_step_is_told_once_to_those_whom_the_ladder_names(force: Force, situation: Situation) -> None:
    case, _ = case_of_an_arrest(force)
    situation.begin(force, case.case.ref)
    first, last = situation.told[0][0] - 5 * ONE_DAY, situation.told[-1][0] + 8 * ONE_DAY
    assert pass_days(force, first, last, watch=situation.watch) == list(situation.told)


@each_watch
def test_what_is_done_between_two_steps_is_told_of_no_more(force: Force, situation: Situation) -> None:
    case, _ = case_of_an_arrest(force)
    situation.begin(force, case.case.ref)
    first, last = situation.told[0][0], situation.told[-1][0] + 8 * ONE_DAY
    told_first = [one for one in situation.told if one[0] == first]
    assert pass_days(force, first, first, watch=situation.watch) == told_first
    situation.end(force, case.case.ref, eight(first) + timedelta(hours=4))
    assert pass_days(force, first + ONE_DAY, last, watch=situation.watch) == []


@each_watch
def test_what_is_done_between_writing_and_sending_is_not_sent(force: Force, situation: Situation) -> None:
    case, _ = case_of_an_arrest(force)
    situation.begin(force, case.case.ref)
    on = situation.told[0][0]
    write_watches(force, eight(on) - timedelta(hours=1), reached_at=eight(on) - ONE_DAY)
    assert [row for row in outbox(force) if row.rule == situation.watch]
    situation.end(force, case.case.ref, eight(on) - timedelta(minutes=30))
    sent = {notice.reference for notice in send_all(force, eight(on))}
    assert not [row for row in outbox(force) if row.rule == situation.watch and row.reference in sent]


def test_a_notice_of_a_watch_names_the_case_and_the_policy_and_nobody(force: Force) -> None:
    case, _ = case_of_an_arrest(force)
    write_watches(force, eight(date(2026, 7, 13)), reached_at=eight(date(2026, 7, 10)))
    (notice,) = send_all(force, eight(date(2026, 7, 13)))
    assert notice.subject == f"Due today: case {case.case.ref}"
    assert "Policy of your force, not the Victims' Code" in notice.body
    assert "Wren" not in notice.body


def test_a_case_handed_over_meanwhile_is_told_to_its_new_officer(force: Force) -> None:
    case, _ = case_of_an_arrest(force)
    on = date(2026, 7, 13)
    write_watches(force, eight(on) - timedelta(hours=1), reached_at=eight(on) - ONE_DAY)
    with force.database.writing() as connection:
        how: dict[str, Any] = {"now": eight(on) - timedelta(minutes=30), "law": force.law, "vault": VAULT}
        reassign_cases(connection, refs=[case.case.ref], to_officer_id="birch", why="leave", by=force.elm, **how)
    send_all(force, eight(on))
    sent = [row.recipient_id for row in outbox(force) if row.rule == Watch.SILENCE and row.status == "sent"]
    assert sent == ["birch"]


def test_the_first_run_leaves_an_old_silence_to_the_pages(force: Force) -> None:
    case_of_an_arrest(force)
    assert write_watches(force, eight(date(2027, 3, 1)), reached_at=None) == 0


def test_each_watch_looks_along_the_days_on_which_it_began(sqlite_url: str) -> None:
    force = a_force(sqlite_url)
    case_of_an_arrest(force)
    now = eight(date(2026, 7, 13))

    def read(connection: Connection) -> object:
        known: dict[str, Any] = {"now": now, "calendar": force.law.calendar, "ladder": published_ladder()}
        return watched_at_a_step(connection, reached_at=now - ONE_DAY, **known)

    with planned(force.database) as plans, force.database.reading() as connection:
        looked = "\n".join(plans(connection, read))
    force.database.close()
    for index in (
        "victim_case USING INDEX ix_victim_case_silent (silent_since_on>? AND silent_since_on<?)",
        "victim_case USING INDEX ix_victim_case_stands (stage=? AND stands_since_on>? AND stands_since_on<?)",
        "contact_point USING INDEX ix_contact_point_safe (confirmed_at>? AND confirmed_at<?)",
        "victim USING COVERING INDEX ix_victim_born_on (born_on>? AND born_on<?)",
        "breach USING INDEX ix_breach_uncaused (found_at>? AND found_at<?)",
        "assignment USING INDEX ix_assignment_handed_over (from_at>? AND from_at<?)",
    ):
        assert index in looked, looked
    assert "SCAN victim_case" not in looked
