"""What roles of PostgreSQL may do that do not own the tables: the service itself, and who counts for the force.

The owner migrates, restores and changes keys. The service adds to the audit and reads it, and can neither change a row
of it nor switch off the trigger that forbids that. Who counts reads codes and months: no case, no person, no day on
which something happened to somebody, and nothing of the audit (Data Protection Act 2018 s.62(4)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

APPEND_ONLY = ("audit", "audit_subject")
"""Tables that the service only adds to."""
READ_ONLY = ("alembic_version",)
"""Tables that the service only reads."""
COUNTED: Mapping[str, str] = {
    "board_action": "id measure way baseline owner decided_on",
    "board_action_step": "id action_id step due_on recorded_at",
    "code_edition": "id in_force_from source sha256 state decided_at withdrawn_at",
    "due": (
        "rule edition right_number owed_by owed_to policy tier area crime_type counting reported_month outcome "
        "provisional ending team_id"
    ),
    "holiday": "list_id on_date name",
    "holiday_list": "id source known_until_on state decided_at",
    "process_change": "id agency from_on decided_by decided_on",
    "retention_run": "id at cases found counts state",
    "team": "id name area",
}
"""By table its columns that a role for counting may read: nothing that is not listed here."""

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def service_role(name: str) -> Iterator[str]:
    """The statements, for the owner of the tables, after which this role can run the service. Raises `NoRoleName`.

    Tables of later migrations are the service's too, if the same owner makes them.
    """
    role = _quoted(name)
    rows, numbers = "SELECT, INSERT, UPDATE, DELETE ON", "USAGE, SELECT ON"
    yield from _nobody_else(role)
    yield f"GRANT {rows} ALL TABLES IN SCHEMA public TO {role}"
    yield f"GRANT {numbers} ALL SEQUENCES IN SCHEMA public TO {role}"
    yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rows} TABLES TO {role}"
    yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {numbers} SEQUENCES TO {role}"
    yield f"REVOKE UPDATE, DELETE ON {', '.join(APPEND_ONLY)} FROM {role}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(READ_ONLY)} FROM {role}"


def counting_role(name: str) -> Iterator[str]:
    """The same for a role that reads `COUNTED`, and nothing else: what it could read before, it can no more."""
    role = _quoted(name)
    yield from _nobody_else(role)
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"
    for table, columns in COUNTED.items():
        yield f"GRANT SELECT ({', '.join(columns.split())}) ON {table} TO {role}"


def _nobody_else(role: str) -> Iterator[str]:
    """Before version 15 of PostgreSQL anybody could make tables of their own beside ours."""
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA public TO {role}"


def _quoted(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NoRoleName(name)
    return f'"{name}"'


class NoRoleName(ValueError):
    """What a role of the database cannot be called."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is no name of a role: small letters, digits and _ alone, 63 at most")
