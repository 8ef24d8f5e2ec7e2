"""Assess a victim's needs: what was answered is kept, and the tier of rights that follows goes into the journey."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.calendar import london_date
from victimcare.domain.case import EventRefused
from victimcare.domain.court_stage import WITNESS_CARE_UNIT
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, Moment, Value
from victimcare.domain.law import Law
from victimcare.domain.needs import Found, criteria_of_age, tier_found
from victimcare.domain.people import Action, Person, recording_by
from victimcare.domain.victim import is_under_18
from victimcare.store import cases, needs
from victimcare.store.needs import StoredAnswers
from victimcare.store.vault import Vault

NeedsAnswers = StoredAnswers


def found_by(connection: Connection, *, ref: str, answers: NeedsAnswers, law: Law) -> Found:
    """The tier that follows from these answers of one agency. Raises `NoSuchCase`.

    What another agency holds to be met stays so: one agency's assessment takes away only what it found itself.
    """
    stored = cases.look_at(connection, ref)
    born_on = needs.born_on(connection, stored.victim_id)
    others = needs.criteria_of_others(connection, stored.id, answers.agency)
    return found_of(answers, others=others, born_on=born_on, law=law)


def found_of(answers: NeedsAnswers, *, others: frozenset[str], born_on: date | None, law: Law) -> Found:
    """The tier that follows from these answers, from what other agencies hold to be met, and from the victim's age."""
    edition = law.code.on(answers.assessed_on)
    met = {*answers.criteria, *others}
    if born_on is not None and is_under_18(born_on, answers.assessed_on):
        met |= criteria_of_age(edition.grounds)
    return tier_found(edition.grounds, met, default_tier=edition.default_tier, born_on=born_on, on=answers.assessed_on)


def needs_event(answers: NeedsAnswers, found: Found, *, now: datetime) -> NewEvent:
    """The event of the journey: tier, grounds and end, and which agency assessed; nothing else of the answers.

    An assessment of today is of this instant, so that of two on one day the later one counts.
    """
    details: dict[str, Value] = {"tier": found.tier, "agency": answers.agency}
    if found.ground is not None:
        details["grounds"] = found.ground.id
    if found.until_on is not None:
        details["until_on"] = found.until_on
    today = answers.assessed_on == london_date(now)
    happened = Moment.instant(now) if today else Moment.day(answers.assessed_on)
    return NewEvent(EventKind.NEEDS_ASSESSED, happened, details=details)


def assess_needs(
    connection: Connection,
    *,
    ref: str,
    answers: NeedsAnswers,
    by: Person,
    now: datetime,
    law: Law,
    vault: Vault,
    seen_version: int | None = None,
    corrects: str | None = None,
) -> str:
    """Keep the answers, record the tier that follows, and return the event's key. Raises what `record_event` raises.

    `corrects` is the event of an assessment that was written down wrongly, and is put right by this one.
    """
    if recording_by(by, EventKind.NEEDS_ASSESSED) is Action.RECORD_AT_COURT and answers.agency != WITNESS_CARE_UNIT:
        raise EventRefused(EventKind.NEEDS_ASSESSED, "agency", "choose the witness care unit: this is not the police’s")
    found = found_by(connection, ref=ref, answers=answers, law=law)
    event = needs_event(answers, found, now=now)
    if corrects:
        event = replace(event, corrects=corrects, correction=Correction.AMENDS)
    key = record_event(connection, ref=ref, event=event, by=by, now=now, law=law, seen_version=seen_version)
    stored = cases.look_at(connection, ref)
    needs.add(connection, [answers_row(answers, found, stored.id, key, by=by, now=now, vault=vault)])
    needs.set_language(connection, stored.victim_id, answers.language)
    return key


def answers_row(
    answers: NeedsAnswers, found: Found, case_id: int, event_key: str, *, by: Person, now: datetime, vault: Vault
) -> dict[str, Any]:
    """The row that keeps these answers, with what was found."""
    return needs.assessment_row(
        answers,
        case_id=case_id,
        event_key=event_key,
        tier_found=found.tier,
        ground_found=found.ground.id if found.ground else None,
        by=by.id,
        at=now,
        vault=vault,
    )
