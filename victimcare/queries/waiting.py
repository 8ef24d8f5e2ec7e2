"""What waits for a supervisor beside the duties of the Code: each list with how long it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.domain.people import Person
from victimcare.domain.watches import Watch
from victimcare.queries.breaches import UncausedCases, causes_missing_in_team
from victimcare.queries.decisions import Decision, decisions
from victimcare.queries.emergencies_in_team import OpenedInEmergency, emergencies_in_team
from victimcare.queries.hand_over import TakenOver, not_taken_over
from victimcare.queries.keeping_in_touch import UnreachedList, unreached_in_team
from victimcare.queries.questions import WaitingQuestions, questions_in_team
from victimcare.queries.second_person import SecondPersonNeeded, waiting_for_second
from victimcare.queries.verdicts import UndecidedVerdicts, undecided_verdicts
from victimcare.queries.watches import WatchedCases, watched_late_in_team


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in the team's cases. `watched` is of all watches, silence among them, which is counted apart too."""

    today: date
    questions: WaitingQuestions
    second_person: tuple[SecondPersonNeeded, ...]
    verdicts: UndecidedVerdicts
    decisions: tuple[Decision, ...]
    unreached: UnreachedList
    handed_over: tuple[TakenOver, ...]
    uncaused: UncausedCases
    watched: WatchedCases
    emergencies: tuple[OpenedInEmergency, ...]

    @property
    def counts(self) -> tuple[tuple[str, str, int], ...]:
        """What waits, as (id of its list, in words, how many); what does not wait is not among them."""
        silent = self.watched.totals.get(Watch.SILENCE, 0)
        listed = (
            ("questions", "Asked by your officers", self.questions.total),
            ("second", "Waiting for a second person", len(self.second_person)),
            ("verdicts", "To decide since the bank holidays changed", self.verdicts.total),
            ("decisions", "Good reasons to decide", len(self.decisions)),
            ("unreached", "Victims not reached in several attempts", self.unreached.total),
            ("silent", "Victims who have heard nothing for too long", silent),
            ("handed", "Handed over, and not acknowledged or the victim not told", len(self.handed_over)),
            ("uncaused", "Cases with something late, and nobody said why in time", self.uncaused.total),
            ("watched", "Late by your force’s other watches", self.watched.total - silent),
            ("emergencies", "Opened in an emergency, and not reviewed yet", len(self.emergencies)),
        )
        return tuple(each for each in listed if each[2])

    @property
    def case_ids(self) -> list[int]:
        """Every case that is listed."""
        one_by_one = (self.second_person, self.decisions, self.handed_over, self.emergencies)
        listed = {case.case_id for cases in one_by_one for case in cases}
        for cases in (self.questions, self.verdicts, self.unreached, self.uncaused, self.watched):
            listed |= set(cases.case_ids)
        return sorted(listed)


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
