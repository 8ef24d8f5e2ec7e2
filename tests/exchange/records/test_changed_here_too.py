"""What changed at the source of what people here changed too, or put to use: what they did stays, and it is said."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.exchange.records.said import NOW, Records, arrest, contact, crime, officer, suspect, victim
from tests.force import VAULT
from victimcare.commands.record_crime import CrimeAlreadyRecorded, NewCrime, NewVictim, record_crime
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.entitlements import assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, DutyNamed, EventChain, Moment
from victimcare.editions.law import published_law
from victimcare.store import staff

STAYS = "it changed at the source and here: what was recorded here stays"


def chain_of(records: Records, kind: EventKind) -> EventChain:
    [found] = [chain for chain in records.stored().case.journey.chains().values() if chain.root.kind is kind]
    return found


def recorded_here(records: Records, kind: EventKind, **said: Any) -> None:
    """Somebody who holds the case corrects it."""
    chain = chain_of(records, kind)
    happened = said.pop("happened", chain.current.happened)
    event = NewEvent(kind, happened, details=chain.current.details, corrects=chain.key, **said)
    with records.database.writing() as connection:
        by = staff.person(connection, records.stored().case.holder.officer_id)
        record_event(connection, ref=records.ref(), event=event, by=by, now=NOW, law=published_law())


def arrested(records: Records) -> tuple[str | None, str]:
    now = chain_of(records, EventKind.SUSPECT_ARRESTED).current
    return now.subject, str(now.happened.on)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_arrest_of_another_suspect_than_was_said_is_of_that_one(records: Records, order: tuple[int, int]) -> None:
    records.take(crime(), victim(), suspect(), suspect("S2", label="Suspect 2"))
    said = (arrest(), arrest(version=2, suspect="S2", happened_at="2026-05-19"))
    for number in order:
        report = records.take(said[number])
    assert arrested(records) == ("Suspect 2", "2026-05-19")
    assert report.is_whole
    assert records.take(said[1]).is_whole


def test_what_a_person_put_right_is_not_taken_back_by_its_source(records: Records) -> None:
    records.take(crime(), victim(), contact())
    recorded_here(
        records, EventKind.CONTACT_MADE, happened=Moment.day(NOW.date().replace(day=2)), correction=Correction.AMENDS
    )
    report = records.take(contact(version=2, withdrawn=True))
    chain = chain_of(records, EventKind.CONTACT_MADE)
    assert (chain.happened, str(chain.current.happened.on)) == (True, "2026-06-02")
    assert records.rejects() == [["1", "withdrawn", STAYS]]
    assert (report.kept_here, report.is_whole) == (1, False)


def test_what_a_person_said_never_happened_does_not_come_back(records: Records) -> None:
    records.take(crime(), victim(), contact())
    recorded_here(records, EventKind.CONTACT_MADE, correction=Correction.NEVER_HAPPENED)
    records.take(contact(version=2, reached=False))
    assert records.rejects() == [["1", "reached", STAYS]]
    assert records.take(contact(version=3, withdrawn=True)).kept_here == 0
    records.take(contact(version=4))
    assert records.rejects() == [["1", "withdrawn", STAYS]]
    assert not chain_of(records, EventKind.CONTACT_MADE).happened
    kinds = {event.kind for event in records.stored().case.journey.events}
    assert EventKind.CONTACT_ATTEMPTED not in kinds


def test_what_its_source_alone_took_back_comes_back_with_it(records: Records) -> None:
    records.take(crime(), victim(), contact())
    records.take(contact(version=2, withdrawn=True))
    assert not chain_of(records, EventKind.CONTACT_MADE).happened
    assert records.take(contact(version=3)).is_whole
    assert chain_of(records, EventKind.CONTACT_MADE).happened


@pytest.mark.parametrize("later", [{"reached": False}, {"withdrawn": True}])
@pytest.mark.parametrize("linked", ["with it", "beside it"])
def test_a_contact_that_answered_a_duty_here_goes_on_answering_it(
    records: Records, later: dict[str, bool], linked: str
) -> None:
    records.take(crime(), suspect(), victim(), arrest(), contact())
    arrest_key = chain_of(records, EventKind.SUSPECT_ARRESTED).key
    answered = (DutyNamed("R6-ARR", arrest_key),)
    if linked == "with it":
        recorded_here(records, EventKind.CONTACT_MADE, correction=Correction.AMENDS, duties=answered)
    else:
        made = chain_of(records, EventKind.CONTACT_MADE).key
        link = NewEvent(EventKind.ALSO_ANSWERED, Moment.instant(NOW), details={"contact": made}, duties=answered)
        also(records, link)
    assert standing(records) == {"met"}
    records.take(contact(version=2, **later))
    assert standing(records) == {"met"}
    assert records.rejects() == [["1", *later, STAYS]]


def also(records: Records, event: NewEvent) -> None:
    with records.database.writing() as connection:
        by = staff.person(connection, records.stored().case.holder.officer_id)
        record_event(connection, ref=records.ref(), event=event, by=by, now=NOW, law=published_law())


def standing(records: Records) -> set[str]:
    law = published_law()
    owed = assess(records.stored().case.journey, law.code, law.calendar)
    return {one.standing_on(NOW.date()).value for one in owed if one.rule.id == "R6-ARR"}


def by_hand(records: Records, label: str) -> None:
    """Somebody here records an arrest themselves."""
    also(records, NewEvent(EventKind.SUSPECT_ARRESTED, Moment.day(NOW.date().replace(day=2)), subject=label))


def test_a_suspect_named_here_is_not_taken_for_one_of_the_records(records: Records) -> None:
    records.take(crime(), victim())
    by_hand(records, "Suspect 1")
    records.take(suspect(), arrest())
    assert [(field, "a person says who is who" in why) for _, field, why in records.rejects()] == [("label", True)]
    assert len(records.stored().case.journey.events) == 4  # nothing of the records joined the clocks of theirs
    assert records.take(suspect(label="Suspect 2"), suspect("S2", label="Suspect 3")).rejected == 0


def test_a_suspect_is_not_put_right_to_how_somebody_here_calls_another(records: Records) -> None:
    records.take(crime(), victim(), suspect(), arrest())
    by_hand(records, "Suspect 2")
    assert records.take(suspect(version=2, label="Suspect 2")).rejected == 1
    assert records.take(suspect(version=2, label="Suspect 3")).is_whole


def test_a_field_that_a_person_decides_holds_back_none_of_the_others(records: Records) -> None:
    records.take(crime(), victim())
    report = records.take(crime(version=2, crime_type="Robbery", recorded_at="2026-05-18T11:00:00Z"))
    assert [(field, why.startswith("there are cases of it")) for _, field, why in records.rejects()] == [
        ("crime_type", True)
    ]
    assert (report.rejected, report.is_whole) == (1, False)
    assert recorded_hour(records) == "11"
    different = records.take(crime(version=2, crime_type="Robbery", recorded_at="2026-05-18T11:00:00Z"))
    assert [each.source_id for each in different.reconciliation.different] == ["C1"]
    with records.database.writing() as connection:
        connection.execute(text("UPDATE crime SET crime_type = 'Robbery'"))
    assert records.take(crime(version=3, crime_type="Robbery", recorded_at="2026-05-18T12:00:00Z")).is_whole
    assert recorded_hour(records) == "12"


def recorded_hour(records: Records) -> str:
    at = chain_of(records, EventKind.CRIME_RECORDED).current.happened.at
    assert at is not None
    return f"{at:%H}"


def test_what_a_person_decided_as_the_source_says_it_now_is_accepted(records: Records) -> None:
    records.take(crime(), victim())
    with records.database.writing() as connection:
        connection.execute(text("UPDATE crime SET crime_type = 'Robbery'"))
    assert records.take(crime(version=2, crime_type="Robbery")).is_whole


def test_a_crime_that_came_from_a_system_is_not_typed_in_again(records: Records) -> None:
    records.take(crime("40/90001/26"))
    moment = Moment.instant(NOW)
    typed = NewCrime("recorded", "40/90001/26", "Burglary", "Luton", moment, moment, [NewVictim("Wren Sample")])
    how = {"now": NOW, "law": published_law(), "vault": VAULT}
    with pytest.raises(CrimeAlreadyRecorded), records.database.writing() as connection:
        record_crime(connection, crime=typed, by=staff.SYSTEM, **how)
    assert records.rows("SELECT source FROM crime") == [("rms",)]


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        (("A", "B"), "B"),
        (("A", None, "B"), "B"),
        (("A", "B", "A"), "A"),
        (("A", "B", None, "B", "A", "B"), "B"),
    ],
)
def test_the_number_that_was_said_last_stands_whatever_was_said_between(
    records: Records, said: tuple[str | None, ...], stands: str
) -> None:
    numbers = {"A": "07700 900001", "B": "07700 900002"}
    records.take(crime())
    for version, name in enumerate(said, 1):
        records.take(victim(version=version, **({"phone": numbers[name]} if name else {})))
    [(_, _, _, _, reached)] = records.standing()[0].values()
    assert reached == [("phone", "not_confirmed", numbers[stands])]


def test_another_case_officer_at_the_source_is_said_and_moves_nothing(records: Records) -> None:
    records.take(officer(), crime(), victim())
    holder = records.stored().case.holder.officer_id
    report = records.take(victim(version=2, case_officer="O9", name="Wren Right"))
    assert [(field, "a supervisor moves it" in why) for _, field, why in records.rejects()] == [("case_officer", True)]
    assert not report.is_whole
    assert records.stored().case.holder.officer_id == holder
    assert records.rows("SELECT name FROM victim") == [("Wren Right",)]
