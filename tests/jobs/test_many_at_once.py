"""Every duty of a force due in one minute after the night in which the clocks go back, and processes that die over it.

Three schedulers, three workers, kills; then a day and a half without any of them. Each notice reaches its reader once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from itertools import count
from pathlib import Path
from time import sleep

import pytest
from sqlalchemy import delete, func, insert, select

from tests.force import Force, a_force
from tests.jobs.fleet import Fleet
from tests.outbox import cases_told, give_addresses
from victimcare.domain.people import Role
from victimcare.store.dues import DUES
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE

CLOCKS_GO_BACK = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
DUE_ON = date(2026, 10, 26)
SEVEN = datetime(2026, 10, 26, 7, tzinfo=UTC)
BACK = datetime(2026, 10, 28, 8, tzinfo=UTC)
OFFICERS = ("ash", "birch", "cedar")
_numbers = count(1)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    give_addresses(force)
    yield force
    force.database.close()


def duties(force: Force, how_many: int) -> None:
    """So many duties, all due on that Monday, in a tenth as many cases."""
    cases = []
    for number in range(max(how_many // 100, 3)):
        officer = OFFICERS[number % 2]
        ref, at = f"40/{next(_numbers)}/26", datetime(2026, 5, 18, 9, tzinfo=UTC)
        cases.append((force.record_crime(ref=ref, at=at, officer_of_open_case=officer)[0].id, officer))
    with force.database.writing() as connection:
        connection.execute(delete(DUES))
        fixed = {
            "edition": "2021-04-01",
            "right_number": 6,
            "owed_by": "police",
            "owed_to": "victim",
            "outcome": "open",
        }
        fixed |= {
            "tier": "standard",
            "area": "Luton",
            "crime_type": "Burglary",
            "counting": "counted",
            "rule": "R6-ARR",
        }
        days = {"due_on": DUE_ON, "reported_on": DUE_ON, "reported_month": "2026-10", "known_on": DUE_ON}
        rows = []
        for number in range(how_many):
            case_id, officer = cases[number % len(cases)]
            whose = {"officer_id": officer, "team_id": "luton", "holder_id": officer, "holder_team_id": "luton"}
            rows.append({**fixed, **days, **whose, "case_id": case_id, "start_key": f"start-{number}"})
        connection.execute(insert(DUES), rows)


def counted(force: Force, *, step: str, status: str | None = None) -> int:
    with force.database.reading() as connection:
        of_step = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.step == step)
        if status:
            of_step = of_step.where(OUTBOX.c.status == status)
        return int(connection.execute(of_step).scalar_one())


def unsettled(force: Force) -> int:
    with force.database.reading() as connection:
        waiting = OUTBOX.c.status.in_(("waiting", "leased", "outcome_unknown"))
        return int(connection.execute(select(func.count()).select_from(OUTBOX).where(waiting)).scalar_one())


def check_sent_once(force: Force, folder: Path) -> int:
    """What the mailbox holds is what the rows say, and nothing was handed over twice; how many mails."""
    noted = Counter((folder / "notes").read_text().split())
    assert set(noted.values()) == {1}
    files = {file.stem for file in (folder / "mail").glob("*.eml")}
    with force.database.reading() as connection:
        alone = OUTBOX.c.digest_id.is_(None) & (OUTBOX.c.status == "sent")
        references = set(connection.execute(select(OUTBOX.c.reference).where(alone)).scalars())
    assert files == references
    assert set(noted) <= files
    return len(files)


def told_in_digests(folder: Path, subject: str) -> Counter[str]:
    """How many duties the digests of a subject told each address of, by the numbers behind the cases."""
    told: Counter[str] = Counter()
    for file in (folder / "mail").glob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        if mail["Subject"].endswith(subject):
            told[mail["To"]] += cases_told(mail.get_content()).total()  # type: ignore[attr-defined]
    return told


def fight(force: Force, folder: Path, *, how_many: int, kills: int) -> None:
    duties(force, how_many)
    url = force.database.engine.url.render_as_string(hide_password=False)
    fleet = Fleet(url, folder, CLOCKS_GO_BACK)
    fleet.start()
    try:
        for hours in (0.4, 0.5, 0.75, 1, 1.5, 2, 12, 24, 30.4):
            fleet.it_is(CLOCKS_GO_BACK + timedelta(hours=hours))
            sleep(0.2)
        assert counted(force, step="due") == 0, "nothing in the night, neither the first nor the second time it is one"
        fleet.it_is(SEVEN)
        fleet.until(lambda: counted(force, step="due") == how_many, speed=20, kills=kills // 4)
        fleet.it_is(SEVEN + timedelta(hours=1))
        fleet.until(lambda: unsettled(force) == 0, speed=20, kills=kills - kills // 4)
    finally:
        fleet.stop()
    assert counted(force, step="due", status="sent") == how_many
    assert check_sent_once(force, folder) == how_many
    print(f"{how_many} duties, {fleet.kills} kills: {how_many} notices, each once")
    with force.database.writing() as connection:
        connection.execute(PEOPLE.update().where(PEOPLE.c.role != Role.BOARD.value).values(each_notice_alone=False))
    after_an_outage(force, fleet, folder, how_many)


def after_an_outage(force: Force, fleet: Fleet, folder: Path, how_many: int) -> None:
    """From Monday evening until Wednesday morning nothing ran: the step of Tuesday reaches each reader once."""
    fleet.it_is(BACK)
    fleet.start()
    try:
        both = 2 * how_many
        fleet.until(lambda: counted(force, step="late_1") == both and unsettled(force) == 0, speed=20, kills=3)
    finally:
        fleet.stop()
    assert counted(force, step="late_1", status="sent") == both
    mails = check_sent_once(force, folder) - how_many
    told = told_in_digests(folder, "overdue")
    assert sum(told.values()) == both
    assert told["elm@example.invalid"] == how_many
    assert mails == len(told) == 3
    print(f"after 36 hours: {both} notices in {mails} digests, each once")


def test_a_hundred_duties_due_at_once_are_told_of_once_each(force: Force, tmp_path: Path) -> None:
    fight(force, tmp_path, how_many=100, kills=4)


@pytest.mark.slow
def test_ten_thousand_duties_due_at_once_are_told_of_once_each(force: Force, tmp_path: Path) -> None:
    fight(force, tmp_path, how_many=10_000, kills=20)
