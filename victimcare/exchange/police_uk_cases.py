"""A published crime as a case: its reference, its case officer, and the events of its journey.

Only months are published, so every moment has month precision, and no contacts, so silence proves nothing: the duties
that these events start stand "no evidence".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256

from victimcare.domain.allocation import Allocation, Candidate, NewCase, TeamOnDuty, allocate
from victimcare.domain.case import Case
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Journey, JourneyEvent, Moment, Value
from victimcare.domain.references import CASE_LETTERS
from victimcare.exchange.police_uk_files import OutcomeRow, StreetRow
from victimcare.exchange.police_uk_mapping import OUTCOMES, SOURCE

_REFERENCE_ALPHABET = CASE_LETTERS.encode()
_LETTER_OF_BYTE = bytes(_REFERENCE_ALPHABET[byte % len(_REFERENCE_ALPHABET)] for byte in range(256))
_WORK_OF_A_CASE = 0.001
"""A published crime starts no counted duty: its case fills nobody, and yet the next one goes to somebody else."""


class Allocator:
    """Who takes each case, with everybody's work kept in memory while cases are imported.

    What an officer already holds of this source (`already_held`, cases by officer) counts as if it were imported in
    this run, so that an interrupted import goes on as it would have.
    """

    def __init__(
        self, candidates: Iterable[Candidate], teams: Iterable[TeamOnDuty], *, already_held: Mapping[str, int]
    ) -> None:
        self._teams = tuple(teams)
        self._held = Counter(already_held)
        self._by_area: dict[str, dict[str, tuple[Candidate, Candidate]]] = {}
        for candidate in candidates:
            of_area = self._by_area.setdefault(candidate.area, {})
            of_area[candidate.officer_id] = candidate, self._with_work(candidate)

    def allocate(self, area: str) -> Allocation:
        """The case officer of the next case of this area. Raises `NobodyOnDuty`."""
        of_area = self._by_area.get(area, {})
        case = NewCase(area, frozenset())
        allocation = allocate(case, (now for _, now in of_area.values()), self._teams)
        self._held[allocation.officer_id] += 1
        if allocation.officer_id in of_area:
            before, _ = of_area[allocation.officer_id]
            of_area[allocation.officer_id] = before, self._with_work(before)
        return allocation

    def _with_work(self, candidate: Candidate) -> Candidate:
        imported = self._held[candidate.officer_id] * _WORK_OF_A_CASE
        return replace(candidate, open_work=candidate.open_work + imported)


def case_of(row: StreetRow, *, ref: str, outcomes: Iterable[OutcomeRow], allocation: Allocation, now: datetime) -> Case:
    """The case of a published crime's one victim, with a case officer from its first moment."""
    moment = Moment.month(row.month.year, row.month.month)
    officer = {"officer": allocation.officer_id, "team": allocation.team_id, "why": allocation.why}
    first: tuple[tuple[EventKind, dict[str, Value]], ...] = (
        (EventKind.CRIME_REPORTED, {}),
        (EventKind.CRIME_RECORDED, {}),
        (EventKind.OFFICER_ASSIGNED, {**officer}),
    )
    events = [_event(key_of(ref, row.month, kind.value), kind, moment, now, details) for kind, details in first]
    later = sorted(outcomes, key=lambda outcome: (outcome.month, outcome.words))
    events += [event_of_outcome(outcome, case_ref=ref, now=now) for outcome in later]
    return Case(ref, Journey(ref, tuple(events)), 1, row.area, row.crime_type)


def event_of_outcome(row: OutcomeRow, *, case_ref: str, now: datetime) -> JourneyEvent:
    """The event that a published outcome is; its words are kept as they were published."""
    moment = Moment.month(row.month.year, row.month.month)
    return _event(key_of(case_ref, row.month, row.words), OUTCOMES[row.words], moment, now, {"outcome": row.words})


def key_of(ref: str, month: date, what: str) -> str:
    """The key of what was published about `ref` for that month: the same at every import."""
    return _hash(f"{ref}|{month.isoformat()[:7]}|{what}").hex()[:20]


def reference_of(crime_ref: str, attempt: int) -> str:
    """The case reference that follows from a Crime ID; `attempt` 1, 2 ... where earlier ones belong to others."""
    letters = _hash(f"{crime_ref}|{attempt}")[:10].translate(_LETTER_OF_BYTE).decode()
    return f"{letters[:5]}-{letters[5:]}"


def _event(key: str, kind: EventKind, moment: Moment, now: datetime, details: Mapping[str, Value]) -> JourneyEvent:
    return JourneyEvent(key, kind, moment, now, details=details, contacts_recorded=False)


def _hash(words: str) -> bytes:
    return sha256(f"{SOURCE}|{words}".encode()).digest()
