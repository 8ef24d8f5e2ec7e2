"""Crimes, victims and whole cases invented one after the other, each with a case officer chosen as for real ones."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from victimcare.domain.allocation import Allocation, Candidate, NewCase, allocate
from victimcare.domain.calendar import london_date
from victimcare.domain.event_kinds import EventKind as K
from victimcare.domain.law import Law
from victimcare.domain.references import CASE_LETTERS
from victimcare.exchange.demonstration.casework import CaseWriter, Custody, WrittenCase
from victimcare.exchange.demonstration.choices import Tiers, needs_and_choices
from victimcare.exchange.demonstration.journeys import life_story, reported
from victimcare.exchange.demonstration.people import AREAS, Establishment, Staff
from victimcare.exchange.demonstration.real_crimes import PublishedCrime, real_story
from victimcare.exchange.demonstration.story import Happening, Story
from victimcare.exchange.demonstration.todays_work import (
    FOR_EVERY_OFFICER,
    FOR_THE_ACCOUNT,
    FOR_THE_OVERLOADED,
    DayWork,
    Today,
)
from victimcare.exchange.demonstration.victims import InventedCrime, InventedVictim, invent_crime, invent_victim
from victimcare.exchange.police_uk_mapping import SOURCE as PUBLISHED
from victimcare.store.bulk import CrimeWithCases, VictimCase

SOURCE = "demonstration"
_DAYS = 548
"""How long ago they began, and a little more: with the first of a month, so that no chart begins with part of one."""
_OVERLOADED = 2
_HELD = 3
_AREA_WITHOUT_TRAINING = AREAS[0]
_CASELOAD_OF_FULL_CAPACITY = 30

StoredCrime = tuple[CrimeWithCases, Sequence["InventedCase"]]


@dataclass(frozen=True, slots=True)
class InventedCase:
    """A written case and whose it is."""

    ref: str
    victim: InventedVictim
    written: WrittenCase


class Caseload:
    """Who holds how many open cases as the months go by, so that allocation is that of the domain."""

    def __init__(self, people: Establishment) -> None:
        self._on_duty = people.on_duty
        self._officers_of: dict[str, list[Staff]] = {}
        for officer in people.officers:
            self._officers_of.setdefault(officer.area, []).append(officer)
        self._open = dict.fromkeys((officer.id for officer in people.officers), 0)
        self._room = _CASELOAD_OF_FULL_CAPACITY
        self._closing: list[tuple[datetime, str]] = []

    def make_room_for(self, cases: int) -> None:
        """Let the officers hold that many cases together, besides what they usually hold."""
        self._room = _CASELOAD_OF_FULL_CAPACITY + cases // len(self._open)

    def allocate(self, case: NewCase, at: datetime) -> Allocation:
        """Who takes a case that is recorded at this instant."""
        while self._closing and self._closing[0][0] <= at:
            _, officer_id = heapq.heappop(self._closing)
            self._open[officer_id] -= 1
        return allocate(case, self._candidates(case.area, london_date(at)), self._on_duty)

    def take(self, officer_id: str, closing_at: datetime | None) -> None:
        """The officer holds one more case, until it closes."""
        if officer_id in self._open:
            self._open[officer_id] += 1
            if closing_at is not None:
                heapq.heappush(self._closing, (closing_at, officer_id))

    def _candidates(self, area: str, day: date) -> Iterator[Candidate]:
        for officer in self._officers_of.get(area, ()):
            if not officer.absent_on(day):
                yield Candidate(
                    officer.id,
                    str(officer.team_id),
                    officer.area,
                    officer.specialisms,
                    True,
                    self._open[officer.id],
                    self._room,
                )


class Invention:
    """Invents everything, in one order that only the seed decides."""

    def __init__(self, *, chance: Random, law: Law, now: datetime, people: Establishment) -> None:
        self._chance = chance
        self._law = law
        self._now = now
        self._today = london_date(now)
        self._people = people
        self._staff = {person.id: person for person in people.staff}
        self._officers_in: dict[str, list[Staff]] = {}
        for officer in people.officers:
            self._officers_in.setdefault(str(officer.team_id), []).append(officer)
        self._caseload = Caseload(people)
        self._refs: set[str] = set()
        self._numbers = 0
        edition = law.code.latest
        higher = next(tier.id for tier in edition.tiers if not tier.default)
        self._tiers = Tiers(edition.default_tier, higher)

    def crimes(self, *, victims: int) -> Iterator[StoredCrime]:
        """Crimes with `victims` victims in all: those of 18 months in turn, then today's work for every officer."""
        work = self._work_of_today()[: victims // 2]
        held = min(_HELD, victims - len(work))
        sizes = list(self._victims_of_crimes(victims - len(work) - held))
        begun = (self._today - timedelta(days=_DAYS)).replace(day=1)
        days = sorted(begun + timedelta(days=self._chance.randrange((self._today - begun).days)) for _ in sizes)
        for day, size in zip(days, sizes, strict=True):
            yield self._crime_of_chance(day, size)
        for officer, day_work in work:
            yield self._crime_for_today(officer, day_work)
        for _ in range(held):
            yield self._crime_that_nobody_can_take()

    def on_published(self, published: Sequence[PublishedCrime]) -> Iterator[StoredCrime]:
        """Each published crime with one invented victim and the journey that there may have been."""
        self._caseload.make_room_for(len(published))
        for real in published:
            crime = invent_crime(self._chance, area=real.row.area, crime_type=real.row.crime_type)
            victim = invent_victim(self._chance, crime, reported_on=real.day)
            happenings = list(real_story(self._story(real.day), real, crime))
            told = [*happenings, *needs_and_choices(self._story(real.day), victim, self._tiers)]
            allocation = self._caseload.allocate(NewCase(crime.area, crime.needs(victim)), happenings[0].recorded_at)
            case = self._case(crime, victim, told, self._custody(allocation), {})
            yield _crime_with_cases(crime, [case], PUBLISHED, real.row.crime_ref, real.row.fingerprint)

    def _victims_of_crimes(self, victims: int) -> Iterator[int]:
        while victims > 0:
            size = min(victims, self._chance.choices((1, 2, 3), (93, 5, 2))[0])
            victims -= size
            yield size

    def _work_of_today(self) -> list[tuple[Staff, DayWork]]:
        """The account's officer first, so that a small demonstration has a full day for one officer at least."""
        officers = self._people.officers
        work = [(officers[0], day_work) for day_work in FOR_THE_ACCOUNT]
        for number, officer in enumerate(officers[1:], start=1):
            works = FOR_THE_OVERLOADED if number == _OVERLOADED else FOR_EVERY_OFFICER
            work += [(officer, day_work) for day_work in works]
        return work

    def _crime_of_chance(self, day: date, size: int) -> StoredCrime:
        crime = invent_crime(self._chance)
        story = self._story(day)
        happenings = list(life_story(story, crime))
        shared = {happening: self._key() for happening in happenings}
        report = happenings[0]
        cases = []
        for _ in range(size):
            victim = invent_victim(self._chance, crime, reported_on=day)
            allocation = self._caseload.allocate(NewCase(crime.area, crime.needs(victim)), report.recorded_at)
            own = self._story(day)
            told = [*happenings, *needs_and_choices(own, victim, self._tiers)]
            cases.append(self._case(crime, victim, told, self._custody(allocation), shared))
        return self._stored(crime, cases)

    def _crime_for_today(self, officer: Staff, day_work: DayWork) -> StoredCrime:
        crime = invent_crime(self._chance, area=officer.area, crime_type="Burglary")
        story = self._story(self._today, prompt=True)
        happenings = list(day_work(story, Today(self._today, self._law, self._tiers)))
        victim = invent_victim(self._chance, crime, reported_on=london_date(happenings[0].at), child=False)
        allocation = Allocation(officer.id, str(officer.team_id), "chosen by the supervisor")
        custody = Custody(allocation, officer, (), self._supervisor_of(str(officer.team_id)))
        return self._stored(crime, [self._case(crime, victim, happenings, custody, {})])

    def _crime_that_nobody_can_take(self) -> StoredCrime:
        """Reported yesterday by a child, where everybody with the training is away: the duty supervisor holds it."""
        crime = InventedCrime("Theft from the person", _AREA_WITHOUT_TRAINING)
        day = self._today - timedelta(days=1)
        victim = invent_victim(self._chance, crime, reported_on=day, child=True)
        story = self._story(day)
        happenings = [*reported(story, contacts_recorded=True)]
        allocation = self._caseload.allocate(NewCase(crime.area, crime.needs(victim)), happenings[0].recorded_at)
        custody = replace(self._custody(allocation), colleagues=())
        return self._stored(crime, [self._case(crime, victim, happenings, custody, {})])

    def _case(
        self,
        crime: InventedCrime,
        victim: InventedVictim,
        happenings: Iterable[Happening],
        custody: Custody,
        shared: dict[Happening, str],
    ) -> InventedCase:
        writer = CaseWriter(
            chance=self._chance,
            law=self._law,
            now=self._now,
            ref=self._ref(),
            custody=custody,
            at_risk=crime.serious,
            shared=shared,
        )
        written = writer.write(happenings, area=crime.area, crime_type=crime.crime_type)
        closed = [e.recorded_at for e in written.case.journey.events if e.kind is K.CASE_CLOSED]
        self._caseload.take(written.case.holder.officer_id, max(closed, default=None))
        return InventedCase(written.case.ref, victim, written)

    def _stored(self, crime: InventedCrime, cases: Sequence[InventedCase]) -> StoredCrime:
        self._numbers += 1
        return _crime_with_cases(crime, cases, SOURCE, f"DEMO-{self._numbers:06}")

    def _story(self, day: date, *, prompt: bool = False) -> Story:
        return Story(chance=self._chance, calendar=self._law.calendar, day=day, prompt=prompt)

    def _custody(self, allocation: Allocation) -> Custody:
        holder = self._staff[allocation.officer_id]
        colleagues = [
            officer
            for officer in self._officers_in[allocation.team_id]
            if officer.id != holder.id and holder.specialisms <= officer.specialisms
        ]
        return Custody(allocation, holder, colleagues, self._supervisor_of(allocation.team_id))

    def _supervisor_of(self, team_id: str) -> str:
        return next(team.supervisor_id for team in self._people.teams if team.id == team_id)

    def _ref(self) -> str:
        while True:
            letters = "".join(self._chance.choices(CASE_LETTERS, k=10))
            ref = f"{letters[:5]}-{letters[5:]}"
            if ref not in self._refs:
                self._refs.add(ref)
                return ref

    def _key(self) -> str:
        return f"{self._chance.getrandbits(80):020x}"


def _crime_with_cases(
    crime: InventedCrime, cases: Sequence[InventedCase], source: str, ref: str, fingerprint: str | None = None
) -> StoredCrime:
    rows = [
        VictimCase(
            case.written.case,
            case.victim.name,
            case.victim.born_on,
            language=case.victim.language,
            held=case.written.held,
            recorded_by=case.written.recorded_by,
            crime_event_keys=case.written.crime_event_keys,
        )
        for case in cases
    ]
    return CrimeWithCases(source, ref, crime.crime_type, crime.area, rows, fingerprint), cases
