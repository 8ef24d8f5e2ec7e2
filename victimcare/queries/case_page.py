"""One case as its page shows it: who, duties with why each date, the journey as a timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from victimcare.domain.case import Case
from victimcare.domain.entitlements import assess
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.hearing_choices import wants_nothing
from victimcare.domain.journey import EventChain
from victimcare.domain.keeping_in_touch import InTouch, in_touch
from victimcare.domain.law import Law
from victimcare.domain.own_deadlines import VictimsDeadline, own_deadlines
from victimcare.domain.people import Action, Person, may, recording_of
from victimcare.domain.stage_line import StageLine, stage_line
from victimcare.domain.victim import TierPeriod, is_under_18, tier_history, tier_on
from victimcare.domain.what_next import Possible, what_next
from victimcare.queries.case_duties import DutyView, duties_of, own_agency_of
from victimcare.queries.custody import Custody, custody_on
from victimcare.queries.scope import let_through, reachable_cases
from victimcare.queries.timeline import TimelineEntry, timeline
from victimcare.store import protections
from victimcare.store.case_lists import is_restricted
from victimcare.store.cases import CASES, CRIMES, VICTIMS, NoSuchCase, stored_case
from victimcare.store.journeys import journeys_of
from victimcare.store.staff import PEOPLE, TEAMS


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that the page of one case shows on `today` (London date).

    No area, and no team, where the location is protected. `is_person`: the victim is one, and no business, of which its
    named contact is told. `hears_nothing`: the victim opted out of everything.
    """

    today: date
    case_id: int
    ref: str
    version: int
    victim_name: str | None
    born_on: date | None
    under_18: bool
    basis: str
    is_person: bool
    language: str
    crime_ref: str
    crime_source: str
    crime_type: str
    area: str
    status: str
    officer_id: str
    officer_name: str
    team_name: str
    why_officer: str
    tier: TierPeriod
    tier_title: str
    last_contact_on: date | None
    touch: InTouch
    open_duties: tuple[DutyView, ...]
    waiting: tuple[DutyView, ...]
    ended_duties: tuple[DutyView, ...]
    own_deadlines: tuple[VictimsDeadline, ...]
    timeline: tuple[TimelineEntry, ...]
    line: StageLine
    possible_next: Possible
    subjects: Mapping[str, tuple[str, ...]]
    location_protected: bool
    restricted: bool
    custody: Custody
    hears_nothing: bool
    may_record: bool
    may_record_at_court: bool
    may_see_file: bool
    may_decide: bool
    may_see_access: bool

    def duty(self, key: str) -> DutyView | None:
        """The open duty that this key names, whoever owes it."""
        return next((duty for duty in self.open_duties + self.waiting if duty.is_open and duty.key == key), None)

    def has_duty(self, key: str) -> bool:
        """Whether this key names a duty of the case, open or not."""
        return any(duty.key == key for duty in self.open_duties + self.waiting + self.ended_duties)

    def undecided(self, key: str) -> DutyView | None:
        """The duty that this key names, where its verdict waits for a word since the bank holidays changed."""
        every = self.open_duties + self.waiting + self.ended_duties
        return next((duty for duty in every if duty.key == key and duty.otherwise_on), None)

    def entry(self, key: str) -> TimelineEntry | None:
        """The event of this key."""
        return next((entry for entry in self.timeline if entry.key == key), None)

    @property
    def void_request(self) -> TimelineEntry | None:
        """What somebody asked, to make the case void, and nobody has decided on."""
        stand = [entry for entry in self.timeline if entry.stands]
        refused = {entry.event.details.get("request") for entry in stand if entry.kind is EventKind.CASE_VOID_REFUSED}
        asked = (entry for entry in stand if entry.kind is EventKind.CASE_VOID_REQUESTED)
        return next((entry for entry in asked if self.status != "void" and entry.key not in refused), None)

    def may_correct(self, kind: EventKind) -> bool:
        """Whether the person may correct an event of this kind: not who held the case, and decisions as they decide.

        Of a preference nothing but the day stands in the journey: who chose otherwise chooses anew.
        """
        by_itself = (EventKind.DEADLINE_MOVED, EventKind.CODE_CHANGED)
        if kind in (EventKind.OFFICER_ASSIGNED, EventKind.VICTIM_CORRECTED, EventKind.PREFERENCE_CHANGED, *by_itself):
            return False
        return self.may_record if recording_of(kind) is Action.RECORD_EVENT else self.may_decide

    @property
    def joined_on(self) -> date | None:
        """The London date on which the victim was recorded, where that was later than the crime."""
        joined = (entry.on for entry in self.timeline if entry.kind is EventKind.VICTIM_JOINED and entry.stands)
        return next(joined, None)

    def answerable_by(self, kind: EventKind) -> tuple[DutyView, ...]:
        """The open duties that an event of this kind can answer; to whoever records everything, of every agency."""
        theirs = self.open_duties + (self.waiting if self.may_record else ())
        return tuple(duty for duty in theirs if duty.is_open and kind in duty.met_by)

    @property
    def met_by_any_contact(self) -> tuple[DutyView, ...]:
        """The open duties that a contact which reaches the victim meets without naming them."""
        contact = EventKind.CONTACT_MADE
        return tuple(
            duty
            for duty in self.open_duties
            if duty.is_open and duty.answered_by is contact and contact not in duty.met_by
        )


