"""Actions of the board in words: what should move, and whether it did."""

from __future__ import annotations

from victimcare.domain.board_actions import VICTIMS_REFERRED, Measure, Moved, Step, Way
from victimcare.domain.quarter import Quarter
from victimcare.presentation.figure_names import Names, period_title
from victimcare.presentation.figures import HIDDEN, change_in_words, interval_words, number, percent
from victimcare.queries.board_actions import ActionView
from victimcare.queries.periods import Period
from victimcare.queries.rates import Rate

WAYS = {Way.UP: "Up", Way.DOWN: "Down"}
STEPS = {
    Step.DECIDED: "Decided",
    Step.DUE_MOVED: "Due on another day",
    Step.DONE: "Done",
    Step.DROPPED: "Dropped",
}
MOVED = {
    Moved.AS_WISHED: "Moved",
    Moved.OTHER_WAY: "Moved the other way",
    Moved.BY_CHANCE: "No more than chance",
    Moved.NOT_YET_KNOWN: "Not yet known",
    Moved.HIDDEN: "Cannot be told",
}
_WHY = {
    Moved.AS_WISHED: "The figure moved by more than chance alone explains. What moved it, no figure tells.",
    Moved.OTHER_WAY: "The figure moved by more than chance alone explains, and not the way it should.",
    Moved.BY_CHANCE: "The change lies within what chance alone could do: it may have moved, or not.",
    Moved.NOT_YET_KNOWN: "No figures have been published yet of a quarter that began after the decision.",
    Moved.HIDDEN: f"One of the two figures is not shown ({HIDDEN}), or rests on too few.",
}


MEANING = (
    "The quarter whose figures were the newest when the action was recorded is held against the newest published "
    "quarter that began after the decision. “Moved”: the 95% interval of the difference does not contain 0. “No more "
    "than chance”: it does. Small numbers are hidden as everywhere; of a hidden figure it cannot be told. Of many "
    "actions, one in twenty would seem to move by chance alone, and what moved may have moved for another reason."
)
"""What it means that a figure moved."""


def measure_in_words(measure: Measure, names: Names) -> str:
    """Such as "Bedfordshire Police: duties met in time (6. To be told ...)"."""
    if measure.agency == VICTIMS_REFERRED:
        return "Victims referred to support"
    of = "duties met in time" if measure.right is None else names.of_right(measure.right)
    return f"{names.of_agency(measure.agency)}: {of}"


def quarter_in_words(quarter: Quarter) -> str:
    """Such as "July to September 2026"."""
    return period_title(Period.quarter(quarter))


def rate_in_words(rate: Rate | None) -> str:
    """Such as "61.2% of 340 (55.9% to 66.2%)"; "[c]" where it is not shown."""
    if rate is None or not isinstance(rate.share, float):
        return HIDDEN if rate is None else percent(rate.share)
    return f"{percent(rate.share)} of {number(rate.denominator)} ({interval_words(rate.interval)})"


def change(action: ActionView) -> str:
    """How much it changed, in points with its interval; "" where that is not known."""
    if action.moved in (Moved.NOT_YET_KNOWN, Moved.HIDDEN) or action.after is None:
        return ""
    return change_in_words(action.before, action.after)


def why(action: ActionView) -> str:
    """What its word means; of referrals, that those which are still to come are not in it."""
    still = " Referrals that come later still raise the newest quarter." if action.since else ""
    return _WHY[action.moved] + (still if action.measure.agency == VICTIMS_REFERRED else "")
