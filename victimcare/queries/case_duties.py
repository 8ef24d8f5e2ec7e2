"""The duties of one case as an officer keeps and explains them: what each says, by when, and why that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from victimcare.domain.code import NOT_VERIFIED, Telling
from victimcare.domain.court_stage import WITNESS_CARE_UNIT
from victimcare.domain.entitlements import Entitlement, Standing
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind, Stage
from victimcare.domain.explanation import agency_name, explain
from victimcare.domain.journey import JourneyEvent
from victimcare.domain.law import Law
from victimcare.domain.people import Person, Role
from victimcare.queries.timeline import TimelineEntry

_OPEN = (Standing.OVERDUE, Standing.DUE_TODAY, Standing.DUE)
_PENDING = (Standing.EXPECTED, Standing.NOT_STARTED, Standing.NOT_YET_KNOWN)


@dataclass(frozen=True, slots=True)
class DutyView:
    """A duty with everything that an officer needs to keep it or to explain it."""

    rule: str
    start_key: str
    news: JourneyEvent
    title: str
    says: str
    agency: str
    owed_to_victim: bool
    standing: Standing
    due_on: date | None
    ended_on: date | None
    working_days_late: int
    late: bool
    verified: bool
    explanation: str
    subject: str | None
    stage: Stage
    must_tell: tuple[Telling, ...]
    outstanding: tuple[Telling, ...]
    met_by: frozenset[EventKind]
    answered_by: EventKind
    in_writing: bool = False
    asked: TimelineEntry | None = None
    """The request for a good reason on which nobody has decided yet."""
    otherwise_on: date | None = None
    """The day by the bank holidays in force, where somebody must decide whether that makes it late, or in time."""

    @property
    def news_version(self) -> str:
        """The key of the version of the news that is to be told."""
        return self.news.key

    @property
    def name(self) -> str:
        """What it is, which of them, and whether that is verified: for lists, which show no more of it."""
        of = f" ({self.subject})" if self.subject else ""
        return f"{self.title}{of}" if self.verified else f"{self.title}{of} {NOT_VERIFIED}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be met."""
        return self.standing in _OPEN

    @property
    def key(self) -> str:
        """What names it in an address: the same under every correction."""
        return f"{self.rule}:{self.start_key}"

    @property
    def anchor(self) -> str:
        """Its value in forms: it names the version of the news that the person has before them."""
        return f"{self.rule}:{self.news_version}"


def own_agency_of(person: Person) -> str:
    """The agency that somebody works for, as the editions of the Code name it."""
    return WITNESS_CARE_UNIT if person.role is Role.WITNESS_CARE else "police"


class Duties(NamedTuple):
    """The duties of a case: open with us, open elsewhere or not begun, and ended with the latest first."""

    open: tuple[DutyView, ...]
    waiting: tuple[DutyView, ...]
    ended: tuple[DutyView, ...]


def duties_of(
    entitlements: Sequence[Entitlement],
    *,
    entries: Sequence[TimelineEntry],
    law: Law,
    today: date,
    agency_names: Mapping[str, str],
    own_agency: str,
) -> Duties:
    """The duties of a case as they stand on `today` (London date), each explained; `entries` is its timeline."""
    by_key = {entry.key: entry for entry in entries}
    ours, waiting, ended = [], [], []
    for entitlement in entitlements:
        duty = _duty(entitlement, law, today, agency_names)
        duty = replace(duty, asked=by_key.get(entitlement.asked or ""))
        if duty.is_open and entitlement.owed_by == own_agency:
            ours.append(duty)
        elif duty.is_open or duty.standing in _PENDING:
            waiting.append(duty)
        else:
            ended.append(duty)
    return Duties(_by_day(ours), _by_day(waiting), tuple(reversed(ended)))


def _duty(entitlement: Entitlement, law: Law, today: date, agency_names: Mapping[str, str]) -> DutyView:
    rule = entitlement.rule
    return DutyView(
        rule=rule.id,
        start_key=entitlement.start.key,
        news=entitlement.start.current,
        title=rule.title,
        says=rule.says,
        agency=agency_name(entitlement, agency_names),
        owed_to_victim=rule.owed_to == "victim",
        standing=entitlement.standing_on(today),
        due_on=entitlement.due_on,
        ended_on=entitlement.ended_on,
        working_days_late=entitlement.working_days_late_on(today, law.calendar),
        late=entitlement.late_on(today),
        verified=rule.verified_from(entitlement.start.root.kind),
        explanation=explain(entitlement, law.calendar, agency_names=agency_names),
        subject=entitlement.start.current.subject,
        stage=EVENT_KINDS[entitlement.start.current.kind].stage,
        must_tell=rule.due_tellings(entitlement.start.current.details),
        outstanding=entitlement.outstanding,
        met_by=rule.met_by,
        answered_by=rule.answered_by,
        in_writing=rule.in_writing,
        otherwise_on=entitlement.otherwise_on if entitlement.waits_for_verdict_on(today) else None,
    )


def _by_day(duties: list[DutyView]) -> tuple[DutyView, ...]:
    return tuple(sorted(duties, key=lambda duty: (duty.due_on or date.max, duty.rule)))
