"""Where a victim can be reached, as records say it: into the vault, and not confirmed."""

from __future__ import annotations

from victimcare.commands.add_contact_point import NewPoint, add_contact_point
from victimcare.domain.safe_contact import PointKind
from victimcare.exchange.records.decisions import Taking
from victimcare.store import contact_points, staff

POINTS = {"phone": PointKind.PHONE, "email": PointKind.EMAIL, "address": PointKind.ADDRESS}
"""The fields of a victim's record that say where they are reached."""


def reach(taking: Taking, ref: str, case_id: int, name: str, now: str | None) -> None:
    """Put a number or an address into the vault, in the place of those from records that nobody here has judged since.

    One that a record alone replaced is added again when it is said again; what people said of one stands.
    """
    if now is None:
        return
    kind = POINTS[name]
    there = contact_points.points_at(
        taking.connection, case_id=case_id, kind=kind, value=now, vault=taking.vault, but_superseded_by=staff.SYSTEM.id
    )
    if there:
        return
    former = contact_points.not_confirmed(taking.connection, case_id=case_id, kind=kind, added_by=staff.SYSTEM.id)
    add_contact_point(
        taking.connection,
        ref=ref,
        new=NewPoint(kind, now),
        by=staff.SYSTEM,
        now=taking.now,
        vault=taking.vault,
        supersedes=former[-1] if former else None,
    )
