"""Files that left the service, in the database."""

from __future__ import annotations

import json
import secrets
from datetime import datetime

from sqlalchemy import Connection, insert

from victimcare.domain.exports import Manifest, Purpose
from victimcare.store.tables import ExportRow

EXPORTS = ExportRow.__table__  # type: ignore[attr-defined]


def add(connection: Connection, manifest: Manifest, *, purpose: Purpose, by: str, at: datetime) -> str:
    """Keep what left, and return its id."""
    export_id = secrets.token_hex(8)
    values = {
        "id": export_id,
        "what": manifest.export.value,
        "of": manifest.of,
        "columns": json.dumps(manifest.columns),
        "rows": manifest.rows,
        "sha256": manifest.sha256,
        "classification": manifest.classification,
        "purpose": purpose.value,
        "taken_by": by,
        "taken_at": at,
    }
    connection.execute(insert(EXPORTS).values(values))
    return export_id
