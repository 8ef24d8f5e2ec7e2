"""A case as it would have been written down: the story, what answered it, check-ins, hand-overs and the closing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from victimcare.domain.allocation import Allocation
from victimcare.domain.case import Case
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.event_kinds import EVENT_KINDS
from victimcare.domain.event_kinds import EventKind as K
from victimcare.domain.journey import Journey, JourneyEvent, Moment
from victimcare.domain.law import Law
from victimcare.exchange.demonstration.answers import Service, answers
from victimcare.exchange.demonstration.people import Staff
from victimcare.exchange.demonstration.story import Happening, Plan, instant_on
from victimcare.exchange.police_uk_cases import key_of


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """A case with all that is known of it by now, who recorded each event, and what is shared with the crime."""

    case: Case
    held: bool
    recorded_by: dict[str, str]
    crime_event_keys: dict[str, str]


@dataclass(frozen=True, slots=True)
class Custody:
    """Who is to hold a case, and to whom it may pass."""

    allocation: Allocation
    officer: Staff
    colleagues: Sequence[Staff]
    supervisor_id: str


class CaseWriter:
    """Writes one case. `shared` has the key that all copies of something that happened to the crime share."""

    def __init__(
        self,
        *,
        chance: Random,
        law: Law,
        now: datetime,
        ref: str,
        custody: Custody,
        at_risk: bool,
        shared: Mapping[Happening, str],
    ) -> None:
        self._chance = chance
        self._law = law
        self._now = now
        self._custody = custody
        self._at_risk = at_risk
        self._shared = shared
        self._ref = ref
        self._key_of: dict[Happening, str] = {}

    def write(self, happenings: Iterable[Happening], *, area: str, crime_type: str) -> WrittenCase:
        """The case as known now: nothing in it was recorded later than that."""
        ref = self._ref
        told = sorted(happenings, key=lambda happening: happening.recorded_at)
        events = [self._event(happening) for happening in told if happening.recorded_at <= self._now]
        plans = {self._key_of[h]: h.plan for h in told if h in self._key_of}
        events.append(self._assigned(events[0]))
        service = Service(self._chance, self._law.calendar, self._custody.officer.keeps / 100, plans, self._at_risk)
        entitlements, answering = self._answers(ref, events, service)
        events += self._by_now(answering)
        all_told = all(happening.recorded_at <= self._now for happening in told)
        closing_at = self._closing(told, answering, entitlements, plans) if all_told else None
        events += self._by_now(self._check_ins(events, service, closing_at))
        events += self._by_now(self._closed(events, service, closing_at))
        events += self._by_now(self._handed_over(events, service))
        events.sort(key=lambda event: (event.recorded_at, event.key))
        case = Case(ref, Journey.of(ref, events), 1, area, crime_type)
        return WrittenCase(case, self._held(case), self._recorders(events), self._shared_keys())

    def _answers(
        self, ref: str, events: Sequence[JourneyEvent], service: Service
    ) -> tuple[list[Entitlement], list[JourneyEvent]]:
        """Every duty and what answers it; an answer (a referral, say) can start a duty of its own."""
        known: dict[tuple[str, str], Entitlement] = {}
        answering: list[JourneyEvent] = []
        for _ in range(2):
            journey = Journey.of(ref, [*events, *answering])
            assessed = assess(journey, self._law.code, self._law.calendar)
            new = [entitlement for entitlement in assessed if entitlement.key not in known]
            known |= {entitlement.key: entitlement for entitlement in new}
            answering += answers(new, service)
        return list(known.values()), answering

    def _shared_keys(self) -> dict[str, str]:
        """The key that all copies share, for each event here that happened to the crime."""
        return {
            key: self._shared[happening]
            for happening, key in self._key_of.items()
            if happening in self._shared and EVENT_KINDS[happening.kind].of_crime
        }

    def _event(self, happening: Happening) -> JourneyEvent:
        key = f"{self._chance.getrandbits(80):020x}"
        if happening.published:
            key = key_of(self._ref, *happening.published)  # so that importing it later finds it
        self._key_of[happening] = key
        return JourneyEvent(
            key=key,
            kind=happening.kind,
            happened=Moment.instant(happening.at),
            recorded_at=happening.recorded_at,
            received=Moment.instant(happening.received_at) if happening.received_at else None,
            subject=happening.subject,
            details=happening.details,
            corrects=self._key_of[happening.corrects] if happening.corrects else None,
            correction=happening.correction,
            contacts_recorded=happening.contacts_recorded,
        )

    def _assigned(self, report: JourneyEvent) -> JourneyEvent:
        """From the moment the crime is recorded."""
        allocation = self._custody.allocation
        details = {"officer": allocation.officer_id, "team": allocation.team_id, "why": allocation.why}
        key = f"{self._chance.getrandbits(80):020x}"
        return JourneyEvent(key, K.OFFICER_ASSIGNED, report.happened, report.recorded_at, details=details)

    def _by_now(self, events: Iterable[JourneyEvent]) -> list[JourneyEvent]:
        return [event for event in events if event.recorded_at <= self._now]

    def _closing(
        self,
        told: Sequence[Happening],
        answering: Sequence[JourneyEvent],
        entitlements: Sequence[Entitlement],
        plans: dict[str, Plan],
    ) -> datetime | None:
        """Some days after the last thing to do was done; never while something was left open on purpose."""
        if any(plan in (Plan.OPEN, Plan.ATTEMPTED, Plan.ASKED) for plan in plans.values()):
            return None
        last = max([happening.recorded_at for happening in told] + [event.recorded_at for event in answering])
        latest_due = max((e.due_on for e in entitlements if e.due_on), default=last.date())
        day = max(last.date(), latest_due) + timedelta(days=self._chance.randint(3, 25))
        return instant_on(day, self._chance, 9, 17)

    def _check_ins(
        self, events: Sequence[JourneyEvent], service: Service, closing_at: datetime | None
    ) -> Iterable[JourneyEvent]:
        """Contacts without news, as often as was agreed, for as long as the case is open."""
        agreed = next((event for event in events if event.kind is K.CONTACT_INTERVAL_AGREED), None)
        if agreed is None or service.plans.get(agreed.key) is Plan.OPEN:
            return
        interval = int(str(agreed.details["interval_days"]))
        until = (closing_at or self._now).date()
        contacts = sorted(_days_of_contact(events, after=agreed.happened.on))
        heard_on = agreed.happened.on
        for contact_on in [*contacts, until]:
            while (contact_on - heard_on).days > interval:
                heard_on = self._next_check_in(heard_on, interval)
                if heard_on < contact_on:
                    yield service.contact(instant_on(heard_on, self._chance, 9, 18))
            heard_on = max(heard_on, contact_on)

    def _next_check_in(self, heard_on: date, interval: int) -> date:
        if self._chance.random() < 0.12:
            return heard_on + timedelta(days=interval + self._chance.randint(1, 12))
        return heard_on + timedelta(days=interval - self._chance.randint(0, min(3, interval - 1)))

    def _closed(
        self, events: Sequence[JourneyEvent], service: Service, closing_at: datetime | None
    ) -> Iterable[JourneyEvent]:
        if closing_at is None:
            return
        if any(event.kind is K.CONTACT_INTERVAL_AGREED for event in events):
            yield service.contact(closing_at - timedelta(minutes=15))
            yield service.event(K.CONTACT_INTERVAL_ENDED, closing_at - timedelta(minutes=5))
        if self._chance.random() < 0.004:
            second = self._custody.officer.id
            yield service.event(K.CASE_VOIDED, closing_at, reason="duplicate", second_person=second)
            return
        yield service.event(K.CASE_CLOSED, closing_at)
        if self._chance.random() < 0.01:
            reopened_at = closing_at + timedelta(days=self._chance.randint(10, 60))
            yield service.event(K.CASE_REOPENED, reopened_at)

    def _handed_over(self, events: Sequence[JourneyEvent], service: Service) -> Iterable[JourneyEvent]:
        """What a duty supervisor holds is taken within days; a few other cases change hands too."""
        custody = self._custody
        begun = min(event.recorded_at for event in events)
        if not custody.colleagues:
            return
        if custody.allocation.held:
            at = begun + timedelta(days=self._chance.randint(1, 4), hours=2)
        elif self._chance.random() < 0.06:
            at = begun + timedelta(days=self._chance.randint(20, 120), hours=2)
        else:
            return
        taker = self._chance.choice(custody.colleagues)
        details = {"officer": taker.id, "team": str(taker.team_id), "why": "handed over by the supervisor"}
        if at <= max(event.recorded_at for event in events) or custody.allocation.held:
            key = service.key()
            yield JourneyEvent(key, K.OFFICER_ASSIGNED, Moment.instant(at), at, details=details)

    def _held(self, case: Case) -> bool:
        return self._custody.allocation.held and case.holder.officer_id == self._custody.allocation.officer_id

    def _recorders(self, events: Sequence[JourneyEvent]) -> dict[str, str]:
        """The case officer at the time records what happens; what a supervisor decides, the supervisor."""
        recorders = {}
        holder = self._custody.allocation.officer_id
        for event in events:
            if event.kind is K.OFFICER_ASSIGNED:
                holder = str(event.details["officer"])
                recorders[event.key] = self._custody.supervisor_id
            elif event.kind in (K.GOOD_REASON_AGREED, K.GOOD_REASON_REFUSED, K.CASE_VOIDED):
                recorders[event.key] = self._custody.supervisor_id
            else:
                recorders[event.key] = holder
        return recorders


def _days_of_contact(events: Sequence[JourneyEvent], *, after: date) -> Iterator[date]:
    return (e.happened.on for e in events if e.kind is K.CONTACT_MADE and e.happened.on > after)
