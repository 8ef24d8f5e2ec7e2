"""The cases of a month that a supervisor looks at, and what was answered, as counts beside what was done in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.compliance import COUNTED, Outcome
from victimcare.domain.dip_sample import Answer, Month, QualityQuestion, drawn
from victimcare.domain.people import Action, Person
from victimcare.queries.scope import as_of_team, for_the_board, open_to_viewer, team_of, visible_cases
from victimcare.store.cases import ASSIGNMENTS, CASES, VICTIMS, NoSuchCase
from victimcare.store.dues import DUES
from victimcare.store.quality import QUALITY, held_in
from victimcare.store.staff import PEOPLE


@dataclass(frozen=True, slots=True)
class SampledCase:
    """A case that was drawn of an officer and a month, and whether its questions are answered."""

    case_id: int
    ref: str
    victim_name: str | None
    officer_id: str
    month: Month
    answered: bool


@dataclass(frozen=True, slots=True)
class OfficerSample:
    """What was drawn of the `held` cases that an officer held in the month."""

    officer_id: str
    name: str
    held: int
    cases: tuple[SampledCase, ...]


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    """How often each answer was given to a question."""

    question: QualityQuestion
    counts: Mapping[Answer, int]

    @property
    def total(self) -> int:
        """How often it was answered."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class DipSamples:
    """The month's sample of the team, its answers, and how many of the duties of the month (`due`) were met in time."""

    month: Month
    officers: tuple[OfficerSample, ...]
    results: tuple[QuestionCounts, ...]
    in_time: int
    due: int

    @property
    def case_ids(self) -> list[int]:
        """Every case that is listed."""
        return sorted({case.case_id for officer in self.officers for case in officer.cases})

    @property
    def to_answer(self) -> int:
        """Cases whose questions nobody has answered."""
        return sum(not case.answered for officer in self.officers for case in officer.cases)


def dip_samples(
    connection: Connection, *, person: Person, month: Month, questions: tuple[QualityQuestion, ...]
) -> DipSamples:
    """What is drawn of each officer of the supervisor's team but themselves, of the cases that they may see."""
    team_id = team_of(person, Action.CHECK_QUALITY)
    if team_id is None:
        return DipSamples(month, (), _results((), questions), 0, 0)
    samples = tuple(_sample(rows, month, team_id) for rows in _held(connection, person, month, team_id).values())
    in_time, due = _timeliness(connection, person, month)
    answers = _answers(connection, QUALITY.c.team_id == team_id, QUALITY.c.month == month.code)
    return DipSamples(month, samples, _results(answers, questions), in_time, due)


def sampled_case(
    connection: Connection, *, person: Person, month: Month | None, officer_id: str, ref: str
) -> SampledCase:
    """The case, if it is one that was drawn of this officer. Raises `NoSuchCase`, also where there is no such month."""
    team_id = team_of(person, Action.CHECK_QUALITY)
    if team_id is not None and month is not None:
        rows = _held(connection, person, month, team_id, officer_id).get(officer_id)
        drawn_then = _sample(rows, month, team_id).cases if rows else ()
        for case in drawn_then:
            if case.ref == ref:
                return case
    raise NoSuchCase(ref)


def quality_by_month(
    connection: Connection, *, person: Person, questions: tuple[QualityQuestion, ...]
) -> Mapping[str, tuple[QuestionCounts, ...]]:
    """For the board: how each question was answered in the whole force, by month; no team, officer or case.

    Raises `NotForTheBoard`. Nothing is suppressed here: whoever publishes it does that.
    """
    for_the_board(person)
    months = connection.execute(select(QUALITY.c.month).distinct().order_by(QUALITY.c.month)).scalars().all()
    return {month: _results(_answers(connection, QUALITY.c.month == month), questions) for month in months}


def _held(
    connection: Connection, person: Person, month: Month, team_id: str, officer_id: str = ""
) -> Mapping[str, tuple[Any, ...]]:
    """The cases that each officer held in the month, once each, by the officer's id in the order of their names."""
    answered = (QUALITY.c.case_id == CASES.c.id) & (QUALITY.c.officer_id == ASSIGNMENTS.c.officer_id)
    checked = select(QUALITY.c.id).where(answered, QUALITY.c.month == month.code).exists().label("answered")
    columns = (CASES.c.id, CASES.c.ref, VICTIMS.c.name.label("victim_name"), PEOPLE.c.name, ASSIGNMENTS.c.officer_id)
    joined = (
        ASSIGNMENTS.join(CASES, CASES.c.id == ASSIGNMENTS.c.case_id)
        .join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
        .join(PEOPLE, PEOPLE.c.id == ASSIGNMENTS.c.officer_id)
    )
    theirs = held_in(month, team_id) & visible_cases(person, Action.CHECK_QUALITY) & (CASES.c.status != "void")
    theirs &= (ASSIGNMENTS.c.officer_id == officer_id) if officer_id else (ASSIGNMENTS.c.officer_id != person.id)
    wanted = select(*columns, checked).select_from(joined).where(theirs, CASES.c.team_id == team_id).distinct()
    held: dict[str, tuple[Any, ...]] = {}
    for row in connection.execute(wanted.order_by(PEOPLE.c.name, ASSIGNMENTS.c.officer_id)):
        if row.officer_id != person.id:
            held[row.officer_id] = (*held.get(row.officer_id, ()), row)
    return held


def _sample(rows: tuple[Any, ...], month: Month, team_id: str) -> OfficerSample:
    officer_id, by_ref = rows[0].officer_id, {row.ref: row for row in rows}
    refs = drawn(by_ref, team_id=team_id, officer_id=officer_id, month=month)
    cases = (
        SampledCase(by_ref[ref].id, ref, by_ref[ref].victim_name, officer_id, month, bool(by_ref[ref].answered))
        for ref in refs
    )
    return OfficerSample(officer_id, rows[0].name, len(by_ref), tuple(cases))


def _answers(connection: Connection, *conditions: Any) -> tuple[Any, ...]:
    of = (QUALITY.c.question, QUALITY.c.answer)
    return tuple(connection.execute(select(*of, func.count().label("count")).where(*conditions).group_by(*of)))


def _results(answers: tuple[Any, ...], questions: tuple[QualityQuestion, ...]) -> tuple[QuestionCounts, ...]:
    """Every question of now, and none that is asked no more."""
    given = {(row.question, row.answer): row.count for row in answers}
    return tuple(
        QuestionCounts(question, {answer: given.get((question.code, answer.value), 0) for answer in Answer})
        for question in questions
    )


def _timeliness(connection: Connection, person: Person, month: Month) -> tuple[int, int]:
    """How many duties of the police of the month were met in time, and of how many: those that the board counts."""
    of_month = (DUES.c.reported_month == month.code) & (DUES.c.holder_team_id == as_of_team(person)["team_id"])
    own = (DUES.c.owed_by == OWN_AGENCY) & DUES.c.policy.is_(False)
    wanted = select(DUES.c.outcome, func.count().label("duties")).where(of_month, own, open_to_viewer(DUES.c.case_id))
    rows = connection.execute(wanted.group_by(DUES.c.outcome), {"viewer": person.id})
    counts = {row.outcome: row.duties for row in rows}
    return counts.get(Outcome.MET.value, 0), sum(counts.get(outcome.value, 0) for outcome in COUNTED)
