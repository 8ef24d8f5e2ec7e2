"""The jobs themselves on a database: what they say, and that one failure stops nothing else."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.force import Force, a_force
from tests.jobs.counted import Nowhere
from tests.outbox import DUE_ON, case_of_an_arrest, eight, give_addresses, outbox
from tests.postgres import find_programs
from victimcare.exchange.backup.make import Backups
from victimcare.jobs import chunks, reminders, tasks
from victimcare.jobs.work import Stopped, Work
from victimcare.store.breaches import BREACHES
from victimcare.store.dues import DUES

NOW = eight(DUE_ON)
DAY_AFTER = eight(DUE_ON + timedelta(days=1))


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    give_addresses(force)
    yield force
    force.database.close()


def work(force: Force, now: datetime = NOW, **given: Any) -> Work:
    channel = given.pop("channel", Nowhere())
    return Work(force.database, force.law, channel, now, clock=given.pop("clock", lambda: now), **given)


def cases(force: Force, count: int) -> list[int]:
    return [case_of_an_arrest(force, ref=f"40/{number}/26")[0].id for number in range(count)]


def breached(force: Force) -> list[int]:
    with force.database.reading() as connection:
        return sorted(connection.execute(select(BREACHES.c.case_id)).scalars())


def test_find_breaches_says_how_many_it_found(force: Force) -> None:
    cases(force, 3)
    assert tasks.find_breaches(work(force, DAY_AFTER, dry_run=True)).summary == "3 cases with a duty that is newly late"
    assert tasks.find_breaches(work(force, DAY_AFTER)).summary == "3 new breaches"
    assert tasks.find_breaches(work(force, DAY_AFTER)).summary == "0 new breaches"


def test_one_case_that_fails_does_not_stop_the_others_and_is_told_of(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = cases(force, 3)
    find = tasks.find_breaches_in

    def fails_for_the_second(connection: Any, *, case_ids: Sequence[int], now: datetime) -> int:
        found = find(connection, case_ids=case_ids, now=now)
        if second in case_ids:
            raise ValueError("this case is broken")
        return found

    monkeypatch.setattr(tasks, "find_breaches_in", fails_for_the_second)
    done = tasks.find_breaches(work(force, DAY_AFTER))
    assert (done.summary, done.failures) == ("2 new breaches; 1 failed and will be tried again", 1)
    assert breached(force) == [first, third]
    monkeypatch.undo()
    assert tasks.find_breaches(work(force, DAY_AFTER)).summary == "1 new breach"


def test_when_everything_fails_the_run_gives_up(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    cases(force, 4)
    monkeypatch.setattr(chunks, "MOST_FAILURES", 2)
    tried = []

    def fails(connection: Any, *, case_ids: Sequence[int], now: datetime) -> int:
        tried.append(list(case_ids))
        raise OSError("the disk is full")

    monkeypatch.setattr(tasks, "find_breaches_in", fails)
    with pytest.raises(OSError, match="disk"):
        tasks.find_breaches(work(force, DAY_AFTER))
    assert len(tried) == 1 + 3


def test_sweeping_looks_everywhere_whatever_an_earlier_run_reached(force: Force) -> None:
    cases(force, 1)
    much_later = eight(DUE_ON + timedelta(days=60))
    reached = {"reached_at": much_later - timedelta(hours=1)}
    assert tasks.find_breaches(work(force, much_later, **reached)).summary == "0 new breaches"
    assert tasks.sweep_breaches(work(force, much_later, **reached)).summary == "1 new breach"


def test_remind_says_how_many_it_wrote(force: Force) -> None:
    cases(force, 2)
    assert (
        reminders.remind(work(force, dry_run=True)).summary == "2 duties at a step of the ladder, some told of already"
    )
    assert outbox(force) == []
    assert reminders.remind(work(force)).summary == "2 new reminders"
    assert reminders.remind(work(force)).summary == "0 new reminders"


def test_deadlines_that_are_not_as_derived_fail_the_check(force: Force) -> None:
    cases(force, 2)
    assert tasks.check_projection(work(force)).failures == 0
    with force.database.writing() as connection:
        connection.execute(DUES.update().where(DUES.c.rule == "R6-ARR").values(due_on=date(2026, 7, 1)))
    done = tasks.check_projection(work(force))
    assert (done.summary, done.failures) == ("2 rows not as derived: run `victimcare rebuild`", 2)


def test_the_bank_holidays_check_says_how_far_they_reach(force: Force) -> None:
    assert tasks.check_bank_holidays(work(force)).summary == "Bank holidays are known until Sunday 31 December 2028"


def test_the_nightly_backup_says_what_it_made(force: Force, tmp_path: Path) -> None:
    programs = None if force.database.engine.dialect.name == "sqlite" else find_programs("")
    backups = Backups(tmp_path, bytes(32), "of the vault", programs=programs)
    done = tasks.back_up(work(force, backups=backups))
    (made,) = tmp_path.glob("*.backup")
    assert done.failures == 0
    assert done.summary.startswith(f"{made.name}: ")
    assert done.summary.endswith(" rows, read again; 0 older backups deleted")


def test_a_backup_stops_with_the_scheduler(force: Force, tmp_path: Path) -> None:
    programs = None if force.database.engine.dialect.name == "sqlite" else find_programs("")
    backups = Backups(tmp_path, bytes(32), "of the vault", programs=programs)
    with pytest.raises(Stopped):
        tasks.back_up(work(force, backups=backups, stopping=lambda: True))
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_no_backup_is_claimed(force: Force) -> None:
    assert tasks.back_up(work(force)).failures == 1
