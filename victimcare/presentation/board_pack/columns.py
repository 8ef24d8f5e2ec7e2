"""The columns of a board pack's tables: what each is called, what it means, and what its cells are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from victimcare.domain.compliance import Outcome
from victimcare.domain.feedback import FeedbackAnswer
from victimcare.domain.support_reached import SupportReached
from victimcare.domain.tally import By
from victimcare.presentation import support_reached
from victimcare.presentation.compliance import BREAKDOWNS, OUTCOMES
from victimcare.presentation.support_reached import STEPS


class Kind(StrEnum):
    """What the cells of a column are. A `CODE` is for machines, with its name in the column after it."""

    CODE = "code"
    NAME = "name"
    MONTH = "month"
    DAY = "day"
    DAYS_KNOWN = "days-known"
    COUNT = "count"
    PERCENT = "percent"
    POINTS = "points"
    DAYS = "days"

    @property
    def is_number(self) -> bool:
        """Whether a cell is a number, or a mark in the place of one."""
        return self in (Kind.COUNT, Kind.PERCENT, Kind.POINTS, Kind.DAYS)


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `meaning` is said beside a file for machines."""

    id: str
    title: str
    meaning: str
    kind: Kind


def _outcome(outcome: Outcome) -> Column:
    title, meaning = OUTCOMES[outcome]
    return Column(outcome.value, title, f"{meaning[0].upper()}{meaning[1:]}.", Kind.COUNT)


def _step(step: SupportReached) -> Column:
    title, meaning = STEPS[step]
    return Column(f"step_{step.value}", title, f"{meaning[0].upper()}{meaning[1:]}.", Kind.COUNT)


def _answer(answer: FeedbackAnswer) -> Column:
    return Column(f"answer_{answer.value}", answer.in_words, f"Victims who answered: {answer.in_words}.", Kind.COUNT)


