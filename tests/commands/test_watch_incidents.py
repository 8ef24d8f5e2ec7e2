"""The 72 hours of an incident are told to whoever decides, at any hour of any day, once each, until somebody has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from tests.force import VAULT, Force, a_force
from tests.jobs.counted import Nowhere
from tests.outbox import give_addresses, outbox, send_all
from victimcare.commands.keep_incidents import decide_incident, record_incident
from victimcare.commands.watch_incidents import tell_of_clocks
from victimcare.domain.incident import Decision
from victimcare.jobs import delivery, reminders
from victimcare.jobs.work import Work
from victimcare.store.staff import PEOPLE

LONDON = ZoneInfo("Europe/London")
FRIDAY = datetime(2026, 5, 22, 15, 30, tzinfo=UTC)  # half past four in London, before a bank holiday


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    give_addresses(force)
    yield force
    force.database.close()


def an_incident(force: Force, found_at: datetime = FRIDAY, *, recorded_at: datetime | None = None) -> str:
    """One that Elm records; its reference."""
    how = {"by": force.elm, "now": recorded_at or found_at, "vault": VAULT}
    with force.database.writing() as connection:
        words = "A letter went to the wrong house"
        return record_incident(connection, found_at=found_at, words=words, refs=[], **how)


def tell(force: Force, now: datetime) -> int:
    """What the job does."""
    with force.database.writing() as connection:
        return tell_of_clocks(connection, now=now)


def decided(force: Force, incident_id: str, now: datetime) -> None:
    how = {"decision": Decision.TOLD, "why": "It could be read", "by": force.elm, "now": now, "vault": VAULT}
    with force.database.writing() as connection:
        decide_incident(connection, incident_id=incident_id, **how)


def told(force: Force) -> list[tuple[str, str | None]]:
    """Which reminder, to whom."""
    return [(row.start_key.partition(" ")[2], row.recipient_id) for row in outbox(force)]


def through(force: Force, begins: datetime, hours: int) -> list[tuple[str, str, str]]:
    """When in London what reached whom, where the jobs run each quarter of an hour."""
    seen = []
    for quarters in range(hours * 4 + 1):
        now = begins + timedelta(minutes=15 * quarters)
        tell(force, now)
        local = now.astimezone(LONDON)
        seen += [
            (f"{local:%A %H:%M}", notice.address.partition("@")[0], notice.subject.partition(": ")[2])
            for notice in send_all(force, now)
        ]
    return seen


def test_what_was_found_on_a_friday_is_told_on_saturday_sunday_and_monday(force: Force) -> None:
    an_incident(force)
    assert through(force, FRIDAY, 24 * 4) == [
        ("Friday 16:30", "elm", "72 hours left to decide"),
        ("Sunday 16:30", "elm", "24 hours left to decide"),
        ("Monday 10:30", "admin", "6 hours left to decide"),
        ("Monday 10:30", "elm", "6 hours left to decide"),
        ("Monday 16:30", "admin", "the 72 hours are over"),
        ("Monday 16:30", "elm", "the 72 hours are over"),
    ]


@pytest.mark.parametrize(
    ("found", "over"),
    [("2026-03-27 16:30", "Monday 17:30"), ("2026-10-23 16:30", "Monday 15:30")],
)
def test_across_a_change_of_the_clocks_it_is_72_hours_that_pass(force: Force, found: str, over: str) -> None:
    found_at = datetime.fromisoformat(found).replace(tzinfo=LONDON).astimezone(UTC)
    an_incident(force, found_at)
    seen = through(force, found_at, 74)
    assert [at for at, who, what in seen if who == "elm" and what == "the 72 hours are over"] == [over]
    assert len(seen) == 6


def test_what_is_decided_is_told_of_no_more_and_what_waits_is_not_sent(force: Force) -> None:
    one = an_incident(force)
    assert tell(force, FRIDAY + timedelta(hours=48)) == 1
    decided(force, one, FRIDAY + timedelta(hours=49))
    assert send_all(force, FRIDAY + timedelta(hours=49)) == []
    assert {row.status for row in outbox(force)} == {"cancelled"}
    assert tell(force, FRIDAY + timedelta(hours=73)) == 0


def test_each_is_told_once_however_often_the_job_runs(force: Force) -> None:
    an_incident(force)
    at = FRIDAY + timedelta(hours=66)
    assert [tell(force, at), tell(force, at), tell(force, at + timedelta(minutes=5))] == [2, 0, 0]


def test_what_an_outage_swallowed_is_not_made_up_for(force: Force) -> None:
    an_incident(force)
    assert [notice.subject.partition(": ")[2] for notice in send_all(force, FRIDAY + timedelta(hours=80))] == []
    tell(force, FRIDAY + timedelta(hours=80))
    sent = send_all(force, FRIDAY + timedelta(hours=80))
    assert [notice.subject.partition(": ")[2] for notice in sent] == ["the 72 hours are over"] * 2


def test_one_that_is_recorded_late_is_told_as_it_stands(force: Force) -> None:
    an_incident(force, recorded_at=FRIDAY + timedelta(hours=70))
    assert told(force) == [("hours left", "admin"), ("hours left", force.elm.id)]
    assert tell(force, FRIDAY + timedelta(hours=70)) == 0


def test_where_nobody_who_decides_works_here_any_more_administrators_hear(force: Force) -> None:
    an_incident(force)
    with force.database.writing() as connection:
        connection.execute(update(PEOPLE).where(PEOPLE.c.role == "supervisor").values(active=False))
    tell(force, FRIDAY + timedelta(hours=48))
    assert told(force) == [("recorded", force.elm.id), ("a day left", "admin")]


def test_another_supervisor_of_the_team_hears_and_one_of_another_does_not(force: Force) -> None:
    with force.database.writing() as connection:
        changed = update(PEOPLE).where(PEOPLE.c.id.in_([force.birch.id, force.cedar.id])).values(role="supervisor")
        connection.execute(changed)
    an_incident(force)
    assert told(force) == [("recorded", force.birch.id), ("recorded", force.elm.id)]


def test_a_mail_holds_the_reference_and_nothing_of_what_happened(force: Force) -> None:
    one = an_incident(force)
    (notice,) = send_all(force, FRIDAY)
    assert one in notice.subject
    assert "Monday 25 May 2026 at 16:30" in " ".join(notice.body.split())
    for word in ("letter", "house", "Elm"):
        assert word not in notice.subject + notice.body
    tell(force, FRIDAY + timedelta(hours=72))
    late = send_all(force, FRIDAY + timedelta(hours=72))[0]
    assert "must give the reasons for the delay" in " ".join(late.body.split())


def test_the_job_tells_and_its_dry_run_does_not(force: Force) -> None:
    an_incident(force)
    now = FRIDAY + timedelta(hours=50)
    work = {"database": force.database, "law": force.law, "channel": Nowhere(), "now": now}
    assert reminders.watch_incidents(Work(**work, dry_run=True)).summary == "1 incident about which nobody has decided"
    assert len(outbox(force)) == 1
    assert reminders.watch_incidents(Work(**work)).summary == "1 new notice of incidents"
    channel = Nowhere()
    delivery.deliver_outbox(Work(force.database, force.law, channel, now, clock=lambda: now))
    assert [notice.address for notice in channel.sent] == ["elm@example.invalid"]


def test_one_that_is_not_recorded_tells_nobody(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("victimcare.commands.keep_incidents.audit.write", fails)
    with pytest.raises(RuntimeError):
        an_incident(force)
    assert not outbox(force)
