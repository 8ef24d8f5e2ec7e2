"""Name who stands in for a case officer who is away, and end it when they are back early."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.calendar import london_date
from victimcare.domain.cover import Cover, CoverRefused, check_cover
from victimcare.domain.people import NO_LISTS, Action, CaseHolder, Person, may
from victimcare.store import audit, covers, staff
from victimcare.store.staff import NoSuchPerson


def name_cover(connection: Connection, *, cover: Cover, by: Person, now: datetime) -> int:
    """Name it and return its id: by the officer, or by a supervisor of their team. Raises `CoverRefused`.

    Who stands in is of the same team and works cases. Somebody out of reach is answered like somebody unknown.
    """
    today = london_date(now)
    away = _colleague(connection, cover.officer_id, "officer")
    standing_in = _colleague(connection, cover.cover_id, "cover")
    if not _may_name(by, away.id, away.team_id):
        raise CoverRefused("officer", _CHOOSE)
    if standing_in.team_id != away.team_id:
        raise CoverRefused("cover", _CHOOSE)
    check_cover(cover, covers.not_ended(connection, [away.id, standing_in.id], today=today), today=today)
    if staff.is_away(connection, standing_in.id, from_on=cover.from_on, until_on=cover.until_on):
        raise CoverRefused("cover", "Choose somebody else: they are away themselves on some of these days")
    cover_id = covers.add(connection, cover, by=by, at=now)
    audit.write(connection, at=now, operation="alteration", what="name cover", person=by)
    return cover_id


def end_cover(connection: Connection, *, cover_id: int, by: Person, now: datetime) -> None:
    """End it today: the officer is back, and from now on nobody stands in. Raises `NoSuchCover`."""
    found = covers.find(connection, cover_id)
    if found is None or found[0].until_on <= london_date(now):
        raise NoSuchCover
    cover, team_id = found
    if not _may_name(by, cover.officer_id, team_id):
        raise NoSuchCover
    covers.end(connection, cover_id, cover, on=london_date(now), by=by, at=now)
    audit.write(connection, at=now, operation="alteration", what="end cover", person=by)


_CHOOSE = "Choose somebody of the team"


def _may_name(by: Person, officer_id: str, team_id: str | None) -> bool:
    """Whoever stands in passes nobody's cases on: only the officer and their supervisors name somebody."""
    return may(replace(by, covering=frozenset()), Action.NAME_COVER, CaseHolder(officer_id, team_id or "", NO_LISTS))


def _colleague(connection: Connection, person_id: str, field: str) -> Person:
    """Somebody who works cases here now. Raises `CoverRefused`."""
    try:
        found = staff.person(connection, person_id)
    except NoSuchPerson:
        raise CoverRefused(field, _CHOOSE) from None
    if not staff.goes_on_working(connection, person_id):
        raise CoverRefused(field, _CHOOSE)
    return found


class NoSuchCover(LookupError):
    """There is no such cover, it has ended, or it is not this person's to end."""

    def __init__(self) -> None:
        super().__init__("this cover has ended already, or it is not yours to end")
