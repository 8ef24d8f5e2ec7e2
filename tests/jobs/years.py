"""A force over years, at random: what happens is told to the service through its commands, and to the wall by hand.

The limits and the ladder are written down here a second time, so that nothing is asked of what is tested.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

from sqlalchemy import insert, update

from tests.commands.ladder_model import DAY, LONDON, Duty, Steps, Team, Wall
from tests.force import VAULT, Force
from tests.queries.test_case_lists import keep_lists
from victimcare.commands.choose_notices import choose_notices
from victimcare.commands.keep_people import note_left
from victimcare.commands.name_cover import name_cover
from victimcare.commands.reassign_cases import reassign_cases
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.cover import Cover
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, DutyNamed, Moment
from victimcare.domain.people import CaseLists, Person, Role
from victimcare.store.staff import PEOPLE, SYSTEM, TEAMS

LIMITS = {"R3-WRIT": (5, 1), "R3-INFO": (5, 1), "R3-RJ": (5, 1), "R4-REF": (2, 2), "R6-ARR": (5, 1), "R6-REL": (5, 1)}
"""Working days, for standard and for enhanced rights."""
TOLD_AT_REPORT = ("R3-WRIT", "R3-INFO", "R3-RJ")
LADDER: Steps = {
    "": [(-2, ["o"], False), (0, ["o"], False), (1, ["o", "s"], False), (3, ["s", "n"], False)],
    "R6-REL": [(-1, ["o"], False), (0, ["o"], True), (1, ["o", "s"], True), (2, ["s", "n"], True)],
}
SUPERVISORS = {"elm": "luton", "gorse": "luton", "fir": "bedford", "hazel": "bedford"}
AREAS = {"luton": "Luton", "bedford": "Bedford Borough"}
Name = tuple[str, str, str]
"""A duty: the case's reference, the rule, and the event that started it."""


@dataclass
class Card:
    """One case, as somebody would keep it on a card."""

    ref: str
    case_id: int
    team: str
    enhanced_on: date | None = None
    began: dict[Name, date] = field(default_factory=dict)
    ended: set[Name] = field(default_factory=set)
    contact: tuple[str, datetime, list[Name]] | None = None


