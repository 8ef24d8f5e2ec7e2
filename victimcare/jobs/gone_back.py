"""Nothing is sent from a copy of the database that somebody put in its place, and its audit is not anchored."""

from __future__ import annotations

from victimcare.jobs.work import Done, Work
from victimcare.queries.audit_check import WentBack, check_not_gone_back
from victimcare.store.audit_anchors import BadAnchor


def held_back(work: Work) -> Done | None:
    """Why nothing may leave now, or be anchored, after which the copy would pass; None where it may."""
    try:
        last = work.anchors.last() if work.anchors else None
        with work.database.reading() as connection:
            check_not_gone_back(connection, last)
    except (WentBack, BadAnchor) as why:
        said = str(why)
        return Done(said[0].upper() + said[1:], failures=1)
    return None
