"""The columns in which a replay stands beside what was published, by what is told, and their figures in words."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.compliance import Outcome
from victimcare.domain.counted import SILENCE, STAGES_REACHED, STEPS, VICTIMS
from victimcare.domain.published_figures import PublishedLine
from victimcare.domain.replay_choices import DUTIES, Told
from victimcare.domain.small_numbers import Suppressed, added
from victimcare.domain.support_reached import SupportReached
from victimcare.presentation.figures import HIDDEN, NOT_APPLICABLE, TOO_FEW, number, percent
from victimcare.queries.rates import Rate
from victimcare.queries.support_reached import Victims

Figures = Mapping[str, str]
"""What stands in each column, by its code."""

TOLD: Mapping[Told, str] = {
    Told.RIGHT: "Duties by right and duty",
    Told.AREA: "Duties by area",
    Told.CRIME_TYPE: "Duties by type of crime",
    Told.TIER: "Duties by tier",
    Told.TEAM: "Duties by team",
    Told.MONTH: "Duties by month",
    Told.DAYS: "How many working days duties took",
    Told.BEHIND: "Causes, attempts and late records of duties",
    Told.SUPPORT_AREA: "The way to support by area",
    Told.SUPPORT_CRIME_TYPE: "The way to support by type of crime",
    Told.SUPPORT_TEAM: "The way to support by team",
    Told.SUPPORT_MONTH: "The way to support by month",
    Told.GAPS: "Needs that no service met",
    Told.STEPS: "What was done on journeys",
    Told.STAGES: "Stages of journeys, and days between them",
    Told.CONTINUITY: "Officers in turn, of closed cases",
    Told.SILENCE: "Silence, of open cases",
    Told.QUALITY: "What supervisors found in cases",
}
"""What can be told of a quarter, as the menu says it."""
LINES: Mapping[Told, str] = {
    Told.RIGHT: "Right and duty",
    Told.AREA: "Area",
    Told.CRIME_TYPE: "Type of crime",
    Told.TIER: "Tier",
    Told.TEAM: "Team",
    Told.MONTH: "Month",
    Told.DAYS: "Right and duty",
    Told.BEHIND: "What was recorded",
    Told.SUPPORT_AREA: "Area",
    Told.SUPPORT_CRIME_TYPE: "Type of crime",
    Told.SUPPORT_TEAM: "Team",
    Told.SUPPORT_MONTH: "Month",
    Told.GAPS: "Area or need",
    Told.STEPS: "What was done",
    Told.STAGES: "Stage",
    Told.CONTINUITY: "Officers",
    Told.SILENCE: "Nothing reached the victim for",
    Told.QUALITY: "Answer",
}
"""What the lines are, as their heading says it."""
_NOTES: Mapping[str, tuple[str, ...]] = {
    VICTIMS: (
        "A victim is a case that was opened in the quarter.",
        "Those whose source records no contacts are left out.",
    ),
    STEPS: ("A case counts once for each thing that was done in it.",),
    STAGES_REACHED: ("A case counts once for each stage; days are those since the stage before.",),
    SILENCE: ("Open when the quarter ended; as known on a day before that, on that day.",),
}
_OF_DUTIES = {
    "counted": "Due",
    "met": "Met in time",
    "met_late": "Met late",
    "overdue": "Overdue",
    "in_time": "In time (%)",
}
_OF_DAYS = {"answered": "Answered", "median": "Median (working days)", "nine_in_ten": "Nine in ten within"}
_OF_VICTIMS = {"victims": "Victims", "referred": "Referred", "share": "Referred (%)", "started": "Support began"}
_OF_STAGES = {"cases": "Cases", "median": "Median (days)", "nine_in_ten": "Nine in ten within"}
_ONE = {
    Told.BEHIND: {"duties": "Duties"},
    Told.GAPS: {"needs": "Needs"},
}


def columns_of(told: Told) -> Mapping[str, str]:
    """The heading of each column by its code, in their order."""
    if told is Told.DAYS:
        return _OF_DAYS
    if told in _ONE:
        return _ONE[told]
    by_kind = {DUTIES: _OF_DUTIES, VICTIMS: _OF_VICTIMS, STAGES_REACHED: _OF_STAGES}
    return by_kind.get(told.of, {"cases": "Cases"})


def figures_of(told: Told, line: PublishedLine, threshold: int) -> Figures:
    """What a line of a publication says in these columns. All lines of a table of stages took no days together."""
    if told is Told.DAYS:
        answered = added((line.outcomes[Outcome.MET], line.outcomes[Outcome.MET_LATE]))
        return dict(zip(_OF_DAYS, (number(answered), *_days(line, answered)), strict=True))
    if told.of == DUTIES and told is not Told.BEHIND:
        return _of_duties(line, threshold)
    if told.of == VICTIMS:
        return _of_victims(line, threshold)
    counted = number(line.groups[0].total)
    more: tuple[str, ...] = ()
    if told.of == STAGES_REACHED:
        more = _days(line, line.groups[0].total) if line.value else (NOT_APPLICABLE, NOT_APPLICABLE)
    return dict(zip(columns_of(told), (counted, *more), strict=True))


def notes_of(told: Told) -> tuple[str, ...]:
    """What the figures are, in sentences."""
    if told.of != DUTIES:
        return (*_NOTES.get(told.of, ()), "Areas and types of crime are those of today.")
    lawful = "[z] stands where one of the two laws has no such duty." if told.follows_the_law else ""
    due = "Due: all duties that are counted, met, late and overdue." if told not in (Told.DAYS, Told.BEHIND) else ""
    law = "The law is that of today, or the edition; bank holidays are those known today."
    then = "Of a day before the quarter was over, those duties are counted whose day had come."
    return tuple(filter(None, (lawful, due, law, then)))


def nothing(told: Told) -> Figures:
    """A line that stands in a table of which it is known to have nothing."""
    first, *others = columns_of(told)
    return {first: number(0)} | dict.fromkeys(others, TOO_FEW)


def _of_duties(line: PublishedLine, threshold: int) -> Figures:
    counts = line.outcomes
    rate = Rate.of(counts[Outcome.MET], line.counted.total, threshold=threshold)
    met, met_late, overdue = (number(counts[each]) for each in (Outcome.MET, Outcome.MET_LATE, Outcome.OPEN))
    told = (number(line.counted.total), met, met_late, overdue, percent(rate.share))
    return dict(zip(_OF_DUTIES, told, strict=True))


def _of_victims(line: PublishedLine, threshold: int) -> Figures:
    victims = Victims.of(line, threshold=threshold)
    referred, started = victims.referred, victims.reached[SupportReached.STARTED]
    told = (number(referred.denominator), number(referred.numerator), percent(referred.share), number(started))
    return dict(zip(_OF_VICTIMS, told, strict=True))


def _days(line: PublishedLine, counted: object) -> tuple[str, str]:
    """The median, and within how many nine in ten were done."""
    if line.days is None:
        missing = HIDDEN if isinstance(counted, Suppressed) else TOO_FEW
        return missing, missing
    return number(line.days.median), TOO_FEW if line.days.nine_in_ten is None else number(line.days.nine_in_ten)
