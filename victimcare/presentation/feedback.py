"""What victims answered, in words: one for the page and the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from victimcare.domain.feedback import Survey
from victimcare.domain.feedback_figures import ANSWERS, OTHERS, HeardLine
from victimcare.domain.quarter import Quarter
from victimcare.presentation.charts import LineChart
from victimcare.presentation.figures import (
    HIDDEN,
    interval_ends,
    interval_words,
    number,
    percent,
    plain_number,
    plain_percent,
)
from victimcare.presentation.months_chart import Measured, months_chart
from victimcare.presentation.months_judged import Judged, kinds, sentences, title
from victimcare.presentation.words import month
from victimcare.queries.feedback_figures import FeedbackView, HeardBy, QuestionMonths
from victimcare.queries.rates import Rate

BREAKDOWNS = {HeardBy.AREA: "Area", HeardBy.TEAM: "Team", HeardBy.POINT: "When they were asked", HeardBy.MONTH: "Month"}
ALL_LINES = "All"
OTHERS_IN_WORDS = {
    HeardBy.AREA: "Other areas",
    HeardBy.TEAM: "Other teams",
    HeardBy.POINT: "At other times",
    HeardBy.MONTH: "Other months",
}


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """How many of a group answered."""

    name: str
    share: str
    interval: str
    answered: str
    asked: str


@dataclass(frozen=True, slots=True)
class SaidRow:
    """What a group answered to one question, or one group to it."""

    name: str
    share: str
    interval: str
    counts: tuple[tuple[str, str], ...]
    answered: str


@dataclass(frozen=True, slots=True)
class QuestionTable:
    """One question, by group; the last row is that of all."""

    question: str
    rows: tuple[SaidRow, ...]


def quarter_title(quarter: Quarter) -> str:
    """Such as "July to September 2026"."""
    return f"{month(quarter.from_on).split()[0]} to {month(quarter.until_on - timedelta(days=1))}"


def quarter_rows(view: FeedbackView, *, threshold: int) -> tuple[AnsweredRow, ...]:
    """How many answered, quarter by quarter, the newest first."""
    return tuple(_answered(line, quarter_title(quarter), threshold) for quarter, line in view.all.items())


def group_rows(view: FeedbackView, survey: Survey, *, threshold: int) -> tuple[AnsweredRow, ...]:
    """How many answered, group by group, and all."""
    table = view.chosen.table
    groups = [_answered(line, group_name(view, survey, line.group), threshold) for line in table.groups]
    return (*groups, _answered(table.all, ALL_LINES, threshold))


def question_rows(line: HeardLine, survey: Survey, *, threshold: int) -> tuple[SaidRow, ...]:
    """What a group answered, question by question."""
    return tuple(_said(line, question.code, question.words, threshold) for question in survey.questions)


def tells_anything(rows: Sequence[SaidRow]) -> bool:
    """Whether any number of these is shown but how many answered."""
    return any(count != HIDDEN for row in rows for _, count in row.counts)


def heard_in_a_sentence(quarter: Quarter, line: HeardLine, survey: Survey, *, threshold: int) -> str:
    """Who said yes to each question, to stand beside figures of time; "" where nothing of it may be shown."""
    rows = question_rows(line, survey, threshold=threshold)
    if line.answered == 0 or not tells_anything(rows):
        return ""
    told = "; ".join(f"{row.name} Yes in {row.share}" for row in rows)
    of = f"{number(line.answered)} victims answered who were asked in {quarter_title(quarter)}"
    return f"What victims say beside it, as {of}. {told}."


def question_tables(view: FeedbackView, survey: Survey, *, threshold: int) -> tuple[QuestionTable, ...]:
    """What each group answered, one table a question; none where there are no groups to tell apart."""
    table = view.chosen.table
    if not table.groups:
        return ()
    return tuple(
        QuestionTable(
            question.words,
            (
                *(_said(line, question.code, group_name(view, survey, line.group), threshold) for line in table.groups),
                _said(table.all, question.code, ALL_LINES, threshold),
            ),
        )
        for question in survey.questions
    )


def theme_rows(view: FeedbackView, survey: Survey) -> tuple[tuple[str, str], ...]:
    """Each theme with how many victims' words were about it."""
    return tuple((theme.words, number(view.chosen.themes[theme.code])) for theme in survey.themes)


