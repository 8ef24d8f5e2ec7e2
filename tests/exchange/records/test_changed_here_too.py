"""What changed at the source of what people here changed too, or put to use: what they did stays, and it is said."""

from typing import Any

import pytest

from tests.exchange.records.said import NOW, Records, arrest, contact, crime, suspect, victim
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
