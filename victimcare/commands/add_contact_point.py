"""Add a way to reach the victim, in place of another or beside it; or one of a suspect, to compare with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from victimcare.commands.contact_access import note_change, open_contacts
from victimcare.domain.people import Person
from victimcare.domain.safe_contact import NOT_ASKED, Point, PointKind, Safety, SafeUse
from victimcare.store import contact_points
from victimcare.store.contact_points import NewContactPoint, PointChanged
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class NewPoint:
    """What is added. `confirmed`: the victim said just now that it is safe."""

    kind: PointKind
    value: str = field(repr=False)
    use: SafeUse = NOT_ASKED
    confirmed: bool = False


def add_contact_point(
    connection: Connection,
    *,
    ref: str,
    new: NewPoint,
    by: Person,
    now: datetime,
    vault: Vault,
    supersedes: str | None = None,
    seen_version: int | None = None,
) -> str:
    """Add it and return its id. The point that it supersedes is not to be used any more from the same moment.

    What is also a suspect's is kept and flagged, and is never confirmed. Raises `NoSuchCase`, `LocationProtected`,
    `NoSuchPoint`, `PointChanged`, `PointRefused`.
    """
    stored = open_contacts(connection, ref=ref, by=by)
    point_id = contact_points.new_id()
    if supersedes:
        old = contact_points.load(connection, case_id=stored.id, point_id=supersedes)
        if old.suspect is not None or (seen_version is not None and seen_version != old.version):
            raise PointChanged
        contact_points.save(connection, old, old.point.superseded(), superseded_by=point_id)
    added = NewContactPoint(point_id, stored.id, new.value, Point(new.kind), new.use, added_at=now, added_by=by.id)
    contact_points.add(connection, [added], vault)
    if new.confirmed and point_id not in contact_points.suspects_too(connection, stored.id):
        fresh = contact_points.load(connection, case_id=stored.id, point_id=point_id)
        safe = fresh.point.confirmed(by=by.id, at=stored.case.next_instant(now), is_a_suspects=False)
        contact_points.save(connection, fresh, safe)
    what = f"supersede contact point {supersedes} by {point_id}" if supersedes else f"add contact point {point_id}"
    note_change(connection, stored, what=what, by=by, now=now)
    return point_id


def add_suspects_point(
    connection: Connection,
    *,
    ref: str,
    suspect: str,
    kind: PointKind,
    value: str,
    by: Person,
    now: datetime,
    vault: Vault,
) -> str:
    """Keep where a suspect of the crime is reached, so that no victim of it is ever contacted there. Returns its id."""
    stored = open_contacts(connection, ref=ref, by=by)
    point_id = contact_points.new_id()
    point = Point(kind, Safety.DO_NOT_USE)
    added = NewContactPoint(point_id, stored.id, value, point, suspect=suspect, added_at=now, added_by=by.id)
    contact_points.add(connection, [added], vault)
    note_change(connection, stored, what=f"add suspect's contact point {point_id}", by=by, now=now)
    return point_id
