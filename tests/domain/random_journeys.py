"""Journeys that nobody would invent: random kinds, subjects, corrections, choices, tiers, answers and endings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st

import victimcare.editions
from tests.builders import duty, event
from victimcare.domain.code import Rule, VictimsCode
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, DutyNamed, Journey, JourneyEvent, Moment, Value
from victimcare.editions.bank_holidays import load_calendar
from victimcare.editions.loader import load_edition, published_code

T = TypeVar("T")
CALENDAR = load_calendar()
DRAFT = replace(load_edition(Path(victimcare.editions.__file__).with_name("example-draft.toml")), transition=None)
TODAYS = published_code().edition("2021-04-01")
# The Code of today until the invented one of 2027, so that a journey over New Year meets a change of edition.
CODE = VictimsCode((replace(TODAYS, in_force_to=DRAFT.in_force_from), DRAFT))

# Around the first edition, a bank holiday, a change of edition at New Year, and the end of the known calendar.
FIRST_DAYS = (date(2026, 5, 15), date(2021, 3, 26), date(2026, 12, 14), date(2028, 12, 20))
SUBJECTS = ("A", "A", "B", None)
DETAILS: Mapping[str, tuple[Value | None, ...]] = {
    "hearing_type": ("bail", "trial", "trial", "plea", None),
    "offender_under_18": (True, False, None),
    "decided_by": ("police", "cps", None),
    "told_by": ("police", "cps", None),
    "complained_of": ("police", "cps"),
    "all_proceedings_ended": (True, False, None),
    "specified_offence": (True, True, False, None),
    "custody_months": (6, 12, 36, None),
    "hospital_order": (True, False, False, None),
    "step": ("proceeding", "outcome"),
    "interval_days": (3, 7, 14),
    "scope": ("all", "right:6", "right:9", "rule:R6-ARR"),
}
DETAILS_OF = {
    EventKind.CRIME_REPORTED: ("offender_under_18",),
    EventKind.OUT_OF_COURT_DISPOSAL: ("decided_by",),
    EventKind.CPS_DECIDED_NO_CHARGE: ("told_by",),
    EventKind.CPS_CHANGED_CHARGES: ("all_proceedings_ended",),
    EventKind.SENTENCE_RECEIVED: ("specified_offence", "custody_months", "hospital_order"),
    EventKind.APPEAL_NEWS_RECEIVED: ("step",),
    EventKind.COMPLAINT_MADE: ("complained_of",),
    EventKind.HEARING_LISTED: ("hearing_type",),
    EventKind.HEARING_ADJOURNED: ("hearing_type",),
    EventKind.CONTACT_INTERVAL_AGREED: ("interval_days",),
    EventKind.OPTED_OUT: ("scope",),
    EventKind.OPTED_IN: ("scope",),
}
CHOICES = (
    EventKind.NEEDS_ASSESSED, EventKind.NEEDS_ASSESSED, EventKind.NEEDS_ASSESSED,
    EventKind.OPTED_OUT, EventKind.OPTED_OUT, EventKind.OPTED_IN, EventKind.OPTED_IN,
    EventKind.CONTACT_INTERVAL_AGREED, EventKind.CONTACT_INTERVAL_AGREED, EventKind.CONTACT_INTERVAL_ENDED,
    EventKind.CASE_CLOSED, EventKind.CASE_REOPENED,
)  # fmt: skip
REFUSALS = (EventKind.DUTY_NOT_APPLICABLE, EventKind.DUTY_DECLINED, EventKind.DUTY_NOT_SAFE)
DECISIONS = (EventKind.GOOD_REASON_AGREED, EventKind.GOOD_REASON_AGREED, EventKind.GOOD_REASON_REFUSED)


class Writer:
    """Writes one journey from a string of bytes: quick to draw, and hypothesis can still make it smaller."""

    def __init__(self, chance: bytes) -> None:
        self._chance = iter(chance)
        self._kinds = sorted({k for ed in CODE.editions for r in ed.rules for k in r.starts_on | r.confirmed_by})
        self._first_day = self.one_of(FIRST_DAYS)
        self.events: list[JourneyEvent] = []

    def upto(self, most: int) -> int:
        return next(self._chance, 0) % (most + 1)

    def one_of(self, options: Sequence[T]) -> T:
        return options[self.upto(len(options) - 1)]

    def once_in(self, times: int) -> bool:
        return self.upto(times - 1) == times - 1

    def write(self) -> list[JourneyEvent]:
        court = [kind for kind in self._kinds if kind.endswith("_received") or kind.startswith("hearing_")]
        for _ in range(1 + self.upto(4)):
            self.happens(self.one_of(self.one_of((self._kinds, court))))
        for _ in range(self.upto(4)):
            kind = self.one_of(CHOICES)
            self.add(kind, self.moment(), details=self.details(kind))
        for _ in range(self.upto(8)):
            self.one_of((self.is_answered, self.is_answered, self.is_answered, self.is_linked, self.is_refused,
                         self.has_a_reason, self.is_corrected, self.is_corrected))()  # fmt: skip
        if self.once_in(40):
            self.add(EventKind.CASE_VOIDED, self.moment())
        return self.events

    def add(self, kind: EventKind, moment: Moment, **what: Any) -> None:
        number = len(self.events)
        # Neither the keys nor the times of recording are in the order in which things happened.
        recorded = datetime.combine(self._first_day, time(0), UTC) + timedelta(hours=self.upto(99), seconds=number)
        self.events.append(event(kind, moment, key=f"{number * 37 % 101:03}", recorded=recorded, **what))

    def day(self) -> date:
        return self._first_day + timedelta(days=self.upto(20))

    def moment(self) -> Moment:
        on, how = self.day(), self.upto(19)
        if how == 19:
            return Moment.month(on.year, on.month)
        return Moment.instant(datetime.combine(on, time((9, 23)[how % 2], 30), UTC)) if how > 13 else Moment.day(on)

    def details(self, kind: EventKind) -> dict[str, Value]:
        drawn = {name: self.one_of(DETAILS[name]) for name in DETAILS_OF.get(kind, ())}
        if kind in (EventKind.HEARING_LISTED, EventKind.HEARING_ADJOURNED):
            drawn["hearing_on"] = self.one_of((self.day(), self.day(), None))
        if kind is EventKind.NEEDS_ASSESSED:
            drawn["tier"] = self.one_of(("standard", "enhanced", "enhanced", "child"))
            drawn["until_on"] = self.one_of((None, None, self.day()))
        return {name: value for name, value in drawn.items() if value is not None}

    def happens(self, kind: EventKind) -> None:
        moment = self.moment()
        lag = self.one_of((0, 0, 1, 4, 9, None))
        self.add(
            kind, moment, received=None if lag is None else Moment.day(moment.on + timedelta(days=lag)),
            subject=self.one_of(SUBJECTS), details=self.details(kind), contacts_recorded=not self.once_in(20),
        )  # fmt: skip

    def duty(self) -> tuple[Rule, DutyNamed] | None:
        """A duty that some version of some event may have started, and most of what it must tell."""
        event_, edition = self.one_of(self.events), self.one_of(CODE.editions)
        rules = edition.rules_started_by(event_.kind)
        if not rules:
            return None
        rule = self.one_of(rules)
        tellings = sorted(telling.id for telling in rule.must_tell)
        left_out = self.one_of((None, None, *tellings))
        return rule, duty(rule.id, event_.key, *(telling for telling in tellings if telling != left_out))

    def is_answered(self) -> None:
        found = [answered for _ in range(1 + self.upto(1)) if (answered := self.duty())]
        kinds = [kind for rule, _ in found for kind in sorted(rule.met_by)]
        kind = self.one_of((*kinds, *kinds, EventKind.CONTACT_MADE, EventKind.CONTACT_ATTEMPTED))
        self.add(kind, self.moment(), answers=[named for _, named in found], subject=self.one_of(SUBJECTS))

    def is_linked(self) -> None:
        if found := self.duty():
            contact = self.one_of(self.events).key
            self.add(EventKind.ALSO_ANSWERED, self.moment(), answers=[found[1]], details={"contact": contact})

    def is_refused(self) -> None:
        if found := self.duty():
            self.add(self.one_of(REFUSALS), self.moment(), answers=[found[1]])

    def has_a_reason(self) -> None:
        if found := self.duty():
            self.add(EventKind.GOOD_REASON_REQUESTED, self.moment(), answers=[found[1]])
            for _ in range(1 + self.upto(1)):
                self.add(self.one_of(DECISIONS), self.moment(), answers=[found[1]])

    def is_corrected(self) -> None:
        wrong = self.one_of((self.events[-1], self.one_of(self.events)))
        ways = [Correction.AMENDS, Correction.NEVER_HAPPENED, Correction.CHANGES_NEWS, Correction.CHANGES_NEWS]
        how = self.one_of(ways if wrong.received else ways[:2])
        amended = how is Correction.AMENDS
        received = self.one_of((wrong.received, Moment.day(self.day()))) if wrong.received else None
        self.add(
            wrong.kind, self.one_of((wrong.happened, self.moment())), corrects=wrong.key, correction=how,
            received=received, answers=wrong.duties, contacts_recorded=wrong.contacts_recorded,
            subject=self.one_of((wrong.subject, "A")) if amended else wrong.subject,
            details=(self.details(wrong.kind) if amended else {}) or wrong.details,
        )  # fmt: skip


def journeys() -> st.SearchStrategy[Journey]:
    """Journeys of one to some thirty events within three weeks, under the editions of CODE."""
    return st.binary(min_size=220, max_size=220).map(lambda chance: Journey.of("BED-000001", Writer(chance).write()))


def recorded_in_another_order(journey: Journey, order: list[int]) -> Journey:
    """The same events recorded in another order, save that corrections of one event keep theirs."""
    corrects = {e.key: e.corrects for e in journey.events}

    def first(key: str) -> str:
        return first(corrects[key] or "") if corrects[key] else key

    times = [journey.events[0].recorded_at + timedelta(minutes=number) for number in order]
    moved = {e.key: at for e, at in zip(journey.events, times, strict=True)}
    for root in {first(key) for key in corrects}:
        chain = [e for e in journey.events if first(e.key) == root and e.key != root]
        in_order = sorted(chain, key=lambda e: (e.recorded_at, e.key))
        for version, at in zip(in_order, sorted(moved[e.key] for e in chain), strict=True):
            moved[version.key] = at
    return Journey.of(journey.case_ref, [replace(e, recorded_at=moved[e.key]) for e in journey.events])
