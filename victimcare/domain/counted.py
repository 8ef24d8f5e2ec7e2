"""What a board's figures count, one by one: duties, victims, and whatever else has no more than one column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.compliance import COUNTED, LATE, NOT_COUNTED, Outcome
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.support_reached import NOT_REFERRED, REFERRED, SupportReached
from victimcare.domain.tally import Breakdown, By

VICTIMS = "victims"
"""Victims by the month in which their case was opened, and how far they came on the way to support."""
GAPS = "gaps"
"""Needs that no service met."""
QUALITY = "quality"
"""Cases that supervisors looked at."""

STEPS = "steps"
"""What was offered, asked and decided on the way."""
STAGES_REACHED = "stages"
"""Stages of the journey that were reached."""
CONTINUITY = "continuity"
"""Cases that were closed, by how many officers they had."""
SILENCE = "silence"
"""Cases that were open when the quarter ended, by how long nothing had reached the victim."""
NO_DUTIES = frozenset({VICTIMS, GAPS, QUALITY, STEPS, STAGES_REACHED, CONTINUITY, SILENCE})
"""What is counted beside the duties of agencies."""

NO_CAUSE = "none"
"""Stands where nobody has said yet why a duty was late."""
NOT_ASKED = "not_asked"
"""Stands where nobody has recorded an answer."""


class Recorded(StrEnum):
    """When the answer to a duty that was met in time was recorded."""

    BY_ITS_DAY = "by_its_day"
    AFTERWARDS = "afterwards"
    AFTER_A_BREACH = "after_a_breach"


class Tried(StrEnum):
    """Whether somebody tried to reach the victim while a duty that became late was still in time."""

    IN_TIME = "in_time"
    NOT_IN_TIME = "not_in_time"


class Overturned(StrEnum):
    """Whether a duty that is in no percentage had been found late before that was known."""

    NEVER_LATE = "never_late"
    WAS_LATE = "was_late"


class Asked(StrEnum):
    """Of how many of their protected characteristics an answer of the victim is recorded, "prefers not to say" too."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


class CountedDuty(NamedTuple):
    """One duty. `month` is such as "2026-05"; `days` the working days it took to answer it.

    `cause` is the code of why it was late; `tried`, `recorded` and `overturned` as those say: each None where it does
    not apply.
    """

    agency: str
    right: int
    rule: str
    month: str
    area: str
    crime_type: str
    tier: str
    team: str
    outcome: Outcome
    days: int | None
    cause: str | None = None
    tried: Tried | None = None
    recorded: Recorded | None = None
    overturned: Overturned | None = None

    @property
    def of(self) -> str:
        """Whose clock it is."""
        return self.agency

    def places(self) -> Iterator[tuple[Breakdown, str]]:
        """Each table in which it stands, and in which line."""
        right = str(self.right)
        yield Breakdown(self.agency, By.RIGHT), right
        yield Breakdown(self.agency, By.RULE, right), self.rule
        yield Breakdown(self.agency, By.MONTH, right), self.month
        yield Breakdown(self.agency, By.MONTH), self.month
        yield Breakdown(self.agency, By.AREA), self.area
        yield Breakdown(self.agency, By.CRIME_TYPE), self.crime_type
        yield Breakdown(self.agency, By.TIER), self.tier
        if self.agency == OWN_AGENCY:
            yield Breakdown(self.agency, By.TEAM), self.team
        if self.outcome in LATE:
            yield Breakdown(self.agency, By.CAUSE), self.cause or NO_CAUSE
            yield Breakdown(self.agency, By.TRIED), self.tried or Tried.NOT_IN_TIME
        if self.outcome is Outcome.MET:
            yield Breakdown(self.agency, By.RECORDED), self.recorded or Recorded.BY_ITS_DAY
        if self.outcome in NOT_COUNTED:
            yield Breakdown(self.agency, By.OVERTURNED), self.overturned or Overturned.NEVER_LATE


class CountedVictim(NamedTuple):
    """One case, and what its victim answered of each characteristic that they were asked of."""

    month: str
    area: str
    crime_type: str
    team: str
    outcome: SupportReached
    characteristics: tuple[tuple[By, str], ...] = ()

    @property
    def of(self) -> str:
        """Always the victims."""
        return VICTIMS

    @property
    def days(self) -> None:
        """Not told."""
        return None

    def places(self) -> Iterator[tuple[Breakdown, str]]:
        """Each table in which they stand, and in which line."""
        yield Breakdown(VICTIMS, By.MONTH), self.month
        yield Breakdown(VICTIMS, By.AREA), self.area
        yield Breakdown(VICTIMS, By.CRIME_TYPE), self.crime_type
        yield Breakdown(VICTIMS, By.TEAM), self.team
        yield Breakdown(VICTIMS, By.ASKED), self.asked
        yield Breakdown(VICTIMS, By.ASKED, self.team), self.asked
        for characteristic, answer in self.characteristics:
            yield Breakdown(VICTIMS, characteristic), answer

    @property
    def asked(self) -> Asked:
        """Of how many characteristics an answer is recorded."""
        recorded = [answer != NOT_ASKED for _, answer in self.characteristics]
        if not any(recorded):
            return Asked.NONE
        return Asked.ALL if all(recorded) else Asked.SOME


class CountedOnce(NamedTuple):
    """One of anything that has a single column: where it stands, and how many days it took, where that is told."""

    of: str
    lines: tuple[tuple[Breakdown, str], ...]
    days: int | None = None

    @property
    def outcome(self) -> str:
        """All are one column."""
        return self.of

    def places(self) -> tuple[tuple[Breakdown, str], ...]:
        """Each table in which it stands, and in which line."""
        return self.lines


