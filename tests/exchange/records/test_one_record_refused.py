"""One record that cannot be taken is refused in words, and every other record of the run goes in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.exchange.records.said import NOW, Records, arrest, contact, crime, suspect, victim, vps
from tests.force import VAULT
from victimcare.exchange.records import taking
from victimcare.store import source_records


def rewritten(records: Records, kind: str, ref: str, old: str, new: str) -> None:
    """What is kept of a record, as another edition of the schema wrote it."""
    with records.database.writing() as connection:
        kept = source_records.find(connection, source="rms", kind=kind, source_id=ref, vault=VAULT)
        assert kept is not None
        assert old in kept.said
        source_records.keep(connection, replace(kept, said=kept.said.replace(old, new)), VAULT)


def test_one_who_joined_earlier_than_the_crime_was_recorded_first_is_for_a_person(records: Records) -> None:
    records.take(crime(recorded_at="2026-05-20T10:00:00Z"), victim(joined_at="2026-05-19"))
    records.take(crime(version=2, recorded_at="2026-05-18T10:00:00Z"))
    records.take(victim(version=2, joined_at="2026-05-21", name="Wren Right"), contact())
    assert [(line, field) for line, field, _ in records.rejects()] == [("1", "joined_at")]
    assert records.rows("SELECT name FROM victim") == [("Wren Right",)]
    assert records.take(victim(version=3, joined_at="2026-05-21", name="Wren Other")).is_whole
    assert records.rows("SELECT count(*) FROM journey_event WHERE kind = 'contact_made'") == [(1,)]


def test_what_became_of_it_is_gone(records: Records) -> None:
    records.take(crime(), victim(), vps())
    with records.database.writing() as connection:
        connection.execute(text("UPDATE source_record SET event_key = 'gone' WHERE kind = 'event'"))
    report = records.take(vps(version=2, happened_at="2026-05-22"), contact())
    assert records.rejects() == [["1", "", "what it became is not here any more"]]
    assert report.fates["contact"] == {"new": 1}


def test_a_code_that_is_withdrawn_is_refused_without_what_was_said(records: Records) -> None:
    records.take(crime(), victim(name="Wren Canary"), vps())
    rewritten(records, "victim", "V1", '"version":1', '"version":1,"language":"canary"')
    rewritten(records, "event", "E2", "vps_offered", "vps_canary")
    report = records.take(victim(version=2, name="Lark Canary"), vps(version=2, happened_at="2026-05-22"), contact())
    why = "what it said before cannot be read any more: a person puts it right"
    assert records.rejects() == [["1", "", why], ["2", "", why]]
    assert report.fates["contact"] == {"new": 1}


def test_what_waited_and_cannot_be_read_any_more_stops_nothing(records: Records) -> None:
    records.take(vps())
    rewritten(records, "event", "E2", "vps_offered", "vps_canary")
    report = records.take(crime(), victim(), contact())
    assert [why for _, _, why in records.rejects()] == [
        "what it said before cannot be read any more: a person puts it right"
    ]
    assert report.fates["contact"] == {"new": 1}


def test_what_no_rule_foresees_refuses_that_record_alone_and_repeats_nothing(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.take(crime(), victim())
    new = dict(taking._NEW)

    def breaks(*_: object) -> taking.Became:
        raise KeyError("Wren Canary")

    monkeypatch.setattr(taking, "_NEW", new | {"event": breaks})
    report = records.take(vps(), contact())
    assert records.rejects() == [["1", "", "it cannot be taken (KeyError): whoever runs this service is to look"]]
    assert report.fates["contact"] == {"new": 1}


def test_what_waited_and_was_refused_is_tried_again_with_the_next_import(records: Records) -> None:
    records.take(crime(), suspect(), arrest(happened_at="2026-06-20"))
    records.take(victim())
    assert [(line, field) for line, field, _ in records.rejects()] == [("", "happened")]
    again = records.take(contact())
    assert [(line, field) for line, field, _ in records.rejects()] == [("", "happened")]
    assert (again.rejected, again.is_whole) == (1, False)
    assert records.take(contact(), at=NOW + timedelta(days=20)).is_whole
    assert records.rows("SELECT count(*) FROM journey_event WHERE kind = 'suspect_arrested'") == [(1,)]
    assert records.rows("SELECT count(*) FROM source_record WHERE state = 'waiting'") == [(0,)]


def test_what_is_refused_again_is_said_once_in_a_run(records: Records) -> None:
    records.take(crime(), suspect(), arrest(happened_at="2026-06-20"))
    assert records.take(victim()).rejected == 1
    assert records.take(arrest(happened_at="2026-06-20")).rejected == 1
