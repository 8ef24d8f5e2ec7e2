"""Who in the demonstration is kept from a case, and who opened one that was not theirs; all of it is invented.

Done with the commands that the pages use, in cases of the account's officer: its supervisor sees what came of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from victimcare.commands.exclude_from_case import Exclusion, exclude_from_case
from victimcare.commands.open_in_emergency import Emergency, end_emergency, open_in_emergency, review_emergency
from victimcare.domain.emergency_access import Alert
from victimcare.domain.law import Law
from victimcare.domain.reviews import Outcome
from victimcare.exchange.demonstration.what_leaves import ACCOUNT
from victimcare.store import audit, cases, emergency_access, staff
from victimcare.store.outbox import OUTBOX
from victimcare.store.vault import Vault

_SUPERVISOR, _KEPT_OUT, _REVIEWER = "supervisor-01", "officer-02", "privacy-reviewer-1"
_CONNECTED = "Invented: told me that they are a cousin of the suspect. No case of this victim may go to them."
_OPENED = (
    # By whom, how long ago, why, and what the review found of it, if there was one.
    (
        "officer-06",
        timedelta(days=2, hours=3),
        Emergency("", "suspect_released", "Invented: the suspect rang the desk, and the officer was off duty."),
        "Invented: the control room's log has the call at that time. They looked at what they needed, and ended it.",
    ),
    (
        "officer-07",
        timedelta(hours=7),
        Emergency("", "victim_is_here", "Invented: the victim stood at the front desk, and was afraid to go home."),
        None,
    ),
)
_LOOKED_AT = ("case", "how to contact safely")
_A_WHILE = timedelta(minutes=4)


def make_exceptions(connection: Connection, *, at: datetime, law: Law, vault: Vault) -> None:
    """Keep one officer from a case and let others open two in an emergency, as far as there are cases by `at`."""
    refs = cases.open_refs_of(connection, ACCOUNT)
    for ref in refs[:1]:
        supervisor = staff.person(connection, _SUPERVISOR)
        connected = Exclusion(_KEPT_OUT, _CONNECTED)
        exclude_from_case(connection, ref=ref, exclusion=connected, by=supervisor, now=at, law=law, vault=vault)
    for ref, (person_id, ago, emergency, review) in zip(refs[1:], _OPENED, strict=False):
        number = _open(connection, replace(emergency, ref=ref), person_id, opened_at=at - ago, vault=vault)
        if review is not None:
            review_emergency(
                connection,
                number=number,
                outcome=Outcome.JUSTIFIED,
                words=review,
                by=staff.person(connection, _REVIEWER),
                now=at - ago / 2,
                vault=vault,
            )


def _open(connection: Connection, emergency: Emergency, person_id: str, *, opened_at: datetime, vault: Vault) -> int:
    """Open the case, look at it, end that, and return its number. The notices of it went out at once."""
    by = staff.person(connection, person_id)
    session_id = f"invented {person_id}"
    open_in_emergency(
        connection, emergency=emergency, proved=True, by=by, session_id=session_id, now=opened_at, vault=vault
    )
    row = next(row for row in emergency_access.unreviewed(connection) if row.session_id == session_id)
    by = replace(by, emergency_case=row.case_id)
    for place, page in enumerate(_LOOKED_AT):
        looked_at = opened_at + place * timedelta(minutes=1)
        audit.write(connection, at=looked_at, operation="consultation", what=page, person=by, case_ids=[row.case_id])
    end_emergency(connection, number=row.id, by=by, session_id=session_id, now=opened_at + _A_WHILE)
    told = (OUTBOX.c.step == Alert.OPENED.value) & (OUTBOX.c.start_key == str(row.id))
    connection.execute(update(OUTBOX).where(told).values(status="sent", attempts=1, sent_at=opened_at))
    return int(row.id)
