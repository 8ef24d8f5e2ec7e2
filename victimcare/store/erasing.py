"""Erasing a case for good: names, numbers, words and documents are destroyed, and anonymous duty facts stay.

What stays are the rows from which figures of the past are made: events without labels, due rows, breaches, who held the
case when, the case with its reference, status, area and type of crime. `ERASED` and `KEPT` decide every table that is
of a case, a victim or a crime; tests fail for one that is in neither.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, or_, select, update

from victimcare.domain.anonymous_journey import OTHER, anonymous
from victimcare.domain.case import status_of
from victimcare.domain.journey import Journey
from victimcare.domain.law import Law
from victimcare.store import dues, feedback, kept_forms, source_records
from victimcare.store.access_alerts import ALERTS
from victimcare.store.breach_causes import CAUSES
from victimcare.store.breaches import BREACHES
from victimcare.store.case_links import LINKS
from victimcare.store.case_lists import LISTINGS, RESTRICTIONS
from victimcare.store.cases import ASSIGNMENTS, CASES, CRIMES, VICTIMS, StoredCase, case_columns, stored_case
from victimcare.store.contact_choices import CONTACT_CHOICES
from victimcare.store.contact_points import HASHES, POINTS
from victimcare.store.emergency_access import ACCESSES
from victimcare.store.equality import EQUALITY
from victimcare.store.feedback import OPT_OUTS
from victimcare.store.identities import CORRECTIONS
from victimcare.store.incidents import INCIDENT_CASES, INCIDENTS
from victimcare.store.journeys import EVENTS, event_row, journeys_of
from victimcare.store.kept_records import DISPOSALS
from victimcare.store.left_messages import MESSAGES as LEFT_MESSAGES
from victimcare.store.legal_holds import HOLDS
from victimcare.store.messages import MESSAGES
from victimcare.store.needs import ASSESSMENTS
from victimcare.store.notes import NOTES
from victimcare.store.outbox import OUTBOX
from victimcare.store.outgoing_referrals import OUTGOING
from victimcare.store.people_to_tell import PEOPLE_TO_TELL
from victimcare.store.protections import PROTECTIONS
from victimcare.store.questions import QUESTIONS
from victimcare.store.record_packs import PACK_ITEMS, PACKS
from victimcare.store.services import SENT
from victimcare.store.victim_names import KEYS
from victimcare.store.webhook_events import ATTEMPTS, EVENTS_OUT

ERASED: tuple[Table, ...] = (
    OUTBOX,
    ATTEMPTS,
    EVENTS_OUT,
    MESSAGES,
    HASHES,
    POINTS,
    NOTES,
    LEFT_MESSAGES,
    QUESTIONS,
    PROTECTIONS,
    ASSESSMENTS,
    PEOPLE_TO_TELL,
    CONTACT_CHOICES,
    OPT_OUTS,
    SENT,
    OUTGOING,
    LINKS,
    LISTINGS,
    RESTRICTIONS,
    HOLDS,
    PACK_ITEMS,
    PACKS,
    EQUALITY,
    CORRECTIONS,
    KEYS,
)
"""Whose rows of the case or of its victim are destroyed, in an order in which none is left that names a row gone."""
KEPT = {
    "victim_case": "its reference, days, codes and officer: figures count it",
    "source_record": "of its victim's record the hash of an id, so that no system brings it back",
    "victim": "a row without a name or a date of birth",
    "crime": "a row of its own, without the crime's reference",
    "journey_event": "kinds, days and codes: figures are derived from them",
    "due": "what was owed: figures count it",
    "breach": "what was late, and whose it was",
    "breach_cause": "why it was late, as a code; what was said of it goes with the notes",
    "quality_answer": "that somebody looked at how it was done, and the answers as codes: figures count them",
    "feedback_request": "that the victim was asked how it was for them, and whether they answered; their words go",
    "feedback_answer": "what they answered, as codes: figures count it",
    "feedback_theme": "what their words were about, as codes: figures count it",
    "assignment": "who held it when; why, in words, goes",
    "access_alert": "that somebody looked without a reason, and what was found of it; the words go",
    "emergency_access": "that somebody opened it in an emergency, and what was found of that; the words go",
    "incident_case": "that something went wrong with it; the words go with the last of its cases",
    "disposal": "that it was decided; why, in words, goes",
    "holiday_move": "that its deadlines still have to follow a list of bank holidays; it goes when they have",
    "edition_move": "that its deadlines still have to follow an edition of the Code; it goes when they have",
}
"""What stays, and what of it."""
_NO_WORDS = b""
_CHANGED = ("happened_on", "happened_at", "precision", "received_on", "received_at", "subject", "details")


def erase(connection: Connection, *, case_id: int, law: Law, today: date) -> dict[str, int]:
    """Destroy what the case holds of anybody; how many rows, by table. The caller has made sure that it may.

    Raises `FiguresWouldChange`, and then nothing may be committed.
    """
    row = connection.execute(select(CASES).where(CASES.c.id == case_id)).one()
    loaded = stored_case(row, journeys_of(connection, {row.id: row.ref})[row.id])
    connection.execute(update(CAUSES).where(CAUSES.c.case_id == case_id).values(note_id=None))
    feedback.make_anonymous(connection, case_id)
    counts = {"source_record": source_records.forget_case(connection, case_id)}
    counts |= {table.name: _destroy(connection, table, row) for table in ERASED}
    kept_forms.forget_of_case(connection, row.ref)
    connection.execute(update(ASSIGNMENTS).where(ASSIGNMENTS.c.case_id == case_id).values(sealed_why=None))
    connection.execute(update(DISPOSALS).where(DISPOSALS.c.case_id == case_id).values(sealed_reason=None))
    reviewed = (ALERTS.c.case_id == case_id) & ALERTS.c.sealed_words.is_not(None)
    connection.execute(update(ALERTS).where(reviewed).values(sealed_words=_NO_WORDS))
    opened = {"sealed_words": _NO_WORDS, "sealed_review": None}
    connection.execute(update(ACCESSES).where(ACCESSES.c.case_id == case_id).values(opened))
    _forget_incidents(connection, case_id)
    _make_anonymous(connection, loaded, law, today)
    blank: dict[str, Any] = {"name": None, "searched_name": None, "born_on": None, "language": "en"}
    connection.execute(update(VICTIMS).where(VICTIMS.c.id == row.victim_id).values(blank))
    _leave_crime(connection, row)
    return {name: count for name, count in counts.items() if count}


def _destroy(connection: Connection, table: Table, row: Any) -> int:
    return connection.execute(delete(table).where(_of(table, row))).rowcount


def _of(table: Table, row: Any) -> ColumnElement[bool]:
    """A condition on the table: what is of this case, or of its victim."""
    if table is HASHES:
        return HASHES.c.point_id.in_(select(POINTS.c.id).where(POINTS.c.case_id == row.id))
    if table is ATTEMPTS:
        return ATTEMPTS.c.event_id.in_(select(EVENTS_OUT.c.id).where(EVENTS_OUT.c.case_id == row.id))
    if table is PACK_ITEMS:
        return PACK_ITEMS.c.pack_id.in_(select(PACKS.c.id).where(PACKS.c.case_id == row.id))
    if table is LINKS:
        return or_(LINKS.c.case_id == row.id, LINKS.c.other_id == row.id)
    if "victim_id" in table.c:
        return table.c.victim_id == row.victim_id
    return table.c.case_id == row.id


def _forget_incidents(connection: Connection, case_id: int) -> None:
    """Destroy the words about incidents that touched no other case that is still there."""
    others = select(INCIDENT_CASES.c.incident_id).join(CASES, CASES.c.id == INCIDENT_CASES.c.case_id)
    there = others.where(INCIDENT_CASES.c.case_id != case_id, CASES.c.disposed_on.is_(None))
    mine = select(INCIDENT_CASES.c.incident_id).where(INCIDENT_CASES.c.case_id == case_id)
    alone = INCIDENTS.c.id.in_(mine) & INCIDENTS.c.id.not_in(there)
    for words in (INCIDENTS.c.sealed, INCIDENTS.c.sealed_decision):
        connection.execute(update(INCIDENTS).where(alone, words.is_not(None)).values({words.name: _NO_WORDS}))


def _make_anonymous(connection: Connection, stored: StoredCase, law: Law, today: date) -> None:
    agencies = {agency for edition in law.code.editions for agency in edition.agencies}
    before = _figures(stored, stored.case.journey, law, agencies)
    less = anonymous(stored.case.journey, agencies=agencies)
    journey = next((each for each in less if _figures(stored, each, law, agencies) == before), None)
    if journey is None:
        raise FiguresWouldChange(stored.case.ref)
    for event in journey.events:
        values = event_row(event, case_id=stored.id, recorded_by="")
        changed = {name: values[name] for name in _CHANGED}
        connection.execute(update(EVENTS).where(EVENTS.c.key == event.key).values(**changed, crime_event_key=None))
    columns = case_columns(journey, law, today=today)
    connection.execute(update(CASES).where(CASES.c.id == stored.id).values(columns))
    for table in (dues.DUES, BREACHES):
        unknown = (table.c.case_id == stored.id) & table.c.owed_by.not_in(agencies)
        connection.execute(update(table).where(unknown).values(owed_by=OTHER))


def _figures(stored: StoredCase, journey: Journey, law: Law, agencies: Collection[str]) -> tuple[Any, ...]:
    """All that figures are made of that follows from this journey: the due rows, and whether the case is void."""
    _, rows = dues.derive(stored.id, replace(stored.case, journey=journey), law)
    shown = [{**row, "owed_by": row["owed_by"] if row["owed_by"] in agencies else OTHER} for row in rows]
    return shown, status_of(journey.chains().values())


def _leave_crime(connection: Connection, row: Any) -> None:
    """Give the case a crime of its own that has no reference; one that nobody is a victim of any more goes."""
    crime = connection.execute(select(CRIMES).where(CRIMES.c.id == row.crime_id)).one()
    anonymous_one = {"source": "erased", "source_ref": secrets.token_hex(10)}
    values = {**anonymous_one, "crime_type": crime.crime_type, "area": crime.area, "fingerprint": None}
    own = connection.execute(insert(CRIMES).values(values).returning(CRIMES.c.id)).scalar_one()
    connection.execute(update(CASES).where(CASES.c.id == row.id).values(crime_id=own))
    if connection.execute(select(CASES.c.id).where(CASES.c.crime_id == crime.id).limit(1)).first() is None:
        source_records.forget_crime(connection, crime.id)
        connection.execute(delete(CRIMES).where(CRIMES.c.id == crime.id))


class FiguresWouldChange(RuntimeError):
    """Without what tells who a case was about, its deadlines would come out otherwise: it is not erased."""

    def __init__(self, ref: str) -> None:
        self.ref = ref
        super().__init__(f"case {ref} was not erased: its deadlines would not come out as they were")
