"""Say what a sign of snooping was found to be, and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.people import Action, Person, may
from victimcare.domain.reviews import Outcome
from victimcare.store import access_alerts, audit
from victimcare.store.vault import Vault


def review_alert(
    connection: Connection, *, alert_id: str, outcome: Outcome, words: str, by: Person, now: datetime, vault: Vault
) -> None:
    """Keep it. Raises `NoSuchAlert`, `ReviewedAlready`."""
    about = access_alerts.person_of(connection, alert_id)
    if about is None or about == by.id or not may(by, Action.REVIEW_ALERTS):
        raise NoSuchAlert
    if not access_alerts.review(
        connection, alert_id, outcome=outcome.value, words=words, by=by.id, now=now, vault=vault
    ):
        raise ReviewedAlready
    audit.write(connection, at=now, operation="alteration", what=f"review access alert {alert_id}", person=by)


class NoSuchAlert(LookupError):
    """There is no such alert for this person to review: nobody reviews what is about themselves."""

    def __init__(self) -> None:
        super().__init__("there is no such alert to review")


class ReviewedAlready(RuntimeError):
    """Somebody else reviewed it meanwhile."""

    def __init__(self) -> None:
        super().__init__("somebody has reviewed this already")