def gap(area: str, need: str) -> CountedOnce:
    """One need of one victim that no service met: by area, and by need, since both at once are a few nearly always."""
    return CountedOnce(GAPS, ((Breakdown(GAPS, By.AREA), area), (Breakdown(GAPS, By.NEED), need)))


def check(answers: Iterable[tuple[str, str]]) -> CountedOnce:
    """One case that a supervisor looked at: the answer to each question."""
    return CountedOnce(
        QUALITY, tuple((Breakdown(QUALITY, By.ANSWER, question), answer) for question, answer in answers)
    )


STEPS_COUNTED = (
    EventKind.VPS_OFFERED,
    EventKind.VPS_TAKEN,
    EventKind.VPS_DECLINED,
    EventKind.VPS_READ,
    EventKind.RESTORATIVE_JUSTICE_OFFERED,
    EventKind.RESTORATIVE_JUSTICE_ANSWERED,
    EventKind.COMPENSATION_TOLD,
    EventKind.COMPENSATION_APPLIED,
    EventKind.COMPENSATION_DECIDED,
    EventKind.SPECIAL_MEASURES_ASKED,
    EventKind.SPECIAL_MEASURES_DECIDED,
    EventKind.CPS_MEETING_OFFERED,
    EventKind.CPS_MEETING_HELD,
    EventKind.REVIEW_REQUESTED,
    EventKind.REVIEW_DECIDED,
    EventKind.COMPLAINT_MADE,
    EventKind.COMPLAINT_ANSWERED,
)
"""The kinds of event that are counted as steps, in the order in which they are shown."""


STEPS_WITH_RESULT = (EventKind.SPECIAL_MEASURES_DECIDED, EventKind.REVIEW_DECIDED)
"""Those that are counted by what was decided."""


def step(kind: str, result: str = "") -> CountedOnce:
    """One case in which something of this kind was done, with this result."""
    return CountedOnce(STEPS, ((Breakdown(STEPS, By.KIND), step_code(kind, result)),))


def step_code(kind: str, result: str = "") -> str:
    """Such as "vps_offered", or "review_decided:stands"."""
    return f"{kind}:{result}" if result else kind


def stage_reached(stage: str, days: int) -> CountedOnce:
    """One case that reached this stage, so many calendar days after the one before."""
    return CountedOnce(STAGES_REACHED, ((Breakdown(STAGES_REACHED, By.KIND), stage),), days)


def closed_case(officers: int) -> CountedOnce:
    """One case that was closed, after so many officers in turn."""
    told = str(officers) if officers < MANY_OFFICERS else f"{MANY_OFFICERS}+"
    return CountedOnce(CONTINUITY, ((Breakdown(CONTINUITY, By.OFFICERS), told),))


MANY_OFFICERS = 4
"""From so many on they are counted together."""

SILENT_WEEKS = (4, 8, 12)
"""After how many weeks a silence is counted as longer."""
SILENCES = (*(str(weeks) for weeks in SILENT_WEEKS), "longer")
"""How long a silence is, the shortest first: up to so many weeks."""


def silent_case(days: int) -> CountedOnce:
    """One case that was open at the end, whose victim nothing had reached for so many calendar days."""
    longest = next((str(weeks) for weeks in SILENT_WEEKS if days <= weeks * 7), SILENCES[-1])
    return CountedOnce(SILENCE, ((Breakdown(SILENCE, By.SILENCE), longest),))


Column = tuple[str, ...]
Group = tuple[Column, ...]
"""Columns that have a sum of their own. Each column counts those with one of its outcomes."""


def groups_of(breakdown: Breakdown) -> tuple[Group, ...]:
    """The columns of a table. Those of a line of it, and of the line that it splits, are the same."""
    split = SPLITS.get(breakdown.by)
    return ((split,),) if split else groups_in_all(breakdown.of)


def groups_in_all(of: str) -> tuple[Group, ...]:
    """The columns of everything that is counted of an agency, say."""
    if of == VICTIMS:
        return _OF_VICTIMS
    return _each((of,)) if of in NO_DUTIES else _OF_DUTIES


SPLITS: dict[By, Column] = {
    By.CAUSE: LATE,
    By.TRIED: LATE,
    By.RECORDED: (Outcome.MET,),
    By.OVERTURNED: NOT_COUNTED,
    By.ASKED: tuple(SupportReached),
}
"""Tables that split no more than one number of their line: of those with one of these outcomes."""


def splits_of(of: str) -> tuple[Column, ...]:
    """The numbers of a line of this that tables split, each once."""
    outcomes = set(chain.from_iterable(chain.from_iterable(groups_in_all(of))))
    return tuple(dict.fromkeys(split for split in SPLITS.values() if outcomes.issuperset(split)))


def opened_by(of: str) -> By:
    """By what the table is broken down whose lines have tables of their own (`Breakdown.within`)."""
    return By.TEAM if of == VICTIMS else By.RIGHT


def _each(*groups: tuple[str, ...]) -> tuple[Group, ...]:
    return tuple(tuple((outcome,) for outcome in group) for group in groups)


_OF_DUTIES = _each(COUNTED, NOT_COUNTED)
_OF_VICTIMS = _each(REFERRED, NOT_REFERRED, (SupportReached.NO_EVIDENCE,))