_KNOWN = (
    Column("agency", "Agency", "Who owes the duties, as the Code says.", Kind.CODE),
    Column("right", "Right", "The right of the Code that the duties are under.", Kind.CODE),
    Column("line", "Line", "Of what the line is; empty for all of the agency, or of its right.", Kind.CODE),
    Column("by", "Broken down by", "By what the line is told apart from others.", Kind.CODE),
    Column("month", "Month", "The month in which the duties’ day was.", Kind.MONTH),
    Column("from_month", "From the month", "The first month of the process as it is since.", Kind.MONTH),
    Column("reason", "Why", "What changed, in the words of whoever declared it.", Kind.NAME),
    Column("decided_by", "Decided by", "The board, or the agency itself.", Kind.CODE),
    Column("decided_on", "Decided on", "The day of the decision.", Kind.DAY),
    Column("declared_on", "Declared on", "The day on which it was recorded that the process changed.", Kind.DAY),
    Column("known_on", "As known on", "The days as of which the figures are known.", Kind.DAYS_KNOWN),
    Column("share", "Met in time (%)", "Duties met, of all that are counted.", Kind.PERCENT),
    Column("share_low", "95% interval from (%)", "The low end of the 95% interval (Wilson).", Kind.PERCENT),
    Column("share_high", "95% interval to (%)", "The high end of the 95% interval (Wilson).", Kind.PERCENT),
    Column("change", "Change, points", "Percentage points since the baseline.", Kind.POINTS),
    Column("change_low", "Change from, points", "The low end of the 95% interval (Newcombe).", Kind.POINTS),
    Column("change_high", "Change to, points", "The high end of the 95% interval (Newcombe).", Kind.POINTS),
    Column("counted", "Duties counted", "The duties of which a percentage is met in time.", Kind.COUNT),
    Column("median_days", "Median working days", "Half of those answered were within so many.", Kind.DAYS),
    Column("nine_in_ten_days", "Nine in ten within working days", "Nine in ten were within so many.", Kind.DAYS),
    Column("not_counted", "Not counted", "Duties that are in no percentage.", Kind.COUNT),
    Column("total", "All duties", "Counted and not counted.", Kind.COUNT),
    Column("why", "Why", "As far as the published numbers can tell.", Kind.CODE),
    Column("rule", "Duty", "The id of the duty in its edition.", Kind.CODE),
    Column("rule_title", "Duty", "What the duty is called.", Kind.NAME),
    Column("right_title", "Right", "The right of the Code that the duty is under.", Kind.NAME),
    Column("edition", "Edition", "The edition of the Code that has it.", Kind.NAME),
    Column("cites", "Where it stands", "The paragraph of the Code.", Kind.NAME),
    Column("evidence", "How it was seen", "What the duty as it is counted here rests on.", Kind.NAME),
    Column("verified", "Verified", "Whether it, its start and every limit of it rest on as much.", Kind.NAME),
    Column("checked_on", "Last checked on", "When a person last compared it.", Kind.NAME),
    Column("late_duties", "Late duties", "Duties that were late, whatever became of them.", Kind.COUNT),
    Column("met_duties", "Duties met in time", "Duties answered by the end of their day.", Kind.COUNT),
    Column("beside_duties", "Duties in no percentage", "Duties that are in no percentage.", Kind.COUNT),
    Column("open_cases", "Open cases", "Cases that were open on the last day of the period.", Kind.COUNT),
    Column("asked_team", "Team", "The team that has the case.", Kind.CODE),
    Column("victims_asked", "Victims", "Victims of cases opened in the period.", Kind.COUNT),
    Column("action", "Action", "What the board decided to do.", Kind.NAME),
    Column("owner", "Agency", "The agency that does it.", Kind.CODE),
    Column("due_on", "To be done by", "The day by which it is to be done.", Kind.DAY),
    Column("stands", "How it stands", "The last that became of it.", Kind.CODE),
    Column("measure", "Figure", "The figure that should move.", Kind.CODE),
    Column("way", "Which way", "Which way it should move.", Kind.CODE),
    Column("held_against", "Before", "The quarter before, against which the figure is held.", Kind.CODE),
    Column("before_share", "Before (%)", "The figure of that quarter.", Kind.PERCENT),
    Column("before_of", "Before, of", "Duties or victims of which it is a share.", Kind.COUNT),
    Column("since_quarter", "Since", "The quarter since, which began after the decision.", Kind.CODE),
    Column("since_share", "Since (%)", "The figure of that quarter.", Kind.PERCENT),
    Column("since_of", "Since, of", "Duties or victims of which it is a share.", Kind.COUNT),
    Column("moved", "Whether it moved", "Whether the change is more than chance alone explains.", Kind.CODE),
    Column("question", "Question", "What was asked of the cases that supervisors looked at.", Kind.CODE),
    Column("cases", "Cases", "Cases that supervisors looked at.", Kind.COUNT),
    Column("gaps", "Needs", "Needs of victims for which no service was found.", Kind.COUNT),
    Column("reached", "Cases", "Cases of the line: a stage reached, a step taken, so many officers.", Kind.COUNT),
    Column("stage_median", "Half within, days", "Calendar days since the stage before: half within.", Kind.DAYS),
    Column("stage_nine_in_ten", "Nine in ten within, days", "Calendar days: nine in ten within.", Kind.DAYS),
    Column("victims", "Victims", "Victims of cases opened in the period whose contacts are recorded.", Kind.COUNT),
    Column("referred_share", "Referred (%)", "Victims referred to support, of all of these.", Kind.PERCENT),
    Column("referred_low", "95% interval from (%)", "The low end of the 95% interval (Wilson).", Kind.PERCENT),
    Column("referred_high", "95% interval to (%)", "The high end of the 95% interval (Wilson).", Kind.PERCENT),
    Column("without_evidence", "No evidence", "Their source records no contacts: in no percentage.", Kind.COUNT),
    Column("asked", "Asked", "Victims who were asked in the quarter how it was for them.", Kind.COUNT),
    Column("answered", "Answered", "Those of them who answered.", Kind.COUNT),
    Column("answered_share", "Answered (%)", "Victims who answered, of all who were asked.", Kind.PERCENT),
    Column("answered_low", "95% interval from (%)", "The low end of the 95% interval (Wilson).", Kind.PERCENT),
    Column("answered_high", "95% interval to (%)", "The high end of the 95% interval (Wilson).", Kind.PERCENT),
    Column("asked_question", "Question", "What victims were asked.", Kind.CODE),
    Column("yes_share", "Yes (%)", "Victims who said yes, of all who answered.", Kind.PERCENT),
    Column("yes_low", "95% interval from (%)", "The low end of the 95% interval (Wilson).", Kind.PERCENT),
    Column("yes_high", "95% interval to (%)", "The high end of the 95% interval (Wilson).", Kind.PERCENT),
    Column(
        "theme", "What it was about", "As the supervisor said who read the words; a victim can say several.", Kind.CODE
    ),
    Column("words", "Victims", "Victims whose words were read before the quarter was shown.", Kind.COUNT),
    *(_answer(answer) for answer in FeedbackAnswer),
    *(_step(step) for step in STEPS),
    *(_outcome(outcome) for outcome in Outcome),
)
LINE_TITLES: dict[By, str] = {
    **support_reached.BREAKDOWNS,
    **BREAKDOWNS,
    By.CAUSE: "Cause",
    By.TRIED: "Attempt",
    By.RECORDED: "When it was recorded",
    By.OVERTURNED: "Whether it had been found late",
    By.SILENCE: "Nothing reached the victim for",
    By.ASKED: "Of their characteristics",
    By.NEED: "Need",
    By.ANSWER: "Answer",
    By.KIND: "Stage or step",
    By.OFFICERS: "Case officers in turn",
}
"""What the lines of each table are."""

COLUMNS = {column.id: column for column in _KNOWN}


def column(column_id: str) -> Column:
    """The column of this id: `was_met` and `is_met` are the met of the pack before, and of this one."""
    when, _, of = column_id.partition("_")
    if when in ("was", "is") and of in COLUMNS:
        known = COLUMNS[of]
        title = f"{known.title}, {'in the last pack' if when == 'was' else 'now'}"
        return Column(column_id, title, known.meaning, known.kind)
    return COLUMNS[column_id]


def named(code: Column, title: str) -> Column:
    """The column of the names of a column of codes."""
    return Column(f"{code.id}_name", title, code.meaning, Kind.NAME)