class Years:
    """The force, the wall, and what is still to happen."""

    def __init__(self, force: Force, *, officers: int, seed: int) -> None:
        self.force, self.random = force, Random(seed)
        self.officers = {"ash": "luton", "birch": "luton", "cedar": "bedford"}
        team_of = {**SUPERVISORS, **self.officers}
        teams = {"luton": Team("elm", "fir"), "bedford": Team("fir", None)}
        holidays = force.law.calendar
        self.wall = Wall(holidays, team_of, list(SUPERVISORS), teams, {}, steps=LADDER)
        self.cards: dict[str, Card] = {}
        self.covers: list[Cover] = []
        self.absences: dict[str, tuple[date, date]] = {}
        self.happened = 0
        self._numbers = count(1)
        self._ahead: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        with force.database.writing() as connection:
            for name in ("gorse", "hazel"):
                row = {"id": name, "name": name, "role": Role.SUPERVISOR.value, "team_id": SUPERVISORS[name]}
                connection.execute(insert(PEOPLE).values(**row))
            connection.execute(update(TEAMS).values(inbox=TEAMS.c.id + "@example.invalid"))
            connection.execute(update(PEOPLE).values(email=PEOPLE.c.id + "@example.invalid", each_notice_alone=False))
        for number in range(len(self.officers), officers):
            self.hire("luton" if number % 2 else "bedford")

    # Time

    def plan(self, at: datetime, what: Callable[[datetime], None]) -> None:
        """It will happen then."""
        heappush(self._ahead, (at, next(self._numbers), what))

    def later(self, now: datetime, days: int, what: Callable[[datetime], None]) -> None:
        """It will happen so many days on, at some time of the day."""
        at = datetime.combine(now.astimezone(LONDON).date() + timedelta(days=days), time(6), LONDON)
        self.plan(max(at.astimezone(UTC) + timedelta(seconds=self.random.randrange(16 * 3600)), now + DAY / 48), what)

    def until(self, now: datetime) -> None:
        """Everything happens that comes before now."""
        while self._ahead and self._ahead[0][0] < now:
            at, _, what = heappop(self._ahead)
            self.it_is(at.astimezone(LONDON).date())
            what(at)
            self.happened += 1
        self.it_is(now.astimezone(LONDON).date())

    def it_is(self, today: date) -> None:
        """Who is away today, and who stands in."""
        self.wall.cover = {cover.officer_id: cover.cover_id for cover in self.covers if cover.holds_on(today)}
        self.wall.away = {who for who, (first, back) in self.absences.items() if first <= today < back}

    # Cases

    def crime(self, now: datetime) -> None:
        """A crime is reported; and what will become of it is decided."""
        officer = self.random.choice(self.present(None))
        team = self.officers[officer]
        number = next(self._numbers)
        case = self.force.record_crime(
            "Wren Sample", area=AREAS[team], ref=f"40/{number}/25", at=now, officer_of_open_case=officer
        )[0]
        ref, reported = case.case.ref, case.case.journey.events[0].key
        card = self.cards[ref] = Card(ref, case.id, team)
        self.wall.holder[ref] = officer
        for rule in (*TOLD_AT_REPORT, "R4-REF"):
            card.began[ref, rule, reported] = now.astimezone(LONDON).date()
        self.news(card, now)
        pick = self.random.choice
        self.later(now, pick([0, 1, 3, 4, 6, 7, 8, 9, 12, 20]), lambda at: self.told(card, at))
        self.later(now, pick([0, 1, 2, 3, 4, 5, 9]), lambda at: self.found_not_to_apply(card, at))
        if self.often(0.5):
            self.later(now, pick(range(3, 60)), lambda at: self.arrested(card, at))
        if self.often(0.25):
            self.later(now, pick(range(30)), lambda at: self.found_to_have_enhanced_rights(card, at))
        if self.often(0.15):
            self.later(now, pick(range(40)), lambda at: self.handed_over(card, at))
        if self.often(0.03):
            self.later(now, pick(range(20)), lambda at: self.somebody_kept_from(card, at))

    def often(self, share: float) -> bool:
        """In so many cases of one."""
        return self.random.random() < share

    def told(self, card: Card, now: datetime) -> None:
        """The victim is told everything that they are owed, except the referral."""
        names = [name for name in self.open_of(card) if name[1] != "R4-REF"]
        if not names:
            return
        answers = [DutyNamed(rule, start) for _, rule, start in names]
        key = self.force.record(card.ref, EventKind.CONTACT_MADE, now, duties=answers, channel="phone")
        card.contact = (key, now, names)
        self.end(card, names, now)
        if self.often(0.06):
            self.later(now, self.random.randrange(1, 12), lambda at: self.was_not_told_after_all(card, at))

    def was_not_told_after_all(self, card: Card, now: datetime) -> None:
        """The contact was recorded on the wrong case."""
        if card.contact is None:
            return
        (key, at, names), card.contact = card.contact, None
        self.correct(card, EventKind.CONTACT_MADE, Moment.instant(at), key, Correction.NEVER_HAPPENED, now)
        card.ended -= set(names)
        self.news(card, now)
        self.later(now, self.random.randrange(9), lambda at: self.told(card, at))

    def found_not_to_apply(self, card: Card, now: datetime) -> None:
        """No referral is needed."""
        names = [name for name in self.open_of(card) if name[1] == "R4-REF"]
        answers = [DutyNamed(rule, start) for _, rule, start in names]
        self.force.record(card.ref, EventKind.DUTY_NOT_APPLICABLE, now, duties=answers, reason="other")
        self.end(card, names, now)

    def arrested(self, card: Card, now: datetime) -> None:
        """A suspect is arrested; they may be free soon, or it was on another day, or it was nobody."""
        key = self.force.record(card.ref, EventKind.SUSPECT_ARRESTED, now, subject="Suspect 1")
        name = (card.ref, "R6-ARR", key)
        self.begin(card, name, now)
        self.later(now, self.random.choice([0, 1, 4, 6, 7, 8, 10, 13]), lambda at: self.told(card, at))
        if self.often(0.7):
            self.later(now, self.random.randrange(1, 5), lambda at: self.released(card, at))
        if self.often(0.2):
            self.later(now, self.random.randrange(0, 4), lambda at: self.was_on_another_day(card, name, at))
        elif self.often(0.06):
            self.later(now, self.random.randrange(0, 12), lambda at: self.was_nobody(card, name, at))

    def released(self, card: Card, now: datetime) -> None:
        """They are free again: urgent."""
        key = self.force.record(card.ref, EventKind.SUSPECT_RELEASED_WITHOUT_CHARGE, now, subject="Suspect 1")
        self.begin(card, (card.ref, "R6-REL", key), now)
        self.later(now, self.random.choice([0, 1, 3, 6, 7, 8, 9, 11]), lambda at: self.told(card, at))

    def was_on_another_day(self, card: Card, name: Name, now: datetime) -> None:
        """The arrest was a day or more earlier, or, as was thought, later."""
        days = self.random.choice([-3, -2, -1, 1, 2, 3])
        on = min(card.began[name] + timedelta(days=days), now.astimezone(LONDON).date())
        self.correct(card, EventKind.SUSPECT_ARRESTED, Moment.day(on), name[2], Correction.AMENDS, now)
        card.began[name] = on
        self.news(card, now)

    def was_nobody(self, card: Card, name: Name, now: datetime) -> None:
        """There was no arrest."""
        day = Moment.day(card.began[name])
        self.correct(card, EventKind.SUSPECT_ARRESTED, day, name[2], Correction.NEVER_HAPPENED, now)
        del card.began[name]
        self.wall.duties.pop(name, None)
        self.news(card, now)

    def correct(
        self, card: Card, kind: EventKind, moment: Moment, key: str, correction: Correction, now: datetime
    ) -> None:
        subject = "Suspect 1" if kind is EventKind.SUSPECT_ARRESTED else None
        details = {"channel": "phone"} if kind is EventKind.CONTACT_MADE else {}
        new = NewEvent(kind, moment, subject=subject, details=details, corrects=key, correction=correction)
        with self.force.database.writing() as connection:
            record_event(connection, ref=card.ref, event=new, by=SYSTEM, now=now, law=self.force.law)

    def found_to_have_enhanced_rights(self, card: Card, now: datetime) -> None:
        """What is owed is owed sooner."""
        self.force.record(card.ref, EventKind.NEEDS_ASSESSED, now, tier="enhanced", grounds="vulnerable")
        card.enhanced_on = now.astimezone(LONDON).date()
        self.news(card, now)

    def begin(self, card: Card, name: Name, now: datetime) -> None:
        card.began[name] = now.astimezone(LONDON).date()
        self.news(card, now)

    def end(self, card: Card, names: list[Name], now: datetime) -> None:
        card.ended |= set(names)
        self.news(card, now)

    def open_of(self, card: Card) -> list[Name]:
        return [name for name in card.began if name not in card.ended]

    def news(self, card: Card, now: datetime) -> None:
        """Pin what the case owes now, and take down what it does not."""
        for name, began in card.began.items():
            self.wall.duties.pop(name, None)
            if name not in card.ended:
                self.wall.duties[name] = Duty(card.ref, name[1], self.due_on(card, name[1], began), True, now)

    def due_on(self, card: Card, rule: str, began: date) -> date:
        """The earliest of what either tier gives, each counted from the day on which both began."""
        standard, enhanced = LIMITS[rule]
        ends = [self.days_after(began, standard)]
        if card.enhanced_on is not None:
            ends.append(self.days_after(max(began, card.enhanced_on), enhanced))
        return min(ends)

    def days_after(self, day: date, days: int) -> date:
        """Counted on the fingers."""
        while days:
            day += DAY
            days -= self.wall.works(day)
        return day

    # People

    def hire(self, team: str) -> None:
        """A new case officer."""
        name = f"officer{len(self.wall.team_of)}"
        row = {"id": name, "name": name, "role": Role.OFFICER.value, "team_id": team}
        with self.force.database.writing() as connection:
            mail = {"email": f"{name}@example.invalid", "each_notice_alone": self.often(0.2)}
            connection.execute(insert(PEOPLE).values(**row, **mail))
        self.officers[name] = self.wall.team_of[name] = team
        if mail["each_notice_alone"]:
            self.wall.alone.add(name)

    def present(self, team: str | None) -> list[str]:
        """The officers of a team, or of all, who are here."""
        return [who for who, of in sorted(self.officers.items()) if of == (team or of) and self.wall.here(who)]

    def supervisor(self, team: str, kept_out: AbstractSet[str] = frozenset()) -> Person:
        """One of the team who is not kept from the case."""
        who = next(one for one in self.wall.of_team(team) if one not in kept_out)
        return Person(who, who, Role.SUPERVISOR, team)

    def handed_over(self, card: Card, now: datetime) -> None:
        """Another officer of the team has it from now on."""
        self.hand(card, [who for who in self.present(card.team) if who != self.wall.holder[card.ref]], now)

    def hand(self, card: Card, takers: list[str], now: datetime) -> None:
        kept_out = self.wall.kept_out.get(card.ref, set())
        takers = [who for who in takers if who not in kept_out]
        if not takers:
            return
        to, by = self.random.choice(takers), self.supervisor(card.team, kept_out)
        how = {"to_officer_id": to, "why": "Leave", "by": by, "now": now, "law": self.force.law, "vault": VAULT}
        with self.force.database.writing() as connection:
            done = reassign_cases(connection, refs=[card.ref], **how)  # type: ignore[arg-type]
        assert done.reassigned == (card.ref,), done
        self.wall.holder[card.ref] = to
        self.news(card, now)

    def somebody_goes_on_leave(self, now: datetime) -> None:
        """An officer, whose cover is another of the team."""
        today = now.astimezone(LONDON).date()
        first = today + timedelta(days=self.random.randrange(4))
        back = first + timedelta(days=self.random.randrange(2, 22))
        busy = {
            who for cover in self.covers if cover.overlaps(first, back) for who in (cover.officer_id, cover.cover_id)
        }
        free = [who for who in self.present(None) if who not in busy]
        if not free:
            return
        away = self.random.choice(free)
        team = [who for who in free if who != away and self.officers[who] == self.officers[away]]
        if not team:
            return
        cover = Cover(away, self.random.choice(team), first, back)
        with self.force.database.writing() as connection:
            name_cover(connection, cover=cover, by=self.supervisor(self.officers[away]), now=now)
        self.covers.append(cover)

    def in_no_cover(self, first: date, back: date) -> list[str]:
        """Who of those who are here now neither is away nor stands in for somebody in these days."""
        covers = [cover for cover in self.covers if cover.overlaps(first, back)]
        busy = {who for cover in covers for who in (cover.officer_id, cover.cover_id)}
        return [who for who in self.present(None) if who not in busy]

    def a_supervisor_is_away(self, now: datetime) -> None:
        """From today; nobody is named."""
        today = now.astimezone(LONDON).date()
        who, back = self.random.choice(list(SUPERVISORS)), today + timedelta(days=self.random.randrange(1, 15))
        self.absences[who] = (today, back)
        with self.force.database.writing() as connection:
            away = update(PEOPLE).where(PEOPLE.c.id == who).values(absent_from_on=today, absent_until_on=back)
            connection.execute(away)

    def somebody_leaves(self, now: datetime) -> None:
        """Their cases are handed over, and somebody is hired."""
        in_cover = {
            who for cover in self.covers if cover.until_on > now.date() for who in (cover.officer_id, cover.cover_id)
        }
        going = [who for who in self.present(None) if who not in in_cover]
        stay = {team: [who for who in going if self.officers[who] == team] for team in AREAS}
        going = [who for who in going if len(stay[self.officers[who]]) > 2]
        if not going:
            return
        who = self.random.choice(going)
        team = self.officers.pop(who)
        for card in self.cards.values():
            if self.wall.holder[card.ref] == who:
                self.hand(card, [one for one in stay[team] if one != who], now)
        with self.force.database.writing() as connection:
            note_left(connection, person_id=who, by=self.force.administrator, now=now)
        self.hire(team)

    def somebody_chooses_otherwise(self, now: datetime) -> None:
        """One mail a day, or each notice alone."""
        who = self.random.choice([*SUPERVISORS, *sorted(self.officers)])
        self.wall.alone ^= {who}
        role = Role.SUPERVISOR if who in SUPERVISORS else Role.OFFICER
        by = Person(who, who, role, self.wall.team_of[who])
        with self.force.database.writing() as connection:
            choose_notices(connection, each_alone=who in self.wall.alone, by=by, now=now)

    def somebody_kept_from(self, card: Card, now: datetime) -> None:
        """Somebody who does not hold it may see it no more."""
        holder = self.wall.holder[card.ref]
        out = {self.random.choice([who for who in (*SUPERVISORS, *sorted(self.officers)) if who != holder])}
        with self.force.database.writing() as connection:
            keep_lists(connection, card.case_id, CaseLists(excluded=frozenset(out)))
        self.wall.kept_out[card.ref] = out
        self.wall.listed.add(card.ref)
