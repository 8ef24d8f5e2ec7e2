"""Others write to the same cases while records come in: nobody waits for each other for ever, and nothing is lost."""

import threading
import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from tests.exchange.records.said import NOW, Records, arrest, contact, crime, needs, small_force, suspect, victim
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Moment
from victimcare.editions.law import published_law
from victimcare.exchange.records import importing
from victimcare.exchange.records.decisions import Taking
from victimcare.exchange.records.schema import Record
from victimcare.exchange.records.taking import Taken
from victimcare.store import staff

pytestmark = pytest.mark.both_engines  # what two do at once


class Busy(Exception):
    """What a driver says of a deadlock."""


def test_what_is_busy_is_tried_again_record_by_record(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []
    real = importing.take

    def busy_at_first(taking: Taking, record: Record) -> list[Taken]:
        tries.append(record.kind)
        if record.kind == "contact" and tries.count("contact") < 3:
            raise OperationalError("", None, Busy())
        return real(taking, record)

    monkeypatch.setattr(importing, "take", busy_at_first)
    report = records.take(crime(), victim(), contact(), in_one_piece=False)
    assert report.is_whole
    assert {kind: dict(fates) for kind, fates in report.fates.items()} == {
        "crime": {"new": 1},
        "victim": {"new": 1},
        "contact": {"new": 1},
    }
    assert tries == ["crime", "victim", "contact"] * 2 + ["contact"]


@pytest.mark.postgres
def test_a_crime_is_locked_before_its_cases_so_that_no_writer_waits_for_ever(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = small_force(postgresql_url, tmp_path)
    records.take(crime(), suspect(), victim(), victim("V2", name="Lark Sample"))
    (first, _), (_, last) = sorted((records.ref(who), who) for who in ("V1", "V2"))
    one_is_in, wrong, tried = threading.Event(), [], []
    real = importing.take

    def slowly(taking: Taking, record: Record) -> list[Taken]:
        tried.append(record.kind)
        taken = real(taking, record)
        if record.kind == "needs":
            one_is_in.set()
            time.sleep(1)
        return taken

    def somebody_here() -> None:
        one_is_in.wait(10)
        event = NewEvent(EventKind.SUSPECT_ARRESTED, Moment.day(date(2026, 6, 1)), subject="Suspect 9")
        try:
            with records.database.writing() as connection:
                record_event(connection, ref=first, event=event, by=staff.SYSTEM, now=NOW, law=published_law())
        except OperationalError as error:
            wrong.append(error)

    monkeypatch.setattr(importing, "take", slowly)
    writer = threading.Thread(target=somebody_here)
    writer.start()
    # The second case by its reference first: what happened to the crime then wants the first.
    report = records.take(needs(victim=last), arrest())
    writer.join(30)
    assert (report.is_whole, wrong, tried) == (True, [], ["needs", "event"])
    assert records.rows("SELECT count(*) FROM journey_event WHERE kind = 'suspect_arrested'") == [(4,)]
    records.database.close()
