"""What becomes of the duties that a story started: told in time, told late, tried only, never, or ended otherwise.

The duties come from `assess`; nothing here knows a limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.code import Meeting
from victimcare.domain.entitlements import Counting, Entitlement
from victimcare.domain.event_kinds import EVENT_KINDS
from victimcare.domain.event_kinds import EventKind as K
from victimcare.domain.journey import Correction, DutyNamed, JourneyEvent, Moment, Value
from victimcare.domain.kinds.contact import UNWRITTEN, WRITTEN
from victimcare.exchange.demonstration.services import BEDFORDSHIRE, SPECIALIST, UNMET
from victimcare.exchange.demonstration.story import Plan, instant_on

_KEPT_IN_TIME = {"police": 0.86, "witness_care_unit": 0.83, "cps": 0.8, "probation": 0.88, "yot": 0.72}
_CHANNELS = ("phone", "in_person", "letter", "email", "text", "video")
_CHANNEL_WEIGHTS = (55, 8, 7, 15, 12, 3)
_REFERRED = 0.21
_NEED_THAT_NOBODY_MEETS = 0.06


@dataclass(frozen=True, slots=True)
class Service:
    """How one case is served: `keeps` shifts how often duties are kept (0.05 is 5 points), `plans` is by event key."""

    chance: Random
    calendar: WorkingCalendar
    keeps: float
    plans: Mapping[str, Plan]
    at_risk: bool = False

    def key(self) -> str:
        """A key for an event."""
        return f"{self.chance.getrandbits(80):020x}"

    def event(
        self, kind: K, at: datetime, *, subject: str | None = None, duties: Sequence[DutyNamed] = (), **details: Value
    ) -> JourneyEvent:
        """Something that the officer does, recorded within the hour or, now and then, days later."""
        recorded_at = at + timedelta(minutes=self.chance.randint(1, 55))
        if self.chance.random() < 0.03:
            recorded_at += timedelta(days=self.chance.randint(1, 5))
        moment = Moment.instant(at)
        return JourneyEvent(self.key(), kind, moment, recorded_at, None, subject, details, tuple(duties))

    def contact(
        self, at: datetime, duties: Sequence[DutyNamed] = (), *, reached: bool = True, in_writing: bool = False
    ) -> JourneyEvent:
        """A contact that answers these duties, or an attempt, which answers none."""
        kind = K.CONTACT_MADE if reached else K.CONTACT_ATTEMPTED
        channel = self.chance.choices(_CHANNELS, _CHANNEL_WEIGHTS)[0]
        why = (
            {UNWRITTEN: "not_safe" if self.at_risk else "also_written"} if in_writing and channel not in WRITTEN else {}
        )
        return self.event(kind, at, duties=duties if reached else (), channel=channel, **why)


def answers(entitlements: Iterable[Entitlement], service: Service) -> Iterator[JourneyEvent]:
    """The events that answer or end these duties; some may lie in the future."""
    first_contact: dict[str, JourneyEvent] = {}
    for duties in _told_together(entitlements):
        if duties[0].rule.met_by == frozenset({K.REFERRAL_SENT}):
            yield from _referral(duties[0], service, first_contact.get(duties[0].start.key))
            continue
        for event in _answer(duties, service):
            if event.kind is K.CONTACT_MADE:
                first_contact.setdefault(duties[0].start.key, event)
            yield event


def _told_together(entitlements: Iterable[Entitlement]) -> Iterator[list[Entitlement]]:
    """Duties that one contact would answer: the same agency, the same day, the same way."""
    groups: dict[tuple[object, ...], list[Entitlement]] = {}
    for entitlement in entitlements:
        rule = entitlement.rule
        answerable = rule.meeting is Meeting.NAMED and entitlement.due_on is not None and entitlement.ending is None
        if answerable and entitlement.counting in (Counting.COUNTED, Counting.NOT_YET_KNOWN):
            by_event = entitlement.start.key if rule.met_by != frozenset({K.CONTACT_MADE}) else ""
            key = (entitlement.started_on, entitlement.owed_by, tuple(sorted(rule.met_by)), by_event)
            groups.setdefault(key, []).append(entitlement)
    yield from groups.values()


def _answer(duties: Sequence[Entitlement], service: Service) -> Iterator[JourneyEvent]:
    plan = service.plans.get(duties[0].start.key, Plan.CHANCE)
    if plan is Plan.OPEN:
        return
    if plan is Plan.ATTEMPTED:
        yield service.contact(_in_time(duties, service), reached=False)
        return
    if plan is Plan.ASKED:
        named = [_named(duty) for duty in duties]
        at = _known_at(duties) + timedelta(minutes=30)
        yield service.event(K.GOOD_REASON_REQUESTED, at, duties=named, reason="victim_unwell")
        return
    if plan is Plan.CHANCE and service.chance.random() < 0.035:
        yield from _ended_otherwise(duties[0], service)
        duties = duties[1:]
    if duties:
        yield from _told(duties, service, _when(duties, service, plan), plan)


def _told(duties: Sequence[Entitlement], service: Service, at: datetime, plan: Plan) -> Iterator[JourneyEvent]:
    """The act that the rule asks for; a contact sometimes forgets a part, and comes back to it."""
    rule = duties[0].rule
    if K.CONTACT_MADE not in rule.met_by:
        kind = sorted(rule.met_by)[service.chance.randrange(len(rule.met_by))]
        subject = duties[0].start.current.subject if EVENT_KINDS[kind].subject else None
        yield service.event(kind, at, subject=subject, duties=[_named(duty) for duty in duties])
        return
    if service.chance.random() < 0.18:
        yield service.contact(at - timedelta(hours=service.chance.randint(1, 5)), reached=False)
    forgotten = plan is Plan.CHANCE and service.chance.random() < 0.05
    if forgotten and len(duties) > 1:
        yield _contact(service, at, duties[:-1])
        yield _contact(service, _working_days_after(at, service, 1, 9), duties[-1:])
    elif forgotten and duties[0].outstanding:
        yield _contact(service, at, duties[:1], leaving_out=1)
        yield _contact(service, _working_days_after(at, service, 1, 9), duties[:1])
    else:
        yield from _told_old_news(duties, service)
        yield _contact(service, at, duties)


def _contact(service: Service, at: datetime, duties: Sequence[Entitlement], *, leaving_out: int = 0) -> JourneyEvent:
    named = [_named(duty, leaving_out=leaving_out) for duty in duties]
    return service.contact(at, named, in_writing=any(duty.rule.in_writing for duty in duties))


def _told_old_news(duties: Sequence[Entitlement], service: Service) -> Iterator[JourneyEvent]:
    """Where the news was corrected, the victim had been told what was wrong."""
    start = duties[0].start
    if start.current.correction is Correction.CHANGES_NEWS:
        told_at = start.root.recorded_at + timedelta(minutes=service.chance.randint(20, 300))
        yield service.contact(told_at, [DutyNamed(duties[0].rule.id, start.root.key, _tellings(duties[0]))])


def _named(duty: Entitlement, *, leaving_out: int = 0) -> DutyNamed:
    told = frozenset(sorted(_tellings(duty))[leaving_out:])
    return DutyNamed(duty.rule.id, duty.start.current.key, told)


def _tellings(duty: Entitlement) -> frozenset[str]:
    return frozenset(telling.id for telling in duty.rule.due_tellings(duty.start.current.details))


def _when(duties: Sequence[Entitlement], service: Service, plan: Plan) -> datetime:
    """In time as often as the agency and the team keep such duties; else a little late, late, or very late."""
    duty = duties[0]
    kept = _KEPT_IN_TIME.get(duty.owed_by, 0.8) + service.keeps
    if duty.tier.grounds:
        kept -= 0.06
    drawn = service.chance.random()
    if plan is Plan.KEPT or drawn < kept:
        return _in_time(duties, service)
    how_late = service.chance.choices(((1, 3), (4, 15), (16, 45)), (72, 22, 6))[0]
    late_on = service.calendar.add_working_days(_last_day(duty), service.chance.randint(*how_late))
    return _not_before(_known_at(duties), instant_on(late_on, service.chance, 9, 18), service)


def _in_time(duties: Sequence[Entitlement], service: Service) -> datetime:
    """Some instant after it was known and not after its day, more often early."""
    known_at = _known_at(duties)
    first = known_at.date()
    span = max(0, (min(map(_last_day, duties)) - first).days)
    days = [first + timedelta(days=offset) for offset in range(span + 1)]
    usual = [day for day in days if service.calendar.is_working_day(day)] or days
    day = usual[min(service.chance.randrange(len(usual)), service.chance.randrange(len(usual)))]
    return _not_before(known_at, instant_on(day, service.chance, 9, 18), service)


def _known_at(duties: Sequence[Entitlement]) -> datetime:
    """Nobody acts on what is not recorded yet."""
    return max(duty.start.current.recorded_at for duty in duties)


def _not_before(known_at: datetime, at: datetime, service: Service) -> datetime:
    return at if at > known_at else known_at + timedelta(minutes=service.chance.randint(10, 90))


def _last_day(duty: Entitlement) -> date:
    if duty.due_on is None:
        raise ValueError(f"{duty.rule.id} has no day to be kept by")
    return duty.due_on


def _working_days_after(at: datetime, service: Service, least: int, most: int) -> datetime:
    day = service.calendar.add_working_days(at.date(), service.chance.randint(least, most))
    return instant_on(day, service.chance, 9, 18)


def _ended_otherwise(duty: Entitlement, service: Service) -> Iterator[JourneyEvent]:
    """Not applicable, not safe to inform, declined, or a good reason asked for."""
    at = _in_time([duty], service)
    named = [_named(duty)]
    drawn = service.chance.random()
    if service.at_risk and drawn < 0.5:
        yield service.event(K.DUTY_NOT_SAFE, at, duties=named, reason="suspect_reads_messages")
    elif drawn < 0.3:
        yield service.event(K.DUTY_NOT_APPLICABLE, at, duties=named, reason="was_there")
    elif drawn < 0.65:
        contact = service.contact(at)
        yield contact
        later = at + timedelta(minutes=2)
        yield service.event(K.DUTY_DECLINED, later, duties=named, reason="knows_already", contact=contact.key)
    else:
        yield service.event(K.GOOD_REASON_REQUESTED, at, duties=named, reason="harms_investigation")
        decision = K.GOOD_REASON_AGREED if service.chance.random() < 0.7 else K.GOOD_REASON_REFUSED
        decided_at = _working_days_after(at, service, 1, 6)
        yield service.event(decision, decided_at, duties=named)
        if decision is K.GOOD_REASON_REFUSED:
            yield from _told([duty], service, _working_days_after(decided_at, service, 1, 4), Plan.KEPT)


def _referral(duty: Entitlement, service: Service, first_contact: JourneyEvent | None) -> Iterator[JourneyEvent]:
    """A fifth of the victims are referred; most others are offered a referral and decline it."""
    plan = service.plans.get(duty.start.key, Plan.CHANCE)
    if plan in (Plan.OPEN, Plan.ATTEMPTED):
        return
    at = _when([duty], service, plan)
    referred = service.chance.random() < _REFERRED + (0.1 if duty.tier.grounds else 0)
    if not referred:
        in_passing = first_contact if service.chance.random() < 0.6 else None
        yield from _declined(duty, service, at, in_passing)
        return
    if service.chance.random() < _NEED_THAT_NOBODY_MEETS:
        yield from _nobody_fits(at, service)
    if service.at_risk:
        yield service.event(K.REFERRAL_OFFERED, at, specialist_offered=True)
    else:
        yield service.event(K.REFERRAL_OFFERED, at)
    name = SPECIALIST if service.at_risk else BEDFORDSHIRE
    yield service.event(K.REFERRAL_CONSENTED, at + timedelta(minutes=1))
    yield service.event(K.REFERRAL_SENT, at + timedelta(minutes=20), subject=name, duties=[_named(duty)])
    yield from _support(at.date(), name, service)


def _declined(
    duty: Entitlement, service: Service, at: datetime, in_passing: JourneyEvent | None
) -> Iterator[JourneyEvent]:
    """Offered in a contact that told other things too, or in one of its own."""
    contact = in_passing
    if contact is None or contact.happened.at is None or contact.happened.at > at:
        contact = service.contact(at)
        yield contact
    at = contact.happened.at or at
    yield service.event(K.REFERRAL_OFFERED, at + timedelta(minutes=1))
    yield service.event(K.REFERRAL_DECLINED, at + timedelta(minutes=2))
    declined_at = at + timedelta(minutes=3)
    yield service.event(
        K.DUTY_DECLINED, declined_at, duties=[_named(duty)], reason="does_not_want_it", contact=contact.key
    )


def _nobody_fits(at: datetime, service: Service) -> Iterator[JourneyEvent]:
    """The victim has a need that no service of the directory meets."""
    need = service.chance.choice(UNMET)
    needs: dict[str, Any] = {need: True}
    yield service.event(K.SUPPORT_NEEDS_ASKED, at - timedelta(minutes=5), **needs)
    yield service.event(K.NO_SERVICE_FITS, at - timedelta(minutes=4), need=need)


def _support(sent_on: date, name: str, service: Service) -> Iterator[JourneyEvent]:
    if service.chance.random() < 0.03:
        return
    received_on = service.calendar.add_working_days(sent_on, service.chance.randint(1, 2))
    received = instant_on(received_on, service.chance, 9, 12)
    yield service.event(K.REFERRAL_RECEIVED, received, subject=name)
    if service.chance.random() < 0.04:
        return
    at = received + timedelta(days=service.chance.randint(0, 3), minutes=service.chance.randint(60, 240))
    if service.chance.random() < 0.1:
        reason = service.chance.choice(("no_capacity", "no_safe_number", "wrong_number", "duplicate", "excluded_type"))
        yield service.event(K.REFERRAL_REFUSED, at, subject=name, reason=reason)
        return
    yield service.event(K.REFERRAL_ACCEPTED, at, subject=name)
    if service.chance.random() < 0.04:
        return
    contacted = _working_days_after(at, service, 1, 3)
    yield service.event(K.SUPPORT_CONTACTED, contacted, subject=name)
    if service.chance.random() < 0.06:
        return
    begun = _working_days_after(contacted, service, 1, 10)
    yield service.event(K.SUPPORT_STARTED, begun, subject=name)
    if service.chance.random() < 0.7:
        yield service.event(K.SUPPORT_ENDED, _working_days_after(begun, service, 10, 70), subject=name)
