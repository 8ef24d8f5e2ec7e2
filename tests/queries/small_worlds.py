"""Small invented worlds with something of everything that a board's figures count, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import Connection, Table, insert, select, update

from tests.builders import duty, event
from tests.domain.random_journeys import CALENDAR, CODE, Writer
from tests.queries.worlds import LAW, RECORDING, renamed
from victimcare.domain.case import Case
from victimcare.domain.counted import STEPS_COUNTED
from victimcare.domain.dip_sample import Answer
from victimcare.domain.entitlements import assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.feedback import FeedbackAnswer
from victimcare.domain.journey import Correction, Journey, JourneyEvent, Moment
from victimcare.domain.quarter import Quarter
from victimcare.domain.stage_line import STAGES
from victimcare.domain.tally import CHARACTERISTICS
from victimcare.editions.feedback import published_survey
from victimcare.store import breach_causes, bulk, staff
from victimcare.store.breaches import BREACHES
from victimcare.store.equality import EQUALITY
from victimcare.store.feedback import GIVEN, REQUESTS, THEMES
from victimcare.store.quality import QUALITY

QUARTERS = tuple(Quarter(2026, 1).next(count) for count in range(4))
SURVEY = published_survey()
AREAS = ("Luton", "Bedford Borough", "Central Bedfordshire")
OFFICERS = {"ash": "luton", "birch": "luton", "cedar": "bedford", "elm": "luton", "fir": "bedford"}
SIGNED = datetime(2035, 1, 1, 12, tzinfo=UTC)
_FIRST_ON = date(2025, 12, 1)
_WAY = ("referral_offered", "referral_consented", "referral_sent", "referral_received", "referral_accepted",
        "support_contacted", "support_started", "support_ended")  # fmt: skip
_ASIDE = ("referral_declined", "referral_refused", "opted_out", "opted_in", "support_needs_asked")


@dataclass
class Asked:
    """One victim who was asked how it was for them; `answers` is None where they did not answer."""

    area: str
    team: str
    point: str
    asked_on: date | None
    answers: Mapping[str, FeedbackAnswer] | None = None
    themes: frozenset[str] = frozenset()
    read_at: datetime | None = None


@dataclass
class InventedCase:
    """A case, and what stands in no journey: answers of the victim by characteristic, and what supervisors found.

    An answer is ("recorded", category or None) or ("prefers_not_to_say", None). `found` is by month and officer.
    `found_late`, `causes` and `overturned` are of breaches, by rule and the key of the event that started the duty.
    All of these were written down at `signed_at`, which is when breaches were found too; causes at `given_at`.
    """

    journey: Journey
    area: str
    crime_type: str
    characteristics: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    found: dict[tuple[str, str], dict[str, Answer]] = field(default_factory=dict)
    causes: dict[tuple[str, str], str] = field(default_factory=dict)
    overturned: set[tuple[str, str]] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)
    signed_at: datetime = SIGNED
    given_at: datetime = SIGNED
    found_late: set[tuple[str, str]] = field(default_factory=set)
    opened_on: date | None = None

    def known_before(self, until: datetime) -> InventedCase | None:
        """What of it somebody had recorded by then; None where nobody had opened it."""
        known: list[JourneyEvent] = []
        for _ in self.journey.events:
            keys = {one.key for one in known}
            before = (event for event in self.journey.events if event.recorded_at < until)
            known = [event for event in before if not event.corrects or event.corrects in keys]
        if not any(event.kind is EventKind.OFFICER_ASSIGNED for event in known):
            return None
        is_signed = self.signed_at < until
        return replace(
            self,
            journey=replace(self.journey, events=tuple(known)),
            found=self.found if is_signed else {},
            causes=self.causes if self.given_at < until else {},
            overturned=self.overturned if is_signed else set(),
            found_late=self.found_late if is_signed else set(),
            opened_on=min(event.happened.on for event in self.journey.events),
        )


def small_world(seed: int) -> list[InventedCase]:
    """Three to twelve cases."""
    chance = Random(seed)
    return [_case(chance, f"W{seed}-{number:02}") for number in range(chance.randrange(3, 13))]


def keep(connection: Connection, world: list[InventedCase]) -> None:
    """Store it, as an import and those who record would."""
    crimes = [
        bulk.CrimeWithCases(
            "test", case.journey.case_ref, case.crime_type, case.area, [bulk.VictimCase(_as_case(case))]
        )
        for case in world
    ]
    staff.ensure_system(connection)
    for stored, case in zip(bulk.open_cases(connection, crimes, recording=RECORDING, law=LAW), world, strict=True):
        _keep_aside(connection, stored.id, stored.victim_id, case)


class _Noise(Writer):
    """What nobody would invent, from this day on."""

    def __init__(self, chance: bytes, first_on: date) -> None:
        super().__init__(chance)
        self._first_day = first_on


class _Teller:
    """Tells one case, event by event."""

    def __init__(self, chance: Random, ref: str) -> None:
        self.chance, self.ref = chance, ref
        self.first_on = _FIRST_ON + timedelta(days=chance.randrange(270))
        self.events: list[JourneyEvent] = []

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def later(self, most: int = 90) -> date:
        return self.first_on + timedelta(days=self.chance.randrange(most))

    def add(self, kind: str, on: date | Moment, **more: object) -> JourneyEvent:
        told = event(kind, on, key=f"{self.ref}-{len(self.events):03}", **more)  # type: ignore[arg-type]
        self.events.append(told)
        return told

    def tell(self) -> Journey:
        report = self.first_on
        month_only = Moment.month(report.year, report.month) if self.often(0.05) and report.day > 1 else report
        self.officers()
        if month_only is report:
            self.add("crime_reported", report, contacts_recorded=not self.often(0.1))
        for part in (self.suspect, self.support, self.steps, self.attempts, self.gaps, self.turns):
            part()
        if self.often(0.3):
            noise = _Noise(self.chance.randbytes(220), self.first_on).write()
            self.events += (renamed(one, f"{self.ref}-noise") for one in noise)
        self.corrections()
        self.answers()
        return Journey.of(self.ref, self.events)

    def officers(self) -> None:
        on = self.first_on
        for _ in range(self.chance.choice([1, 1, 1, 2, 3, 5, 6])):
            officer = self.chance.choice(list(OFFICERS))
            self.add("officer_assigned", on, officer=officer, team=OFFICERS[officer])
            on += timedelta(days=self.chance.randrange(1, 40))

    def suspect(self) -> None:
        """Mostly in the order of the stages, sometimes not, and of some only the month is known."""
        on = self.first_on
        for stage in list(STAGES)[1:]:
            if self.often(0.35):
                continue
            on = self.later() if self.often(0.15) else on + timedelta(days=self.chance.randrange(30))
            kind = self.chance.choice(STAGES[stage])
            details = {"hearing_type": "trial", "hearing_on": on + timedelta(days=9)} if "hearing" in kind else {}
            when = Moment.month(on.year, on.month) if self.often(0.05) else on
            label = "Hearing 1" if "hearing" in kind else "Suspect 1"
            self.add(kind, when, received=on + timedelta(days=self.chance.randrange(3)), subject=label, details=details)

    def support(self) -> None:
        on = self.first_on
        for kind in _WAY[: self.chance.randrange(len(_WAY) + 1)]:
            on += timedelta(days=self.chance.randrange(4))
            if not self.often(0.08):
                self.add(kind, on, subject=self.chance.choice(["Service A", "Service A", "Service B"]))
        for _ in range(self.chance.choice([0, 0, 1, 2])):
            scope = {"scope": self.chance.choice(["all", "right:4", "right:6"])}
            kind = self.chance.choice(_ASIDE)
            self.add(kind, self.later(20), subject="Service A", details=scope if "opted" in kind else {})

    def steps(self) -> None:
        for _ in range(self.chance.randrange(5)):
            self.add(self.chance.choice(STEPS_COUNTED), self.later())

    def attempts(self) -> None:
        for _ in range(self.chance.randrange(6)):
            self.add("contact_attempted", self.later())

    def gaps(self) -> None:
        for _ in range(self.chance.choice([0, 0, 1, 2, 3])):
            self.add("no_service_fits", self.later(), need=self.chance.choice(["stalking", "court", "any"]))

    def turns(self) -> None:
        on = self.later()
        for kind in ("case_closed", "case_reopened", "case_closed")[: self.chance.choice([0, 0, 1, 1, 2, 3])]:
            self.add(kind, on)
            on += timedelta(days=self.chance.randrange(1, 60))
        if self.often(0.05):
            self.add("case_voided", self.later())

    def corrections(self) -> None:
        """Of a day, of what never happened, and of a correction."""
        for _ in range(self.chance.choice([0, 1, 2, 4])):
            wrong = self.chance.choice(self.events)
            if wrong.kind is EventKind.OFFICER_ASSIGNED or wrong.key.startswith(f"{self.ref}-noise"):
                continue
            how = self.chance.choice([Correction.AMENDS, Correction.AMENDS, Correction.NEVER_HAPPENED])
            moved = Moment.day(self.later()) if how is Correction.AMENDS else wrong.happened
            at = datetime.combine(date(2027, 1, 1) + timedelta(days=len(self.events)), time(9), UTC)
            correction = replace(wrong, key=f"{self.ref}-{len(self.events):03}", corrects=wrong.key, correction=how)
            self.events.append(replace(correction, happened=moved, recorded_at=at))

    def answers(self) -> None:
        """Many duties are answered about their day, and some of those answers are typed in later."""
        for owed in assess(Journey.of(self.ref, self.events), CODE, CALENDAR):
            if owed.due_on is None or owed.ending is not None or self.often(0.4):
                continue
            on = max(self.first_on, owed.due_on + timedelta(days=self.chance.randrange(-6, 4)))
            kind = self.chance.choice(sorted(owed.rule.met_by) or [EventKind.CONTACT_MADE])
            told = [duty(owed.rule.id, owed.start.versions[-1], *(telling.id for telling in owed.rule.must_tell))]
            recorded = on + timedelta(days=self.chance.choice([0, 0, 2, 30]))
            self.add(kind, on, answers=told, recorded=recorded, subject=owed.start.current.subject)


def _case(chance: Random, ref: str) -> InventedCase:
    journey = _Teller(chance, ref).tell()
    case = InventedCase(journey, chance.choice(AREAS), chance.choice(["Burglary", "Robbery"]))
    for characteristic in CHARACTERISTICS:
        answer = chance.choice([None, None, ("recorded", "One"), ("recorded", "Two"), ("recorded", None),
                                ("prefers_not_to_say", None)])  # fmt: skip
        if answer:
            case.characteristics[characteristic] = answer
    for month in chance.sample(["2026-01", "2026-04", "2026-05", "2026-09"], chance.randrange(3)):
        asked = chance.sample(["plain_words", "next_step", "reasons"], chance.randrange(1, 4))
        case.found[month, chance.choice(list(OFFICERS))] = {code: chance.choice(list(Answer)) for code in asked}
    for owed in assess(journey, CODE, CALENDAR):
        if chance.random() < 0.3:
            cause = chance.choice([None, "overlooked", "workload"])
            if cause and owed.late_on(RECORDING.on):
                case.causes[owed.rule.id, owed.start.key] = cause
        if chance.random() < 0.2:
            case.overturned.add((owed.rule.id, owed.start.key))
        if owed.due_on and ((owed.rule.id, owed.start.key) in case.overturned or owed.late_on(RECORDING.on)):
            case.found_late.add((owed.rule.id, owed.start.key))
    case.asked = list(_asked(chance, case))
    signing = Random(ref)
    opened_at = min(event.recorded_at for event in journey.events if event.kind is EventKind.OFFICER_ASSIGNED)
    case.signed_at = opened_at + timedelta(days=signing.randrange(300))
    case.given_at = case.signed_at + timedelta(days=signing.randrange(60))
    return case


def _asked(chance: Random, case: InventedCase) -> Iterator[Asked]:
    for point in chance.sample([point.code for point in SURVEY.points], chance.randrange(4)):
        on = _FIRST_ON + timedelta(days=chance.randrange(420))
        asked = Asked(case.area, chance.choice(["luton", "bedford"]), point, on if chance.random() < 0.9 else None)
        if chance.random() < 0.7 and asked.asked_on:
            asked.answers = {question.code: chance.choice(list(FeedbackAnswer)) for question in SURVEY.questions}
            if chance.random() < 0.5:
                asked.themes = frozenset(chance.sample([theme.code for theme in SURVEY.themes], chance.randrange(4)))
                asked.read_at = datetime.combine(on + timedelta(days=chance.choice([9, 200])), time(9), UTC)
        yield asked


def _as_case(case: InventedCase) -> Case:
    return Case(case.journey.case_ref, case.journey, 1, case.area, case.crime_type)


def _keep_aside(connection: Connection, case_id: int, victim_id: int, case: InventedCase) -> None:
    signed = {"recorded_by": "ash", "recorded_at": SIGNED}
    _insert(connection, EQUALITY, [
        {"victim_id": victim_id, "characteristic": characteristic, "answer": answer, "category": category, **signed,
         "sealed_words": b"sealed" if answer == "recorded" and category is None else None}
        for characteristic, (answer, category) in case.characteristics.items()
    ])  # fmt: skip
    of = {"case_id": case_id, "team_id": "luton", "answered_by": "elm", "answered_at": case.signed_at}
    _insert(connection, QUALITY, [
        {"month": month, "officer_id": officer, "question": question, "answer": answer.value, **of}
        for (month, officer), found in case.found.items() for question, answer in found.items()
    ])  # fmt: skip
    _keep_breaches(connection, case_id, case)
    for number, asked in enumerate(case.asked):
        _keep_asked(connection, case_id, f"{case.journey.case_ref}-{number}", asked)


def _keep_breaches(connection: Connection, case_id: int, case: InventedCase) -> None:
    """Causes are given to those that there are; what was once found late and is not stands overturned."""
    mine = BREACHES.c.case_id == case_id
    connection.execute(update(BREACHES).where(mine).values(found_at=case.signed_at))
    found = {(row.rule, row.start_key): row.id for row in connection.execute(select(BREACHES).where(mine))}
    for duty_named in found.keys() & case.causes.keys():
        given = {"cause": case.causes[duty_named], "note_id": None, "by": "elm", "at": case.given_at}
        breach_causes.give(connection, found[duty_named], case_id=case_id, **given)
    held = {"case_id": case_id, "officer_id": "ash", "team_id": "luton", "found_at": case.signed_at}
    _insert(connection, BREACHES, [
        {"rule": owed.rule.id, "start_key": owed.start.key, "right_number": owed.rule.right, "owed_by": owed.owed_by,
         "due_on": owed.due_on, "cause": "recorded_late" if owed.known_on > owed.due_on else None,
         "overturned_by": "a later event", "overturned_at": case.signed_at, **held}
        for owed in assess(case.journey, CODE, CALENDAR)
        if owed.due_on and (owed.rule.id, owed.start.key) in case.overturned - found.keys()
    ])  # fmt: skip


def _keep_asked(connection: Connection, case_id: int, number: str, asked: Asked) -> None:
    ended = {"ended_as": "answered", "ended_at": SIGNED, "ended_by": "ash"} if asked.answers else {}
    read = {"read_at": asked.read_at, "read_by": "elm"} if asked.read_at else {}
    row = {"case_id": case_id, "number": number, "point": asked.point, "channel": "phone", "team_id": asked.team,
           "area": asked.area, "asked_on": asked.asked_on, "written_by": "ash", "written_at": SIGNED,
           "contains_location": False, **ended, **read}  # fmt: skip
    request_id = connection.execute(insert(REQUESTS).values(row).returning(REQUESTS.c.id)).scalar_one()
    answers = asked.answers or {}
    _insert(connection, GIVEN, [{"request_id": request_id, "question": q, "answer": a} for q, a in answers.items()])
    _insert(connection, THEMES, [{"request_id": request_id, "theme": theme} for theme in sorted(asked.themes)])


def _insert(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(insert(table), rows)
