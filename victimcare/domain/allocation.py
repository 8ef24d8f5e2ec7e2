"""Who takes the case of a newly recorded crime: deterministic, and it says why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from victimcare.domain.people import NO_LISTS, CaseLists


class Specialism(StrEnum):
    """What an officer is trained for and a case can need."""

    DOMESTIC_ABUSE = "domestic_abuse"
    SEXUAL_VIOLENCE = "sexual_violence"
    CHILD = "child"


SPECIALISM_WORDS = {
    Specialism.DOMESTIC_ABUSE: "domestic abuse",
    Specialism.SEXUAL_VIOLENCE: "sexual violence",
    Specialism.CHILD: "child victims",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An officer who could take a case; `open_work` is their weighted open work, of `capacity`."""

    officer_id: str
    team_id: str
    area: str
    specialisms: frozenset[Specialism]
    present: bool
    open_work: float
    capacity: float

    @property
    def workload(self) -> float:
        """Share of capacity in use: 1.0 is full."""
        return self.open_work / self.capacity


@dataclass(frozen=True, slots=True)
class TeamOnDuty:
    """A team of the area, and the supervisor on duty who holds what nobody can take."""

    team_id: str
    area: str
    duty_supervisor_id: str


@dataclass(frozen=True, slots=True)
class NewCase:
    """What allocation needs to know of the case of a newly recorded victim.

    `needs_of_all` is what the cases of all victims recorded with it need together; `officers_of_crime` are those who
    hold a case of the crime already, `lists` who is kept from this one.
    """

    area: str
    needs: frozenset[Specialism]
    officer_of_open_case: str | None = None
    needs_of_all: frozenset[Specialism] = frozenset()
    officers_of_crime: frozenset[str] = frozenset()
    lists: CaseLists = NO_LISTS


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who takes the case, and why in a sentence. `held`: a duty supervisor holds it and must be told."""

    officer_id: str
    team_id: str
    why: str
    held: bool = False


def allocate(case: NewCase, candidates: Iterable[Candidate], teams: Iterable[TeamOnDuty]) -> Allocation:
    """Choose the case officer, from the moment the crime is recorded.

    The officer of the victim's open case, else by specialism, area, presence and room: first who holds a case of the
    crime already, then who is trained for all its victims, then by least workload; ties go to the lower officer id.
    If nobody fits, the area's duty supervisor holds the case. Nobody gets one that they are kept from: where that
    leaves no supervisor, whoever holds a case of the crime has this one too. Raises `NobodyOnDuty`.
    """
    allowed = [candidate for candidate in candidates if not case.lists.bars(candidate.officer_id)]
    present = [candidate for candidate in allowed if candidate.present]
    for candidate in present:
        if candidate.officer_id == case.officer_of_open_case:
            return Allocation(candidate.officer_id, candidate.team_id, "already the victim's case officer")
    fitting = [
        candidate
        for candidate in present
        if candidate.area == case.area and case.needs <= candidate.specialisms and candidate.workload < 1
    ]
    if fitting:
        knows_it = [candidate for candidate in fitting if candidate.officer_id in case.officers_of_crime]
        for_all = [candidate for candidate in fitting if case.needs_of_all <= candidate.specialisms]
        chosen = min(knows_it or for_all or fitting, key=lambda one: (one.workload, one.officer_id))
        why = _why(case, chosen, known=bool(knows_it))
        return Allocation(chosen.officer_id, chosen.team_id, why)
    return _held_by_duty_supervisor(case, teams, allowed)


def _why(case: NewCase, chosen: Candidate, *, known: bool) -> str:
    """In words that tell nobody of another victim: what one of them needs is not said on the case of another."""
    trained = " and ".join(sorted(SPECIALISM_WORDS[need] for need in case.needs))
    asked = f"{_TRAINED}{trained}, " if trained else ""
    if known:
        return f"{asked}already case officer in this crime, and present in {case.area}"
    return f"{asked}present in {case.area}, with the least open work ({chosen.workload:.0%} of capacity)"


def needs_said(why: str) -> frozenset[Specialism]:
    """What a case needed of its officer when it was recorded, read from the sentence that says why they took it.

    Nothing where nobody fitted, and of what is known later.
    """
    trained, _, _ = why.partition(", ")
    said = trained.removeprefix(_TRAINED).split(" and ") if trained.startswith(_TRAINED) else []
    return frozenset(need for need, words in SPECIALISM_WORDS.items() if words in said)


_TRAINED = "trained for "


def _held_by_duty_supervisor(case: NewCase, teams: Iterable[TeamOnDuty], allowed: Iterable[Candidate]) -> Allocation:
    may_hold = (team for team in teams if not case.lists.bars(team.duty_supervisor_id))
    ordered = sorted(may_hold, key=lambda team: (team.area != case.area, team.team_id))
    if not ordered:
        knows_it = next((each for each in allowed if each.officer_id in case.officers_of_crime), None)
        if knows_it is None:
            raise NobodyOnDuty(case.area)
        return Allocation(knows_it.officer_id, knows_it.team_id, "already case officer in this crime")
    team = ordered[0]
    why = f"nobody present in {case.area} with the training and room for it: held by the duty supervisor"
    return Allocation(team.duty_supervisor_id, team.team_id, why, held=True)


class NobodyOnDuty(LookupError):
    """There is no team with a duty supervisor to hold a case."""

    def __init__(self, area: str) -> None:
        self.area = area
        super().__init__(f"no team has a duty supervisor to hold a case in {area}: give one to a team first")