def group_name(view: FeedbackView, survey: Survey, group: str) -> str:
    """What the line of a breakdown is of."""
    if group == OTHERS:
        return OTHERS_IN_WORDS[view.by]
    if view.by is HeardBy.TEAM:
        return view.teams.get(group, group)
    if view.by is HeardBy.MONTH:
        return month(date(view.chosen.quarter.year, int(group), 1))
    point = survey.point(group) if view.by is HeardBy.POINT else None
    return point.words if point else group


@dataclass(frozen=True, slots=True)
class MonthSaid:
    """A month of a question in words."""

    month: str
    share: str
    interval: str
    yes: str
    answered: str
    sign: str


@dataclass(frozen=True, slots=True)
class MonthsSaid:
    """The months of a question: what happened, the chart (None: no month shows a percentage), and the table."""

    question: str
    title: str
    says: tuple[str, ...]
    kind: str
    chart: LineChart | None
    rows: tuple[MonthSaid, ...]


def months_said(of: QuestionMonths, survey: Survey) -> MonthsSaid:
    """Who said yes to a question, month by month, the newest first in the table."""
    judged, words = Judged(of), next(each.words for each in survey.questions if each.code == of.question)
    measured = Measured(
        f"feedback-{of.question}".replace("_", "-"), "Yes", f"Share of “yes” to “{words}”", "Yes", "answers"
    )
    return MonthsSaid(
        question=words,
        title=title("Yes", judged),
        says=sentences(judged),
        kind=kinds(judged),
        chart=months_chart(judged, measured) if judged.drawn else None,
        rows=tuple(
            MonthSaid(
                month(shown.month_on),
                percent(shown.rate.share),
                interval_words(shown.rate.interval),
                number(shown.rate.numerator),
                number(shown.rate.denominator),
                "Sign of change" if judged.places.get(shown.month_on) in judged.signs else "",
            )
            for shown in reversed(of.months)
        ),
    )


CSV_HEADER = (
    "Quarter from",
    "Quarter to",
    "Shown from",
    "Broken down by",
    "Line",
    "Name of line",
    "Victims asked",
    "Victims who answered",
    "Answered (%)",
    "Question",
    "Question in words",
    *(answer.in_words for answer in ANSWERS),
    "Yes (%)",
    "95% interval from (%)",
    "95% interval to (%)",
)


def csv_rows(view: FeedbackView, survey: Survey, *, threshold: int) -> Iterator[Sequence[str]]:
    """The same for machines: a row for each line and question; the line of all comes last."""
    chosen = view.chosen
    last_on = chosen.quarter.until_on - timedelta(days=1)
    start = (
        chosen.quarter.from_on.isoformat(),
        last_on.isoformat(),
        chosen.shown_from.isoformat(),
        BREAKDOWNS[view.by],
    )
    named = [(line, group_name(view, survey, line.group)) for line in chosen.table.groups]
    for line, name in [*named, (chosen.table.all, ALL_LINES)]:
        rate = _rate_of_answers(line, threshold)
        of_line = (line.group, name, plain_number(line.asked), plain_number(line.answered), plain_percent(rate.share))
        for question in survey.questions:
            yes = _rate_of_yes(line, question.code, threshold)
            counts = (plain_number(count) for count in line.said[question.code].parts)
            ends = (plain_percent(each) for each in (yes.share, *interval_ends(yes.interval)))
            yield (*start, *of_line, question.code, question.words, *counts, *ends)


def _answered(line: HeardLine, name: str, threshold: int) -> AnsweredRow:
    rate = _rate_of_answers(line, threshold)
    return AnsweredRow(
        name, percent(rate.share), interval_words(rate.interval), number(line.answered), number(line.asked)
    )


def _said(line: HeardLine, question: str, name: str, threshold: int) -> SaidRow:
    rate = _rate_of_yes(line, question, threshold)
    counts: Mapping[str, str] = {
        answer.in_words: number(count) for answer, count in zip(ANSWERS, line.said[question].parts, strict=True)
    }
    return SaidRow(
        name, percent(rate.share), interval_words(rate.interval), tuple(counts.items()), number(line.answered)
    )


def _rate_of_answers(line: HeardLine, threshold: int) -> Rate:
    return Rate.of(line.answered, line.asked, threshold=threshold)


def _rate_of_yes(line: HeardLine, question: str, threshold: int) -> Rate:
    return Rate.of(*line.said_yes(question), threshold=threshold)
