"""Try the notices that were given up anew, after what stood in their way was mended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.people import Person
from victimcare.store import audit, outbox


def retry_notices(connection: Connection, *, by: Person, now: datetime) -> int:
    """Put them back to wait; how many. What is no longer true by then is cancelled when its turn comes."""
    count = outbox.retry_failed(connection, now=now)
    if count:
        audit.write(connection, at=now, operation="alteration", what="retry notices", person=by)
    return count
