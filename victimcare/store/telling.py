"""Which systems of agencies are to be told of a write, where it is written: the same transaction, or never."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.domain.case import Case
from victimcare.domain.events_out import TOLD_TO, told_of_duties
from victimcare.domain.people import Action, CaseHolder, may
from victimcare.store import webhook_events, webhooks
from victimcare.store.concerned import holder_for_agency
from victimcare.store.dues import Change

New = tuple[int, Case, CaseHolder, Sequence[Mapping[str, Any]]]
"""A case that was opened: its number, itself, who holds it, and its due rows."""


def tell_of_new(connection: Connection, opened: Iterable[New], *, at: datetime) -> None:
    """The same of cases that were opened with all their due rows at once."""
    if not webhooks.anybody_hears(connection):
        return
    for case_id, case, holder, due_rows in opened:
        tell_of_duties(connection, case_id, case, holder, [(None, row) for row in due_rows], at=at)


def tell_of_duties(
    connection: Connection, case_id: int, case: Case, holder: CaseHolder, changes: Sequence[Change], *, at: datetime
) -> None:
    """Let every system be told that may read the case as it is now, and asked to hear of such a change."""
    told = {agency: kinds for agency, kinds in told_of_duties(changes).items() if agency in TOLD_TO}
    if not told:
        return
    for hearer in webhooks.hearers(connection, told):
        kinds = told[str(hearer.person.agency)] & hearer.kinds
        if not kinds:
            continue
        known = holder_for_agency(connection, hearer.person, case_id, case, holder)
        if may(hearer.person, Action.SEE_FOR_AGENCY, known):
            webhook_events.add(connection, hearer.person.id, kinds, subject=case.ref, case_id=case_id, at=at)
