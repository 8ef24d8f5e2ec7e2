"""What waits for a supervisor beside the duties of the Code: each list with how long it is, or one of them whole."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection

from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.watches import Watch
from victimcare.queries.breaches import UncausedCases, causes_missing_in_team
from victimcare.queries.decisions import Decisions, decisions
from victimcare.queries.emergencies_in_team import OpenedInEmergency, emergencies_in_team
from victimcare.queries.first_of import FirstOf
from victimcare.queries.hand_over import TakenOver, not_taken_over
from victimcare.queries.keeping_in_touch import UnreachedList, unreached_in_team
from victimcare.queries.questions import WaitingQuestions, questions_in_team
from victimcare.queries.second_person import SecondPersonNeeded, waiting_for_second
from victimcare.queries.verdicts import UndecidedVerdicts, undecided_verdicts
from victimcare.queries.watches import LISTED, WatchedCases, watched_late_in_team


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in the team's cases. `watched` is of all watches, silence among them, which is counted apart too."""

    today: date
    questions: WaitingQuestions = field(default_factory=lambda: WaitingQuestions((), 0))
    second_person: FirstOf[SecondPersonNeeded] = field(default_factory=FirstOf)
    verdicts: UndecidedVerdicts = field(default_factory=lambda: UndecidedVerdicts((), 0))
    decisions: Decisions = field(default_factory=Decisions)
    unreached: UnreachedList = field(default_factory=lambda: UnreachedList((), 0, 0))
    handed_over: FirstOf[TakenOver] = field(default_factory=FirstOf)
    uncaused: UncausedCases = field(default_factory=UncausedCases)
    watched: WatchedCases = field(default_factory=WatchedCases)
    emergencies: FirstOf[OpenedInEmergency] = field(default_factory=FirstOf)

    @property
    def counts(self) -> tuple[tuple[str, str, int], ...]:
        """What waits, as (id of its list, in words, how many); what does not wait is not among them."""
        silent = self.watched.totals.get(Watch.SILENCE, 0)
        listed = (
            ("questions", "Asked by your officers", self.questions.total),
            ("second", "Waiting for a second person", self.second_person.total),
            ("verdicts", "To decide since the bank holidays changed", self.verdicts.total),
            ("decisions", "Good reasons to decide", self.decisions.total),
            ("unreached", "Victims not reached in several attempts", self.unreached.total),
            ("silent", "Victims who have heard nothing for too long", silent),
            ("handed", "Handed over, and not acknowledged or the victim not told", self.handed_over.total),
            ("uncaused", "Cases with something late, and nobody said why in time", self.uncaused.total),
            ("watched", "Late by your force’s other watches", self.watched.total - silent),
            ("emergencies", "Opened in an emergency, and not reviewed yet", self.emergencies.total),
        )
        return tuple(each for each in listed if each[2])

    def rows(self, first: int, until: int) -> Waiting:
        """The same with those rows alone of its lists that stand in these places (half-open)."""
        return replace(
            self,
            questions=replace(self.questions, rows=self.questions.rows[first:until]),
            second_person=self.second_person.between(first, until),
            handed_over=self.handed_over.between(first, until),
            emergencies=self.emergencies.between(first, until),
            verdicts=replace(self.verdicts, rows=self.verdicts.rows[first:until]),
            decisions=replace(self.decisions, rows=self.decisions.rows[first:until]),
            unreached=replace(self.unreached, rows=self.unreached.rows[first:until]),
            uncaused=replace(self.uncaused, rows=self.uncaused.rows[first:until]),
            watched=replace(self.watched, rows=self.watched.rows[first:until]),
        )

    @property
    def case_ids(self) -> list[int]:
        """Every case that is listed."""
        waits = (self.second_person, self.handed_over, self.emergencies, self.questions, self.verdicts)
        lists = (*waits, self.decisions, self.unreached, self.uncaused, self.watched)
        return sorted({case_id for cases in lists for case_id in cases.case_ids})


def waiting(
    connection: Connection, *, person: Person, today: date, law: Law, ladder: Ladder, policy: ForcePolicy
) -> Waiting:
    """What waits for this supervisor on `today` (London date)."""
    watched_by = {"person": person, "today": today, "calendar": law.calendar, "ladder": ladder}
    return Waiting(
        today=today,
        questions=questions_in_team(connection, person=person),
        second_person=waiting_for_second(connection, person=person),
        verdicts=undecided_verdicts(connection, person=person, today=today, law=law),
        decisions=decisions(connection, person=person, law=law),
        unreached=unreached_in_team(connection, person=person, after=policy.attempts),
        handed_over=not_taken_over(connection, person=person, calendar=law.calendar, policy=policy),
        uncaused=causes_missing_in_team(connection, **watched_by),  # type: ignore[arg-type]
        watched=watched_late_in_team(connection, **watched_by),  # type: ignore[arg-type]
        emergencies=emergencies_in_team(connection, person=person, today=today, calendar=law.calendar),
    )


PAGE_SIZE = 50
LONGEST = 10_000
"""So many of a list can be paged through: whoever has more begins with the first."""
LISTS = (
    *("questions", "second", "verdicts", "decisions", "unreached", "handed", "uncaused", "emergencies"),
    *(watch.value for watch in LISTED),
)
"""All of them, as they are called in an address: of each the page of all shows the first."""


OF_AN_OFFICER = ("unreached", Watch.SILENCE.value)
"""Those of which the supervisor's page has a number for each officer, and which can be of one officer alone."""


def waiting_list(
    connection: Connection,
    *,
    which: str,
    page: int,
    officer_id: str = "",
    person: Person,
    today: date,
    law: Law,
    ladder: Ladder,
    policy: ForcePolicy,
) -> tuple[Waiting, int]:
    """One of `LISTS` alone, with its rows up to the end of this page, and how long it is. Raises ValueError.

    Of `OF_AN_OFFICER`: of this officer's cases alone, where one is named.
    """
    limit = min(max(page, 1) * PAGE_SIZE, LONGEST)
    watched_by = {"person": person, "today": today, "calendar": law.calendar, "ladder": ladder, "limit": limit}
    nothing = Waiting(today)
    match which:
        case "questions":
            questions = questions_in_team(connection, person=person, limit=limit)
            return replace(nothing, questions=questions), questions.total
        case "second":
            second = waiting_for_second(connection, person=person, limit=limit)
            return replace(nothing, second_person=second), second.total
        case "handed":
            handed = not_taken_over(connection, person=person, calendar=law.calendar, policy=policy, limit=limit)
            return replace(nothing, handed_over=handed), handed.total
        case "emergencies":
            opened = emergencies_in_team(connection, person=person, today=today, calendar=law.calendar, limit=limit)
            return replace(nothing, emergencies=opened), opened.total
        case "verdicts":
            verdicts = undecided_verdicts(connection, person=person, today=today, law=law, limit=limit)
            return replace(nothing, verdicts=verdicts), verdicts.total
        case "decisions":
            asked = decisions(connection, person=person, law=law, limit=limit)
            return replace(nothing, decisions=asked), asked.total
        case "unreached":
            unreached = unreached_in_team(
                connection, person=person, after=policy.attempts, limit=limit, officer_id=officer_id
            )
            return replace(nothing, unreached=unreached), unreached.total
        case "uncaused":
            uncaused = causes_missing_in_team(connection, **watched_by)  # type: ignore[arg-type]
            return replace(nothing, uncaused=uncaused), uncaused.total
    found = watched_late_in_team(connection, officer_id=officer_id, **watched_by)  # type: ignore[arg-type]
    watched = found.only(Watch(which))
    return replace(nothing, watched=watched), watched.total
