"""What tests of reminders and notices share: a case that owes one duty, and the outbox as it stands."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from tests.force import MONDAY, Force
from victimcare.commands import deliver_notices as delivery
from victimcare.commands.remind import duties_at_a_step, remind
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed
from victimcare.domain.ladder import Ladder
from victimcare.editions.escalation import published_ladder
from victimcare.notices.channel import Notice
from victimcare.store.cases import StoredCase
from victimcare.store.outbox import OUTBOX, Leased
from victimcare.store.staff import PEOPLE

ARRESTED = datetime(2026, 5, 22, 14, tzinfo=UTC)
DUE_ON = date(2026, 6, 1)
VICTIM = "Wren Sample"
NEEDS_NOTHING = ("R3-WRIT", "R3-INFO", "R3-RJ", "R4-REF")


def eight(day: date) -> datetime:
    """Eight in the morning in London, in summer: from then on people who work here may be sent something."""
    return datetime(day.year, day.month, day.day, 7, tzinfo=UTC)


def case_of_an_arrest(force: Force, *, ref: str = "40/1/26") -> tuple[StoredCase, str]:
    """A case of Ash's that owes only to tell of an arrest by Monday 1 June; with the key of the arrest."""
    case = force.record_crime(VICTIM, ref=ref, officer_of_open_case="ash")[0]
    reported = case.case.journey.events[0].key
    duties = [DutyNamed(rule, reported) for rule in NEEDS_NOTHING]
    force.record(case.case.ref, EventKind.DUTY_NOT_APPLICABLE, MONDAY, duties=duties, reason="other")
    start = force.record(case.case.ref, EventKind.SUSPECT_ARRESTED, ARRESTED, subject="Suspect 1")
    return case, start


def give_addresses(force: Force) -> None:
    with force.database.writing() as connection:
        connection.execute(PEOPLE.update().values(email=PEOPLE.c.id + "@example.invalid"))


def write_reminders(
    force: Force, now: datetime, *, reached_at: datetime | None = None, ladder: Ladder | None = None
) -> int:
    """What the job does, in one go."""
    how: dict[str, Any] = {"now": now, "calendar": force.law.calendar, "ladder": ladder or published_ladder()}
    with force.database.reading() as connection:
        found = duties_at_a_step(connection, reached_at=reached_at, own_agency="police", **how)
    with force.database.writing() as connection:
        return remind(connection, duties=found, **how)


def send_all(force: Force, now: datetime, *, ladder: Ladder | None = None) -> list[Notice]:
    """What leaves at this moment."""
    how: dict[str, Any] = {"law": force.law, "ladder": ladder or published_ladder(), "now": now}
    sent = []
    for item in _leased(force, now):
        with force.database.writing() as connection:
            notice = delivery.begin_sending(connection, item=item, **how)
            if notice is not None:
                delivery.record_result(connection, item=item, trouble=None, law=force.law, now=now)
                sent.append(notice)
    return sent


def _leased(force: Force, now: datetime) -> Iterator[Leased]:
    """What is to leave, until nothing is."""
    while True:
        with force.database.writing() as connection:
            items = delivery.lease_notices(connection, now=now, limit=1000)
        yield from items
        if not items:
            return


def outbox(force: Force) -> list[Any]:
    with force.database.reading() as connection:
        return list(connection.execute(select(OUTBOX).order_by(OUTBOX.c.id)))


def written(force: Force) -> list[tuple[str, date, str]]:
    return [(row.step, row.due_on, row.recipient_id) for row in outbox(force)]


def cases_told(body: str) -> Counter[str]:
    """The references in the words of a notice or digest, each so many times as it tells of a duty of that case."""
    said = " ".join(body.partition("\n\nYour worklist")[0].split())
    found = re.findall(r"([0-9A-Z]{5}-[0-9A-Z]{5})(?: \((\d+)\))?", said)
    told: Counter[str] = Counter()
    for ref, times in found:
        told[ref] += int(times or 1)
    return told
