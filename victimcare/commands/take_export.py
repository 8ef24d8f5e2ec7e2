"""Take a file of figures out of the service: its manifest is kept before its first byte leaves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.exports import Manifest, Purpose
from victimcare.domain.people import Action, Person, may
from victimcare.store import audit, exports


def take_export(connection: Connection, *, manifest: Manifest, purpose: Purpose, by: Person, now: datetime) -> str:
    """Keep what is taken, by whom and what for; its id. Raises `NotTheirsToTake`."""
    if not may(by, Action.TAKE_SUMMARIES):
        raise NotTheirsToTake
    export_id = exports.add(connection, manifest, purpose=purpose, by=by.id, at=now)
    what = f"take {manifest.export.value} {manifest.of} as a file"
    audit.write(connection, at=now, operation="disclosure", what=what, person=by, recipient=purpose.value)
    return export_id


class NotTheirsToTake(PermissionError):
    """Somebody whose role takes no file out of the service."""

    def __init__(self) -> None:
        super().__init__("your role takes no file out of the service")
