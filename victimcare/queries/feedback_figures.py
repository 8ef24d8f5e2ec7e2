"""What victims answered, by quarter and question, for the board and for supervisors: nothing of a few, nothing twice.

A quarter is shown once nobody who was asked in it can answer any more, and what is counted then is never changed: the
rows say of which team and area the case was when the victim was asked, and stay when the case is erased. Themes count
where somebody had read the words by that day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Integer, String, cast, extract, func, select

from victimcare.domain.calendar import LONDON
from victimcare.domain.feedback import Survey
from victimcare.domain.feedback_figures import ANSWERS, Heard, HeardLine, HeardTable, publish_heard, shown_alone
from victimcare.domain.people import Action, Person
from victimcare.domain.process_changes import ProcessChange
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import SUPPRESSED, THRESHOLD, Count, is_small
from victimcare.queries.compliance_months import MonthShown
from victimcare.queries.rates import Rate
from victimcare.queries.scope import for_the_board, team_of
from victimcare.store.feedback import GIVEN, REQUESTS, THEMES
from victimcare.store.staff import team_names

QUARTERS = 8
"""So many of the newest are to be chosen from."""


class HeardBy(StrEnum):
    """What the lines of a quarter are."""

    AREA = "area"
    TEAM = "team"
    POINT = "point"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class QuarterHeard:
    """What was answered by those who were asked in a quarter.

    `words` is how many victims said something in their own words that was read, `themes` how many were about each.
    """

    quarter: Quarter
    shown_from: date
    table: HeardTable
    themes: Mapping[str, Count]
    words: Count


@dataclass(frozen=True, slots=True)
class HeardOf:
    """What is told of a quarter, and from which London date on: the codes of the questions and of the themes."""

    quarter: Quarter
    shown_from: date
    questions: tuple[str, ...]
    themes: tuple[str, ...]

    @classmethod
    def by(cls, survey: Survey, quarter: Quarter) -> HeardOf:
        """What this survey tells of the quarter."""
        codes = (tuple(each.code for each in of) for of in (survey.questions, survey.themes))
        return cls(quarter, survey.shown_from(quarter), *codes)


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """The chosen quarter with its breakdown, and how many answered in all quarters, the newest first.

    `teams` are the names of teams by their ids.
    """

    by: HeardBy
    quarters: tuple[Quarter, ...]
    chosen: QuarterHeard
    all: Mapping[Quarter, HeardLine]
    teams: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QuestionMonths:
    """A question with its months, the oldest first. No change of a process was declared of what victims answer."""

    question: str
    months: tuple[MonthShown, ...]
    changes: tuple[ProcessChange, ...] = ()


_HIDDEN = Rate(SUPPRESSED, SUPPRESSED, SUPPRESSED, SUPPRESSED)
_COLUMNS: Mapping[HeardBy, ColumnElement[str]] = {
    HeardBy.AREA: REQUESTS.c.area,
    HeardBy.TEAM: REQUESTS.c.team_id,
    HeardBy.POINT: REQUESTS.c.point,
    HeardBy.MONTH: cast(cast(extract("month", REQUESTS.c.asked_on), Integer), String),
}


def feedback_view(
    connection: Connection,
    *,
    person: Person,
    today: date,
    survey: Survey,
    by: HeardBy,
    quarter: Quarter,
    threshold: int = THRESHOLD,
) -> FeedbackView:
    """A quarter of `shown_quarters`, and how all of them were. Raises `NotForTheBoard`."""
    for_the_board(person)
    quarters = shown_quarters(survey, today)
    lines = {one: _table(connection, one, (), REQUESTS.c.area, threshold=threshold).all for one in quarters}
    chosen = _quarter(connection, HeardOf.by(survey, quarter), _COLUMNS[by], threshold)
    teams = team_names(connection)
    return FeedbackView(by, quarters, chosen, lines, teams)


def heard_by_month(
    connection: Connection, *, person: Person, today: date, survey: Survey, threshold: int = THRESHOLD
) -> tuple[QuestionMonths, ...]:
    """Of each question who said yes, of all who answered, by the month in which they were asked.

    Each month is one of its quarter, protected with it; of a quarter in which nobody was asked there are none. Raises
    `NotForTheBoard`.
    """
    for_the_board(person)
    questions = tuple(question.code for question in survey.questions)
    months: dict[str, list[MonthShown]] = {question: [] for question in questions}
    for quarter in reversed(shown_quarters(survey, today)):
        table = _table(connection, quarter, questions, _COLUMNS[HeardBy.MONTH], threshold=threshold)
        lines = {line.group: line for line in table.groups}
        for month in quarter.months if table.all.asked != 0 else ():
            month_on = date.fromisoformat(f"{month}-01")
            line = lines.get(str(month_on.month))
            for question in questions:
                rate = Rate.of(*line.said_yes(question), threshold=threshold) if line else _HIDDEN
                months[question].append(MonthShown(month_on, rate))
    return tuple(QuestionMonths(question, tuple(shown)) for question, shown in months.items() if shown)


def heard_by_area(connection: Connection, *, person: Person, of: HeardOf, threshold: int) -> QuarterHeard:
    """A quarter that may be shown, by area. Raises `NotForTheBoard`."""
    for_the_board(person)
    return _quarter(connection, of, REQUESTS.c.area, threshold)


def heard_of_all(
    connection: Connection, *, person: Person, quarter: Quarter, survey: Survey, threshold: int = THRESHOLD
) -> HeardLine:
    """What all who answered in a quarter that may be shown said, as in any breakdown of it. Raises `NotForTheBoard`.

    Those who did not answer are not counted.
    """
    for_the_board(person)
    questions = [question.code for question in survey.questions]
    answered = _asked_in(quarter) & (REQUESTS.c.ended_as == "answered")
    victims = connection.execute(select(func.count()).select_from(REQUESTS).where(answered)).scalar_one()
    said = _said(connection, answered, REQUESTS.c.ended_as)["answered"]
    heard = _heard(victims, victims, said, questions)
    return publish_heard({"": heard}, questions=questions, threshold=threshold).all


def _quarter(connection: Connection, of: HeardOf, column: ColumnElement[str], threshold: int) -> QuarterHeard:
    words, themes = _themes(connection, of, threshold)
    table = _table(connection, of.quarter, of.questions, column, threshold=threshold)
    return QuarterHeard(of.quarter, of.shown_from, table, themes, words)


def shown_quarters(survey: Survey, today: date) -> tuple[Quarter, ...]:
    """The quarters to choose from on this London date, the newest first."""
    newest = survey.newest_quarter(today)
    return tuple(newest.next(-back) for back in range(QUARTERS))


def heard_of_team(
    connection: Connection, *, person: Person, today: date, survey: Survey, threshold: int = THRESHOLD
) -> tuple[Quarter, HeardLine, HeardLine | None]:
    """For a supervisor: the newest quarter, the whole force in it, and their team as the board sees it.

    None where their team is too small to be shown by itself.
    """
    quarter, team_id = survey.newest_quarter(today), team_of(person, Action.READ_FEEDBACK)
    questions = [question.code for question in survey.questions]
    table = _table(connection, quarter, questions, REQUESTS.c.team_id, threshold=threshold)
    return quarter, table.all, next((line for line in table.groups if line.group == team_id and team_id), None)


def _table(
    connection: Connection,
    quarter: Quarter,
    questions: Sequence[str],
    column: ColumnElement[str],
    *,
    threshold: int,
) -> HeardTable:
    """The quarter by the values of a column; without questions, no more than how many were asked and answered."""
    return publish_heard(_groups(connection, quarter, column, questions), questions=questions, threshold=threshold)


def _groups(
    connection: Connection, quarter: Quarter, column: ColumnElement[str], questions: Sequence[str]
) -> dict[str, Heard]:
    asked_in, answered = _asked_in(quarter), REQUESTS.c.ended_as == "answered"
    asked = select(column.label("name"), func.count().label("victims")).where(asked_in).group_by(column)
    counts = _said(connection, asked_in & answered, column) if questions else defaultdict(Counter)
    who_answered = {row.name: row.victims for row in connection.execute(asked.where(answered))}
    return {
        row.name: _heard(row.victims, who_answered.get(row.name, 0), counts[row.name], questions)
        for row in connection.execute(asked)
    }


def _said(
    connection: Connection, answered: ColumnElement[bool], column: ColumnElement[str]
) -> defaultdict[str, Counter[tuple[str, str]]]:
    said = (
        select(column.label("name"), GIVEN.c.question, GIVEN.c.answer, func.count().label("victims"))
        .select_from(REQUESTS.join(GIVEN, GIVEN.c.request_id == REQUESTS.c.id))
        .where(answered)
        .group_by(column, GIVEN.c.question, GIVEN.c.answer)
    )
    counts: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in connection.execute(said):
        counts[row.name][(row.question, row.answer)] += row.victims
    return counts


def _heard(asked: int, answered: int, counts: Counter[tuple[str, str]], questions: Sequence[str]) -> Heard:
    """Who was asked before a question was there has not answered it: they would rather not say, as far as it goes."""
    said: dict[str, list[int]] = {}
    for question in questions:
        of_question = [counts[(question, answer.value)] for answer in ANSWERS]
        of_question[-1] += answered - sum(of_question)
        said[question] = of_question
    return Heard(asked, answered, said)


def _themes(connection: Connection, of: HeardOf, threshold: int) -> tuple[Count, dict[str, Count]]:
    """How many words were read by the day from which the quarter is shown, and how many were about each theme."""
    by_then = datetime.combine(of.shown_from, time(), LONDON)
    read = _asked_in(of.quarter) & (REQUESTS.c.read_at < by_then)
    counted = (
        select(THEMES.c.theme, func.count().label("victims"))
        .select_from(THEMES.join(REQUESTS, REQUESTS.c.id == THEMES.c.request_id))
        .where(read)
        .group_by(THEMES.c.theme)
    )
    found = {row.theme: row.victims for row in connection.execute(counted)}
    words = int(connection.execute(select(func.count()).select_from(REQUESTS).where(read)).scalar_one())
    return shown_alone(words, threshold), {theme: _theme(found.get(theme, 0), words, threshold) for theme in of.themes}


def _theme(count: int, words: int, threshold: int) -> Count:
    """Hidden also where only a few words were about something else: or where that tells how few words there are."""
    return (
        SUPPRESSED
        if is_small(words, threshold) or is_small(words - count, threshold)
        else shown_alone(count, threshold)
    )


def _asked_in(quarter: Quarter) -> ColumnElement[bool]:
    return (REQUESTS.c.asked_on >= quarter.from_on) & (REQUESTS.c.asked_on < quarter.until_on)
