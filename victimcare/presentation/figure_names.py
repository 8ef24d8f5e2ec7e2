"""What the lines of the board's tables, and the periods that they are of, are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from victimcare.domain.agencies import OTHER_AGENCY
from victimcare.domain.code import VictimsCode
from victimcare.domain.counted import Asked, Overturned, Recorded, Tried
from victimcare.domain.dip_sample import Answer
from victimcare.domain.stage_line import STAGES, stage_code
from victimcare.domain.support_needs import ANY_NEED, SUPPORT_NEEDS
from victimcare.domain.tally import Breakdown, By
from victimcare.editions.breach_causes import published_causes
from victimcare.presentation.journey_figures import STEPS, officers_in_words, silence_in_words
from victimcare.presentation.words import day, month
from victimcare.queries.periods import Period

NEEDS = {**SUPPORT_NEEDS, ANY_NEED: "Any support"}
_KINDS: Mapping[str, str] = STEPS | {stage_code(name): name for name in STAGES}
_WORDS: Mapping[str, str] = {
    "not_asked": "Not asked",
    "own_words": "In their own words",
    "prefers_not_to_say": "Prefers not to say",
    Tried.IN_TIME: "Tried in time, and not reached",
    Tried.NOT_IN_TIME: "Nobody tried in time",
    Recorded.BY_ITS_DAY: "Recorded by its day",
    Recorded.AFTERWARDS: "Recorded after its day",
    Recorded.AFTER_A_BREACH: "Recorded after it had been found late",
    Overturned.NEVER_LATE: "Never found late",
    Overturned.WAS_LATE: "Had been found late",
    Asked.ALL: "All asked",
    Asked.SOME: "Some asked",
    Asked.NONE: "None asked",
    **{answer: answer.in_words for answer in Answer},
}
"""Whatever is not in the victims' or the force's own words."""


def period_title(period: Period) -> str:
    """Such as "July to September 2026", or "12 months to September 2026"."""
    if len(period.quarters) > 1:
        return f"12 months to {month(period.last_on)}"
    return f"{month(period.from_on).split()[0]} to {month(period.last_on)}"


def known_on_in_words(known_on: Sequence[date]) -> str:
    """The day as of which tables are known, or the first and the last of them; "" where there are none."""
    if not known_on:
        return ""
    first, last = min(known_on), max(known_on)
    return day(first) if first == last else f"{day(first)} to {day(last)}"


@dataclass(frozen=True, slots=True)
class Names:
    """What agencies, rights, duties and teams are called; `teams` by their ids."""

    code: VictimsCode
    teams: Mapping[str, str]

    def of_agency(self, agency: str) -> str:
        """The agency's title in the newest edition that names it."""
        named = (edition.agencies[agency] for edition in reversed(self.code.editions) if agency in edition.agencies)
        return next(named, "Another agency" if agency == OTHER_AGENCY else agency)

    def of_right(self, number: int) -> str:
        """Its number and title."""
        return f"{number}. {self.code.latest.right_title(number)}"

    def of_table(self, breakdown: Breakdown) -> str:
        """The agency, with the right where it is a table of one."""
        agency = self.of_agency(breakdown.of)
        return agency if breakdown.within is None else f"{agency}: {self.of_right(int(breakdown.within))}"

    def of_line(self, breakdown: Breakdown, value: str) -> str:
        """What a line of the table is of."""
        match breakdown.by:
            case By.RIGHT:
                return self.of_right(int(value))
            case By.RULE:
                return self.of_rule(value)
            case By.MONTH:
                return month(date.fromisoformat(f"{value}-01"))
            case By.TIER:
                return self.code.latest.tier_title(value)
            case By.TEAM:
                return self.teams.get(value, value)
            case By.CAUSE:
                causes = published_causes()
                return causes[value].words if value in causes else "No cause was given yet"
            case By.NEED:
                return NEEDS.get(value, value)
            case By.KIND:
                return _KINDS.get(value, value)
            case By.OFFICERS:
                return officers_in_words(value)
            case By.SILENCE:
                return silence_in_words(value)
            case _:
                return _WORDS.get(value, value)

    def of_rule(self, rule_id: str) -> str:
        """Its title in the newest edition that has it, and that it is not verified where it is not."""
        editions = [edition for edition in self.code.editions if edition.has_rule(rule_id)]
        return editions[-1].rule(rule_id).marked_title if editions else rule_id
