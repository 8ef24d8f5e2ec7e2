"""What is kept of the demonstration's victims beside their journeys: answers, choices, who is told, a few links.

Nothing here is left to chance: it follows from the case, so that the journeys stay those of the seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from zlib import crc32

from sqlalchemy import Connection

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.hearing_choices import HowOften
from victimcare.domain.journey import JourneyEvent
from victimcare.domain.victim import is_under_18
from victimcare.domain.who_counts import EVERYTHING, ToldAs
from victimcare.editions.equality import characteristics
from victimcare.exchange.demonstration.invention import InventedCase
from victimcare.store import contact_choices, equality, needs, people_to_tell
from victimcare.store.cases import StoredCase
from victimcare.store.equality import Answer
from victimcare.store.needs import StoredAnswers
from victimcare.store.people_to_tell import NewPersonToTell
from victimcare.store.vault import Vault

_CRITERIA = {
    "under_18": "",
    "serious_crime": "domestic_abuse",
    "persistently_targeted": "harassed_or_stalked",
    "vulnerable": "physical_disability",
    "intimidated": "fear_or_distress",
}
_HOW_OFTEN = {7: HowOften.WEEKLY, 14: HowOften.FORTNIGHTLY, 28: HowOften.POLICY}


def add_victim_records(
    connection: Connection, invented: Iterable[InventedCase], stored: Mapping[str, StoredCase], *, vault: Vault
) -> None:
    """Add them for these cases, which are stored already (by reference)."""
    rows = []
    for case in invented:
        where = stored[case.ref]
        for event in case.written.case.journey.events:
            by = case.written.recorded_by.get(event.key, where.case.holder.officer_id)
            if event.kind is EventKind.NEEDS_ASSESSED:
                rows.append(_assessment(case, where, event, by, vault))
            elif event.kind is EventKind.CONTACT_INTERVAL_AGREED:
                _choose(connection, where, event, by)
        _tell(connection, case, where, vault)
        if crc32(case.ref.encode()) % 3 == 0:
            _answer(connection, where, vault)
    needs.add(connection, rows)


def _assessment(case: InventedCase, where: StoredCase, event: JourneyEvent, by: str, vault: Vault) -> dict[str, object]:
    ground = str(event.details.get("grounds") or "")
    answers = StoredAnswers(
        agency="police",
        stage="report",
        assessed_on=event.happened.on,
        language=case.victim.language,
        interpreter="no" if case.victim.language == "en" else "yes",
        criteria=[_CRITERIA[ground]] if _CRITERIA.get(ground) else [],
        measures=["screens"] if ground == "intimidated" else [],
    )
    return needs.assessment_row(
        answers,
        case_id=where.id,
        event_key=event.key,
        tier_found=str(event.details["tier"]),
        ground_found=ground or None,
        by=by,
        at=event.recorded_at,
        vault=vault,
    )


def _choose(connection: Connection, where: StoredCase, event: JourneyEvent, by: str) -> None:
    days = int(str(event.details["interval_days"]))
    row = {
        "case_id": where.id,
        "from_on": event.happened.on,
        "how_often": _HOW_OFTEN.get(days, HowOften.OTHER).value,
        "interval_days": days,
        "means": "phone",
        "times": "evening" if days > 14 else "morning,afternoon",
        "recorded_by": by,
        "recorded_at": event.recorded_at,
    }
    contact_choices.add(connection, row)


def _tell(connection: Connection, case: InventedCase, where: StoredCase, vault: Vault) -> None:
    """Of a child a parent, in one case of eight a suspect; of somebody without English an interpreter."""
    first = min(case.written.case.journey.events, key=lambda event: event.recorded_at)
    by, on, at = where.case.holder.officer_id, first.happened.on, first.recorded_at
    family = case.victim.name.rpartition(" ")[2]
    if is_under_18(case.victim.born_on, on):
        suspect = crc32(case.ref.encode()) % 8 == 0
        tells = [] if suspect else [EVERYTHING]
        parent = NewPersonToTell(f"Parent {family}", ToldAs.GUARDIAN, tells, on, is_suspect=suspect)
        people_to_tell.add(connection, where.id, parent, by=by, at=at, vault=vault)
    if case.victim.language != "en":
        interpreter = NewPersonToTell("Interpreter Example", ToldAs.INTERPRETER, ["arrangements"], on)
        people_to_tell.add(connection, where.id, interpreter, by=by, at=at + timedelta(minutes=5), vault=vault)


def _answer(connection: Connection, where: StoredCase, vault: Vault) -> None:
    """Some of the questions, one of them not answered on purpose."""
    asked = characteristics()[:4]
    answers = [Answer(one.id, "recorded", one.categories[-1]) for one in asked[1:]]
    answers.append(Answer(asked[0].id, "prefers_not_to_say"))
    at = max(event.recorded_at for event in where.case.journey.events)
    equality.put(connection, where.victim_id, answers, by=where.case.holder.officer_id, at=at, vault=vault)