def case_page(
    connection: Connection,
    *,
    person: Person,
    ref: str,
    today: date,
    law: Law,
    agency_names: Mapping[str, str],
    action: Action = Action.SEE_CASE,
) -> CasePage:
    """The case of this reference as it stands on `today` (London date), for `action`. Raises `NoSuchCase`."""
    row = _joined_row(connection, person, ref, action)
    journey = journeys_of(connection, {row.id: row.ref})[row.id]
    case, holder = stored_case(row, journey).case, let_through(row)
    protected = protections.current(connection, row.id) is not None
    chains = journey.chains()
    entries = timeline(connection, row.id, journey, law, without_places=protected)
    duties = duties_of(
        assess(journey, law.code, law.calendar),
        entries=entries,
        law=law,
        today=today,
        agency_names=agency_names,
        own_agency=own_agency_of(person),
    )
    edition = law.code.on(today)
    is_person = edition.is_person(row.basis)
    tier = tier_on(tier_history([c for c in chains.values() if c.happened], default_tier=edition.default_tier), today)
    return CasePage(
        today=today,
        case_id=row.id,
        ref=row.ref,
        version=row.version,
        victim_name=row.victim_name,
        born_on=row.born_on,
        under_18=row.born_on is not None and is_under_18(row.born_on, today),
        basis=row.basis,
        is_person=is_person,
        language=row.language,
        crime_ref=row.crime_ref,
        crime_source=row.crime_source,
        crime_type=row.crime_type,
        area="" if protected else row.area,
        status=row.status,
        officer_id=row.officer_id,
        officer_name=row.officer_name,
        team_name="" if protected else row.team_name,
        why_officer="" if protected else _why_officer(case),
        tier=tier,
        tier_title=edition.tier_title(tier.tier),
        last_contact_on=row.last_contact_on,
        touch=in_touch(chains.values()),
        open_duties=duties.open,
        waiting=duties.waiting,
        ended_duties=duties.ended,
        own_deadlines=own_deadlines(journey, law.code, law.calendar),
        timeline=entries,
        line=stage_line(chains, today=today),
        possible_next=what_next(journey, is_person=is_person),
        subjects=_subjects(chains),
        location_protected=protected,
        restricted=row.restricted,
        custody=custody_on(connection, case_id=row.id, officer_id=row.officer_id, today=today),
        hears_nothing=wants_nothing(chains.values()),
        may_record=may(person, Action.RECORD_EVENT, holder),
        may_record_at_court=may(person, Action.RECORD_AT_COURT, holder),
        may_see_file=may(person, Action.SEE_FILE, holder),
        may_decide=may(person, Action.DECIDE_GOOD_REASON, holder),
        may_see_access=may(person, Action.SEE_ACCESS_LOG, holder),
    )


def _joined_row(connection: Connection, person: Person, ref: str, action: Action) -> Any:
    joined = (
        CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
        .join(CRIMES, CRIMES.c.id == CASES.c.crime_id)
        .join(PEOPLE, PEOPLE.c.id == CASES.c.officer_id)
        .join(TEAMS, TEAMS.c.id == CASES.c.team_id)
    )
    statement = select(
        CASES,
        VICTIMS.c.name.label("victim_name"),
        VICTIMS.c.born_on,
        VICTIMS.c.basis,
        VICTIMS.c.language,
        CRIMES.c.source_ref.label("crime_ref"),
        CRIMES.c.source.label("crime_source"),
        PEOPLE.c.name.label("officer_name"),
        TEAMS.c.name.label("team_name"),
        is_restricted(CASES.c.id).label("restricted"),
    )
    wanted = statement.select_from(joined).where(CASES.c.ref == ref, reachable_cases(person, action))
    row = connection.execute(wanted).first()
    if row is None:
        raise NoSuchCase(ref)
    return row


def _why_officer(case: Case) -> str:
    assigned = [e for e in case.journey.events if e.kind is EventKind.OFFICER_ASSIGNED]
    latest = max(assigned, key=lambda event: (event.recorded_at, event.key))
    return str(latest.details.get("why", ""))


def _subjects(chains: Mapping[str, EventChain]) -> dict[str, tuple[str, ...]]:
    """The labels used so far, by what they name: suspects, hearings, complaints."""
    labels: dict[str, set[str]] = {}
    for event in (chain.current for chain in chains.values() if chain.current.subject):
        labels.setdefault(EVENT_KINDS[event.kind].subject or "", set()).add(str(event.subject))
    return {what: tuple(sorted(used)) for what, used in labels.items()}
