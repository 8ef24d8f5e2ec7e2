"""Nothing is sent from a copy of the database that somebody put in its place: what waits in it may have left since."""

from __future__ import annotations

from victimcare.jobs.work import Done, Work
from victimcare.queries.audit_check import went_back


def held_back(work: Work) -> Done | None:
    """Why nothing may leave now; None where it may. What the last anchor names is looked up, some rows by number."""
    last = work.anchors.last() if work.anchors else None
    with work.database.reading() as connection:
        if last is None or not went_back(connection, last):
            return None
    return Done(
        f"Nothing is sent: rows of the audit that were there at {last.at:%Y-%m-%d %H:%M} UTC are not in this database. "
        "If a copy was put in its place, stop the service and run `victimcare settle-restored`",
        failures=1,
    )
