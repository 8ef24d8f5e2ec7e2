"""What is due for disposal by the rules of the force: found, proposed, and beyond the cap agreed by two people.

Nothing is disposed of here: that is for a person to decide (`commands/dispose_of_case.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from victimcare.domain.people import Action, Person, scope_of
from victimcare.domain.retention import Finding, RetentionPolicy, people_missing, review
from victimcare.store import audit, disposals, kept_records
from victimcare.store.disposals import NoSuchRun, Proposal
from victimcare.store.staff import SYSTEM, ensure_system


@dataclass(frozen=True, slots=True)
class Survey:
    """What the rules find on a day among all cases: those due, with their references, and how many of each finding."""

    cases: int
    cap: int
    due: tuple[tuple[str, Proposal], ...]
    findings: Mapping[Finding, int]

    @property
    def by_rule(self) -> dict[str, int]:
        """How many are due, by rule."""
        return dict(sorted(Counter(proposal.rule for _, proposal in self.due).items()))

    @property
    def over_cap(self) -> bool:
        """Whether it finds more than a run may by itself."""
        return len(self.due) > self.cap

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """Those due, without their references."""
        return tuple(proposal for _, proposal in self.due)


def survey(connection: Connection, *, policy: RetentionPolicy, today: date) -> Survey:
    """Look through every case that is over. Changes nothing, and takes long: in a transaction that only reads."""
    due, findings = [], Counter[Finding]()
    case_ids = kept_records.over(connection, opened_until=policy.opened_until(today))
    for case in kept_records.kept_records(connection, case_ids):
        found = review(case.record, policy, today=today)
        findings[found.finding] += 1
        if found.finding is Finding.DUE and found.rule and found.trigger_on and found.due_on:
            due.append((case.ref, Proposal(case.id, found.rule.id, found.trigger_on, found.due_on)))
    cases = kept_records.case_count(connection)
    return Survey(cases, policy.cap(cases), tuple(due), findings)


def propose(connection: Connection, *, found: Survey, now: datetime) -> None:
    """Propose what a survey just found; beyond the cap, only ask two people. Of nothing due nothing is written.

    What was recorded since the survey is looked at when somebody decides (`commands/dispose_of_case.py`).
    """
    disposals.hold_back_others(connection)
    if found.due:
        ensure_system(connection)
        _store(connection, found, now, "over_cap" if found.over_cap else "proposed")
        audit.write(connection, at=now, operation="alteration", what="propose disposals", person=SYSTEM)


def _store(connection: Connection, found: Survey, now: datetime, state: str) -> None:
    run_id = disposals.add_run(
        connection, at=now, cases=found.cases, found=len(found.due), cap=found.cap, counts=found.by_rule, state=state
    )
    if state == "proposed":
        disposals.propose(connection, run_id, found.proposals)


def agree_to_run(connection: Connection, *, run_id: int, found: Survey, by: Person, now: datetime) -> bool:
    """Agree that a run goes beyond the cap; True for the second person, who makes it propose what is due.

    `found` is what a survey finds now.

    Raises `NoSuchRun`, `SamePersonTwice`, `MoreThanAgreed`.
    """
    if scope_of(by, Action.REVIEW_RECORDS) is None:
        raise NoSuchRun
    disposals.hold_back_others(connection)
    run = disposals.load_run(connection, run_id)
    released = not people_missing([run.first_agreed_by], by=by.id)
    if released:
        if len(found.due) > run.found:
            raise MoreThanAgreed(run.found, len(found.due))
        disposals.propose(connection, run.id, found.proposals)
    disposals.agree(connection, run, by=by.id, at=now)
    audit.write(connection, at=now, operation="alteration", what=f"agree to retention run {run.id}", person=by)
    return released


class MoreThanAgreed(RuntimeError):
    """The rules find more now than the run that was agreed to."""

    def __init__(self, agreed: int, found: int) -> None:
        super().__init__(f"{found} cases are due now, and you were asked about {agreed}: wait for tonight’s run")
