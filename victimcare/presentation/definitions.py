"""What the figures of duties mean: said once, for the pages of the board and for its packs."""

from __future__ import annotations

from collections.abc import Iterator

from victimcare.presentation.figure_names import period_title
from victimcare.presentation.words import day
from victimcare.queries.periods import Period

DECLARED_CHANGE = (
    "The board declared that a process was another from a month on. The months before it and those since it are held "
    "against each other apart, since a change that is known is no news. It says why, and who decided it: limits are "
    "never drawn anew because a chart looks as if they should be."
)
"""Why limits begin anew in a chart."""


def definitions(period: Period, baseline: Period | None) -> Iterator[tuple[str, str]]:
    """Each term and what it means, for figures of `period` that are held against those of `baseline`."""
    yield (
        "A duty",
        "One thing that the Code says somebody must do for one victim by a certain day. It belongs to the period of "
        f"that day, {day(period.from_on)} to {day(period.last_on)} here, and to the agency that owes it: a late court "
        "result is the court’s. What the force asks for beyond the Code is left out. Figures are published once, some "
        "days after the end of a quarter: what is recorded later counts when enough of it has come together.",
    )
    yield (
        "Met in time (%)",
        "Duties met by the end of their day, divided by duties counted. The 95% interval (Wilson) says how far chance "
        "alone could move it. Duties of one victim depend on each other, so chance goes a little further than it says.",
    )
    if baseline:
        yield (
            "Change",
            f"In percentage points since {period_title(baseline)}, as it was published, with its 95% interval "
            "(Newcombe). An interval that has 0 in it is no change that the figures could tell. Whatever one looks at, "
            "one line in twenty seems to change by chance alone: month by month tells more.",
        )
    yield (
        "Days",
        "Of the duties that were answered, in time or late: half were within so many working days, and nine in ten "
        "within so many. [x] stands where too few were answered to say, and for 12 months. A duty of hours counts as "
        "0 or 1.",
    )
    yield (
        "The clock",
        "It starts on the day on which something happened or, for a duty that begins when an agency is told, on the "
        "day on which that agency received it. That is day 0; weekends and bank holidays of England and Wales do not "
        "count where the Code says working days. A contact counts on the day it was made, not on the day it was typed "
        "in. An attempt is not an answer.",
    )


ONE_COLUMN = "Every duty is in exactly one column. Lateness is not taken away by whatever ended the duty afterwards."
"""Of the columns in which duties are counted."""


def small_numbers(threshold: int) -> str:
    """What is hidden, and what that does not guard against."""
    return (
        f"A count from 1 to {threshold - 1} is hidden, as are numbers that would give it away, and percentages that "
        "rest on them; where a line hides something, its breakdowns hide the same. 12 months show no more than their "
        "four quarters do. Figures that were published are published again only where they changed by "
        f"{threshold} or more, so that comparing two of them tells of nobody. Not guarded against: several duties "
        "belonging to one victim or household."
    )
